/** What each resource must do: one list of cases for every front. */
import type { Case } from './cases/case.ts';
import { addonDeployment } from './cases/addon-deployment.ts';
import { alert } from './cases/alert.ts';
import { applicationProfile } from './cases/application-profile.ts';
import { backupStorageLocation } from './cases/backup-storage-location.ts';
import { cloudaccountAws } from './cases/cloudaccount-aws.ts';
import { clusterBrownfield } from './cases/cluster-brownfield.ts';
import { clusterConfigPolicy } from './cases/cluster-config-policy.ts';
import { clusterConfigTemplate } from './cases/cluster-config-template.ts';
import { clusterGroup } from './cases/cluster-group.ts';
import { clusterProfile } from './cases/cluster-profile.ts';
import { clusterProfileImport } from './cases/cluster-profile-import.ts';
import { macros } from './cases/macros.ts';
import { project } from './cases/project.ts';
import { registrationToken } from './cases/registration-token.ts';
import { registryHelm } from './cases/registry-helm.ts';
import { registryOci } from './cases/registry-oci.ts';

export const cases: readonly Case[] = [
  project,
  clusterProfile,
  clusterProfileImport,
  macros,
  alert,
  registrationToken,
  backupStorageLocation,
  cloudaccountAws,
  clusterBrownfield,
  applicationProfile,
  clusterConfigPolicy,
  clusterConfigTemplate,
  clusterGroup,
  addonDeployment,
  registryHelm,
  registryOci,
];
