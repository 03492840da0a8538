/** Helm's hooks as data: when each runs, in which order, and what becomes of it afterwards. */
import type { KubeObject } from '#kubernetes/object';

import { isFoundation, kindRank } from './plan.ts';

const HOOK_ANNOTATION = 'helm.sh/hook';
const WEIGHT_ANNOTATION = 'helm.sh/hook-weight';
const DELETE_ANNOTATION = 'helm.sh/hook-delete-policy';

export type HookEvent =
  | 'pre-install'
  | 'post-install'
  | 'pre-upgrade'
  | 'post-upgrade'
  | 'pre-delete'
  | 'post-delete'
  | 'test';

type DeletePolicy = 'before-hook-creation' | 'hook-succeeded' | 'hook-failed';

export interface Hook {
  /** Marked as the layer's, so that it goes when the layer goes. */
  readonly object: KubeObject;
  readonly events: ReadonlySet<string>;
  readonly weight: number;
  readonly deletes: ReadonlySet<DeletePolicy>;
}

const DELETES = ['before-hook-creation', 'hook-succeeded', 'hook-failed'] as const satisfies readonly DeletePolicy[];
/** What its events stand for: names from Helm 2. */
const ALIASES: Readonly<Record<string, HookEvent>> = { 'test-success': 'test', 'test-failure': 'test' };

/** Events that an object is a hook of; none for what is simply installed, as are definitions and namespaces always. */
export function hookEvents(object: KubeObject): readonly string[] {
  if (isFoundation(object)) return [];
  return words(object, HOOK_ANNOTATION).map((event) => ALIASES[event] ?? event);
}

export function isHook(object: KubeObject): boolean {
  return hookEvents(object).length > 0;
}

export function hookOf(object: KubeObject): Hook {
  const asked = words(object, DELETE_ANNOTATION);
  const deletes = DELETES.filter((policy) => asked.includes(policy));
  const weight = Number.parseInt(object.metadata.annotations?.[WEIGHT_ANNOTATION] ?? '0', 10);
  return {
    object,
    events: new Set(hookEvents(object)),
    weight: Number.isNaN(weight) ? 0 : weight,
    // Without a word about it Helm makes room for the next one before it comes.
    deletes: new Set(deletes.length === 0 ? ['before-hook-creation'] : deletes),
  };
}

/** The hooks of an event, in the order in which they run one after the other: weight, kind, name. */
export function hooksFor(event: HookEvent, hooks: readonly Hook[]): readonly Hook[] {
  return hooks
    .filter(({ events }) => events.has(event))
    .toSorted(
      (left, right) =>
        left.weight - right.weight ||
        kindRank(left.object.kind) - kindRank(right.object.kind) ||
        (left.object.metadata.name < right.object.metadata.name ? -1 : 1),
    );
}

export type Completion =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'running' };

function words({ metadata }: KubeObject, annotation: string): string[] {
  return (metadata.annotations?.[annotation] ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
