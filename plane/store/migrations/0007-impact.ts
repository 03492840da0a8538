import type { Migration } from './migration.ts';

/** Questions to the fleet: what a change of a cluster profile would do. Kept for a short while. */
export const impact: Migration = {
  number: 7,
  name: 'impact',
  sql: `
CREATE TABLE impacts (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  -- Null: asked in the tenant itself, about clusters of all its projects.
  project_uid text,
  -- Name, version and digest of the profile that was asked about: ImpactSubject in domain/impact.
  subject jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  -- No answer counts after this.
  expires_at timestamptz NOT NULL,
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX impacts_age ON impacts (expires_at);
SELECT palette_isolate('impacts');

CREATE TABLE impact_clusters (
  -- Also of the command that asks the agent.
  id uuid PRIMARY KEY,
  tenant_uid text NOT NULL,
  impact_uid text NOT NULL,
  cluster_uid text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'answered', 'unchanged', 'outOfReach', 'failed', 'refused')),
  message text NOT NULL DEFAULT '',
  from_version text,
  -- The signed question, sealed, and the archives it names; null once it is answered.
  document bytea,
  pack_digests text[] NOT NULL DEFAULT '{}',
  -- PreviewResult of protocol/.
  result jsonb,
  UNIQUE (impact_uid, cluster_uid),
  FOREIGN KEY (tenant_uid, impact_uid) REFERENCES impacts (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX impact_clusters_pending ON impact_clusters (cluster_uid) WHERE state = 'pending';
SELECT palette_isolate('impact_clusters');
`,
};
