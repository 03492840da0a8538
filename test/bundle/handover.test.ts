/** What is brought by hand to an agent whose plane is away. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { handOver, handoverOutcome, type HandoverOutcome } from '#agent/policy/handover';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { mapAt, type JsonMap } from '#kubernetes/object';
import { ClusterUid } from '#protocol/identifiers';
import { generateSigningKey, signDesiredState, type SignedDesiredState } from '#protocol/signature';

import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  packWith,
  refTo,
  type TestCluster,
  type TestSite,
} from '../agent/support/harness.ts';

jest.setTimeout(60_000);

const { signal } = new AbortController();
let cluster: TestCluster;
let site: TestSite;
let client: KubeClient;

beforeAll(async () => {
  cluster = await openCluster();
  client = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'test' });
}, 20 * 60_000);
afterAll(async () => {
  client.close();
  await cluster.close();
});
beforeEach(async () => {
  site = await createSite(cluster);
});
afterEach(async () => site.stop());

async function bring(signed: SignedDesiredState, ...archives: readonly Uint8Array[]): Promise<string> {
  return handOver(
    client,
    site.namespace,
    signed,
    async (put) => {
      for (const archive of archives) await put(archive);
    },
    { signal },
  );
}

async function outcome(id: string): Promise<HandoverOutcome> {
  return eventually('the agent says what it made of it', async () =>
    handoverOutcome(client, site.namespace, id, { signal }),
  );
}

/** An agent at revision 1 whose plane is gone. */
async function lonelyAgent(): Promise<{ stop(): Promise<void> }> {
  const first = await site.plane.offer({
    layers: [layer('app', 10, configMap(site.namespace, 'kept', { color: 'blue' }))],
  });
  await site.invite();
  const agent = await site.startAgent();
  await site.applied(first);
  await site.plane.stop();
  return agent;
}

const dataOf = async (name: string): Promise<JsonMap> =>
  mapAt(await site.object(refTo(configMap(site.namespace, name, {}))), 'data');

async function handoverSecrets(): Promise<readonly string[]> {
  return (await site.ownSecrets()).filter((name) => /^palette-agent-handover(?!-outcome)/.test(name));
}

describe('a desired state that is handed over', () => {
  it('is in force without a plane, with its packs, also after a restart, and leaves nothing behind', async () => {
    const archive = await packWith(cluster, site.namespace, 'packed');
    const content = site.plane.addPack(archive);
    const agent = await lonelyAgent();
    const next = {
      layers: [
        layer('app', 10, configMap(site.namespace, 'kept', { color: 'green' })),
        { ...layer('packed', 20), content },
      ],
    };
    const id = await bring(await site.plane.sign(site.plane.document(next, 2)), archive);
    expect(await outcome(id)).toMatchObject({ kind: 'taken', revision: 2 });
    await eventually('the pack is applied', async () => (await dataOf('packed'))['text'] === 'as packed' || undefined);
    expect((await dataOf('kept'))['color']).toBe('green');
    await eventually('nothing is left of it', async () => (await handoverSecrets()).length === 0 || undefined);

    await agent.stop();
    await site.startAgent();
    await site.edit(refTo(configMap(site.namespace, 'packed', {})), { data: { text: 'changed' } });
    await eventually('it is enforced', async () => (await dataOf('packed'))['text'] === 'as packed' || undefined);

    // The plane is back with something newer, and has the word again.
    await site.plane.offer({ layers: [] });
    await site.plane.offer({ layers: [layer('app', 10, configMap(site.namespace, 'kept', { color: 'red' }))] });
    await site.plane.start();
    await site.applied(3);
    expect((await dataOf('kept'))['color']).toBe('red');

    // With the cluster's end there is no word left of it either.
    await site.plane.offer({ lifecycle: 'deleting' });
    await eventually('it is cleaned', () => site.status()?.phase === 'cleaned' || undefined);
    site.plane.revoke();
    await eventually('its own secrets are gone', async () => (await site.ownSecrets()).length === 0 || undefined);
  });

  it('waits for an agent that is not running', async () => {
    const agent = await lonelyAgent();
    await agent.stop();
    const next = { layers: [layer('app', 10, configMap(site.namespace, 'kept', { color: 'green' }))] };
    const id = await bring(await site.plane.sign(site.plane.document(next, 2)));
    await site.startAgent();
    expect(await outcome(id)).toMatchObject({ kind: 'taken', revision: 2 });
    await eventually('it is applied', async () => (await dataOf('kept'))['color'] === 'green' || undefined);
  });

  it.each<{ name: string; message: RegExp; make: () => Promise<SignedDesiredState> }>([
    {
      name: 'is signed by a key that the agent does not trust',
      message: /unknown key/,
      make: async () => signDesiredState(site.plane.document({ layers: [] }, 2), generateSigningKey()),
    },
    {
      name: 'was changed',
      message: /bad signature/,
      make: async () => {
        const signed = await site.plane.sign(site.plane.document({ layers: [] }, 2));
        const other = await site.plane.sign(site.plane.document({}, 3));
        return { ...signed, payload: other.payload };
      },
    },
    {
      name: "is another cluster's",
      message: /other cluster/,
      make: async () => site.plane.sign(site.plane.document({ clusterUid: ClusterUid.parse('f'.repeat(24)) }, 2)),
    },
    {
      name: 'names a pack that nobody has',
      message: /neither in it nor in the cluster/,
      make: async () =>
        site.plane.sign(
          site.plane.document({ layers: [{ ...layer('packed', 10), content: `sha256:${'0'.repeat(64)}` }] }, 2),
        ),
    },
  ])('and $name is refused; what was in force stays', async ({ message, make }) => {
    await lonelyAgent();
    const id = await bring(await make());
    expect(await outcome(id)).toEqual({ kind: 'refused', id, message: expect.stringMatching(message) });
    await site.edit(refTo(configMap(site.namespace, 'kept', {})), { data: { color: 'changed' } });
    await eventually(
      'the policy before is enforced',
      async () => (await dataOf('kept'))['color'] === 'blue' || undefined,
    );
    await eventually('nothing is left of it', async () => (await handoverSecrets()).length === 0 || undefined);
  });

  it('that lacks a chunk is refused with the name of the Secret, and the next one is taken', async () => {
    const agent = await lonelyAgent();
    await agent.stop();
    const next = { layers: [layer('app', 10, configMap(site.namespace, 'kept', { color: 'green' }))] };
    const signed = await site.plane.sign(site.plane.document(next, 2));
    const id = await bring(signed);
    const [chunk = ''] = (await handoverSecrets()).filter((name) => name !== 'palette-agent-handover');
    await site.remove({ apiVersion: 'v1', kind: 'Secret', namespace: site.namespace, name: chunk });
    await site.startAgent();
    expect(await outcome(id)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(`${chunk} is missing`),
    });
    expect(await outcome(await bring(signed))).toMatchObject({ kind: 'taken' });
  });
});
