import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { providerSchemaJson } from '#provider/terraform/provider-schema-json';

import { startFakeApi, type FakeApi } from './support/fake-api.ts';
import { createMirror, createWorkspace, type Mirror, type Workspace } from './support/workspace.ts';

jest.setTimeout(120_000);

let api: FakeApi;
let mirror: Mirror;
let caFile: string;
const workspaces: Workspace[] = [];

beforeAll(async () => {
  api = await startFakeApi();
  mirror = await createMirror();
  caFile = `${mirror.env.TF_CLI_CONFIG_FILE}.ca.pem`;
  writeFileSync(caFile, api.ca);
});

afterAll(async () => {
  for (const workspace of workspaces) workspace.remove();
  mirror.remove();
  await api.close();
});

async function workspace(config: string, env: Record<string, string> = {}): Promise<Workspace> {
  const created = createWorkspace({
    env: {
      ...mirror.env,
      SPECTROCLOUD_HOST: api.host,
      SPECTROCLOUD_APIKEY: api.apiKey,
      SPECTROCLOUD_CA_FILE: caFile,
      ...env,
    },
  });
  workspaces.push(created);
  created.write('main.tf', config);
  const init = await created.run('init');
  expect(init).toMatchObject({ code: 0 });
  return created;
}

describe('terraform with the bundled provider', () => {
  it('creates, reads, changes, imports and destroys', async () => {
    const project = (body: string): string =>
      `resource "spectrocloud_project" "it" {\n${body}\n}\noutput "id" { value = spectrocloud_project.it.id }\n`;
    const ws = await workspace(project('name = "web"\ntags = ["team:infra", "prod"]'));
    expect(await ws.run('validate')).toMatchObject({ code: 0 });
    const plan = await ws.run('plan');
    expect(plan).toMatchObject({ code: 0, output: expect.stringContaining('1 to add, 0 to change, 0 to destroy') });
    expect(await ws.run('apply', '-auto-approve')).toMatchObject({ code: 0 });
    const created = [...api.projects.values()].find(({ metadata }) => metadata.name === 'web')?.metadata;
    expect(created).toMatchObject({ labels: { team: 'infra', prod: 'spectro__tag' } });
    expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });

    ws.write('main.tf', project('name = "web"\ndescription = "shop"\ntags = ["prod", "team:infra"]'));
    expect(await ws.run('apply', '-auto-approve')).toMatchObject({
      code: 0,
      output: expect.stringContaining('0 added, 1 changed, 0 destroyed'),
    });
    expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });

    // Changed by someone else: the drift shows, and is put right.
    api.projects.set(created?.uid ?? '', {
      metadata: { ...created, name: 'web', uid: created?.uid ?? '', labels: {} },
    });
    expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject({
      code: 2,
      output: expect.stringContaining('0 to add, 1 to change'),
    });

    expect(await ws.run('state', 'rm', 'spectrocloud_project.it')).toMatchObject({ code: 0 });
    expect(await ws.run('import', 'spectrocloud_project.it', 'web')).toMatchObject({ code: 0 });
    expect(await ws.run('apply', '-auto-approve')).toMatchObject({ code: 0 });
    expect(await ws.run('destroy', '-auto-approve')).toMatchObject({
      code: 0,
      output: expect.stringContaining('1 destroyed'),
    });
    expect([...api.projects.keys()]).toEqual(['p-default']);
  });

  it('creates anew what somebody deleted', async () => {
    const ws = await workspace('resource "spectrocloud_project" "it" {\n  name = "gone"\n}\n');
    await ws.run('apply', '-auto-approve');
    const uid = [...api.projects.values()].find(({ metadata }) => metadata.name === 'gone')?.metadata.uid ?? '';
    api.projects.delete(uid);
    expect(await ws.run('apply', '-auto-approve')).toMatchObject({
      code: 0,
      output: expect.stringContaining('1 added'),
    });
    await ws.run('destroy', '-auto-approve');
  });

  it('has the schema that provider:schema prints', async () => {
    const ws = await workspace('');
    const { output } = await ws.run('providers', 'schema', '-json');
    expect(JSON.parse(output)).toEqual(await providerSchemaJson());
  });

  it('takes over a state of the official provider without a change', async () => {
    const uid = 'aaaaaaaaaaaaaaaaaaaaaaaa';
    api.projects.set(uid, {
      metadata: { name: 'taken-over', uid, labels: { team: 'infra' }, annotations: { description: '' } },
    });
    const ws = await workspace(
      'resource "spectrocloud_project" "it" {\n  name = "taken-over"\n  tags = ["team:infra"]\n}\n',
    );
    const attributes = { description: '', id: uid, name: 'taken-over', tags: ['team:infra'], timeouts: null };
    const resource = {
      mode: 'managed',
      type: 'spectrocloud_project',
      name: 'it',
      provider: 'provider["registry.terraform.io/spectrocloud/spectrocloud"]',
      instances: [
        {
          schema_version: 2,
          attributes,
          sensitive_attributes: [],
          private: Buffer.from('{"schema_version":"2"}').toString('base64'),
        },
      ],
    };
    ws.write(
      'terraform.tfstate',
      JSON.stringify({
        version: 4,
        terraform_version: '1.11.4',
        serial: 3,
        lineage: 'l',
        outputs: {},
        resources: [resource],
      }),
    );
    expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject({
      code: 0,
      output: expect.stringContaining('No changes'),
    });
  });

  it('keeps what was created when it is interrupted, and stops at once', async () => {
    const ws = await workspace('resource "spectrocloud_project" "it" {\n  name = "slow"\n}\n');
    const held = api.hold('POST /v1/projects');
    const apply = ws.start('apply', '-auto-approve');
    await held.arrived;
    // As a terminal does: to the whole group, provider included.
    process.kill(-(apply.process.pid ?? 0), 'SIGINT');
    const { code, output } = await apply.result;
    held.release();
    expect(code).toBe(1);
    expect(output).toContain('Interrupted: create of spectrocloud_project');
  });

  it('dumps what goes over the wire when it is asked to', async () => {
    const ws = await workspace('resource "spectrocloud_project" "it" {\n  name = "dumped"\n}\n');
    const dumps = join(ws.dir, 'dumps');
    const again = createWorkspace({
      env: {
        ...mirror.env,
        SPECTROCLOUD_HOST: api.host,
        SPECTROCLOUD_APIKEY: api.apiKey,
        SPECTROCLOUD_CA_FILE: caFile,
        TF_LOG_SDK_PROTO_DATA_DIR: dumps,
      },
    });
    workspaces.push(again);
    again.write('main.tf', ws.read('main.tf'));
    await again.run('init');
    expect(await again.run('plan')).toMatchObject({ code: 0 });
    const files = readdirSync(dumps).map((name) => name.replace(/^\d+-\d+_/, ''));
    expect(files).toContain('PlanResourceChange_Request_ProposedNewState.msgpack');
    expect(files).toContain('PlanResourceChange_Response_PlannedState.msgpack');
    expect(readFileSync(join(dumps, readdirSync(dumps)[0] ?? ''))).not.toHaveLength(0);
  });
});

describe('the log of the provider', () => {
  it('is one that Terraform reads, without the key', async () => {
    const ws = await workspace('resource "spectrocloud_project" "it" {\n  name = "logged"\n}\n', {
      TF_LOG: 'TRACE',
      SPECTROCLOUD_TRACE: '1',
    });
    const { code, output } = await ws.run('apply', '-auto-approve');
    expect(code).toBe(0);
    expect(output).toMatch(/\[DEBUG\] provider\..*: operation is done: .*verb=create/);
    expect(output).not.toContain(api.apiKey);
  });
});

describe('a provider that cannot connect says so in one diagnostic at plan', () => {
  const config = 'provider "spectrocloud" {}\nresource "spectrocloud_project" "it" {\n  name = "never"\n}\n';

  it.each<{ name: string; env: Record<string, string>; summary: string; fix: string }>([
    { name: 'no key', env: { SPECTROCLOUD_APIKEY: '' }, summary: 'No API key', fix: 'api_key' },
    {
      name: 'a wrong key',
      env: { SPECTROCLOUD_APIKEY: 'wrong' },
      summary: 'refuses the API key',
      fix: 'SPECTROCLOUD_APIKEY',
    },
    {
      name: 'a certificate that nobody vouches for',
      env: { SPECTROCLOUD_CA_FILE: '' },
      summary: 'cannot be trusted',
      fix: 'SPECTROCLOUD_CA_FILE',
    },
    {
      name: 'a CA file that does not exist',
      env: { SPECTROCLOUD_CA_FILE: '/nowhere.pem' },
      summary: 'The CA file cannot be read',
      fix: '/nowhere.pem',
    },
    {
      name: 'a host that does not listen',
      env: { SPECTROCLOUD_HOST: 'localhost:1' },
      summary: 'localhost:1 cannot be reached',
      fix: 'SPECTROCLOUD_HOST',
    },
    {
      name: 'a host that is none',
      env: { SPECTROCLOUD_HOST: 'http://x/y' },
      summary: 'Invalid host',
      fix: 'SPECTROCLOUD_HOST',
    },
    {
      name: 'a number of retries that is none',
      env: { SPECTROCLOUD_RETRY_ATTEMPTS: 'many' },
      summary: 'Invalid number of retries',
      fix: 'SPECTROCLOUD_RETRY_ATTEMPTS',
    },
  ])('$name', async ({ env, summary, fix }) => {
    const ws = await workspace(config, env);
    const started = Date.now();
    const { code, output } = await ws.run('plan');
    expect(code).toBe(1);
    expect(output.match(/^.*Error: .*$/gm)).toHaveLength(1);
    expect(output.replace(/\s+/g, ' ').replace(/ │ /g, ' ')).toContain(summary);
    expect(output).toContain(fix);
    expect(output).not.toContain(api.apiKey);
    expect(Date.now() - started).toBeLessThan(60_000);
  });

  it('an unknown project, with those that exist', async () => {
    const ws = await workspace(config.replace('{}', '{\n  project_name = "Defualt"\n}'));
    const { code, output } = await ws.run('plan');
    expect(code).toBe(1);
    expect(output).toContain('There is no project "Defualt"');
    expect(output.replaceAll(/\s+/g, ' ')).toContain('This API key sees: Default');
    expect(output).toContain('project_name = "Defualt"');
  });
});
