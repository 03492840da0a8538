/**
 * Compiles the sources to dist/, copies what is no TypeScript, and bundles the Terraform provider and the agent's page.
 * What a former build left of sources that are gone is removed, so that dist/ is what is published.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** Read at run time from beside the compiled code. */
const ASSETS = ['openapi/generated/openapi.json'];
/** Not made by the compiler, so not judged by its sources. */
const BUNDLES = ['terraform-provider-spectrocloud.cjs', 'tracing.cjs'].map((name) =>
  join('dist', 'provider', 'terraform', name),
);
const LOCAL_PAGE = join('dist', 'agent', 'local', 'ui', 'index.html');
/** Crossplane's packages, which scripts/package.mjs makes. */
const PACKAGES = join('dist', 'packages');
/** The agent in one module, for its releases. */
const AGENT = join('dist', 'agent', 'palette-agent.mjs');

function run(args, options = {}) {
  const { status, stdout } = spawnSync(process.execPath, args, { stdio: 'inherit', maxBuffer: 1 << 28, ...options });
  if (status !== 0) {
    // What the compiler complains about, without the list of what it wrote all the same.
    process.stdout.write((stdout ?? '').replaceAll(/^TSFILE: .*\n/gm, ''));
    process.exit(status ?? 1);
  }
  return stdout;
}

function filesBelow(folder) {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];
}

const listed = run(['node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.build.json', '--listEmittedFiles'], {
  stdio: ['inherit', 'pipe', 'inherit'],
  encoding: 'utf8',
});
const made = new Set(
  listed.split('\n').flatMap((line) => (line.startsWith('TSFILE: ') ? [relative(root, resolve(line.slice(8)))] : [])),
);
for (const asset of ASSETS) {
  const copy = join('dist', ...asset.split('/'));
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(asset, copy);
  made.add(copy);
}
for (const file of filesBelow('dist')) {
  if (!made.has(file) && !BUNDLES.includes(file) && file !== LOCAL_PAGE && file !== AGENT && dirname(file) !== PACKAGES)
    rmSync(file);
}
chmodSync(join('dist', 'cli', 'main.js'), 0o755);
run(['scripts/build-local-page.mjs']);
run(['scripts/build-provider.mjs'], { stdio: ['inherit', 'ignore', 'inherit'] });
run(['scripts/build-agent.mjs'], { stdio: ['inherit', 'ignore', 'inherit'] });
