import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync, readFileSync, copyFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { oncePerTestRun } from '#test/support/test-run';

/** A folder with a configuration, and the real `terraform` (or another program of its kind) in it. */
export interface Workspace {
  readonly dir: string;
  write(name: string, content: string): void;
  read(name: string): string;
  run(...args: string[]): Promise<CommandResult>;
  start(...args: string[]): Running;
  remove(): void;
}

export interface CommandResult {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly result: Promise<CommandResult>;
}

const REQUIRED = `terraform {
  required_providers {
    spectrocloud = { source = "spectrocloud/spectrocloud" }
  }
}
`;

export function createWorkspace({ env = {} }: { readonly env?: Readonly<Record<string, string>> } = {}): Workspace {
  const dir = mkdtempSync(join(tmpdir(), 'palette-terraform-'));
  writeFileSync(join(dir, 'required.tf'), REQUIRED);
  const start = (...args: string[]): Running => {
    // A process group of its own, so that a test can interrupt it as a terminal does.
    const child = spawn('terraform', [...args, '-no-color'], {
      cwd: dir,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: dir,
        TMPDIR: tmpdir(),
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        ...env,
      },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    const result = new Promise<CommandResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, output }));
    });
    return { process: child, result };
  };
  return {
    dir,
    write: (name, content) => writeFileSync(join(dir, name), content),
    read: (name) => readFileSync(join(dir, name), 'utf8'),
    start,
    run: async (...args) => start(...args).result,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export interface Mirror {
  /** Variables for terraform, which then finds the provider without a network. */
  readonly env: { readonly TF_CLI_CONFIG_FILE: string };
  /** The program that Terraform starts. */
  readonly program: string;
  remove(): void;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Puts the provider, bundled as it is in this test run, into a mirror in the file system. */
export async function createMirror(version = '0.1.0'): Promise<Mirror> {
  const { bundle } = await oncePerTestRun('provider', z.object({ bundle: z.string() }), async (shared) => {
    const out = join(shared.dir, 'provider.cjs');
    await bundleProvider(out);
    return { bundle: out };
  });
  const dir = mkdtempSync(join(tmpdir(), 'palette-mirror-'));
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const program = join(
    dir,
    'mirror/registry.terraform.io/spectrocloud/spectrocloud',
    version,
    platform,
    `terraform-provider-spectrocloud_v${version}`,
  );
  mkdirSync(dirname(program), { recursive: true });
  copyFileSync(bundle, program);
  copyFileSync(join(dirname(bundle), 'tracing.cjs'), join(dirname(program), 'tracing.cjs'));
  chmodSync(program, 0o755);
  const config = join(dir, 'terraform.rc');
  writeFileSync(
    config,
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(join(dir, 'mirror'))} }\n}\n`,
  );
  return { env: { TF_CLI_CONFIG_FILE: config }, program, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** In a process of its own: the bundler does not run inside Jest. */
async function bundleProvider(out: string): Promise<void> {
  const script = `import('./scripts/build-provider.mjs').then(({ buildProvider }) => buildProvider({ out: ${JSON.stringify(out)} }))`;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', script], { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`bundling the provider ended with ${code}`)),
    );
  });
}
