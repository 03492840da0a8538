import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package's package.json: a checkout, or `node_modules/palette-iac`. */
export const packageRoot = find(dirname(fileURLToPath(import.meta.url)));

/** What `palette` is started by; there after a build only. */
export const mainFile = join(packageRoot, 'dist/cli/main.js');

function find(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const up = dirname(from);
  if (up === from)
    throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}: the installation is incomplete`);
  return find(up);
}
