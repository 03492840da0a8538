/** Programs as users run them: what they write, what Terraform says to it, and the fork of cdktf in its place. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { createMirror, createWorkspace, type Mirror } from '#test/provider/support/workspace';

import { runProgram, type ProgramRun } from './support/run-program.ts';

jest.setTimeout(120_000);

const GOLDEN = join(import.meta.dirname, 'golden/aws.tf.json');

const runs: ProgramRun[] = [];
async function program(...args: Parameters<typeof runProgram>): Promise<ProgramRun> {
  const run = await runProgram(...args);
  runs.push(run);
  return run;
}

let mirror: Mirror;

beforeAll(async () => {
  mirror = await createMirror();
});

afterAll(async () => {
  mirror.remove();
  for (const run of runs) await run.remove();
});

describe('examples/aws', () => {
  let written: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    written = await (await program({ file: 'examples/aws/main.ts' })).stack('aws');
    // UPDATE_GOLDEN=1 writes the file anew: look at the difference before it is committed.
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(GOLDEN, `${JSON.stringify(written, null, 2)}\n`);
  });

  it('writes what the golden file holds', async () => {
    expect(written).toEqual(JSON.parse(await readFile(GOLDEN, 'utf8')));
  });

  it('hands on what AWS gives as tokens', () => {
    expect(written).toMatchObject({
      resource: {
        spectrocloud_cloudaccount_aws: {
          account: {
            type: 'sts',
            arn: '${aws_iam_role.role.arn}',
            external_id: '${var.external_id}',
            policy_arns: ['${aws_iam_policy.policy.arn}'],
          },
        },
        spectrocloud_macros: { network: { macros: { aws_vpc_id: '${aws_vpc.vpc.id}' } } },
      },
    });
  });

  it('is the same on cdktn, installed under the name of cdktf', async () => {
    const text = PROFILE_PROGRAM;
    const [original, fork] = [await program({ text }), await program({ text }, { aliases: { cdktf: 'cdktn' } })];
    expect(await fork.stack('demo')).toEqual(await original.stack('demo'));
    const metadata = JSON.parse(await readFile(join(fork.stackDir('demo'), 'cdk.tf.json'), 'utf8')) as {
      '//': { metadata: { version: string } };
    }; // as: what cdktf writes about itself
    expect(metadata['//'].metadata.version).toMatch(/^0\.24\./);
  });
});

/** Every construct, once. */
const PROFILE_PROGRAM = `
import { App, TerraformStack } from 'cdktf';
import {
  CloudaccountAws, ClusterBrownfield, ClusterProfile, Profile, DataCluster, DataClusterProfile, DataPack, DataProject, DataRegistry,
  Macros, Project, RegistrationToken, SpectrocloudProvider,
} from 'palette-iac/cdktf';
import { addon, defineProfile, variable } from 'palette-iac/profiles';

const app = new App();
const stack = new TerraformStack(app, 'demo');
new SpectrocloudProvider(stack, 'palette', { host: 'palette.example.com', apiKey: 'key', projectName: 'Default' });
const project = new Project(stack, 'project', { name: 'team', tags: ['owner:a'], timeouts: { create: '1m' } });
const registry = new DataRegistry(stack, 'registry', { name: 'Public' });
const pack = new DataPack(stack, 'pack', { name: 'nginx', registryUid: registry.id, advanceFilters: [{ packLayer: ['addon'] }] });
const profile = new ClusterProfile(stack, 'profile', {
  name: 'base',
  type: 'add-on',
  pack: [
    { name: pack.name, tag: pack.version, uid: pack.id, values: pack.values },
    { name: 'own', type: 'manifest', manifest: [{ name: 'ns', content: 'kind: Namespace' }] },
  ],
  profileVariables: [{ variable: [{ name: 'size', displayName: 'Size', format: 'number', defaultValue: '1', options: [{ value: '1', label: 'one' }] }] }],
});
const existing = new DataClusterProfile(stack, 'existing', { name: 'other', version: '1.0.0' });
const cluster = new ClusterBrownfield(stack, 'cluster', {
  name: 'edge',
  cloudType: 'generic',
  clusterProfile: [{ id: profile.id, variables: { size: '2' } }, { id: existing.id }],
  backupPolicy: [{ prefix: 'p', backupLocationId: 'l', schedule: '0 1 * * *', expiryInHour: 72 }],
  namespaces: [{ name: 'shop', resourceAllocation: { cpu_cores: '2', memory_MiB: '512' } }],
});
new DataCluster(stack, 'found', { name: cluster.name });
new DataProject(stack, 'default', { name: 'Default' });
new Macros(stack, 'macros', { context: 'project', macros: { owner: project.name } });
new RegistrationToken(stack, 'token', { name: 'edge', expiryDate: '2099-12-31', projectUid: project.id });
new CloudaccountAws(stack, 'aws', { name: 'aws', type: 'pod-identity', roleArn: 'arn:aws:iam::1:role/x' });
const size = variable('size', { format: 'number', default: 1, options: [1, 2] });
new Profile(stack, 'program', defineProfile({
  name: 'program',
  variables: [size],
  layers: [addon({ pack: 'nginx', version: '1.x', values: { size, script: 'echo \${HOME} %{x} \${a', project: project.name } })],
}));
app.synth();
`;

describe('a program with every construct', () => {
  it.each([
    { name: 'JSON', env: {}, file: 'cdk.tf.json' },
    { name: 'HCL', env: { SYNTH_HCL_OUTPUT: 'true' }, file: 'cdk.tf' },
  ])('writes $name that terraform accepts', async ({ env, file }) => {
    const run = await program({ text: PROFILE_PROGRAM }, { env });
    const workspace = createWorkspace({ env: mirror.env });
    try {
      workspace.write(file, await readFile(join(run.stackDir('demo'), file), 'utf8'));
      // The program names the provider itself.
      workspace.write('required.tf', '');
      expect(await workspace.run('init')).toMatchObject({ code: 0 });
      expect(await workspace.run('validate')).toMatchObject({
        code: 0,
        output: expect.stringContaining('The configuration is valid'),
      });
    } finally {
      workspace.remove();
    }
  });
});
