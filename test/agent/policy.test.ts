/** What the agent believes, what it keeps, and how it joins and leaves. */
import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { mapAt, type JsonMap, type KubeObject } from '#kubernetes/object';
import { ClusterUid } from '#protocol/identifiers';
import { generateSigningKey, signDesiredState } from '#protocol/signature';

import {
  configMap,
  createSite,
  eventually,
  layer,
  refTo,
  openCluster,
  packWith,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';

jest.setTimeout(60_000);

const dataOf = (object: KubeObject | undefined): JsonMap => mapAt(object, 'data');

let cluster: TestCluster;
let site: TestSite;

beforeAll(async () => {
  cluster = await openCluster();
}, 20 * 60_000);
afterAll(async () => cluster.close());
beforeEach(async () => {
  site = await createSite(cluster);
});
afterEach(async () => site.stop());

describe('an agent that is given a wrong document', () => {
  it.each([
    {
      name: 'one that was changed on its way',
      reason: 'bad signature',
      make: async () => {
        const signed = await site.plane.sign(site.plane.document({ lifecycle: 'deleting' }, 2));
        const other = await site.plane.sign(site.plane.document({}, 2));
        return { ...signed, payload: other.payload };
      },
    },
    {
      name: 'one signed with another key',
      reason: 'unknown key',
      make: async () => signDesiredState(site.plane.document({}, 2), generateSigningKey()),
    },
    {
      name: "another cluster's",
      reason: 'other cluster',
      make: async () => site.plane.sign(site.plane.document({ clusterUid: ClusterUid.parse('f'.repeat(24)) }, 2)),
    },
    {
      name: 'an older revision, replayed',
      reason: 'older revision',
      make: async () => site.plane.sign(site.plane.document({ layers: [] }, 1)),
    },
  ])('refuses $name, says so, and keeps the last known policy', async ({ reason, make }) => {
    const object = configMap(site.namespace, 'kept', { color: 'blue' });
    await site.plane.offer({});
    const revision = await site.plane.offer({ layers: [layer('app', 10, object)] });
    await site.invite();
    const agent = await site.startAgent();
    await site.applied(revision);
    site.plane.offerRaw(await make());
    await eventually('it is reported', () => site.reports('refusal').length > 0 || undefined);
    expect(site.reports('refusal')[0]).toMatchObject({ reason });
    await site.edit(refTo(object), { data: { color: 'red' } });
    await eventually(
      'the last known policy is enforced',
      async () => dataOf(await site.object(refTo(object)))['color'] === 'blue' || undefined,
    );
    expect(await agent.metric('palette_agent_refusals_total')).toBe(1);
    expect(await agent.metric('palette_agent_revision')).toBe(revision);
  });
});

describe('an agent without a plane', () => {
  it('enforces the last known policy after a restart, writes nothing twice, and takes the newest when the plane is back', async () => {
    const digest = site.plane.addPack(await packWith(cluster, site.namespace, 'packed'));
    const object = configMap(site.namespace, 'kept', { color: 'blue' });
    const pack = { ...layer('packed', 20), content: digest };
    const first = await site.plane.offer({ layers: [layer('app', 10, object), pack] });
    await site.invite();
    const before = await site.startAgent();
    const status = await site.applied(first);
    expect(dataOf(await site.object(refTo(configMap(site.namespace, 'packed', {}))))).toEqual({ text: 'as packed' });
    await eventually('it is settled', async () => site.settledDocument());
    const written = await before.metric('palette_agent_applies_total');
    expect(written).toBe(status.layers.reduce((sum, { objects }) => sum + objects, 0));
    await before.stop();
    await site.plane.stop();

    const after = await site.startAgent();
    await eventually('everything was compared', async () =>
      (await after.metric('palette_agent_passes_total')) > 0 ? true : undefined,
    );
    expect(await after.metric('palette_agent_objects')).toBe(written);
    expect(await after.metric('palette_agent_applies_total')).toBe(0);
    await site.edit(refTo(object), { data: { color: 'red' } });
    await eventually(
      'drift is healed',
      async () => dataOf(await site.object(refTo(object)))['color'] === 'blue' || undefined,
    );
    expect(await after.metric('palette_agent_applies_total')).toBe(1);

    const second = await site.plane.offer({
      layers: [layer('app', 10, { ...object, data: { color: 'green' } }), pack],
    });
    await site.plane.start();
    await site.applied(second);
    expect(dataOf(await site.object(refTo(object)))['color']).toBe('green');
    expect(await after.metric('palette_agent_applies_total')).toBe(2);
    expect(site.plane.requests.filter((request) => request.includes('/packs/'))).toHaveLength(1);
    expect(site.reports('drift').map(({ action }) => action)).toEqual(['healed']);
  });

  it('goes on where it was killed: what a former life left half done is finished', async () => {
    const objects = Array.from({ length: 40 }, (_object, at) =>
      configMap(site.namespace, `object-${at}`, { at: String(at) }),
    );
    const revision = await site.plane.offer({ layers: [layer('app', 10, ...objects)] });
    await site.invite();
    const before = await site.startAgent();
    await eventually(
      'some are there',
      async () => (await before.metric('palette_agent_applies_total')) > 0 || undefined,
    );
    await before.stop();
    await site.startAgent();
    const status = await site.applied(revision);
    expect(status.layers[0]?.objects).toBe(40);
    const last = objects.at(-1);
    expect(last && (await site.object(refTo(last)))).toBeDefined();
  });
});

describe('a pack archive', () => {
  it('that is not what its digest says fails its own layer only', async () => {
    const archive = await packWith(cluster, site.namespace, 'packed');
    const digest = site.plane.addPack(archive);
    site.plane.replacePack(digest, Buffer.concat([archive, Buffer.from('x')]));
    const pack = { ...layer('packed', 10), content: digest };
    const object = configMap(site.namespace, 'beside', {});
    await site.plane.offer({ layers: [pack, layer('app', 20, object)] });
    await site.invite();
    await site.startAgent();
    const status = await eventually('it is reported', () => {
      const now = site.status();
      return now?.phase === 'failed' && now.layers[1]?.condition === 'Ready' ? now : undefined;
    });
    expect(status.layers[0]).toMatchObject({
      condition: 'Error',
      message: expect.stringContaining('changed on its way'),
    });
    expect(await site.object(refTo(object))).toBeDefined();
    site.plane.replacePack(digest, archive);
    await site.applied(status.revision);
  });
});

describe('the life of an agent', () => {
  it('ends with its cluster: everything it brought is removed, then its own, and a new invitation is a new life', async () => {
    const namespace = `${site.namespace}-app`;
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      configMap(namespace, 'inside', {}),
      configMap(site.namespace, 'beside', {}),
    ];
    const first = await site.plane.offer({ layers: [layer('app', 10, ...objects)] });
    await site.invite();
    await site.startAgent();
    await site.applied(first);
    await site.plane.offer({ lifecycle: 'deleting', layers: [layer('app', 10, ...objects)] });
    await eventually('it is cleaned', () => site.status()?.phase === 'cleaned' || undefined);
    expect(await site.object({ apiVersion: 'v1', kind: 'Namespace', name: namespace })).toBeUndefined();
    expect(await site.object(refTo(configMap(site.namespace, 'beside', {})))).toBeUndefined();
    site.plane.revoke();
    await eventually('its own secrets are gone', async () =>
      (await site.ownSecrets()).length === 0 ? true : undefined,
    );

    await site.invite();
    const again = await site.plane.offer({ layers: [layer('app', 10, configMap(site.namespace, 'beside', {}))] });
    await site.applied(again);
    expect(site.plane.registrations).toHaveLength(2);
  });

  it('goes on with the last known policy when its credentials are not taken any more', async () => {
    const object = configMap(site.namespace, 'kept', { color: 'blue' });
    const revision = await site.plane.offer({ layers: [layer('app', 10, object)] });
    await site.invite();
    await site.startAgent();
    await site.applied(revision);
    site.plane.revoke();
    await site.edit(refTo(object), { data: { color: 'red' } });
    await eventually(
      'drift is healed',
      async () => dataOf(await site.object(refTo(object)))['color'] === 'blue' || undefined,
    );
    // A new import manifest brings it back under the plane.
    await site.invite();
    const next = await site.plane.offer({ layers: [layer('app', 10, { ...object, data: { color: 'green' } })] });
    await site.applied(next);
    expect(dataOf(await site.object(refTo(object)))['color']).toBe('green');
  });

  it('waits for a good token when the first one is spent', async () => {
    await site.plane.offer({});
    await site.invite('spent');
    await site.startAgent();
    await eventually(
      'the plane was asked',
      () => site.plane.requests.includes('POST /v1/agents/register') || undefined,
    );
    await site.invite();
    await site.applied(1);
    expect(site.plane.registrations).toHaveLength(1);
  });

  it('renews its credentials before they expire', async () => {
    site.plane.credentialsMs = 2_000;
    await site.plane.offer({});
    await site.invite();
    await site.startAgent();
    const renewed = () =>
      site.plane.requests.filter((request) => request === 'POST /v1/agents/self/credentials').length;
    await eventually('they are renewed twice', () => renewed() >= 2 || undefined);
    expect(site.plane.registrations).toHaveLength(1);
  });

  it('carries out a command once, and drops one that is too old', async () => {
    const object = configMap(site.namespace, 'kept', {});
    const revision = await site.plane.offer({ layers: [layer('app', 10, object)] });
    await site.invite();
    const first = await site.startAgent();
    await site.applied(revision);
    const command = (cursor: number, expiresAt: string) => ({
      id: randomUUID(),
      cursor,
      type: 'resync' as const,
      issuedAt: new Date().toISOString(),
      expiresAt,
    });
    site.plane.commands.push(command(1, '2020-01-01T00:00:00.000Z'), command(2, '2099-01-01T00:00:00.000Z'));
    await eventually('both are reported', () => site.reports('command').length === 2 || undefined);
    expect(site.reports('command').map(({ outcome }) => outcome)).toEqual(['expired', 'done']);
    await first.stop();
    await site.startAgent();
    const asked = site.plane.requests.length;
    await eventually(
      'the new life has asked',
      () => site.plane.requests.slice(asked).includes('GET /v1/agents/self/commands') || undefined,
    );
    // A report under way when the agent ended may have come twice, under the same id.
    expect(new Set(site.reports('command').map(({ id }) => id)).size).toBe(2);
  });
});
