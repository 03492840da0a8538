/** What a person is told when settings, profiles, packs or manifests are wrong, and that nothing of it is kept. */
import { access, cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { pack as tar } from '#test/plane/fleet-tar';

import { flat, START_MS, startSite, succeed, until, type Site } from './support/environment.ts';

jest.setTimeout(120_000);

/** The longest that a person waits for a diagnostic, in milliseconds. */
const PATIENCE_MS = 60_000;
const TENANT = { kind: 'tenant' } as const;
const STACK = /\n\s+at .*[:(]/;
const guardrails = join(packageRoot, 'examples/packs/guardrails-1.0.0');
const helloChart = join(packageRoot, 'examples/packs/hello-chart-1.0.0');

let site: Site;

beforeAll(async () => {
  site = await startSite('bad-input');
  expect(await site.palette('pack', 'push', guardrails)).toMatchObject({ exitCode: 0 });
}, START_MS);

afterAll(async () => {
  await site?.stop();
}, 60_000);

/** Summaries of the errors that terraform tells. */
const errors = (output: string): string[] => [...output.matchAll(/Error: (.*)/g)].map(([, summary = '']) => summary);

async function storedPacks(): Promise<string> {
  return (await site.palette('pack', 'list')).stdout;
}

async function profileNames(): Promise<string[]> {
  const { items } = await site.client.get('/v1/dashboard/clusterprofiles/metadata', { scope: site.project });
  return items.flatMap(({ metadata }) => metadata?.name ?? []);
}

async function clusterNames(): Promise<string[]> {
  const { items } = await site.client.post('/v1/dashboard/spectroclusters/search', { body: {}, scope: TENANT });
  return (items ?? []).flatMap(({ metadata }) => metadata?.name ?? []);
}

describe('terraform plan with wrong settings tells one thing: which setting, and what to do', () => {
  const config = (settings: string): string =>
    `provider "spectrocloud" {${settings}}\nresource "spectrocloud_project" "never" {\n  name = "never"\n}\n`;

  it.each([
    {
      name: 'a wrong API key',
      env: { SPECTROCLOUD_APIKEY: 'wrong' },
      summary: /refuses the API key/,
      fix: /Set `api_key`.*SPECTROCLOUD_APIKEY/,
    },
    {
      name: 'no API key',
      env: { SPECTROCLOUD_APIKEY: '' },
      summary: /^No API key/,
      fix: /Set `api_key`.*SPECTROCLOUD_APIKEY/,
    },
    {
      name: 'a port that nobody listens on',
      env: { SPECTROCLOUD_HOST: '127.0.0.1:1' },
      summary: /^127\.0\.0\.1:1 cannot be reached/,
      fix: /Check `host`.*SPECTROCLOUD_HOST/,
    },
    {
      name: 'a certificate that nobody vouches for',
      env: { SPECTROCLOUD_CA_FILE: '' },
      summary: /certificate of .* cannot be trusted/,
      fix: /SPECTROCLOUD_CA_FILE.*ignore_insecure_tls_error/,
    },
    {
      name: 'a project that does not exist',
      settings: '\n  project_name = "Defualt"\n',
      summary: /There is no project "Defualt"/,
      fix: /Set `project_name`.*This API key sees: Default/,
    },
  ])('$name', async ({ env = {}, settings = '', summary, fix }) => {
    const terraform = await site.workspace(config(settings), env);
    const started = performance.now();
    const { code, output } = await terraform.run('plan');
    expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
    expect(code).toBe(1);
    expect(errors(output)).toEqual([expect.stringMatching(summary)]);
    expect(flat(output)).toMatch(fix);
    expect(flat(output)).toMatch(/on main\.tf line \d+, in provider "spectrocloud"/);
    expect(output).not.toContain(site.ready().apiKey);
    expect(output).not.toMatch(STACK);
  });
});

describe('a wrong profile', () => {
  const profile = (body: string): string => `
resource "spectrocloud_cluster_profile" "wrong" {
  name = "wrong"
  ${body}
}
`;
  const pack = (name: string, tag: string): string => `pack {
    name          = "${name}"
    tag           = "${tag}"
    registry_name = "Palette Registry"
  }
`;
  const replicas = (more: string): string => `profile_variables {
    variable {
      name         = "replicas"
      display_name = "Replicas"
      format       = "number"
      ${more}
    }
  }`;

  it.each([
    {
      name: 'a pack that does not exist',
      body: pack('guardrials', '1.0.0'),
      says: /There is no pack "guardrials"/,
      line: 'name          = "guardrials"',
    },
    {
      name: 'a tag that does not exist',
      body: pack('guardrails', '9.9.9'),
      says: /no tag "9\.9\.9".*"1\.0\.0"/,
      line: 'tag           = "9.9.9"',
    },
    {
      name: 'a default value of the wrong format',
      body: pack('guardrails', '1.0.0') + replicas('default_value = "many"'),
      says: /replicas.*the format is number.*found "many"/,
      line: 'default_value = "many"',
    },
  ])('with $name is refused at plan, at that line, and not stored', async ({ body, says, line }) => {
    const terraform = await site.workspace(profile(body));
    const plan = await terraform.run('plan');
    expect(plan.code).toBe(1);
    expect(errors(plan.output)).toHaveLength(1);
    expect(flat(plan.output)).toMatch(says);
    expect(flat(plan.output)).toMatch(/on main\.tf line \d+, in resource "spectrocloud_cluster_profile" "wrong"/);
    expect(plan.output).toContain(line);
    expect((await terraform.run('apply', '-auto-approve')).code).toBe(1);
    expect(await profileNames()).not.toContain('wrong');
  });

  it.each([
    {
      name: 'without the value of a required variable',
      variables: '',
      says: /variable replicas: it is required and has no value/,
    },
    {
      name: 'with a value of the wrong format',
      variables: 'variables = { replicas = "many" }',
      says: /variable replicas: the format is number.*found "many"/,
    },
    {
      name: 'with a value for a variable that does not exist',
      variables: 'variables = { replcas = "2" }',
      says: /replcas: no variable has that name; did you mean "replicas"/,
    },
  ])('on a cluster $name is refused, and there is no cluster', async ({ variables, says }) => {
    const sound = profile(pack('guardrails', '1.0.0') + replicas('required = true'));
    const terraform = await site.workspace(`${sound}
resource "spectrocloud_cluster_brownfield" "wrong" {
  name       = "wrong"
  cloud_type = "generic"
  cluster_profile {
    id = spectrocloud_cluster_profile.wrong.id
    ${variables}
  }
}
`);
    // The profile itself is right, and is there from then on: the next plan tells already.
    for (const command of [['apply', '-auto-approve'], ['plan']]) {
      const { code, output } = await terraform.run(...command);
      expect(code).toBe(1);
      expect(errors(output)).toEqual(['Values for cluster profile "wrong" are wrong']);
      expect(flat(output)).toMatch(says);
      expect(flat(output)).toMatch(/in resource "spectrocloud_cluster_brownfield" "wrong".*map "variables"/);
    }
    expect(await clusterNames()).not.toContain('wrong');
    terraform.write('main.tf', sound);
    await succeed(terraform.run('destroy', '-auto-approve'));
    expect(await profileNames()).not.toContain('wrong');
  });
});

describe('a wrong pack', () => {
  const edit = async (file: string, change: (text: string) => string): Promise<void> =>
    writeFile(file, change(await readFile(file, 'utf8')));

  it.each([
    {
      name: 'broken JSON',
      from: guardrails,
      spoil: async (dir: string) => edit(join(dir, 'pack.json'), (text) => text.replace('"security",', '"security"')),
      says: /pack\.json:7:\d+: error: expected "," or "}" after the value of "addonType"/,
    },
    {
      name: 'broken YAML',
      from: guardrails,
      spoil: async (dir: string) => writeFile(join(dir, 'values.yaml'), 'pack:\n  namespace: a\n bad: 1\n'),
      says: /values\.yaml:3:\d+: error: .*column/,
    },
    {
      name: 'a broken manifest',
      from: guardrails,
      spoil: async (dir: string) =>
        writeFile(join(dir, 'manifests/about.yaml'), 'kind: ConfigMap\nmetadata: {name: x\n'),
      says: /manifests\/about\.yaml:\d+:\d+: error: /,
    },
    {
      name: 'a chart that is missing',
      from: helloChart,
      spoil: async (dir: string) => rm(join(dir, 'charts'), { recursive: true }),
      says: /pack\.json:\d+:\d+: error: charts\/hello.*no such file/,
    },
    {
      name: 'a path that leads out of it',
      from: guardrails,
      spoil: async (dir: string) =>
        edit(join(dir, 'pack.json'), (text) => text.replace('manifests/about.yaml', '../../../etc/passwd')),
      says: /pack\.json:\d+:\d+: error: "\.\.\/\.\.\/\.\.\/etc\/passwd": the path climbs out of the pack/,
    },
    {
      name: 'a link that leads out of it',
      from: guardrails,
      spoil: async (dir: string) => symlink('/etc/passwd', join(dir, 'manifests/passwd.yaml')),
      says: /manifests\/passwd\.yaml: error: links .* are refused/,
    },
  ])('with $name: lint and push say file, line and reason, and nothing is stored', async ({ from, spoil, says }) => {
    const before = await storedPacks();
    const dir = join(site.folder, 'spoiled');
    await cp(from, dir, { recursive: true });
    await edit(join(dir, 'pack.json'), (text) => text.replace('"version": "1.0.0"', '"version": "2.0.0"'));
    await spoil(dir);
    const lint = await site.lint(dir);
    const push = await site.palette('pack', 'push', dir);
    await rm(dir, { recursive: true });
    expect(lint).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(says) });
    expect(push).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(says) });
    expect(lint.stderr + push.stderr).not.toMatch(STACK);
    expect(await storedPacks()).toBe(before);
  });

  const packJson = (over: object = {}): string =>
    JSON.stringify({
      name: 'evil',
      displayName: 'Evil',
      version: '1.0.0',
      layer: 'addon',
      cloudTypes: ['all'],
      ...over,
    });

  it.each([
    {
      name: 'an entry beside its folder',
      files: { 'pack.json': packJson(), 'values.yaml': '', '../palette-escaped.yaml': 'a: 1\n' },
      file: /palette-escaped/,
      message: /out of the pack|climbs/,
    },
    {
      name: 'an entry at the root',
      files: { 'pack.json': packJson(), 'values.yaml': '', '/tmp/palette-escaped.yaml': 'a: 1\n' },
      file: /palette-escaped/,
      message: /relative|absolute/,
    },
    {
      name: 'a manifest outside',
      files: { 'pack.json': packJson({ kubeManifests: ['../../etc/passwd'] }), 'values.yaml': '' },
      file: /pack\.json/,
      message: /climbs out of the pack/,
    },
    {
      name: 'broken JSON',
      files: { 'pack.json': '{\n  "name": "evil",\n', 'values.yaml': '' },
      file: /pack\.json/,
      message: /expected/,
    },
    {
      name: 'broken YAML',
      files: { 'pack.json': packJson(), 'values.yaml': 'pack:\n  namespace: a\n bad: 1\n' },
      file: /values\.yaml/,
      message: /column/,
    },
    {
      name: 'a chart that is missing',
      files: { 'pack.json': packJson({ charts: ['charts/none-1.0.0.tgz'] }), 'values.yaml': '' },
      file: /pack\.json/,
      message: /no such file/,
    },
  ])(
    'that somebody pushes without palette, with $name, is refused by the plane with file and reason',
    async ({ files, file, message }) => {
      const before = await storedPacks();
      const { items } = await site.client.get('/v1/registries/metadata', { scope: TENANT });
      const uid = items?.find(({ kind }) => kind === 'pack')?.uid ?? '';
      const pushed = site.client.put('/v1/registries/pack/{uid}/packs', {
        path: { uid },
        body: new Uint8Array(gzipSync(tar(files))),
        scope: TENANT,
      });
      await expect(pushed).rejects.toMatchObject({
        status: 422,
        code: 'InvalidPack',
        details: expect.arrayContaining([
          expect.objectContaining({
            severity: 'error',
            file: expect.stringMatching(file),
            message: expect.stringMatching(message),
          }),
        ]),
      });
      expect(await storedPacks()).toBe(before);
      await expect(access('/tmp/palette-escaped.yaml')).rejects.toThrow();
    },
  );
});

describe('a manifest that the API server rejects', () => {
  const config = (port: number): string => `
resource "spectrocloud_cluster_profile" "mixed" {
  name = "mixed"
  pack {
    name = "refused"
    type = "manifest"
    manifest {
      name    = "web"
      content = <<-EOT
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          ports: [{name: http, port: ${port}}]
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: beside, namespace: default}
      EOT
    }
  }
  pack {
    name = "sound"
    type = "manifest"
    manifest {
      name    = "settings"
      content = <<-EOT
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: default}
        data: {mode: "on"}
      EOT
    }
  }
}
resource "spectrocloud_cluster_brownfield" "local" {
  name       = "local"
  cloud_type = "generic"
  cluster_profile {
    id = spectrocloud_cluster_profile.mixed.id
  }
  timeouts {
    create = "10s"
  }
}
`;
  const REJECTED = /Service default\/web: spec\.ports\[0\]\.port: .*must be between 1 and 65535/;

  interface Shown {
    readonly health: string;
    readonly message: string;
    readonly packs: readonly { readonly name: string; readonly condition: string; readonly message: string }[];
  }

  async function shown(): Promise<Shown> {
    const { stdout } = await site.palette('cluster', 'get', 'local', '--output', 'json');
    return JSON.parse(stdout) as Shown; // as: palette's own output
  }

  it('shows with pack, object and field; the other pack goes on; it heals when it is fixed', async () => {
    const terraform = await site.workspace(config(70_000));
    const output = await succeed(terraform.run('apply', '-auto-approve'));
    expect(output).toContain('Warning: Cluster "local" is not Running and Healthy yet');
    expect(flat(output)).toMatch(
      /pack refused: 1 of 2 objects cannot be applied; Service default\/web: spec\.ports\[0\]\.port/,
    );

    const broken = await until('the cluster shows it', async () => {
      const cluster = await shown();
      return cluster.packs.length === 2 ? cluster : undefined;
    });
    expect(broken).toMatchObject({
      health: 'UnHealthy',
      message: expect.stringMatching(/^pack refused: Service default\/web: spec\.ports\[0\]\.port/),
      packs: [
        { name: 'refused', condition: 'Error', message: expect.stringMatching(REJECTED) },
        { name: 'sound', condition: 'Ready', message: '' },
      ],
    });
    expect(await site.kubectl('get', 'configmaps', 'settings', 'beside', '-o', 'name')).toBe(
      'configmap/settings\nconfigmap/beside',
    );

    terraform.write('main.tf', config(7000));
    await succeed(terraform.run('apply', '-auto-approve'));
    await until('it is healed', async () => (await shown()).health === 'Healthy' || undefined);
    expect(await shown()).toMatchObject({ message: '', packs: [{ condition: 'Ready' }, { condition: 'Ready' }] });
    expect(await site.kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].port}')).toBe('7000');
    expect(await terraform.run('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });
    await succeed(terraform.run('destroy', '-auto-approve'));
    expect(await site.kubectl('get', 'service,configmap', '-l', 'applyset.kubernetes.io/part-of', '-o', 'name')).toBe(
      '',
    );
  });
});
