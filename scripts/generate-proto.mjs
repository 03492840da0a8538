/**
 * Makes the codecs of the plugin protocol from provider/terraform/proto, offline. With `--check` nothing is written:
 * it ends with 1 when the committed ones are stale.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const committed = join(root, 'provider/terraform/generated');
const check = process.argv.includes('--check');
const out = check ? mkdtempSync(join(tmpdir(), 'palette-proto-')) : committed;

const OPTIONS = [
  'env=node',
  'forceLong=number',
  'oneof=unions-value',
  'outputServices=generic-definitions',
  'outputJsonMethods=false',
  'outputPartialMethods=false',
  'importSuffix=.ts',
  'useExactTypes=false',
  'unrecognizedEnum=false',
  'enumsAsLiterals=true',
];

/** Files of a folder by name. */
function contents(folder) {
  return Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

try {
  const template = JSON.stringify({
    version: 'v2',
    plugins: [{ local: join(root, 'node_modules/.bin/protoc-gen-ts_proto'), out, opt: OPTIONS, strategy: 'all' }],
  });
  const { status, error } = spawnSync(
    join(root, 'node_modules/.bin/buf'),
    ['generate', join(root, 'provider/terraform/proto'), '--template', template],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) throw error ?? new Error(`buf ended with ${status}`);
  if (check && JSON.stringify(contents(out)) !== JSON.stringify(contents(committed))) {
    console.error('provider/terraform/generated is stale: run `node scripts/generate-proto.mjs`');
    process.exitCode = 1;
  }
} finally {
  if (check) rmSync(out, { recursive: true, force: true });
}
