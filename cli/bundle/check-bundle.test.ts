import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sha256, type Digest } from '#core/digest';
import { bundleSigner, trustKeys, writeBundle, type BundleManifest } from '#packs/bundle/index';
import { archivePack, openPackFiles } from '#packs/index';
import { packJson, textFiles } from '#packs/testing/files';
import { ProfileDocument } from '#profiles/document';

import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';
import { generateSigningKey, signDesiredState } from '#protocol/signature';

import { checkBundle } from './check-bundle.ts';
import { createBundleContents } from './contents.ts';

const { signal } = new AbortController();
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const trust = trustKeys([publicKey]);
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-bundle-'));
  file = join(folder, 'bundle.tgz');
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

interface Made {
  readonly manifest: BundleManifest;
  readonly blobs: Map<Digest, Uint8Array>;
}

/** A whole bundle: one profile with one pack, and a desired state that names the same pack. */
async function make(): Promise<Made> {
  const contents = createBundleContents();
  const files = textFiles({ 'pack.json': packJson({ charts: [], kubeManifests: [] }), 'values.yaml': '' });
  const opened = await openPackFiles(files);
  const archive = archivePack(opened);
  const digest = sha256(archive);
  contents.addPack({ pack: opened, archive, digest });
  contents.addProfile(
    ProfileDocument.parse({
      apiVersion: 'palette-iac.dev/v1',
      kind: 'ClusterProfile',
      name: 'shop',
      layers: [{ name: 'demo', version: '1.x', resolved: { version: '1.0.0', digest } }],
    }),
  );
  const document = {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'DesiredState',
    tenantUid: TenantUid.parse('a'.repeat(24)),
    projectUid: ProjectUid.parse('b'.repeat(24)),
    clusterUid: ClusterUid.parse('c'.repeat(24)),
    revision: 3,
    issuedAt: '2026-01-01T00:00:00.000Z',
    lifecycle: 'active',
    policy: { drift: 'heal', resyncSeconds: 300 },
    context: { system: { 'cluster.name': 'edge-1' }, macros: {}, variables: {}, packs: {} },
    layers: [
      {
        name: 'demo',
        profile: { uid: 'd', name: 'shop', version: '1.0.0' },
        layer: 'addon',
        version: '1.0.0',
        content: digest,
        values: '',
        manifests: [],
        installPriority: 0,
      },
    ],
  } as const;
  contents.addDesiredState(
    { ...document, layers: document.layers.map((layer) => ({ ...layer, manifests: [] })) },
    await signDesiredState(
      { ...document, layers: document.layers.map((layer) => ({ ...layer, manifests: [] })) },
      generateSigningKey(),
    ),
  );
  const manifest = contents.manifest('test');
  const blobs = new Map<Digest, Uint8Array>();
  for (const { blob } of [...manifest.profiles, ...manifest.packs, ...manifest.desiredStates])
    blobs.set(blob.digest, await contents.blob(blob.digest));
  return { manifest, blobs };
}

async function write({ manifest, blobs }: Made): Promise<void> {
  const blob = async (digest: Digest): Promise<Uint8Array> => blobs.get(digest) ?? new Uint8Array();
  const parts: Uint8Array[] = [];
  for await (const chunk of writeBundle(manifest, { blob, sign: bundleSigner(privateKey), signal })) parts.push(chunk);
  await writeFile(file, Buffer.concat(parts));
}

/** The bundle with another content in the place of one of its blobs, digests and all. */
function replaced(made: Made, part: 'profiles' | 'packs' | 'desiredStates', content: string): Made {
  const bytes = Buffer.from(content);
  const blob = { digest: sha256(bytes), size: bytes.byteLength };
  return {
    manifest: { ...made.manifest, [part]: made.manifest[part].map((entry) => ({ ...entry, blob })) },
    blobs: new Map([...made.blobs, [blob.digest, bytes]]),
  };
}

describe('what is in a bundle', () => {
  it('is read when it is what the manifest says of it', async () => {
    await write(await make());
    const { profiles, desiredStates } = await checkBundle(file, { trust, signal });
    expect(profiles).toMatchObject([{ name: 'shop', version: '1.0.0' }]);
    expect([...desiredStates.keys()]).toEqual(['c'.repeat(24)]);
  });

  it.each<{ name: string; change: (made: Made) => Made; message: RegExp }>([
    {
      name: 'a pack that is none',
      change: (made) => replaced(made, 'packs', 'no pack'),
      message: /not a readable tar\.gz/,
    },
    {
      name: 'a pack under another name',
      change: ({ manifest, blobs }) => ({
        manifest: { ...manifest, packs: manifest.packs.map((pack) => ({ ...pack, name: 'other' })) },
        blobs,
      }),
      message: /the pack other 1\.0\.0 is not what the manifest says of it/,
    },
    {
      name: 'a profile that is no JSON',
      change: (made) => replaced(made, 'profiles', '{'),
      message: /the profile shop 1\.0\.0 is not JSON/,
    },
    {
      name: 'a profile of another form',
      change: (made) => replaced(made, 'profiles', '{"kind":"ClusterProfile"}'),
      message: /the profile shop 1\.0\.0 is not what the manifest says of it/,
    },
    {
      name: 'a profile with another digest',
      change: ({ manifest, blobs }) => ({
        manifest: {
          ...manifest,
          profiles: manifest.profiles.map((profile) => ({ ...profile, profileDigest: sha256('another') })),
        },
        blobs,
      }),
      message: /the profile shop 1\.0\.0 is not what the manifest says of it/,
    },
    {
      name: 'a profile whose pack is not there',
      change: ({ manifest, blobs }) => ({ manifest: { ...manifest, packs: [], desiredStates: [] }, blobs }),
      message: /the profile shop 1\.0\.0 needs the pack of its layer demo, which is not there/,
    },
    {
      name: 'a desired state whose pack is not there',
      change: ({ manifest, blobs }) => ({ manifest: { ...manifest, packs: [], profiles: [] }, blobs }),
      message: /the desired state of edge-1 needs the pack sha256:\w+, which is not there/,
    },
    {
      name: 'a desired state of another revision',
      change: ({ manifest, blobs }) => ({
        manifest: { ...manifest, desiredStates: manifest.desiredStates.map((state) => ({ ...state, revision: 9 })) },
        blobs,
      }),
      message: /the desired state of edge-1 is not what the manifest says of it/,
    },
  ])('is refused: $name', async ({ change, message }) => {
    await write(change(await make()));
    await expect(checkBundle(file, { trust, signal })).rejects.toThrow(message);
  });
});
