/**
 * Compiles the sources to dist/, copies what is no TypeScript, and bundles the Terraform provider.
 * The bundle's schema is encoded from the compiled definitions, so it comes last.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** Read at run time from beside the compiled code. */
const ASSETS = ['openapi/generated/openapi.json'];

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.build.json');
for (const asset of ASSETS) {
  mkdirSync(dirname(join('dist', asset)), { recursive: true });
  cpSync(asset, join('dist', asset));
}
if (existsSync('dist/cli/main.js')) chmodSync('dist/cli/main.js', 0o755);
run('scripts/build-provider.mjs');
