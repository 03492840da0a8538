import { checkDocument } from '#profiles/lint/check-document';
import type { ProfileDocument, ProfileType, Variable } from '#profiles/document';
import type { Policy, PolicyRule } from '#profiles/policy/policy';
import { ProfileError } from '#profiles/problem';

import { withPolicies } from './attached.ts';
import { refuseUnknown } from './known-options.ts';
import type { LayerInput } from './layers.ts';
import type { ProfileVariable } from './variable.ts';

/** Layers, or lists of them as functions return them; what a condition left out is passed over. */
export type LayerList = readonly (LayerInput | LayerList | undefined | null | false)[];

export type AnyProfileVariable = ProfileVariable | ProfileVariable<number> | ProfileVariable<boolean>;

export interface ProfileOptions {
  readonly name: string;
  /** Semantic. Default: `1.0.0`. */
  readonly version?: string;
  /** Default: what the layers make it: `infra` or `add-on` where there are only such, else `cluster`. */
  readonly type?: ProfileType;
  /** Such as `aws`. Default: `all`. */
  readonly cloud?: string;
  readonly description?: string;
  /** As `key:value`, or a bare word. */
  readonly tags?: readonly string[];
  readonly variables?: readonly AnyProfileVariable[];
  /** The stack, lowest first. */
  readonly layers: LayerList;
  /** Rules that what it renders to has to keep, alone or as policies. */
  readonly policies?: readonly (Policy | PolicyRule)[];
}

const OPTIONS: Readonly<Record<keyof ProfileOptions, true>> = {
  name: true,
  version: true,
  type: true,
  cloud: true,
  description: true,
  tags: true,
  variables: true,
  layers: true,
  policies: true,
};

/**
 * A cluster profile as a value. Export it, and `palette profile …` finds it.
 *
 * @throws ProfileError with everything that is wrong with it: layer, line and what was expected.
 * @throws TypeError for what the types do not allow, where nobody checked them.
 * @example
 * export const shop = defineProfile({
 *   name: 'shop',
 *   version: '1.2.0',
 *   variables: [replicas],
 *   layers: [addon({ pack: 'shop', version: '^1.0.0', values: { replicas } })],
 * });
 */
export function defineProfile(options: ProfileOptions): ProfileDocument {
  refuseUnknown(`profile ${options.name}`, options, OPTIONS);
  if (!isList(options.layers)) throw new TypeError(`profile ${options.name}: its layers are no list`);
  const layers = flatten(options.layers);
  const document: ProfileDocument = {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name: options.name,
    version: options.version ?? '1.0.0',
    type: options.type ?? typeOf(layers),
    cloud: options.cloud ?? 'all',
    description: options.description ?? '',
    tags: [...(options.tags ?? [])],
    variables: (options.variables ?? []).map(({ definition }): Variable => definition),
    layers,
  };
  const errors = checkDocument(document).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProfileError(errors);
  const rules = (options.policies ?? []).flatMap((policy) => ('rules' in policy ? policy.rules : [policy]));
  return withPolicies(document, rules);
}

function flatten(layers: LayerList): LayerInput[] {
  return layers.flatMap((layer) => (isList(layer) ? flatten(layer) : layer ? [layer] : []));
}

function isList(layer: LayerList[number]): layer is LayerList {
  return Array.isArray(layer);
}

function typeOf(layers: readonly LayerInput[]): ProfileType {
  const addons = layers.filter(({ layer }) => layer === 'addon').length;
  return addons === layers.length ? 'add-on' : addons === 0 ? 'infra' : 'cluster';
}
