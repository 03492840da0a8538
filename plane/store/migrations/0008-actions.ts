import type { Migration } from './migration.ts';

/** Day-2 actions: what was asked of agents, how it goes, and what came of it. */
export const actions: Migration = {
  number: 8,
  name: 'actions',
  sql: `
-- Of a command of type action: Action of protocol/. Of a cancel: the run.
ALTER TABLE cluster_commands ADD COLUMN action jsonb;
ALTER TABLE cluster_commands ADD COLUMN run_id uuid;

-- Runs of actions, asked for by users (the id is the command's) or by schedules of the desired state.
CREATE TABLE cluster_actions (
  run_id uuid PRIMARY KEY,
  tenant_uid text NOT NULL,
  cluster_uid text NOT NULL,
  type text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('command', 'schedule')),
  schedule_id text,
  -- ActionSpec of protocol/ by the type; null for runs of schedules.
  spec jsonb,
  requested_by text,
  phase text NOT NULL CHECK (phase IN ('queued', 'waiting', 'running', 'done', 'failed', 'cancelled', 'expired')),
  step text NOT NULL DEFAULT '',
  percent integer,
  message text NOT NULL DEFAULT '',
  result jsonb,
  -- Of the newest report; an older one changes nothing.
  sequence integer NOT NULL DEFAULT -1,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  UNIQUE (tenant_uid, run_id),
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX cluster_actions_cluster ON cluster_actions (cluster_uid, created_at DESC);
CREATE INDEX cluster_actions_type ON cluster_actions (cluster_uid, type, created_at DESC);
SELECT palette_isolate('cluster_actions');

-- What an action brought that is large: scan results, bills of materials, diagnostics. In pieces, as packs are.
CREATE TABLE action_artifacts (
  tenant_uid text NOT NULL,
  run_id uuid NOT NULL,
  name text NOT NULL,
  content_type text NOT NULL,
  digest text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
  size bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, name),
  UNIQUE (tenant_uid, run_id, name),
  FOREIGN KEY (tenant_uid, run_id) REFERENCES cluster_actions (tenant_uid, run_id) ON DELETE CASCADE
);
SELECT palette_isolate('action_artifacts');

CREATE TABLE action_artifact_chunks (
  tenant_uid text NOT NULL,
  run_id uuid NOT NULL,
  name text NOT NULL,
  position integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (run_id, name, position),
  FOREIGN KEY (tenant_uid, run_id, name) REFERENCES action_artifacts (tenant_uid, run_id, name) ON DELETE CASCADE
);
SELECT palette_isolate('action_artifact_chunks');

ALTER TABLE events DROP CONSTRAINT events_type_check;
ALTER TABLE events ADD CONSTRAINT events_type_check
  CHECK (type IN ('cluster', 'drift', 'refusal', 'resource', 'action', 'event'));
`,
};
