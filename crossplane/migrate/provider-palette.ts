/**
 * What manifests of provider-palette are called, in every version from 0.7 to 0.29.
 *
 * - Cluster-scoped kinds are in `GROUP.palette.crossplane.io`, those in namespaces in
 *   `GROUP.palette.m.crossplane.io` (from 0.24.4), those of 0.9 and before in `GROUP.palette.jet.crossplane.io`.
 * - Managed resources are `v1alpha1`; provider configurations `v1beta1`, in the groups without a first part.
 *
 * @see https://github.com/crossplane-contrib/provider-palette
 */
import type { KindScope } from '../schema/kinds.ts';
import type { ResourceType } from '#resources/index';

const GROUP = /^(?:(?<area>[a-z]+)\.)?palette\.(?<flavour>m\.|jet\.)?crossplane\.io\/(?<version>v\w+)$/;

/** The groups anywhere in a text, such as the template of a composition. */
export const MENTION = /\bpalette\.(?:m\.|jet\.)?crossplane\.io\b/;

/** What its kinds with a counterpart are here. */
const MANAGED: Readonly<Record<string, ResourceType>> = {
  'cloudaccount/Aws': 'spectrocloud_cloudaccount_aws',
  'cluster/Brownfield': 'spectrocloud_cluster_brownfield',
  'cluster/Profile': 'spectrocloud_cluster_profile',
  'registration/Token': 'spectrocloud_registration_token',
  'registry/Helm': 'spectrocloud_registry_helm',
  'registry/Oci': 'spectrocloud_registry_oci',
  'spectrocloud/Macros': 'spectrocloud_macros',
  'spectrocloud/Project': 'spectrocloud_project',
};

export type Recognized =
  | { readonly kind: 'managed'; readonly type: ResourceType; readonly scope: KindScope }
  | {
      readonly kind: 'provider-config';
      readonly configKind: 'ProviderConfig' | 'ClusterProviderConfig';
      readonly scope: KindScope;
    }
  /** `reason` says what to do instead. */
  | { readonly kind: 'without-counterpart'; readonly reason: string }
  /** Controllers write it themselves. */
  | { readonly kind: 'bookkeeping' }
  | { readonly kind: 'foreign' };

/** What an object with this apiVersion and kind is to a migration. */
export function recognize(apiVersion: unknown, kind: unknown): Recognized {
  const groups = typeof apiVersion === 'string' ? GROUP.exec(apiVersion)?.groups : undefined;
  if (groups === undefined || typeof kind !== 'string') return { kind: 'foreign' };
  const { area, flavour } = groups;
  const scope = flavour === 'm.' ? 'Namespaced' : 'Cluster';
  if (area === undefined) {
    if (kind === 'ProviderConfig') return { kind: 'provider-config', configKind: kind, scope };
    if (kind === 'ClusterProviderConfig') return { kind: 'provider-config', configKind: kind, scope };
    if (kind === 'ProviderConfigUsage') return { kind: 'bookkeeping' };
    return {
      kind: 'without-counterpart',
      reason: 'connection details go to Secrets alone: use spec.writeConnectionSecretToRef',
    };
  }
  const type = MANAGED[`${area}/${kind}`];
  if (type !== undefined) return { kind: 'managed', type, scope };
  if (area === 'spectrocloud' && kind === 'Macro') {
    return {
      kind: 'without-counterpart',
      reason:
        'provider-palette dropped this kind after 0.23.7; write its name and value into one Macros for each project',
    };
  }
  return { kind: 'without-counterpart', reason: 'there is no such kind here; leave it with provider-palette' };
}
