import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a Unix socket that every platform takes, in bytes. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Claims a folder for this process until `release` or the end of the process, however that comes: a listening socket
 * closes with its process, where a file with a process id would outlive a crash and might then name a stranger.
 *
 * @throws Error when a living process holds the folder.
 */
export async function claimFolder(dir: string): Promise<{ release(): Promise<void> }> {
  const path = socketPath(await realpath(dir));
  const server = (await listen(path)) ?? (await takeOver(path));
  if (!server)
    throw new Error(`${dir}: another process uses this folder; stop that plane first, or choose another data folder`);
  // The claim alone must not keep the process alive.
  server.unref();
  return {
    release: async () => {
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await rm(path, { force: true });
    },
  };
}

function socketPath(dir: string): string {
  const inside = join(dir, '.claim');
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH) return inside;
  return join(tmpdir(), `palette-${createHash('sha256').update(dir).digest('hex').slice(0, 24)}.claim`);
}

/** A server at `path`, or nothing when the path is taken. */
async function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

/** Takes the path of a process that died; nothing when its owner still answers. */
async function takeOver(path: string): Promise<Server | undefined> {
  const alive = await new Promise<boolean>((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
  if (alive) return undefined;
  await rm(path, { force: true });
  return listen(path);
}
