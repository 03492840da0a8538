/** What terraform plan says of the clusters that run a changed profile: real terraform, real plane, an agent that answers as told. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';

import jwt from '@nats-io/jwt';

import { createPlaneClient } from '#agent/channel/rest';
import { delay } from '#core/retry';
import type { PaletteClient, Scope } from '#openapi/client/index';
import { ClusterUid } from '#protocol/identifiers';
import type { PreviewResult } from '#protocol/preview';

import { testNetwork } from '../support/network.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';
import { createMirror, createWorkspace, type Mirror, type Workspace } from './support/workspace.ts';

jest.setTimeout(120_000);

let plane: TestPlane;
let client: PaletteClient;
let scope: Scope;
let mirror: Mirror;
let workspace: Workspace;
const stop = new AbortController();
let agent: { readonly running: Promise<void> } | undefined;

beforeAll(async () => {
  plane = await startWholePlane();
  client = plane.client();
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  scope = { kind: 'project', projectUid: items?.[0]?.metadata?.uid ?? '' };
  mirror = await createMirror();
  const caFile = `${mirror.env.TF_CLI_CONFIG_FILE}.ca.pem`;
  writeFileSync(caFile, plane.ca);
  workspace = createWorkspace({
    env: {
      ...mirror.env,
      SPECTROCLOUD_HOST: plane.host,
      SPECTROCLOUD_APIKEY: plane.apiKey,
      SPECTROCLOUD_CA_FILE: caFile,
    },
  });
  workspace.write('main.tf', config('1.0.0', 'blue'));
  expect(await workspace.run('init')).toMatchObject({ code: 0 });
  expect(await workspace.run('apply', '-auto-approve')).toMatchObject({ code: 0 });
  const { items: versions } = await client.get('/v1/profileversions', { query: { name: 'shop' }, scope });
  agent = await joinAndAnswer(versions[0]?.uid ?? '');
}, 300_000);

afterAll(async () => {
  stop.abort();
  await agent?.running;
  workspace?.remove();
  mirror?.remove();
  await plane?.stop();
});

function config(version: string, color: string, description = ''): string {
  return `
resource "spectrocloud_cluster_profile" "shop" {
  name        = "shop"
  version     = "${version}"
  description = "${description}"
  type        = "add-on"
  cloud       = "all"
  pack {
    name = "settings"
    type = "manifest"
    manifest {
      name    = "settings"
      content = "apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: settings\\n  namespace: default\\ndata:\\n  color: ${color}\\n"
    }
  }
}
`;
}

const RESULT: PreviewResult = {
  revision: 1,
  counts: { created: 0, changed: 2, removed: 0, unchanged: 0, restarts: 1, refused: 0 },
  changes: [],
  refused: [],
  omitted: 2,
};

/** A cluster that runs the profile, with an agent that says the same to every question. */
async function joinAndAnswer(profileUid: string): Promise<{ readonly running: Promise<void> }> {
  const { uid } = await client.post('/v1/spectroclusters/generic/import', {
    scope,
    body: { metadata: { name: 'edge-1' } },
  });
  await client.patch('/v1/spectroclusters/{uid}/profiles', {
    path: { uid },
    scope,
    body: { profiles: [{ uid: profileUid }] },
  });
  const manifest = String(await client.get('/v1/spectroclusters/{uid}/import/manifest', { path: { uid }, scope }));
  const clusterUid = ClusterUid.parse(uid);
  let accessToken: string | undefined;
  const channel = createPlaneClient({
    urls: () => [`https://${plane.host}`],
    network: testNetwork(plane.ca),
    accessToken: () => accessToken,
  });
  const { signal } = stop;
  const credentials = await channel.register(
    {
      clusterUid,
      token: /token: (\S+)/.exec(manifest)?.[1] ?? '',
      kubernetesUid: randomUUID(),
      kubernetesVersion: 'v1.34.0',
      agentVersion: '1.0.0',
      busPublicKey: jwt.createUser().getPublicKey(),
    },
    { signal },
  );
  ({ accessToken } = credentials);
  const common = (): { readonly id: string; readonly clusterUid: ClusterUid; readonly sentAt: string } => ({
    id: randomUUID(),
    clusterUid,
    sentAt: new Date().toISOString(),
  });
  await channel.report([], { ...common(), agentVersion: '1.0.0', revision: 1 }, { signal });
  const answer = async (): Promise<void> => {
    for (let cursor = 0; !signal.aborted;) {
      for (const command of await channel.commands(cursor, { signal })) {
        cursor = command.cursor;
        await channel.report([{ ...common(), kind: 'preview', previewId: command.id, result: RESULT }], undefined, {
          signal,
        });
      }
      await delay(100, { signal });
    }
  };
  return {
    running: answer()
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
      })
      .finally(() => channel.close()),
  };
}

const WARNING = 'Warning: Impact of cluster profile "shop"';

describe('terraform plan', () => {
  it('warns what a changed profile does to the clusters that run it, and changes nothing by that', async () => {
    workspace.write('main.tf', config('1.0.0', 'red'));
    const { code, output } = await workspace.run('plan', '-detailed-exitcode');
    expect(code).toBe(2);
    expect(output).toContain(`${WARNING} 1.0.0`);
    expect(output).toContain('edge-1: 2 changed, pods of 1 restart');
    const { items } = await client.get('/v1/profileversions', { query: { name: 'shop' }, scope });
    expect(items.map(({ version }) => version)).toEqual(['1.0.0']);
  });

  it('says of another version that clusters are to be moved to it', async () => {
    workspace.write('main.tf', config('2.0.0', 'red'));
    const { output } = await workspace.run('plan');
    expect(output).toContain(`${WARNING} 2.0.0`);
    expect(output.replaceAll(/\s+/g, ' ')).toContain('say what would happen when they are moved to it');
  });

  it('says nothing where no content changes', async () => {
    workspace.write('main.tf', config('1.0.0', 'blue', 'another description'));
    const { code, output } = await workspace.run('plan', '-detailed-exitcode');
    expect(code).toBe(2);
    expect(output).not.toContain('Impact');
  });
});
