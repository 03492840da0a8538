import type { Migration } from './migration.ts';

/** Requests that are carried out once, and events about all objects rather than clusters alone. */
export const idempotencyAndResourceEvents: Migration = {
  number: 3,
  name: 'idempotency-and-resource-events',
  sql: `
-- A row is there from the commit of what its request did: never before, never without it.
CREATE TABLE idempotency_keys (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  user_uid text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  -- Method and path that the key was used for, and the project; null: the tenant.
  request text NOT NULL,
  project_uid text,
  -- Status, headers and body, sealed: an answer may hold a secret, such as a new API key. Null only inside the transaction.
  answer bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_uid, user_uid, key),
  FOREIGN KEY (tenant_uid, user_uid) REFERENCES users (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
SELECT palette_isolate('idempotency_keys');

ALTER TABLE events DROP CONSTRAINT events_type_check;
ALTER TABLE events ADD CONSTRAINT events_type_check CHECK (type IN ('cluster', 'drift', 'refusal', 'resource'));
-- Null: an object of the tenant itself; one that is no cluster.
ALTER TABLE events ALTER COLUMN project_uid DROP NOT NULL;
ALTER TABLE events ALTER COLUMN cluster_uid DROP NOT NULL;
`,
};
