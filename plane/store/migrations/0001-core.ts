import type { Migration } from './migration.ts';

/**
 * Tenants and what belongs to them directly. `palette_isolate(table)` makes a table with a column `tenant_uid` a tenant
 * table; every later tenant table calls it too. References between tenant tables carry the tenant, so that no row can
 * refer across tenants (reference checks bypass row-level security).
 */
export const core: Migration = {
  number: 1,
  name: 'core',
  sql: `
-- Roles belong to the server, not to the database: another database of the same server may have made them.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['palette_tenant', 'palette_system'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
      END;
    END IF;
    IF NOT pg_has_role(current_user, wanted, 'MEMBER') OR NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
      EXECUTE format('GRANT %I TO %I', wanted, current_user);
    END IF;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO palette_tenant, palette_system;

-- Isolation of one table. The owner is bound as well (FORCE); an unset tenant is an error, never "every tenant".
-- Columns that count up must be identity columns: a sequence of its own would need a grant.
CREATE FUNCTION palette_isolate(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY tenant ON %s TO palette_tenant USING (tenant_uid = current_setting(''app.tenant_uid'')) WITH CHECK (tenant_uid = current_setting(''app.tenant_uid''))', target);
  EXECUTE format('CREATE POLICY system ON %s TO palette_system USING (true) WITH CHECK (true)', target);
  EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_uid SET DEFAULT current_setting(''app.tenant_uid'')', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO palette_tenant, palette_system', target);
END $$;
REVOKE ALL ON FUNCTION palette_isolate(regclass) FROM PUBLIC;

CREATE TABLE tenants (
  uid        text PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenants FOR SELECT TO palette_tenant USING (uid = current_setting('app.tenant_uid'));
CREATE POLICY system ON tenants TO palette_system USING (true) WITH CHECK (true);
GRANT SELECT ON tenants TO palette_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants TO palette_system;

CREATE TABLE users (
  uid           text PRIMARY KEY,
  tenant_uid    text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  email         text NOT NULL,
  first_name    text NOT NULL DEFAULT '',
  last_name     text NOT NULL DEFAULT '',
  -- Absent: signs in by API key only.
  password_hash text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid)
);
CREATE UNIQUE INDEX users_email ON users (tenant_uid, lower(email));
CREATE INDEX users_by_email ON users (lower(email));
SELECT palette_isolate('users');

CREATE TABLE api_keys (
  uid        text PRIMARY KEY,
  tenant_uid text NOT NULL,
  user_uid   text NOT NULL,
  name       text NOT NULL,
  annotations jsonb NOT NULL DEFAULT '{}',
  labels     jsonb NOT NULL DEFAULT '{}',
  -- The first characters find the row, the SHA-256 of the whole key proves it.
  prefix     text NOT NULL,
  hash       bytea NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, user_uid) REFERENCES users (tenant_uid, uid) ON DELETE CASCADE
);
CREATE INDEX api_keys_prefix ON api_keys (prefix);
CREATE UNIQUE INDEX api_keys_name ON api_keys (tenant_uid, user_uid, name);
SELECT palette_isolate('api_keys');

CREATE TABLE projects (
  uid         text PRIMARY KEY,
  tenant_uid  text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  name        text NOT NULL,
  annotations jsonb NOT NULL DEFAULT '{}',
  labels      jsonb NOT NULL DEFAULT '{}',
  teams       jsonb NOT NULL DEFAULT '[]',
  users       jsonb NOT NULL DEFAULT '[]',
  logo_uid    text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_uid, uid)
);
CREATE UNIQUE INDEX projects_name ON projects (tenant_uid, name);
SELECT palette_isolate('projects');

CREATE TABLE macros (
  tenant_uid  text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  -- Absent: a macro of the tenant.
  project_uid text,
  name        text NOT NULL,
  value       text NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid) ON DELETE CASCADE
);
CREATE UNIQUE INDEX macros_name ON macros (tenant_uid, coalesce(project_uid, ''), name);
SELECT palette_isolate('macros');

CREATE TABLE edge_host_tokens (
  uid                 text PRIMARY KEY,
  tenant_uid          text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  name                text NOT NULL,
  annotations         jsonb NOT NULL DEFAULT '{}',
  labels              jsonb NOT NULL DEFAULT '{}',
  -- The hash finds a token that a host shows; the sealed value is for the users that may read it.
  token_hash          bytea NOT NULL UNIQUE,
  token_sealed        bytea NOT NULL,
  default_project_uid text,
  expires_at          timestamptz,
  is_active           boolean NOT NULL DEFAULT true,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, default_project_uid) REFERENCES projects (tenant_uid, uid)
);
CREATE UNIQUE INDEX edge_host_tokens_name ON edge_host_tokens (tenant_uid, name);
CREATE INDEX edge_host_tokens_project ON edge_host_tokens (tenant_uid, default_project_uid);
SELECT palette_isolate('edge_host_tokens');

CREATE TABLE cloud_accounts (
  uid         text PRIMARY KEY,
  tenant_uid  text NOT NULL REFERENCES tenants (uid) ON DELETE CASCADE,
  -- Absent: an account of the tenant, which every project can use.
  project_uid text,
  cloud_type  text NOT NULL,
  name        text NOT NULL,
  annotations jsonb NOT NULL DEFAULT '{}',
  labels      jsonb NOT NULL DEFAULT '{}',
  -- Without secrets; those are sealed beside it.
  spec        jsonb NOT NULL,
  secrets     bytea,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_uid, project_uid) REFERENCES projects (tenant_uid, uid)
);
CREATE UNIQUE INDEX cloud_accounts_name ON cloud_accounts (tenant_uid, coalesce(project_uid, ''), cloud_type, name);
CREATE INDEX cloud_accounts_project ON cloud_accounts (tenant_uid, project_uid);
SELECT palette_isolate('cloud_accounts');
`,
};
