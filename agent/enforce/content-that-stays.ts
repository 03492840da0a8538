/** Namespaces and definitions of kinds take what is in them along: whether something in one is to stay. */
import type { CallOptions, KubeClient } from '#kubernetes/client';
import type { AllTypes, ResourceType } from '#kubernetes/discovery';
import { isNotFound, KubeError } from '#kubernetes/error';
import { groupKind, groupOf, isMap, mapAt, refOf, textAt, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { inParallel } from './in-parallel.ts';
import { isAppliedByAgent } from './prune-plan.ts';
import { ADOPTED_ANNOTATION, PART_OF_LABEL } from './stamp.ts';

/** What the control plane writes of its own accord goes with the namespace. */
const CONTROL_PLANE = new Set([
  'kube-controller-manager',
  'kube-scheduler',
  'kube-apiserver',
  'kubelet',
  'kwok',
  'cloud-controller-manager',
]);
/** Traces, not content. */
const TRACES: ReadonlySet<string> = new Set([
  'Event',
  'Event.events.k8s.io',
  'Endpoints',
  'EndpointSlice.discovery.k8s.io',
  'Lease.coordination.k8s.io',
]);
/** APIs of readings: nothing in a namespace is theirs, and their servers are away often. */
const READINGS: ReadonlySet<string> = new Set(['metrics.k8s.io', 'custom.metrics.k8s.io', 'external.metrics.k8s.io']);
const CONCURRENCY = 6;
/** Owners of owners are followed so far. */
const MAX_OWNERS = 8;

export interface StayingContext {
  readonly client: Pick<KubeClient, 'get' | 'list' | 'discovery'>;
  readonly applySet: string;
  /** Objects of the agent's that are removed now, by uid. */
  readonly going: ReadonlySet<string>;
}

export type Staying =
  /** Of others: the agent has no say in how long it stays. */
  | { readonly kind: 'for good'; readonly ref: ObjectRef }
  /** The agent's own, which is desired, protected, not known now, or cannot be removed yet. */
  | { readonly kind: 'for now'; readonly ref: ObjectRef }
  /** Some API does not answer now: there may be objects of its. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether deleting an object deletes others. */
export function isContainer(ref: ObjectRef): boolean {
  return groupKind(ref) === 'Namespace' || groupKind(ref) === DEFINITION;
}

const DEFINITION = 'CustomResourceDefinition.apiextensions.k8s.io';

/**
 * One object that would go with a namespace or a definition and is to stay, if there is any. What discovery remembers is
 * to be forgotten before: others may have brought kinds since.
 *
 * @throws KubeError
 */
export async function contentThatStays(
  container: ObjectRef,
  context: StayingContext,
  options: CallOptions,
): Promise<Staying | undefined> {
  try {
    return await lookThrough(container, context, options);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status < 500) throw error;
    return { kind: 'unknown', why: error.message };
  }
}

async function lookThrough(
  container: ObjectRef,
  context: StayingContext,
  { signal }: CallOptions,
): Promise<Staying | undefined> {
  const isNamespace = groupKind(container) === 'Namespace';
  const { types, away } = isNamespace
    ? await namespacedTypes(context, { signal })
    : { types: await definedType(container, context, { signal }), away: [] };
  const namespace = isNamespace ? container.name : undefined;
  const lists = await inParallel(types, CONCURRENCY, async (type) => {
    try {
      return (await context.client.list(type, { signal, namespace, metadataOnly: true })).items;
    } catch (error) {
      // A definition that has just gone is among the kinds for a moment.
      if (isNotFound(error)) return [];
      throw error;
    }
  });
  const items = lists.flat();
  const inside = new Set(items.map(({ metadata }) => metadata.uid));
  const staying: Staying[] = [];
  for (const item of items) {
    const stays = await staysOf(item, inside, context, { signal });
    if (stays) staying.push(stays);
    if (stays?.kind === 'for good') break;
  }
  const found = staying.find(({ kind }) => kind === 'for good') ?? staying[0];
  if (found || away.length === 0) return found;
  return { kind: 'unknown', why: `the server of ${away.join(', ')} does not answer` };
}

async function namespacedTypes({ client }: StayingContext, options: CallOptions): Promise<AllTypes> {
  const { types, away } = await client.discovery.allTypes(options);
  return {
    types: types.filter(
      (type) =>
        type.namespaced && type.verbs.includes('list') && type.verbs.includes('create') && !TRACES.has(groupKind(type)),
    ),
    away: away.filter((apiVersion) => !READINGS.has(groupOf(apiVersion))),
  };
}

/** The kind that a definition defines, when it is served. */
async function definedType(
  ref: ObjectRef,
  { client }: StayingContext,
  options: CallOptions,
): Promise<readonly ResourceType[]> {
  const definition = await client.get(ref, options);
  const [group, kind] = [textAt(definition, 'spec', 'group'), textAt(definition, 'spec', 'names', 'kind')];
  if (group === '' || kind === '') return [];
  const type = await client.discovery.preferredType({ group, kind }, options);
  return type ? [type] : [];
}

async function staysOf(
  item: KubeObject,
  inside: ReadonlySet<string | undefined>,
  context: StayingContext,
  options: CallOptions,
): Promise<Staying | undefined> {
  const { metadata } = item;
  if (metadata.deletionTimestamp !== undefined) return undefined;
  if (isOwn(item, context)) {
    if (context.going.has(metadata.uid ?? '')) return undefined;
    // What was there before the agent is never removed by it.
    const isAdopted = metadata.annotations?.[ADOPTED_ANNOTATION] === 'true';
    return { kind: isAdopted ? 'for good' : 'for now', ref: refOf(item) };
  }
  const owners = ownersOf(item);
  if (owners.length > 0) {
    for (const owner of owners) {
      // One that is listed too is judged by itself.
      if (inside.has(owner.uid)) continue;
      if (await ownerStays(owner, context, options)) return { kind: 'for good', ref: refOf(item) };
    }
    return undefined;
  }
  return isMadeByControlPlane(item) ? undefined : { kind: 'for good', ref: refOf(item) };
}

interface Owner {
  readonly ref: ObjectRef;
  readonly uid: string;
}

function ownersOf({ metadata }: KubeObject): readonly Owner[] {
  return (metadata.ownerReferences ?? []).flatMap((reference) => {
    if (!isMap(reference)) return [];
    const { apiVersion, kind, name } = mapAt(reference);
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return [];
    // Owners are of the same namespace or of none; of a kind without namespaces this one is not looked at.
    const { namespace } = metadata;
    const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    return [{ ref, uid: textAt(reference, 'uid') }];
  });
}

/** Whether an owner outside of the container is there and stays: what it owns is its content then. */
async function ownerStays(owner: Owner, context: StayingContext, options: CallOptions, depth = 0): Promise<boolean> {
  const found = await context.client.get(owner.ref, options).catch((error: unknown) => {
    // Its kind is gone, and all of that kind with it.
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (!found || found.metadata.uid !== owner.uid || found.metadata.deletionTimestamp !== undefined) return false;
  if (isOwn(found, context)) return !context.going.has(owner.uid);
  const above = ownersOf(found);
  if (above.length === 0 || depth >= MAX_OWNERS) return true;
  for (const one of above) if (await ownerStays(one, context, options, depth + 1)) return true;
  return false;
}

function isOwn(item: KubeObject, { applySet }: StayingContext): boolean {
  return item.metadata.labels?.[PART_OF_LABEL] === applySet && isAppliedByAgent(item);
}

/** Made in each namespace without anybody asking; whoever sets no field is in no record of managers. */
const IN_EVERY_NAMESPACE: ReadonlySet<string> = new Set(['ServiceAccount default', 'ConfigMap kube-root-ca.crt']);

function isMadeByControlPlane(item: KubeObject): boolean {
  if (IN_EVERY_NAMESPACE.has(`${groupKind(item)} ${item.metadata.name}`)) return true;
  // Of a StatefulSet: nobody owns it, since its data is to outlive the pods.
  if (groupKind(item) === 'PersistentVolumeClaim') return false;
  const managers = item.metadata.managedFields ?? [];
  return managers.length > 0 && managers.every(({ manager = '' }) => CONTROL_PLANE.has(manager));
}
