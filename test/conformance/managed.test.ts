/** The table again, with managed resources: real controller, real API server, real plane. What the plane holds in the end is the same. */
import { isDeepStrictEqual } from 'node:util';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { ANNOTATIONS } from '#crossplane/schema/groups';
import type { KindScope } from '#crossplane/schema/kinds';
import { mapAt, type KubeObject } from '#kubernetes/object';

import { cases } from './cases.ts';
import type { Case, Refusal, Step, Values } from './cases/case.ts';
import { startEchoAgent, type EchoAgent } from './support/echo-agent.ts';
import {
  argsFor,
  conditionOf,
  eventually,
  externalNameOf,
  isReady,
  objectWhen,
  placeOf,
  refTo,
  startManagedBench,
  type ManagedBench,
} from './support/managed.ts';
import { managedPath, toManaged, toShown, withSortedSets } from './support/to-managed.ts';

jest.setTimeout(180_000);

let bench: ManagedBench;

beforeAll(async () => {
  bench = await startManagedBench();
});

afterAll(async () => {
  await bench.stop();
});

const rows = (['Namespaced', 'Cluster'] as const satisfies KindScope[]).flatMap((scope) =>
  cases.map((given) => ({ scope, type: given.type, given })),
);

const CONNECTION = 'it-connection';
/** A name that the plane knows of other things, so that a refusal is not about the object. */
const NAME = 'it';

describe.each(rows)('$type, $scope', ({ scope, given }: { scope: KindScope; given: Case }) => {
  const { type, needs = [] } = given;
  const place = placeOf(type, scope);
  const ref = refTo(place, NAME);
  const it_ = argsFor(place, NAME);
  let agent: EchoAgent | undefined;

  const manifests = async (values: Values, metadata: Values = {}, spec: Values = {}): Promise<KubeObject[]> => {
    const { object, secrets } = await toManaged({ type, name: NAME, values }, place, {
      metadata,
      spec: {
        writeConnectionSecretToRef: { name: CONNECTION, ...(scope === 'Cluster' ? { namespace: 'default' } : {}) },
        ...spec,
      },
    });
    return [...secrets, object];
  };
  const read = async (): Promise<KubeObject> => objectWhen(bench.kube, ref, 'is there', () => true);
  const settled = async (): Promise<KubeObject> => objectWhen(bench.kube, ref, 'is Ready and Synced', isReady);
  const sorted = async (values: Values): Promise<Values> => withSortedSets(type, values);
  const gone = async (): Promise<void> => {
    await bench.kubectl(['delete', ...it_, '--timeout=20s']);
  };

  /** That the object shows it, the plane holds it and the cluster has it. */
  async function expectStep(step: Step, stored: unknown = step.stored): Promise<KubeObject> {
    const object = await settled();
    const shown = await toShown(type, step.state);
    expect(await sorted(mapAt(object, 'status', 'atProvider'))).toMatchObject(await sorted(shown.atProvider));
    expect(await connection()).toMatchObject(shown.connection);
    await expectStored(externalNameOf(object), stored);
    const { enforced } = step;
    if (enforced !== undefined) {
      await eventually('the cluster has it', async () => {
        const seen = { layers: agent?.layers().toSorted(), variables: agent?.variables() };
        return isDeepStrictEqual(seen, enforced) ? { found: true } : { seen };
      });
    }
    return object;
  }

  /** The plane may still be told by the agent how a cluster takes the last change. */
  async function expectStored(id: string, stored: unknown): Promise<void> {
    await eventually('the plane holds what it should', async () => {
      const seen = await given.stored(bench.plane, id);
      return isDeepStrictEqual(seen, stored) ? { found: true } : { seen: { seen, stored } };
    });
  }

  /** What its connection Secret holds. */
  async function connection(): Promise<Values> {
    const secret = await bench.kube.get(
      { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: CONNECTION },
      { signal: AbortSignal.timeout(10_000) },
    );
    return Object.fromEntries(
      Object.entries(mapAt(secret, 'data')).map(([key, value]) => [
        key,
        Buffer.from(String(value), 'base64').toString('utf8'),
      ]),
    );
  }

  /** What a second plan is in Terraform: a pass over what is as it should be writes nothing. */
  async function expectNothingToDo(): Promise<void> {
    const before = bench.plane.requests.length;
    await bench.kubectl(['annotate', ...it_, `${ANNOTATIONS.paused}=true`]);
    await objectWhen(
      bench.kube,
      ref,
      'is paused',
      (object) => conditionOf(object, 'Synced')?.reason === 'ReconcilePaused',
    );
    await bench.kubectl(['annotate', ...it_, `${ANNOTATIONS.paused}-`]);
    await settled();
    const writes = bench.plane.requests
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && !/^\/v1\/(agents|bulk|dashboard)\//.test(path));
    expect(writes).toEqual([]);
  }

  const last = given.changes.at(-1) ?? given.changes[0];

  beforeAll(async () => {
    if (given.cluster !== undefined) agent = startEchoAgent(bench.plane, given.cluster);
    for (const need of needs) {
      const at = placeOf(need.type, scope);
      await bench.apply([(await toManaged(need, at)).object]);
      await objectWhen(bench.kube, refTo(at, need.name), 'is Ready and Synced', isReady);
    }
  });

  afterAll(async () => {
    await bench.kubectl(['delete', ...it_, '--ignore-not-found', '--timeout=20s']);
    for (const need of needs) await bench.kubectl(['delete', ...argsFor(placeOf(need.type, scope), need.name)]);
    await agent?.stop();
  });

  it('is made, and a second look changes nothing', async () => {
    const before = await given.list(bench.plane);
    await bench.apply(await manifests(given.create.values));
    await expectStep(given.create);
    expect((await given.list(bench.plane)).length).toBeGreaterThan(before.length);
    await expectNothingToDo();
  });

  it.each(given.changes)('changes in place: $name', async (change) => {
    const before = externalNameOf(await read());
    const storedBefore = await given.stored(bench.plane, before);
    await bench.apply(await manifests(change.values));
    if (change.another !== undefined) {
      await objectWhen(bench.kube, ref, 'stands for another object', (object) => externalNameOf(object) !== before);
      await expectStep(change);
      if (change.another === 'beside') {
        expect(await given.stored(bench.plane, before)).toEqual(storedBefore);
        await given.remove(bench.plane, before);
      } else expect(await given.list(bench.plane)).not.toContain(before);
    } else expect(externalNameOf(await expectStep(change))).toBe(before);
    await expectNothingToDo();
  });

  it('tells nothing that is secret', async () => {
    const { secrets } = await toManaged({ type, name: NAME, values: last.values }, place);
    const shown = await toShown(type, { ...given.create.state, ...last.state });
    const values = [
      ...secrets.flatMap((secret) => Object.values(mapAt(secret, 'stringData'))),
      ...(Object.keys(shown.connection).length === 0 ? [] : Object.values(await connection())),
    ];
    const said = [JSON.stringify(await read()), await bench.controller().log()];
    for (const value of values) for (const text of said) expect(text).not.toContain(String(value));
  });

  if (given.drifts.length > 0) {
    it.each(given.drifts)('is put right when somebody $name', async ({ act, stored = last.stored }) => {
      const id = externalNameOf(await read());
      await act(bench.plane, id);
      await expectStored(id, stored);
      await expectStep(last, stored);
    });
  }

  const { importId } = given;
  if (importId !== undefined) {
    it('is let go, looked at by one that may only observe, and imported by its external name', async () => {
      const id = externalNameOf(await read());
      const before = await given.list(bench.plane);
      await bench.kubectl(['patch', ...it_, '--type=merge', '-p', '{"spec":{"deletionPolicy":"Orphan"}}']);
      await gone();
      expect(await given.list(bench.plane)).toEqual(before);

      const { object } = await toManaged({ type, name: NAME, values: {} }, place, {
        metadata: { annotations: { [ANNOTATIONS.externalName]: id } },
        spec: { managementPolicies: ['Observe'] },
      });
      await bench.apply([object]);
      expect(await sorted(mapAt(await settled(), 'status', 'atProvider'))).toMatchObject(
        await sorted((await toShown(type, last.state)).atProvider),
      );
      await gone();
      expect(await given.list(bench.plane)).toEqual(before);
      const stored = await given.stored(bench.plane, id);

      await bench.apply(await manifests(last.values, { annotations: { [ANNOTATIONS.externalName]: importId(id) } }));
      expect(externalNameOf(await expectStep(last, given.importStored?.managed))).toBe(id);
      expect(stored).toEqual(given.drifts.at(-1)?.stored ?? last.stored);
      await expectNothingToDo();

      // Who takes the name out of the manifest again takes nothing away.
      await bench.apply(await manifests(last.values));
      expect(externalNameOf(await expectStep(last, given.importStored?.managed))).toBe(id);
      expect(await given.list(bench.plane)).toEqual(before);
    });
  }

  it('is made anew when somebody deleted it', async () => {
    const before = await read();
    await given.remove(bench.plane, externalNameOf(before));
    const id = await eventually('it is there again', async () => {
      const object = await read();
      const seen = await given.stored(bench.plane, externalNameOf(object)).catch((error: unknown) => String(error));
      const complete = isReady(object) && isDeepStrictEqual(seen, last.stored);
      return complete ? { found: externalNameOf(object) } : { seen: { object, seen } };
    });
    expect(await given.list(bench.plane)).toHaveLength(new Set(await given.list(bench.plane)).size);
    expect(externalNameOf(await expectStep(last))).toBe(id);
  });

  if (given.fixed !== undefined) {
    it.each(given.fixed)('is not changed, nor made anew, when this changes: $name', async (fixed) => {
      await expectRefusal(fixed, await refusalOf(fixed.values));
      await bench.apply(await manifests(last.values));
      await expectStep(last);
      await expectNothingToDo();
    });
  }

  if (given.replace !== undefined) {
    const { replace } = given;
    it('is not replaced by the way when what cannot change changes, but when one says so', async () => {
      const before = externalNameOf(await read());
      const next = await manifests(replace.values);
      const output = await bench.refused(['apply', '-f', '-'], next);
      expect(output).toContain(`spec.forProvider.${replace.at}`);
      expect(output).toMatch(/cannot be changed/);
      expect(await given.stored(bench.plane, before)).toEqual(last.stored);
      await bench.kubectl(['replace', '--force', '-f', '-'], next);
      expect(externalNameOf(await expectStep(replace))).not.toBe(before);
      expect(await given.list(bench.plane)).not.toContain(before);
    });
  }

  it('is deleted', async () => {
    const before = await given.list(bench.plane);
    const id = externalNameOf(await read());
    await gone();
    const after = await given.list(bench.plane);
    expect(after).toHaveLength(before.length - 1);
    expect(after).not.toContain(id);
  });

  /** How the values are refused: by the API server, or by the controller in a condition of the object. */
  async function refusalOf(values: Values): Promise<string> {
    const objects = await manifests(values);
    try {
      await bench.apply(objects);
    } catch (error) {
      return String(error);
    }
    const refused = (each: KubeObject): boolean => conditionOf(each, 'Synced')?.status === 'False';
    return conditionOf(await objectWhen(bench.kube, ref, 'is refused', refused), 'Synced')?.message ?? '';
  }

  /** That the words give the reason and the path. */
  async function expectRefusal({ says, at, managed }: Refusal, words: string): Promise<void> {
    expect(words).toContain(await managedPath(type, at));
    expect(words).toMatch(managed?.says ?? says);
  }

  it.each(given.wrong)('is refused with $name, at its path', async (wrong) => {
    const before = await given.list(bench.plane);
    const refusal = await refusalOf(wrong.values);
    await bench.kubectl(['delete', ...it_, '--ignore-not-found', '--timeout=20s']);
    await expectRefusal(wrong, refusal);
    expect(await given.list(bench.plane)).toEqual(before);
  });
});
