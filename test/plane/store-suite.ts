/** What holds for the store whatever is below it; run over each driver. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { Database, Transaction } from '#plane/store/database';
import { isForeignKeyViolation, isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';
import { ProjectUid, TenantUid } from '#protocol/identifiers';

/** Opens the store over one and the same, at first empty, database. */
export function describeStore(name: string, open: () => Promise<Database>): void {
  describe(`the store over ${name}`, () => {
    let db: Database;
    const a = TenantUid.parse(newUid());
    const b = TenantUid.parse(newUid());

    beforeAll(async () => {
      db = await open();
      await db.asSystem().transaction(async (tx) => {
        await tx.execute('INSERT INTO tenants (uid, name) VALUES ($1, $2), ($3, $4)', [a, `a-${a}`, b, `b-${b}`]);
      });
    }, 120_000);
    afterAll(async () => db?.close());

    const insertProject = async (tenant: TenantUid, projectName: string): Promise<ProjectUid> => {
      const uid = ProjectUid.parse(newUid());
      await db
        .forTenant(tenant)
        .transaction(async (tx) => tx.execute('INSERT INTO projects (uid, name) VALUES ($1, $2)', [uid, projectName]));
      return uid;
    };

    describe('isolation', () => {
      it('runs each transaction under a role that policies bind', async () => {
        const role = async (tx: Transaction) =>
          tx.query<{ name: string; rolsuper: boolean; rolbypassrls: boolean }>(
            'SELECT current_user::text AS name, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
          );
        expect(await db.forTenant(a).transaction(role)).toEqual([
          { name: 'palette_tenant', rolsuper: false, rolbypassrls: false },
        ]);
        expect(await db.asSystem().transaction(role)).toEqual([
          { name: 'palette_system', rolsuper: false, rolbypassrls: false },
        ]);
      });

      it('shows, changes and deletes rows of the own tenant alone', async () => {
        const mine = await insertProject(a, 'isolated');
        const theirs = await insertProject(b, 'isolated');
        const both = [mine, theirs];
        await db.forTenant(a).transaction(async (tx) => {
          expect(await tx.query('SELECT uid FROM projects WHERE uid = ANY ($1)', [both])).toEqual([{ uid: mine }]);
          expect(await tx.execute(`UPDATE projects SET name = 'touched' WHERE uid = ANY ($1)`, [both])).toBe(1);
          expect(await tx.execute('DELETE FROM projects WHERE uid = ANY ($1)', [both])).toBe(1);
        });
        const left = await db
          .asSystem()
          .transaction(async (tx) => tx.query('SELECT uid, name FROM projects WHERE uid = ANY ($1)', [both]));
        expect(left).toEqual([{ uid: theirs, name: 'isolated' }]);
      });

      it('does not take a row for another tenant', async () => {
        const insert = db
          .forTenant(a)
          .transaction(async (tx) =>
            tx.execute('INSERT INTO projects (uid, tenant_uid, name) VALUES ($1, $2, $3)', [newUid(), b, 'planted']),
          );
        await expect(insert).rejects.toThrow(/row-level security/);
        const mine = await insertProject(a, 'to be moved');
        const move = db
          .forTenant(a)
          .transaction(async (tx) => tx.execute('UPDATE projects SET tenant_uid = $2 WHERE uid = $1', [mine, b]));
        await expect(move).rejects.toThrow(/row-level security/);
      });

      it("does not let a row refer to another tenant's", async () => {
        const theirs = await insertProject(b, 'referred to');
        const insert = db
          .forTenant(a)
          .transaction(async (tx) =>
            tx.execute(`INSERT INTO macros (project_uid, name, value) VALUES ($1, 'n', 'v')`, [theirs]),
          );
        const error: unknown = await insert.catch((thrown: unknown) => thrown);
        expect(isForeignKeyViolation(error)).toBe(true);
      });

      it('shows a tenant its own entry among tenants and lets nothing be written there', async () => {
        const tenant = db.forTenant(a);
        expect(await tenant.transaction(async (tx) => tx.query('SELECT uid FROM tenants'))).toEqual([{ uid: a }]);
        await expect(tenant.transaction(async (tx) => tx.execute(`UPDATE tenants SET name = 'x'`))).rejects.toThrow(
          /permission denied/,
        );
      });

      it('refuses a tenant that is no identifier', () => {
        // The brand is there to keep such values out; this is the check behind it.
        expect(() => db.forTenant(`'; DROP TABLE projects; --` as TenantUid)).toThrow(
          /24 lower-case hexadecimal digits/,
        );
      });

      it('covers every table: each one with a tenant forces policies, and no other is open to tenants', async () => {
        const tables = await db.asSystem().transaction(async (tx) =>
          tx.query<{ name: string; tenant: boolean; forced: boolean; policies: string[]; readable: boolean }>(`
            SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
                   EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'tenant_uid') AS tenant,
                   ARRAY(SELECT polname::text FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY polname) AS policies,
                   has_table_privilege('palette_tenant', c.oid, 'SELECT, INSERT, UPDATE, DELETE') AS readable
            FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY c.relname`),
        );
        const isolated = tables.filter((table) => table.tenant || table.name === 'tenants');
        expect(isolated.length).toBeGreaterThan(6);
        expect(isolated.filter((table) => !table.forced || table.policies.join() !== 'system,tenant')).toEqual([]);
        expect(
          tables.filter((table) => table.readable && !isolated.includes(table)).map((table) => table.name),
        ).toEqual([]);
      });

      it('lets every reference between tenant tables carry the tenant', async () => {
        const loose = await db.asSystem().transaction(async (tx) =>
          tx.query<{ name: string }>(`
            SELECT f.conrelid::regclass || ' -> ' || f.confrelid::regclass AS name
            FROM pg_constraint f
            JOIN pg_attribute k ON k.attrelid = f.confrelid AND k.attname = 'tenant_uid'
            WHERE f.contype = 'f' AND NOT k.attnum = ANY (f.confkey) ORDER BY 1`),
        );
        expect(loose).toEqual([]);
      });
    });

    describe('transactions', () => {
      it('give rows of the same types with every driver', async () => {
        const when = new Date('2026-01-02T03:04:05.678Z');
        const [row] = await db.asSystem().transaction(async (tx) =>
          tx.query(
            `SELECT $1::int8 AS big, $2::timestamptz AS at, $3::jsonb AS json, $4::bytea AS bytes, $5::text[] AS texts, $6::boolean AS yes,
                    $7::text AS nothing, count(*) AS number, 1.5::float8 AS half FROM generate_series(1, 3)`,
            [
              9_007_199_254_740_991,
              when,
              JSON.stringify([{ a: 1 }]),
              new Uint8Array([0, 255, 7]),
              ['x', 'a "quoted", one'],
              true,
              undefined,
            ],
          ),
        );
        const { bytes, ...rest } = row as { bytes: Uint8Array };
        expect(rest).toEqual({
          big: 9_007_199_254_740_991,
          at: when,
          json: [{ a: 1 }],
          texts: ['x', 'a "quoted", one'],
          yes: true,
          nothing: null,
          number: 3,
          half: 1.5,
        });
        expect([...bytes]).toEqual([0, 255, 7]);
      });

      it('refuse an integer that would lose digits', async () => {
        await expect(
          db.asSystem().transaction(async (tx) => tx.query('SELECT 9007199254740993::int8 AS big')),
        ).rejects.toThrow(/does not fit a number/);
      });

      it('leave nothing behind when their work fails', async () => {
        const uid = newUid();
        const work = db.forTenant(a).transaction(async (tx) => {
          await tx.execute('INSERT INTO projects (uid, name) VALUES ($1, $2)', [uid, 'never']);
          throw new Error('changed my mind');
        });
        await expect(work).rejects.toThrow('changed my mind');
        expect(
          await db.asSystem().transaction(async (tx) => tx.query('SELECT FROM projects WHERE uid = $1', [uid])),
        ).toEqual([]);
      });

      it('call what is to follow once, after the commit, and never after a failure', async () => {
        const calls: string[] = [];
        await db.forTenant(a).transaction(async (tx) => {
          tx.afterCommit(() => {
            throw new Error('is logged and dropped');
          });
          tx.afterCommit(() => calls.push('committed'));
          calls.push('inside');
        });
        const failed = db.forTenant(a).transaction(async (tx) => {
          tx.afterCommit(() => calls.push('never'));
          throw new Error('no');
        });
        await expect(failed).rejects.toThrow('no');
        expect(calls).toEqual(['inside', 'committed']);
      });

      it('may start from what follows a commit', async () => {
        const rows = await new Promise((resolve, reject) => {
          const outer = db.forTenant(a).transaction(async (tx) => {
            tx.afterCommit(
              () =>
                void db
                  .asSystem()
                  .transaction(async (inner) => inner.query('SELECT 1 AS one'))
                  .then(resolve, reject),
            );
          });
          outer.catch(reject);
        });
        expect(rows).toEqual([{ one: 1 }]);
      });

      it('refuse to nest, which would wait for ever on one connection', async () => {
        const nested = db
          .forTenant(a)
          .transaction(async () => db.asSystem().transaction(async (tx) => tx.query('SELECT 1')));
        await expect(nested).rejects.toThrow(/inside another one/);
      });

      it('refuse statements after their end', async () => {
        let kept: Transaction | undefined;
        await db.forTenant(a).transaction(async (tx) => void (kept = tx));
        await expect(kept?.query('SELECT 1')).rejects.toThrow(/is over/);
      });

      it('refuse writes when they only read', async () => {
        const write = db.forTenant(a).transaction(async (tx) => tx.execute('DELETE FROM projects'), { readOnly: true });
        await expect(write).rejects.toThrow(/read-only transaction/);
      });

      it('stop before the next statement when they are aborted', async () => {
        const controller = new AbortController();
        const work = db.forTenant(a).transaction(
          async (tx) => {
            controller.abort(new Error('the caller went away'));
            return tx.query('SELECT 1');
          },
          { signal: controller.signal },
        );
        await expect(work).rejects.toThrow('the caller went away');
      });

      it('run again when they met another one, so that no change is lost', async () => {
        const uid = await insertProject(a, 'counted');
        const increment = async (): Promise<void> =>
          db.forTenant(a).transaction(
            async (tx) => {
              const [row] = await tx.query<{ n: number }>(
                `SELECT coalesce((labels->>'n')::int8, 0) AS n FROM projects WHERE uid = $1`,
                [uid],
              );
              await tx.execute(`UPDATE projects SET labels = jsonb_build_object('n', $2::int8) WHERE uid = $1`, [
                uid,
                (row?.n ?? 0) + 1,
              ]);
            },
            { isolation: 'serializable' },
          );
        await Promise.all(Array.from({ length: 4 }, increment));
        expect(
          await db.asSystem().transaction(async (tx) => tx.query(`SELECT labels FROM projects WHERE uid = $1`, [uid])),
        ).toEqual([{ labels: { n: 4 } }]);
      });

      it('say which constraint was broken', async () => {
        await insertProject(a, 'taken');
        const error: unknown = await insertProject(a, 'taken').catch((thrown: unknown) => thrown);
        expect({
          any: isUniqueViolation(error),
          named: isUniqueViolation(error, 'projects_name'),
          other: isUniqueViolation(error, 'users_email'),
        }).toEqual({
          any: true,
          named: true,
          other: false,
        });
        await expect(insertProject(b, 'taken')).resolves.toMatch(/^[0-9a-f]{24}$/);
      });
    });

    it('answers a ping', async () => {
      await expect(db.ping({ signal: AbortSignal.timeout(5_000) })).resolves.toBeUndefined();
    });
  });
}

/** A logger that is asked for by every store and that no test reads. */
export const log = silentLogger;
