/**
 * Secrets of many kinds, each a word that nobody else uses, put wherever an agent meets secrets; then everything that the
 * agent says to anybody is searched for them.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { runAgent } from '#agent/main';
import { createLogger } from '#core/log';
import type { KubeObject } from '#kubernetes/object';
import type { DesiredState } from '#protocol/desired-state';
import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  refTo,
  type TestCluster,
  type TestSite,
} from '#test/agent/support/harness';
import { kubectl } from '#test/support/cluster';

/** No form and no name gives them away: only whoever knows that they are secret can take them out. */
const canary = (of: string): string => `kanari${of}${randomBytes(6).toString('hex')}`;

const CANARIES = {
  variable: canary('var'),
  layerVariable: canary('layervar'),
  secretData: canary('data'),
  secretText: canary('text'),
  foreignEdit: canary('foreign'),
  refusedSecret: canary('refused'),
  packValue: canary('value'),
  backupCredentials: canary('backup'),
  dockerConfig: canary('docker'),
} as const;

let cluster: TestCluster;
let site: TestSite;
const said = new Map<string, string>();

beforeAll(async () => {
  cluster = await openCluster();
  site = await createSite(cluster);
  await provoke();
}, 20 * 60_000);
afterAll(async () => {
  await site?.stop();
  await cluster?.close();
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function secret(name: string, content: object, type = 'Opaque'): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: site.namespace }, type, ...content };
}

/** Has the agent apply, heal, fail, report, count, tell events and collect logs, with secrets in all of it. */
async function provoke(): Promise<void> {
  const { namespace, plane } = site;
  const variable = '{{.spectro.var.password}}';
  const good = [
    secret('fine', { data: { key: base64(CANARIES.secretData) }, stringData: { note: CANARIES.secretText } }),
    configMap(namespace, 'uses', { text: `it is ${variable}` }),
    configMap(namespace, 'uses-layer', { text: 'it is {{.spectro.var.local}}' }),
  ];
  const bad = [
    secret('refused', { data: { key: `${CANARIES.refusedSecret} !` } }),
    secret(
      'docker',
      { data: { '.dockerconfigjson': base64(`{${CANARIES.dockerConfig}`) } },
      'kubernetes.io/dockerconfigjson',
    ),
    { ...configMap(namespace, 'wrong-type', {}), data: { nested: { text: variable } } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'wrong-port', namespace },
      spec: { ports: [{ port: variable }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'wrong-name', namespace },
      spec: { clusterIP: variable, ports: [{ port: 1 }] },
    },
    {
      ...configMap(namespace, 'wrong-label', {}),
      metadata: { name: 'wrong-label', namespace, labels: { a: `${variable} !` } },
    },
  ];
  const values = `charts:\n  admin:\n    adminPassword: ${CANARIES.packValue}\n`;
  const change: Partial<DesiredState> = {
    sensitive: ['password', 'local'],
    context: { system: {}, macros: {}, variables: { password: CANARIES.variable }, packs: {} },
    layers: [
      { ...layer('fine', 10, ...good), values, variables: { local: CANARIES.layerVariable } },
      layer('broken', 20, ...bad),
    ],
    dayTwo: {
      timezone: 'UTC',
      windows: [],
      schedules: [],
      backupLocations: [
        {
          uid: 'd'.repeat(24),
          name: 'store',
          isDefault: true,
          provider: 'aws',
          bucket: 'backups',
          config: {},
          credentials: `[default]\naws_secret_access_key=${CANARIES.backupCredentials}\n`,
        },
      ],
      agentUpgrades: 'automatic',
    },
  };
  await plane.offer(change);
  await site.invite();
  const logFile = join(cluster.dir, 'agent.log');
  const stop = new AbortController();
  let port = 0;
  const running = runAgent(
    {
      kubeconfig: cluster.kubeconfig,
      namespace,
      helm: cluster.helm,
      stateDir: cluster.dir,
      readyPatienceMs: 5_000,
      prunePatienceMs: 5_000,
    },
    {
      log: createLogger({ level: 'debug', fd: openSync(logFile, 'w', 0o600) }),
      signal: stop.signal,
      onListening: (address) => (port = address.port),
    },
  );
  try {
    await eventually(
      'failures are reported',
      () =>
        site.status()?.layers.some(({ name, condition }) => name === 'broken' && condition === 'Error') || undefined,
      () => JSON.stringify(site.status()),
    );
    for (const [name, data] of [
      ['fine', { data: { key: base64(CANARIES.foreignEdit) } }],
      ['uses', { data: { text: 'nothing' } }],
      ['uses-layer', { data: { text: 'nothing' } }],
    ] as const) {
      const object = good.find(({ metadata }) => metadata.name === name);
      if (object) await site.edit(refTo(object), data);
    }
    await eventually('drift is reported', () => site.reports('drift').length >= 3 || undefined);
    const id = randomUUID();
    plane.commands.push({
      id,
      cursor: 1,
      type: 'action',
      action: { type: 'collect-logs', spec: { sinceHours: 1 } },
      issuedAt: new Date().toISOString(),
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
    await eventually(
      'the diagnostics bundle is with the plane',
      () => [...plane.artifacts.keys()].some((name) => name.startsWith(id)) || undefined,
      () => JSON.stringify(site.reports('action')),
    );
    said.set('metrics', await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
  } finally {
    stop.abort();
    await running;
  }
  said.set('log', await readFile(logFile, 'utf8'));
  said.set('reports', JSON.stringify(plane.reports));
  said.set('heartbeats', JSON.stringify(plane.heartbeats));
  for (const [name, bytes] of plane.artifacts) said.set(`diagnostics (${name})`, gunzipSync(bytes).toString('latin1'));
  said.set('events', await kubectl(cluster, ['get', 'events', '--all-namespaces', '--output', 'json']));
  said.set('leases', await kubectl(cluster, ['get', 'leases', '--namespace', namespace, '--output', 'json']));
}

/** As it is, and as it may hide. */
const forms = (value: string): readonly string[] => [
  value,
  base64(value),
  // Inside a longer text the beginning and the end differ by what stands beside it.
  base64(`${value}   `).slice(0, -8),
  Buffer.from(value).toString('hex'),
];

describe('what an agent says', () => {
  it('is there to be searched', () => {
    expect(said.get('log')).toContain('object cannot be applied');
    expect(said.get('reports')).toContain('wrong-label');
    expect(said.get('metrics')).toContain('palette_agent_');
    expect([...said.keys()].some((name) => name.startsWith('diagnostics'))).toBe(true);
    const bundle = [...said].find(([name]) => name.startsWith('diagnostics'))?.[1];
    expect(bundle).toContain('logs/agent.ndjson');
  });

  it.each(Object.entries(CANARIES))('does not hold the %s', (_name, value) => {
    const found = [...said].flatMap(([where, text]) =>
      forms(value)
        .filter((form) => text.includes(form))
        .map(
          (form) =>
            `${where}: …${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form) + form.length + 40)}…`,
        ),
    );
    expect(found).toEqual([]);
  });

  it('does not hold the agent’s own credentials, nor the token that it joined with', () => {
    const accessToken = site.plane.accessToken() ?? '';
    expect(accessToken.length).toBeGreaterThan(20);
    for (const [where, text] of said)
      expect({ where, found: text.includes(accessToken) }).toEqual({ where, found: false });
  });
});
