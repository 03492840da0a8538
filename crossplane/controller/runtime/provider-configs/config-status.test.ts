import { describe, expect, it } from '@jest/globals';

import type { KubeObject } from '#kubernetes/object';

import type { ConnectOutcome } from '../../contracts.ts';
import { statusPatch } from './config-status.ts';

const now = '2026-02-01T00:00:00Z';
const connected = { kind: 'connected' } as unknown as ConnectOutcome; // as: the status says nothing of the connection itself
const failed: ConnectOutcome = { kind: 'failed', reason: 'CredentialsInvalid', message: 'the key is refused' };

function config(status: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'x/v1', kind: 'ProviderConfig', metadata: { name: 'p', generation: 2, ...metadata }, status };
}

const ready = (more: object) => ({
  type: 'Ready',
  status: 'True',
  reason: 'Available',
  observedGeneration: 2,
  lastTransitionTime: '2026-01-01T00:00:00Z',
  ...more,
});

describe('the status of a provider configuration', () => {
  it('is written when it is new', () => {
    expect(statusPatch(config({}), { outcome: connected, users: ['Project a/b'], now })).toEqual({
      status: { users: 1, conditions: [ready({ lastTransitionTime: now })] },
    });
  });

  it('is left alone when it says the same', () => {
    const before = config({ users: 0, conditions: [ready({})] });
    expect(statusPatch(before, { outcome: connected, users: [], now })).toBeUndefined();
  });

  it('says since when something is wrong', () => {
    const before = config({ users: 0, conditions: [ready({})] });
    expect(statusPatch(before, { outcome: failed, users: [], now })).toEqual({
      status: {
        users: 0,
        conditions: [
          ready({
            status: 'False',
            reason: 'CredentialsInvalid',
            message: 'the key is refused',
            lastTransitionTime: now,
          }),
        ],
      },
    });
  });

  it('keeps that time while it stays wrong for another reason, and keeps conditions of others', () => {
    const others = { type: 'Audited', status: 'True', reason: 'ByHand', lastTransitionTime: '2025-01-01T00:00:00Z' };
    const before = config({ users: 0, conditions: [others, ready({ status: 'False', reason: 'ApiUnreachable' })] });
    expect(statusPatch(before, { outcome: failed, users: [], now })).toEqual({
      status: {
        users: 0,
        conditions: [others, ready({ status: 'False', reason: 'CredentialsInvalid', message: 'the key is refused' })],
      },
    });
  });

  it('names the first few users of one that is to be deleted', () => {
    const users = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `Project shop/${name}`);
    const before = config({ users: 7, conditions: [ready({})] }, { deletionTimestamp: now });
    const patch = statusPatch(before, { outcome: connected, users, now });
    expect(patch).toMatchObject({
      status: {
        users: 7,
        conditions: [
          {},
          {
            type: 'Terminating',
            status: 'True',
            reason: 'InUse',
            message:
              '7 managed resources use it: Project shop/a, Project shop/b, Project shop/c, Project shop/d, Project shop/e, and 2 more. It goes when the last of them is gone.',
          },
        ],
      },
    });
  });
});
