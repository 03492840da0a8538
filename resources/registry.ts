import type { AnyDataSource, AnyResource } from './engine/index.ts';

/**
 * Every definition by its Terraform name. Each is loaded when it is first asked for: the provider is
 * started several times for each Terraform command, mostly to serve one or two of them.
 */
export const resources = {
  spectrocloud_addon_deployment: async () => (await import('./definitions/addon-deployment.ts')).addonDeployment,
  spectrocloud_alert: async () => (await import('./definitions/alert.ts')).alert,
  spectrocloud_application_profile: async () =>
    (await import('./definitions/application-profile.ts')).applicationProfile,
  spectrocloud_backup_storage_location: async () =>
    (await import('./definitions/backup-storage-location.ts')).backupStorageLocation,
  spectrocloud_cloudaccount_aws: async () => (await import('./definitions/cloudaccount-aws.ts')).cloudaccountAws,
  spectrocloud_cluster_brownfield: async () => (await import('./definitions/cluster-brownfield.ts')).clusterBrownfield,
  spectrocloud_cluster_config_policy: async () =>
    (await import('./definitions/cluster-config-policy.ts')).clusterConfigPolicy,
  spectrocloud_cluster_config_template: async () =>
    (await import('./definitions/cluster-config-template.ts')).clusterConfigTemplate,
  spectrocloud_cluster_group: async () => (await import('./definitions/cluster-group.ts')).clusterGroup,
  spectrocloud_cluster_profile: async () => (await import('./definitions/cluster-profile.ts')).clusterProfile,
  spectrocloud_cluster_profile_import: async () =>
    (await import('./definitions/cluster-profile-import.ts')).clusterProfileImport,
  spectrocloud_macros: async () => (await import('./definitions/macros.ts')).macros,
  spectrocloud_project: async () => (await import('./definitions/project.ts')).project,
  spectrocloud_registration_token: async () => (await import('./definitions/registration-token.ts')).registrationToken,
  spectrocloud_registry_helm: async () => (await import('./definitions/registry-helm.ts')).registryHelm,
  spectrocloud_registry_oci: async () => (await import('./definitions/registry-oci.ts')).registryOci,
} satisfies Record<string, () => Promise<AnyResource>>;

/** Every data source by its Terraform name. */
export const dataSources = {
  spectrocloud_application_profile: async () =>
    (await import('./definitions/application-profile-data.ts')).applicationProfileData,
  spectrocloud_backup_storage_location: async () =>
    (await import('./definitions/backup-storage-location-data.ts')).backupStorageLocationData,
  spectrocloud_cluster: async () => (await import('./definitions/cluster-data.ts')).clusterData,
  spectrocloud_cluster_config_policy: async () =>
    (await import('./definitions/cluster-config-policy-data.ts')).clusterConfigPolicyData,
  spectrocloud_cluster_config_template: async () =>
    (await import('./definitions/cluster-config-template-data.ts')).clusterConfigTemplateData,
  spectrocloud_cluster_group: async () => (await import('./definitions/cluster-group-data.ts')).clusterGroupData,
  spectrocloud_cluster_profile: async () => (await import('./definitions/cluster-profile-data.ts')).clusterProfileData,
  spectrocloud_pack: async () => (await import('./definitions/pack-data.ts')).packData,
  spectrocloud_pack_simple: async () => (await import('./definitions/pack-simple-data.ts')).packSimpleData,
  spectrocloud_project: async () => (await import('./definitions/project-data.ts')).projectData,
  spectrocloud_registry: async () => (await import('./definitions/registry-data.ts')).registryData,
  spectrocloud_registry_helm: async () => (await import('./definitions/registry-helm-data.ts')).registryHelmData,
  spectrocloud_registry_oci: async () => (await import('./definitions/registry-oci-data.ts')).registryOciData,
  spectrocloud_registry_pack: async () => (await import('./definitions/registry-pack-data.ts')).registryPackData,
} satisfies Record<string, () => Promise<AnyDataSource>>;

export type ResourceType = keyof typeof resources;
export type DataSourceType = keyof typeof dataSources;
