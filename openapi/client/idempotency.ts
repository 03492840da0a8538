/** Doing several calls once, whoever repeats them: after a lost answer, or after the end of the process that began. */
import type { PaletteClient } from './client.ts';
import type { CallOptions } from './contract.ts';
import { derive } from './derived.ts';

/**
 * A client whose POSTs carry idempotency keys: the n-th call of an operation has the key `<base>/POST <path>#<n>`, with
 * the path as the contract writes it. Work that begins again with a client of the same base, and makes its calls of each
 * operation in the same order, then gets the answers of what was done before and does only the rest.
 *
 * @param base names the piece of work; a random one guards one run of it against lost answers. Printable ASCII, so short
 *   that a path fits behind it: at most 120 characters.
 * @throws TypeError for another base.
 *
 * @example
 * const once = withIdempotency(client, randomUUID());
 * const { uid } = await once.post('/v1/projects', { body: { metadata: { name: 'demo' } } });
 */
export function withIdempotency(client: PaletteClient, base: string): PaletteClient {
  if (!/^[ -~]{1,120}$/.test(base)) {
    throw new TypeError(
      `the base of idempotency keys has 1 to 120 printable ASCII characters, not ${JSON.stringify(base)}`,
    );
  }
  const calls = new Map<string, number>();
  const post = async (path: string, options: CallOptions = {}): Promise<unknown> => {
    const n = (calls.get(path) ?? 0) + 1;
    calls.set(path, n);
    const idempotencyKey = options.idempotencyKey ?? `${base}/POST ${path}#${n}`;
    // The types of path and options are those that the caller was held to; only the key was added.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (client.post as (path: string, options: CallOptions) => Promise<unknown>)(path, {
      ...options,
      idempotencyKey,
    });
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- takes and answers what the client's own `post` does
  return derive(client, { ...client, post: post as PaletteClient['post'] });
}
