import { absentHandlers } from '#plane/domain/absent/handlers';
import { agentHandlers } from '#plane/domain/agents/handlers';
import { appProfileHandlers } from '#plane/domain/app-profiles/handlers';
import { authHandlers } from '#plane/domain/auth/handlers';
import { cloudAccountHandlers } from '#plane/domain/cloud-accounts/handlers';
import { cloudConfigHandlers } from '#plane/domain/cloud-configs/handlers';
import { clusterGroupHandlers } from '#plane/domain/cluster-groups/handlers';
import { clusterHandlers } from '#plane/domain/clusters/handlers';
import { desiredStateHandlers } from '#plane/domain/desired-state/handlers';
import { eventHandlers } from '#plane/domain/events/handlers';
import { featureHandlers } from '#plane/domain/features/handlers';
import { impactHandlers } from '#plane/domain/impact/handlers';
import { macroHandlers } from '#plane/domain/macros/handlers';
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
  ...appProfileHandlers,
  ...authHandlers,
  ...cloudAccountHandlers,
  ...cloudConfigHandlers,
  ...clusterGroupHandlers,
  ...clusterHandlers,
  ...desiredStateHandlers,
  ...eventHandlers,
  ...featureHandlers,
  ...impactHandlers,
  ...macroHandlers,
  ...packHandlers,
  ...policyHandlers,
  ...profileHandlers,
  ...projectHandlers,
  ...registryHandlers,
  ...templateHandlers,
  ...tokenHandlers,
  ...userHandlers,
};
