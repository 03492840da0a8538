import * as z from 'zod';

import { contextField } from './shared/fields.ts';

export const macrosSchema = z.object({
  macros: z
    .record(z.string(), z.string())
    .describe(
      'Values by name. Packs refer to them as `{{ .spectro.macro.NAME }}`. Macros made elsewhere are left alone.',
    ),
  context: contextField('tenant'),
});
