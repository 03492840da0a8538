/** Matchers for Jest. They take a rendering, or a profile, which is then rendered: `await expect(profile)…`. */
import { describeRef, refOf } from '#kubernetes/object';

import { policiesOf } from '../authoring/attached.ts';
import type { FieldChange } from '../diff/change.ts';
import { joinPath } from '../diff/field-changes.ts';
import { fieldLines } from '../diff/format-changes.ts';
import type { ProfileDocument } from '../document.ts';
import { checkPolicy } from '../policy/check-policy.ts';
import { findingLine } from '../policy/format-findings.ts';
import type { Policy, PolicyRule } from '../policy/policy.ts';
import type { RenderedProfile } from '../rendered.ts';
import { describeNearby, describeQuery, findObjects, parseQuery, type ObjectQuery } from './find-objects.ts';
import { render, type TestRenderOptions } from './render.ts';

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What Jest gives to a matcher, as far as it is used here. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined;
  // A method, whose parameters Jest may have narrower.
  equals(a: unknown, b: unknown, testers?: unknown[]): boolean;
  readonly utils?: { readonly subsetEquality?: unknown; readonly iterableEquality?: unknown } | undefined;
}

type Verdict = MatcherResult | Promise<MatcherResult>;

export interface ToPassPolicyOptions extends TestRenderOptions {
  /** Warnings fail too. */
  readonly strict?: boolean;
}

/**
 * The rendering has an object that the query names and, when `expected` is given, has those fields: as with
 * `toMatchObject`, what is not mentioned does not count, and asymmetric matchers may stand anywhere.
 */
export function toRenderObject(
  this: MatcherContext,
  received: unknown,
  query: string | ObjectQuery,
  expected?: object,
  options: TestRenderOptions = {},
): Verdict {
  return withRendering(received, options, (rendered) => renderObject(this, rendered, query, expected));
}

function renderObject(
  context: MatcherContext,
  rendered: RenderedProfile,
  query: string | ObjectQuery,
  expected: object | undefined,
): MatcherResult {
  const parsed = parseQuery(query);
  const found = findObjects(rendered, parsed);
  const testers = [context.utils?.iterableEquality, context.utils?.subsetEquality].filter(
    (one) => typeof one === 'function',
  );
  const matching = expected === undefined ? found : found.filter((one) => context.equals(one, expected, testers));
  const pass = matching.length > 0;
  return {
    pass,
    message: () => {
      const wanted = `${describeQuery(parsed)}${expected === undefined ? '' : ` with ${shortJson(expected)}`}`;
      if (pass) {
        const names = matching.map((one) => describeRef(refOf(one))).join(', ');
        return `Expected profile ${rendered.name} ${rendered.version} not to render ${wanted}, but it renders ${names}.`;
      }
      const intro = `Expected profile ${rendered.name} ${rendered.version} to render ${wanted}.`;
      if (found.length === 0) return `${intro}\n${describeNearby(rendered, parsed)}`;
      const differences = found.slice(0, 3).flatMap((one) => [
        `${describeRef(refOf(one))} differs, found → expected:`,
        ...fieldLines(
          mentioned(one, expected, (a, b) => context.equals(a, b, testers)),
          { fields: 20 },
        ).map((line) => `  ${line}`),
      ]);
      return [intro, ...differences].join('\n');
    },
  };
}

/** Where what was found does not fit what was expected: the one before, the other after. */
function mentioned(
  found: unknown,
  expected: unknown,
  fits: (a: unknown, b: unknown) => boolean,
  path: string = '',
): readonly FieldChange[] {
  if (fits(found, expected)) return [];
  if (isPlain(found) && isPlain(expected))
    return Object.keys(expected).flatMap((key) => mentioned(found[key], expected[key], fits, joinPath(path, key)));
  if (Array.isArray(found) && Array.isArray(expected) && found.length === expected.length)
    return expected.flatMap((item, at) => mentioned(found[at], item, fits, `${path}[${at}]`));
  const after: unknown = JSON.parse(JSON.stringify(expected, asText) ?? 'null');
  return [{ path, ...(found === undefined ? {} : { before: found }), after }];
}

/** Asymmetric matchers by their names. */
function asText(_key: string, value: unknown): unknown {
  return isAsymmetric(value) ? value.toString() : value;
}

function isAsymmetric(value: unknown): value is { readonly toString: () => string } {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('asymmetricMatch' in value);
}

/**
 * No rule finds an error in the rendering. Without rules those count that the profile's program attached.
 */
export function toPassPolicy(
  this: MatcherContext,
  received: unknown,
  policy?: Policy | PolicyRule | readonly (Policy | PolicyRule)[],
  { strict = false, ...options }: ToPassPolicyOptions = {},
): Verdict {
  const rules = policy === undefined ? attachedTo(received) : rulesOf(policy);
  return withRendering(received, options, (rendered) => {
    const findings = checkPolicy(rendered, rules).filter(({ severity }) => strict || severity === 'error');
    return {
      pass: findings.length === 0,
      message: () =>
        findings.length === 0
          ? `Expected profile ${rendered.name} ${rendered.version} not to pass ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}, but nothing was found.`
          : [
              `Expected profile ${rendered.name} ${rendered.version} to pass ${rules.map(({ name }) => name).join(', ')}.`,
              ...findings.slice(0, 50).map((finding) => `  ${findingLine(finding)}`),
              ...(findings.length > 50 ? [`  and ${findings.length - 50} more`] : []),
            ].join('\n'),
    };
  });
}

function attachedTo(received: unknown): readonly PolicyRule[] {
  const rules = isDocument(received) ? policiesOf(received) : [];
  if (rules.length === 0)
    throw new TypeError(
      'toPassPolicy: there are no rules; give some, or a profile whose program attaches them (`policies` of defineProfile)',
    );
  return rules;
}

function rulesOf(policy: Policy | PolicyRule | readonly (Policy | PolicyRule)[]): readonly PolicyRule[] {
  if (isList(policy)) return policy.flatMap(rulesOf);
  return 'rules' in policy ? policy.rules : [policy];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function withRendering(
  received: unknown,
  options: TestRenderOptions,
  judge: (rendered: RenderedProfile) => MatcherResult,
): Verdict {
  if (isRendered(received)) return judge(received);
  if (isDocument(received)) return render(received, options).then(judge);
  throw new TypeError(
    'expected a profile (of defineProfile) or a rendering (of `await render(profile)`), found something else',
  );
}

function isDocument(value: unknown): value is ProfileDocument {
  return isPlain(value) && value['kind'] === 'ClusterProfile' && Array.isArray(value['layers']);
}

function isRendered(value: unknown): value is RenderedProfile {
  return isPlain(value) && value['kind'] === undefined && Array.isArray(value['layers']) && 'digest' in value;
}

function shortJson(value: object): string {
  const text = JSON.stringify(value, asText);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

export const matchers = { toRenderObject, toPassPolicy };
