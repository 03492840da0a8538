import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Set when the provider is bundled. */
declare const PALETTE_PROVIDER_VERSION: string | undefined;

/** The project's version: built in, or that of the package which this file belongs to. */
export function providerVersion(): string {
  if (typeof PALETTE_PROVIDER_VERSION === 'string') return PALETTE_PROVIDER_VERSION;
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content === 'object' && content !== null && 'version' in content && typeof content.version === 'string')
      return content.version;
  }
  return '0.0.0';
}
