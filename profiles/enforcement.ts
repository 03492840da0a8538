/** How each layer is enforced: what its pack says over what its profile's tags say, over those of the cluster. */
import { packEnforcement, tagEnforcement, type EnforcementParsed } from '#packs/enforcement';
import type { DriftPolicy, Enforcement } from '#protocol/desired-state';

export type EnforcementFound =
  | { readonly kind: 'found'; readonly enforcement: Enforcement | undefined }
  | { readonly kind: 'invalid'; readonly message: string };

/** What a profile or a cluster says by its tags. */
export function enforcementOfTags(labels: Readonly<Record<string, string>> = {}): EnforcementFound {
  return found(tagEnforcement(labels));
}

/** What a layer's values say, or the pack's own where they say nothing. */
export function enforcementOfValues(values: string, packValues: string | undefined): EnforcementFound {
  const own = packEnforcement(values);
  return found(own.kind === 'none' && packValues !== undefined ? packEnforcement(packValues) : own);
}

function found(parsed: EnforcementParsed): EnforcementFound {
  if (parsed.kind === 'invalid') return { kind: 'invalid', message: parsed.message };
  return { kind: 'found', enforcement: parsed.kind === 'none' ? undefined : parsed.enforcement };
}

/** The specific over the general; fields that are others' to set add up. */
export function mergeEnforcement(
  general: Enforcement | undefined,
  specific: Enforcement | undefined,
): Enforcement | undefined {
  if (!general || !specific) return specific ?? general;
  const ignore = [...(general.ignore ?? []), ...(specific.ignore ?? [])];
  return { ...general, ...specific, ...(ignore.length === 0 ? {} : { ignore }) };
}

/** The document's word: drift has a place of its own there. */
export function documentPolicy(
  base: DriftPolicy,
  cluster: Enforcement | undefined,
): { readonly drift: DriftPolicy; readonly enforcement?: Omit<Enforcement, 'drift'> } {
  // A cluster that is only looked at stays so, whatever its tags say.
  if (!cluster || base !== 'heal') return { drift: base };
  const { drift = base, ...enforcement } = cluster;
  return { drift, ...(Object.keys(enforcement).length === 0 ? {} : { enforcement }) };
}
