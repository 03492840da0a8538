import { describe, expect, it } from '@jest/globals';

import { KubeError } from '#kubernetes/error';
import { objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { converge, type ConvergeContext } from './converge.ts';
import { createKeyedLock } from './keyed-lock.ts';
import type { ObjectRules } from './rules.ts';
import { desiredDigest, stamp, type DesiredObject } from './stamp.ts';
import { createObjectTable, type Entry } from './table.ts';

const { signal } = new AbortController();

const RULES: ObjectRules = { drift: 'heal', conflicts: 'take', immutable: 'report', ignored: [] };

function desired(
  data: object,
  over: Partial<KubeObject> = {},
  { implicit = false, ...rules }: Partial<ObjectRules> & { readonly implicit?: boolean } = {},
): DesiredObject {
  const object = stamp(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'n' }, data, ...over },
    { applySet: 'set', layer: 'app', priority: 1 },
  );
  const ref = refOf(object);
  const ruled = { ...RULES, ...rules };
  return {
    key: objectKey(ref),
    ref,
    layer: 'app',
    priority: 1,
    implicit,
    object,
    rules: ruled,
    digest: desiredDigest(object, ruled),
  };
}

/** An API server of one object, whose applies replace fields as server-side apply does with one owner. */
function world() {
  const table = createObjectTable();
  const writes: string[] = [];
  let live: KubeObject | undefined;
  let version = 0;
  const served = (object: KubeObject, uid: string): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, uid, resourceVersion: String(++version) },
  });
  const put = (object: KubeObject): KubeObject => {
    live = served(object, live?.metadata.uid ?? `uid-${version}`);
    return live;
  };
  const context: ConvergeContext = {
    client: {
      get: async () => live,
      apply: async (object, { dryRun }) => {
        if (dryRun) return { ...object, metadata: { ...object.metadata, uid: live?.metadata.uid ?? 'new' } };
        writes.push('apply');
        return put(object);
      },
      delete: async () => {
        writes.push('delete');
      },
    },
    table,
    lock: createKeyedLock(),
    mask: (value) => value,
    onWrite: () => undefined,
  };
  const want = (object: DesiredObject): Entry => {
    table.setLayer('app', [object]);
    const entry = table.entry(object.key);
    if (!entry) throw new Error('the table lost the entry');
    return entry;
  };
  return {
    context,
    table,
    writes,
    want,
    /** Somebody else writes, and the watch tells. */
    edit: (object: KubeObject) => table.observe(put(object)),
    vanish: () => {
      if (live) table.observeGone(live);
      live = undefined;
    },
  };
}

describe('converging one object', () => {
  it('writes what is missing once, and then nothing', async () => {
    const { context, want, writes } = world();
    const entry = want(desired({ a: '1' }));
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'applied' });
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'unchanged' });
    expect(await converge(entry, context, { signal, verify: true })).toEqual({ kind: 'unchanged' });
    expect(writes).toEqual(['apply']);
  });

  it('writes nothing over an object that is as desired already', async () => {
    const { context, want, writes, edit } = world();
    const object = desired({ a: '1' });
    const entry = want(object);
    edit(object.object);
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'unchanged' });
    expect(writes).toEqual([]);
  });

  it.each([
    { name: 'names what a webhook that breaks does to it', status: 500, named: true },
    { name: 'is not to blame for an API server that is away', status: 503, named: false },
  ])('$name', async ({ status, named }) => {
    const { context, want } = world();
    const entry = want(desired({ a: '1' }));
    const apply = async (): Promise<never> => {
      throw new KubeError('apply ConfigMap n/x: failed calling webhook', { status, reason: 'InternalError' });
    };
    await expect(
      converge(entry, { ...context, client: { ...context.client, apply } }, { signal }),
    ).rejects.toMatchObject({ status });
    expect(entry.problem?.message).toEqual(named ? 'failed calling webhook' : undefined);
  });

  it('heals what others changed or deleted, and says what', async () => {
    const { context, want, edit, vanish } = world();
    const object = desired({ a: '1', b: '1' });
    const entry = want(object);
    await converge(entry, context, { signal });
    edit({ ...object.object, data: { a: '2', b: '1' } });
    expect(await converge(entry, context, { signal })).toMatchObject({
      kind: 'drifted',
      action: 'healed',
      drift: { change: 'modified', fields: ['data.a'] },
    });
    vanish();
    expect(await converge(entry, context, { signal })).toMatchObject({
      action: 'healed',
      drift: { change: 'deleted' },
    });
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'unchanged' });
  });

  it('only says so, once, when the policy is to alert; a new document is another matter', async () => {
    const { context, want, edit, writes } = world();
    const object = desired({ a: '1' }, {}, { drift: 'alert' });
    const entry = want(object);
    await converge(entry, context, { signal });
    edit({ ...object.object, data: { a: '2' } });
    expect(await converge(entry, context, { signal })).toMatchObject({ kind: 'drifted', action: 'reported' });
    expect(await converge(entry, context, { signal })).toMatchObject({ kind: 'drifted', action: 'standing' });
    expect(writes).toEqual(['apply']);
    expect(await converge(want(desired({ a: '3' })), context, { signal })).toEqual({ kind: 'applied' });
  });

  it('leaves an object on its way out alone', async () => {
    const { context, want, edit, writes } = world();
    const object = desired({ a: '1' });
    const entry = want(object);
    edit({ ...object.object, metadata: { ...object.object.metadata, deletionTimestamp: 'now' } });
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'terminating' });
    expect(writes).toEqual([]);
  });

  it("leaves someone else's namespace alone when nobody wrote it down", async () => {
    const { context, want, edit, writes } = world();
    const object = desired({}, { kind: 'Namespace', metadata: { name: 'theirs' } }, { implicit: true });
    const entry = want(object);
    edit({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'theirs' } });
    // The watch shows members only.
    context.table.forget(entry.key);
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'foreign' });
    expect(writes).toEqual([]);
  });

  it('brings nothing back that a newer document took away', async () => {
    const { context, want, table, vanish, writes } = world();
    const entry = want(desired({ a: '1' }));
    await converge(entry, context, { signal });
    vanish();
    table.setLayer('app', []);
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'unchanged' });
    expect(writes).toEqual(['apply']);
  });

  it('takes the end of a Job that Kubernetes removes by itself for no drift', async () => {
    const { context, want, vanish } = world();
    const entry = want(desired({}, { apiVersion: 'batch/v1', kind: 'Job', spec: { ttlSecondsAfterFinished: 5 } }));
    await converge(entry, context, { signal });
    vanish();
    expect(await converge(entry, context, { signal })).toEqual({ kind: 'unchanged' });
    expect(context.table.readinessOf(entry)).toEqual({ kind: 'current' });
  });

  describe('what cannot be changed in place', () => {
    const invalid = new KubeError('dry run of Job n/x: spec.template: field is immutable', {
      status: 422,
      reason: 'Invalid',
      fields: [{ field: 'spec.template', message: 'field is immutable' }],
    });
    const refusing = (context: ConvergeContext, { alsoAnew }: { readonly alsoAnew: boolean }): ConvergeContext => ({
      ...context,
      client: {
        ...context.client,
        apply: async (object) => {
          if (alsoAnew || object.metadata.name === 'x') throw invalid;
          return object;
        },
      },
    });
    const problem = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      namespace: 'n',
      name: 'x',
      field: 'spec.template',
      message: 'spec.template: field is immutable',
    };

    it.each<{ name: string; kind: string; rules: Partial<ObjectRules>; alsoAnew: boolean }>([
      { name: 'is a problem that names the field', kind: 'Job', rules: {}, alsoAnew: false },
      {
        name: 'stays when it would be refused anew too',
        kind: 'Job',
        rules: { immutable: 'recreate' },
        alsoAnew: true,
      },
    ])('$name', async ({ kind, rules, alsoAnew }) => {
      const { context, want, edit, writes } = world();
      const plain = desired({}, { apiVersion: 'batch/v1', kind }, rules);
      edit(plain.object);
      const entry = want(plain);
      await expect(converge(entry, refusing(context, { alsoAnew }), { signal })).rejects.toBe(invalid);
      expect(entry.problem).toEqual(problem);
      expect(writes).toEqual([]);
    });

    it('is deleted to be made anew, where the policy says so', async () => {
      const { context, want, edit, writes } = world();
      const job = desired({}, { apiVersion: 'batch/v1', kind: 'Job' }, { immutable: 'recreate' });
      edit(job.object);
      const outcome = await converge(want(job), refusing(context, { alsoAnew: false }), { signal });
      expect(outcome).toEqual({ kind: 'terminating' });
      expect(writes).toEqual(['delete']);
    });

    it.each(['PersistentVolumeClaim', 'Namespace', 'PersistentVolume'])(
      'is never deleted when it is a %s',
      async (kind) => {
        const { context, want, edit, writes } = world();
        const claim = desired({}, { kind }, { immutable: 'recreate' });
        edit(claim.object);
        await expect(converge(want(claim), refusing(context, { alsoAnew: false }), { signal })).rejects.toBe(invalid);
        expect(writes).toEqual([]);
      },
    );
  });

  it('leaves what another manager has to it, where the policy says so, and names it once', async () => {
    const { context, want, edit, writes } = world();
    const object = desired({ a: '1' }, {}, { conflicts: 'report' });
    const entry = want(object);
    await converge(entry, context, { signal });
    edit({ ...object.object, data: { a: '2' } });
    const conflict = new KubeError('dry run of ConfigMap n/x: Apply failed with 1 conflict', {
      status: 409,
      reason: 'Conflict',
      fields: [{ field: '.data.a', message: 'conflict with "other" using v1' }],
    });
    const contested: ConvergeContext = {
      ...context,
      client: {
        ...context.client,
        apply: async (wanted, options) => {
          if (options.force === false) throw conflict;
          return context.client.apply(wanted, options);
        },
      },
    };
    expect(await converge(entry, contested, { signal })).toMatchObject({
      kind: 'contested',
      message: expect.stringMatching(/^other manages data\.a: /),
      drift: { manager: 'other', diff: [{ path: 'data.a', before: '"1"', after: '"2"' }] },
    });
    expect(entry.problem).toMatchObject({ kind: 'ConfigMap', name: 'x', field: 'data.a' });
    expect(await converge(entry, contested, { signal })).toMatchObject({ kind: 'contested', drift: undefined });
    expect(writes).toEqual(['apply']);
  });
});
