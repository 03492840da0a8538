import type { Migration } from './migration.ts';

/** The fleet: packs, cluster profiles, clusters, their agents and what is on its way to them. */
export const fleet: Migration = {
  number: 2,
  name: 'fleet',
  sql: `
CREATE TABLE registries (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('pack')),
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, name),
  UNIQUE (tenant_uid, uid)
);
CREATE UNIQUE INDEX registries_one_default ON registries (tenant_uid) WHERE is_default;
SELECT palette_isolate('registries');

-- Pack archives by content. In the database, so that plane replicas share nothing else and a
-- backup holds everything; in pieces, so that no row is larger than the drivers like.
CREATE TABLE pack_blobs (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  digest text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
  size bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_uid, digest)
);
SELECT palette_isolate('pack_blobs');

CREATE TABLE pack_blob_chunks (
  tenant_uid text NOT NULL,
  digest text NOT NULL,
  position integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (tenant_uid, digest, position),
  FOREIGN KEY (tenant_uid, digest) REFERENCES pack_blobs (tenant_uid, digest) ON DELETE CASCADE
);
SELECT palette_isolate('pack_blob_chunks');

CREATE TABLE packs (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  registry_uid text NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  layer text NOT NULL CHECK (layer IN ('kernel', 'os', 'k8s', 'cni', 'csi', 'addon')),
  digest text NOT NULL,
  -- What the archive says of itself, so that reads need not open it: PackDocument in domain/packs.
  document jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, registry_uid, name, version),
  FOREIGN KEY (tenant_uid, registry_uid) REFERENCES registries (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, digest) REFERENCES pack_blobs (tenant_uid, digest)
);
SELECT palette_isolate('packs');

CREATE TABLE cluster_profiles (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  -- Null: the profile belongs to the tenant and every project may use it.
  project_uid text,
  name text NOT NULL,
  version text NOT NULL,
  type text NOT NULL CHECK (type IN ('cluster', 'infra', 'add-on', 'system')),
  cloud_type text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  annotations jsonb NOT NULL DEFAULT '{}',
  -- Stacks of packs: ProfileTemplate in domain/profiles. Clusters run the published one.
  draft jsonb,
  published jsonb,
  variables jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX cluster_profiles_name_version ON cluster_profiles (tenant_uid, coalesce(project_uid, ''), name, version);
SELECT palette_isolate('cluster_profiles');

CREATE TABLE clusters (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  project_uid text NOT NULL,
  name text NOT NULL,
  cloud_type text NOT NULL,
  import_mode text NOT NULL CHECK (import_mode IN ('full', 'read-only')),
  labels jsonb NOT NULL DEFAULT '{}',
  annotations jsonb NOT NULL DEFAULT '{}',
  -- Settings by area (timezone, namespaces, rbacs, backup, ...): ClusterSettings in domain/clusters.
  settings jsonb NOT NULL DEFAULT '{}',
  -- The user that imported it.
  created_by text,
  -- Opens the address of the import manifest until the agent has registered; sealed.
  import_token bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('Pending', 'Importing', 'Running', 'Deleting')),
  health text NOT NULL DEFAULT 'Unknown' CHECK (health IN ('Unknown', 'Healthy', 'UnHealthy')),
  -- The newest status the agent reported: StatusReport of protocol/.
  status jsonb,
  status_sent_at timestamptz,
  message text NOT NULL DEFAULT '',
  kubernetes_uid text,
  kubernetes_version text NOT NULL DEFAULT '',
  agent_version text NOT NULL DEFAULT '',
  heartbeat_at timestamptz,
  revision integer NOT NULL DEFAULT 0,
  applied_revision integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  modified_at timestamptz NOT NULL DEFAULT now(),
  deleting_at timestamptz,
  UNIQUE (tenant_uid, uid),
  UNIQUE (tenant_uid, project_uid, name),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid)
);
CREATE INDEX clusters_supervised ON clusters (heartbeat_at) WHERE state = 'Running' AND health <> 'UnHealthy';
SELECT palette_isolate('clusters');

CREATE TABLE cluster_profile_attachments (
  tenant_uid text NOT NULL,
  cluster_uid text NOT NULL,
  profile_uid text NOT NULL,
  -- Values and manifests that this cluster has in place of the profile's: PackOverride[].
  overrides jsonb NOT NULL DEFAULT '[]',
  -- Values of the profile's variables here, sealed: they may be secret.
  variables bytea,
  attached_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cluster_uid, profile_uid),
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, profile_uid) REFERENCES cluster_profiles (tenant_uid, uid)
);
CREATE INDEX cluster_profile_attachments_profile ON cluster_profile_attachments (tenant_uid, profile_uid);
SELECT palette_isolate('cluster_profile_attachments');

-- One-time registration tokens of import manifests; only their hashes are kept.
CREATE TABLE registration_tokens (
  token_hash text PRIMARY KEY,
  tenant_uid text NOT NULL,
  cluster_uid text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  spent_at timestamptz,
  -- Who spent it: the same agent may ask again when the answer was lost on the way.
  spent_by text,
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX registration_tokens_cluster ON registration_tokens (cluster_uid);
SELECT palette_isolate('registration_tokens');

CREATE TABLE agents (
  cluster_uid text PRIMARY KEY,
  tenant_uid text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  -- The token before the last renewal, until its own end: an answer that was lost must not lock an agent out.
  previous_token_hash text UNIQUE,
  previous_expires_at timestamptz,
  expires_at timestamptz NOT NULL,
  bus_public_key text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
SELECT palette_isolate('agents');

-- The newest desired state of each cluster.
CREATE TABLE desired_states (
  cluster_uid text PRIMARY KEY,
  tenant_uid text NOT NULL,
  revision integer NOT NULL,
  -- Of the signed document, as agents name it.
  digest text NOT NULL,
  -- Of the document without revision and time: tells whether anything changed.
  content_digest text NOT NULL,
  -- Archives the agent may fetch.
  pack_digests text[] NOT NULL,
  -- The signed document, sealed: values in it may be secret.
  document bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
SELECT palette_isolate('desired_states');

CREATE TABLE cluster_commands (
  id uuid PRIMARY KEY,
  tenant_uid text NOT NULL,
  cluster_uid text NOT NULL,
  cursor integer NOT NULL,
  type text NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  outcome text,
  message text NOT NULL DEFAULT '',
  finished_at timestamptz,
  UNIQUE (cluster_uid, cursor),
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
SELECT palette_isolate('cluster_commands');

-- Pokes that the bus has not taken yet: at most one of a kind for each cluster, so a bus that is
-- away for long leaves no pile. The generation tells the relay whether it grew meanwhile.
CREATE TABLE outbox (
  cluster_uid text NOT NULL,
  poke text NOT NULL CHECK (poke IN ('desired-state', 'commands', 'revoked')),
  tenant_uid text NOT NULL,
  generation integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cluster_uid, poke)
);
SELECT palette_isolate('outbox');

CREATE TABLE events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  project_uid text NOT NULL,
  cluster_uid text NOT NULL,
  type text NOT NULL CHECK (type IN ('cluster', 'drift', 'refusal')),
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX events_tenant ON events (tenant_uid, seq);
CREATE INDEX events_age ON events (created_at);
SELECT palette_isolate('events');

-- Ids of reports that were taken in: a second delivery counts once.
CREATE TABLE report_ids (
  tenant_uid text NOT NULL,
  id uuid NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_uid, id)
);
CREATE INDEX report_ids_age ON report_ids (seen_at);
SELECT palette_isolate('report_ids');

CREATE TABLE bus_accounts (
  tenant_uid text PRIMARY KEY REFERENCES tenants (uid) ON DELETE CASCADE,
  public_key text NOT NULL UNIQUE,
  seed bytea NOT NULL
);
SELECT palette_isolate('bus_accounts');

CREATE TABLE bus_revocations (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  public_key text NOT NULL,
  revoked_at timestamptz NOT NULL DEFAULT now(),
  -- When the user's own claims end; from then on the entry is not needed.
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_uid, public_key)
);
SELECT palette_isolate('bus_revocations');

-- Keys that sign desired states; the newest signs, all verify.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  private_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY system ON signing_keys TO palette_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON signing_keys TO palette_system;
`,
};
