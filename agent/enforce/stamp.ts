/**
 * The marks on what the agent applied, after the ApplySet specification (KEP-3659): a label on
 * each member, a parent Secret that names the set and the kinds in it.
 */
import { createHash } from 'node:crypto';

import { canonicalDigest } from '#protocol/canonical';

import { SERVER_METADATA, valueAt, withoutKeys, type KubeObject, type ObjectRef } from '#kubernetes/object';
import type { ObjectRules } from './rules.ts';

export const PART_OF_LABEL = 'applyset.kubernetes.io/part-of';
export const PARENT_ID_LABEL = 'applyset.kubernetes.io/id';
export const TOOLING_ANNOTATION = 'applyset.kubernetes.io/tooling';
export const GROUP_KINDS_ANNOTATION = 'applyset.kubernetes.io/contains-group-kinds';
/** Which layer brought an object. */
export const LAYER_ANNOTATION = 'palette-iac.dev/layer';
/** The layer's install priority: removal goes the other way round. */
export const PRIORITY_ANNOTATION = 'palette-iac.dev/install-priority';
/** `disabled`: never removed by the agent. */
export const PRUNE_ANNOTATION = 'palette-iac.dev/prune';
/** `keep`: the same in Helm's words. */
export const RESOURCE_POLICY_ANNOTATION = 'helm.sh/resource-policy';
/** On what holds data, or objects of others, and was there before the agent took it in: it is let go of instead of removed. */
export const ADOPTED_ANNOTATION = 'palette-iac.dev/adopted';

/** The set's id, made of its parent as the specification says: base64url of sha256 of `name.namespace.kind.group`. */
export function applySetId(parent: { readonly name: string; readonly namespace: string }): string {
  const hash = createHash('sha256').update(`${parent.name}.${parent.namespace}.Secret.`).digest('base64url');
  return `applyset-${hash}-v1`;
}

const STATUS = new Set(['status']);
const STATUS_AND_RULES = new Set(['status', 'rules']);

/** The control plane fills the rules of a role that gathers those of others; an empty list in a chart is no wish to empty it. */
function notApplied({ kind, aggregationRule }: KubeObject): ReadonlySet<string> {
  return kind === 'ClusterRole' && aggregationRule != null ? STATUS_AND_RULES : STATUS;
}

export interface Stamp {
  readonly applySet: string;
  readonly layer: string;
  readonly priority: number;
}

/** The object as it is applied: marked, and without what only the API server writes. */
export function stamp(object: KubeObject, { applySet, layer, priority }: Stamp): KubeObject {
  const { name, labels, annotations } = object.metadata;
  return {
    ...withoutKeys(object, notApplied(object)),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...withoutKeys(object.metadata, SERVER_METADATA),
      name,
      labels: { ...labels, [PART_OF_LABEL]: applySet },
      annotations: { ...annotations, [LAYER_ANNOTATION]: layer, [PRIORITY_ANNOTATION]: String(priority) },
    },
  };
}

/** An object that should be there, and where it comes from. */
export interface DesiredObject {
  readonly key: string;
  readonly ref: ObjectRef;
  readonly layer: string;
  readonly priority: number;
  /** A namespace that nobody wrote down: made when it is missing, left alone when it is someone else's. */
  readonly implicit: boolean;
  readonly object: KubeObject;
  readonly rules: ObjectRules;
  readonly digest: string;
}

/** Kubernetes removes it once it has ended: that it is gone is no drift. */
export function isShortLived(object: KubeObject): boolean {
  return object.kind === 'Job' && typeof valueAt(object, 'spec', 'ttlSecondsAfterFinished') === 'number';
}

/** Equal for what is applied alike; how a change from outside is met does not count. */
export function desiredDigest(object: KubeObject, { ignored }: Pick<ObjectRules, 'ignored'>): string {
  return canonicalDigest(ignored.length === 0 ? object : { object, ignored });
}
