import type { PackConstraints } from '../pack-json.ts';
import { compareNumbers, versionNumbers } from './versions.ts';

/** Versions of a pack that agents before `minAgent` cannot install. */
export interface AgentGate {
  readonly pack: string;
  readonly versions: readonly string[];
  readonly minAgent: string;
}

/**
 * Kubernetes packs for clusters in agent mode that need a newer agent. A pack that is not listed
 * says so itself, by `constraints.agent.minVersion` in its pack.json.
 */
export const AGENT_GATES: readonly AgentGate[] = [
  { pack: 'edge-k8s', versions: ['1.31.12', '1.32.8', '1.33.4'], minAgent: '4.7.7' },
  { pack: 'edge-canonical', versions: ['1.32.8', '1.33.4'], minAgent: '4.7.7' },
];

/** The oldest agent that can install a version of a pack; undefined when any can. The newest demand counts. */
export function requiredAgent(
  pack: { readonly name: string; readonly version: string; readonly constraints?: PackConstraints | undefined },
  gates: readonly AgentGate[] = AGENT_GATES,
): string | undefined {
  const numbers = versionNumbers(pack.version);
  const demands = gates
    .filter((gate) => gate.pack === pack.name && gate.versions.some((version) => isSame(numbers, version)))
    .map(({ minAgent }) => minAgent);
  const own = pack.constraints?.agent?.minVersion;
  if (own !== undefined) demands.push(own);
  return demands.sort((a, b) => compareNumbers(versionNumbers(b) ?? [], versionNumbers(a) ?? []))[0];
}

/** Whether an agent is older than a pack demands. An agent whose version has no numbers counts as too old. */
export function agentTooOld(agentVersion: string, minAgent: string): boolean {
  const agent = versionNumbers(agentVersion);
  return !agent || compareNumbers(agent, versionNumbers(minAgent) ?? []) < 0;
}

function isSame(numbers: readonly number[] | undefined, version: string): boolean {
  const other = versionNumbers(version);
  return numbers !== undefined && other !== undefined && compareNumbers(numbers, other) === 0;
}
