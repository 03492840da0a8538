/** Compiles a CDKTF program as a user would run it, against the sources as they are, and runs it. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Packages that a program finds in its own node_modules; everything else is bundled. */
const PACKAGES = ['cdktf', 'constructs', '@cdktf/provider-aws', 'zod', 'semver', 'openapi-fetch', 'pino', 'yaml'];

export interface ProgramRun {
  /** The folder of a stack, with its `cdk.tf.json`. */
  stackDir(stack: string): string;
  /** What the program wrote for a stack, without what differs from machine to machine. */
  stack(stack: string): Promise<Readonly<Record<string, unknown>>>;
  remove(): Promise<void>;
}

/**
 * Runs a program.
 *
 * @param entry a file of this project, or the text of a program
 * @param options `aliases`: packages that are installed under another's name, as `npm:` aliases are; `env`: variables for the program
 * @throws Error with what the program wrote when it fails
 */
export async function runProgram(
  entry: { readonly file: string } | { readonly text: string },
  {
    aliases = {},
    env = {},
  }: { readonly aliases?: Readonly<Record<string, string>>; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramRun> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-program-'));
  for (const name of PACKAGES) {
    const link = join(dir, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', aliases[name] ?? name), link);
  }
  await writeFile(join(dir, 'package.json'), '{ "type": "module", "private": true }');
  const source = 'file' in entry ? join(root, entry.file) : join(dir, 'program.ts');
  if ('text' in entry) {
    await writeFile(source, entry.text);
    // The package itself, under its name.
    await symlink(root, join(dir, 'node_modules/palette-iac'));
  }
  await run(root, join(root, 'node_modules/esbuild/bin/esbuild'), [
    source,
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node20',
    '--conditions=@palette-iac/source',
    '--preserve-symlinks',
    '--log-level=warning',
    ...PACKAGES.flatMap((name) => [`--external:${name}`, `--external:${name}/*`]),
    `--outfile=${join(dir, 'main.js')}`,
  ]);
  await run(dir, process.execPath, [join(dir, 'main.js')], env);
  const stackDir = (stack: string): string => join(dir, 'cdktf.out/stacks', stack);
  return {
    stackDir,
    async stack(stack) {
      const text = await readFile(join(stackDir(stack), 'cdk.tf.json'), 'utf8');
      const written = JSON.parse(text.replaceAll(dir, '.')) as Record<string, unknown>; // as: an object, as Terraform's JSON is
      delete written['//'];
      return written;
    },
    remove: async () => {
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], CHECKPOINT_DISABLE: '1', ...env },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}:\n${output}`)),
    );
  });
}
