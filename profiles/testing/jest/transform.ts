/** Jest's transformer for programs in TypeScript: types are taken off, modules become CommonJS. Types are not checked. */
import { readFileSync } from 'node:fs';

import { createJiti } from 'jiti';

import { sha256 } from '#core/digest';

const jiti = createJiti(import.meta.url, { fsCache: false });
const version = sha256(readFileSync(new URL(import.meta.url)));

export function process(source: string, filename: string): { readonly code: string } {
  return {
    code: jiti.transform({
      source,
      filename,
      ts: /\.[cm]?tsx?$/.test(filename),
      async: false,
      interopDefault: false,
      babel: { sourceMaps: 'inline', sourceFileName: filename },
    }),
  };
}

export function getCacheKey(source: string, filename: string): string {
  return sha256([version, filename, source].join('\0')).slice('sha256:'.length);
}
