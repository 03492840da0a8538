/** The API groups of everything that is served to Kubernetes, and the well-known names on its objects. */

/** Managed resources that live in the cluster as a whole, as Crossplane v1 had them; their ProviderConfig. */
export const CLUSTER_GROUP = 'palette-iac.dev';
/** Managed resources in namespaces, as Crossplane v2 has them; their ProviderConfig and ClusterProviderConfig. */
export const NAMESPACED_GROUP = 'm.palette-iac.dev';
/** Composites in namespaces: PaletteCluster and PaletteClusterProfile. */
export const FLEET_GROUP = 'fleet.palette-iac.dev';
/** Composites with claims, for those who still use them. */
export const LEGACY_FLEET_GROUP = 'legacy.fleet.palette-iac.dev';
/** Input of the composition function. */
export const TEMPLATE_GROUP = 'template.palette-iac.dev';

/** The one version that is served in every group. */
export const VERSION = 'v1alpha1';

/** Keys of the Secret that a provider configuration names. */
export const CREDENTIALS_KEYS = { apiKey: 'apiKey', host: 'host', ca: 'ca.crt' } as const;

/**
 * Annotations that Crossplane gives a meaning to.
 *
 * @see https://docs.crossplane.io/latest/managed-resources/managed-resources/#annotations
 */
export const ANNOTATIONS = {
  externalName: 'crossplane.io/external-name',
  paused: 'crossplane.io/paused',
  pollInterval: 'crossplane.io/poll-interval',
  createPending: 'crossplane.io/external-create-pending',
  createSucceeded: 'crossplane.io/external-create-succeeded',
  createFailed: 'crossplane.io/external-create-failed',
  compositionResourceName: 'crossplane.io/composition-resource-name',
} as const;

/** Holds a managed resource until what it stands for is gone. */
export const FINALIZER = 'finalizer.managedresource.crossplane.io';
/** Holds a provider configuration while something uses it. */
export const IN_USE_FINALIZER = 'in-use.crossplane.io';
