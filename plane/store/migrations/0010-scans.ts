import type { Migration } from './migration.ts';

/** Scans that were asked for together know of each other. */
export const scans: Migration = {
  number: 10,
  name: 'scans',
  sql: `
-- Of the request that a run came of, where it asked for several; else the run stands for itself.
ALTER TABLE cluster_actions ADD COLUMN request_uid text;
`,
};
