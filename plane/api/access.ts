import type { operations } from '#openapi/generated/types';

export type OperationId = keyof operations;

/**
 * Who may call an operation that is not for users alone. It repeats the contract's `security`, because generated types
 * do not carry that; the start compares both, so they cannot come apart.
 */
export const ACCESS = {
  v1Authenticate: 'public',
  v1AgentsRegister: 'public',
  v1AgentsChallengesCreate: 'public',
  /** The handler checks the signature of the agent's key. */
  v1AgentsCredentialsRecover: 'public',
  /** Fetched by `kubectl apply -f URL`; the handler checks the one-time secret of the address. */
  v1SpectroClustersUidImportManifest: 'public',
  v1AgentsDesiredStateGet: 'agent',
  v1AgentsCommandsList: 'agent',
  v1AgentsChangesWait: 'agent',
  v1AgentsReportsCreate: 'agent',
  v1AgentsCredentialsRenew: 'agent',
  v1AgentsPacksGet: 'agent',
  v1AgentsPreviewsGet: 'agent',
  v1AgentsActionsArtifactsPut: 'agent',
} as const satisfies Partial<Record<OperationId, 'public' | 'agent'>>;

export type Access = 'public' | 'agent' | 'user';

export type AccessOf<Id extends OperationId> = Id extends keyof typeof ACCESS ? (typeof ACCESS)[Id] : 'user';

/** Who may call an operation: a user unless said otherwise. */
export function accessOf(operationId: string): Access {
  const table: Readonly<Record<string, Access>> = ACCESS;
  return Object.hasOwn(ACCESS, operationId) ? (table[operationId] ?? 'user') : 'user';
}
