import type { Migration } from './migration.ts';

/** Events of clusters, and who is told when something is wrong with them. */
export const alerts: Migration = {
  number: 12,
  name: 'alerts',
  sql: `
-- What agents and the plane itself tell of clusters; the same thing again raises the count.
CREATE TABLE cluster_events (
  tenant_uid text NOT NULL,
  cluster_uid text NOT NULL,
  id uuid NOT NULL,
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
  reason text NOT NULL,
  message text NOT NULL,
  -- ObjectReference of protocol/.
  object jsonb,
  source text NOT NULL CHECK (source IN ('agent', 'plane')),
  count integer NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_uid, id),
  FOREIGN KEY (tenant_uid, cluster_uid) REFERENCES clusters (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX cluster_events_newest ON cluster_events (cluster_uid, last_at DESC, id);
CREATE INDEX cluster_events_tenant ON cluster_events (tenant_uid, last_at DESC, id);
CREATE INDEX cluster_events_age ON cluster_events (last_at);
SELECT palette_isolate('cluster_events');

CREATE TABLE alert_channels (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL,
  project_uid text NOT NULL,
  component text NOT NULL,
  -- In the order that they were given.
  position integer NOT NULL,
  type text NOT NULL CHECK (type IN ('email', 'http', 'app')),
  is_active boolean NOT NULL,
  all_users boolean NOT NULL,
  identifiers jsonb NOT NULL,
  -- The request that is made, sealed: its URL and headers may hold secrets. Null where the type is another.
  http bytea,
  created_by text NOT NULL,
  -- How the last delivery went; null before the first.
  last_ok boolean,
  last_message text,
  last_at timestamptz,
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX alert_channels_project ON alert_channels (project_uid, component, position);
SELECT palette_isolate('alert_channels');

CREATE TABLE alerts (
  uid text PRIMARY KEY,
  tenant_uid text NOT NULL,
  project_uid text NOT NULL,
  -- No reference: an alert outlives its cluster.
  cluster_uid text,
  cluster_name text NOT NULL,
  component text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
  reason text NOT NULL,
  message text NOT NULL,
  raised_at timestamptz NOT NULL,
  UNIQUE (tenant_uid, uid),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX alerts_newest ON alerts (project_uid, raised_at DESC);
CREATE INDEX alerts_age ON alerts (raised_at);
SELECT palette_isolate('alerts');

-- Deliveries that are still to be made.
CREATE TABLE alert_deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_uid text NOT NULL,
  alert_uid text NOT NULL,
  channel_uid text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  -- Also moved on while one is being made: who dies over it does not keep it.
  next_at timestamptz NOT NULL,
  FOREIGN KEY (tenant_uid, alert_uid) REFERENCES alerts (tenant_uid, uid) ON DELETE CASCADE,
  FOREIGN KEY (tenant_uid, channel_uid) REFERENCES alert_channels (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at);
CREATE INDEX alert_deliveries_channel ON alert_deliveries (channel_uid, id);
CREATE INDEX alert_deliveries_alert ON alert_deliveries (alert_uid);
SELECT palette_isolate('alert_deliveries');

-- Since when a cluster's health is what it is, and what people were told last.
ALTER TABLE clusters ADD COLUMN health_since timestamptz NOT NULL DEFAULT now();
ALTER TABLE clusters ADD COLUMN told_health text NOT NULL DEFAULT 'Healthy' CHECK (told_health IN ('Healthy', 'UnHealthy'));
CREATE INDEX clusters_untold ON clusters (health_since)
  WHERE state = 'Running' AND health IN ('Healthy', 'UnHealthy') AND health <> told_health;
CREATE FUNCTION palette_health_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.health_since := now();
  RETURN NEW;
END $$;
CREATE TRIGGER clusters_health_since BEFORE UPDATE OF health ON clusters
  FOR EACH ROW WHEN (OLD.health IS DISTINCT FROM NEW.health) EXECUTE FUNCTION palette_health_since();
`,
};
