import type { ConformancePlane } from '../support/plane.ts';
import { any } from '../support/expectations.ts';
import { define } from './case.ts';

const exported = (version: string, mode: string): string => `metadata:
  name: imported
  description: From a file
  labels: {tier: gold}
spec:
  version: ${version}
  template:
    type: add-on
    cloudType: all
    packs:
      - name: own
        type: manifest
        layer: addon
        manifests:
          - name: settings
            content: |
              apiVersion: v1
              kind: ConfigMap
              metadata: {name: settings}
              data: {mode: ${mode}}
  variables:
    - name: greeting
      displayName: Greeting
      defaultValue: hello
`;

const stored = (version: string, mode: string): object => ({
  name: 'imported',
  version,
  published: true,
  labels: { tier: 'gold' },
  description: 'From a file',
  manifest: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: ${mode}}`,
  variables: ['greeting'],
});

export const clusterProfileImport = define({
  type: 'spectrocloud_cluster_profile_import',
  create: {
    values: { importFile: exported('1.0.0', 'one') },
    state: { id: any.identifier, context: 'project' },
    stored: stored('1.0.0', 'one'),
  },
  changes: [
    {
      name: 'the content of the version that it made',
      another: 'instead',
      values: { importFile: exported('1.0.0', 'two') },
      state: { id: any.identifier },
      stored: stored('1.0.0', 'two'),
    },
    {
      name: 'the version',
      another: 'instead',
      values: { importFile: exported('1.1.0', 'two') },
      state: { id: any.identifier },
      stored: stored('1.1.0', 'two'),
    },
  ],
  // The file is not read back: somebody else's changes of the profile are no difference.
  drifts: [],
  remove: async ({ client, project }, uid) =>
    client.delete('/v1/clusterprofiles/{uid}', { path: { uid }, scope: project }),
  importedExactly: false,
  wrong: [
    {
      name: 'a file that is not there',
      values: { importFile: 'nowhere/profile.yaml' },
      at: ['importFile'],
      says: /The file "nowhere\/profile\.yaml" cannot be read/,
      managed: { says: /Files cannot be read here/ },
    },
  ],
  stored: readStored,
  list: async ({ client, project }) => {
    const { items } = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope: project });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});

async function readStored({ client, project }: ConformancePlane, uid: string): Promise<unknown> {
  const found = await client.clusterProfile(uid, { scope: project, signal: AbortSignal.timeout(10_000) });
  if (found.kind === 'absent') throw new Error(`there is no profile ${uid}`);
  const { metadata, spec, status } = found.profile;
  return {
    name: metadata?.name,
    version: spec?.published?.profileVersion,
    published: status?.isPublished,
    labels: metadata?.labels ?? {},
    description: metadata?.annotations?.['description'] ?? '',
    manifest: found.manifests.get('own')?.[0]?.spec?.published?.content,
    variables: found.variables.map(({ name }) => name),
  };
}
