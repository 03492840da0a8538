/** What a plan says of the version of a profile. */
import { isNotFound, type PaletteClient, type Scope } from '#openapi/client/index';
import { UNKNOWN, type PlanChange } from '#resources/engine/index';
import type { PartlyKnownValues, PlannedValues, StateValues } from '#resources/engine/values';

import { differencesFrom, versionProblem } from './new-version.ts';
import type { clusterProfileSchema } from './schema.ts';

type Partly = PartlyKnownValues<typeof clusterProfileSchema>;
type Planned = PlannedValues<typeof clusterProfileSchema>;
type State = StateValues<typeof clusterProfileSchema>;

/**
 * A new version is a new profile, so its identifiers are known after it is made; one that exists with another content, and
 * a change of one that is sealed, show in the plan.
 */
export async function planVersion(
  planned: Partly,
  prior: State | undefined,
  access: { readonly client: PaletteClient; readonly scope: Scope; readonly signal: AbortSignal },
): Promise<PlanChange[]> {
  if (prior === undefined) return [];
  const whole = wholly(planned);
  if (planned.version === prior.version) {
    // What is not known yet may turn out to be what it was.
    if (whole === undefined || same(contentOf(whole), contentOf(prior))) return [];
    if (!(await isSealed(prior.id, access))) return [];
    // The same pack may be named in several ways: what is there counts, as it does for the API.
    const kept = whole.name === prior.name && (await differencesFrom(prior.id, whole, access)).length === 0;
    return kept ? [] : [sealed(prior)];
  }
  const problem = whole && (await versionProblem(whole, access));
  return [
    ...manifestUids(planned),
    ...(problem === undefined
      ? []
      : [
          {
            kind: 'problem' as const,
            problem: { path: problem.path, summary: problem.summary, detail: problem.detail },
          },
        ]),
  ];
}

function manifestUids({ pack }: Partly): PlanChange[] {
  if (pack === undefined || pack === UNKNOWN) return [];
  return pack.flatMap((block, index) => {
    const manifests = block === UNKNOWN ? undefined : block.manifest;
    if (manifests === undefined || manifests === UNKNOWN) return [];
    return manifests.map((_, at): PlanChange => ({
      kind: 'unknown',
      path: ['pack', index, 'manifest', at, 'uid'],
    }));
  });
}

async function isSealed(
  uid: string,
  { client, scope, signal }: { readonly client: PaletteClient; readonly scope: Scope; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    const { status } = await client.get('/v1/clusterprofiles/{uid}', { path: { uid }, scope, signal });
    return status?.sealed === true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function sealed({ name, version }: State): PlanChange {
  return {
    kind: 'problem',
    problem: {
      path: ['version'],
      summary: `Version ${version} of cluster profile "${name}" is sealed`,
      detail:
        'What is published under it never changes. Raise the version: that makes a new one, and this one stays as it is for the clusters that run it.',
    },
  };
}

/** What a version means: everything but description, tags and what is the provider's own. */
export function contentOf({ name, pack, profileVariables }: Planned): unknown {
  return [
    name,
    (pack ?? []).map((block) => [
      block.name,
      block.type,
      block.tag ?? '',
      block.registryUid ?? '',
      block.registryName ?? '',
      (block.values ?? '').trim(),
      (block.manifest ?? []).map((manifest) => [manifest.name, manifest.content.trim()]),
    ]),
    profileVariables ?? [],
  ];
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The plan when all that the configuration gives is known; identifiers may be unknown. */
export function wholly(planned: Partly): Planned | undefined {
  const value = settle(planned);
  // Every key of a plan is there, and nothing in it is unknown.
  return value === UNKNOWN ? undefined : (value as Planned);
}

function settle(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(settle);
    return items.includes(UNKNOWN) ? UNKNOWN : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [
    key,
    part === UNKNOWN && (key === 'id' || key === 'uid' || key === 'default') ? undefined : settle(part),
  ]);
  return entries.some(([, part]) => part === UNKNOWN) ? UNKNOWN : Object.fromEntries(entries);
}
