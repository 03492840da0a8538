/** What policies say of a profile: rendered as an agent would, for a cluster that is none. */
import { PackError, RenderError } from '#packs/index';
import { PlaneError } from '#plane/api/error';
import type { UserContext } from '#plane/api/handler';
import type { ProfileDocument, Variable } from '#profiles/document';
import { maskTexts } from '#profiles/diff/mask';
import { checkPolicyInTurns } from '#profiles/policy/check-policy';
import { policyFromSpec } from '#profiles/policy/from-spec';
import type { PolicyFinding } from '#profiles/policy/policy';
import type { RuleSpec } from '#profiles/policy/policy-spec';
import { ProfileError } from '#profiles/problem';
import { renderProfile } from '#profiles/render/render-profile';

import { loadMacros } from '../desired-state/load-macros.ts';
import type { Profile } from './profile.ts';
import { documentOf } from './profile-document.ts';
import { storedPacks } from './stored-packs.ts';

/** Milliseconds for a profile with all its layers; a request has little more. */
const RENDER_MS = 40_000;
/** Milliseconds that one rule may keep everybody waiting. */
const RULE_MS = 2_000;
/** Findings that are kept and told. */
const MOST_FINDINGS = 200;

type Published = Parameters<typeof documentOf>[0] & Pick<Profile, 'projectUid' | 'published'>;

/**
 * Renders what would be published and checks every object. Variables that a cluster must give have a value made up for
 * the look.
 *
 * @throws PlaneError 422 `ProfileNotRenderable` with the places; 503 `RenderingUnavailable` when this plane has no Helm.
 */
export async function policyFindings(
  { db, services, signal }: Pick<UserContext, 'db' | 'services' | 'signal'>,
  profile: Published,
  rules: readonly RuleSpec[],
): Promise<PolicyFinding[]> {
  const { renderer } = services;
  if (renderer === undefined)
    throw new PlaneError(
      503,
      'RenderingUnavailable',
      'the policies of this project need Helm, and this plane was started without; set `helm` in its configuration',
    );
  const policy = policyFromSpec({ rules });
  const macros = await db.transaction(async (tx) => loadMacros(tx, profile.projectUid), { readOnly: true });
  const { document, variables } = withSamples(documentOf(profile, profile.published ?? { packs: [] }));
  const mask = maskTexts(
    profile.variables.flatMap(({ isSensitive, defaultValue }) => (isSensitive ? (defaultValue ?? []) : [])),
  );
  try {
    const rendered = await renderProfile(document, {
      source: storedPacks(db),
      renderer,
      variables,
      macros,
      signal: AbortSignal.any([signal, AbortSignal.timeout(RENDER_MS)]),
    });
    const findings = await checkPolicyInTurns(rendered, policy.rules, { mask, signal, ruleTimeoutMs: RULE_MS });
    // Errors first: what is cut off must not be what refuses the publication.
    const isError = ({ severity }: PolicyFinding): boolean => severity === 'error';
    return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))].slice(0, MOST_FINDINGS);
  } catch (error) {
    if (!(error instanceof ProfileError || error instanceof RenderError || error instanceof PackError)) throw error;
    throw new PlaneError(
      422,
      'ProfileNotRenderable',
      `cluster profile ${profile.name} ${profile.version} cannot be rendered, so its policies cannot be checked: ${String(mask(error.message))}`,
      { problems: mask(error.problems) },
      { cause: error },
    );
  }
}

/** Gives values to variables that must have one and have no default. */
function withSamples(document: ProfileDocument): {
  readonly document: ProfileDocument;
  readonly variables: Record<string, string>;
} {
  const open = document.variables.filter(({ required, defaultValue }) => required && !defaultValue);
  const isOpen = (variable: Variable): boolean => open.includes(variable);
  return {
    // A value that is made up cannot be expected to match.
    document: {
      ...document,
      variables: document.variables.map((variable) =>
        isOpen(variable) ? { ...variable, regex: undefined } : variable,
      ),
    },
    variables: Object.fromEntries(open.map((variable) => [variable.name, sampleOf(variable)])),
  };
}

function sampleOf({ options, format = 'string' }: Variable): string {
  return options?.[0]?.value ?? SAMPLES[format];
}

const SAMPLES: Readonly<Record<NonNullable<Variable['format']>, string>> = {
  string: 'sample',
  number: '1',
  boolean: 'true',
  ipv4: '192.0.2.1',
  ipv4cidr: '192.0.2.0/24',
  ipv6: '2001:db8::1',
  version: '1.0.0',
  base64: 'c2FtcGxl',
};
