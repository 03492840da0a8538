import { inTime } from '#core/in-time';
import type { KubernetesObject } from '#packs/index';

import { PolicyError, type PolicyProblem } from '../policy-error.ts';
import type { ManyChecked, PolicyRule, RuleContext, RuleLook, Violation } from '../policy.ts';
import { selects } from '../select.ts';
import type { CelRuleSpec } from '../policy-spec.ts';
import { toCel } from './convert.ts';
import { MAX_TEXT } from './environment.ts';
import { compileCel, type CelProgram, type CelResult } from './program.ts';

/** Milliseconds for one object that is looked at alone. */
const TIMEOUT_MS = 200;
/** Most items of a list that a variable may hold: each variable may double the one before it. */
const MAX_LIST = 100_000;
const MAX_MESSAGE = 2000;

/**
 * A rule whose expression must be true of every object. Expressions see `object`, `params`, `variables`, `layer` and
 * `profile`; `oldObject` is null. What cannot be evaluated counts as a violation, as with Kubernetes' failurePolicy Fail.
 *
 * @throws PolicyError saying what is wrong with its expressions.
 * @example
 * cel({ name: 'few-replicas', expression: '!has(object.spec.replicas) || object.spec.replicas <= 5' })
 */
export function cel(given: Omit<CelRuleSpec, 'kind'>): PolicyRule {
  const spec: CelRuleSpec = { ...given, kind: 'cel' };
  const problems: PolicyProblem[] = [];
  const names: string[] = [];
  const compiled = (field: string, expression: string, expects: 'bool' | 'string' | 'any'): CelProgram | undefined => {
    const result = compileCel(expression, expects, names);
    if (result.kind === 'program') return result.program;
    problems.push({ field, message: `${result.message} (rule ${spec.name})` });
    return undefined;
  };
  const variables = (spec.variables ?? []).map(({ name, expression }, at) => {
    if (names.includes(name))
      problems.push({
        field: `variables[${at}].name`,
        message: `the variable ${name} is there already (rule ${spec.name})`,
      });
    const program = compiled(`variables[${at}].expression`, expression, 'any');
    names.push(name);
    return { name, program };
  });
  const expression = compiled('expression', spec.expression, 'bool');
  const message =
    spec.messageExpression === undefined ? undefined : compiled('messageExpression', spec.messageExpression, 'string');
  if (problems.length > 0 || !expression) throw new PolicyError(problems);

  const matched = spec.match === undefined ? () => true : selects(spec.match);
  const excepted = selects(spec.except ?? []);
  const params = toCel(spec.params ?? {});
  const at = spec.field === undefined ? {} : { field: spec.field };
  const look = ({ object, context }: RuleLook): readonly Violation[] => {
    if (!matched(object, context) || excepted(object, context)) return [];
    const bindings = bindingsOf(object, context, params, variables);
    const result = expression.run(bindings);
    const wrong = told(result);
    if (wrong !== undefined) return [{ ...at, message: wrong }];
    if (result.kind === 'value' && result.value === true) return [];
    return [{ ...at, message: messageOf(message?.run(bindings)) ?? spec.message ?? `is not true: ${spec.expression}` }];
  };
  // One bound for many objects: to set it costs more than most expressions do.
  const checkMany = (looks: readonly RuleLook[], timeoutMs: number): ManyChecked => {
    const violations: (readonly Violation[])[] = [];
    const ended = inTime(() => {
      for (const one of looks) violations.push(look(one));
    }, timeoutMs);
    return { violations, inTime: ended };
  };
  return {
    name: spec.name,
    description: spec.description ?? spec.message ?? spec.expression,
    severity: spec.severity ?? 'error',
    spec,
    check: (object, context) =>
      checkMany([{ object, context }], TIMEOUT_MS).violations[0] ?? [
        { ...at, message: `the expression takes more than ${TIMEOUT_MS} ms` },
      ],
    checkMany,
  };
}

/** What is wrong with a result that is neither true nor false. */
function told(result: CelResult): string | undefined {
  switch (result.kind) {
    case 'value':
      return typeof result.value === 'boolean'
        ? undefined
        : `the expression gives ${result.value === null ? 'null' : typeof result.value}, expected true or false`;
    case 'error':
      return `the expression cannot be evaluated: ${result.message.slice(0, MAX_MESSAGE)}`;
  }
}

/** A message that cannot be made is none. */
function messageOf(result: CelResult | undefined): string | undefined {
  return result?.kind === 'value' && typeof result.value === 'string' && result.value.trim() !== ''
    ? result.value.slice(0, MAX_MESSAGE)
    : undefined;
}

function bindingsOf(
  object: KubernetesObject,
  { layer, profile }: RuleContext,
  params: unknown,
  variables: readonly { readonly name: string; readonly program: CelProgram | undefined }[],
): Readonly<Record<string, unknown>> {
  const values = {};
  const bindings = {
    object: toCel(object),
    oldObject: null,
    params,
    variables: values,
    layer,
    profile: { ...profile },
  };
  for (const { name, program } of variables) {
    Object.defineProperty(values, name, {
      enumerable: true,
      configurable: true,
      // Evaluated when first used: what an expression does not need cannot fail it.
      get: () => {
        const value = program?.evaluate(bindings);
        if (typeof value === 'string' && value.length > MAX_TEXT)
          throw new RangeError(`variable ${name} is longer than ${MAX_TEXT} characters`);
        if (Array.isArray(value) && value.length > MAX_LIST)
          throw new RangeError(`variable ${name} is longer than ${MAX_LIST} items`);
        Object.defineProperty(values, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return bindings;
}
