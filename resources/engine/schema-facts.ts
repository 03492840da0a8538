import * as z from 'zod';

import { traitsOf, type Traits } from './traits.ts';

/** A zod type seen through its wrappers (`.optional()`, `.default()`, `.readonly()`). */
export interface SchemaFacts {
  /** What is inside all wrappers. */
  readonly base: z.core.$ZodTypes;
  readonly optional: boolean;
  /** Marked by `computed`. */
  readonly computed: boolean;
  /** Present when there is a default. */
  readonly fallback?: { readonly value: unknown };
  readonly traits: Traits;
  readonly description: string | undefined;
}

/** Looks through the wrappers of a zod type; traits and descriptions may be on any of them, and the outermost wins. */
export function factsOf(schema: z.core.$ZodType): SchemaFacts {
  // as: $ZodTypes is the union of every class that extends $ZodType, told apart by `_zod.def.type`
  let at = schema as z.core.$ZodTypes;
  let traits: Traits = {};
  let description: string | undefined;
  let optional = false;
  let computed = false;
  let fallback: { readonly value: unknown } | undefined;
  for (;;) {
    traits = { ...traitsOf(at), ...traits };
    description ??= z.globalRegistry.get(at)?.description;
    const { def } = at._zod;
    switch (def.type) {
      case 'optional':
      case 'nullable':
        optional = true;
        break;
      case 'default':
      case 'prefault':
        fallback ??= { value: def.defaultValue };
        break;
      case 'readonly':
        computed = true;
        break;
      default:
        return { base: at, optional, computed, traits, description, ...(fallback === undefined ? {} : { fallback }) };
    }
    at = def.innerType as z.core.$ZodTypes; // as: see above
  }
}

/** The least and the greatest number of elements that an array's own checks allow. `max` 0 means: no limit. */
export function lengthLimits(array: z.core.$ZodArray): { readonly min: number; readonly max: number } {
  let min = 0;
  let max = 0;
  for (const check of array._zod.def.checks ?? []) {
    const def: {
      readonly check: string;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly length?: number;
    } = check._zod.def;
    if (def.check === 'min_length') min = def.minimum ?? min;
    if (def.check === 'max_length') max = def.maximum ?? max;
    if (def.check === 'length_equals') min = max = def.length ?? max;
  }
  return { min, max };
}

/** The keys of a zod object whose types have a trait. */
export function keysWithTrait<S extends z.ZodObject>(
  schema: S,
  trait: 'forceNew' | 'immutable' | 'sensitive',
): (keyof S['shape'] & string)[] {
  return Object.entries(schema.shape).flatMap(([key, field]) => (factsOf(field).traits[trait] === true ? [key] : []));
}
