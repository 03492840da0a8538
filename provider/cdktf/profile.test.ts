import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';

import { addon, defineProfile, manifests, variable } from '#profiles/index';
import { formatLock } from '#profiles/lock/lock-file';

import { ClusterBrownfield, Profile } from './index.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-construct-'));
});
afterAll(async () => rm(dir, { recursive: true }));

function synth(build: (stack: TerraformStack) => void): { readonly [section: string]: unknown } {
  const stack = new TerraformStack(Testing.app(), 'test');
  build(stack);
  return JSON.parse(Testing.synth(stack)) as Record<string, unknown>; // as: an object, as Terraform's JSON is
}

const size = variable('size', { format: 'number', default: 2, options: [1, { value: 2, label: 'two' }] });
const shop = defineProfile({
  name: 'shop',
  version: '1.2.0',
  description: 'Costs ${5}',
  tags: ['team:a'],
  variables: [size],
  layers: [
    addon({ pack: 'shop', version: '^1.0.0', registry: 'Public', values: { size, script: 'echo ${HOME} %{x}' } }),
    manifests({ name: 'own', manifests: { ns: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'own' } } } }),
  ],
});

async function lockFile(version: string): Promise<string> {
  const file = join(dir, 'palette.lock.json');
  const digest = `sha256:${'a'.repeat(64)}` as const;
  const entry = {
    type: 'spectro',
    name: 'shop',
    registry: 'Public',
    wanted: '^1.0.0',
    version,
    digest,
    content: digest,
  };
  await writeFile(file, formatLock({ lockVersion: 1, packs: [{ ...entry, type: 'spectro' }] }));
  return file;
}

describe('the construct of a profile', () => {
  it('is the resource, with pinned versions, and text that Terraform leaves alone', async () => {
    const file = await lockFile('1.4.2');
    const { resource } = synth((stack) => {
      const profile = new Profile(stack, 'shop', shop, { context: 'tenant', lockFile: file });
      new ClusterBrownfield(stack, 'edge', {
        name: 'edge',
        cloudType: 'generic',
        clusterProfile: [{ id: profile.id }],
      });
    });
    expect(resource).toMatchObject({
      spectrocloud_cluster_profile: {
        shop: {
          name: 'shop',
          version: '1.2.0',
          type: 'add-on',
          cloud: 'all',
          context: 'tenant',
          description: 'Costs $${5}',
          tags: ['team:a'],
          pack: [
            {
              name: 'shop',
              type: 'spectro',
              tag: '1.4.2',
              registry_name: 'Public',
              values: 'size: {{.spectro.var.size}}\nscript: echo $${HOME} %%{x}\n',
            },
            { name: 'own', type: 'manifest', manifest: [{ name: 'ns' }] },
          ],
          profile_variables: [
            {
              variable: [
                {
                  name: 'size',
                  display_name: 'size',
                  format: 'number',
                  input_type: 'dropdown',
                  default_value: '2',
                  options: [
                    { value: '1', label: '1' },
                    { value: '2', label: 'two' },
                  ],
                },
              ],
            },
          ],
        },
      },
      spectrocloud_cluster_brownfield: {
        edge: { cluster_profile: [{ id: '${spectrocloud_cluster_profile.shop.id}' }] },
      },
    });
  });

  it('takes what other constructs give', () => {
    const { resource } = synth((stack) => {
      const vpc = new TerraformVariable(stack, 'vpc', { type: 'string' });
      const document = defineProfile({
        name: 'net',
        layers: [addon({ pack: 'cni-custom', version: '1.0.0', values: { vpc: vpc.stringValue } })],
      });
      new Profile(stack, 'net', document);
    });
    expect(resource).toMatchObject({
      spectrocloud_cluster_profile: { net: { pack: [{ values: 'vpc: ${var.vpc}\n' }] } },
    });
  });

  it('asks for a lock file where a range stands', () => {
    expect(() => synth((stack) => new Profile(stack, 'shop', shop))).toThrow(
      /profile shop 1\.2\.0, layer shop: error: Terraform cannot resolve "\^1\.0\.0".*lockFile/,
    );
  });
});
