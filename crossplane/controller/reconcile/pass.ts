/** One look at a managed resource: what it works with, and what it found out so far. */
import type { Logger } from '#core/log';
import type { AnyResource, OperationContext } from '#resources/engine/index';
import type { CtyObject } from '#resources/engine/cty';
import { modelOf, type ObjectModel } from '#resources/engine/model';

import type {
  ApiConnection,
  EventReason,
  ManagedObject,
  ReconcilerDependencies,
  WatchedExternal,
} from '../contracts.ts';
import { managedFields, type ManagedFields } from '../../schema/fields.ts';
import type { ManagedKind } from '../../schema/kinds.ts';
import type { JsonObject } from '../../schema/values.ts';
import { inKubernetesWords, specPath } from '../../schema/words.ts';
import { conditionOf, notReady, ready, type Condition } from './conditions.ts';
import { runOperation, type OperationOptions } from './operation.ts';
import { shownState, typedOf } from './state.ts';

/** What becomes of the status. What is left out stays as it is. */
export interface StatusDraft {
  ready?: Condition;
  atProvider?: JsonObject;
  /** Null removes it. */
  secretsDigest?: string | null;
  watch?: { readonly realm: string; readonly external: WatchedExternal };
}

export interface Pass {
  readonly deps: ReconcilerDependencies;
  readonly kind: ManagedKind;
  readonly definition: AnyResource;
  readonly model: ObjectModel;
  readonly fields: ManagedFields;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** As it is after the last write of this pass. */
  object: ManagedObject;
  readonly draft: StatusDraft;
}

export function beginPass(
  deps: ReconcilerDependencies,
  {
    kind,
    object,
    definition,
    signal,
  }: {
    readonly kind: ManagedKind;
    readonly object: ManagedObject;
    readonly definition: AnyResource;
    readonly signal: AbortSignal;
  },
): Pass {
  const { name, namespace } = object.metadata;
  return {
    deps,
    kind,
    definition,
    model: modelOf(definition),
    fields: managedFields(definition),
    log: deps.log.child({ kind: kind.kind, name, ...(namespace === undefined ? {} : { namespace }) }),
    signal,
    object,
    draft: {},
  };
}

/** Tells people; see `kubectl describe`. */
export function tell(pass: Pass, type: 'Normal' | 'Warning', reason: EventReason, message: string): void {
  pass.deps.events.record({ object: pass.object, type, reason, message });
}

/** Calls a function of the definition for this managed resource. See `runOperation`. */
export async function operate<T>(
  pass: Pass,
  { verb, connection, client, since }: Pick<OperationOptions, 'verb' | 'connection' | 'client' | 'since'>,
  work: (ctx: OperationContext) => Promise<T>,
): Promise<T> {
  const { definition, deps, log, signal } = pass;
  const warn: OperationContext['warn'] = (summary, detail, path) =>
    tell(
      pass,
      'Warning',
      'Warning',
      inKubernetesWords(
        definition,
        `${path === undefined ? '' : `${specPath(definition, path)}: `}${summary}: ${detail}`,
      ),
    );
  return runOperation({ verb, definition, connection, client, warn, log, now: deps.now, since, signal }, work);
}

/** Keeps for the status what is known of the external object, and whether it can be used. */
export function note(pass: Pass, connection: ApiConnection, state: CtyObject): void {
  const { definition, draft, object } = pass;
  draft.atProvider = shownState(pass, state);
  const readiness = definition.readiness?.({ state: typedOf(pass, state) }) ?? { kind: 'ready' as const };
  const before = conditionOf(object, 'Ready');
  const wasReady = before?.status === 'True' || before?.reason === 'Unavailable';
  draft.ready =
    readiness.kind === 'ready'
      ? ready()
      : notReady(wasReady ? 'Unavailable' : 'Creating', inKubernetesWords(definition, readiness.message));
  noteWatched(pass, connection, state);
}

/** Keeps what events about the external object are known by. */
export function noteWatched(pass: Pass, { realm }: ApiConnection, state: CtyObject): void {
  const external = pass.definition.watched?.({ state: typedOf(pass, state) });
  if (external !== undefined) pass.draft.watch = { realm, external };
}
