/** One construct for each data source. */
import { clusterData } from '#resources/definitions/cluster-data';
import { clusterProfileData } from '#resources/definitions/cluster-profile-data';
import { packData } from '#resources/definitions/pack-data';
import { projectData } from '#resources/definitions/project-data';
import { registryData } from '#resources/definitions/registry-data';

import { defineDataSource } from './construct.ts';

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
