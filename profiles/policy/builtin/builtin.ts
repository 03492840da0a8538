/** How a built-in rule is made: a name, parameters with a schema, and a pure look at an object. */
import { z } from 'zod';

import type { KubernetesObject } from '#packs/index';

import { PolicyError } from '../policy-error.ts';
import type { PolicyRule, RuleContext, Violation } from '../policy.ts';
import { selects } from '../select.ts';
import type { ObjectSelector } from '../policy-spec.ts';

export interface RuleOptions {
  /** Default: the built-in rule's name. */
  readonly name?: string | undefined;
  /** Default `error`. */
  readonly severity?: 'error' | 'warning' | undefined;
  /** Objects that the rule does not look at. */
  readonly except?: readonly ObjectSelector[] | undefined;
}

export type Look = (object: KubernetesObject, context: RuleContext) => readonly Violation[];

/** A built-in rule: called with parameters it gives a rule of a policy. */
export interface Builtin<Params extends z.ZodType> {
  (params?: z.input<Params>, options?: RuleOptions): PolicyRule;
  readonly ruleName: string;
  readonly description: string;
  readonly params: Params;
  /** As when called, with parameters that are not known to fit. @throws PolicyError saying what is wrong with them. */
  readonly from: (params: unknown, options?: RuleOptions) => PolicyRule;
}

export function builtin<Params extends z.ZodType>(definition: {
  readonly name: string;
  readonly description: string;
  readonly params: Params;
  readonly look: (params: z.output<Params>) => Look;
}): Builtin<Params> {
  const { name, description, params: schema, look } = definition;
  const from = (given: unknown, options: RuleOptions = {}): PolicyRule => {
    const parsed = schema.safeParse(given ?? {});
    if (!parsed.success)
      throw new PolicyError(
        parsed.error.issues.map((issue) => ({
          field: ['params', ...issue.path].map(String).join('.'),
          message: `${issue.message} (rule ${name})`,
        })),
      );
    const excepted = selects(options.except ?? []);
    const check = look(parsed.data);
    return {
      name: options.name ?? name,
      description,
      severity: options.severity ?? 'error',
      check: (object, context) => (excepted(object, context) ? [] : check(object, context)),
      spec: {
        kind: 'builtin',
        rule: name,
        ...(options.name === undefined ? {} : { name: options.name }),
        // Parameters are objects by construction of every schema here.
        ...(given === undefined ? {} : { params: z.record(z.string(), z.unknown()).parse(given) }),
        ...(options.severity === undefined ? {} : { severity: options.severity }),
        ...(options.except === undefined ? {} : { except: [...options.except] }),
      },
    };
  };
  return Object.assign((params?: z.input<Params>, options?: RuleOptions) => from(params, options), {
    ruleName: name,
    description,
    params: schema,
    from,
  });
}

/** The schema of a rule without parameters. */
export const NoParams: z.ZodObject<Record<never, never>, z.core.$strict> = z.strictObject({});
