import type { Migration } from './migration.ts';

/** What many clusters share: maintenance policies, cluster templates, cluster groups; and application profiles. */
export const fleetConfiguration: Migration = {
  number: 6,
  name: 'fleet-configuration',
  sql: `
CREATE TABLE maintenance_policies (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  -- Null: the policy belongs to the tenant and every project may use it.
  project_uid text,
  name text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  annotations jsonb NOT NULL DEFAULT '{}',
  -- Schedule[] in domain/policies.
  schedules jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX maintenance_policies_name ON maintenance_policies (tenant_uid, coalesce(project_uid, ''), name);
SELECT palette_isolate('maintenance_policies');

CREATE TABLE cluster_templates (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  project_uid text,
  name text NOT NULL,
  cloud_type text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  annotations jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX cluster_templates_name ON cluster_templates (tenant_uid, coalesce(project_uid, ''), name);
SELECT palette_isolate('cluster_templates');

CREATE TABLE cluster_template_policies (
  tenant_uid text NOT NULL,
  template_uid text NOT NULL,
  policy_uid text NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (template_uid, policy_uid),
  FOREIGN KEY (tenant_uid, template_uid) REFERENCES cluster_templates (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, policy_uid) REFERENCES maintenance_policies (tenant_uid, uid)
);
CREATE INDEX cluster_template_policies_policy ON cluster_template_policies (tenant_uid, policy_uid);
SELECT palette_isolate('cluster_template_policies');

CREATE TABLE cluster_template_profiles (
  tenant_uid text NOT NULL,
  template_uid text NOT NULL,
  profile_uid text NOT NULL,
  position integer NOT NULL,
  -- TemplateVariable[] in domain/templates, sealed: values may be secret.
  variables bytea,
  PRIMARY KEY (template_uid, profile_uid),
  FOREIGN KEY (tenant_uid, template_uid) REFERENCES cluster_templates (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, profile_uid) REFERENCES cluster_profiles (tenant_uid, uid)
);
CREATE INDEX cluster_template_profiles_profile ON cluster_template_profiles (tenant_uid, profile_uid);
SELECT palette_isolate('cluster_template_profiles');

-- Null: the cluster follows no template.
ALTER TABLE clusters ADD COLUMN template_uid text;
ALTER TABLE clusters ADD FOREIGN KEY (tenant_uid, template_uid) REFERENCES cluster_templates (tenant_uid, uid);
CREATE INDEX clusters_template ON clusters (tenant_uid, template_uid) WHERE template_uid IS NOT NULL;

-- The template that gave the profile to the cluster; null: it was attached to the cluster itself.
ALTER TABLE cluster_profile_attachments ADD COLUMN template_uid text;
-- The profile as the cluster runs it while a maintenance policy holds its changes back; null: as it is.
ALTER TABLE cluster_profile_attachments ADD COLUMN held jsonb;
-- What the cluster itself had said of the profile when its template took it over, with its values; it comes back when the
-- template goes. Null: the cluster had not attached it.
ALTER TABLE cluster_profile_attachments ADD COLUMN own_overrides jsonb;
ALTER TABLE cluster_profile_attachments ADD COLUMN own_variables bytea;

-- How far each cluster of a template has followed it.
CREATE TABLE cluster_template_reconciles (
  cluster_uid text PRIMARY KEY,
  tenant_uid text NOT NULL,
  -- Pending: there is something that waits; Failed: it could not be done; Done: nothing waits.
  state text NOT NULL CHECK (state IN ('Pending', 'Failed', 'Done')),
  message text NOT NULL DEFAULT '',
  -- Pending because a variable has no value here, not because of the time.
  unresolved boolean NOT NULL DEFAULT false,
  applied_at timestamptz,
  -- The newest entries of v1ClusterReconcileLog.
  log jsonb NOT NULL DEFAULT '[]',
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX cluster_template_reconciles_waiting ON cluster_template_reconciles (cluster_uid) WHERE state = 'Pending';
SELECT palette_isolate('cluster_template_reconciles');

CREATE TABLE app_profiles (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  project_uid text,
  name text NOT NULL,
  version text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  annotations jsonb NOT NULL DEFAULT '{}',
  -- Tier[] in domain/app-profiles, sealed: properties of services hold passwords.
  tiers bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX app_profiles_name_version ON app_profiles (tenant_uid, coalesce(project_uid, ''), name, version);
SELECT palette_isolate('app_profiles');

CREATE TABLE cluster_groups (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  project_uid text,
  name text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  annotations jsonb NOT NULL DEFAULT '{}',
  -- GroupConfig in domain/cluster-groups.
  config jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX cluster_groups_name ON cluster_groups (tenant_uid, coalesce(project_uid, ''), name);
SELECT palette_isolate('cluster_groups');

CREATE TABLE cluster_group_clusters (
  tenant_uid text NOT NULL,
  group_uid text NOT NULL,
  cluster_uid text NOT NULL,
  position integer NOT NULL,
  -- Where virtual clusters on this host are reached: v1HostClusterEndpointConfig.
  endpoint jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (group_uid, cluster_uid),
  FOREIGN KEY (tenant_uid, group_uid) REFERENCES cluster_groups (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX cluster_group_clusters_cluster ON cluster_group_clusters (tenant_uid, cluster_uid);
SELECT palette_isolate('cluster_group_clusters');

CREATE TABLE cluster_group_profiles (
  tenant_uid text NOT NULL,
  group_uid text NOT NULL,
  profile_uid text NOT NULL,
  position integer NOT NULL,
  -- PackOverride[] of profiles/compose.
  overrides jsonb NOT NULL DEFAULT '[]',
  -- Values of the profile's variables, sealed.
  variables bytea,
  PRIMARY KEY (group_uid, profile_uid),
  FOREIGN KEY (tenant_uid, group_uid) REFERENCES cluster_groups (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, profile_uid) REFERENCES cluster_profiles (tenant_uid, uid)
);
CREATE INDEX cluster_group_profiles_profile ON cluster_group_profiles (tenant_uid, profile_uid);
SELECT palette_isolate('cluster_group_profiles');
`,
};
