import type { ApiConnection } from '../contracts.ts';
import { recover } from './create.ts';
import { creationOf } from './creation.ts';
import { desiredOf, type Desired } from './desired.ts';
import { PassFailure } from './failure.ts';
import type { Pass } from './pass.ts';

/**
 * Finds out about a creation whose end nobody saw: the process that began it died. Returns whether it has made something;
 * its external name is written then.
 *
 * @throws PassFailure while that cannot be found out
 */
export async function finishCreation(pass: Pass, connection: ApiConnection): Promise<boolean> {
  const creation = creationOf(pass.object);
  if (creation.kind !== 'incomplete') return false;
  const isLeaving = pass.object.metadata.deletionTimestamp !== undefined;
  const desired = isLeaving ? await whatIsLeft(pass) : await desiredOf(pass, { initial: true });
  return (await recover(pass, connection, { creation, desired })).kind === 'made';
}

/** What is asked for, as far as it can still be said: what a deleted object refers to may be gone before it. */
export async function whatIsLeft(pass: Pass): Promise<Desired> {
  try {
    return await desiredOf(pass, { initial: true });
  } catch (error) {
    if (!(error instanceof PassFailure)) throw error;
    return desiredOf(pass, { initial: true, unresolved: true });
  }
}
