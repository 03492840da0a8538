/** Ports of the embedded environment: random and free at first, the same ever after. */
import { randomInt } from 'node:crypto';
import { type Server, createServer } from 'node:net';

import { z } from 'zod';

import { readIfThere, writeFileAtomic } from '#cli/atomic-file';
import { CliError } from '#cli/cli-error';

/**
 * Below the range that systems take for outgoing connections: no client can happen to hold one of
 * these while its server is being restarted.
 */
const RANGE = { from: 15_000, to: 32_000 };
const TRIES = 200;

/** Whether nobody listens there now. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server: Server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Different ports that are free now. @throws CliError when there are none. */
export async function freePorts(
  count: number,
  random: (from: number, to: number) => number = randomInt,
): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    if (tries > TRIES + count) throw new CliError(`no free port found between ${RANGE.from} and ${RANGE.to}`);
    const port = random(RANGE.from, RANGE.to);
    if (!ports.has(port) && (await isPortFree(port))) ports.add(port);
  }
  return [...ports];
}

const Remembered = z.record(z.string(), z.number().int().min(1).max(65_535));

/**
 * The ports remembered in `file` under these names; what is not remembered yet is chosen and kept.
 *
 * @throws CliError when a remembered port is in use by another program.
 */
export async function rememberedPorts<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, number>>> {
  const text = await readIfThere(file);
  const remembered = text === undefined ? {} : Remembered.parse(JSON.parse(text));
  const missing = names.filter((name) => remembered[name] === undefined);
  const chosen = await freePorts(missing.length);
  const all = { ...remembered, ...Object.fromEntries(missing.map((name, index) => [name, chosen[index] ?? 0])) };
  for (const name of names) {
    const port = all[name] ?? 0;
    if (!(await isPortFree(port))) {
      throw new CliError(`port ${port}, which ${name} had before, is now in use by another program`, {
        hint: `Stop that program, or remove ${file}: other ports are chosen then, and clusters have to be imported anew.`,
      });
    }
  }
  if (missing.length > 0) await writeFileAtomic(file, `${JSON.stringify(all, undefined, 2)}\n`);
  const result: Partial<Record<Name, number>> = {};
  for (const name of names) result[name] = all[name] ?? 0;
  return complete(result, names);
}

function complete<Name extends string>(
  ports: Partial<Record<Name, number>>,
  names: readonly Name[],
): Record<Name, number> {
  if (names.some((name) => ports[name] === undefined)) throw new Error('a port is missing');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name was looked up in the line above
  return ports as Record<Name, number>;
}
