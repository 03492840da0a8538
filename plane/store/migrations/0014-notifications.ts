import type { Migration } from './migration.ts';

/** Events that outlive their agent's life, and what people did about notifications. */
export const notifications: Migration = {
  number: 14,
  name: 'notifications',
  sql: `
-- Under which id the event was told last, and how often it happened before it was told under that one.
ALTER TABLE cluster_events ADD COLUMN told_as uuid;
-- The owner may be held to the policies as well, and then none of them would let it see a row.
ALTER TABLE cluster_events NO FORCE ROW LEVEL SECURITY;
UPDATE cluster_events SET told_as = id;
ALTER TABLE cluster_events FORCE ROW LEVEL SECURITY;
ALTER TABLE cluster_events ALTER COLUMN told_as SET NOT NULL;
ALTER TABLE cluster_events ADD COLUMN earlier integer NOT NULL DEFAULT 0;

-- Notifications follow from what is; only what people made of them is kept.
CREATE TABLE notification_marks (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  notification_uid text NOT NULL,
  is_acknowledged boolean NOT NULL DEFAULT false,
  is_done boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_uid, notification_uid)
);
SELECT palette_isolate('notification_marks');
`,
};
