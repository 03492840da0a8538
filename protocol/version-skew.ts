/**
 * Which versions of agent and plane work together: the plane goes first, agents follow. An agent may be up to two minor
 * versions behind its plane. Across a major version: from the last agents of the one before to the first plane of the next.
 */

/** Minor versions that an agent may be behind. */
export const MAX_MINORS_BEHIND = 2;

export type Skew =
  | { readonly kind: 'supported'; readonly minorsBehind: number }
  /** Too old for the plane. */
  | { readonly kind: 'agent too old'; readonly message: string }
  /** Newer than the plane, which must be upgraded first. */
  | { readonly kind: 'agent too new'; readonly message: string }
  /** One of the two says no version; nothing can be told. */
  | { readonly kind: 'unknown' };

const FORM = /^v?(\d+)\.(\d+)\.(\d+)/;

export function versionSkew(agentVersion: string, planeVersion: string): Skew {
  const agent = FORM.exec(agentVersion);
  const plane = FORM.exec(planeVersion);
  if (!agent || !plane) return { kind: 'unknown' };
  const [agentMajor = 0, agentMinor = 0] = agent.slice(1).map(Number);
  const [planeMajor = 0, planeMinor = 0] = plane.slice(1).map(Number);
  if (agentMajor > planeMajor || (agentMajor === planeMajor && agentMinor > planeMinor)) {
    return {
      kind: 'agent too new',
      message: `agent ${agentVersion} is newer than the plane, ${planeVersion}: upgrade the plane first`,
    };
  }
  const behind = agentMajor === planeMajor ? planeMinor - agentMinor : undefined;
  if (behind !== undefined && behind <= MAX_MINORS_BEHIND) return { kind: 'supported', minorsBehind: behind };
  if (agentMajor === planeMajor - 1 && planeMinor === 0) return { kind: 'supported', minorsBehind: 1 };
  return {
    kind: 'agent too old',
    message: `agent ${agentVersion} is more than ${MAX_MINORS_BEHIND} minor versions behind the plane, ${planeVersion}: upgrade the agent`,
  };
}
