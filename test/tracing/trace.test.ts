/** One trace, from `terraform apply` to the object in the cluster: real terraform, plane, agent and API server, and a receiver of OTLP. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { runAgent } from '#agent/main';
import { silentLogger } from '#core/log';
import { startTracing, type RunningTracing } from '#core/tracing/start';
import { mapAt } from '#kubernetes/object';

import { openCluster, type TestCluster } from '../agent/support/harness.ts';
import { tokenIn } from '../plane/fleet-agent.ts';
import { createMirror, createWorkspace, type Mirror, type Workspace } from '../provider/support/workspace.ts';
import { uniqueName } from '../support/cluster.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly service: string;
}

const ROOT = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${ROOT}-b7ad6b7169203331-01`;

let receiver: Server;
let tracing: RunningTracing;
let cluster: TestCluster;
let plane: TestPlane;
let mirror: Mirror;
let workspace: Workspace;
const spans: Span[] = [];
const stop = new AbortController();
let agent: Promise<void> | undefined;
const bodies: string[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      bodies.push(body);
      spans.push(...spansIn(body));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  // The library reads where to send to from the environment of the process.
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = endpoint;
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '200';
  tracing = await startTracing({ service: 'palette-test', version: '1', env: process.env, log: silentLogger });
  cluster = await openCluster();
  plane = await startWholePlane();
  mirror = await createMirror();
  const caFile = `${mirror.env.TF_CLI_CONFIG_FILE}.ca.pem`;
  writeFileSync(caFile, plane.ca);
  workspace = createWorkspace({
    env: {
      ...mirror.env,
      SPECTROCLOUD_HOST: plane.host,
      SPECTROCLOUD_APIKEY: plane.apiKey,
      SPECTROCLOUD_CA_FILE: caFile,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      TRACEPARENT,
    },
  });
}, 20 * 60_000);

afterAll(async () => {
  stop.abort();
  await agent;
  workspace?.remove();
  mirror?.remove();
  await plane?.stop();
  await cluster?.close();
  await tracing?.stop();
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  delete process.env['OTEL_BSP_SCHEDULE_DELAY'];
  receiver?.close();
});

function spansIn(body: string): Span[] {
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: {
      resource: { attributes: Span['attributes'] };
      scopeSpans: { spans: Omit<Span, 'service'>[] }[];
    }[];
  };
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service: String(service) })));
  });
}

function attribute(span: Span, key: string): unknown {
  return Object.values(span.attributes.find((one) => one.key === key)?.value ?? {})[0];
}

async function eventually<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const until = Date.now() + 50_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until)
      throw new Error(`waited in vain: ${what}; spans: ${spans.map(({ name }) => name).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('is one trace from terraform apply to the object applied', async () => {
  const client = plane.client();
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const scope = { kind: 'project', projectUid: items[0]?.metadata?.uid ?? '' } as const;
  const { uid } = await client.post('/v1/spectroclusters/generic/import', {
    scope,
    body: { metadata: { name: 'traced' }, spec: {} },
  });
  const { status } = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope });
  const link = /https:\/\/\S+/.exec(status?.clusterImport?.importLink ?? '')?.[0] ?? '';
  const { pathname, search, searchParams } = new URL(link);
  expect(pathname + search).toContain(uid);
  const manifest = await client.get('/v1/spectroclusters/{uid}/import/manifest', {
    path: { uid },
    query: { token: searchParams.get('token') ?? '' },
    scope,
  });
  const namespace = uniqueName('traced');
  await cluster.outsider.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const invitation = {
    planeUrl: `https://${plane.host}`,
    clusterUid: uid,
    token: tokenIn(Buffer.from(manifest).toString('utf8')),
    'ca.crt': plane.ca,
  };
  await cluster.outsider.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace },
    data: Object.fromEntries(
      Object.entries(invitation).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  });
  agent = runAgent(
    { kubeconfig: cluster.kubeconfig, namespace, helm: cluster.helm, stateDir: cluster.dir },
    { log: silentLogger, signal: stop.signal },
  );
  await eventually('the agent reports', async () => {
    const found = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope });
    return found.status?.state === 'Running' ? found : undefined;
  });

  workspace.write('main.tf', configuration(uid, namespace, 'canary-in-a-manifest'));
  expect(await workspace.run('init')).toMatchObject({ code: 0 });
  const applied = await workspace.run('apply', '-auto-approve');
  expect({ code: applied.code, output: applied.code === 0 ? '' : JSON.stringify(applied) }).toEqual({
    code: 0,
    output: '',
  });

  const object = await eventually('the object is there', async () =>
    cluster.outsider.object({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'traced' }),
  );
  expect(mapAt(object, 'data')).toEqual({ text: 'canary-in-a-manifest' });
  const leaf = await eventually('its span arrives', () =>
    spans.find((span) => span.name === 'apply object' && attribute(span, 'k8s.object.name') === 'traced'),
  );
  expect(leaf.traceId).toBe(ROOT);
  // Every span of the way but the first names the one before it.
  const chain = await eventually('all spans of the way arrive', () => {
    const way: Span[] = [leaf];
    for (let at: Span | undefined = leaf; at;) {
      const parent: string | undefined = at.parentSpanId;
      at = spans.find(({ spanId }) => spanId === parent);
      if (at) way.push(at);
    }
    return way.at(-1)?.parentSpanId === 'b7ad6b7169203331' ? way : undefined;
  });
  expect(chain.map(({ name }) => name)).toEqual([
    'apply object',
    'apply layer',
    'enforce',
    'compose desired state',
    expect.stringMatching(/^v1SpectroClusters/),
    'terraform create',
    'terraform',
  ]);
  expect(chain.at(-1)?.service).toBe('terraform-provider-spectrocloud');
  expect(chain.every(({ traceId }) => traceId === ROOT)).toBe(true);
  // What is in documents and credentials is in no span.
  for (const secret of ['canary-in-a-manifest', plane.apiKey]) expect(bodies.join('')).not.toContain(secret);
}, 180_000);

function configuration(clusterUid: string, namespace: string, text: string): string {
  return `
resource "spectrocloud_cluster_profile" "traced" {
  name    = "traced"
  version = "1.0.0"
  type    = "add-on"
  cloud   = "all"
  pack {
    name = "traced"
    type = "manifest"
    manifest {
      name    = "traced"
      content = "apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: traced\\n  namespace: ${namespace}\\ndata:\\n  text: ${text}\\n"
    }
  }
}
resource "spectrocloud_addon_deployment" "traced" {
  cluster_uid = "${clusterUid}"
  cluster_profile {
    id = spectrocloud_cluster_profile.traced.id
  }
}
`;
}
