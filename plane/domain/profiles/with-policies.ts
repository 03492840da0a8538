/** Policies of a scope, held against a profile before it is published. */
import { PlaneError } from '#plane/api/error';
import type { UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import type { PolicyFinding } from '#profiles/policy/policy';

import { policyFindings } from './policy-findings.ts';
import type { Profile } from './profile.ts';
import { digestOf } from './profile-document.ts';
import { readSettings } from './settings.ts';

type Candidate = Omit<Profile, 'createdAt' | 'modifiedAt' | 'digest' | 'sealed' | 'policyFindings'> &
  Partial<Pick<Profile, 'policyFindings' | 'digest'>>;

/**
 * Stores a profile that was checked. Without policies that is one transaction. With them the profile is rendered between
 * two: Helm takes seconds, and no transaction waits for it.
 *
 * @param projectUid whose policies count; undefined: the tenant's.
 * @param prepare makes what is to be stored; called once or twice.
 * @throws PlaneError 422 `PolicyViolated` with the findings where a policy is enforced; 409 `ChangedMeanwhile`.
 */
export async function withPolicies<C extends Candidate, T>(
  ctx: Pick<UserContext, 'db' | 'services' | 'signal' | 'log'>,
  projectUid: string | undefined,
  prepare: (tx: Transaction) => Promise<C>,
  store: (tx: Transaction, candidate: C) => Promise<T>,
): Promise<T> {
  const first = await ctx.db.transaction(async (tx): Promise<FirstLook<C, T>> => {
    const { policy } = await readSettings(tx, projectUid);
    const candidate = await prepare(tx);
    const digest = candidate.published && digestOf(candidate, candidate.published);
    // What stays as it is was checked when it came.
    if (policy.mode === 'off' || digest === undefined || digest === candidate.digest)
      return { kind: 'stored', result: await store(tx, candidate) };
    return { kind: 'unchecked', candidate, digest, policy };
  });
  if (first.kind === 'stored') return first.result;
  const findings = await policyFindings(ctx, first.candidate, first.policy.rules);
  if (first.policy.mode === 'enforce') refuseErrors(first.candidate, findings);
  return ctx.db.transaction(async (tx) => {
    const candidate = await prepare(tx);
    if (candidate.published === undefined || digestOf(candidate, candidate.published) !== first.digest)
      throw new PlaneError(
        409,
        'ChangedMeanwhile',
        `cluster profile ${candidate.name} ${candidate.version} changed while its policies were checked; try again`,
      );
    return store(tx, { ...candidate, policyFindings: findings });
  });
}

type FirstLook<C, T> =
  | { readonly kind: 'stored'; readonly result: T }
  | {
      readonly kind: 'unchecked';
      readonly candidate: C;
      readonly digest: string;
      readonly policy: Awaited<ReturnType<typeof readSettings>>['policy'];
    };

function refuseErrors(profile: Pick<Profile, 'name' | 'version'>, findings: readonly PolicyFinding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const { object, field, message, layer, rule } = first;
  const place = `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}${field === undefined ? '' : `, ${field}`}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see details)` : '';
  throw new PlaneError(
    422,
    'PolicyViolated',
    `cluster profile ${profile.name} ${profile.version}, layer ${layer}, ${place}: ${message} (${rule})${more}`,
    { findings },
  );
}
