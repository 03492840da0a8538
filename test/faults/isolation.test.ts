/** What somebody can do who holds the credentials of one cluster's agent: nothing to another cluster. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { Identity } from '#agent/identity/identity';
import { packageRoot } from '#cli/package-root';
import { silentLogger } from '#core/log';
import type { Bus, BusStatus } from '#protocol/bus';
import { ClusterUid } from '#protocol/identifiers';
import { connectBus } from '#protocol/nats';
import { heartbeatSubject, inboxPrefix, pokeSubject, reportSubject } from '#protocol/subjects';
import type { Workspace } from '#test/provider/support/workspace';

import { START_MS, startSite, succeed, until, type Site } from './support/environment.ts';

jest.setTimeout(60_000);

const profile = (name: string, pack: string): string => `
resource "spectrocloud_cluster_profile" "${name}" {
  name = "${name}"
  pack {
    name          = "${pack}"
    tag           = "1.0.0"
    registry_name = "Palette Registry"
  }
}
`;

const cluster = (name: string, attached: string, more = ''): string => `
resource "spectrocloud_cluster_brownfield" "${name}" {
  name       = "${name}"
  cloud_type = "generic"
  ${more}
  cluster_profile {
    id = spectrocloud_cluster_profile.${attached}.id
  }
}
`;

const CONFIG = [
  profile('guarded', 'guardrails'),
  profile('greeting', 'hello-chart'),
  cluster('local', 'guarded'),
  // Its agent never comes; it is imported after the other one, which is joined to the environment's Kubernetes.
  cluster('victim', 'greeting', 'skip_completion = true\n  depends_on = [spectrocloud_cluster_brownfield.local]'),
].join('');

let site: Site;
let terraform: Workspace;
let ca: string;
/** As the agent keeps it in its cluster. */
let stolen: Identity;
let victim: ClusterUid;
let foreignPack: string;
const stop = new AbortController();

beforeAll(async () => {
  site = await startSite('isolation');
  ca = await readFile(site.ready().caFile, 'utf8');
  const packs = ['guardrails-1.0.0', 'hello-chart-1.0.0'].map((name) => join(packageRoot, 'examples/packs', name));
  const pushed = await site.palette('pack', 'push', ...packs, '--output', 'json');
  foreignPack =
    (JSON.parse(pushed.stdout) as { name: string; digest: string }[]).find(({ name }) => name === 'hello-chart')
      ?.digest ?? ''; // as: palette's own output
  terraform = await site.workspace(CONFIG);
  await succeed(terraform.run('apply', '-auto-approve'));
  victim = ClusterUid.parse(
    JSON.parse((await site.palette('cluster', 'get', 'victim', '--output', 'json')).stdout).uid,
  );
  const secret = await site.kubectl(
    '-n',
    'palette-system',
    'get',
    'secret',
    'palette-agent-credentials',
    '-o',
    'jsonpath={.data.identity\\.json}',
  );
  stolen = Identity.parse(JSON.parse(Buffer.from(secret, 'base64').toString('utf8')));
}, START_MS);

afterAll(async () => {
  stop.abort();
  await site?.stop();
}, 60_000);

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Calls the API with these headers and nothing else. */
async function call(
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const [hostname = '', port = ''] = site.ready().host.split(':');
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, ca, path, method, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        json(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      },
    );
    outgoing.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const asAgent = async (path: string, options: { method?: string; body?: unknown } = {}): Promise<Answer> =>
  call(path, { ...options, headers: { authorization: `Bearer ${stolen.credentials.accessToken}` } });

async function useBus(statuses: BusStatus[], signal = stop.signal): Promise<Bus> {
  const { bus } = stolen.credentials;
  if (bus === undefined) throw new Error('the agent was given no access to the bus');
  return connectBus({
    ...bus,
    seed: stolen.seed,
    inboxPrefix: inboxPrefix(stolen.clusterUid),
    name: 'thief',
    log: silentLogger,
    signal,
    onStatus: (status) => void statuses.push(status),
  });
}

const status = (): object => ({
  id: randomUUID(),
  clusterUid: victim,
  sentAt: new Date().toISOString(),
  kind: 'status',
  agentVersion: '0.1.0',
  kubernetesVersion: 'v1.34.1',
  revision: 1,
  phase: 'applied',
  healthy: true,
  layers: [],
  nodes: [],
});

const heartbeat = (): object => ({
  clusterUid: victim,
  sentAt: new Date().toISOString(),
  agentVersion: '0.1.0',
  revision: 1,
});

/** What the plane knows of the victim: nobody has ever spoken for it. */
async function expectUntouched(): Promise<void> {
  const { stdout } = await site.palette('cluster', 'get', 'victim', '--output', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ state: 'Pending', health: 'Unknown' });
}

describe('with the credentials of the agent of one cluster', () => {
  it.each([
    { name: 'reports', subject: reportSubject, message: status },
    { name: 'heartbeats', subject: heartbeatSubject, message: heartbeat },
    { name: 'pokes', subject: pokeSubject, message: () => ({}) },
  ])('the bus refuses $name of another one', async ({ subject, message }) => {
    const statuses: BusStatus[] = [];
    const bus = await useBus(statuses);
    bus.publish(subject(victim), JSON.stringify(message()));
    await bus.flush();
    const forbidden = { kind: 'forbidden', operation: 'publish', subject: subject(victim) };
    await until('the bus refuses it', async () => statuses.some(({ kind }) => kind === 'forbidden') || undefined);
    expect(statuses).toContainEqual(forbidden);
    await bus.drain();
    await expectUntouched();
  });

  it.each([
    { name: "another one's pokes", subject: () => pokeSubject(victim) },
    { name: "another one's answers", subject: () => `${inboxPrefix(victim)}.>` },
    { name: "everybody's reports", subject: () => 'cluster.*.report' },
    { name: 'everything', subject: () => '>' },
  ])('nobody hears $name', async ({ subject }) => {
    const bus = await useBus([]);
    const hearing = bus.subscribe(subject(), { signal: stop.signal })[Symbol.asyncIterator]();
    await expect(hearing.next()).rejects.toMatchObject({ code: 'Forbidden' });
    await bus.drain();
  });

  it('the API gives no other desired state than its own', async () => {
    const { status, body } = await asAgent('/v1/agents/self/desiredstate');
    expect(status).toBe(200);
    const { payload } = body as { payload: string }; // as: a signed document (JWS)
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).toMatchObject({
      clusterUid: stolen.clusterUid,
    });
    expect(await asAgent(`/v1/agents/${victim}/desiredstate`)).toMatchObject({ status: 404 });
  });

  it.each([
    {
      name: 'a pack that only another cluster runs',
      path: () => `/v1/agents/self/packs/${foreignPack}`,
      status: 403,
      code: 'PackNotInDesiredState',
    },
    {
      name: 'a report on another cluster',
      path: () => '/v1/agents/self/reports',
      method: 'POST',
      body: () => ({ reports: [status()] }),
      status: 403,
      code: 'OtherCluster',
    },
    {
      name: 'a heartbeat of another cluster',
      path: () => '/v1/agents/self/reports',
      method: 'POST',
      body: () => ({ reports: [], heartbeat: heartbeat() }),
      status: 403,
      code: 'OtherCluster',
    },
    { name: 'another cluster', path: () => `/v1/spectroclusters/${victim}`, status: 401 },
    {
      name: 'the invitation of another cluster',
      path: () => `/v1/spectroclusters/${victim}/import/manifest`,
      status: 401,
    },
    { name: 'profiles', path: () => '/v1/dashboard/clusterprofiles/metadata', status: 401 },
  ])('the API refuses $name', async ({ path, method = 'GET', body, status, code }) => {
    const answer = await asAgent(path(), { method, ...(body === undefined ? {} : { body: body() }) });
    expect(answer).toMatchObject({ status, ...(code === undefined ? {} : { body: { code } }) });
    await expectUntouched();
  });

  it('nothing is left of them once the cluster is destroyed: the API and the bus refuse them', async () => {
    await succeed(terraform.run('destroy', '-auto-approve'));
    expect(await asAgent('/v1/agents/self/desiredstate')).toMatchObject({
      status: 401,
      body: { code: 'AgentRevoked' },
    });
    const statuses: BusStatus[] = [];
    const trying = new AbortController();
    const connecting = useBus(statuses, AbortSignal.any([trying.signal, AbortSignal.timeout(30_000)]));
    connecting.catch(() => undefined); // Its outcome is looked at below.
    await until('the bus refuses them', async () => statuses.some(({ kind }) => kind === 'refused') || undefined);
    trying.abort();
    await expect(connecting).rejects.toThrow();
    expect(statuses.map(({ kind }) => kind)).not.toContain('connected');
  });
});

it("the key of a user does not open what is the agents' alone", async () => {
  const headers = { apikey: site.ready().apiKey };
  expect(await call('/v1/agents/self/desiredstate', { headers })).toMatchObject({ status: 401 });
});
