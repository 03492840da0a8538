/** Readiness by the pack's own rules, for kinds that tell it in a way of their own. */
import { inTime } from '#core/in-time';
import { compileCel, type CelProgram, type CelResult } from '#profiles/policy/cel/program';
import { toCel } from '#profiles/policy/cel/convert';

import { groupOf, type KubeObject } from '#kubernetes/object';
import type { Readiness } from './readiness.ts';
import type { Rendering } from './render.ts';

/** Gives the readiness of an object that a rule is for, undefined for any other. */
export type Judge = (object: KubeObject) => Readiness | undefined;

/** An expression that takes longer, in milliseconds, is given up. */
const TIME_MS = 100;

interface Rule {
  readonly kind: string;
  readonly group: string | undefined;
  readonly current: CelProgram;
  readonly failed: CelProgram | undefined;
}

/** @throws Error naming the first expression that is not valid */
export function judgeBy(rules: NonNullable<Rendering['health']>): Judge | undefined {
  if (rules.length === 0) return undefined;
  const compiled = rules.map(({ kind, group, current, failed }): Rule => ({
    kind,
    group,
    current: compile(kind, 'cel', current),
    failed: failed === undefined ? undefined : compile(kind, 'failed', failed),
  }));
  return (object) => {
    const rule = compiled.find(
      ({ kind, group }) => kind === object.kind && (group === undefined || group === groupOf(object.apiVersion)),
    );
    return rule && readinessBy(rule, object);
  };
}

function compile(kind: string, field: string, expression: string): CelProgram {
  const compiled = compileCel(expression, 'bool', []);
  if (compiled.kind === 'program') return compiled.program;
  throw new Error(`pack.health of ${kind}: ${field}: ${compiled.message}`);
}

function readinessBy({ current, failed }: Rule, object: KubeObject): Readiness {
  const bindings = { object: toCel(object) };
  const broken = failed && evaluate(failed, bindings);
  if (broken?.kind === 'value' && broken.value === true)
    return { kind: 'failed', message: 'by the rule of its pack it has failed' };
  const result = evaluate(current, bindings);
  if (result.kind === 'value' && result.value === true) return { kind: 'current' };
  // A status that is not there yet makes most expressions fail: that is no reason to give up.
  const why = result.kind === 'error' ? `: ${result.message}` : '';
  return { kind: 'in progress', message: `by the rule of its pack it is not ready${why}` };
}

function evaluate(program: CelProgram, bindings: Readonly<Record<string, unknown>>): CelResult {
  let result: CelResult = { kind: 'error', message: 'the rule takes too long' };
  const work = (): void => {
    result = program.run(bindings);
  };
  inTime(work, TIME_MS);
  return result;
}
