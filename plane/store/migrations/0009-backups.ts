import type { Migration } from './migration.ts';

/** Where backups are kept, which clusters may use which place, and what restores came from. */
export const backups: Migration = {
  number: 9,
  name: 'backups',
  sql: `
CREATE TABLE backup_locations (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  -- Null: the tenant's, for all projects.
  project_uid text,
  type text NOT NULL CHECK (type IN ('s3', 'minio', 'gcp', 'azure', 'custom')),
  name text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  annotations jsonb NOT NULL DEFAULT '{}',
  is_default boolean NOT NULL DEFAULT false,
  -- As the API has it, without what is secret.
  config jsonb NOT NULL,
  secrets bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX backup_locations_name ON backup_locations (tenant_uid, coalesce(project_uid, ''), name);
SELECT palette_isolate('backup_locations');

-- Locations that a cluster's agent is given, with their credentials: those that some backup or restore of it needs.
CREATE TABLE cluster_backup_locations (
  tenant_uid text NOT NULL,
  cluster_uid text NOT NULL,
  location_uid text NOT NULL,
  PRIMARY KEY (cluster_uid, location_uid),
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, location_uid) REFERENCES backup_locations (tenant_uid, uid) ON DELETE CASCADE
);
SELECT palette_isolate('cluster_backup_locations');

-- Of a restore: the backup that it is of, and the cluster that was backed up.
ALTER TABLE cluster_actions ADD COLUMN backup_run_id uuid;
ALTER TABLE cluster_actions ADD COLUMN source_cluster_uid text;
`,
};
