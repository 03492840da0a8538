/** Helm's hooks, and what packs wait for, at a real API server whose Jobs' pods run to their end. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { mapAt, valueAt, type KubeObject } from '#kubernetes/object';
import type { DesiredLayer } from '#protocol/desired-state';

import { kubectl } from '../support/cluster.ts';
import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  refTo,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';

jest.setTimeout(90_000);

let cluster: TestCluster;
let site: TestSite;

beforeAll(async () => {
  cluster = await openCluster();
}, 20 * 60_000);
afterAll(async () => cluster.close());
beforeEach(async () => {
  site = await createSite(cluster);
  await site.invite();
});
afterEach(async () => site.stop());

type HookOptions = { readonly weight?: number; readonly deletes?: string; readonly note?: string };

const annotationsOf = (events: string, { weight = 0, deletes }: HookOptions): object => ({
  'helm.sh/hook': events,
  'helm.sh/hook-weight': String(weight),
  ...(deletes === undefined ? {} : { 'helm.sh/hook-delete-policy': deletes }),
});

/** A Job whose end the test decides. */
function job(name: string, events: string, options: HookOptions = {}): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    // @ts-expect-error The annotations are made of what is given.
    metadata: { name, namespace: site.namespace, annotations: annotationsOf(events, options) },
    spec: {
      suspend: true,
      backoffLimit: 0,
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: `example.com/${options.note ?? 'a'}` }] },
      },
    },
  };
}

async function end(name: string, how: 'Complete' | 'Failed'): Promise<KubeObject> {
  const found = await eventually(`Job ${name} is there`, async () => {
    const one = await site.object(refTo(job(name, 'test')));
    return one?.metadata.deletionTimestamp === undefined && mapAt(one, 'status')['conditions'] !== undefined
      ? one
      : undefined;
  });
  const at = new Date().toISOString();
  const conditions = [
    { type: how === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', status: 'True', lastTransitionTime: at },
    { type: how, status: 'True', message: `it was made to be ${how}`, lastTransitionTime: at, lastProbeTime: at },
  ];
  const status = {
    conditions,
    startTime: at,
    ...(how === 'Complete' ? { completionTime: at } : {}),
  };
  await kubectl(cluster, [
    'patch',
    'job',
    name,
    '-n',
    site.namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);
  return found;
}

const there = async (object: KubeObject): Promise<boolean> => (await site.object(refTo(object))) !== undefined;
const main = (note: string): KubeObject => configMap(site.namespace, 'main', { note });

describe("Helm's hooks", () => {
  it('run before and after the objects, each to its end, once for each content, by their weight', async () => {
    const hooks = (note = 'a'): KubeObject[] => [
      job('second', 'pre-install,pre-upgrade', { weight: 5, note }),
      job('first', 'pre-install', { weight: -5, deletes: 'hook-succeeded' }),
      job('after', 'post-install,post-upgrade', { note, deletes: 'before-hook-creation,hook-succeeded' }),
      job('upgrade', 'pre-upgrade', { weight: 9 }),
    ];
    const revision = await site.plane.offer({ layers: [layer('app', 10, main('1'), ...hooks())] });
    const agent = await site.startAgent();
    await end('first', 'Complete');
    expect(await there(job('second', 'test'))).toBe(false);
    const second = await end('second', 'Complete');
    await eventually('the objects come', async () => (await there(main('1'))) || undefined);
    await end('after', 'Complete');
    await site.applied(revision);
    expect(
      await Promise.all(['first', 'second', 'after', 'upgrade'].map(async (name) => there(job(name, 'test')))),
    ).toEqual([false, true, false, false]);

    // What has run is no part of what is enforced: that it is gone, or another agent comes, changes nothing.
    await agent.stop();
    await site.remove(refTo(job('second', 'test')));
    await site.startAgent();
    const values = '# another word in the values, the same objects';
    await site.applied(await site.plane.offer({ layers: [{ ...layer('app', 10, main('1'), ...hooks()), values }] }));
    expect(await there(job('second', 'test'))).toBe(false);

    const upgrade = await site.plane.offer({ layers: [layer('app', 10, main('2'), ...hooks('b'))] });
    const again = await end('second', 'Complete');
    expect(again.metadata.uid).not.toBe(second.metadata.uid);
    expect(mapAt(await site.object(refTo(main(''))), 'data')).toEqual({ note: '1' });
    await end('upgrade', 'Complete');
    await end('after', 'Complete');
    await site.applied(upgrade);
    expect(mapAt(await site.object(refTo(main(''))), 'data')).toEqual({ note: '2' });

    await site.applied(await site.plane.offer({ layers: [] }));
    expect(await Promise.all(['second', 'upgrade'].map(async (name) => there(job(name, 'test'))))).toEqual([
      false,
      false,
    ]);
  });

  it('hold the objects back when they fail, and say so; a removal waits for its own', async () => {
    const broken = await site.plane.offer({
      layers: [layer('app', 10, main('1'), job('migrate', 'pre-install', { deletes: 'hook-failed' }))],
    });
    await site.startAgent();
    await end('migrate', 'Failed');
    const status = await eventually('the failure is told', () =>
      site.status()?.phase === 'failed' ? site.status() : undefined,
    );
    expect(status.layers[0]).toMatchObject({
      condition: 'Error',
      message: `hook pre-install Job ${site.namespace}/migrate failed: it was made to be Failed`,
    });
    expect(status.revision).toBe(broken);
    expect(await there(main(''))).toBe(false);

    await site.applied(await site.plane.offer({ layers: [layer('app', 10, main('1'), job('goodbye', 'pre-delete'))] }));
    expect(await there(job('goodbye', 'test'))).toBe(false);
    const removal = await site.plane.offer({ layers: [] });
    await end('goodbye', 'Complete');
    await site.applied(removal);
    expect(await there(main(''))).toBe(false);
    expect((await site.ownSecrets()).filter((name) => name.includes('release'))).toEqual([]);
  });

  it('that fail before a removal hold it, and the cluster with it; who deletes the record goes on without them', async () => {
    const applied = await site.plane.offer({ layers: [layer('app', 10, main('1'), job('goodbye', 'pre-delete'))] });
    await site.startAgent();
    await site.applied(applied);
    const removal = await site.plane.offer({ lifecycle: 'deleting', layers: [] });
    await end('goodbye', 'Failed');
    const told = await eventually('the failure is told', () =>
      site.status()?.layers.find(({ name }) => name === 'app'),
    );
    expect(told).toMatchObject({
      condition: 'Error',
      message: expect.stringContaining(
        `hook pre-delete Job ${site.namespace}/goodbye failed: it was made to be Failed`,
      ),
    });
    expect(site.status()).toMatchObject({ phase: 'failed', revision: removal });
    expect(await there(main(''))).toBe(true);
    const [record] = (await site.ownSecrets()).filter((name) => name.includes('release'));
    expect(told.message).toContain(`delete the Secret ${site.namespace}/${record}`);
    await site.remove({ apiVersion: 'v1', kind: 'Secret', namespace: site.namespace, name: record ?? '' });
    await eventually('the cluster is cleaned', () => site.status()?.phase === 'cleaned' || undefined);
    expect(await there(main(''))).toBe(false);
  });

  it('that are tests run where the values ask for it, after all else', async () => {
    const tested = (values: string): DesiredLayer => ({
      ...layer('app', 10, main('1'), job('check', 'test', { deletes: 'hook-succeeded' })),
      values,
    });
    await site.applied((await offerAndStart(tested(''))) ?? 0);
    expect(await there(job('check', 'test'))).toBe(false);
    await site.plane.offer({ layers: [tested('pack:\n  test: true\n')] });
    await end('check', 'Failed');
    const failed = await eventually('it is told', () =>
      site.status()?.layers[0]?.condition === 'Error' ? site.status()?.layers[0]?.message : undefined,
    );
    expect(failed).toContain(`hook test Job ${site.namespace}/check failed`);
    expect(await there(main(''))).toBe(true);
  });
});

async function offerAndStart(one: DesiredLayer): Promise<number> {
  const revision = await site.plane.offer({ layers: [one] });
  await site.startAgent();
  return revision;
}

describe('what a pack waits for', () => {
  const after = (): KubeObject => configMap(site.namespace, 'after', {});

  it('is looked at before the next wave: objects of others by readinessCheck, its own by CEL', async () => {
    const values = `
pack:
  health:
    - kind: ConfigMap
      group: ''
      cel: object.data.phase == 'Up'
      failed: object.data.phase == 'Broken'
readinessCheck:
  v1beta1:
    - name: theirs
      kind: ConfigMap
      version: v1
      namespace: ${site.namespace}
      keysToCheck: [{ keyToCheck: data.ready, expectedValue: 'yes' }]
`;
    const own = configMap(site.namespace, 'own', { phase: 'Starting' });
    const enforcement = { ignore: [{ fields: ['/data/phase'] }] };
    const revision = await site.plane.offer({
      layers: [{ ...layer('first', 10, own), values, enforcement }, layer('second', 20, after())],
    });
    await site.startAgent();
    const first = async (text: string): Promise<void> => {
      await eventually(
        `the first says ${text}`,
        () => JSON.stringify(site.status()?.layers[0] ?? '').includes(text) || undefined,
        () => JSON.stringify(site.status()?.layers),
      );
    };
    await first('by the rule of its pack it is not ready');
    await site.edit(refTo(own), { data: { phase: 'Broken' } });
    await first('by the rule of its pack it has failed');
    await site.edit(refTo(own), { data: { phase: 'Up' } });
    await first(`waits for ConfigMap ${site.namespace}/theirs`);
    await site.create(configMap(site.namespace, 'theirs', { ready: 'no' }));
    await first('data.ready is');
    expect(valueAt(await site.object(refTo(after())), 'kind')).toBeUndefined();
    await site.edit(refTo(configMap(site.namespace, 'theirs', {})), { data: { ready: 'yes' } });
    await site.applied(revision);
    expect(await there(after())).toBe(true);
  });

  it('is refused where it cannot be read, with the place', async () => {
    await offerAndStart({
      ...layer('app', 10, main('1')),
      values: 'pack:\n  health:\n    - { kind: X, cel: "object.a +" }\n',
    });
    const message = await eventually('it is told', () =>
      site.status()?.layers[0]?.condition === 'Error' ? site.status()?.layers[0]?.message : undefined,
    );
    expect(message).toMatch(/pack\.health of X: cel: .*line 1/);
  });
});
