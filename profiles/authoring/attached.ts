/** What a program attaches to a profile that a document cannot hold: rules, which are functions. */
import type { ProfileDocument } from '#profiles/document';
import type { PolicyRule } from '#profiles/policy/policy';

/**
 * Registered, since a program may have loaded a second copy of this package: what that copy made counts too.
 * Not enumerable, so that a document stays plain data for whoever writes or compares it.
 */
const POLICIES = Symbol.for('palette-iac.dev/policies');

/** The document as a program exports it, its rules with it. */
export function withPolicies(document: ProfileDocument, policies: readonly PolicyRule[]): ProfileDocument {
  return Object.defineProperty({ ...document }, POLICIES, { value: [...policies], enumerable: false });
}

/** The rules that a program attached to a profile. */
export function policiesOf(document: ProfileDocument): readonly PolicyRule[] {
  const attached: unknown = Object.getOwnPropertyDescriptor(document, POLICIES)?.value;
  return Array.isArray(attached) ? attached : []; // written by `withPolicies` alone
}

/** Whether a program's value is a profile: by what it says of itself. */
export function looksLikeProfile(value: unknown): value is { readonly kind: 'ClusterProfile' } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'ClusterProfile' &&
    'apiVersion' in value &&
    typeof value.apiVersion === 'string' &&
    value.apiVersion.startsWith('palette-iac.dev/')
  );
}
