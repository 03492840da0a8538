import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from './package-root.ts';

/** The version of this package. */
export const version = read();

/** Without the validation library: `palette --version` and `--help` shall be quick. */
function read(): string {
  const content: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  if (typeof content === 'object' && content !== null && 'version' in content && typeof content.version === 'string')
    return content.version;
  throw new Error(`${join(packageRoot, 'package.json')} names no version`);
}
