import { sha256 } from '#core/digest';
import type { KubernetesObject } from '#packs/index';

import { PolicyError } from './policy-error.ts';
import type { Policy, PolicyRule, RuleContext, Violation } from './policy.ts';
import { selects } from './select.ts';
import type { ObjectSelector } from './policy-spec.ts';

/**
 * Rules under a name.
 *
 * @throws PolicyError when two rules have one name.
 * @example
 * export const baseline = definePolicy({
 *   name: 'baseline',
 *   rules: [
 *     noPrivilegedPods(),
 *     allowedRegistries({ registries: ['registry.example.com'] }, { except: [{ layer: 'calico' }] }),
 *     cel({ name: 'few-replicas', expression: '!has(object.spec.replicas) || object.spec.replicas <= 5' }),
 *   ],
 * });
 */
export function definePolicy({
  name,
  rules,
}: {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
}): Policy {
  const seen = new Set<string>();
  const problems = rules.flatMap((rule, at) => {
    const twice = seen.has(rule.name);
    seen.add(rule.name);
    return twice
      ? [{ field: `rules[${at}].name`, message: `the rule ${rule.name} is there already; give it another name` }]
      : [];
  });
  if (problems.length > 0) throw new PolicyError(problems);
  return { kind: 'Policy', name, rules };
}

/**
 * A rule in TypeScript: a pure look at one object. It runs in programs, tests and pipelines; the plane takes built-in
 * and CEL rules only.
 *
 * @example
 * rule({
 *   name: 'owner-annotation',
 *   description: 'Every Namespace says who owns it.',
 *   check: ({ kind, metadata }) =>
 *     kind === 'Namespace' && metadata.annotations?.['owner'] === undefined
 *       ? [{ field: 'metadata.annotations.owner', message: 'the owner is missing' }]
 *       : [],
 * })
 */
export function rule(definition: {
  readonly name: string;
  readonly description: string;
  /** Default `error`. */
  readonly severity?: 'error' | 'warning';
  /** Objects that the rule does not look at. */
  readonly except?: readonly ObjectSelector[];
  readonly check: (object: KubernetesObject, context: RuleContext) => readonly Violation[];
}): PolicyRule {
  const { name, description, severity = 'error', check } = definition;
  const excepted = selects(definition.except ?? []);
  return {
    name,
    description,
    severity,
    check: (object, context) => (excepted(object, context) ? [] : check(object, context)),
    code: sha256(JSON.stringify([check.toString(), definition.except ?? []])),
  };
}
