-- The fleet: packs, cluster profiles, clusters, their agents and what is on its way to them.
-- Times are timestamptz; identifiers are 24 hexadecimal digits as the API shows them.

create table registries (
  uid text primary key,
  tenant_uid text not null references tenants (uid) on delete cascade,
  name text not null,
  kind text not null check (kind in ('pack')),
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  unique (tenant_uid, name)
);
create unique index registries_one_default on registries (tenant_uid) where is_default;

-- Pack archives by content. In the database, so that plane replicas share nothing else and a
-- backup holds everything; in pieces, so that no row is larger than the drivers like.
create table pack_blobs (
  tenant_uid text not null references tenants (uid) on delete cascade,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  size bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_uid, digest)
);
create table pack_blob_chunks (
  tenant_uid text not null,
  digest text not null,
  position integer not null,
  bytes bytea not null,
  primary key (tenant_uid, digest, position),
  foreign key (tenant_uid, digest) references pack_blobs (tenant_uid, digest) on delete cascade
);

create table packs (
  uid text primary key,
  tenant_uid text not null references tenants (uid) on delete cascade,
  registry_uid text not null references registries (uid) on delete cascade,
  name text not null,
  version text not null,
  layer text not null check (layer in ('kernel', 'os', 'k8s', 'cni', 'csi', 'addon')),
  digest text not null,
  -- What the archive says of itself, so that reads need not open it: PackDocument in domain/packs.
  document jsonb not null,
  created_at timestamptz not null default now(),
  unique (tenant_uid, registry_uid, name, version),
  foreign key (tenant_uid, digest) references pack_blobs (tenant_uid, digest)
);

create table cluster_profiles (
  uid text primary key,
  tenant_uid text not null references tenants (uid) on delete cascade,
  -- Null: the profile belongs to the tenant and every project may use it.
  project_uid text references projects (uid) on delete cascade,
  name text not null,
  version text not null,
  type text not null check (type in ('cluster', 'infra', 'add-on', 'system')),
  cloud_type text not null,
  labels jsonb not null default '{}',
  annotations jsonb not null default '{}',
  -- Stacks of packs: ProfileTemplate in domain/profiles. Clusters run the published one.
  draft jsonb,
  published jsonb,
  variables jsonb not null default '[]',
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index cluster_profiles_name_version on cluster_profiles (tenant_uid, coalesce(project_uid, ''), name, version);

create table clusters (
  uid text primary key,
  tenant_uid text not null references tenants (uid) on delete cascade,
  project_uid text not null references projects (uid) on delete cascade,
  name text not null,
  cloud_type text not null,
  import_mode text not null check (import_mode in ('full', 'read-only')),
  labels jsonb not null default '{}',
  annotations jsonb not null default '{}',
  -- Settings by area (timezone, namespaces, rbacs, backup, ...): ClusterSettings in domain/clusters.
  settings jsonb not null default '{}',
  created_by text,
  state text not null check (state in ('Pending', 'Importing', 'Running', 'Deleting', 'Deleted')),
  health text not null default 'Unknown' check (health in ('Unknown', 'Healthy', 'UnHealthy')),
  -- The newest status the agent reported: StatusReport of protocol/.
  status jsonb,
  status_sent_at timestamptz,
  message text not null default '',
  kubernetes_uid text,
  kubernetes_version text not null default '',
  agent_version text not null default '',
  heartbeat_at timestamptz,
  revision integer not null default 0,
  applied_revision integer not null default 0,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  deleting_at timestamptz,
  deleted_at timestamptz
);
create unique index clusters_name on clusters (tenant_uid, project_uid, name) where state <> 'Deleted';
create index clusters_supervised on clusters (heartbeat_at) where state = 'Running' and health = 'Healthy';

create table cluster_profile_attachments (
  tenant_uid text not null,
  cluster_uid text not null references clusters (uid) on delete cascade,
  profile_uid text not null references cluster_profiles (uid),
  -- Values and manifests that this cluster has in place of the profile's: PackOverride[].
  overrides jsonb not null default '[]',
  -- Values of the profile's variables here, sealed: they may be secret.
  variables bytea,
  attached_at timestamptz not null default now(),
  primary key (cluster_uid, profile_uid)
);
create index cluster_profile_attachments_profile on cluster_profile_attachments (profile_uid);

-- One-time registration tokens of import manifests; only their hashes are kept.
create table registration_tokens (
  token_hash text primary key,
  tenant_uid text not null,
  cluster_uid text not null references clusters (uid) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  spent_at timestamptz
);
create index registration_tokens_cluster on registration_tokens (cluster_uid);

create table agents (
  cluster_uid text primary key references clusters (uid) on delete cascade,
  tenant_uid text not null,
  token_hash text not null unique,
  -- The token before the last renewal, until its own end: an answer that was lost must not lock an agent out.
  previous_token_hash text unique,
  previous_expires_at timestamptz,
  expires_at timestamptz not null,
  bus_public_key text not null,
  registered_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- The newest desired state of each cluster.
create table desired_states (
  cluster_uid text primary key references clusters (uid) on delete cascade,
  tenant_uid text not null,
  revision integer not null,
  -- Of the signed document, as agents name it.
  digest text not null,
  -- Of the document without revision and time: tells whether anything changed.
  content_digest text not null,
  -- Archives the agent may fetch.
  pack_digests text[] not null,
  -- The signed document, sealed: values in it may be secret.
  document bytea not null,
  created_at timestamptz not null default now()
);

create table cluster_commands (
  id uuid primary key,
  tenant_uid text not null,
  cluster_uid text not null references clusters (uid) on delete cascade,
  cursor integer not null,
  type text not null,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  outcome text,
  message text not null default '',
  finished_at timestamptz,
  unique (cluster_uid, cursor)
);

-- Pokes that the bus has not taken yet: at most one of a kind for each cluster, so a bus that is
-- away for long leaves no pile. `generation` tells the relay whether it grew meanwhile.
create table outbox (
  cluster_uid text not null,
  poke text not null check (poke in ('desired-state', 'commands', 'revoked')),
  tenant_uid text not null,
  generation integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (cluster_uid, poke)
);

create table events (
  seq bigserial primary key,
  tenant_uid text not null references tenants (uid) on delete cascade,
  project_uid text not null,
  cluster_uid text not null,
  type text not null check (type in ('cluster', 'drift', 'refusal')),
  data jsonb not null,
  created_at timestamptz not null default now()
);
create index events_tenant on events (tenant_uid, seq);
create index events_age on events (created_at);

-- Ids of reports that were taken in: a second delivery counts once.
create table report_ids (
  id uuid primary key,
  tenant_uid text not null,
  seen_at timestamptz not null default now()
);
create index report_ids_age on report_ids (seen_at);

create table bus_accounts (
  tenant_uid text primary key references tenants (uid) on delete cascade,
  public_key text not null unique,
  seed bytea not null
);
create table bus_revocations (
  tenant_uid text not null references tenants (uid) on delete cascade,
  public_key text not null,
  revoked_at timestamptz not null default now(),
  -- When the user's own claims end; from then on the entry is not needed.
  expires_at timestamptz not null,
  primary key (tenant_uid, public_key)
);

-- Keys that sign desired states; the newest signs, all verify.
create table signing_keys (
  kid text primary key,
  private_key bytea not null,
  created_at timestamptz not null default now()
);
