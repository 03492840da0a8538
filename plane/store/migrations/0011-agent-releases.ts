import type { Migration } from './migration.ts';

/** Versions of the agent that a tenant has, the keys that sign them, and which one its agents are to run. */
export const agentReleases: Migration = {
  number: 11,
  name: 'agent-releases',
  sql: `
-- The archives lie with those of packs.
CREATE TABLE agent_releases (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  version text NOT NULL,
  digest text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
  signature text NOT NULL,
  -- By digest; null where the release has none.
  image text,
  size bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_uid, version)
);
CREATE INDEX agent_releases_digest ON agent_releases (tenant_uid, digest);
SELECT palette_isolate('agent_releases');

CREATE TABLE agent_release_keys (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  key_id text NOT NULL,
  public_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_uid, key_id)
);
SELECT palette_isolate('agent_release_keys');

-- What every cluster's agent is to run, unless its cluster says otherwise (settings.agentRelease).
CREATE TABLE agent_release_choices (
  tenant_uid text PRIMARY KEY REFERENCES tenants (uid) ON DELETE CASCADE,
  version text NOT NULL,
  FOREIGN KEY (tenant_uid, version) REFERENCES agent_releases (tenant_uid, version)
);
SELECT palette_isolate('agent_release_choices');
`,
};
