import type { Schemas } from '#openapi/client/index';
import { AttributeError, type OperationContext } from '#resources/engine/index';

type SyncStatus = Schemas['v1RegistrySyncStatus'];

/**
 * Waits until the plane has looked into a registry. Running out of time is a warning: the registry is there, and the
 * plane goes on.
 *
 * @param look asks for the status.
 * @returns the last status.
 * @throws AttributeError when the registry cannot be read.
 */
export async function awaitSync(
  what: string,
  ctx: Pick<OperationContext, 'waitFor' | 'warn'>,
  look: (options: { readonly signal: AbortSignal }) => Promise<SyncStatus>,
): Promise<SyncStatus> {
  let last: SyncStatus = {};
  const outcome = await ctx.waitFor<SyncStatus>({
    describe: `${what} to be synchronised`,
    poll: async (options) => {
      last = await look(options);
      const status = last.status ?? '';
      // A registry that is not synchronised has nothing to wait for.
      if (last.isSyncSupported === false || /^(success|completed)$/i.test(status))
        return { kind: 'reached', value: last };
      if (/^(failed|error)$/i.test(status))
        throw new AttributeError(
          ['waitForSync'],
          `${what} could not be synchronised`,
          `${(last.message || 'the plane gives no reason').replace(/\.$/, '')}. Check the endpoint and the credentials.`,
        );
      return { kind: 'pending', seen: `${status || 'Unknown'}${last.message ? `: ${last.message}` : ''}` };
    },
  });
  if (outcome.kind === 'timedOut')
    ctx.warn(
      `${what} is not synchronised yet`,
      `After ${Math.round(outcome.waitedMs / 1000)} s its status is "${outcome.seen}". The plane goes on; raise the timeout to wait longer.`,
    );
  return last;
}
