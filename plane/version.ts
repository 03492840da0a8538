import { createRequire } from 'node:module';

import { z } from 'zod';

/** The version of this package, as its own package.json says. */
export const PLANE_VERSION: string = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('palette-iac/package.json')).version;
