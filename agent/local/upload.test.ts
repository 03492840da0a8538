import { describe, expect, it } from '@jest/globals';

import { KubeError } from '#kubernetes/error';

import { untilTaken } from './upload.ts';

describe('a bundle that was handed over', () => {
  const patient = new AbortController().signal;
  const id = '1';

  it('is taken or refused as the agent says', async () => {
    await expect(
      untilTaken(async () => ({ kind: 'taken', id, revision: 2, digest: 'sha256:1' }), patient),
    ).resolves.toBe('taken');
    await expect(untilTaken(async () => ({ kind: 'refused', id, message: 'it is old' }), patient)).rejects.toThrow(
      'it is old',
    );
  });

  it('waits for the agent when whoever brought it leaves', async () => {
    const leaving = new AbortController();
    const ask = async (): Promise<undefined> => {
      leaving.abort();
      return undefined;
    };
    await expect(untilTaken(ask, leaving.signal)).resolves.toBe('waiting');
  });

  it('waits for the agent when the API server cannot be asked', async () => {
    const ask = async (): Promise<never> => {
      throw new KubeError('get Secret: unreachable', { status: 0, reason: 'Unreachable' });
    };
    await expect(untilTaken(ask, patient)).resolves.toBe('waiting');
  });
});
