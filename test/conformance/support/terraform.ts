/** Terraform over the provider and the real plane. */
import { startReattachProvider } from '#provider/terraform/testing/start-reattach-provider';
import {
  createMirror,
  createWorkspace,
  type CommandResult,
  type Mirror,
  type Workspace,
} from '#test/provider/support/workspace';

import { startConformancePlane, type ConformancePlane } from './plane.ts';

export interface Bench {
  readonly plane: ConformancePlane;
  /** A folder of its own with this configuration, initialised. */
  workspace(config: string): Promise<Workspace>;
  stop(): Promise<void>;
}

/**
 * `installed`: Terraform starts the bundled provider several times a command, as at users. `attached`: one provider in
 * this process serves all commands, which takes a third of the time; what is said over the protocol is the same.
 */
export async function startBench(how: 'installed' | 'attached' = 'attached'): Promise<Bench> {
  const plane = await startConformancePlane();
  const provider = how === 'attached' ? await attached(plane) : await installed(plane);
  const workspaces: Workspace[] = [];
  return {
    plane,
    async workspace(config) {
      const created = createWorkspace({ env: provider.env });
      workspaces.push(created);
      created.write('main.tf', config);
      if (how === 'installed') await succeed(created.run('init'));
      return created;
    },
    async stop() {
      for (const workspace of workspaces) workspace.remove();
      await provider.close();
      await plane.stop();
    },
  };
}

interface Provider {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function attached(plane: ConformancePlane): Promise<Provider> {
  const provider = await startReattachProvider({ env: plane.env });
  return { env: { ...provider.env }, close: async () => provider.close() };
}

async function installed(plane: ConformancePlane): Promise<Provider> {
  const mirror: Mirror = await createMirror();
  return { env: { ...mirror.env, ...plane.env }, close: async () => mirror.remove() };
}

/** The output of a command that must succeed. @throws Error with the output when it does not */
export async function succeed(running: Promise<CommandResult>): Promise<string> {
  const { code, output } = await running;
  if (code !== 0) throw new Error(`terraform ended with ${code}:\n${output}`);
  return output;
}

/** The output of a command that must fail. @throws Error when it does not */
export async function fail(running: Promise<CommandResult>): Promise<string> {
  const { code, output } = await running;
  if (code === 0) throw new Error(`terraform was expected to fail:\n${output}`);
  return output.replaceAll(/\s+/g, ' ');
}

/** How a plan ends: 0 without changes, 2 with some. @throws Error with the output when it fails */
export async function planned(workspace: Workspace, ...args: string[]): Promise<'nothing' | 'changes'> {
  const { code, output } = await workspace.run('plan', '-detailed-exitcode', ...args);
  if (code !== 0 && code !== 2) throw new Error(`terraform plan ended with ${code}:\n${output}`);
  return code === 0 ? 'nothing' : 'changes';
}

/** The attributes of a resource as the state file has them: asking Terraform to show them would start the provider once more. */
export function stateOf(workspace: Workspace, address: string): Readonly<Record<string, unknown>> {
  const { resources } = JSON.parse(workspace.read('terraform.tfstate')) as {
    resources: { type: string; name: string; instances: { attributes: Record<string, unknown> }[] }[];
  }; // as: Terraform's state, format 4
  const attributes = resources.find(({ type, name }) => `${type}.${name}` === address)?.instances[0]?.attributes;
  if (attributes === undefined) throw new Error(`${address} is not in the state`);
  return attributes;
}
