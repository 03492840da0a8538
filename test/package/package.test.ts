/** The package as users get it: packed, installed into an empty folder, compiled against, run. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { type Result, type RunningEnvironment, execute, paletteUp, temporaryFolder } from '#test/support/palette';

const INSTALL_MS = 300_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let project = '';
let packed: readonly string[] = [];

/** The versions that this checkout has, so that npm finds them in its cache. */
async function sameVersions(...names: string[]): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  }; // npm's format
  return names.map((name) => `${name}@${manifest.devDependencies[name]}`);
}

async function must(
  command: string,
  args: readonly string[],
  options: Parameters<typeof execute>[2] = {},
): Promise<Result> {
  const result = await execute(command, args, { cwd: project, timeoutMs: INSTALL_MS, ...options });
  if (result.exitCode !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  return result;
}

const bin = (name: string): string => join(project, 'node_modules/.bin', name);

beforeAll(async () => {
  folder = await temporaryFolder('package');
  project = join(folder.dir, 'project');
  await mkdir(project);
  // What was built before the tests is packed; building is not repeated.
  const { stdout } = await must('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.dir], {
    cwd: packageRoot,
  });
  const [tarball] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]; // npm's format
  packed = tarball.files.map(({ path }) => path);
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const others = await sameVersions('cdktf', 'constructs', 'typescript', '@types/node');
  await must('npm', [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    join(folder.dir, tarball.filename),
    ...others,
  ]);
}, INSTALL_MS);

afterAll(async () => {
  await folder.remove();
});

describe('the package', () => {
  it('holds what runs and its types, no sources, tests or secrets', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'dist/cli/main.js',
        'dist/openapi/generated/openapi.json',
        'dist/provider/cdktf/index.d.ts',
        'tools/go.sum',
        'tools/kwok/go.mod',
        'LICENSE',
      ]),
    );
    const unexpected = packed.filter((path) =>
      /\.test\.|(^|\/)test\/|\.(pem|key|crt|log|tgz)$|^examples|^dist\/examples|(?<!\.d)\.ts$/.test(path),
    );
    expect(unexpected).toEqual([]);
  });

  it('gives the command its help, by its name', async () => {
    const { stdout } = await must(bin('palette'), ['--help']);
    expect(stdout).toContain('Usage: palette');
    expect((await must(bin('palette'), ['--version'])).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(['client', 'resources', 'cdktf', 'packs'])('can be imported as palette-iac/%s', async (entry) => {
    const { stdout } = await must(process.execPath, [
      '--input-type=module',
      '-e',
      `console.log(Object.keys(await import('palette-iac/${entry}')).length > 0)`,
    ]);
    expect(stdout.trim()).toBe('true');
  });
});

const PROGRAM = `
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { ClusterProfile, Project, SpectrocloudProvider } from 'palette-iac/cdktf';
import { createClient } from 'palette-iac/client';

export const connect = (host: string) => createClient({ host, apiKey: 'key' });

const app = new App({ outdir: 'out' });
const stack = new TerraformStack(app, 'stack');
new SpectrocloudProvider(stack, 'provider');
const project = new Project(stack, 'project', { name: 'packaged', tags: ['made:by-a-package'] });
new ClusterProfile(stack, 'profile', {
  name: 'packaged',
  version: '1.0.0',
  type: 'add-on',
  context: 'tenant',
  pack: [{ name: 'namespaces', type: 'manifest', manifest: [{ name: 'team', content: 'apiVersion: v1\\nkind: Namespace\\nmetadata:\\n  name: team\\n' }] }],
});
new TerraformOutput(stack, 'project_id', { value: project.id });
app.synth();
`;

describe('a CDKTF program in TypeScript', () => {
  const compile = async (name: string, source: string): Promise<Result> => {
    await writeFile(join(project, `${name}.ts`), source);
    const flags = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--skipLibCheck',
      '--types',
      'node',
    ];
    return execute(bin('tsc'), [...flags, `${name}.ts`], { cwd: project, timeoutMs: INSTALL_MS });
  };

  it('compiles and synthesises', async () => {
    expect(await compile('main', PROGRAM)).toMatchObject({ exitCode: 0, stdout: '' });
    await must(process.execPath, ['main.js']);
    const synthesised: unknown = JSON.parse(await readFile(join(project, 'out/stacks/stack/cdk.tf.json'), 'utf8'));
    expect(synthesised).toMatchObject({
      terraform: { required_providers: { spectrocloud: { source: 'spectrocloud/spectrocloud' } } },
      resource: { spectrocloud_project: { project: { name: 'packaged' } } },
    });
  }, 120_000);

  it('does not compile with a key that does not exist, and the compiler names it', async () => {
    const { exitCode, stdout } = await compile('wrong', PROGRAM.replace('tags:', 'tagz:'));
    expect(exitCode).not.toBe(0);
    expect(stdout).toMatch(/wrong\.ts\(\d+,\d+\): error TS\d+: .*'tagz'/s);
  }, 120_000);
});

describe('the installed provider', () => {
  let running: RunningEnvironment;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    running = await paletteUp(join(folder.dir, 'env'), [], bin('palette'));
    const { host, apiKey, caFile } = running.ready;
    const installed = JSON.parse(
      (await must(bin('palette'), ['provider', 'install', '--dir', join(project, 'terraform'), '--output', 'json']))
        .stdout,
    ) as { configFile: string }; // palette's own output
    env = {
      ...process.env,
      SPECTROCLOUD_HOST: host,
      SPECTROCLOUD_APIKEY: apiKey,
      SPECTROCLOUD_CA_FILE: caFile,
      TF_CLI_CONFIG_FILE: installed.configFile,
      CHECKPOINT_DISABLE: '1',
    };
  }, 20 * 60_000);
  afterAll(async () => {
    await running.stop();
  }, 60_000);

  it('is found by terraform init without a network, applies, and then has nothing left to do', async () => {
    const terraform = async (...args: string[]): Promise<Result> =>
      execute('terraform', [...args, '-no-color', '-input=false'], { cwd: join(project, 'out/stacks/stack'), env });
    // No registry can be reached: the proxy is a port that nobody serves.
    const offline = { ...env, HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };
    const init = await execute('terraform', ['init', '-no-color', '-input=false'], {
      cwd: join(project, 'out/stacks/stack'),
      env: offline,
    });
    expect(init).toMatchObject({ exitCode: 0 });
    expect(await terraform('apply', '-auto-approve')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('2 added, 0 changed, 0 destroyed'),
    });
    expect(await terraform('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });
    expect(await terraform('destroy', '-auto-approve')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('2 destroyed'),
    });
  }, 180_000);
});
