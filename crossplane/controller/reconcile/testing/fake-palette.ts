/** Projects and AWS accounts of an API in memory, with idempotency keys and faults. */
import { ApiError, type PaletteClient } from '#openapi/client/index';

import type { Step } from './fake-kube.ts';

export interface FakeEntity {
  uid: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: unknown;
}

export interface FakePalette {
  readonly client: PaletteClient;
  readonly entities: Map<string, FakeEntity>;
  /** How many objects were ever made. */
  made: number;
  /** Every request: `POST /v1/projects`. */
  readonly calls: string[];
  /** Throws instead of answering. */
  fault: ((call: string) => Error | undefined) | undefined;
}

const COLLECTIONS: Readonly<Record<string, string>> = {
  '/v1/projects': 'project',
  '/v1/cloudaccounts/aws': 'account',
};

export function createFakePalette({
  step = () => undefined,
  isIdempotent = true,
}: { readonly step?: Step; readonly isIdempotent?: boolean } = {}): FakePalette {
  const keys = new Map<string, { uid: string }>();
  const palette: FakePalette = {
    entities: new Map(),
    made: 0,
    calls: [],
    fault: undefined,
    // as: the definitions under test use no other calls
    client: {} as PaletteClient,
  };
  const { entities } = palette;
  const answer = (method: string, path: string, given: Given): unknown => {
    const body = given.body;
    const uid = given.path?.uid ?? '';
    if (path === '/v1/clouds/aws/account/validate') return undefined;
    if (path === '/v1/dashboard/projects/metadata' || (method === 'GET' && path in COLLECTIONS))
      return { items: [...entities.values()].map(({ uid, metadata }) => ({ metadata: { ...metadata, uid } })) };
    if (method === 'POST') {
      const known = given.idempotencyKey === undefined ? undefined : keys.get(given.idempotencyKey);
      if (known !== undefined && isIdempotent) return known;
      const name = body?.metadata?.name ?? '';
      if ([...entities.values()].some(({ metadata }) => metadata.name === name))
        throw refusal(409, 'DuplicateName', `the name ${name} is taken`);
      palette.made += 1;
      const made = { uid: palette.made.toString(16).padStart(24, '0') };
      entities.set(made.uid, { ...body, uid: made.uid, metadata: body?.metadata ?? { name } });
      if (given.idempotencyKey !== undefined) keys.set(given.idempotencyKey, made);
      return made;
    }
    const entity = entities.get(uid);
    if (entity === undefined) throw refusal(404, 'ResourceNotFound', `there is no ${uid}`);
    if (method === 'GET') return structuredClone(entity);
    if (method === 'PUT') entities.set(uid, { ...entity, ...body, uid });
    if (method === 'DELETE') entities.delete(uid);
    return undefined;
  };
  const call =
    (method: string) =>
    async (path: string, given: Given = {}): Promise<unknown> => {
      const what = `${method} ${path}`;
      palette.calls.push(what);
      step(what, 'before');
      const fault = palette.fault?.(what);
      if (fault !== undefined) throw fault;
      const result = answer(method, path, given);
      step(what, 'after');
      return result;
    };
  Object.assign(palette.client, {
    get: call('GET'),
    post: call('POST'),
    put: call('PUT'),
    delete: call('DELETE'),
    offers: (capability: string) => capability === 'idempotency' && isIdempotent,
  });
  return palette;
}

interface Given {
  readonly path?: { readonly uid?: string };
  readonly body?: FakeEntity;
  readonly idempotencyKey?: string;
}

export function refusal(status: number, code: string, reason: string): ApiError {
  return new ApiError({ status, code, reason, method: 'POST', path: '/v1/x', requestId: `r-${Math.random()}` });
}

export const unreachable = (): ApiError =>
  new ApiError({ status: 0, code: 'Unreachable', reason: 'api cannot be reached', method: 'GET', path: '/v1/x' });
