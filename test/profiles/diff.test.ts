/** `palette profile diff` and `policy` on profiles in TypeScript, with charts that Helm renders. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { palette } from './support/command.ts';

jest.setTimeout(120_000);

const examplePacks = fileURLToPath(new URL('../../examples/packs', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-diff-'));
  await cp(examplePacks, join(folder, 'packs'), { recursive: true });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Shop {
  readonly version?: string;
  readonly replicas?: number;
  readonly password?: string;
  readonly image?: string;
  readonly extra?: string;
}

async function shop(
  file: string,
  { version = '1.0.0', replicas = 1, password = 'hunter2', image = 'nginx:1.27', extra = '' }: Shop = {},
) {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(
    path,
    `import { addon, defineProfile, manifests, noPrivilegedPods, variable } from 'palette-iac/profiles';
const password = variable('password', { sensitive: true, default: ${JSON.stringify(password)} });
export const shop = defineProfile({
  name: 'shop',
  version: ${JSON.stringify(version)},
  variables: [password, variable('greeting', { default: 'hello' })],
  policies: [noPrivilegedPods()],
  layers: [
    addon({ pack: 'hello-chart', version: '1.x', values: { charts: { hello: { replicas: ${replicas} } } } }),
    manifests({
      name: 'web',
      manifests: {
        pod: {
          apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' },
          spec: { containers: [{ name: 'web', image: ${JSON.stringify(image)}, env: [{ name: 'PASSWORD', value: password }] }] },
        },
        secret: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web', namespace: 'default' }, stringData: { password } },
      },
    }),
  ],
});
${extra}
`,
  );
  return path;
}

const packs = () => ['--packs', join(folder, 'packs')];

describe('palette profile diff', () => {
  it('says nothing of equal profiles and ends with 0', async () => {
    const outcome = await palette(
      'profile',
      'diff',
      await shop('a/profile.ts'),
      await shop('b/profile.ts'),
      ...packs(),
    );
    expect(outcome).toEqual({ code: 0, out: 'profile shop 1.0.0: no change\n', err: '' });
  });

  it('says values, objects by field and restarts, hides secrets, and ends with 2', async () => {
    const old = await shop('old/profile.ts');
    const now = await shop('new/profile.ts', {
      version: '1.1.0',
      replicas: 3,
      password: 'correct-horse',
      image: 'nginx:1.28',
    });
    const { code, out, err } = await palette('profile', 'diff', old, now, ...packs());
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(out).toMatch(/^profile shop 1\.0\.0 → 1\.1\.0\n/);
    expect(out).toContain('~ values.charts.hello.replicas: 1 → 3');
    expect(out).toMatch(/~ Deployment hello\/hello-chart \(layer hello-chart\)\n {6}~ spec\.replicas: 1 → 3/);
    expect(out).toMatch(/~ Pod default\/web \(layer web\), pods restart\n/);
    expect(out).toContain('~ spec.containers[name=web].image: nginx:1.27 → nginx:1.28');
    expect(out).toContain('~ [name=password].defaultValue: (sensitive) → (sensitive)');
    expect(out).toContain('~ Secret default/web');
    expect(out).not.toMatch(/hunter2|correct-horse/);
  });

  it('is JSON for programs and markdown for pull requests', async () => {
    const old = await shop('old/profile.ts');
    const now = await shop('new/profile.ts', { replicas: 3 });
    const json = await palette('profile', 'diff', old, now, ...packs(), '-o', 'json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject([
      {
        before: { name: 'shop', version: '1.0.0' },
        layers: [
          {
            kind: 'changed',
            name: 'hello-chart',
            fields: [{ path: 'values.charts.hello.replicas', before: 1, after: 3 }],
          },
        ],
        objects: [
          { kind: 'changed', object: { kind: 'Deployment' }, fields: [{ path: 'spec.replicas' }], restarts: false },
        ],
      },
    ]);
    const markdown = await palette('profile', 'diff', old, now, ...packs(), '-o', 'markdown');
    expect(markdown.out).toMatch(/^### profile shop 1\.0\.0\n\n1 layer · objects: 1 changed\n/);
    expect(markdown.out).toContain('```diff\n! hello-chart');
    expect(markdown.out).toContain('<details><summary>objects: 1 changed</summary>');
  });

  it('needs neither packs nor Helm without rendering, and no difference without objects is missed', async () => {
    const old = await shop('old/profile.ts');
    const now = await shop('new/profile.ts', { replicas: 3 });
    const { code, out } = await palette('profile', 'diff', old, now, '--no-render');
    expect(code).toBe(2);
    expect(out).not.toContain('objects:');
  });

  it('pairs the profiles of programs with several by name', async () => {
    const more = (name: string) =>
      `export const ${name} = defineProfile({ name: '${name}', layers: [manifests({ name: 'm', manifests: { c: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } } } })] });`;
    const old = await shop('old/several.ts', { extra: more('one') });
    const now = await shop('new/several.ts', { extra: more('two') });
    const { code, out } = await palette('profile', 'diff', old, now, ...packs());
    expect(code).toBe(2);
    expect(out.split('\n').filter((line) => line.startsWith('profile'))).toEqual([
      'profile shop 1.0.0: no change',
      'profile two 1.0.0, which is new',
      'profile one 1.0.0, which is gone',
    ]);
    expect(await palette('profile', 'diff', `${old}#shop`, `${now}#shop`, ...packs())).toMatchObject({ code: 0 });
  });

  it.each([
    { name: 'a file that is not there', args: ['nowhere.ts', 'nowhere.ts'], say: /nowhere\.ts/ },
    { name: 'packs that are not there', args: ['old', 'old'], say: /the pack hello-chart is not in/, dir: 'empty' },
    { name: 'an unknown option', args: ['old', 'old', '--nope'], say: /unknown option '--nope'/ },
    { name: 'a missing side', args: ['old'], say: /missing required argument/ },
    {
      name: 'a variable that nobody has',
      args: ['old', 'old', '--set', 'nope=1'],
      say: /--set: no profile has the variable nope/,
    },
    { name: 'a value without name', args: ['old', 'old', '--set', 'nope'], say: /expected name=value/ },
    { name: 'a program that fails', args: ['old', 'broken'], say: /broken\.ts.*the program failed: oops/s },
  ])('ends with 1 for $name', async ({ args, say, dir = 'packs' }) => {
    await mkdir(join(folder, 'empty'), { recursive: true });
    await writeFile(join(folder, 'broken.ts'), 'throw new Error("oops");\n');
    const files: Record<string, string> = { old: await shop('old/profile.ts'), broken: join(folder, 'broken.ts') };
    const outcome = await palette(
      'profile',
      'diff',
      ...args.map((arg) => files[arg] ?? arg),
      '--packs',
      join(folder, dir),
    );
    expect(outcome.err).toMatch(say);
    expect(outcome).toMatchObject({ code: 1, out: '' });
  });

  it('tells its exit codes', async () => {
    const { code, out } = await palette('profile', 'diff', '--help');
    expect(code).toBe(0);
    expect(out).toContain('Exit codes: 0 no change, 2 there are changes, 1 failed or wrong use.');
  });
});

describe('palette profile policy', () => {
  const baseline = `kind: Policy
name: baseline
rules:
  - kind: builtin
    rule: no-latest-tag
  - kind: cel
    name: few-replicas
    expression: "object.kind != 'Deployment' || object.spec.replicas <= 2"
    messageExpression: "'at most 2 replicas, found ' + string(object.spec.replicas)"
    severity: warning
`;

  it('checks the rules of the program and of files, and ends with 1 when one finds an error', async () => {
    await writeFile(join(folder, 'baseline.yaml'), baseline);
    const bad = await shop('bad/profile.ts', { image: 'nginx', replicas: 3 });
    const outcome = await palette('profile', 'policy', bad, ...packs(), '--policy', join(folder, 'baseline.yaml'));
    expect(outcome.out.split('\n').filter((line) => /Pod|replicas|profile shop/.test(line))).toEqual([
      'error: layer web: Pod default/web, spec.containers[0].image: container web: image nginx has no tag, which means latest; expected a version or a digest (no-latest-tag)',
      'warning: layer hello-chart: Deployment hello/hello-chart: at most 2 replicas, found 3 (few-replicas)',
      'profile shop 1.0.0: 3 rules: 1 error, 1 warning',
    ]);
    expect(outcome.code).toBe(1);
  });

  it('passes with warnings, unless told otherwise', async () => {
    await writeFile(join(folder, 'baseline.yaml'), baseline);
    const file = await shop('warned/profile.ts', { replicas: 3 });
    const args = ['profile', 'policy', file, ...packs(), '--policy', join(folder, 'baseline.yaml')];
    expect(await palette(...args)).toMatchObject({ code: 0 });
    expect(await palette(...args, '--strict')).toMatchObject({ code: 1 });
    const markdown = await palette(...args, '-o', 'markdown');
    expect(markdown.out).toContain('### Policy of profile shop 1.0.0\n\n3 rules: 1 warning.');
    expect(markdown.out).toContain('| warning | hello-chart | Deployment hello/hello-chart |');
    const json = await palette(...args, '-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject([
      { profile: 'shop 1.0.0', rules: 3, findings: [{ rule: 'few-replicas' }] },
    ]);
  });

  it('takes policies in TypeScript and built-in rules by name, and hides secrets', async () => {
    await writeFile(
      join(folder, 'policy.ts'),
      `import { definePolicy, rule } from 'palette-iac/profiles';
export const mine = definePolicy({ name: 'mine', rules: [rule({
  name: 'no-passwords', description: 'No password in the environment',
  check: (object) => (object.spec?.containers ?? []).flatMap((one, at) => (one.env ?? []).map((env) => ({ field: \`spec.containers[\${at}].env\`, message: \`\${env.name} is \${env.value}\` }))),
})] });
`,
    );
    const file = await shop('good/profile.ts', {});
    const outcome = await palette(
      'profile',
      'policy',
      file,
      ...packs(),
      '--policy',
      join(folder, 'policy.ts'),
      '--rule',
      'require-image-digest',
    );
    expect(outcome.code).toBe(1);
    expect(outcome.out).toContain('PASSWORD is (sensitive) (no-passwords)');
    expect(outcome.out).toContain('(require-image-digest)');
    expect(outcome.out).not.toContain('hunter2');
  });

  it.each([
    {
      name: 'a rule that is not there',
      args: ['--rule', 'no-latest-tags'],
      say: /there is no built-in rule no-latest-tags; did you mean "no-latest-tag"/,
      code: 1,
    },
    {
      name: 'a policy that cannot be read',
      args: ['--policy', 'bad.yaml'],
      say: /bad\.yaml:1: rules\[0\]\.expression: .*\(rule a\)/,
      code: 1,
    },
    {
      name: 'a file without policy',
      args: ['--policy', 'none.ts'],
      say: /none\.ts: there is no policy in it/,
      code: 1,
    },
    { name: 'an unknown option', args: ['--nope'], say: /unknown option/, code: 2 },
  ])('says $name', async ({ args, say, code }) => {
    await writeFile(join(folder, 'bad.yaml'), 'rules: [{kind: cel, name: a, expression: "1 +"}]\n');
    await writeFile(join(folder, 'none.ts'), 'export const x = 1;\n');
    const file = await shop('good/profile.ts', {});
    const given = args.map((arg) => (/\.(ts|yaml)$/.test(arg) ? join(folder, arg) : arg));
    const outcome = await palette('profile', 'policy', file, ...packs(), ...given);
    expect(outcome.err).toMatch(say);
    expect(outcome.code).toBe(code);
  });

  it('lists what is built in', async () => {
    const { code, out } = await palette('profile', 'rules', '-o', 'json');
    expect(code).toBe(0);
    const rules: { rule: string; params: object }[] = JSON.parse(out);
    expect(rules.length).toBeGreaterThan(15);
    expect(rules.find(({ rule }) => rule === 'allowed-registries')?.params).toMatchObject({
      registries: { type: 'array' },
    });
  });
});
