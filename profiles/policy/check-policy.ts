import { refOf } from '#kubernetes/object';

import type { Mask } from '../diff/mask.ts';
import type { RenderedProfile } from '../rendered.ts';
import type { Policy, PolicyFinding, PolicyRule, RuleContext, Violation } from './policy.ts';

export interface CheckPolicyOptions {
  /** Applied to every message and field. */
  readonly mask?: Mask | undefined;
  /** Milliseconds that one rule may take over all objects (default 5,000). */
  readonly ruleTimeoutMs?: number | undefined;
  /** At most so many findings of one rule (default 1,000); a last one says how many there are beyond. */
  readonly findingsPerRule?: number | undefined;
}

/**
 * Looks at every object that a profile renders to. Findings stand in the order of layers, objects and rules. A rule that
 * throws, or takes too long, is a finding itself: nothing passes because a rule is broken.
 */
export function checkPolicy(
  rendered: Pick<RenderedProfile, 'name' | 'version' | 'layers'>,
  policy: Policy | readonly PolicyRule[],
  options: CheckPolicyOptions = {},
): PolicyFinding[] {
  const { mask = (value) => value, ruleTimeoutMs = 5_000, findingsPerRule = 1_000 } = options;
  const rules = 'rules' in policy ? policy.rules : policy;
  const runs = rules.map((rule) => ({ rule, spentMs: 0, found: 0, ended: false }));
  const findings: PolicyFinding[] = [];
  const profile = { name: rendered.name, version: rendered.version };
  for (const { layer, objects } of rendered.layers) {
    const context: RuleContext = { layer: layer.name, profile };
    for (const object of objects) {
      for (const run of runs) {
        if (run.ended) continue;
        const say = ({ field, message }: Violation): void => {
          run.found++;
          if (run.found > findingsPerRule) return;
          findings.push({
            rule: run.rule.name,
            severity: run.rule.severity,
            layer: layer.name,
            object: refOf(object),
            ...(field === undefined ? {} : { field: String(mask(field)) }),
            message: String(mask(message)),
          });
        };
        const began = performance.now();
        try {
          for (const violation of run.rule.check(object, context)) say(violation);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          run.ended = isTimeout(error);
          say({
            message: run.ended ? `${message}; the rule looks at no further object` : `the rule failed: ${message}`,
          });
        }
        run.spentMs += performance.now() - began;
        if (run.ended || run.spentMs <= ruleTimeoutMs) continue;
        run.ended = true;
        say({ message: `the rule took more than ${ruleTimeoutMs} ms; it looks at no further object` });
      }
    }
  }
  const dropped = runs.filter(({ found }) => found > findingsPerRule);
  return [
    ...findings,
    ...dropped.flatMap(({ rule, found }): PolicyFinding[] => {
      const last = findings.findLast((finding) => finding.rule === rule.name);
      return last === undefined
        ? []
        : [{ ...last, message: `${found - findingsPerRule} more findings of this rule are not listed` }];
    }),
  ];
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'PolicyTimeout';
}

/** Whether nothing was found that must not be: warnings pass. */
export function passesPolicy(findings: readonly PolicyFinding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error');
}
