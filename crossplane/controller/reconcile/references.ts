/** References to other managed resources: the external name, or another attribute, of what they name. */
import { valueAt } from '#kubernetes/object';

import type { ManagedObject } from '../contracts.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';
import { kindsOf, type ManagedKind } from '../../schema/kinds.ts';
import type { FoundReference } from '../../schema/values.ts';
import { specPath } from '../../schema/words.ts';
import { PassFailure } from './failure.ts';
import type { Pass } from './pass.ts';
import { annotationOf } from './policies.ts';

/** The value that a reference stands for. @throws PassFailure ReferenceNotReady while there is none */
export async function resolveReference(pass: Pass, { reference, at, target }: FoundReference): Promise<unknown> {
  const kind = sameScope(pass.kind, reference.type);
  const fail = (what: string): PassFailure =>
    new PassFailure(`${specPath(pass.definition, at.slice(0, -1))}.${String(at.at(-1))}: ${what}`, {
      reason: 'ReferenceNotReady',
      event: 'CannotResolveReferences',
      requeue: 'progressing',
    });
  const referred =
    target.kind === 'name' ? await byName(pass, kind, target.name) : await bySelector(pass, kind, target.matchLabels);
  if (typeof referred === 'string') throw fail(referred);
  const name = `${kind.kind} ${referred.metadata.name}`;
  if (referred.metadata.deletionTimestamp !== undefined)
    throw fail(`${name} is being deleted. Refer to another one, or make it anew.`);
  const value = reference.attribute === 'id' ? externalNameOf(referred) : stateOf(referred, reference.attribute);
  if (value === undefined) throw fail(`${name} is not made yet: its own conditions tell why.`);
  return value;
}

/** References stay within a scope: namespaced managed resources refer to those of their namespace. */
function sameScope({ scope }: ManagedKind, type: ManagedKind['type']): ManagedKind {
  const [namespaced, cluster] = kindsOf(type);
  return scope === 'Namespaced' ? namespaced : cluster;
}

/** The object, or why there is none. */
async function byName(
  { object, deps, signal }: Pass,
  kind: ManagedKind,
  name: string,
): Promise<ManagedObject | string> {
  const { namespace } = object.metadata;
  const { apiVersion } = kind;
  const ref = { apiVersion, kind: kind.kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const found = await deps.lookup.get(ref, { signal });
  // as: every kind of ours has a spec
  return found === undefined
    ? `there is no ${kind.kind} ${name}${namespace === undefined ? '' : ` in namespace ${namespace}`}.`
    : (found as ManagedObject);
}

async function bySelector(
  { object, deps, signal }: Pass,
  kind: ManagedKind,
  labels: Readonly<Record<string, string>>,
): Promise<ManagedObject | string> {
  const matching = await deps.lookup.list(kind, { namespace: object.metadata.namespace, labels, signal });
  const [first, ...others] = matching.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const text = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (first === undefined) return `no ${kind.kind} has the labels ${text}.`;
  if (others.length === 0) return first;
  const names = [first, ...others].map(({ metadata }) => metadata.name).toSorted();
  return `the labels ${text} choose ${names.length} of ${kind.kind} (${names.slice(0, 5).join(', ')}): they must choose one.`;
}

/** Set for good once what it names has been seen. */
function externalNameOf(object: ManagedObject): string | undefined {
  const name = annotationOf(object, ANNOTATIONS.externalName);
  return name === stateOf(object, 'id') ? name : undefined;
}

function stateOf(object: ManagedObject, attribute: string): unknown {
  return valueAt(object, 'status', 'atProvider', attribute);
}
