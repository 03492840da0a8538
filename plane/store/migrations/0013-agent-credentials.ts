import type { Migration } from './migration.ts';

/** Agents that were away longer than their access lasted prove who they are by their key on the bus. */
export const agentCredentials: Migration = {
  number: 13,
  name: 'agent-credentials',
  sql: `
-- When access was given last: a challenge from before is spent.
ALTER TABLE agents ADD COLUMN renewed_at timestamptz NOT NULL DEFAULT now();
`,
};
