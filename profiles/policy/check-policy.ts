import { refOf } from '#kubernetes/object';

import type { Mask } from '../diff/mask.ts';
import type { RenderedProfile } from '../rendered.ts';
import type { ManyChecked, Policy, PolicyFinding, PolicyRule, RuleLook, Violation } from './policy.ts';

export interface CheckPolicyOptions {
  /** Applied to every message and field. */
  readonly mask?: Mask | undefined;
  /** Milliseconds that one rule may take over all objects (default 2,000). */
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
  const looks = looksOf(rendered);
  return inOrder(rulesOf(policy).map((rule) => checkRule(rule, looks, options)));
}

/** As `checkPolicy`, for servers: others get their turn between two rules. @throws the signal's reason. */
export async function checkPolicyInTurns(
  rendered: Pick<RenderedProfile, 'name' | 'version' | 'layers'>,
  policy: Policy | readonly PolicyRule[],
  { signal, ...options }: CheckPolicyOptions & { readonly signal: AbortSignal },
): Promise<PolicyFinding[]> {
  const looks = looksOf(rendered);
  const found: (readonly Placed[])[] = [];
  for (const rule of rulesOf(policy)) {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    found.push(checkRule(rule, looks, options));
  }
  return inOrder(found);
}

function rulesOf(policy: Policy | readonly PolicyRule[]): readonly PolicyRule[] {
  return 'rules' in policy ? policy.rules : policy;
}

function looksOf({ name, version, layers }: Pick<RenderedProfile, 'name' | 'version' | 'layers'>): readonly RuleLook[] {
  return layers.flatMap(({ layer, objects }) => {
    const context = { layer: layer.name, profile: { name, version } };
    return objects.map((object) => ({ object, context }));
  });
}

interface Placed {
  /** Place of the object; what is said at the end stands behind all. */
  readonly at: number;
  readonly finding: PolicyFinding;
}

function inOrder(found: readonly (readonly Placed[])[]): PolicyFinding[] {
  return found
    .flat()
    .sort((a, b) => a.at - b.at)
    .map(({ finding }) => finding);
}

function checkRule(
  rule: PolicyRule,
  looks: readonly RuleLook[],
  { mask = (value) => value, ruleTimeoutMs = 2_000, findingsPerRule = 1_000 }: CheckPolicyOptions,
): readonly Placed[] {
  const place = (at: number, { object, context }: RuleLook, { field, message }: Violation): Placed => ({
    at,
    finding: {
      rule: rule.name,
      severity: rule.severity,
      layer: context.layer,
      object: refOf(object),
      ...(field === undefined ? {} : { field: String(mask(field)) }),
      message: String(mask(message)),
    },
  });
  const { violations, inTime } = rule.checkMany?.(looks, ruleTimeoutMs) ?? oneByOne(rule, looks, ruleTimeoutMs);
  const all = violations.flatMap((ofOne, at) => {
    const look = looks[at];
    return look === undefined ? [] : ofOne.map((violation) => ({ at, look, violation }));
  });
  const placed = all.slice(0, findingsPerRule).map(({ at, look, violation }) => place(at, look, violation));
  const more = all.length - placed.length;
  const last = all.at(-1)?.look;
  if (more > 0 && last)
    placed.push(place(looks.length, last, { message: `${more} more findings of this rule are not listed` }));
  const next = looks[violations.length] ?? looks.at(-1);
  if (!inTime && next)
    placed.push(
      place(violations.length, next, {
        message: `the rule took more than ${ruleTimeoutMs} ms; it looks at no further object`,
      }),
    );
  return placed;
}

function oneByOne(rule: PolicyRule, looks: readonly RuleLook[], timeoutMs: number): ManyChecked {
  const violations: (readonly Violation[])[] = [];
  const end = performance.now() + timeoutMs;
  for (const { object, context } of looks) {
    try {
      violations.push(rule.check(object, context));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      violations.push([{ message: `the rule failed: ${message}` }]);
    }
    if (performance.now() > end && violations.length < looks.length) return { violations, inTime: false };
  }
  return { violations, inTime: true };
}

/** Whether nothing was found that must not be: warnings pass. */
export function passesPolicy(findings: readonly PolicyFinding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error');
}
