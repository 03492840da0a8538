/** One construct for each resource. */
import { cloudaccountAws } from '#resources/definitions/cloudaccount-aws';
import { clusterBrownfield } from '#resources/definitions/cluster-brownfield';
import { clusterProfile } from '#resources/definitions/cluster-profile';
import { clusterProfileImport } from '#resources/definitions/cluster-profile-import';
import { macros } from '#resources/definitions/macros';
import { project } from '#resources/definitions/project';
import { registrationToken } from '#resources/definitions/registration-token';

import { defineResource } from './construct.ts';

/** An AWS account in which clusters can be made: `spectrocloud_cloudaccount_aws`. */
export class CloudaccountAws extends defineResource(cloudaccountAws) {}

/** A cluster that exists already: `spectrocloud_cluster_brownfield`. */
export class ClusterBrownfield extends defineResource(clusterBrownfield) {}

/** Layers of packs and manifests with variables: `spectrocloud_cluster_profile`. */
export class ClusterProfile extends defineResource(clusterProfile) {}

/** A profile that is made of an exported one: `spectrocloud_cluster_profile_import`. */
export class ClusterProfileImport extends defineResource(clusterProfileImport) {}

/** Macros of a project or of the tenant: `spectrocloud_macros`. */
export class Macros extends defineResource(macros) {}

/** A project: `spectrocloud_project`. */
export class Project extends defineResource(project) {}

/** A token with which hosts register themselves: `spectrocloud_registration_token`. */
export class RegistrationToken extends defineResource(registrationToken) {}
