/** One construct for each data source. */
import { applicationProfileData } from '#resources/definitions/application-profile-data';
import { backupStorageLocationData } from '#resources/definitions/backup-storage-location-data';
import { clusterConfigPolicyData } from '#resources/definitions/cluster-config-policy-data';
import { clusterConfigTemplateData } from '#resources/definitions/cluster-config-template-data';
import { clusterData } from '#resources/definitions/cluster-data';
import { clusterGroupData } from '#resources/definitions/cluster-group-data';
import { clusterProfileData } from '#resources/definitions/cluster-profile-data';
import { packData } from '#resources/definitions/pack-data';
import { packSimpleData } from '#resources/definitions/pack-simple-data';
import { projectData } from '#resources/definitions/project-data';
import { registryData } from '#resources/definitions/registry-data';
import { registryHelmData } from '#resources/definitions/registry-helm-data';
import { registryOciData } from '#resources/definitions/registry-oci-data';
import { registryPackData } from '#resources/definitions/registry-pack-data';

import { defineDataSource } from './construct.ts';

/** Finds an application profile by name: `data.spectrocloud_application_profile`. */
export class DataApplicationProfile extends defineDataSource(applicationProfileData) {}

/** Finds a backup storage location: `data.spectrocloud_backup_storage_location`. */
export class DataBackupStorageLocation extends defineDataSource(backupStorageLocationData) {}

/** Finds maintenance windows by name: `data.spectrocloud_cluster_config_policy`. */
export class DataClusterConfigPolicy extends defineDataSource(clusterConfigPolicyData) {}

/** Finds a cluster template by name: `data.spectrocloud_cluster_config_template`. */
export class DataClusterConfigTemplate extends defineDataSource(clusterConfigTemplateData) {}

/** Finds a cluster group by name: `data.spectrocloud_cluster_group`. */
export class DataClusterGroup extends defineDataSource(clusterGroupData) {}

/** Finds a cluster by name: `data.spectrocloud_cluster`. */
export class DataCluster extends defineDataSource(clusterData) {}

/** Finds a cluster profile by identifier, or by name and version: `data.spectrocloud_cluster_profile`. */
export class DataClusterProfile extends defineDataSource(clusterProfileData) {}

/** Finds a version of a pack: `data.spectrocloud_pack`. */
export class DataPack extends defineDataSource(packData) {}

/** Finds a project by name or identifier: `data.spectrocloud_project`. */
export class DataProject extends defineDataSource(projectData) {}

/** Finds a registry by name: `data.spectrocloud_registry`. */
export class DataRegistry extends defineDataSource(registryData) {}

/** Finds a version of a pack in one registry: `data.spectrocloud_pack_simple`. */
export class DataPackSimple extends defineDataSource(packSimpleData) {}

/** Finds a chart repository by name: `data.spectrocloud_registry_helm`. */
export class DataRegistryHelm extends defineDataSource(registryHelmData) {}

/** Finds an OCI registry by name: `data.spectrocloud_registry_oci`. */
export class DataRegistryOci extends defineDataSource(registryOciData) {}

/** Finds a registry of packs by name: `data.spectrocloud_registry_pack`. */
export class DataRegistryPack extends defineDataSource(registryPackData) {}
