/** Which release which agents may be told to run. */
import { versionSkew } from '#protocol/version-skew';
import { conflict, PlaneError } from '#plane/api/error';

import type { Cluster } from '../clusters/cluster.ts';

/** @throws PlaneError 422 `AgentVersionSkew` for a version that does not work with this plane */
export function refuseSkewed(version: string, planeVersion: string): void {
  const skew = versionSkew(version, planeVersion);
  if (skew.kind === 'agent too old' || skew.kind === 'agent too new')
    throw new PlaneError(422, 'AgentVersionSkew', skew.message);
}

/**
 * @param chosen - the version that is chosen for the cluster: its agent would go back to it at once
 * @throws PlaneError 422 `AgentVersionSkew`, 409 `AgentUpgradesPaused` or `OtherAgentReleaseChosen`
 */
export function refuseUpgrade(
  cluster: Cluster,
  { version, chosen, planeVersion }: { version: string; chosen: string | undefined; planeVersion: string },
): void {
  refuseSkewed(version, planeVersion);
  if (cluster.settings.agentUpgrades === 'lock')
    throw conflict(
      'AgentUpgradesPaused',
      `upgrades of the agent are paused for cluster ${cluster.name}; let them go on first`,
    );
  if (chosen !== undefined && chosen !== version)
    throw conflict(
      'OtherAgentReleaseChosen',
      `version ${chosen} of the agent is chosen for cluster ${cluster.name}, which would go back to it; choose ${version} instead`,
    );
}
