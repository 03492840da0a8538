/** Small packs, profiles and clusters for tests. */
import { gzipSync } from 'node:zlib';

import { pack as tarPack } from './fleet-tar.ts';
import type { TestPlane } from './fleet-plane.ts';

export interface PackOptions {
  readonly name: string;
  readonly version?: string;
  readonly layer?: string;
  readonly values?: string;
  readonly manifest?: string;
  /** More of pack.json. */
  readonly json?: object;
}

const MANIFEST = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: default
data:
  greeting: "{{ .spectro.var.greeting }}"
`;

/** The archive of a pack with one manifest. */
export function packBytes({
  name,
  version = '1.0.0',
  layer = 'addon',
  values = 'pack:\n  namespace: default\nmanifests:\n  main: {}\n',
  manifest = MANIFEST,
  json: more = {},
}: PackOptions): Uint8Array {
  const json = {
    name,
    version,
    displayName: name,
    layer,
    addonType: 'system app',
    cloudTypes: ['all'],
    kubeManifests: ['manifests/main.yaml'],
    ...more,
  };
  return gzipSync(
    tarPack({
      'pack.json': JSON.stringify(json),
      'values.yaml': values,
      'manifests/main.yaml': manifest,
      'README.md': `# ${name}\n`,
      'logo.png': '',
    }),
  );
}

export async function registryUid(plane: TestPlane): Promise<string> {
  const { body } = await plane.call('/v1/registries/metadata');
  return body.items[0].uid;
}

export async function pushPack(plane: TestPlane, options: PackOptions): Promise<{ uid: string; digest: string }> {
  const answer = await plane.call(`/v1/registries/pack/${await registryUid(plane)}/packs`, {
    method: 'PUT',
    bytes: packBytes(options),
  });
  if (answer.status !== 201) throw new Error(`push: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export interface ProfileOptions {
  readonly name: string;
  readonly version?: string;
  readonly packs: readonly object[];
  readonly variables?: readonly object[];
  readonly type?: string;
  readonly publish?: boolean;
}

export async function createProfile(
  plane: TestPlane,
  { name, version = '1.0.0', packs, variables = [], type = 'add-on', publish = true }: ProfileOptions,
): Promise<string> {
  const created = await plane.call('/v1/clusterprofiles', {
    method: 'POST',
    body: { metadata: { name }, spec: { version, template: { type, cloudType: 'all', packs }, variables } },
  });
  if (created.status !== 201)
    throw Object.assign(new Error(`create profile: ${created.status} ${JSON.stringify(created.body)}`), {
      answer: created,
    });
  if (publish) {
    const { status } = await plane.call(`/v1/clusterprofiles/${created.body.uid}/publish`, { method: 'PATCH' });
    if (status !== 204) throw new Error(`publish: ${status}`);
  }
  return created.body.uid;
}

export async function importCluster(plane: TestPlane, name: string): Promise<string> {
  const { status, body } = await plane.call('/v1/spectroclusters/generic/import', {
    method: 'POST',
    body: { metadata: { name } },
  });
  if (status !== 201) throw new Error(`import: ${status} ${JSON.stringify(body)}`);
  return body.uid;
}

export async function attach(
  plane: TestPlane,
  clusterUid: string,
  profiles: readonly object[],
): Promise<{ status: number; body: { code: string; message: string } }> {
  return plane.call(`/v1/spectroclusters/${clusterUid}/profiles`, { method: 'PATCH', body: { profiles } });
}
