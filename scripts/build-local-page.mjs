/**
 * Makes the page of the agent's local API: one file that asks for nothing from elsewhere.
 *
 *   node scripts/build-local-page.mjs [file]    default: dist/agent/local/ui/index.html
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'agent', 'local', 'ui');
const target = process.argv[2] ?? join(root, 'dist', 'agent', 'local', 'ui', 'index.html');

const { outputFiles } = await build({
  entryPoints: [join(source, 'main.tsx')],
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
});
const styles = await transform(readFileSync(join(source, 'styles.css'), 'utf8'), { loader: 'css', minify: true });
const [script] = outputFiles;
// What is put in holds no `$` patterns to a function.
const page = readFileSync(join(source, 'index.html'), 'utf8')
  .replace('/* styles */', () => styles.code.trim())
  .replace('/* script */', () => script.text.trim());
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, page);
