/** The embedded environment as a person at a shell has it: `palette`, `terraform`, `kubectl`, and servers to kill. */
import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { callControl } from '#cli/local/control';
import { home as paletteHome, type Ready } from '#cli/local/home';
import { delay } from '#core/retry';
import { createClient, type PaletteClient, type Scope } from '#openapi/client/index';
import { createWorkspace, type Workspace } from '#test/provider/support/workspace';
import { kubectl } from '#test/support/cluster';
import { palette, paletteUp, temporaryFolder, type Result, type RunningEnvironment } from '#test/support/palette';

/** The first start on a machine may have to build the servers. */
export const START_MS = 20 * 60_000;

const Ports = z.object({ agent: z.int() });

export type ServiceName = 'plane' | 'nats-server' | 'agent' | 'kube-apiserver' | 'etcd';

export interface Site {
  readonly home: string;
  /** A folder for the test's own files. */
  readonly folder: string;
  readonly ready: () => Ready;
  /** With the key of the environment. */
  readonly client: PaletteClient;
  /** The project that a new environment has. */
  readonly project: Scope;
  /** Runs `palette … --home`, whatever its exit code. */
  palette(...args: string[]): Promise<Result>;
  /** Runs `palette pack lint`, which needs no environment. */
  lint(dir: string): Promise<Result>;
  /** Runs `kubectl`, and gives what it printed. @throws Error with its words when it fails */
  kubectl(...args: string[]): Promise<string>;
  /** A folder for `terraform`, initialised, with what `palette env` sets and the changes given. */
  workspace(config: string, env?: Readonly<Record<string, string>>): Promise<Workspace>;
  /** Process numbers of servers that run now. */
  pids(): Promise<Readonly<Record<string, number>>>;
  /** A value of the agent's metrics, which `palette agent metrics` prints. */
  metric(name: string): Promise<number>;
  /** Ends the environment, and starts it again where it was. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSite(prefix: string): Promise<Site> {
  const temporary = await temporaryFolder(prefix);
  const home = `${temporary.dir}/env`;
  let running: RunningEnvironment = await paletteUp(home);
  const { host, apiKey, caFile } = running.ready;
  const client = createClient({ host, apiKey, ca: await readFile(caFile, 'utf8'), env: {} });
  const workspaces: Workspace[] = [];
  const run = async (...args: string[]): Promise<Result> => palette([...args, '--home', home]);
  const said = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(...args);
    if (exitCode !== 0) throw new Error(`palette ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    return stdout;
  };
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = items.find(({ metadata }) => metadata?.name === running.ready.projectName)?.metadata?.uid ?? '';
  return {
    home,
    folder: temporary.dir,
    ready: () => running.ready,
    client,
    project: { kind: 'project', projectUid },
    palette: run,
    lint: async (dir) => palette(['pack', 'lint', dir]),
    kubectl: async (...args) => (await kubectl(running.ready, args)).trim(),
    workspace: async (config, env = {}) => {
      const variables = z.record(z.string(), z.string()).parse(JSON.parse(await said('env', '--output', 'json')));
      const workspace = createWorkspace({ env: { ...variables, ...env } });
      workspaces.push(workspace);
      workspace.write('main.tf', config);
      const { code, output } = await workspace.run('init');
      if (code !== 0) throw new Error(`terraform init ended with ${code}:\n${output}`);
      return workspace;
    },
    pids: async () => {
      const services = await callControl(paletteHome(home).socket, { kind: 'list' });
      return Object.fromEntries(services.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]])));
    },
    metric: async (name) => {
      const { agent } = Ports.parse(JSON.parse(await readFile(paletteHome(home).portsFile, 'utf8')));
      const answer = await fetch(`http://127.0.0.1:${agent}/metrics`, { signal: AbortSignal.timeout(10_000) });
      const text = await answer.text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
      return Number(line?.slice(name.length) ?? Number.NaN);
    },
    restart: async () => {
      await run('down');
      running = await paletteUp(home);
    },
    stop: async () => {
      client.close();
      for (const workspace of workspaces) workspace.remove();
      await running.stop();
      await temporary.remove();
    },
  };
}

/**
 * Asks until there is an answer; a failure to ask counts as none.
 *
 * @throws Error naming what was waited for, with the last failure as its cause.
 */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what}`, { cause });
    await delay(50);
  }
}

/** `terraform` must succeed. @returns its output. */
export async function succeed(running: ReturnType<Workspace['run']>): Promise<string> {
  const { code, output } = await running;
  if (code !== 0) throw new Error(`terraform ended with ${code}:\n${output}`);
  return output;
}

/** Terraform's output with its frames and line breaks taken out, to be searched for sentences. */
export function flat(output: string): string {
  return output.replaceAll(/[│╷╵\s]+/g, ' ');
}
