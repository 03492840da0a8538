/**
 * CDKTF constructs of the provider, published as `palette-iac/cdktf`.
 *
 * @example
 * new SpectrocloudProvider(this, 'palette', { projectName: 'team-a' });
 * const profile = new ClusterProfile(this, 'profile', { name: 'base', pack: [{ name: 'nginx', tag: '1.2.3', registryName: 'Public' }] });
 * new ClusterBrownfield(this, 'edge', { name: 'edge', cloudType: 'generic', clusterProfile: [{ id: profile.id }] });
 */
export {
  DataApplicationProfile,
  DataBackupStorageLocation,
  DataCluster,
  DataClusterConfigPolicy,
  DataClusterConfigTemplate,
  DataClusterGroup,
  DataClusterProfile,
  DataPack,
  DataPackSimple,
  DataProject,
  DataRegistry,
  DataRegistryHelm,
  DataRegistryOci,
  DataRegistryPack,
} from './data-sources.ts';
export { Profile, type ProfileConfig } from './profile.ts';
export { SpectrocloudProvider, type SpectrocloudProviderConfig } from './provider.ts';
export {
  AddonDeployment,
  Alert,
  ApplicationProfile,
  BackupStorageLocation,
  CloudaccountAws,
  ClusterBrownfield,
  ClusterConfigPolicy,
  ClusterConfigTemplate,
  ClusterGroup,
  ClusterProfile,
  ClusterProfileImport,
  Macros,
  Project,
  RegistrationToken,
  RegistryHelm,
  RegistryOci,
} from './resources.ts';
export { defineDataSource, defineResource, type ConstructClass } from './construct.ts';
export type { Config, ObjectList, Reference, References, Tokenized, ValueMap } from './types.ts';
