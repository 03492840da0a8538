/** Releases of the agent in the plane: who signs them, who is told to run them, and which versions work together. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sha256 } from '#core/digest';
import { writeRelease } from '#packs/agent-release/archive';
import { generateKeyPair, readPrivateKey, signBlob } from '#packs/signature/index';

import { registerAgent } from './fleet-agent.ts';
import { importCluster } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

const IMAGE = `example.test/agent@sha256:${'a'.repeat(64)}`;
const TENANT = { projectuid: '' };
const AT_0_4 = { agentVersion: '0.4.0' };

let plane: TestPlane;
let publicKey: string;
let sign: (bytes: Uint8Array) => string;

beforeAll(async () => {
  plane = await startTestPlane({ version: '0.4.2' });
  const pair = await generateKeyPair('');
  publicKey = pair.publicKey;
  const key = await readPrivateKey(pair.privateKey, '');
  sign = (bytes) => signBlob(bytes, key);
});
afterAll(async () => plane?.stop());

function archiveOf(version: string, content = 'console.log(1)'): Buffer {
  return writeRelease(
    { version, entry: 'agent.mjs', node: '>=20.19.0', image: IMAGE },
    new Map([['agent.mjs', Buffer.from(content)]]),
  );
}

async function publish(bytes: Uint8Array, signature?: string): Promise<Answer> {
  return plane.call('/v1/agentreleases', {
    method: 'PUT',
    bytes,
    headers: { ...TENANT, ...(signature === undefined ? {} : { 'palette-signature': signature }) },
  });
}

async function settings(body: object, headers: Readonly<Record<string, string>> = TENANT): Promise<Answer> {
  return plane.call('/v1/agentreleasesettings', { method: 'PUT', body, headers });
}

describe('publishing a release', () => {
  it('takes what a key of the settings signed, once, and says why it does not take anything else', async () => {
    const bytes = archiveOf('0.4.0');
    expect(await publish(bytes, sign(bytes))).toMatchObject({ status: 422, body: { code: 'SignatureRequired' } });
    expect((await settings({ publicKeys: ['no key'] })).status).toBe(422);
    expect((await settings({ publicKeys: [publicKey] }, {})).body).toMatchObject({ code: 'TenantOnly' });
    expect((await settings({ publicKeys: [publicKey] })).status).toBe(204);

    expect(await publish(bytes)).toMatchObject({ status: 422, body: { code: 'SignatureRequired' } });
    expect(await publish(bytes, sign(Buffer.from('other')))).toMatchObject({ body: { code: 'SignatureRequired' } });
    expect(await publish(Buffer.from('no archive'), 'x')).toMatchObject({ body: { code: 'InvalidAgentRelease' } });
    // Sent again while the first one is under way, as after a lost answer.
    const answers = await Promise.all([1, 2, 3].map(async () => publish(bytes, sign(bytes))));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 201, body: { version: '0.4.0', digest: sha256(bytes), image: IMAGE } });
    expect((await publish(bytes, sign(bytes))).status).toBe(201);
    const other = archiveOf('0.4.0', 'console.log(2)');
    expect(await publish(other, sign(other))).toMatchObject({ status: 409, body: { code: 'AgentReleaseExists' } });
    expect((await plane.call('/v1/agentreleases')).body.items).toEqual([
      expect.objectContaining({ version: '0.4.0', chosen: false, size: bytes.length }),
    ]);
  });

  it.each([
    { version: '0.2.0', status: 201 },
    { version: '0.4.9', status: 201 },
    { version: '0.1.9', status: 422 },
    { version: '0.5.0', status: 422 },
    { version: '1.0.0', status: 422 },
  ])('plane 0.4.2 answers version $version with $status', async ({ version, status }) => {
    const bytes = archiveOf(version);
    const answer = await publish(bytes, sign(bytes));
    expect(answer.status).toBe(status);
    if (status === 422) expect(answer.body.code).toBe('AgentVersionSkew');
  });
});

describe('choosing a release', () => {
  it('reaches the desired state of every cluster, the own choice of one first, and pausing is told', async () => {
    const [uid, other] = [await importCluster(plane, 'chosen'), await importCluster(plane, 'other')];
    const [agent, second] = [await registerAgent(plane, uid, AT_0_4), await registerAgent(plane, other, AT_0_4)];
    expect(agent.credentials.releaseKeys).toEqual([publicKey]);
    expect((await agent.desiredState()).dayTwo).toBeUndefined();
    expect((await settings({ version: '9.9.9' })).status).toBe(404);
    expect((await settings({ version: '0.4.0' })).status).toBe(204);
    const bytes = archiveOf('0.4.0');
    expect((await agent.desiredState()).dayTwo).toMatchObject({
      agentUpgrades: 'automatic',
      agentRelease: {
        version: '0.4.0',
        content: sha256(bytes),
        signature: sign(bytes) ? expect.any(String) : '',
        image: IMAGE,
      },
    });

    const own = `/v1/spectroclusters/${uid}/agentrelease`;
    expect((await plane.call(own, { method: 'PUT', body: { version: '0.2.0' } })).status).toBe(204);
    expect((await agent.desiredState()).dayTwo?.agentRelease?.version).toBe('0.2.0');
    expect((await second.desiredState()).dayTwo?.agentRelease?.version).toBe('0.4.0');
    expect(await plane.call(`${own}/upgrade`, { method: 'POST', body: { version: '0.4.0' } })).toMatchObject({
      status: 409,
      body: { code: 'OtherAgentReleaseChosen' },
    });
    const removing = { method: 'DELETE', headers: TENANT };
    expect(await plane.call('/v1/agentreleases/0.2.0', removing)).toMatchObject({
      body: { code: 'AgentReleaseInUse' },
    });

    const pausing = { method: 'POST', body: { spectroComponents: 'lock' } };
    expect((await plane.call(`/v1/spectroclusters/${uid}/upgrade/settings`, pausing)).status).toBe(204);
    expect((await agent.desiredState()).dayTwo?.agentUpgrades).toBe('paused');
    expect(await plane.call(`${own}/upgrade`, { method: 'POST', body: { version: '0.4.0' } })).toMatchObject({
      status: 409,
      body: { code: 'AgentUpgradesPaused' },
    });
    expect((await plane.call(own)).body).toMatchObject({ paused: true, version: '0.2.0', effectiveVersion: '0.2.0' });

    expect((await plane.call(own, { method: 'PUT', body: {} })).status).toBe(204);
    expect((await agent.desiredState()).dayTwo?.agentRelease?.version).toBe('0.4.0');
    expect((await settings({ version: '' })).status).toBe(204);
    expect((await second.desiredState()).dayTwo).toBeUndefined();
    expect((await plane.call('/v1/agentreleases/0.2.0', removing)).status).toBe(204);
  });

  it('an upgrade that was asked for waits as an action, and its archive may be fetched by the agent alone', async () => {
    const uid = await importCluster(plane, 'asked');
    const agent = await registerAgent(plane, uid, AT_0_4);
    const asked = await plane.call(`/v1/spectroclusters/${uid}/agentrelease/upgrade`, {
      method: 'POST',
      body: { version: '0.4.0' },
    });
    expect(asked.status).toBe(201);
    const bytes = archiveOf('0.4.0');
    const commands = await agent.call('/v1/agents/self/commands?after=0&types=action/upgrade-agent');
    expect(commands.body.items).toMatchObject([
      {
        id: asked.body.uid,
        action: { type: 'upgrade-agent', spec: { release: { version: '0.4.0', content: sha256(bytes) } } },
      },
    ]);
    const pack = await agent.call(`/v1/agents/self/packs/${sha256(bytes)}`);
    expect(sha256(pack.bytes)).toBe(sha256(bytes));
    expect((await plane.bare(`/v1/agents/self/packs/${sha256(bytes)}`)).status).toBe(401);

    // The general way takes no upgrades: another archive cannot be slipped in under a version that was published.
    const { release } = commands.body.items[0].action.spec;
    const forged = { ...release, content: sha256('other') };
    const answer = await plane.call(`/v1/spectroclusters/${uid}/actions`, {
      method: 'POST',
      body: { type: 'upgrade-agent', spec: { release: forged } },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'InvalidRequest' } });
  });
});

describe('agents of other versions', () => {
  it.each([
    { agentVersion: '0.4.0', joins: true },
    { agentVersion: '0.2.0', joins: true },
    { agentVersion: '0.5.0', joins: true },
    { agentVersion: '0.1.9', joins: false },
  ])('agent $agentVersion joins plane 0.4.2: $joins', async ({ agentVersion, joins }) => {
    const uid = await importCluster(plane, `skew-${agentVersion.replaceAll('.', '-')}`);
    const joining = registerAgent(plane, uid, { agentVersion });
    if (joins) expect((await joining).credentials.clusterUid).toBe(uid);
    else await expect(joining).rejects.toThrow('AgentTooOldForPlane');
  });

  it('one that fell too far behind keeps what it has, and is given the command to upgrade', async () => {
    const uid = await importCluster(plane, 'behind');
    const agent = await registerAgent(plane, uid, { agentVersion: '0.2.0' });
    expect((await agent.report({ ...agent.status(), agentVersion: '0.1.0' })).status).toBe(204);
    const answer = await agent.call('/v1/agents/self/desiredstate');
    expect(answer).toMatchObject({ status: 404, body: { code: 'NoDesiredState' } });
    expect(answer.body.message).toContain('upgrade the agent');
    const asked = await plane.call(`/v1/spectroclusters/${uid}/agentrelease/upgrade`, {
      method: 'POST',
      body: { version: '0.4.0' },
    });
    expect(asked.status).toBe(201);
    expect((await agent.call('/v1/agents/self/commands?types=action/upgrade-agent')).body.items).toHaveLength(1);
  });
});
