/** Transactions that join another one, and answers that are given once; run over each driver. */
import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { answerOnce } from '#plane/api/answer-once';
import { pruneHistory } from '#plane/domain/events/event-log';
import type { KeyUse } from '#plane/domain/idempotency/key-store';
import { createSecrets } from '#plane/domain/secrets/secrets';
import type { Database, TenantDatabase } from '#plane/store/database';
import { joinTransaction } from '#plane/store/join-transaction';
import { newUid } from '#plane/store/uid';
import { TenantUid } from '#protocol/identifiers';

export function describeOnce(name: string, open: () => Promise<Database>): void {
  describe(`over ${name}`, () => {
    let db: Database;
    const a = TenantUid.parse(newUid());

    beforeAll(async () => {
      db = await open();
      await db
        .asSystem()
        .transaction(async (tx) => tx.execute('INSERT INTO tenants (uid, name) VALUES ($1, $2)', [a, `a-${a}`]));
    }, 120_000);
    afterAll(async () => db?.close());

    describe('what joins a transaction', () => {
      const names = async (prefix: string): Promise<string[]> => {
        const rows = await db
          .forTenant(a)
          .transaction(async (tx) =>
            tx.query<{ name: string }>('SELECT name FROM projects WHERE name LIKE $1 ORDER BY name', [`${prefix}-%`]),
          );
        return rows.map((row) => row.name);
      };
      const add = async (part: TenantDatabase, projectName: string): Promise<void> =>
        part.transaction(async (tx) => {
          await tx.execute('INSERT INTO projects (uid, name) VALUES ($1, $2)', [newUid(), projectName]);
        });

      it('is committed with it, and what was to follow follows once, after all', async () => {
        const order: string[] = [];
        await db.forTenant(a).transaction(async (tx) => {
          const part = joinTransaction(db.forTenant(a), tx);
          await add(part, 'joined-1');
          await part.transaction(async (inner) => inner.afterCommit(() => order.push('followed')));
          await add(part, 'joined-2');
          order.push('end of the work');
        });
        expect(order).toEqual(['end of the work', 'followed']);
        expect(await names('joined')).toEqual(['joined-1', 'joined-2']);
      });

      it('is taken back with it', async () => {
        const whole = db.forTenant(a).transaction(async (tx) => {
          await add(joinTransaction(db.forTenant(a), tx), 'whole-1');
          throw new Error('after all, no');
        });
        await expect(whole).rejects.toThrow('after all, no');
        expect(await names('whole')).toEqual([]);
      });

      it('is taken back alone when it fails, also by a statement, and the rest goes on', async () => {
        const order: string[] = [];
        await db.forTenant(a).transaction(async (tx) => {
          const part = joinTransaction(db.forTenant(a), tx);
          await add(part, 'part-1');
          await expect(add(part, 'part-1')).rejects.toMatchObject({ code: '23505' });
          const given = part.transaction(async (inner) => {
            await inner.execute('INSERT INTO projects (uid, name) VALUES ($1, $2)', [newUid(), 'part-2']);
            inner.afterCommit(() => order.push('never'));
            throw new Error('given up');
          });
          await expect(given).rejects.toThrow('given up');
          await add(part, 'part-3');
        });
        expect(order).toEqual([]);
        expect(await names('part')).toEqual(['part-1', 'part-3']);
      });

      it('does not nest, and does not choose its isolation', async () => {
        await db.forTenant(a).transaction(async (tx) => {
          const part = joinTransaction(db.forTenant(a), tx);
          await expect(part.transaction(async () => add(part, 'nested-1'))).rejects.toThrow(/inside another one/);
          await expect(part.transaction(async () => undefined, { isolation: 'serializable' })).rejects.toThrow(
            /cannot be serializable/,
          );
        });
        expect(await names('nested')).toEqual([]);
      });
    });

    describe('an answer that is given once', () => {
      const secrets = createSecrets(randomBytes(32));
      let userUid = '';
      beforeAll(async () => {
        userUid = newUid();
        await db
          .forTenant(a)
          .transaction(async (tx) =>
            tx.execute('INSERT INTO users (uid, email) VALUES ($1, $2)', [userUid, `${userUid}@example.test`]),
          );
      });
      const use = (key: string): KeyUse => ({ userUid, key, request: 'POST /v1/things', projectUid: undefined });
      const make =
        (projectName: string) =>
        async (part: TenantDatabase): Promise<{ status: number; body: object }> => {
          const uid = newUid();
          await part.transaction(async (tx) =>
            tx.execute('INSERT INTO projects (uid, name) VALUES ($1, $2)', [uid, projectName]),
          );
          return { status: 201, body: { uid, apiKey: 'do-not-show-this' } };
        };
      const count = async (sql: string, value: string): Promise<number> => {
        const [row] = await db
          .asSystem()
          .transaction(async (tx) => tx.query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, [value]));
        return row?.n ?? -1;
      };

      it('is remembered with what was done: never the one without the other', async () => {
        let fail = true;
        const broken = {
          ...secrets,
          seal: (text: string, purpose: string): Uint8Array => {
            if (fail) throw new Error('the plane ends here');
            return secrets.seal(text, purpose);
          },
        };
        const answer = async (): Promise<unknown> =>
          answerOnce({ db: db.forTenant(a), secrets: broken, use: use('atomic') }, make('atomic'));
        await expect(answer()).rejects.toThrow('the plane ends here');
        expect(await count('projects WHERE name = $1', 'atomic')).toBe(0);
        expect(await count('idempotency_keys WHERE key = $1', 'atomic')).toBe(0);
        fail = false;
        const first = await answer();
        expect(await answer()).toEqual({ ...Object(first), headers: { 'Idempotency-Replayed': 'true' } });
        expect(await count('projects WHERE name = $1', 'atomic')).toBe(1);
      });

      it('is kept sealed', async () => {
        await answerOnce({ db: db.forTenant(a), secrets, use: use('sealed') }, make('sealed'));
        const [row] = await db
          .asSystem()
          .transaction(async (tx) =>
            tx.query<{ answer: Uint8Array }>("SELECT answer FROM idempotency_keys WHERE key = 'sealed'"),
          );
        expect(row?.answer.length).toBeGreaterThan(0);
        expect(Buffer.from(row?.answer ?? []).toString('latin1')).not.toContain('do-not-show-this');
      });

      it('is waited for by whoever asks meanwhile', async () => {
        let began: () => void = () => undefined;
        const running = new Promise<void>((resolve) => (began = resolve));
        let go: () => void = () => undefined;
        const gate = new Promise<void>((resolve) => (go = resolve));
        const first = answerOnce({ db: db.forTenant(a), secrets, use: use('waits') }, async (part) => {
          began();
          await gate;
          return make('waits')(part);
        });
        await running;
        const second = answerOnce({ db: db.forTenant(a), secrets, use: use('waits') }, make('waits'));
        go();
        const [one, two] = await Promise.all([first, second]);
        expect(two.body).toEqual(one.body);
      });

      it('is forgotten with history', async () => {
        const answer = async (name: string): Promise<unknown> =>
          (await answerOnce({ db: db.forTenant(a), secrets, use: use('old') }, make(name))).body;
        const first = await answer('old-1');
        await db.asSystem().transaction(async (tx) => pruneHistory(tx, new Date(Date.now() - 60_000)));
        expect(await answer('old-2')).toEqual(first);
        await db.asSystem().transaction(async (tx) => pruneHistory(tx, new Date(Date.now() + 60_000)));
        expect(await answer('old-2')).not.toEqual(first);
      });
    });
  });
}
