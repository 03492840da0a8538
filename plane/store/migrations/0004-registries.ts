import type { Migration } from './migration.ts';

/** Registries that stand elsewhere, what was found in them, and who may use the plane's own. */
export const registries: Migration = {
  number: 4,
  name: 'registries',
  sql: `
ALTER TABLE registries DROP CONSTRAINT registries_kind_check;
ALTER TABLE registries ADD CONSTRAINT registries_kind_check CHECK (kind IN ('pack', 'helm', 'oci'));
ALTER TABLE registries
  -- Where it stands and how it is spoken to: RegistrySpec in plane/registry. Null: the plane itself keeps the packs.
  ADD COLUMN spec jsonb,
  -- RegistryCredentials, sealed; null: it is open to everybody.
  ADD COLUMN credentials bytea,
  -- Who may read and push, how much, and who must have signed: RegistrySettings in plane/registry.
  ADD COLUMN settings jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN annotations jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN labels jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN modified_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN sync_status text NOT NULL DEFAULT 'Success' CHECK (sync_status IN ('Pending', 'InProgress', 'Success', 'Failed')),
  ADD COLUMN sync_message text NOT NULL DEFAULT '',
  -- When the next run is due; null: never.
  ADD COLUMN sync_due_at timestamptz,
  -- Until when the replica that runs it is taken to be alive; null: nobody runs it.
  ADD COLUMN sync_lease_until timestamptz,
  -- Tells one run from another, and what the last one saw from what is gone.
  ADD COLUMN sync_run integer NOT NULL DEFAULT 0,
  -- How far the run has come, and what the server said of the state it lists: SyncCursor in plane/registry.
  ADD COLUMN sync_cursor jsonb,
  -- Runs that failed one after the other.
  ADD COLUMN sync_failures integer NOT NULL DEFAULT 0,
  ADD COLUMN sync_started_at timestamptz,
  ADD COLUMN synced_at timestamptz;
CREATE INDEX registries_due ON registries (sync_due_at) WHERE sync_due_at IS NOT NULL;

ALTER TABLE packs ALTER COLUMN digest DROP NOT NULL;
ALTER TABLE packs
  ADD COLUMN type text NOT NULL DEFAULT 'spectro' CHECK (type IN ('spectro', 'helm', 'oci')),
  -- Where the archive is fetched from: PackSource in domain/packs. Null: it was pushed here. Without a digest it was not fetched yet.
  ADD COLUMN source jsonb,
  -- Over the bytes of the archive, in base64, as cosign sign-blob makes it.
  ADD COLUMN signature text,
  ADD COLUMN logo bytea,
  -- The run that saw it last.
  ADD COLUMN sync_run integer NOT NULL DEFAULT 0;
CREATE INDEX packs_digest ON packs (tenant_uid, digest);
`,
};
