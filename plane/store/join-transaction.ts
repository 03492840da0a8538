import type { TenantDatabase, Transaction } from './database.ts';

/**
 * The tenant's database as seen from inside a transaction: what asks for a transaction of its own becomes a part of this
 * one. A part that fails is taken back alone; what is to follow its commit follows the commit of the whole. Parts run one
 * after another, and a serialization failure in one runs the whole again.
 */
export function joinTransaction({ tenantUid }: TenantDatabase, tx: Transaction): TenantDatabase {
  let open = false;
  return {
    tenantUid,
    transaction: async (work, { isolation, signal } = {}) => {
      if (open) throw new Error('a transaction was started inside another one; pass the outer one on instead');
      if (isolation !== undefined)
        throw new Error(`part of a transaction cannot be ${isolation}: the whole began before`);
      signal?.throwIfAborted();
      open = true;
      const hooks: (() => void)[] = [];
      try {
        await tx.execute('SAVEPOINT part');
        const result = await work({ ...tx, afterCommit: (hook) => void hooks.push(hook) });
        await tx.execute('RELEASE SAVEPOINT part');
        for (const hook of hooks) tx.afterCommit(hook);
        return result;
      } catch (error) {
        // Where even this fails the connection is lost, and the whole transaction with it; the first failure tells more.
        await tx.execute('ROLLBACK TO SAVEPOINT part').catch(() => undefined);
        throw error;
      } finally {
        open = false;
      }
    },
  };
}
