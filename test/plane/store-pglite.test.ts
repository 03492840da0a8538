import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { openDatabase } from '#plane/store/open-database';

import { describeOnce } from './once-suite.ts';
import { describeStore, log } from './store-suite.ts';

describeStore('PGlite', async () => openDatabase({ kind: 'memory' }, { log }));
describeOnce('PGlite', async () => openDatabase({ kind: 'memory' }, { log }));

describe('PGlite on disk', () => {
  it('keeps what was committed, and lets nobody else into its folder meanwhile', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'palette-pglite-'));
    const location = { kind: 'pglite', dir: join(dir, 'database') } as const;
    const first = await openDatabase(location, { log });
    await expect(openDatabase(location, { log })).rejects.toThrow(/another process uses this folder/);
    await first
      .asSystem()
      .transaction(async (tx) => tx.execute(`INSERT INTO tenants (uid, name) VALUES ('${'a'.repeat(24)}', 'kept')`));
    await first.close();

    const second = await openDatabase(location, { log });
    expect(await second.asSystem().transaction(async (tx) => tx.query('SELECT name FROM tenants'))).toEqual([
      { name: 'kept' },
    ]);
    await second.close();
    await rm(dir, { recursive: true });
  }, 120_000);
});
