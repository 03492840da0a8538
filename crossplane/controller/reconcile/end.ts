/** Deletes the external object, then lets the managed resource go. */
import type { ApiConnection } from '../contracts.ts';
import { notReady, synced } from './conditions.ts';
import type { Ending, Gone } from './ending.ts';
import { externalNameOf, rivalOf, storedId } from './external-name.ts';
import { creationOf } from './creation.ts';
import type { Desired } from './desired.ts';
import { finishCreation, whatIsLeft } from './finish-creation.ts';
import { look, type Observation } from './observe.ts';
import { noteWatched, tell, type Pass } from './pass.ts';
import type { Policies } from './policies.ts';
import { remove } from './remove.ts';
import { shownState, storedState } from './state.ts';
import { releaseFinalizer } from './writes.ts';

/** @throws PassFailure; KubeError */
export async function end(
  pass: Pass,
  policies: Policies,
  connect: () => Promise<ApiConnection>,
): Promise<Ending | Gone> {
  const isBegun = creationOf(pass.object).kind === 'incomplete';
  if (!policies.delete || (!isBegun && externalNameOf(pass.object) === undefined)) return letGo(pass);
  pass.draft.ready = notReady('Deleting');
  const connection = await connect();
  // What is perhaps half made is finished first: only what has a name can be deleted.
  await finishCreation(pass, connection);
  const name = externalNameOf(pass.object);
  if (name === undefined) return letGo(pass);
  const desired = await whatIsLeft(pass);
  const observation = await lookForOurs(pass, connection, { name, desired });
  if (observation.kind === 'absent') return letGo(pass);
  // It belongs to another managed resource, which keeps it.
  if (rivalOf(pass, connection, observation.id) !== undefined) return letGo(pass);
  pass.draft.atProvider = shownState(pass, observation.state);
  const removal = await remove(pass, connection, observation.state);
  if (removal.kind === 'going') {
    pass.draft.ready = notReady('Deleting', removal.what);
    return { kind: 'ended', synced: synced(), requeue: { kind: 'progressing', message: removal.what } };
  }
  tell(pass, 'Normal', 'DeletedExternalResource', `Deleted ${pass.kind.kind} ${observation.id}.`);
  return letGo(pass);
}

/**
 * What the external name stands for. When that is not there, what the status says was made or taken over: somebody may
 * have put a former name back.
 */
async function lookForOurs(
  pass: Pass,
  connection: ApiConnection,
  { name, desired }: { readonly name: string; readonly desired: Desired },
): Promise<Observation> {
  const stored = storedId(pass.object);
  const settled = stored === undefined ? undefined : storedState(pass, desired);
  if (settled !== undefined) noteWatched(pass, connection, settled);
  if (name === stored) return look(pass, connection, { name, settled, config: desired.config });
  const named = await look(pass, connection, { name, settled: undefined, config: desired.config });
  if (named.kind === 'current' || stored === undefined) return named;
  return look(pass, connection, { name: stored, settled, config: desired.config });
}

async function letGo(pass: Pass): Promise<Gone> {
  await pass.deps.providerConfigs.release(pass.kind, pass.object, { signal: pass.signal });
  await releaseFinalizer(pass);
  return { kind: 'gone' };
}
