import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import { groupKind, objectKey, refOf, type KubeObject, type ObjectRef } from '#kubernetes/object';

import { createKeyedLock } from './keyed-lock.ts';
import { prune, type PruneResult } from './prune.ts';
import { ADOPTED_ANNOTATION, LAYER_ANNOTATION, PART_OF_LABEL, PRIORITY_ANNOTATION, PRUNE_ANNOTATION } from './stamp.ts';

const APPLY_SET = 'applyset-mine-v1';
const SELECTOR = `${PART_OF_LABEL}=${APPLY_SET}`;
const DEFINITION = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
const NAMESPACES = ['one', 'two'] as const;

interface Shape {
  readonly kind: 'ConfigMap' | 'ServiceAccount' | 'Gadget' | 'PersistentVolumeClaim';
  readonly namespace: (typeof NAMESPACES)[number];
  readonly name: string;
  readonly layer: string;
  /** `owned`: another controller's, made for an object of the agent's or of somebody else. */
  readonly whose:
    | 'ours'
    | 'theirs'
    | 'theirs without a field'
    | "the control plane's"
    | 'owned by ours'
    | 'owned by theirs';
  readonly isProtected: boolean;
  /** Of the agent's: wanted by the document. */
  readonly isDesired: boolean;
  /** It was there before: only claims are taken in so. */
  readonly isAdopted: boolean;
  /** Of the agent's: its layer's install priority. */
  readonly priority: number;
  /** A webhook does not let it go. */
  readonly isRefused: boolean;
}

interface Container {
  readonly isOurs: boolean;
  readonly isAdopted: boolean;
  readonly priority: number;
}

interface World {
  readonly objects: readonly Shape[];
  readonly namespaces: Readonly<Record<string, Container>>;
  readonly definition: Container;
  readonly unknownLayers: readonly string[];
}

const uidOf = (object: KubeObject): string => `uid of ${objectKey(refOf(object))}`;

function made(
  ref: ObjectRef,
  {
    ours,
    layer,
    adopted = false,
    priority = 1,
    more = {},
  }: {
    readonly ours: boolean;
    readonly layer: string;
    readonly adopted?: boolean;
    readonly priority?: number;
    readonly more?: object;
  },
): KubeObject {
  const annotations = {
    ...(ours ? { [LAYER_ANNOTATION]: layer, [PRIORITY_ANNOTATION]: String(priority) } : {}),
    ...(adopted ? { [ADOPTED_ANNOTATION]: 'true' } : {}),
  };
  const object: KubeObject = {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      name: ref.name,
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      labels: ours ? { [PART_OF_LABEL]: APPLY_SET } : {},
      annotations,
      managedFields: ours
        ? [{ manager: 'palette-agent', operation: 'Apply' }]
        : [{ manager: 'kubectl', operation: 'Update' }],
    },
  };
  const whole = {
    ...object,
    ...more,
    metadata: { ...object.metadata, ...('metadata' in more ? Object(more.metadata) : {}) },
  };
  return { ...whole, metadata: { ...whole.metadata, uid: uidOf(whole) } };
}

const refOfShape = ({ kind, namespace, name }: Shape): ObjectRef => ({
  apiVersion: kind === 'Gadget' ? 'example.com/v1' : 'v1',
  kind,
  namespace,
  name,
});

const OURS: ObjectRef = { apiVersion: 'v1', kind: 'Node', name: 'ours' };
const THEIRS: ObjectRef = { apiVersion: 'v1', kind: 'Node', name: 'theirs' };

function isAdopted({ kind, isAdopted: is }: Shape): boolean {
  return kind === 'PersistentVolumeClaim' && is;
}

function objectOf(shape: Shape): KubeObject {
  const ours = shape.whose === 'ours';
  const base = made(refOfShape(shape), {
    ours,
    layer: shape.layer,
    adopted: ours && isAdopted(shape),
    priority: shape.priority,
  });
  const owner = (ref: ObjectRef): object[] => [{ ...ref, uid: uidOf(made(ref, { ours: false, layer: '' })) }];
  const metadata = {
    ...base.metadata,
    ...(shape.whose === 'theirs without a field' ? { managedFields: [] } : {}),
    ...(shape.whose === "the control plane's" ? { managedFields: [{ manager: 'kube-controller-manager' }] } : {}),
    ...(shape.whose === 'owned by ours' ? { ownerReferences: owner(OURS) } : {}),
    ...(shape.whose === 'owned by theirs' ? { ownerReferences: owner(THEIRS) } : {}),
    ...(ours && shape.isProtected
      ? { annotations: { ...base.metadata.annotations, [PRUNE_ANNOTATION]: 'disabled' } }
      : {}),
  };
  return { ...base, metadata };
}

function populate(world: World): Map<string, KubeObject> {
  const definition = made(
    { ...DEFINITION, name: 'gadgets.example.com' },
    {
      ours: world.definition.isOurs,
      layer: 'kinds',
      adopted: world.definition.isAdopted,
      priority: world.definition.priority,
      more: { spec: { group: 'example.com', names: { kind: 'Gadget' } } },
    },
  );
  const spaces = NAMESPACES.map((name) => {
    const { isOurs = false, isAdopted: adopted = false, priority = 1 } = world.namespaces[name] ?? {};
    return made({ apiVersion: 'v1', kind: 'Namespace', name }, { ours: isOurs, layer: 'spaces', adopted, priority });
  });
  const owners = [made(OURS, { ours: true, layer: 'nodes' }), made(THEIRS, { ours: false, layer: '' })];
  const all = [definition, ...spaces, ...owners, ...world.objects.map(objectOf)];
  return new Map(all.map((object) => [objectKey(refOf(object)), object]));
}

const TYPES = [
  { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
  { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false },
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims', namespaced: true },
  { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true },
  { ...DEFINITION, plural: 'customresourcedefinitions', namespaced: false },
  { apiVersion: 'example.com/v1', kind: 'Gadget', plural: 'gadgets', namespaced: true },
].map((type) => ({ ...type, verbs: ['list', 'create'] }));

/** An API server of a few lines: deleting a namespace or a definition deletes what is in it, and waits for what is refused. */
function clientOf(
  objects: Map<string, KubeObject>,
  refused: ReadonlySet<string>,
  away: readonly string[] = [],
): KubeClient {
  const matching = (test: (object: KubeObject) => boolean): KubeObject[] => [...objects.values()].filter(test);
  const unused = async (): Promise<never> => {
    throw new Error('not asked for');
  };
  return {
    server: new URL('https://127.0.0.1'),
    discovery: {
      resourceType: async ({ apiVersion, kind }) =>
        TYPES.find((type) => type.apiVersion === apiVersion && type.kind === kind),
      preferredType: async ({ group, kind }) =>
        TYPES.find((type) => groupKind(type) === (group === '' ? kind : `${kind}.${group}`)),
      allTypes: async () => ({ types: TYPES, away }),
      apiVersions: unused,
      typesOf: unused,
      invalidate: () => undefined,
    },
    get: async (ref) =>
      objects.get(objectKey(ref)) ??
      objects.get(objectKey({ apiVersion: ref.apiVersion, kind: ref.kind, name: ref.name })),
    list: async (type, { namespace, labelSelector }) => ({
      resourceVersion: '1',
      items: matching(
        ({ apiVersion, kind, metadata }) =>
          apiVersion === type.apiVersion &&
          kind === type.kind &&
          (namespace === undefined || metadata.namespace === namespace) &&
          (labelSelector === undefined || metadata.labels?.[PART_OF_LABEL] === APPLY_SET),
      ),
    }),
    delete: async (ref) => {
      const key = objectKey(ref);
      if (refused.has(key))
        throw new KubeError(`delete ${ref.kind}: a webhook says no`, { status: 403, reason: 'Forbidden' });
      const inside = [...objects].filter(
        ([, object]) =>
          (ref.kind === 'Namespace' && object.metadata.namespace === ref.name) ||
          (ref.kind === 'CustomResourceDefinition' && object.kind === 'Gadget'),
      );
      for (const [one] of inside) if (!refused.has(one)) objects.delete(one);
      if (!inside.some(([one]) => refused.has(one))) objects.delete(key);
    },
    apply: async (object) => {
      const key = objectKey(refOf(object));
      const before = objects.get(key);
      if (before)
        objects.set(key, {
          ...before,
          metadata: { ...before.metadata, labels: {}, annotations: {}, managedFields: [] },
        });
      return object;
    },
    mergePatch: async (ref) => {
      const before = objects.get(objectKey(ref));
      if (!before) throw new Error('nothing to patch');
      const after = { ...before, metadata: { ...before.metadata, labels: {} } };
      objects.set(objectKey(ref), after);
      return after;
    },
    create: unused,
    may: unused,
    replace: unused,
    openWatch: unused,
    read: unused,
    probe: unused,
    readText: unused,
    evict: unused,
    close: () => undefined,
  };
}

const priority = fc.integer({ min: 0, max: 3 });
const shape = fc.record<Shape>({
  kind: fc.constantFrom('ConfigMap', 'ServiceAccount', 'Gadget', 'PersistentVolumeClaim'),
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom('a', 'b', 'c'),
  layer: fc.constantFrom('base', 'app'),
  whose: fc.constantFrom(
    'ours',
    'ours',
    'ours',
    'theirs',
    'theirs without a field',
    "the control plane's",
    'owned by ours',
    'owned by theirs',
  ),
  isProtected: fc.boolean(),
  isDesired: fc.boolean(),
  isAdopted: fc.boolean(),
  priority,
  isRefused: fc.boolean(),
});
const container = fc.record({ isOurs: fc.boolean(), isAdopted: fc.boolean(), priority });
const worlds = fc.record<World>({
  objects: fc.uniqueArray(shape, { selector: (one) => objectKey(refOfShape(one)), maxLength: 6 }),
  namespaces: fc.record({ one: container, two: container }),
  definition: container,
  unknownLayers: fc.subarray(['base']),
});

/** The namespace's turn comes first; the claim in it was there before the agent. */
const CLAIM_IN_A_LATER_LAYERS_NAMESPACE: World = {
  objects: [
    {
      kind: 'PersistentVolumeClaim',
      namespace: 'one',
      name: 'a',
      layer: 'app',
      whose: 'ours',
      isProtected: false,
      isDesired: false,
      isAdopted: true,
      priority: 0,
      isRefused: false,
    },
  ],
  namespaces: {
    one: { isOurs: true, isAdopted: false, priority: 1 },
    two: { isOurs: false, isAdopted: false, priority: 0 },
  },
  definition: { isOurs: false, isAdopted: false, priority: 0 },
  unknownLayers: [],
};

async function pruned(
  world: World,
): Promise<{ readonly objects: Map<string, KubeObject>; readonly result: PruneResult }> {
  const objects = populate(world);
  const keys = (test: (shape: Shape) => boolean): Set<string> =>
    new Set(world.objects.filter(test).map((one) => objectKey(refOfShape(one))));
  const client = clientOf(
    objects,
    keys(({ isRefused, whose }) => isRefused && whose === 'ours'),
  );
  const result = await pruneAt(client, objects, {
    desired: new Set([...keys(({ isDesired }) => isDesired), objectKey(OURS)]),
    unknownLayers: new Set(world.unknownLayers),
  });
  return { objects, result };
}

async function pruneAt(
  client: KubeClient,
  objects: ReadonlyMap<string, KubeObject>,
  stay: Pick<Parameters<typeof prune>[0], 'desired' | 'unknownLayers'>,
): Promise<PruneResult> {
  const unused = async (): Promise<never> => {
    throw new Error('not asked for');
  };
  return prune({
    ...stay,
    client,
    inventory: {
      applySet: APPLY_SET,
      selector: SELECTOR,
      appliedDocument: () => undefined,
      members: async () => ({
        objects: [...objects.values()].filter(({ metadata }) => metadata.labels?.[PART_OF_LABEL] === APPLY_SET),
        unknown: [],
      }),
      load: unused,
      addKinds: unused,
      settle: unused,
      remove: unused,
    },
    log: silentLogger,
    signal: new AbortController().signal,
    patienceMs: 0,
    onDelete: () => undefined,
    lock: createKeyedLock(),
  });
}

/** Ours, to go, and let go. */
function isToGo(world: World, one: Shape): boolean {
  const isFree = !one.isProtected && !one.isDesired && !one.isRefused && !isAdopted(one);
  return one.whose === 'ours' && isFree && !world.unknownLayers.includes(one.layer);
}

/** What Kubernetes makes by itself, and what belongs to what it belongs to, has no say in what becomes of its namespace. */
function hasNoSay({ kind, whose }: Shape): boolean {
  return whose === "the control plane's" && kind !== 'PersistentVolumeClaim';
}

describe('removing what is no longer desired', () => {
  it('takes exactly what is ours: whatever else stands in a namespace or is of a kind keeps both', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const before = populate(world);
        const { objects } = await pruned(world);
        const stays = world.objects.filter((one) => !isToGo(world, one) && !hasNoSay(one));
        for (const one of stays) expect(objects.has(objectKey(refOfShape(one)))).toBe(true);
        for (const one of world.objects.filter((candidate) => isToGo(world, candidate)))
          expect(objects.has(objectKey(refOfShape(one)))).toBe(false);
        const gone = (ref: ObjectRef): boolean => !objects.has(objectKey(ref));
        for (const name of NAMESPACES) {
          const { isOurs = false, isAdopted: wasThere = false } = world.namespaces[name] ?? {};
          const holds = stays.some(({ namespace }) => namespace === name);
          expect(gone({ apiVersion: 'v1', kind: 'Namespace', name })).toBe(isOurs && !wasThere && !holds);
        }
        const definition = { ...DEFINITION, name: 'gadgets.example.com' };
        const isUsed = world.objects.some(
          (one) =>
            one.kind === 'Gadget' && !isToGo(world, one) && before.has(objectKey(refOfShape(one))) && !hasNoSay(one),
        );
        expect(gone(definition)).toBe(world.definition.isOurs && !world.definition.isAdopted && !isUsed);
      }),
      { numRuns: 500, examples: [[CLAIM_IN_A_LATER_LAYERS_NAMESPACE]] },
    );
  });

  it('leaves a namespace while an API that may have something in it does not answer, and says so', async () => {
    const space = made({ apiVersion: 'v1', kind: 'Namespace', name: 'one' }, { ours: true, layer: 'spaces' });
    const objects = new Map([[objectKey(refOf(space)), space]]);
    const stay = { desired: new Set<string>(), unknownLayers: new Set<string>() };
    const { remaining } = await pruneAt(clientOf(objects, new Set(), ['away.dev/v1']), objects, stay);
    expect(remaining).toMatchObject([
      { refused: false, problem: { name: 'one', message: expect.stringContaining('away.dev/v1 does not answer') } },
    ]);
    expect(objects.size).toBe(1);
    await pruneAt(clientOf(objects, new Set(), ['metrics.k8s.io/v1beta1']), objects, stay);
    expect(objects.size).toBe(0);
  });

  it('names what is not let go, and does all else', async () => {
    const ours = { isOurs: true, isAdopted: false, priority: 1 };
    const common = {
      kind: 'ConfigMap',
      namespace: 'one',
      layer: 'app',
      whose: 'ours',
      isProtected: false,
      isDesired: false,
      isAdopted: false,
      priority: 1,
    } as const;
    const { objects, result } = await pruned({
      objects: [
        { ...common, name: 'a', isRefused: true },
        { ...common, name: 'b', isRefused: false },
      ],
      namespaces: { one: ours, two: ours },
      definition: { ...ours, isOurs: false },
      unknownLayers: [],
    });
    expect(result.remaining).toMatchObject([
      {
        refused: true,
        target: { layer: 'app' },
        problem: { name: 'a', message: expect.stringContaining('a webhook says no') },
      },
    ]);
    expect([...objects.keys()].filter((key) => /ConfigMap|Namespace/.test(key))).toHaveLength(2);
  });

  it('asks for lists, not for each object, where many go', async () => {
    const many = Array.from({ length: 5_000 }, (_, at) =>
      made({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'one', name: `c-${at}` }, { ours: true, layer: 'app' }),
    );
    const objects = new Map(many.map((object) => [objectKey(refOf(object)), object]));
    const client = clientOf(objects, new Set());
    const asked = { get: 0, list: 0, delete: 0 };
    const counting: KubeClient = {
      ...client,
      get: async (...args) => {
        asked.get++;
        return client.get(...args);
      },
      list: async (...args) => {
        asked.list++;
        return client.list(...args);
      },
      // As an API server whose objects have no finalizers, and no namespaces to go through.
      delete: async (ref) => {
        asked.delete++;
        objects.delete(objectKey(ref));
      },
    };
    const { remaining } = await pruneAt(counting, objects, { desired: new Set(), unknownLayers: new Set() });
    expect(remaining).toEqual([]);
    expect(objects.size).toBe(0);
    expect(asked).toEqual({ get: 0, list: 1, delete: 5_000 });
  });
});
