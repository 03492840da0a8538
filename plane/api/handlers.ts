import { absentHandlers } from '#plane/domain/absent/handlers';
import { actionHandlers } from '#plane/domain/actions/handlers';
import { agentReleaseHandlers } from '#plane/domain/agent-releases/handlers';
import { agentHandlers } from '#plane/domain/agents/handlers';
import { alertHandlers } from '#plane/domain/alerts/handlers';
import { appProfileHandlers } from '#plane/domain/app-profiles/handlers';
import { authHandlers } from '#plane/domain/auth/handlers';
import { locationHandlers } from '#plane/domain/backups/location-handlers';
import { cloudAccountHandlers } from '#plane/domain/cloud-accounts/handlers';
import { cloudConfigHandlers } from '#plane/domain/cloud-configs/handlers';
import { clusterGroupHandlers } from '#plane/domain/cluster-groups/handlers';
import { clusterHandlers } from '#plane/domain/clusters/handlers';
import { desiredStateHandlers } from '#plane/domain/desired-state/handlers';
import { componentEventHandlers } from '#plane/domain/events/component-handlers';
import { eventHandlers } from '#plane/domain/events/handlers';
import { backupHandlers } from '#plane/domain/features/backup';
import { certificateHandlers } from '#plane/domain/features/certificates';
import { featureHandlers } from '#plane/domain/features/handlers';
import { osPatchHandlers } from '#plane/domain/features/os-patch';
import { scanHandlers } from '#plane/domain/features/scan';
import { timezoneHandlers } from '#plane/domain/features/timezone';
import { impactHandlers } from '#plane/domain/impact/handlers';
import { macroHandlers } from '#plane/domain/macros/handlers';
import { notificationHandlers } from '#plane/domain/notifications/handlers';
import { packHandlers } from '#plane/domain/packs/handlers';
import { policyHandlers } from '#plane/domain/policies/handlers';
import { profileHandlers } from '#plane/domain/profiles/handlers';
import { projectHandlers } from '#plane/domain/projects/handlers';
import { registryHandlers } from '#plane/domain/registries/handlers';
import { templateHandlers } from '#plane/domain/templates/handlers';
import { tokenHandlers } from '#plane/domain/tokens/handlers';
import { userHandlers } from '#plane/domain/users/handlers';

import type { Handlers } from './handler.ts';

/** A handler for every operation of the contract; one that is missing fails the type check, the start and a test. */
export const handlers: Handlers = {
  ...absentHandlers,
  ...agentHandlers,
  ...agentReleaseHandlers,
  ...alertHandlers,
  ...appProfileHandlers,
  ...authHandlers,
  ...cloudAccountHandlers,
  ...cloudConfigHandlers,
  ...clusterGroupHandlers,
  ...clusterHandlers,
  ...desiredStateHandlers,
  ...componentEventHandlers,
  ...eventHandlers,
  ...featureHandlers,
  ...impactHandlers,
  ...macroHandlers,
  ...notificationHandlers,
  ...packHandlers,
  ...policyHandlers,
  ...profileHandlers,
  ...projectHandlers,
  ...registryHandlers,
  ...templateHandlers,
  ...tokenHandlers,
  ...userHandlers,
  ...certificateHandlers,
  ...osPatchHandlers,
  ...scanHandlers,
  ...timezoneHandlers,
  ...backupHandlers,
  ...locationHandlers,
  ...actionHandlers,
};
