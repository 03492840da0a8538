/**
 * Brings managed resources, one look at a time, to what they ask for: a look observes, decides and acts, and what it
 * found out is written to the status however it ends. The steps have files of their own; `maintain` and `end` order them.
 */
import { KubeError } from '#kubernetes/error';
import { resources, type AnyResource } from '#resources/index';

import type { ApiConnection, Reconciler, ReconcilerDependencies, ReconcileResult, Requeue } from '../contracts.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';
import type { ManagedKind } from '../../schema/kinds.ts';
import { conditionOf, notSynced } from './conditions.ts';
import { end } from './end.ts';
import type { Ending, Gone } from './ending.ts';
import { PassFailure, describeFailure } from './failure.ts';
import { maintain } from './maintain.ts';
import { beginPass, tell, type Pass } from './pass.ts';
import { annotationOf, policiesOf } from './policies.ts';
import { writeStatus } from './status.ts';
import { createUpdateMemory, type UpdateMemory } from './update.ts';

const rest = { kind: 'rest' } as const;

/** `load` gives the definition of a kind; by default the registry's. */
export function createReconciler(
  deps: ReconcilerDependencies,
  { load = loadDefinition }: { readonly load?: (kind: ManagedKind) => Promise<AnyResource> } = {},
): Reconciler {
  const memory = createUpdateMemory(deps.now);
  return {
    async reconcile(kind, object, { signal }) {
      try {
        const definition = await load(kind);
        return await lookOnce(beginPass(deps, { kind, object, definition, signal }), memory);
      } catch (error) {
        signal.throwIfAborted();
        return { requeue: requeueAfter(error), ready: conditionOf(object, 'Ready')?.status === 'True', synced: false };
      }
    },
  };
}

async function loadDefinition({ type }: ManagedKind): Promise<AnyResource> {
  return resources[type]();
}

async function lookOnce(pass: Pass, memory: UpdateMemory): Promise<ReconcileResult> {
  const ending = await endingOf(pass, memory);
  if (ending.kind === 'gone') {
    memory.settled(pass.object.metadata.uid ?? '');
    return { requeue: rest, ready: false, synced: true };
  }
  await writeStatus(pass, ending.synced);
  return {
    requeue: ending.requeue,
    ...(pass.draft.watch === undefined ? {} : { watch: pass.draft.watch }),
    ready: conditionOf(pass.object, 'Ready')?.status === 'True',
    synced: ending.synced.status === 'True',
  };
}

/** Takes the steps; a failure becomes a condition and an event. @throws KubeError when somebody else wrote the object */
async function endingOf(pass: Pass, memory: UpdateMemory): Promise<Ending | Gone> {
  const policies = policiesOf(pass.object);
  try {
    if (policies.paused) return pause(pass);
    if (pass.object.metadata.deletionTimestamp !== undefined)
      return await end(pass, policies, async () => connect(pass));
    return await maintain(pass, await connect(pass), { policies, memory });
  } catch (error) {
    pass.signal.throwIfAborted();
    if (error instanceof KubeError && (error.status === 409 || isGone(error))) throw error;
    const failure =
      error instanceof PassFailure
        ? error
        : new PassFailure(
            describeFailure(pass.definition, error),
            { reason: 'ReconcileError', event: 'Warning' },
            { cause: error },
          );
    pass.log.debug({ err: error, reason: failure.reason }, 'the pass ended early');
    tell(pass, 'Warning', failure.event, failure.message);
    return { kind: 'ended', synced: notSynced(failure.reason, failure.message), requeue: requeueOf(failure) };
  }
}

function pause(pass: Pass): Ending {
  if (conditionOf(pass.object, 'Synced')?.reason !== 'ReconcilePaused')
    tell(pass, 'Normal', 'ReconcilePaused', 'Nothing is done until the pause is taken back.');
  const why =
    annotationOf(pass.object, ANNOTATIONS.paused) === 'true'
      ? `Paused by the annotation ${ANNOTATIONS.paused}.`
      : 'Paused: spec.managementPolicies allows nothing.';
  return { kind: 'ended', synced: notSynced('ReconcilePaused', why), requeue: rest };
}

async function connect(pass: Pass): Promise<ApiConnection> {
  const outcome = await pass.deps.providerConfigs.connect(pass.kind, pass.object, { signal: pass.signal });
  if (outcome.kind === 'connected') return outcome.connection;
  throw new PassFailure(outcome.message, { reason: 'CannotConnect', event: 'CannotConnectToProvider' });
}

function requeueOf(failure: PassFailure): Requeue {
  switch (failure.requeue) {
    case 'progressing':
      return { kind: 'progressing', message: failure.message };
    case 'failed':
      return { kind: 'failed', error: failure };
    default:
      return { kind: failure.requeue };
  }
}

/** The object went meanwhile. A kind that is not served yet is another matter: it comes, and nobody tells. */
function isGone({ status, reason }: KubeError): boolean {
  return status === 404 && reason !== 'NoKindMatch';
}

function requeueAfter(error: unknown): Requeue {
  if (error instanceof KubeError && error.status === 409) return { kind: 'conflict' };
  if (error instanceof KubeError && isGone(error)) return rest;
  return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
}
