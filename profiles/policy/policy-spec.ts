/** Policies as data: what a project keeps, what a YAML file holds. No code of a user's is in it. */
import { z } from 'zod';

const RuleName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'expected a name in kebab-case')
  .max(100);
const Severity = z.enum(['error', 'warning']);

/** Objects by what names them; every field given must fit, `*` stands for any text. */
export const ObjectSelector = z.strictObject({
  layer: z.string().min(1).optional(),
  kind: z.string().min(1).optional(),
  namespace: z.string().optional(),
  name: z.string().min(1).optional(),
});
export type ObjectSelector = z.infer<typeof ObjectSelector>;

const Except = z.array(ObjectSelector).max(100);

export const BuiltinRuleSpec = z.strictObject({
  kind: z.literal('builtin'),
  /** Name of the built-in rule. */
  rule: RuleName,
  /** Default: the built-in rule's name; must differ where one rule stands twice in a policy. */
  name: RuleName.optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  /** Default `error`. */
  severity: Severity.optional(),
  /** Objects that the rule does not look at. */
  except: Except.optional(),
});
export type BuiltinRuleSpec = z.infer<typeof BuiltinRuleSpec>;

/** Length of one CEL expression, in characters. */
const Expression = z.string().min(1).max(10_000);

export const CelRuleSpec = z.strictObject({
  kind: z.literal('cel'),
  name: RuleName,
  description: z.string().max(1000).optional(),
  /** Default `error`. */
  severity: Severity.optional(),
  /** Objects that the rule looks at; default all. */
  match: z.array(ObjectSelector).max(100).optional(),
  except: Except.optional(),
  /** What expressions see as `params`. */
  params: z.record(z.string(), z.unknown()).optional(),
  /** Evaluated when first used; each may use those before it. */
  variables: z
    .array(z.strictObject({ name: z.string().regex(/^[A-Za-z_]\w*$/), expression: Expression }))
    .max(50)
    .optional(),
  /** Must be true of every object. */
  expression: Expression,
  /** Said when it is not; default: the expression. */
  message: z.string().min(1).max(1000).optional(),
  /** Gives the message, before `message`. */
  messageExpression: Expression.optional(),
  /** Field that the message is about. */
  field: z.string().max(500).optional(),
});
export type CelRuleSpec = z.infer<typeof CelRuleSpec>;

export const RuleSpec = z.discriminatedUnion('kind', [BuiltinRuleSpec, CelRuleSpec]);
export type RuleSpec = z.infer<typeof RuleSpec>;

/** @example { kind: 'Policy', name: 'baseline', rules: [{ kind: 'builtin', rule: 'no-privileged-pods' }] } */
export const PolicySpec = z.strictObject({
  apiVersion: z.literal('palette-iac.dev/v1').optional(),
  kind: z.literal('Policy').optional(),
  name: RuleName.default('policy'),
  rules: z.array(RuleSpec).max(200),
});
export type PolicySpec = z.infer<typeof PolicySpec>;
