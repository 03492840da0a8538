/** `palette cluster events | health` and `palette alert list | test` against a real plane. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import jwt from '@nats-io/jwt';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { createClient, type PaletteClient } from '#openapi/client/index';
import { packArchive } from '#packs/index';
import { ClusterUid } from '#protocol/identifiers';
import type { EventReport } from '#protocol/report';
import { startConformancePlane, type ConformancePlane } from '#test/conformance/support/plane';
import { palette } from '#test/profiles/support/command';

import { statusReport, tokenIn } from './fleet-agent.ts';

jest.setTimeout(60_000);

let plane: ConformancePlane;
let agent: PaletteClient;
let clusterUid: ClusterUid;
const before = { ...process.env };

beforeAll(async () => {
  plane = await startConformancePlane();
  Object.assign(process.env, plane.env);
  const { client, project: scope } = plane;
  const { uid } = await client.post('/v1/spectroclusters/generic/import', {
    body: { metadata: { name: 'berlin' } },
    scope,
  });
  clusterUid = ClusterUid.parse(uid);
  const { status } = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope });
  const link = new URL(/https:\/\/\S+/.exec(status?.clusterImport?.importLink ?? '')?.[0] ?? '');
  const manifest = await client.get('/v1/spectroclusters/{uid}/import/manifest', {
    path: { uid },
    query: { token: link.searchParams.get('token') ?? '' },
    scope,
  });
  const credentials = await client.post('/v1/agents/register', {
    body: {
      clusterUid: uid,
      token: tokenIn(Buffer.from(manifest).toString('utf8')),
      kubernetesUid: 'kube-berlin',
      kubernetesVersion: 'v1.34.1',
      agentVersion: '0.1.0',
      busPublicKey: jwt.createUser().getPublicKey(),
    },
    scope,
  });
  agent = createClient({ host: plane.host, ca: plane.ca, jwt: `Bearer ${credentials.accessToken}`, env: {} });
});

afterAll(async () => {
  process.env = before;
  agent?.close();
  await plane?.stop();
});

async function report(...reports: object[]): Promise<void> {
  await agent.post('/v1/agents/self/reports', { body: { reports: reports as never }, scope: { kind: 'tenant' } });
}

function event(reason: string, severity: EventReport['severity'], minute: number): EventReport {
  const at = new Date(Date.now() - (60 - minute) * 60_000).toISOString();
  return {
    id: randomUUID(),
    clusterUid,
    sentAt: at,
    kind: 'event',
    eventId: randomUUID(),
    severity,
    reason,
    message: `${reason} happened`,
    object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'colors' },
    count: 2,
    firstAt: at,
    lastAt: at,
  };
}

describe('palette cluster health', () => {
  it('shows conditions with reasons, and ends as scripts expect', async () => {
    expect(await palette('cluster', 'health', 'berlin')).toMatchObject({ code: 1 });
    const lastTransitionAt = '2026-01-01T00:00:00.000Z';
    const conditions = [
      { type: 'NodesReady', status: 'False' as const, reason: 'NotReady', message: '1 of 2 nodes', lastTransitionAt },
    ];
    await report(statusReport(clusterUid, { revision: 99, healthy: true, conditions }));
    const { code, out } = await palette('cluster', 'health', 'berlin', '--output', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      health: 'Healthy',
      conditions: [
        { type: 'Healthy', status: 'True' },
        { type: 'NodesReady', status: 'False', reason: 'NotReady', since: lastTransitionAt, message: '1 of 2 nodes' },
      ],
    });
  });
});

describe('palette cluster events', () => {
  it('lists the newest last, with counts, and by severity', async () => {
    await report(event('DriftHealed', 'info', 10), event('PackFailed', 'error', 20));
    const { code, out } = await palette('cluster', 'events', 'berlin');
    expect(code).toBe(0);
    expect(out.indexOf('DriftHealed')).toBeLessThan(out.indexOf('PackFailed'));
    expect(out).toContain('ConfigMap shop/colors');
    const errors = await palette('cluster', 'events', 'berlin', '--severity', 'error', '--output', 'json');
    const listed = JSON.parse(errors.out) as { reason: string; count: number }[];
    expect(listed.map(({ reason, count }) => [reason, count])).toEqual([['PackFailed', 2]]);
  });
});

describe('palette alert', () => {
  it('says that there is no channel, and how each of them fares', async () => {
    expect(await palette('alert', 'test')).toMatchObject({ code: 1 });
    await plane.client.put('/v1/projects/{uid}/alerts/{component}', {
      path: { uid: plane.project.projectUid, component: 'ClusterEvents' },
      body: {
        channels: [
          { type: 'app', isActive: true },
          { type: 'email', isActive: true, alertAllUsers: true },
        ],
      },
      scope: { kind: 'tenant' },
    });
    const { code, out } = await palette('alert', 'test', 'ClusterEvents', '--output', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { type: 'app', isSucceeded: true },
      {
        type: 'email',
        isSucceeded: false,
        target: 'admin@example.com',
        message: expect.stringContaining('no mail server'),
      },
    ]);
    expect((await palette('alert', 'test', 'Weather')).err).toContain("'Weather' is none; expected ClusterHealth");
    await report(event('ActionFailed', 'error', 30));
    const listed = await palette('alert', 'list', '--output', 'json');
    const alerts = JSON.parse(listed.out) as { reason: string; clusterName: string }[];
    expect(alerts.map(({ reason, clusterName }) => [reason, clusterName])).toContainEqual(['ActionFailed', 'berlin']);
  });
});

describe('palette alert test', () => {
  it('reaches a webhook that answers, with the words of its template', async () => {
    const bodies: string[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(202).end();
      });
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    try {
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      await plane.client.put('/v1/projects/{uid}/alerts/{component}', {
        path: { uid: plane.project.projectUid, component: 'ClusterHealth' },
        body: {
          channels: [
            {
              type: 'http',
              isActive: true,
              http: { method: 'POST', url, body: '{"text":"{{severity}} {{projectName}}"}' },
            },
          ],
        },
        scope: { kind: 'tenant' },
      });
      const { code, out } = await palette('alert', 'test', '--output', 'json');
      expect(JSON.parse(out)).toMatchObject([
        { type: 'http', isSucceeded: true, message: expect.stringContaining('202') },
      ]);
      expect({ code, bodies }).toEqual({ code: 0, bodies: ['{"text":"info Default"}'] });
    } finally {
      receiver.close();
    }
  });
});

describe('palette notification', () => {
  it('tells of newer packs until somebody has seen them, or the profile has them', async () => {
    const { client, project: scope, registryUid } = plane;
    expect(await palette('notification', 'list')).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing waits'),
    });
    const { uid } = await client.post('/v1/clusterprofiles', {
      body: {
        metadata: { name: 'teams' },
        spec: {
          version: '1.0.0',
          template: {
            type: 'add-on',
            packs: [{ name: 'guardrails', tag: '1.0.0', registryUid, layer: 'addon', type: 'spectro' }],
          },
        },
      },
      scope,
    });
    await client.patch('/v1/clusterprofiles/{uid}/publish', { path: { uid }, scope });
    await pushGuardrails('1.1.0');
    const listed = await palette('notification', 'list', '--project', 'Default', '--output', 'json');
    const [found, ...more] = JSON.parse(listed.out) as { uid: string; about: string; message: string }[];
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      about: 'clusterprofile teams',
      message: 'profile teams 1.0.0 has pack guardrails 1.0.0; there is 1.1.0',
    });
    const ofProfile = async (isDone: 'true' | 'false'): Promise<number> => {
      const path = { objectKind: 'clusterprofile', objectUid: uid } as const;
      const { items } = await client.get('/v1/notifications/{objectKind}/{objectUid}', {
        path,
        query: { isDone },
        scope,
      });
      return items.length;
    };
    expect([await ofProfile('true'), await ofProfile('false')]).toEqual([0, 1]);
    expect(await palette('notification', 'ack', found?.uid ?? '')).toMatchObject({ code: 0 });
    expect((await palette('notification', 'list')).out).toContain('nothing waits');
    expect((await palette('notification', 'list', '--all')).out).toContain('acknowledged');
    expect(await palette('notification', 'done', found?.uid ?? '')).toMatchObject({ code: 0 });
    expect([await ofProfile('true'), await ofProfile('false')]).toEqual([1, 0]);
    // A newer one still is another decision.
    await pushGuardrails('1.2.0');
    expect((await palette('notification', 'list')).out).toContain('there is 1.2.0');
    expect(await palette('notification', 'ack', found?.uid ?? '')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no notification'),
    });
  });
});

async function pushGuardrails(version: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-pack-'));
  try {
    await cp(join(import.meta.dirname, '../../examples/packs/guardrails-1.0.0'), dir, { recursive: true });
    const file = join(dir, 'pack.json');
    const pack = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...pack, version }));
    await plane.client.put('/v1/registries/pack/{uid}/packs', {
      path: { uid: plane.registryUid },
      body: await packArchive(dir),
      scope: { kind: 'tenant' },
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
