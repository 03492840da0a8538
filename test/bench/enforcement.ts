/** How fast the agent heals and how fast a change arrives, with 1,000 objects under management. */
import { text } from 'node:stream/consumers';

import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { type KubeAccess, accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { type JsonMap, type KubeObject, isKubeObject, mapAt, valueAt } from '#kubernetes/object';
import { watchKind } from '#kubernetes/watch';
import { openConnections } from '#kubernetes/http';
import { silentLogger } from '#core/log';
import type { Scope } from '#openapi/client/index';

import type { Environment } from './environment.ts';
import { findDescendant, residentMiB } from './processes.ts';
import { type Row, duration, median, percentile } from './statistics.ts';

const OBJECTS = 1000;
const EDITS = 200;
const CHANGES = 20;
const NAMESPACE = 'bench';
const WAIT_MS = 120_000;

/** ConfigMaps of one namespace as they are now, and the moment at which one gets a wanted value. */
interface Follower {
  /** With `after`, only versions of the object newer than that resource version count. */
  until(name: string, key: string, value: string, after?: number): Promise<number>;
}

export async function benchEnforcement(environment: Environment): Promise<Row[]> {
  const stop = new AbortController();
  const access = await accessFromKubeconfig(environment.kubeconfig);
  const kube = createKubeClient(access, { fieldManager: 'bench' });
  try {
    const agentPid = await findDescendant(environment.pid, ['agent', 'run']);
    const idleMiB = await residentMiB(agentPid);
    const { scope, clusterUid } = await attachCluster(environment);
    const follower = await follow(kube, stop.signal);
    await follower.until(name(OBJECTS - 1), 'fixed', 'yes');
    await settled(environment, scope, clusterUid);
    const appliedMiB = await residentMiB(agentPid);

    const healed: number[] = [];
    const edit = foreignEditor(access);
    for (let index = 0; index < EDITS; index++) {
      const target = name((index * 37) % OBJECTS);
      const edited = await edit(target, { fixed: `edited-${index}` }, stop.signal);
      healed.push((await follower.until(target, 'fixed', 'yes', edited.resourceVersion)) - edited.at);
    }

    const arrived: number[] = [];
    for (let change = 0; change < CHANGES; change++) {
      const value = `change-${change}`;
      const asked = performance.now();
      const at = follower.until(name(0), 'greeting', value);
      await setGreeting(environment, scope, clusterUid, value);
      arrived.push((await at) - asked);
    }

    const busyMiB = await residentMiB(agentPid);
    const planeMiB = await residentMiB(await findDescendant(environment.pid, ['plane', 'run']));
    const p99 = percentile(healed, 0.99);
    const change = median(arrived);
    return [
      {
        bench: 'heal',
        measure: `foreign edit to healed, p50 of ${EDITS}, ${OBJECTS} objects`,
        figure: duration(median(healed)),
      },
      { bench: 'heal', measure: 'p99', figure: duration(p99), target: '< 1 s', met: p99 < 1000 },
      {
        bench: 'change',
        measure: `variable change to applied, p50 of ${CHANGES}`,
        figure: duration(change),
        target: '< 1 s',
        met: change < 1000,
      },
      { bench: 'memory', measure: 'agent, idle', figure: `${idleMiB.toFixed(0)} MiB` },
      {
        bench: 'memory',
        measure: `agent, ${OBJECTS} objects, right after they were applied`,
        figure: `${appliedMiB.toFixed(0)} MiB`,
        target: '< 150 MiB',
        met: appliedMiB < 150,
      },
      {
        bench: 'memory',
        measure: `agent, right after ${EDITS} heals and ${CHANGES} changes in a row`,
        figure: `${busyMiB.toFixed(0)} MiB`,
        target: '< 150 MiB',
        met: busyMiB < 150,
      },
      { bench: 'memory', measure: 'plane', figure: `${planeMiB.toFixed(0)} MiB` },
    ];
  } finally {
    stop.abort();
    kube.close();
  }
}

const name = (index: number): string => `object-${String(index).padStart(4, '0')}`;

function manifests(): string {
  const documents = [`apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${NAMESPACE}\n`];
  for (let index = 0; index < OBJECTS; index++) {
    const greeting = index === 0 ? "\n  greeting: '{{.spectro.var.greeting}}'" : '';
    documents.push(
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name(index)}\n  namespace: ${NAMESPACE}\ndata:\n  fixed: "yes"${greeting}\n`,
    );
  }
  return documents.join('---\n');
}

async function attachCluster({ client, projectName }: Environment): Promise<{ scope: Scope; clusterUid: string }> {
  const projects = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = projects.items?.find((item) => item.metadata?.name === projectName)?.metadata?.uid;
  if (projectUid === undefined) throw new Error(`the plane has no project ${projectName}`);
  const scope: Scope = { kind: 'project', projectUid };
  const profile = await client.post('/v1/clusterprofiles', {
    scope,
    body: {
      metadata: { name: 'bench' },
      spec: {
        version: '1.0.0',
        template: {
          type: 'add-on',
          cloudType: 'all',
          packs: [
            {
              name: 'objects',
              type: 'manifest',
              layer: 'addon',
              values: '',
              manifests: [{ name: 'objects', content: manifests() }],
            },
          ],
        },
        variables: [{ name: 'greeting', displayName: 'Greeting', format: 'string', defaultValue: 'first' }],
      },
    },
  });
  await client.patch('/v1/clusterprofiles/{uid}/publish', { path: { uid: profile.uid }, scope });
  const cluster = await client.post('/v1/spectroclusters/generic/import', {
    scope,
    body: { metadata: { name: 'bench' }, spec: {} },
  });
  await client.patch('/v1/spectroclusters/{uid}/profiles', {
    path: { uid: cluster.uid },
    scope,
    body: { profiles: [{ uid: profile.uid, variables: [{ name: 'greeting', value: 'first' }] }] },
  });
  return { scope, clusterUid: cluster.uid };
}

async function setGreeting({ client }: Environment, scope: Scope, uid: string, value: string): Promise<void> {
  const current = await client.get('/v1/spectroclusters/{uid}/variables', { path: { uid }, scope });
  const profileUid = current[0]?.profileUid;
  if (profileUid === undefined) throw new Error('the cluster lists no profile with variables');
  await client.patch('/v1/spectroclusters/{uid}/variables', {
    path: { uid },
    scope,
    body: [{ profileUid, variables: [{ name: 'greeting', value }] }],
  });
}

/** Waits until the plane says that the cluster runs and is healthy. */
async function settled({ client }: Environment, scope: Scope, clusterUid: string): Promise<void> {
  const signal = AbortSignal.timeout(WAIT_MS);
  const healthy = async (): Promise<boolean> => {
    const overview = await client.get('/v1/dashboard/spectroclusters/{uid}/overview', {
      path: { uid: clusterUid },
      scope,
      signal,
    });
    return overview.status?.state === 'Running' && overview.status.health?.state === 'Healthy';
  };
  for await (const event of client.events({ clusterUid, scope, signal })) {
    if ((event.kind === 'open' || event.kind === 'cluster') && (await healthy())) return;
  }
  throw new Error(`the cluster was not healthy within ${WAIT_MS / 1000} s`);
}

async function follow(kube: KubeClient, signal: AbortSignal): Promise<Follower> {
  const type = await kube.discovery.resourceType({ apiVersion: 'v1', kind: 'ConfigMap' }, { signal });
  if (!type) throw new Error('the API server has no ConfigMaps');
  const seen = new Map<string, { readonly data: JsonMap; readonly resourceVersion: number }>();
  const waiting = new Set<() => void>();
  const note = (object: KubeObject): void => {
    if (object.metadata.namespace !== NAMESPACE) return;
    seen.set(object.metadata.name, { data: mapAt(object, 'data'), resourceVersion: versionOf(object) });
  };
  const run = async (): Promise<void> => {
    for await (const event of watchKind(kube, type, { signal, log: silentLogger })) {
      if (event.kind === 'synced') event.objects.forEach(note);
      else if (event.kind === 'changed') note(event.object);
      for (const wake of waiting) wake();
    }
  };
  run().catch(() => undefined); // Ended by the signal; whoever waits has a time-out.
  return {
    until: async (object, key, value, after = 0) =>
      new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${object} did not get ${key}=${value} within ${WAIT_MS / 1000} s`));
        }, WAIT_MS);
        const look = (): void => {
          const last = seen.get(object);
          if (last === undefined || last.resourceVersion <= after || last.data[key] !== value) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(performance.now());
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Resource versions are opaque by contract; this bench runs against etcd, where they grow. */
const versionOf = (object: KubeObject): number => Number(valueAt(object, 'metadata', 'resourceVersion'));

interface Edit {
  readonly at: number;
  readonly resourceVersion: number;
}

/** Edits as somebody else: under a field manager that is not the agent's. Returns when the API server has answered. */
function foreignEditor(
  access: KubeAccess,
): (object: string, data: Record<string, string>, signal: AbortSignal) => Promise<Edit> {
  const connections = openConnections(access.tls, { maxSockets: 2 });
  return async (object, data, signal) => {
    const url = new URL(`/api/v1/namespaces/${NAMESPACE}/configmaps/${object}?fieldManager=bench`, access.server);
    const authorization = await access.authorization({ signal });
    const response = await connections.send({
      method: 'PATCH',
      url,
      headers: {
        'content-type': 'application/merge-patch+json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify({ data }),
      timeoutMs: 10_000,
      signal,
    });
    const at = performance.now();
    const answer: unknown = JSON.parse(await text(response.body));
    if (!isKubeObject(answer)) throw new Error(`editing ${object} was answered with ${response.status}`);
    return { at, resourceVersion: versionOf(answer) };
  };
}
