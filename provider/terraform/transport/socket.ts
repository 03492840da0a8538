import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket's address holds 108 bytes with a zero at the end; Node cuts a longer path off without a word. */
const MAX_PATH_BYTES = 100;

/**
 * A fresh path for the provider's socket: in the folder that Terraform names, or in the one for temporary files, or,
 * where that is too deep for a socket, in /tmp.
 */
export function socketPath(env: NodeJS.ProcessEnv, temporary: string = tmpdir()): string {
  const name = `plugin${process.pid}-${randomBytes(4).toString('hex')}`;
  const folders = [env['PLUGIN_UNIX_SOCKET_DIR'], temporary].filter((folder) => folder !== undefined && folder !== '');
  const paths = [...folders, '/tmp'].map((folder) => join(folder ?? '', name));
  return paths.find((path) => Buffer.byteLength(path) <= MAX_PATH_BYTES) ?? join('/tmp', name);
}

/** Removes the socket's file, if it is still there: a process that is killed leaves it. */
export function removeSocket(path: string): void {
  rmSync(path, { force: true });
}
