/** Alerts of a plane, out to a real SMTP server and a real HTTP receiver. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';

import { claimDeliveries } from '#plane/domain/alerts/deliver';
import type { EventReport } from '#protocol/report';

import { registerAgent, type TestAgent } from './fleet-agent.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Mail {
  readonly to: readonly string[];
  readonly text: string;
}

let plane: TestPlane;
let webhook: Server;
let mailServer: SMTPServer;
let url: string;
const received: Received[] = [];
const mails: Mail[] = [];
/** Statuses that the receiver answers next; 200 when there are none. */
const answers: number[] = [];
/** Requests to `/slow`, which stay without an answer. */
const held: ServerResponse[] = [];
/** Replies of the mail server to the next recipients; none: it takes them. */
const refusals: Error[] = [];

async function eventually<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const until = Date.now() + 45_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  webhook = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      if (request.url === '/slow') {
        held.push(response);
        return;
      }
      const status = answers.shift() ?? 200;
      if (status === 302) response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' });
      else response.writeHead(status);
      response.end('thank you');
    });
  });
  webhook.listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}`;
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, done) => done(refusals.shift()),
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (piece: Buffer) => (text += piece.toString()));
      stream.on('end', () => {
        // Long headers are folded.
        const to = session.envelope.rcptTo.map(({ address }) => address).toSorted();
        mails.push({ to, text: text.replaceAll(/\r?\n[ \t]+/g, ' ') });
        done();
      });
    },
  });
  const listening = mailServer.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  plane = await startTestPlane({
    alerts: {
      backoff: { baseMs: 50, maxMs: 200 },
      config: {
        graceSeconds: 0,
        allowLoopback: true,
        smtp: { host: '127.0.0.1', port, security: 'none', from: 'Palette <palette@example.test>' },
      },
    },
  });
});
afterAll(async () => {
  await plane.stop();
  webhook.close();
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
});
beforeEach(async () => {
  await plane.call(alerts(), { method: 'DELETE' });
  await plane.call(alerts('ClusterEvents'), { method: 'DELETE' });
  for (const list of [received, mails, answers, refusals, held]) list.length = 0;
});

function alerts(component = 'ClusterHealth'): string {
  return `/v1/projects/${plane.projectUid}/alerts/${component}`;
}

function hook(over: object = {}): object {
  return {
    type: 'http',
    isActive: true,
    http: {
      method: 'POST',
      url: `${url}/hook`,
      headers: { Authorization: 'Bearer canary-secret' },
      body: '{"text":"{{clusterName}}: {{ .message }}"}',
      ...over,
    },
  };
}

async function newCluster(name: string): Promise<{ readonly uid: string; readonly agent: TestAgent }> {
  const { body } = await plane.call('/v1/spectroclusters/generic/import', {
    method: 'POST',
    body: { metadata: { name }, spec: {} },
  });
  const uid = String(body.uid);
  return { uid, agent: await registerAgent(plane, uid) };
}

async function set(channels: readonly object[], component?: string): Promise<void> {
  const answer = await plane.call(alerts(component), { method: 'PUT', body: { channels } });
  expect({ status: answer.status, body: answer.body }).toEqual({ status: 204, body: '' });
}

async function channels(): Promise<Record<string, unknown>[]> {
  const { body } = await plane.call(`/v1/projects/${plane.projectUid}`);
  const found = body.spec.alerts as { component: string; channels: Record<string, unknown>[] }[];
  return found.flatMap((alert) => alert.channels);
}

describe('alerts of a project', () => {
  it('go out by mail and webhook when a cluster becomes unhealthy, and when it is well again', async () => {
    await set([{ type: 'email', isActive: true, alertAllUsers: true, identifiers: ['ops@example.test'] }, hook()]);
    const { agent, uid } = await newCluster('web-"1"');
    await agent.report(agent.status({ revision: 99, healthy: false, phase: 'failed', layers: [] }));
    const [down] = await eventually('the webhook hears of it', () => (received.length > 0 ? received : undefined));
    expect(down).toMatchObject({
      method: 'POST',
      path: '/hook',
      body: '{"text":"web-\\"1\\": cluster web-\\"1\\" is unhealthy"}',
    });
    expect(down?.headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer canary-secret' });
    const [mail] = await eventually('a mail arrives', () => (mails.length > 0 ? mails : undefined));
    expect(mail?.to).toEqual(['admin@example.test', 'ops@example.test']);
    expect(mail?.text).toContain('ClusterHealth, ClusterUnHealthy, error');
    // Readers do not learn of each other.
    expect(mail?.text).not.toContain('ops@example.test');

    await agent.report(agent.status({ revision: 99, healthy: true, phase: 'applied' }));
    await eventually('the webhook hears that it is over', () =>
      received.find(({ body }) => body.includes('healthy again')),
    );
    await eventually('so does the mail', () => (mails.length === 2 ? true : undefined));
    const known = await channels();
    expect(known.map(({ status }) => (status as { isSucceeded: boolean } | undefined)?.isSucceeded)).toEqual([
      true,
      true,
    ]);
    const events = await plane.call(`/v1/events/components/spectrocluster/${uid}?filters=severity=error`);
    expect(events.body.items.map(({ reason }: { reason: string }) => reason)).toEqual(['ClusterUnHealthy']);
    const history = await plane.call(`/v1/projects/${plane.projectUid}/alerthistory?limit=2`);
    expect(
      history.body.items.map(({ reason, pending }: { reason: string; pending: number }) => [reason, pending]),
    ).toEqual([
      ['ClusterHealthy', 0],
      ['ClusterUnHealthy', 0],
    ]);
  });

  it('are raised for a pack that was ready and does not become so again', async () => {
    await set([hook()]);
    const { agent } = await newCluster('stuck');
    const unready = {
      name: 'web',
      version: '1.0.0',
      profileUid: 'p',
      condition: 'NotReady' as const,
      message: '1 of 2 objects are not ready',
      startedAt: '2026-01-01T00:00:00.000Z',
      objects: 2,
      problems: [],
    };
    await agent.report(agent.status({ revision: 99, phase: 'applied', healthy: true }));
    // On its way it is nobody's concern.
    await agent.report(agent.status({ revision: 99, phase: 'applying', healthy: false, layers: [unready] }));
    await agent.report(
      agent.status({ revision: 99, phase: 'applying', healthy: false, layers: [{ ...unready, stuck: true }] }),
    );
    const [down] = await eventually('the webhook hears of it', () => (received.length > 0 ? received : undefined));
    expect(down?.body).toContain('cluster stuck is unhealthy: pack web: 1 of 2 objects are not ready');
  });

  it('reach others while one receiver keeps silent, and nobody over a channel that was turned off meanwhile', async () => {
    await set([hook({ url: `${url}/slow` }), hook()]);
    const [slow] = await channels();
    const names = ['patient-1', 'patient-2'];
    for (const name of names) {
      const { agent } = await newCluster(name);
      await agent.report(agent.status({ revision: 99, healthy: false }));
      await eventually('the other receiver hears of it', () =>
        received.some(({ path, body }) => path === '/hook' && body.includes(name)) ? true : undefined,
      );
    }
    // The first request to the silent one is still open, and no other was begun.
    expect(held.map(({ destroyed }) => destroyed)).toEqual([false]);
    await plane.call(`${alerts()}/${String(slow?.['uid'])}`, {
      method: 'PUT',
      body: { ...hook({ url: `${url}/slow` }), isActive: false },
    });
    held[0]?.end();
    await eventually('nothing waits any more', async () => {
      const { body } = await plane.call(`/v1/projects/${plane.projectUid}/alerthistory`);
      return body.items.every(({ pending }: { pending: number }) => pending === 0) ? true : undefined;
    });
    expect(held).toHaveLength(1);
  });

  it('go first to receivers that took the last one', async () => {
    await set([hook(), hook({ url: `${url}/other` })]);
    const [failing, well] = (await channels()).map(({ uid }) => String(uid));
    const due = new Date('2198-01-01T00:00:00Z');
    const first = await plane.database.asSystem().transaction(async (tx) => {
      await tx.execute('UPDATE alert_channels SET last_ok = uid <> $1', [failing]);
      await tx.execute(
        `INSERT INTO alerts (uid, tenant_uid, project_uid, cluster_name, component, severity, reason, message, raised_at)
         VALUES ('order', $1, $2, 'web', 'ClusterHealth', 'error', 'Test', 'test', now())`,
        [plane.tenantUid, plane.projectUid],
      );
      for (const channelUid of [failing, well])
        await tx.execute(
          "INSERT INTO alert_deliveries (tenant_uid, alert_uid, channel_uid, next_at) VALUES ($1, 'order', $2, $3)",
          [plane.tenantUid, channelUid, channelUid === failing ? new Date(due.getTime() - 1_000) : due],
        );
      const claimed = await claimDeliveries(tx, due, [], 1);
      await tx.execute("DELETE FROM alerts WHERE uid = 'order'");
      return claimed;
    });
    expect(first.map(({ channel_uid }) => channel_uid)).toEqual([well]);
  });

  it('are sent again after a failure that may pass, under the same id, and given up after one that does not', async () => {
    await set([hook()]);
    answers.push(503, 429, 200);
    const { agent } = await newCluster('flaky');
    await agent.report(agent.status({ revision: 99, healthy: false }));
    await eventually('the third try is taken', async () => {
      const [channel] = await channels();
      return (channel?.['status'] as { isSucceeded?: boolean } | undefined)?.isSucceeded === true ? true : undefined;
    });
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers['x-palette-alert'])).size).toBe(1);

    received.length = 0;
    answers.push(410);
    await agent.report(agent.status({ revision: 99, healthy: true }));
    const message = await eventually('the refusal is kept with the channel', async () => {
      const [channel] = await channels();
      const status = channel?.['status'] as { isSucceeded: boolean; message: string } | undefined;
      return status?.isSucceeded === false ? status.message : undefined;
    });
    expect(message).toContain('answered with status 410');
    expect(message).not.toContain('canary-secret');
    const history = await plane.call(`/v1/projects/${plane.projectUid}/alerthistory?limit=1`);
    expect(history.body.items[0].pending).toBe(0);
    expect(received).toHaveLength(1);
  });

  it('are raised for errors that agents tell, the same one once, and its repetitions are counted', async () => {
    await set([hook({ body: '' })], 'ClusterEvents');
    const { agent, uid } = await newCluster('events');
    const eventId = randomUUID();
    const at = new Date().toISOString();
    const event = (count: number, told: string = eventId): EventReport => ({
      id: randomUUID(),
      clusterUid: agent.credentials.clusterUid,
      sentAt: at,
      kind: 'event',
      eventId: told,
      severity: 'error',
      reason: 'ActionFailed',
      message: 'backup b-1 failed: no storage',
      count,
      firstAt: at,
      lastAt: '2199-01-01T00:00:00.000Z',
    });
    await agent.report(event(1));
    await agent.report(event(3));
    await agent.report(event(2));
    // After a restart the agent counts from one again, under another id.
    await agent.report(event(1, randomUUID()));
    const [sent] = await eventually('it goes out', () => (received.length > 0 ? received : undefined));
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      component: 'ClusterEvents',
      reason: 'ActionFailed',
      clusterName: 'events',
      message: 'cluster events: backup b-1 failed: no storage',
    });
    const { body } = await plane.call(`/v1/events/components/spectrocluster/${uid}`);
    expect(body.items).toHaveLength(1);
    expect(body.items[0].metadata).toMatchObject({ uid: eventId, annotations: { count: '4' } });
    // A clock that is ahead does not put an event into the future.
    expect(Date.parse(body.items[0].metadata.lastModifiedTimestamp)).toBeLessThanOrEqual(Date.now());
    expect(received).toHaveLength(1);
    await plane.call(`/v1/events/components/spectrocluster/${uid}`, { method: 'DELETE' });
    expect(
      (await plane.call('/v1/events/components')).body.items.filter(
        (one: { relatedObject: { uid: string } }) => one.relatedObject.uid === uid,
      ),
    ).toEqual([]);
  });

  it('are bounded when a cluster tells many errors at once, and the last one says that there are more', async () => {
    await set([hook({ body: '{{message}}' })], 'ClusterEvents');
    const { agent, uid } = await newCluster('storm');
    const at = new Date().toISOString();
    for (let node = 1; node <= 22; node++) {
      await agent.report({
        id: randomUUID(),
        clusterUid: agent.credentials.clusterUid,
        sentAt: at,
        kind: 'event',
        eventId: randomUUID(),
        severity: 'error',
        reason: 'NodeNotReady',
        message: `node ${node} is not ready`,
        count: 1,
        firstAt: at,
        lastAt: at,
      });
    }
    await eventually('twenty go out', () => (received.length === 20 ? true : undefined));
    expect(received.at(-1)?.body).toMatch(
      /^cluster storm: node 20 is not ready \(this and more is in the cluster's events/,
    );
    const { body } = await plane.call(`/v1/events/components/spectrocluster/${uid}`);
    expect(body.listmeta.count).toBe(22);
    expect(received).toHaveLength(20);
  });

  it('can be tested, and each channel says how it fared', async () => {
    await set([
      hook(),
      { type: 'email', isActive: true, identifiers: ['nobody@example.test'] },
      { type: 'app', isActive: true },
      { ...hook(), isActive: false },
    ]);
    refusals.push(Object.assign(new Error('no such user'), { responseCode: 550 }));
    const { status, body } = await plane.call(`/v1/projects/${plane.projectUid}/alerttest/ClusterHealth`, {
      method: 'POST',
    });
    expect(status).toBe(200);
    expect(
      body.items.map(({ type, isSucceeded }: { type: string; isSucceeded: boolean }) => [type, isSucceeded]),
    ).toEqual([
      ['http', true],
      ['email', false],
      ['app', true],
    ]);
    expect(body.items[1].message).toContain('no such user');
    expect(JSON.stringify(body)).not.toContain('canary-secret');
  });

  it('keep what they are when they are set again, and lose what is not named', async () => {
    await set([hook(), { type: 'email', isActive: true, identifiers: ['a@example.test'] }]);
    const before = await channels();
    await set([{ type: 'email', isActive: false, identifiers: ['a@example.test'] }]);
    const after = await channels();
    expect(after.map(({ uid, isActive }) => ({ uid, isActive }))).toEqual([
      { uid: before[1]?.['uid'], isActive: false },
    ]);
    const created = await plane.call(alerts(), { method: 'POST', body: hook() });
    expect(created.status).toBe(201);
    const one = await plane.call(`${alerts()}/${created.body.uid}`);
    expect(one.body).toMatchObject({ type: 'http', http: { url: `${url}/hook` } });
    expect((await plane.call(`${alerts()}/${created.body.uid}`, { method: 'DELETE' })).status).toBe(204);
    expect((await plane.call(`${alerts()}/${created.body.uid}`)).status).toBe(404);
  });

  it('keep secrets of webhooks sealed in the database', async () => {
    await set([hook()]);
    const rows = await plane.database
      .asSystem()
      .transaction(async (tx) => tx.query<{ http: Uint8Array }>('SELECT http FROM alert_channels'), { readOnly: true });
    expect(rows).toHaveLength(1);
    for (const { http } of rows) expect(Buffer.from(http).includes('canary-secret')).toBe(false);
  });

  it.each([
    {
      name: 'an address that is none',
      body: () => ({ type: 'email', isActive: true, identifiers: ['ops@example.test\r\nBcc: x@y.z'] }),
      says: /identifiers: .* is no address/,
    },
    {
      name: 'nobody to write to',
      body: () => ({ type: 'email', isActive: true }),
      says: /identifiers: an active channel of type email needs addresses/,
    },
    {
      name: 'an address of the cloud',
      body: () => hook({ url: 'http://169.254.169.254/latest' }),
      says: /http\.url: .*does not speak to/,
    },
    {
      name: 'a file',
      body: () => hook({ url: 'file:///etc/passwd' }),
      says: /http\.url: expected an address that begins with https/,
    },
    { name: 'another method', body: () => hook({ method: 'DELETE' }), says: /http\.method: 'DELETE' is none/ },
    {
      name: 'a header that breaks the line',
      body: () => hook({ headers: { A: 'b\r\nc: d' } }),
      says: /http\.headers: the value of 'A'/,
    },
    {
      name: 'a header of the transport',
      body: () => hook({ headers: { 'Transfer-Encoding': 'chunked' } }),
      says: /is set by the plane itself/,
    },
    {
      name: 'a webhook without a request',
      body: () => ({ type: 'http', isActive: true }),
      says: /http: a channel of type http needs/,
    },
  ])('are refused: $name', async ({ body, says }) => {
    const answer = await plane.call(alerts(), { method: 'POST', body: body() });
    expect(answer.status).toBe(422);
    expect(answer.body.message).toMatch(says);
    expect(await channels()).toEqual([]);
  });

  it('do not follow a webhook elsewhere, where its secrets must not go', async () => {
    await set([hook({ method: 'GET' })]);
    answers.push(302);
    const { body } = await plane.call(`/v1/projects/${plane.projectUid}/alerttest/ClusterHealth`, { method: 'POST' });
    expect(body.items[0]).toMatchObject({ isSucceeded: false });
    expect(body.items[0].message).toMatch(/answered with status 302/);
  });

  it('are of known components and projects only', async () => {
    expect((await plane.call(alerts('Weather'), { method: 'PUT', body: {} })).status).toBe(422);
    expect(
      (await plane.call('/v1/projects/6123456789abcdef01234567/alerts/ClusterHealth', { method: 'PUT', body: {} }))
        .status,
    ).toBe(404);
    const { body } = await plane.call('/v1/projects/alerts');
    expect(body.components.map(({ name }: { name: string }) => name)).toEqual(['ClusterHealth', 'ClusterEvents']);
  });
});
