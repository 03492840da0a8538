import { describe, expect, it } from '@jest/globals';

import { recognize } from './provider-palette.ts';

describe('recognize', () => {
  it.each([
    ['cluster.palette.crossplane.io/v1alpha1', 'Profile', 'spectrocloud_cluster_profile', 'Cluster'],
    ['cluster.palette.m.crossplane.io/v1alpha1', 'Profile', 'spectrocloud_cluster_profile', 'Namespaced'],
    ['cluster.palette.jet.crossplane.io/v1alpha1', 'Profile', 'spectrocloud_cluster_profile', 'Cluster'],
    ['cluster.palette.m.crossplane.io/v1alpha1', 'Brownfield', 'spectrocloud_cluster_brownfield', 'Namespaced'],
    ['cloudaccount.palette.crossplane.io/v1alpha1', 'Aws', 'spectrocloud_cloudaccount_aws', 'Cluster'],
    ['registration.palette.crossplane.io/v1alpha1', 'Token', 'spectrocloud_registration_token', 'Cluster'],
    ['spectrocloud.palette.crossplane.io/v1alpha1', 'Macros', 'spectrocloud_macros', 'Cluster'],
    ['spectrocloud.palette.crossplane.io/v1alpha1', 'Project', 'spectrocloud_project', 'Cluster'],
  ])('%s %s is %s, %s', (apiVersion, kind, type, scope) => {
    expect(recognize(apiVersion, kind)).toEqual({ kind: 'managed', type, scope });
  });

  it.each([
    ['palette.crossplane.io/v1beta1', 'ProviderConfig', 'Cluster'],
    ['palette.jet.crossplane.io/v1alpha1', 'ProviderConfig', 'Cluster'],
    ['palette.m.crossplane.io/v1beta1', 'ProviderConfig', 'Namespaced'],
    ['palette.m.crossplane.io/v1beta1', 'ClusterProviderConfig', 'Namespaced'],
  ])('%s %s is a provider configuration, %s', (apiVersion, kind, scope) => {
    expect(recognize(apiVersion, kind)).toEqual({ kind: 'provider-config', configKind: kind, scope });
  });

  it.each([
    ['palette.crossplane.io/v1beta1', 'ProviderConfigUsage', 'bookkeeping'],
    ['palette.crossplane.io/v1alpha1', 'StoreConfig', 'without-counterpart'],
    ['cluster.palette.crossplane.io/v1alpha1', 'Eks', 'without-counterpart'],
    ['spectrocloud.palette.crossplane.io/v1alpha1', 'Macro', 'without-counterpart'],
    ['application.palette.crossplane.io/v1alpha1', 'Profile', 'without-counterpart'],
    ['cluster.palette.example.org/v1alpha1', 'Profile', 'foreign'],
    ['cluster.palette.crossplane.io.example.org/v1alpha1', 'Profile', 'foreign'],
    ['v1', 'Secret', 'foreign'],
    [undefined, undefined, 'foreign'],
  ])('%s %s is %s', (apiVersion, kind, want) => {
    expect(recognize(apiVersion, kind).kind).toBe(want);
  });
});
