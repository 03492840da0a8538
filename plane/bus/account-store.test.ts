import { describe, expect, it } from '@jest/globals';

import type { Transaction } from '#plane/store/database';

import { readRevocations } from './account-store.ts';

describe('revocations', () => {
  it('are of all claims of a key, also of some that another replica signs with a clock that is ahead', async () => {
    const expiresAt = new Date('2026-01-01T01:00:00.500Z');
    const tx: Pick<Transaction, 'query'> = {
      // as: the one query that is made
      query: async <Row>() => [{ public_key: 'U1', expires_at: expiresAt }] as unknown as Row[],
    };
    // as: nothing else is used here
    const [revocation] = await readRevocations(tx as Transaction, 'tenant');
    expect(revocation).toEqual({ publicKey: 'U1', at: Math.ceil(expiresAt.getTime() / 1_000) });
  });
});
