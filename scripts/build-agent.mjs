/**
 * Bundles the agent into one module, dist/agent/palette-agent.mjs: what a release of it holds. It needs Node.js and helm,
 * and nothing else.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Writes the bundle.
 *
 * @param {{ out?: string }} options where; default: in dist
 * @returns {Promise<{ file: string, bytes: number }>}
 */
export async function buildAgent({ out = join(root, 'dist/agent/palette-agent.mjs') } = {}) {
  mkdirSync(dirname(out), { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['cli/agent-main.ts'],
    outfile: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['@palette-iac/source'],
    // Names of errors and of functions in their traces are read by people.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // Dependencies that are CommonJS ask for Node's own modules by require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return { file: out, bytes: Object.values(metafile.outputs)[0]?.bytes ?? 0 };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { file, bytes } = await buildAgent();
  console.log(`${file}: ${Math.round(bytes / 1024)} KiB`);
}
