/** How long the fleet takes to say what a change would do: a hundred simulated agents, and one real look at an API server. */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import jwt from '@nats-io/jwt';

import { createPlaneClient, type PlaneClient } from '#agent/channel/rest';
import { packRenderer } from '#agent/enforce/pack-renderer';
import { previewCandidate } from '#agent/preview/preview';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import { createKubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import type { Schemas, Scope } from '#openapi/client/index';
import { connectBus } from '#protocol/nats';
import { PreviewRequest, verifyPreview, type PreviewResult } from '#protocol/preview';
import type { AgentCredentials } from '#protocol/registration';
import { inboxPrefix, pokeSubject, reportSubject } from '#protocol/subjects';

import { testNetwork } from '../support/network.ts';
import type { Environment } from './environment.ts';
import { type Row, duration, median } from './statistics.ts';

const CLUSTERS = 100;
const QUESTIONS = 5;
const OBJECTS = 1000;
const LOOKS = 3;
/** So many clusters are imported at once. */
const AT_ONCE = 8;

export async function benchImpact(environment: Environment): Promise<Row[]> {
  const stop = new AbortController();
  // Every simulated agent listens to it.
  setMaxListeners(0, stop.signal);
  try {
    const scope = await projectScope(environment);
    const profileUid = await publishProfile(environment, scope);
    await eachOf(CLUSTERS, async (index) => simulateCluster(environment, scope, profileUid, index, stop.signal));
    const asked: number[] = [];
    const answered: number[] = [];
    for (let round = 0; round < QUESTIONS; round++) {
      const { post, whole } = await askAll(environment, scope, round);
      asked.push(post);
      answered.push(whole);
    }
    const looks = await lookAtObjects(environment, stop.signal);
    return [
      {
        bench: 'impact',
        measure: `question composed and signed for ${CLUSTERS} clusters, p50 of ${QUESTIONS}`,
        figure: duration(median(asked)),
      },
      {
        bench: 'impact',
        measure: `question to all answers, ${CLUSTERS} simulated clusters, p50 of ${QUESTIONS}`,
        figure: duration(median(answered)),
      },
      {
        bench: 'impact',
        measure: `an agent's look, ${OBJECTS} objects in place and 1 changed, p50 of ${LOOKS}`,
        figure: duration(looks.one),
      },
      {
        bench: 'impact',
        measure: `an agent's look, ${OBJECTS} objects by dry run, p50 of ${LOOKS}`,
        figure: duration(looks.all),
      },
    ];
  } finally {
    stop.abort();
  }
}

async function projectScope({ client, projectName }: Environment): Promise<Scope> {
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = items?.find((item) => item.metadata?.name === projectName)?.metadata?.uid;
  if (projectUid === undefined) throw new Error(`the plane has no project ${projectName}`);
  return { kind: 'project', projectUid };
}

const NAME = 'bench-impact';

function entity(version: string, color: string): Schemas['v1ClusterProfileEntity'] {
  const content = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: default\ndata:\n  color: ${color}\n`;
  const packs = [
    {
      name: 'settings',
      type: 'manifest' as const,
      layer: 'addon',
      values: '',
      manifests: [{ name: 'settings', content }],
    },
  ];
  return {
    metadata: { name: NAME },
    spec: { version, template: { type: 'add-on' as const, cloudType: 'all', packs } },
  };
}

async function publishProfile({ client }: Environment, scope: Scope): Promise<string> {
  const { uid } = await client.post('/v1/clusterprofiles', {
    scope,
    query: { publish: true },
    body: entity('1.0.0', 'blue'),
  });
  return uid;
}

/** An agent that fetches, verifies and answers as a real one, but looks at no cluster. */
async function simulateCluster(
  { client, host, caFile }: Environment,
  scope: Scope,
  profileUid: string,
  index: number,
  signal: AbortSignal,
): Promise<void> {
  const { uid } = await client.post('/v1/spectroclusters/generic/import', {
    scope,
    body: { metadata: { name: `simulated-${index}` }, spec: {} },
  });
  await client.patch('/v1/spectroclusters/{uid}/profiles', {
    path: { uid },
    scope,
    body: { profiles: [{ uid: profileUid }] },
  });
  const manifest = String(await client.get('/v1/spectroclusters/{uid}/import/manifest', { path: { uid }, scope }));
  const key = jwt.createUser();
  let accessToken: string | undefined;
  const plane = createPlaneClient({
    urls: () => [`https://${host}`],
    network: testNetwork(await readFile(caFile, 'utf8')),
    accessToken: () => accessToken,
  });
  const credentials = await plane.register(
    {
      // as: the plane gave it
      clusterUid: uid as AgentCredentials['clusterUid'],
      token: /token: (\S+)/.exec(manifest)?.[1] ?? '',
      kubernetesUid: randomUUID(),
      kubernetesVersion: 'v1.34.0',
      agentVersion: '1.0.0',
      busPublicKey: key.getPublicKey(),
    },
    { signal },
  );
  ({ accessToken } = credentials);
  const { bus: access, clusterUid } = credentials;
  if (!access) throw new Error('the plane has no bus');
  const bus = await connectBus({
    servers: access.servers,
    jwt: access.jwt,
    seed: new TextDecoder().decode(key.getSeed()),
    ca: access.ca,
    inboxPrefix: inboxPrefix(clusterUid),
    name: `simulated ${index}`,
    log: silentLogger,
    signal,
  });
  const heartbeat = { clusterUid, sentAt: new Date().toISOString(), agentVersion: '1.0.0', revision: 1 };
  await plane.report([], heartbeat, { signal });
  const answering = async (): Promise<void> => {
    let cursor = 0;
    for await (const message of bus.subscribe(pokeSubject(clusterUid), { signal, bound: 16 })) {
      if (message.text() !== 'commands') continue;
      cursor = await answerAll(
        plane,
        credentials,
        cursor,
        async (report) =>
          bus.publishDurable(reportSubject(clusterUid), JSON.stringify(report), { signal, msgId: report.id }),
        signal,
      );
    }
  };
  answering().catch(() => undefined); // ended by the signal
}

const RESULT: PreviewResult = {
  revision: 1,
  counts: { created: 0, changed: 1, removed: 0, unchanged: 0, restarts: 0, refused: 0 },
  changes: [
    {
      kind: 'changed',
      layer: 'settings',
      object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' },
      fields: [{ path: 'data.color', before: 'blue', after: 'red' }],
      restarts: false,
    },
  ],
  refused: [],
  omitted: 0,
};

async function answerAll(
  plane: PlaneClient,
  { clusterUid, trustedKeys }: AgentCredentials,
  after: number,
  publish: (report: { readonly id: string }) => Promise<unknown>,
  signal: AbortSignal,
): Promise<number> {
  let cursor = after;
  for (const command of await plane.commands(after, { signal })) {
    cursor = command.cursor;
    await verifyPreview(await plane.preview(command.id, { signal }), { clusterUid, trustedKeys, id: command.id });
    const common = { clusterUid, sentAt: new Date().toISOString() };
    await publish({ ...common, id: randomUUID(), kind: 'preview', previewId: command.id, result: RESULT } as {
      readonly id: string;
    }); // as: what `publish` reads of it
    await publish({
      ...common,
      id: randomUUID(),
      kind: 'command',
      commandId: command.id,
      outcome: 'done',
      message: '',
    } as { readonly id: string }); // as above
  }
  return cursor;
}

async function askAll({ client }: Environment, scope: Scope, round: number): Promise<{ post: number; whole: number }> {
  const started = performance.now();
  let impact = await client.post('/v1/impacts', {
    scope,
    body: { content: entity(`2.0.${round}`, 'red'), timeoutSeconds: 60 },
  });
  const post = performance.now() - started;
  while (!impact.complete)
    impact = await client.get('/v1/impacts/{uid}', { path: { uid: impact.uid }, query: { waitSeconds: 20 }, scope });
  const whole = performance.now() - started;
  const answered = impact.clusters.filter(({ state }) => state === 'answered').length;
  if (answered !== CLUSTERS) throw new Error(`${answered} of ${CLUSTERS} clusters answered`);
  return { post, whole };
}

/** What a real agent does for its answer, at the environment's own API server. */
async function lookAtObjects({ kubeconfig }: Environment, signal: AbortSignal): Promise<{ one: number; all: number }> {
  const client = createKubeClient(await accessFromKubeconfig(kubeconfig), { fieldManager: 'palette-agent' });
  const render = packRenderer({ helm: await ensureTool('helm', { signal }), stateDir: tmpdir() }, silentLogger);
  const manifests = Array.from({ length: OBJECTS }, (_, index) => ({
    name: `m${index}`,
    content: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: look-${index}\n  namespace: default\ndata:\n  a: b\n`,
  }));
  const uid = 'a'.repeat(24);
  const request = PreviewRequest.parse({
    apiVersion: 'palette-iac.dev/v1',
    kind: 'DesiredStatePreview',
    id: randomUUID(),
    expiresAt: new Date().toISOString(),
    sensitive: [],
    candidate: {
      tenantUid: uid,
      projectUid: uid,
      clusterUid: uid,
      lifecycle: 'active',
      policy: { drift: 'heal', resyncSeconds: 300 },
      context: { system: {}, macros: {}, variables: {}, packs: {} },
      layers: [
        {
          name: 'l',
          profile: { uid, name: 'p', version: '1.0.0' },
          layer: 'addon',
          version: '',
          values: '',
          manifests,
          installPriority: 0,
        },
      ],
    },
  });
  const look = async (isInPlace: (key: string) => boolean): Promise<number> => {
    const times: number[] = [];
    for (let at = 0; at < LOOKS; at++) {
      const started = performance.now();
      await previewCandidate(
        request,
        {
          client,
          namespace: 'default',
          render,
          capabilities: async () => ({ kubeVersion: 'v1.34.0', apiVersions: [] }),
          pack: async () => new Uint8Array(),
          inForce: () => undefined,
          isInPlace: ({ key }) => isInPlace(key),
        },
        { signal },
      );
      times.push(performance.now() - started);
    }
    return median(times);
  };
  try {
    return { one: await look((key) => !key.endsWith('/look-0')), all: await look(() => false) };
  } finally {
    client.close();
  }
}

async function eachOf(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const indices = Array.from({ length: count }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const index of indices) await work(index);
    }),
  );
}
