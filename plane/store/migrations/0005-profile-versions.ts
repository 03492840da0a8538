import type { Migration } from './migration.ts';

/** Versions of cluster profiles that cannot change any more, and what holds for the profiles of a scope. */
export const profileVersions: Migration = {
  number: 5,
  name: 'profile-versions',
  sql: `
-- Of the published content; null for a draft, and for what was published before digests were kept.
ALTER TABLE cluster_profiles ADD COLUMN digest text;
-- What the policies of the scope said at publication: PolicyFinding[].
ALTER TABLE cluster_profiles ADD COLUMN policy_findings jsonb NOT NULL DEFAULT '[]';

-- What a version of a name once meant it means for ever, also after the profile is deleted.
CREATE TABLE profile_seals (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  -- Null: the tenant's own.
  project_uid text,
  name text NOT NULL,
  version text NOT NULL,
  digest text NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX profile_seals_version ON profile_seals (tenant_uid, coalesce(project_uid, ''), name, version);
SELECT palette_isolate('profile_seals');

-- Of a project or, with null, of the tenant's own profiles. A scope without a row has the defaults.
CREATE TABLE profile_settings (
  tenant_uid text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  project_uid text,
  -- ProfileSettings in domain/profiles.
  settings jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX profile_settings_scope ON profile_settings (tenant_uid, coalesce(project_uid, ''));
SELECT palette_isolate('profile_settings');
`,
};
