/**
 * Bundles the provider into one file, dist/provider/terraform/terraform-provider-spectrocloud.cjs, with its schemas
 * encoded in it. Terraform starts the provider three to five times for each command, so what counts is start-up.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['@palette-iac/source'],
  // The package itself says that its modules have no side effects; so have these.
  plugins: [pure(/^pino$/), englishOnly(), withoutSocks()],
  logLevel: 'warning',
};

/** Leaves out the translations of zod's messages, half of the bundle: only the English ones are used. */
function englishOnly() {
  return {
    name: 'english only',
    setup({ onLoad }) {
      onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
        contents: "export { default as en } from './en.js';",
      }));
    },
  };
}

/** SOCKS stays out: its library is a tenth of the bundle, which each start reads, and the provider knows HTTP proxies. */
function withoutSocks() {
  return {
    name: 'without socks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^socks$/ }, () => ({ path: 'socks', namespace: 'without' }));
      onLoad({ filter: /.*/, namespace: 'without' }, () => ({
        contents:
          "throw new Error('the provider knows no SOCKS proxies: let HTTPS_PROXY name an HTTP proxy'); export const SocksClient = undefined;",
      }));
    },
  };
}

/** Lets the bundler drop an import of which nothing is used. */
function pure(filter) {
  return {
    name: `pure ${filter}`,
    setup({ onResolve, resolve }) {
      onResolve({ filter }, async ({ path, pluginData, ...rest }) =>
        pluginData === 'resolved'
          ? undefined
          : { ...(await resolve(path, { ...rest, pluginData: 'resolved' })), sideEffects: false },
      );
    },
  };
}

/**
 * Writes the bundle.
 *
 * @param {{ out?: string }} options where; default: in dist
 * @returns {Promise<{ file: string, bytes: number }>}
 */
export async function buildProvider({
  out = join(root, 'dist/provider/terraform/terraform-provider-spectrocloud.cjs'),
} = {}) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(dirname(out), { recursive: true });
  const result = await build({
    ...shared,
    entryPoints: ['provider/terraform/main.ts'],
    outfile: out,
    write: false,
    format: 'cjs',
    minify: true,
    // Names of functions and classes are seen in logs and in the crash report.
    keepNames: false,
    banner: { js: '#!/usr/bin/env node' },
    define: {
      PALETTE_PROVIDER_VERSION: JSON.stringify(version),
      PALETTE_PROVIDER_SCHEMA: JSON.stringify(await encodeSchema()),
      'import.meta.dirname': '__dirname',
    },
    legalComments: 'none',
  });
  // Beside it, loaded when traces are asked for: in the bundle itself it would cost each start.
  await build({
    ...shared,
    entryPoints: ['provider/terraform/tracing.ts'],
    outfile: join(dirname(out), 'tracing.cjs'),
    format: 'cjs',
    minify: true,
    legalComments: 'none',
  });
  const [bundle] = result.outputFiles;
  writeFileSync(out, bundle.contents);
  chmodSync(out, 0o755);
  return { file: out, bytes: bundle.contents.length };
}

/** The answer to GetProviderSchema, made by running the definitions once. */
async function encodeSchema() {
  const folder = mkdtempSync(join(tmpdir(), 'palette-provider-schema-'));
  try {
    const file = join(folder, 'encode-schema.mjs');
    await build({
      ...shared,
      entryPoints: ['provider/terraform/encode-schema.ts'],
      outfile: file,
      format: 'esm',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return execFileSync(process.execPath, [file], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { file, bytes } = await buildProvider();
  console.log(`${file}: ${Math.round(bytes / 1024)} KiB`);
}
