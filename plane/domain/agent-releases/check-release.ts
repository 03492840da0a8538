/** Which release which agents may be told to run. */
import { canonicalDigest } from '#protocol/canonical';
import type { AgentRelease } from '#protocol/actions';
import { versionSkew } from '#protocol/version-skew';
import { conflict, PlaneError } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';

import type { Cluster } from '../clusters/cluster.ts';
import { requireRelease } from './release-store.ts';

/** @throws PlaneError 422 `AgentVersionSkew` for a version that does not work with this plane */
export function refuseSkewed(version: string, planeVersion: string): void {
  const skew = versionSkew(version, planeVersion);
  if (skew.kind === 'agent too old' || skew.kind === 'agent too new')
    throw new PlaneError(422, 'AgentVersionSkew', skew.message);
}

/**
 * @throws PlaneError 404 for a release that is not here, 422 `AgentVersionSkew`, 409 `AgentUpgradesPaused`, or 422
 *   `UnknownAgentRelease` for one that says otherwise than what was published
 */
export async function checkUpgrade(
  tx: Transaction,
  cluster: Cluster,
  given: AgentRelease,
  planeVersion: string,
): Promise<void> {
  const { release } = await requireRelease(tx, given.version);
  if (canonicalDigest(release) !== canonicalDigest(given))
    throw new PlaneError(
      422,
      'UnknownAgentRelease',
      `release ${given.version} was published with another archive, signature or image; name it by its version`,
    );
  refuseSkewed(given.version, planeVersion);
  if (cluster.settings.agentUpgrades === 'lock')
    throw conflict(
      'AgentUpgradesPaused',
      `upgrades of the agent are paused for cluster ${cluster.name}; let them go on first`,
    );
}
