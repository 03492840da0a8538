/** The controller around a reconciler of the test's own: when it calls it, with which connection, and what it keeps. */
import { describe, expect, it, jest } from '@jest/globals';

import type { ManagedObject, Reconciler, ReconcilerDependencies } from '#crossplane/controller/contracts';
import { ANNOTATIONS, IN_USE_FINALIZER } from '#crossplane/schema/groups';
import { valueAt } from '#kubernetes/object';

import {
  CONFIG_NAME,
  condition,
  done,
  eventually,
  makeDetour,
  type startController,
  useSite,
  type Place,
} from './support/site.ts';

jest.setTimeout(90_000);

const { site, newPlace, start } = useSite();

/** A reconciler for the objects of one place; others of the cluster are left alone. */
function inPlace(place: Place, reconcile: (dependencies: ReconcilerDependencies) => Reconciler['reconcile']) {
  return (dependencies: ReconcilerDependencies): Reconciler['reconcile'] => {
    const own = reconcile(dependencies);
    return async (kind, object, options) =>
      object.metadata.namespace === place.namespace
        ? own(kind, object, options)
        : { ...done, requeue: { kind: 'rest' } };
  };
}

/** Notes when it is called, and for what. */
function notes() {
  const looks: { readonly name: string; readonly at: number; readonly object: ManagedObject }[] = [];
  const note = (object: ManagedObject): void =>
    void looks.push({ name: object.metadata.name, at: performance.now(), object });
  return { looks, note, of: (name: string) => looks.filter((look) => look.name === name) };
}

describe('provider configurations', () => {
  it('stay while they are in use, say by whom, and go with the last user', async () => {
    const place = await newPlace({ spec: { project: 'Default' } });
    const seen: unknown[] = [];
    await start(
      inPlace(place, ({ providerConfigs }) => async (kind, object, options) => {
        if (object.metadata.deletionTimestamp !== undefined) {
          await providerConfigs.release(kind, object, options);
          return { ...done, requeue: { kind: 'rest' } };
        }
        const outcome = await providerConfigs.connect(kind, object, options);
        seen.push(outcome.kind === 'connected' ? outcome.connection.projectName : outcome);
        return done;
      }),
    );
    await place.make('first');
    await eventually('the first is reconciled', () => (seen.length > 0 ? true : undefined));
    expect(seen[0]).toBe('Default');
    const config = await eventually('the configuration is ready, and has a user', async () => {
      const found = await place.read('ProviderConfig', CONFIG_NAME);
      return condition(found, 'Ready')?.['status'] === 'True' && valueAt(found, 'status', 'users') === 1
        ? found
        : undefined;
    });
    expect(config.metadata.finalizers).toEqual([IN_USE_FINALIZER]);

    await place.remove('ProviderConfig', CONFIG_NAME);
    const message = await eventually('it says who uses it', async () => {
      const found = condition(await place.read('ProviderConfig', CONFIG_NAME), 'Terminating');
      return found?.['message'];
    });
    expect(message).toBe(
      `1 managed resource uses it: Project ${place.namespace}/first. It goes when the last of them is gone.`,
    );
    await place.remove('Project', 'first');
    await eventually('it is gone', async () =>
      (await place.read('ProviderConfig', CONFIG_NAME)) === undefined ? true : undefined,
    );
  });

  it('take up a new key without a restart, after the old one was revoked', async () => {
    const place = await newPlace();
    const admin = site().plane.client();
    const { uid, apiKey } = await admin.post('/v1/apiKeys', { body: { metadata: { name: place.namespace } } });
    await place.writeSecret({ apiKey: String(apiKey), 'ca.crt': site().plane.ca });
    const outcomes: string[] = [];
    const lines: string[] = [];
    await start(
      inPlace(place, ({ providerConfigs }) => async (kind, object, options) => {
        const outcome = await providerConfigs.connect(kind, object, options);
        if (outcome.kind === 'failed') {
          outcomes.push(outcome.reason);
          return { requeue: { kind: 'failed', error: new Error(outcome.reason) }, ready: false, synced: false };
        }
        try {
          await outcome.connection.client.get('/v1/users/info', { signal: options.signal });
          outcomes.push('ok');
        } catch (error) {
          outcomes.push(String(valueAt(error, 'status')));
        }
        return done;
      }),
      { pollIntervalMs: 1_000 },
      recordingLogger(lines),
    );
    await place.make('rotated');
    await eventually('it is connected', () => (outcomes.includes('ok') ? true : undefined));
    await admin.delete('/v1/apiKeys/{uid}', { path: { uid: uid ?? '' } });
    await place.patch('Project', 'rotated', { metadata: { labels: { look: 'again' } } });
    await eventually('the configuration says that the key is refused', async () => {
      const found = condition(await place.read('ProviderConfig', CONFIG_NAME), 'Ready');
      return found?.['reason'] === 'CredentialsInvalid' ? true : undefined;
    });
    await place.patch('Project', 'rotated', { metadata: { labels: { look: 'twice' } } });
    await eventually('managed resources are told', () => (outcomes.includes('CredentialsInvalid') ? true : undefined));
    outcomes.length = 0;
    await place.writeSecret({ apiKey: site().plane.apiKey, 'ca.crt': site().plane.ca });
    await eventually('the new key is used', () => (outcomes.includes('ok') ? true : undefined));
    await eventually('the configuration says that all is well', async () => {
      const found = condition(await place.read('ProviderConfig', CONFIG_NAME), 'Ready');
      return found?.['status'] === 'True' && found['reason'] === 'Available' ? true : undefined;
    });
    const log = lines.join('\n');
    expect(log).toContain('connected to the API');
    expect(log).not.toContain(site().plane.apiKey);
    expect(log).not.toContain(String(apiKey));
  });

  it.each([
    {
      name: 'a Secret that is not there',
      spec: { credentials: { source: 'Secret', secretRef: { name: 'elsewhere' } } },
      reason: 'CredentialsInvalid',
      message: /there is no Secret place-\w+\/elsewhere; make it, with key apiKey/,
    },
    {
      name: 'a project that is not there',
      spec: { project: 'nowhere' },
      reason: 'ProjectNotFound',
      message: /there is no project "nowhere" on localhost:\d+; the API key sees Default/,
    },
    {
      name: 'a host where nothing answers',
      spec: { host: 'localhost:1' },
      reason: 'ApiUnreachable',
      message: /localhost:1 cannot be reached: check the host/,
    },
  ])('say what is wrong with $name', async ({ spec, reason, message }) => {
    const place = await newPlace({ spec });
    await start(inPlace(place, () => async () => done));
    const ready = await eventually('it says so', async () =>
      condition(await place.read('ProviderConfig', CONFIG_NAME), 'Ready'),
    );
    expect(ready).toMatchObject({ status: 'False', reason });
    expect(ready['message']).toMatch(message);
  });

  it('limit the rate of requests: they wait, and do not fail', async () => {
    const place = await newPlace({ spec: { rateLimit: { requestsPerSecond: 20, burst: 1 } } });
    let took = 0;
    await start(
      inPlace(place, ({ providerConfigs }) => async (kind, object, options) => {
        const outcome = await providerConfigs.connect(kind, object, options);
        if (outcome.kind === 'failed' || took > 0) return done;
        const { client } = outcome.connection;
        const began = performance.now();
        await Promise.all(
          Array.from({ length: 21 }, async () => client.get('/v1/users/info', { signal: options.signal })),
        );
        took = performance.now() - began;
        return done;
      }),
    );
    await place.make('busy');
    await eventually('all are answered', () => (took > 0 ? true : undefined));
    expect(took).toBeGreaterThan(950);
  });

  it('say that the API is away, and that it is back, without being asked', async () => {
    const detour = await makeDetour(site().plane);
    const place = await newPlace({ spec: { host: detour.host } });
    const { note, of } = notes();
    const outcomes: string[] = [];
    const controller = await start(
      inPlace(place, ({ providerConfigs }) => async (kind, object, options) => {
        note(object);
        const outcome = await providerConfigs.connect(kind, object, options);
        outcomes.push(outcome.kind === 'connected' ? 'connected' : outcome.reason);
        if (outcome.kind === 'failed') {
          return { requeue: { kind: 'failed', error: new Error(outcome.message) }, ready: false, synced: false };
        }
        const { client, realm } = outcome.connection;
        try {
          await client.get('/v1/users/info', { signal: options.signal });
        } catch (error) {
          return { requeue: { kind: 'failed', error: asError(error) }, ready: false, synced: false };
        }
        return { ...done, watch: { realm, external: { type: 'project', uid: 'p1' } } };
      }),
      { pollIntervalMs: 3_600_000 },
    );
    const streams = async (open: number) =>
      (await controller.metric('palette_controller_event_streams_open')) === open ? true : undefined;
    await place.make('patient');
    await eventually('it is connected', () => of('patient')[0]);
    await eventually('the stream is open', async () => streams(1));
    await detour.close();
    await place.patch('Project', 'patient', { metadata: { labels: { look: 'again' } } });
    const away = await eventually('the configuration says so', async () => {
      const found = condition(await place.read('ProviderConfig', CONFIG_NAME), 'Ready');
      return found?.['status'] === 'False' ? found : undefined;
    });
    expect(away['reason']).toBe('ApiUnreachable');
    await eventually('the stream is known to be closed', async () => streams(0));
    await eventually('managed resources are told', () => (outcomes.includes('ApiUnreachable') ? true : undefined));
    outcomes.length = 0;
    await detour.open();
    await eventually('the configuration is ready again', async () => {
      const found = condition(await place.read('ProviderConfig', CONFIG_NAME), 'Ready');
      return found?.['status'] === 'True' ? true : undefined;
    });
    await eventually('managed resources go on', () => (outcomes.includes('connected') ? true : undefined));
    await eventually('the stream is open again', async () => streams(1));
    await controller.stop();
    await detour.close();
  });

  it('go when the record of a user is all that is left of it', async () => {
    const place = await newPlace();
    const record = {
      ...place.ref('ProviderConfigUsage', 'left-over'),
      metadata: { name: 'left-over', namespace: place.namespace },
      providerConfigRef: { kind: 'ProviderConfig', name: CONFIG_NAME },
      resourceRef: { ...place.ref('Project', 'gone'), uid: 'left-over' },
    };
    await site().kube.create(record, { signal: AbortSignal.timeout(10_000) });
    await start(inPlace(place, () => async () => done));
    await eventually('the record is gone', async () =>
      (await place.read('ProviderConfigUsage', 'left-over')) === undefined ? true : undefined,
    );
    await place.remove('ProviderConfig', CONFIG_NAME);
    const isGone = await eventually('the configuration is gone', async () =>
      (await place.read('ProviderConfig', CONFIG_NAME)) === undefined ? true : undefined,
    );
    expect(isGone).toBe(true);
  });
});

describe('managed resources', () => {
  it('are looked at when their spec changes, and not when their status does', async () => {
    const place = await newPlace();
    const { note, of } = notes();
    await start(
      inPlace(place, ({ kube }) => async (_kind, object, { signal }) => {
        note(object);
        const status = { status: { atProvider: { id: `look-${of(object.metadata.name).length}` } } };
        await kube.mergePatch(place.ref('Project', object.metadata.name), status, { signal, subresource: 'status' });
        return done;
      }),
    );
    await place.make('quiet');
    await eventually('the first look', () => of('quiet')[0]);
    await place.patch('Project', 'quiet', { spec: { forProvider: { description: 'changed' } } });
    const second = await eventually('the second look', () => of('quiet')[1]);
    expect(valueAt(second.object, 'spec', 'forProvider', 'description')).toBe('changed');
    expect(valueAt(second.object, 'status', 'atProvider', 'id')).toBe('look-1');
    // Whatever else would have called for a look has been heard of when a later object has been looked at.
    await place.make('later');
    await eventually('the later one', () => of('later')[0]);
    expect(of('quiet')).toHaveLength(2);
  });

  it('are looked at in the interval that their annotation asks for', async () => {
    const place = await newPlace();
    const { note, of } = notes();
    await start(
      inPlace(place, () => async (_kind, object) => {
        note(object);
        return done;
      }),
    );
    await place.make('often', { annotations: { [ANNOTATIONS.pollInterval]: '1s' } });
    await eventually('four looks', () => of('often')[3]);
    const gaps = of('often')
      .slice(1)
      .map(({ at }, index) => at - (of('often')[index]?.at ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(950);
    for (const gap of gaps) expect(gap).toBeLessThan(2_000);
  });

  it('are looked at when the plane tells of a change', async () => {
    const place = await newPlace();
    const admin = site().plane.client();
    const { uid } = await admin.post('/v1/projects', { body: { metadata: { name: place.namespace } } });
    const { note, of } = notes();
    const controller = await start(
      inPlace(place, ({ providerConfigs }) => async (kind, object, options) => {
        note(object);
        const outcome = await providerConfigs.connect(kind, object, options);
        if (outcome.kind === 'failed')
          return { ...done, requeue: { kind: 'failed', error: new Error(outcome.message) } };
        const { realm } = outcome.connection;
        return { ...done, watch: { realm, external: { type: 'project', uid: uid } } };
      }),
      { pollIntervalMs: 3_600_000 },
    );
    await place.make('watching');
    await eventually('the stream is open', async () =>
      (await controller.metric('palette_controller_event_streams_open')) === 1 ? true : undefined,
    );
    await eventually('the first look', () => of('watching')[0]);
    // The stream's beginning calls for a look of its own, when the first one was before it.
    const before = of('watching').length;
    const changedAt = performance.now();
    await admin.put('/v1/projects/{uid}', {
      path: { uid: uid },
      body: { metadata: { name: place.namespace, annotations: { description: 'changed elsewhere' } } },
    });
    const look = await eventually('another look', () => of('watching')[before]);
    expect(look.at).toBeGreaterThan(changedAt);
    expect(await controller.metric('palette_controller_event_streams_wanted')).toBe(1);
  });

  it('learn that another one has their external name first', async () => {
    const place = await newPlace();
    const rivals = new Map<string, unknown>();
    await start(
      inPlace(place, ({ providerConfigs, claims }) => async (kind, object, options) => {
        const outcome = await providerConfigs.connect(kind, object, options);
        if (outcome.kind === 'failed')
          return { ...done, requeue: { kind: 'failed', error: new Error(outcome.message) } };
        const { realm } = outcome.connection;
        rivals.set(object.metadata.name, claims.rival({ kind, object, realm, externalName: 'shared' })?.name);
        return done;
      }),
    );
    await place.make('older', { annotations: { [ANNOTATIONS.externalName]: 'shared' } });
    await eventually('the older one has it', () => (rivals.has('older') ? true : undefined));
    await site().kube.mergePatch(
      place.ref('Project', 'older'),
      { status: { atProvider: { id: 'shared' } } },
      { signal: AbortSignal.timeout(10_000), subresource: 'status' },
    );
    await place.make('younger', { annotations: { [ANNOTATIONS.externalName]: 'shared' } });
    await eventually('the younger one is refused', () => (rivals.get('younger') === 'older' ? true : undefined));
    expect(rivals.get('older')).toBeUndefined();
    await place.remove('Project', 'older');
    await eventually('the younger one may have it now', () =>
      rivals.has('younger') && rivals.get('younger') === undefined ? true : undefined,
    );
  });

  it('have their steps told as events, counted when they repeat', async () => {
    const place = await newPlace();
    let looks = 0;
    await start(
      inPlace(place, ({ events }) => async (_kind, object) => {
        events.record({ object, type: 'Normal', reason: 'CreatedExternalResource', message: 'made it' });
        return ++looks < 3 ? { ...done, requeue: { kind: 'failed', error: new Error('again') } } : done;
      }),
    );
    await place.make('talkative');
    const type = await site().kube.discovery.resourceType(
      { apiVersion: 'v1', kind: 'Event' },
      { signal: AbortSignal.timeout(10_000) },
    );
    if (!type) throw new Error('there are no events');
    const event = await eventually('three times', async () => {
      const { items } = await site().kube.list(type, {
        namespace: place.namespace,
        signal: AbortSignal.timeout(10_000),
      });
      return items.find((each) => each['count'] === 3);
    });
    expect(event).toMatchObject({
      reason: 'CreatedExternalResource',
      message: 'made it',
      type: 'Normal',
      involvedObject: { kind: 'Project', name: 'talkative', namespace: place.namespace },
      source: { component: 'palette-controller' },
    });
  });
});

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function recordingLogger(lines: string[]): Parameters<typeof startController>[3] {
  const write = (fields: object, message: string): void => void lines.push(`${JSON.stringify(fields)} ${message}`);
  const logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}
