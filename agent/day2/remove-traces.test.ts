import { describe, expect, it } from '@jest/globals';

import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';

import { RUN_LABEL } from './job.ts';
import { removeTraces } from './remove-traces.ts';
import { removeSonobuoy } from './scans/sonobuoy.ts';

const how = { signal: new AbortController().signal };

it('removeSonobuoy of a run leaves alone what another made', async () => {
  const deleted: string[] = [];
  const client: Partial<KubeClient> = {
    get: async (ref) => ({
      ...ref,
      metadata: { name: ref.name, labels: { [RUN_LABEL]: ref.kind === 'Namespace' ? 'mine' : 'other' } },
    }),
    delete: async ({ kind }) => void deleted.push(kind),
  };
  await removeSonobuoy(client as KubeClient, { ...how, runId: 'mine' }); // calls no other
  expect(deleted).toEqual(['Namespace']);
});

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
    { status: 403, told: 'nothing', asked: 2 },
    { status: 500, told: 'no', asked: 1 },
  ])('of an answer $status tells $told', async ({ status, told, asked }) => {
    let asks = 0;
    const client: Partial<KubeClient> = {
      get: async () => {
        asks++;
        throw new KubeError('no', { status, reason: 'No' });
      },
    };
    const ended = removeTraces(client as KubeClient, 'agent', how).then(
      () => 'nothing',
      (error: unknown) => (error as Error).message,
    );
    expect([await ended, asks]).toEqual([told, asked]);
  });
});
