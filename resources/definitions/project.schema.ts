import * as z from 'zod';

import { tagsField } from './shared/fields.ts';

export const projectSchema = z.object({
  name: z.string().min(1).describe('Name, unique in the tenant.'),
  description: z.string().optional().describe('What the project is for.'),
  tags: tagsField(),
});
