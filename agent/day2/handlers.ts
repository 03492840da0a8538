/** How each kind of action is carried out: one file for each. */
import type { ActionHandlers } from './action.ts';
import { collectLogs, type Collect } from './collect-logs.ts';
import { upgradeAgent, type UpgradeDependencies } from './upgrade-agent.ts';

/** What some actions need beside their context. */
export interface HandlerDependencies {
  /** Takes new credentials of the agent's own. */
  readonly renewCredentials: (options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly upgrade: Omit<UpgradeDependencies, 'renewCredentials'>;
  /** The diagnostics bundle. */
  readonly collect: Collect;
}

export function createActionHandlers({ collect, upgrade, renewCredentials }: HandlerDependencies): ActionHandlers {
  return {
    'collect-logs': collectLogs(collect),
    'upgrade-agent': upgradeAgent({ ...upgrade, renewCredentials }),
  };
}
