/** Attributes that several resources share, described once. */
import * as z from 'zod';

import { tf } from '#resources/engine/index';

/** A fresh set of tags; every definition gets an instance of its own, since traits belong to instances. */
export function tagsField(): z.ZodOptional<z.ZodArray<z.ZodString>> {
  return tf(z.array(z.string().min(1, 'a tag must not be empty')).optional(), { set: true }).describe(
    'Tags: either `key:value` or a bare word. Only the first colon separates key and value.',
  );
}

export function contextField(
  initial: 'project' | 'tenant',
): z.ZodDefault<z.ZodEnum<{ project: 'project'; tenant: 'tenant' }>> {
  return z
    .enum(['project', 'tenant'])
    .default(initial)
    .describe(
      'Where it lives: in the `project` that the provider is configured for, or in the `tenant`, for all projects.',
    );
}
