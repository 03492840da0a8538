/** Removing the external object. */
import { isNotFound } from '#openapi/client/index';
import type { CtyObject } from '#resources/engine/cty';

import type { ApiConnection } from '../contracts.ts';
import { PassFailure, describeFailure } from './failure.ts';
import { guardClient } from './guarded-client.ts';
import { StillGoing } from './operation.ts';
import { operate, type Pass } from './pass.ts';
import { typedOf } from './state.ts';

export type Removal = { readonly kind: 'gone' } | { readonly kind: 'going'; readonly what: string };

/** Asks for the removal, and tells whether it is done. @throws PassFailure CannotDelete */
export async function remove(pass: Pass, connection: ApiConnection, state: CtyObject): Promise<Removal> {
  const { definition, object } = pass;
  const asked = Date.parse(object.metadata.deletionTimestamp ?? '');
  const since = Number.isNaN(asked) ? undefined : asked;
  const client = guardClient(connection.client);
  try {
    await operate(pass, { verb: 'delete', connection, client, since }, async (ctx) =>
      definition.delete({ state: typedOf(pass, state) }, ctx),
    );
    return { kind: 'gone' };
  } catch (error) {
    pass.signal.throwIfAborted();
    if (isNotFound(error)) return { kind: 'gone' };
    if (error instanceof StillGoing) return { kind: 'going', what: error.message };
    throw new PassFailure(
      describeFailure(definition, error),
      { reason: 'CannotDelete', event: 'CannotDeleteExternalResource' },
      { cause: error },
    );
  }
}
