/** The life of controllers: who leads, how they end, what they may do, and kinds that come later. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';

import { controllerRules, leaderElectionRules } from '#crossplane/controller/rbac';
import { NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import { LeaseLostError } from '#kubernetes/lease';
import { mapAt, valueAt, type KubeObject } from '#kubernetes/object';
import { kubectl, uniqueName } from '#test/support/cluster';
import { temporaryFolder } from '#test/support/palette';

import { CONFIG_NAME, condition, definitions, done, eventually, serve, useSite } from './support/site.ts';

jest.setTimeout(90_000);

const { site, newPlace, start } = useSite();

const limit = () => ({ signal: AbortSignal.timeout(30_000) });
const leaseRef = (name: string) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'default',
  name,
});

describe('replicas', () => {
  it('stand by, ready, while one leads, and take over when it is told to stop', async () => {
    const place = await newPlace();
    const leaderElection = { name: uniqueName('lease') };
    const looks: string[] = [];
    const replica = async (name: string) =>
      start(
        () => async (_kind, object) => {
          if (object.metadata.namespace === place.namespace) looks.push(name);
          return done;
        },
        { leaderElection: { ...leaderElection, identity: name, retryMs: 100 } },
      );
    const first = await replica('first');
    await eventually('the first leads', async () =>
      (await first.get('/readyz')).text.includes('leading') ? 1 : undefined,
    );
    const second = await replica('second');
    await place.make('one');
    await eventually('the first looks at it', () => (looks.includes('first') ? true : undefined));
    const standby = await second.get('/readyz');
    expect(standby).toEqual({ status: 200, text: '{"ok":true,"state":"standing by"}\n' });
    expect((await second.get('/healthz')).status).toBe(200);
    expect(await second.metric('palette_controller_leader')).toBe(0);
    expect(await first.metric('palette_controller_leader')).toBe(1);

    const began = performance.now();
    expect(await first.stop()).toBeUndefined();
    await eventually('the second looks at it', () => (looks.includes('second') ? true : undefined));
    // It was given back: nobody waited for it to expire.
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  it('end with an error, and at once, when somebody else has the lease', async () => {
    const place = await newPlace();
    const name = uniqueName('lease');
    let reason: unknown;
    const controller = await start(
      () =>
        async (_kind, object, { signal }) => {
          if (object.metadata.namespace !== place.namespace) return done;
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          reason = signal.reason;
          throw signal.reason;
        },
      { leaderElection: { name, retryMs: 100 }, drainMs: 60_000 },
    );
    await eventually('it leads', async () =>
      (await controller.get('/readyz')).text.includes('leading') ? 1 : undefined,
    );
    await place.make('running');
    await eventually('it works', async () => (await controller.metric('palette_controller_queue_length')) || undefined);
    const stolenAt = performance.now();
    await site().kube.mergePatch(leaseRef(name), { spec: { holderIdentity: 'a thief' } }, limit());
    const error = await controller.ended;
    expect(performance.now() - stolenAt).toBeLessThan(2_000);
    expect(error).toBeInstanceOf(LeaseLostError);
    expect(reason).toBe(error);
    const lease = await site().kube.get(leaseRef(name), limit());
    expect(valueAt(lease, 'spec', 'holderIdentity')).toBe('a thief');
  });
});

describe('a controller that is told to stop', () => {
  it('lets what runs come to its end, and begins nothing new', async () => {
    const place = await newPlace();
    const began: string[] = [];
    let finish: () => void = () => undefined;
    let wasAborted: boolean | undefined;
    const controller = await start(
      () =>
        async (_kind, object, { signal }) => {
          if (object.metadata.namespace !== place.namespace) return done;
          began.push(object.metadata.name);
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          wasAborted = signal.aborted;
          return done;
        },
      { workers: 1, drainMs: 30_000 },
    );
    await place.make('first');
    await eventually('it works', () => began[0]);
    await place.make('second');
    const stopped = controller.stop();
    await eventually('it is stopping', () => (wasAborted === undefined ? true : undefined));
    finish();
    expect(await stopped).toBeUndefined();
    expect(wasAborted).toBe(false);
    expect(began).toEqual(['first']);
  });

  it('stops what does not come to its end in time', async () => {
    const place = await newPlace();
    let reason: unknown;
    let began = false;
    const controller = await start(
      () =>
        async (_kind, object, { signal }) => {
          if (object.metadata.namespace !== place.namespace) return done;
          began = true;
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          reason = signal.reason;
          throw signal.reason;
        },
      { drainMs: 100 },
    );
    await place.make('endless');
    await eventually('it works', () => began || undefined);
    expect(await controller.stop()).toBeUndefined();
    expect(String(reason)).toContain('the controller ends');
  });
});

describe('with its own rights', () => {
  it('a controller does all its work, and cannot list Secrets', async () => {
    const folder = await temporaryFolder('rights');
    const name = uniqueName('controller');
    const namespace = 'default';
    const rbac = 'rbac.authorization.k8s.io/v1';
    const account = { kind: 'ServiceAccount', name, namespace };
    const objects: KubeObject[] = [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
      { apiVersion: rbac, kind: 'ClusterRole', metadata: { name }, rules: controllerRules() },
      {
        apiVersion: rbac,
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [account],
      },
      { apiVersion: rbac, kind: 'Role', metadata: { name, namespace }, rules: leaderElectionRules() },
      {
        apiVersion: rbac,
        kind: 'RoleBinding',
        metadata: { name, namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [account],
      },
    ];
    for (const object of objects) await site().kube.apply(object, limit());
    const token = (await kubectl(site().cluster, ['create', 'token', name, '--namespace', namespace])).trim();
    const kubeconfig = join(folder.dir, 'kubeconfig');
    const cluster = { server: site().cluster.server, 'certificate-authority': site().cluster.caFile };
    await writeFile(
      kubeconfig,
      stringify({
        'current-context': 'own',
        clusters: [{ name: 'own', cluster }],
        contexts: [{ name: 'own', context: { cluster: 'own', user: 'own' } }],
        users: [{ name: 'own', user: { token } }],
      }),
      { mode: 0o600 },
    );
    const refused: string[] = [];
    const place = await newPlace();
    const log = {
      debug: (fields: object) => {
        const status = valueAt(mapAt(fields)['err'], 'status');
        if (status === 403) refused.push(String(mapAt(fields)['err']));
      },
      info: () => undefined,
      warn: (fields: object) => log.debug(fields),
      error: (fields: object) => log.debug(fields),
      child: () => log,
    };
    // With the controller's own reconciler, which does all that it ever does with Kubernetes.
    const controller = await start(undefined, { kubeconfig, leaderElection: { name, retryMs: 100 } }, log);
    const made = await place.make(uniqueName('own'), {
      spec: { writeConnectionSecretToRef: { name: 'connection' } },
    });
    await eventually('it is ready', async () => {
      const { text } = await controller.get('/metrics');
      return /palette_controller_managed_resources_ready\{kind="Project",scope="Namespaced"\} [1-9]/.test(text)
        ? true
        : undefined;
    });
    await eventually('its configuration says that all is well', async () =>
      condition(await place.read('ProviderConfig', CONFIG_NAME), 'Ready')?.['status'] === 'True' ? true : undefined,
    );
    await place.remove('Project', made.metadata.name);
    await eventually('it is gone', async () =>
      (await place.read('Project', made.metadata.name)) === undefined ? true : undefined,
    );
    for (const verb of ['list', 'watch', 'delete', 'update']) {
      const answer = await kubectl({ kubeconfig }, [
        'auth',
        'can-i',
        verb,
        'secrets',
        '--all-namespaces',
        '--quiet',
      ]).then(
        () => 'yes',
        () => 'no',
      );
      expect({ verb, answer }).toEqual({ verb, answer: 'no' });
    }
    expect(refused).toEqual([]);
    await folder.remove();
  });
});

describe('a kind whose definition comes later', () => {
  it('is picked up', async () => {
    const place = await newPlace();
    const definition = (await definitions()).find(({ metadata }) => metadata.name === `macros.${NAMESPACED_GROUP}`);
    if (!definition) throw new Error('there is no such kind');
    const ref = { apiVersion: definition.apiVersion, kind: definition.kind, name: definition.metadata.name };
    await site().kube.delete(ref, limit());
    await eventually('its definition is gone', async () =>
      (await site().kube.get(ref, limit())) === undefined ? true : undefined,
    );
    site().kube.discovery.invalidate();
    const looks: string[] = [];
    const controller = await start(() => async (_kind, object) => {
      looks.push(object.metadata.name);
      return done;
    });
    await eventually('it leads', async () =>
      (await controller.get('/readyz')).text.includes('leading') ? 1 : undefined,
    );
    await serve(site().kube, [definition], limit());
    site().kube.discovery.invalidate();
    await site().kube.create(
      {
        apiVersion: `${NAMESPACED_GROUP}/${VERSION}`,
        kind: 'Macros',
        metadata: { name: 'late', namespace: place.namespace },
        spec: { forProvider: { macros: { region: 'north' } } },
      },
      limit(),
    );
    await eventually('it is looked at', () => looks[0]);
    expect(looks).toEqual(['late']);
  });
});
