/** How each kind of action is carried out: one file for each. */
import type { ActionHandlers } from './action.ts';

/** What some actions need beside their context. */
export interface HandlerDependencies {
  /** Takes new credentials of the agent's own. */
  readonly renewCredentials: (options: { readonly signal: AbortSignal }) => Promise<void>;
}

export function createActionHandlers(_dependencies: HandlerDependencies): ActionHandlers {
  return {};
}
