/** Every built-in rule, by name. */
import type { z } from 'zod';

import type { PolicyRule } from '../policy.ts';
import type { RuleOptions } from './builtin.ts';
import * as images from './images.ts';
import * as objects from './objects.ts';
import * as pods from './pods.ts';

/** What is known of a built-in rule without its types. */
export interface AnyBuiltin {
  readonly ruleName: string;
  readonly description: string;
  readonly params: z.ZodType;
  readonly from: (params: unknown, options?: RuleOptions) => PolicyRule;
}

export const BUILTINS: ReadonlyMap<string, AnyBuiltin> = new Map(
  [...Object.values(pods), ...Object.values(images), ...Object.values(objects)]
    .map((rule): [string, AnyBuiltin] => [rule.ruleName, rule])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
