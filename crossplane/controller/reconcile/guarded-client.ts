/**
 * The client as definitions get it here, where nobody looks at a plan before it is carried out: "not found" counts only
 * when the API itself says so, and no answer is older than the call.
 */
import { ApiError, derive, isApiError, isNotFound, type PaletteClient } from '#openapi/client/index';

/** How far the changing requests of one piece of work got. */
export interface RequestTrace {
  /** The last changing request: none was sent, the API refused it, or it may have had its effect. */
  last: 'none' | 'refused' | 'sent';
}

const guarded = new WeakMap<PaletteClient, PaletteClient>();

/** One guarded client for each client, so that what definitions keep by client is kept. */
export function guardClient(client: PaletteClient): PaletteClient {
  let guard = guarded.get(client);
  if (guard === undefined) guarded.set(client, (guard = createGuard(client, { last: 'none' })));
  return guard;
}

/** A guarded client of its own that tells how far its changing requests got. */
export function traceClient(client: PaletteClient, trace: RequestTrace): PaletteClient {
  return createGuard(client, trace);
}

function createGuard(client: PaletteClient, trace: RequestTrace): PaletteClient {
  const guard =
    <Arguments extends readonly unknown[], Result>(
      call: (...given: Arguments) => Promise<Result>,
      changes: boolean,
    ): ((...given: Arguments) => Promise<Result>) =>
    async (...given) => {
      if (changes) trace.last = 'sent';
      try {
        return await call(...given);
      } catch (error) {
        if (changes && isRefusal(error)) trace.last = 'refused';
        throw foreignNotFound(error) ?? error;
      }
    };
  // as: each guard has the very type of the call it guards, which is generic and would lose that on its way through
  const same = <T>(call: T, changes: boolean): T => guard(call as never, changes) as T;
  const get = same(client.get, false);
  return derive(client, {
    ...client,
    get,
    post: same(client.post, true),
    put: same(client.put, true),
    patch: same(client.patch, true),
    delete: same(client.delete, true),
    clusterProfile: async (uid, options) => {
      const found = await same(client.clusterProfile, false)(uid, options);
      if (found.kind === 'present' || client.offers('bulk-read') === true) return found;
      try {
        await get('/v1/clusterprofiles/{uid}', { path: { uid }, ...options });
      } catch (error) {
        if (isNotFound(error)) return found;
        throw error;
      }
      throw new Error(`cluster profile ${uid} was found only a moment after it was not: try again`);
    },
    // Profiles that Terraform reads ahead are seconds old, and an event that woke a managed resource tells of something newer.
    offers: (capability) => (capability === 'bulk-read' ? false : client.offers(capability)),
  });
}

/** An answer of the API that says no: nothing was done. A proxy's says nothing of the kind. */
export function isRefusal(error: unknown): boolean {
  return isApiError(error) && error.status >= 400 && error.status < 500 && error.status !== 408 && !isForeign(error);
}

/** An answer that is not the API's own: it has a status, and no error body. */
function isForeign({ status, code }: ApiError): boolean {
  return code === `Http${status}`;
}

function foreignNotFound(error: unknown): ApiError | undefined {
  if (!isApiError(error) || error.status !== 404 || !isForeign(error)) return undefined;
  const { method, path, requestId } = error;
  return new ApiError(
    {
      code: 'InvalidResponse',
      status: 0,
      reason: 'the answer is 404, and not the API’s own: another server or a proxy stands at this address',
      method,
      path,
      requestId,
    },
    { cause: error },
  );
}
