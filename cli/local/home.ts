/** The folder of one embedded environment: everything that it is lies here, and nothing outside. */
import { join, resolve } from 'node:path';

import { z } from 'zod';

import { readIfThere } from '#cli/atomic-file';
import { CliError } from '#cli/cli-error';
import { homeFolder } from '#cli/folders';

/** What `palette up --json` prints when the environment is ready; kept in `ready.json` while it runs. */
export const Ready = z.object({
  /** host:port of the plane's API. */
  host: z.string(),
  apiKey: z.string(),
  /** PEM of the authority that the plane's and the bus's certificates come from. */
  caFile: z.string(),
  projectName: z.string(),
  kubeconfig: z.string(),
  natsUrl: z.string(),
  /** Process number of `palette up`. */
  pid: z.number().int().positive(),
});
export type Ready = z.infer<typeof Ready>;

export interface Home {
  readonly dir: string;
  readonly lockFile: string;
  readonly readyFile: string;
  /** Socket by which `palette service` talks to `palette up`. */
  readonly socket: string;
  readonly portsFile: string;
  readonly processesFile: string;
  readonly importedFile: string;
  readonly logs: string;
  readonly pki: string;
  readonly cluster: string;
  readonly nats: string;
  readonly plane: string;
  readonly agent: string;
  readonly terraform: string;
}

/** The longest path of a socket that every system takes. */
const MAX_SOCKET_PATH = 103;

/** The layout of an environment's folder. @throws CliError when the folder's path is too long for a socket. */
export function home(dir: string | undefined): Home {
  const base = dir === undefined ? homeFolder() : resolve(dir);
  const socket = join(base, 'control.sock');
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) {
    throw new CliError(`the path ${base} is too long: a socket in it could not be opened`, {
      hint: 'Choose a shorter folder with --home or PALETTE_HOME.',
    });
  }
  return {
    dir: base,
    lockFile: join(base, 'lock'),
    readyFile: join(base, 'ready.json'),
    socket,
    portsFile: join(base, 'ports.json'),
    processesFile: join(base, 'processes.json'),
    importedFile: join(base, 'imported.json'),
    logs: join(base, 'logs'),
    pki: join(base, 'pki'),
    cluster: join(base, 'cluster'),
    nats: join(base, 'nats'),
    plane: join(base, 'plane'),
    agent: join(base, 'agent'),
    terraform: join(base, 'terraform'),
  };
}

/** What the running environment says of itself; undefined when none runs there. */
export async function readReady({ readyFile }: Home): Promise<Ready | undefined> {
  const text = await readIfThere(readyFile);
  if (text === undefined) return undefined;
  const parsed = Ready.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

/** As `readReady`. @throws CliError when no environment runs there. */
export async function requireReady(layout: Home): Promise<Ready> {
  const ready = await readReady(layout);
  if (ready === undefined)
    throw new CliError(`no environment runs in ${layout.dir}`, {
      hint: 'Start one with `palette up`, or name another folder with --home.',
    });
  return ready;
}
