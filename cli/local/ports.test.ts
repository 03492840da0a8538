import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { freePorts, rememberedPorts } from './ports.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-ports-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

describe('ports', () => {
  it('are different, and below what systems give to outgoing connections', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) expect(port).toBeLessThan(32_768);
  });

  it('skip one that is in use', async () => {
    const [taken = 0, free = 0] = await freePorts(2);
    const server = await occupy(taken);
    const draws = [taken, taken, free];
    expect(await freePorts(1, () => draws.shift() ?? free)).toEqual([free]);
    server.close();
  });

  it('are the same the next time; a new name gets a new one', async () => {
    const file = join(dir, 'ports.json');
    const first = await rememberedPorts(file, ['plane']);
    const second = await rememberedPorts(file, ['plane', 'agent']);
    expect(second.plane).toBe(first.plane);
    expect(second.agent).not.toBe(first.plane);
  });

  it('name the port and the file when another program has one now', async () => {
    const file = join(dir, 'ports.json');
    const { plane } = await rememberedPorts(file, ['plane']);
    const server = await occupy(plane);
    await expect(rememberedPorts(file, ['plane'])).rejects.toThrow(
      `port ${plane}, which plane had before, is now in use`,
    );
    server.close();
  });
});
