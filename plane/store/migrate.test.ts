import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { sha256 } from '#core/digest';

import type { Driver, Session } from './driver.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migrations/migration.ts';
import { migrations } from './migrations/index.ts';

const steps: readonly Migration[] = [
  { number: 1, name: 'one', sql: 'CREATE one' },
  { number: 2, name: 'two', sql: 'CREATE two' },
];

/** Remembers what was run; `rows` is its table of migrations. */
function fake(rows: { number: number; name: string; checksum: string }[]): { driver: Driver; scripts: string[] } {
  const scripts: string[] = [];
  const session: Session = {
    run: async (sql, params) => {
      if (sql.startsWith('INSERT'))
        rows.push({ number: Number(params[0]), name: String(params[1]), checksum: String(params[2]) });
      return { rows: sql.includes('FROM schema_migrations') ? [...rows] : [], changed: 0 };
    },
    script: async (sql) => void scripts.push(sql),
  };
  return {
    scripts,
    driver: { kind: 'pglite', transaction: async (_preamble, work) => work(session), close: async () => undefined },
  };
}

const applied = (...migrations: readonly Migration[]): { number: number; name: string; checksum: string }[] =>
  migrations.map(({ number, name, sql }) => ({ number, name, checksum: sha256(sql) }));

describe('migrate', () => {
  it.each([
    { name: 'runs every step on an empty database', done: applied(), ran: ['CREATE one', 'CREATE two'] },
    { name: 'runs what is missing', done: applied(...steps.slice(0, 1)), ran: ['CREATE two'] },
    { name: 'runs nothing when all is done', done: applied(...steps), ran: [] },
  ])('$name', async ({ done, ran }) => {
    const { driver, scripts } = fake(done);
    await migrate(driver, steps, { log: silentLogger });
    expect(scripts.filter((script) => !script.includes('schema_migrations'))).toEqual(ran);
    expect(done.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('refuses a database whose steps are not the ones it knows', async () => {
    const changed = applied(...steps).map((row) => ({ ...row, checksum: sha256('other') }));
    await expect(migrate(fake(changed).driver, steps, { log: silentLogger })).rejects.toThrow(
      'migration 1 (one) was applied with another content',
    );
  });

  it('refuses a database that is newer than it', async () => {
    await expect(migrate(fake(applied(...steps)).driver, steps.slice(0, 1), { log: silentLogger })).rejects.toThrow(
      'start the newer program',
    );
  });
});

describe('the migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  });
});
