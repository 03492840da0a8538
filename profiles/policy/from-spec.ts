import { didYouMean } from '#packs/macros/suggest';

import { BUILTINS } from './builtin/index.ts';
import { cel } from './cel/cel-rule.ts';
import { PolicyError, type PolicyProblem } from './policy-error.ts';
import type { Policy, PolicyRule } from './policy.ts';
import { PolicySpec, type RuleSpec } from './policy-spec.ts';

/**
 * The rules of a policy that is data.
 *
 * @throws PolicyError with everything that is wrong: shape, unknown rules, parameters, expressions, names given twice.
 */
export function policyFromSpec(given: unknown): Policy {
  const parsed = PolicySpec.safeParse(given);
  if (!parsed.success)
    throw new PolicyError(
      parsed.error.issues.map(({ path, message }) => ({ field: fieldOf(path), message })),
      { cause: parsed.error },
    );
  const problems: PolicyProblem[] = [];
  const names = new Set<string>();
  const rules = parsed.data.rules.flatMap((spec, at): PolicyRule[] => {
    try {
      const rule = ruleFromSpec(spec);
      if (names.has(rule.name))
        problems.push({
          field: `rules[${at}].name`,
          message: `the rule ${rule.name} is there already; give it another name`,
        });
      names.add(rule.name);
      return [rule];
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      problems.push(...error.problems.map((one) => ({ ...one, field: `rules[${at}].${one.field}` })));
      return [];
    }
  });
  if (problems.length > 0) throw new PolicyError(problems);
  return { kind: 'Policy', name: parsed.data.name, rules };
}

function ruleFromSpec(spec: RuleSpec): PolicyRule {
  if (spec.kind === 'cel') return cel(spec);
  const { rule, name, params, severity, except } = spec;
  const found = BUILTINS.get(rule);
  if (!found) {
    const hint = didYouMean(rule, BUILTINS.keys()) || `; there are: ${[...BUILTINS.keys()].join(', ')}`;
    throw new PolicyError([{ field: 'rule', message: `there is no built-in rule ${rule}${hint}` }]);
  }
  return found.from(params, { name, severity, except });
}

/** @throws PolicyError naming the rules that are code: only built-in and CEL rules are data. */
export function specOfPolicy(policy: Policy): PolicySpec {
  const problems: PolicyProblem[] = [];
  const rules = policy.rules.flatMap(({ name, spec }, at) => {
    if (spec) return [spec];
    problems.push({
      field: `rules[${at}]`,
      message: `the rule ${name} is written in TypeScript, which runs in programs and pipelines only; expected a built-in or CEL rule`,
    });
    return [];
  });
  if (problems.length > 0) throw new PolicyError(problems);
  return { apiVersion: 'palette-iac.dev/v1', kind: 'Policy', name: policy.name, rules };
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}
