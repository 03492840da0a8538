/**
 * Makes what Crossplane and Kubernetes are given from the definitions and the composites' types: CRDs, XRDs,
 * Compositions and manifests in crossplane/package, and the reference in docs/reference/crossplane.
 *
 *   node scripts/generate-crossplane.mjs           write the files
 *   node scripts/generate-crossplane.mjs --check   write nothing; exit 1 and name the files that are stale
 *
 * The sources are bundled into a folder of its own and run from there, so that nothing needs to be built before.
 */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Everything in these folders is generated: what is there and is not made any more is removed. */
const OWN_FOLDERS = ['crossplane/package/crds', 'docs/reference/crossplane'];

const ENTRY = `
  export { schemaFiles } from '#crossplane/schema/generated-files';
  export { packageFiles } from '#crossplane/package/files';
`;

async function generate() {
  const folder = await mkdtemp(join(tmpdir(), 'palette-crossplane-'));
  try {
    const outfile = join(folder, 'generate.mjs');
    await build({
      absWorkingDir: root,
      stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      conditions: ['@palette-iac/source'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'warning',
    });
    const { schemaFiles, packageFiles } = await import(pathToFileURL(outfile).href);
    const inPackage = [...packageFiles()].map(([path, text]) => [`crossplane/package/${path}`, text]);
    return new Map([...(await schemaFiles()), ...inPackage]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function filesIn(folder) {
  const names = await readdir(join(root, folder)).catch(() => []);
  return names.map((name) => `${folder}/${name}`);
}

try {
  const check = process.argv.includes('--check');
  const files = await generate();
  const stale = [];
  for (const [path, text] of files) {
    const file = join(root, path);
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === text) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const gone = (await Promise.all(OWN_FOLDERS.map(filesIn))).flat().filter((path) => !files.has(path));
  if (!check) await Promise.all(gone.map(async (path) => rm(join(root, path))));
  stale.push(...gone);
  if (check && stale.length > 0)
    throw new Error(`stale: ${stale.join(', ')}; run node scripts/generate-crossplane.mjs`);
  console.log(stale.length === 0 ? `${files.size} files are up to date` : `wrote ${stale.join(', ')}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
