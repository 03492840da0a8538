/** How far each layer is, for the status report. */
import type { DesiredLayer } from '#protocol/desired-state';
import type { LayerCondition, ObjectProblem } from '#protocol/report';

import type { ReadinessCheck } from '#packs/index';

import type { Hook } from './hook.ts';
import type { Entry, ObjectTable } from './table.ts';

export interface LayerState {
  readonly layer: DesiredLayer;
  /** What stands between the layer and its objects: the archive or the rendering; absent when they are known. */
  failure: string | undefined;
  /** Objects that cannot be taken in, for example since another layer brings them too. */
  refused: readonly ObjectProblem[];
  /** Digest of everything the rendering depends on, once it went well. */
  rendered: string | undefined;
  progress: 'pending' | 'applying' | 'applied';
  /** ISO 8601. */
  startedAt: string;
  endedAt: string | undefined;
  /** Helm's hooks that the layer brings. */
  hooks: readonly Hook[];
  /** Tests among them are run. */
  runTests: boolean;
  /** What went wrong with a hook; those of before hold the layer's objects back. */
  hookFailure: { readonly before: boolean; readonly message: string } | undefined;
  /** Hooks are still to run after the layer's objects. */
  hooksDue: boolean;
  /** What the pack waits for beside its own objects. */
  checks: readonly (ReadinessCheck & { readonly defaultNamespace: string })[];
  /** What of the checks is not met yet. */
  gate: string | undefined;
  /** It was waited for once, in this revision; it is not waited for again. */
  waited: boolean;
}

export function pendingLayer(layer: DesiredLayer, now: () => Date): LayerState {
  return {
    layer,
    failure: undefined,
    refused: [],
    rendered: undefined,
    hooks: [],
    runTests: false,
    hookFailure: undefined,
    hooksDue: false,
    checks: [],
    gate: undefined,
    progress: 'pending',
    startedAt: now().toISOString(),
    endedAt: undefined,
    waited: false,
  };
}

export interface LayerView {
  readonly condition: LayerCondition;
  readonly message: string;
  readonly objects: number;
  readonly problems: readonly ObjectProblem[];
}

/** With what of the layer is told besides; it may be one that is gone from the document. */
export interface ViewedLayer extends LayerView {
  readonly state: Pick<LayerState, 'startedAt' | 'endedAt'> & {
    readonly layer: Pick<DesiredLayer, 'name' | 'version' | 'profile'>;
  };
}

/** At most so many problems are reported for a layer. */
export const MAX_PROBLEMS = 20;

/** A layer's condition as it is now: its own progress and the readiness of its objects. */
export function viewLayer(state: LayerState, entries: readonly Entry[], table: ObjectTable): LayerView {
  const objects = entries.filter(({ foreign }) => !foreign).length;
  const rejected = [...state.refused, ...entries.flatMap(({ problem }) => (problem ? [problem] : []))];
  const view = (condition: LayerCondition, message: string, problems: readonly ObjectProblem[]): LayerView => ({
    condition,
    message,
    objects,
    problems: problems.slice(0, MAX_PROBLEMS),
  });
  if (state.failure !== undefined) return view('Error', state.failure, rejected);
  if (state.hookFailure) return view('Error', state.hookFailure.message, rejected);
  if (rejected.length > 0) return view('Error', `${rejected.length} of ${objects} objects cannot be applied`, rejected);
  if (state.progress === 'pending') return view('Pending', 'waits for the layers before it', []);
  if (state.progress === 'applying') return view('Applying', '', []);
  const unready = entries.flatMap((entry): { readonly worse: boolean; readonly problem: ObjectProblem }[] => {
    const is = table.readinessOf(entry);
    if (is.kind === 'current') return [];
    const message = is.kind === 'terminating' ? 'it is being deleted' : is.message;
    return [{ worse: is.kind === 'failed', problem: { ...entry.desired.ref, message } }];
  });
  if (unready.length === 0) {
    if (state.gate !== undefined) return view('NotReady', state.gate, []);
    return state.hooksDue ? view('Applying', 'hooks are to run', []) : view('Ready', '', []);
  }
  const worstFirst = unready
    .toSorted((left, right) => Number(right.worse) - Number(left.worse))
    .map(({ problem }) => problem);
  return view('NotReady', `${unready.length} of ${objects} objects are not ready`, worstFirst);
}

/** Whether waiting longer for a layer can change anything. */
export function isSettled(state: LayerState, entries: readonly Entry[], table: ObjectTable): boolean {
  if (state.failure !== undefined || state.hookFailure) return true;
  if (state.gate !== undefined) return false;
  return entries.every((entry) => {
    if (entry.problem || entry.standingDrift !== undefined) return true;
    const is = table.readinessOf(entry);
    return is.kind === 'current' || is.kind === 'failed';
  });
}
