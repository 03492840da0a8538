import { describe, expect, it } from '@jest/globals';

import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';

import { RUN_LABEL } from './job.ts';
import { removeTraces } from './remove-traces.ts';

const how = { signal: new AbortController().signal };

describe('removeTraces', () => {
  it('takes away what was made for runs, and nothing of others', async () => {
    const labels: Record<string, Record<string, string>> = {
      'agent-jobs': { 'palette-iac.dev/part': 'jobs' },
      sonobuoy: { [RUN_LABEL]: 'r' },
      // One that somebody runs by hand.
      'sonobuoy-serviceaccount-sonobuoy': {},
    };
    const deleted: string[] = [];
    const client: Partial<KubeClient> = {
      get: async (ref) => ({ ...ref, metadata: { name: ref.name, labels: labels[ref.name] ?? {} } }),
      delete: async ({ name }) => void deleted.push(name),
    };
    await removeTraces(client as KubeClient, 'agent', how); // calls no other
    expect(deleted).toEqual(['agent-jobs', 'sonobuoy']);
  });

  it.each([
    { status: 403, fails: false },
    { status: 500, fails: true },
  ])('fails for $status: $fails', async ({ status, fails }) => {
    let asked = 0;
    const client: Partial<KubeClient> = {
      get: async () => {
        asked++;
        throw new KubeError('no', { status, reason: 'No' });
      },
    };
    const removing = removeTraces(client as KubeClient, 'agent', how); // calls no other
    await (fails ? expect(removing).rejects.toThrow('no') : expect(removing).resolves.toBeUndefined());
    expect(asked).toBe(fails ? 1 : 2);
  });
});
