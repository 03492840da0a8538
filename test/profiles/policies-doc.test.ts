/** docs/policies.md: its policies are read, its test runs, its table has every rule. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadPolicies } from '#profiles/load/load-policy';
import { BUILTINS } from '#profiles/policy/index';
import { execute, palette as built } from '#test/support/palette';

import { palette } from './support/command.ts';

jest.setTimeout(120_000);

const root = fileURLToPath(new URL('../..', import.meta.url));
let text = '';
let folder = '';

const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

const shop = (
  version: string,
  replicas: string,
): string => `import { addon, defineProfile, variable } from 'palette-iac/profiles';
import { baseline } from './policies.ts';
const replicas = variable('replicas', { format: 'number', default: 2 });
export const shop = defineProfile({
  name: 'shop',
  version: '${version}',
  variables: [replicas, variable('greeting', { default: 'hello' })],
  policies: baseline.rules.filter(({ name }) => name !== 'allowed-registries' && name !== 'owned-namespaces'),
  layers: [addon({ pack: 'hello-chart', version: '1.0.0', values: { charts: { hello: { replicas: ${replicas} } } } })],
});
`;

beforeAll(async () => {
  text = await readFile(join(root, 'docs/policies.md'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'policies-doc-'));
  await cp(join(root, 'examples/packs'), join(folder, 'packs'), { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['jest', '@jest'])
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  const [policies = '', test = ''] = blocks('ts');
  await writeFile(join(folder, 'policies.ts'), policies);
  await writeFile(join(folder, 'profile.ts'), shop('1.0.0', 'replicas'));
  await writeFile(join(folder, 'shop.test.ts'), test);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the page on policies', () => {
  it('shows policies that are read', async () => {
    await writeFile(join(folder, 'baseline.yaml'), blocks('yaml')[0] ?? '');
    expect((await loadPolicies(join(folder, 'baseline.yaml'))).map(({ name, rules }) => [name, rules.length])).toEqual([
      ['baseline', 3],
    ]);
    expect((await loadPolicies(join(folder, 'policies.ts'))).map(({ name, rules }) => [name, rules.length])).toEqual([
      ['baseline', 5],
    ]);
  });

  it('has every built-in rule with its words', () => {
    for (const { ruleName, description } of BUILTINS.values())
      expect(text).toMatch(
        new RegExp(`^\\| ${ruleName} \\| .* \\| ${description.replaceAll(/[.*()]/g, '\\$&')} \\|$`, 'm'),
      );
    expect(text.match(/^\| [a-z-]+ \| [\w, ]* \| .* \|$/gm)?.length).toBe(BUILTINS.size + 1);
  });

  it('shows a test that passes', async () => {
    // In CI Jest writes no snapshots.
    const env = { ...process.env, CI: 'false' };
    const result = await built(['profile', 'test', '.', '--packs', 'packs'], { cwd: folder, env });
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Tests:       2 passed, 2 total') });
  });

  it('shows what a diff prints', async () => {
    for (const name of ['before', 'after']) {
      await mkdir(join(folder, name));
      await cp(join(folder, 'policies.ts'), join(folder, name, 'policies.ts'));
    }
    await writeFile(join(folder, 'before/profile.ts'), shop('1.0.0', '1'));
    await writeFile(join(folder, 'after/profile.ts'), shop('1.1.0', '3'));
    const { out } = await palette(
      'profile',
      'diff',
      join(folder, 'before/profile.ts'),
      join(folder, 'after/profile.ts'),
      '--packs',
      join(folder, 'packs'),
    );
    expect(out.trim()).toBe((blocks('console')[0] ?? '').split('\n').slice(1).join('\n').trim());
  });

  it('compares without Git, Jest or a network', async () => {
    const result = await execute(
      process.execPath,
      [join(root, 'dist/cli/main.js'), 'profile', 'diff', 'before/profile.ts', 'after/profile.ts', '--no-render'],
      {
        cwd: folder,
        env: { PATH: '/nowhere', HOME: folder, NO_COLOR: '1' },
      },
    );
    expect(result).toMatchObject({ exitCode: 2, stderr: '' });
  });
});
