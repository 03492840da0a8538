/** One construct for each resource. */
import { addonDeployment } from '#resources/definitions/addon-deployment';
import { alert } from '#resources/definitions/alert';
import { applicationProfile } from '#resources/definitions/application-profile';
import { backupStorageLocation } from '#resources/definitions/backup-storage-location';
import { cloudaccountAws } from '#resources/definitions/cloudaccount-aws';
import { clusterBrownfield } from '#resources/definitions/cluster-brownfield';
import { clusterConfigPolicy } from '#resources/definitions/cluster-config-policy';
import { clusterConfigTemplate } from '#resources/definitions/cluster-config-template';
import { clusterGroup } from '#resources/definitions/cluster-group';
import { clusterProfile } from '#resources/definitions/cluster-profile';
import { clusterProfileImport } from '#resources/definitions/cluster-profile-import';
import { macros } from '#resources/definitions/macros';
import { project } from '#resources/definitions/project';
import { registrationToken } from '#resources/definitions/registration-token';
import { registryHelm } from '#resources/definitions/registry-helm';
import { registryOci } from '#resources/definitions/registry-oci';

import { defineResource } from './construct.ts';

/** One profile on a cluster: `spectrocloud_addon_deployment`. */
export class AddonDeployment extends defineResource(addonDeployment) {}

/** Tiers of an application: `spectrocloud_application_profile`. */
export class ApplicationProfile extends defineResource(applicationProfile) {}

/** A place where backups are kept: `spectrocloud_backup_storage_location`. */
export class BackupStorageLocation extends defineResource(backupStorageLocation) {}

/** An AWS account in which clusters can be made: `spectrocloud_cloudaccount_aws`. */
export class CloudaccountAws extends defineResource(cloudaccountAws) {}

/** A cluster that exists already: `spectrocloud_cluster_brownfield`. */
export class ClusterBrownfield extends defineResource(clusterBrownfield) {}

/** Maintenance windows: `spectrocloud_cluster_config_policy`. */
export class ClusterConfigPolicy extends defineResource(clusterConfigPolicy) {}

/** What many clusters follow: `spectrocloud_cluster_config_template`. */
export class ClusterConfigTemplate extends defineResource(clusterConfigTemplate) {}

/** Host clusters of virtual clusters: `spectrocloud_cluster_group`. */
export class ClusterGroup extends defineResource(clusterGroup) {}

/** Layers of packs and manifests with variables: `spectrocloud_cluster_profile`. */
export class ClusterProfile extends defineResource(clusterProfile) {}

/** A profile that is made of an exported one: `spectrocloud_cluster_profile_import`. */
export class ClusterProfileImport extends defineResource(clusterProfileImport) {}

/** Who is told when something is wrong with the clusters of a project: `spectrocloud_alert`. */
export class Alert extends defineResource(alert) {}

/** Macros of a project or of the tenant: `spectrocloud_macros`. */
export class Macros extends defineResource(macros) {}

/** A project: `spectrocloud_project`. */
export class Project extends defineResource(project) {}

/** A token with which hosts register themselves: `spectrocloud_registration_token`. */
export class RegistrationToken extends defineResource(registrationToken) {}

/** A chart repository: `spectrocloud_registry_helm`. */
export class RegistryHelm extends defineResource(registryHelm) {}

/** An OCI registry with charts or packs: `spectrocloud_registry_oci`. */
export class RegistryOci extends defineResource(registryOci) {}
