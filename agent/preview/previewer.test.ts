import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { silentLogger } from '#core/log';
import type { Command } from '#protocol/command';
import { ClusterUid } from '#protocol/identifiers';
import { PreviewRequest, signPreview, type PreviewResult } from '#protocol/preview';
import { generateSigningKey, trustedKey } from '#protocol/signature';

import { createPreviewer, type PreviewerOptions } from './previewer.ts';

const uid = 'a'.repeat(24);
const key = generateSigningKey();
const EMPTY: PreviewResult = {
  revision: 1,
  counts: { created: 0, changed: 0, removed: 0, unchanged: 0, restarts: 0, refused: 0 },
  changes: [],
  refused: [],
  omitted: 0,
};

function command(expiresInMs = 60_000): Command {
  const now = Date.now();
  return {
    id: randomUUID(),
    cursor: 1,
    type: 'preview',
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + expiresInMs).toISOString(),
  };
}

function request(id: string): PreviewRequest {
  return PreviewRequest.parse({
    apiVersion: 'palette-iac.dev/v1',
    kind: 'DesiredStatePreview',
    id,
    expiresAt: new Date().toISOString(),
    sensitive: [],
    candidate: {
      tenantUid: uid,
      projectUid: uid,
      clusterUid: uid,
      lifecycle: 'active',
      policy: { drift: 'heal', resyncSeconds: 300 },
      context: { system: {}, macros: {}, variables: {}, packs: {} },
      layers: [],
    },
  });
}

/** A previewer whose answers and reports are noted. */
function previewer(over: Partial<PreviewerOptions> = {}): {
  ask: (given: Command) => void;
  ended: () => Promise<string[]>;
} {
  const said: string[] = [];
  const made = createPreviewer({
    plane: { preview: async (id) => signPreview(request(id), key) },
    trust: () => ({ clusterUid: ClusterUid.parse(uid), trustedKeys: [trustedKey(key)] }),
    preview: async () => EMPTY,
    answer: () => said.push('answer'),
    report: ({ outcome, message }) => said.push(message === '' ? outcome : `${outcome}: ${message}`),
    now: () => new Date(),
    log: silentLogger,
    ...over,
  });
  return {
    ask: (given) => made.start(given, { signal: new AbortController().signal }),
    ended: async () => {
      await made.idle();
      return said;
    },
  };
}

describe('a previewer', () => {
  it('has time for a question that is open for longer than a timer runs', async () => {
    const { ask, ended } = previewer({
      preview: async (_request, { signal }) => {
        // A timer that runs over fires at once.
        await new Promise((resolve) => setTimeout(resolve, 20));
        signal.throwIfAborted();
        return EMPTY;
      },
    });
    ask(command(40 * 24 * 60 * 60 * 1000));
    expect(await ended()).toEqual(['answer', 'done']);
  });

  it('answers what was signed for this cluster and this question', async () => {
    const { ask, ended } = previewer();
    ask(command());
    expect(await ended()).toEqual(['answer', 'done']);
  });

  it.each([
    {
      name: 'another question',
      plane: { preview: async () => signPreview(request(randomUUID()), key) },
      says: 'expected',
    },
    {
      name: 'an unknown key',
      plane: { preview: async (id: string) => signPreview(request(id), generateSigningKey()) },
      says: 'unknown key',
    },
    { name: 'something else', plane: { preview: async () => ({}) }, says: 'malformed' },
  ])('refuses $name', async ({ plane, says }) => {
    const { ask, ended } = previewer({ plane });
    ask(command());
    expect(await ended()).toEqual([expect.stringMatching(new RegExp(`^failed: .*${says}`))]);
  });

  it('does not begin what nobody waits for, and breaks off what takes longer', async () => {
    const preview = async (_: PreviewRequest, { signal }: { readonly signal: AbortSignal }): Promise<PreviewResult> =>
      new Promise((_resolve, reject) => {
        // On a busy machine the time may be over before it begins.
        if (signal.aborted) reject(new Error('aborted'));
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const { ask, ended } = previewer({ preview });
    ask(command(-1));
    ask(command(50));
    expect(await ended()).toEqual([
      expect.stringContaining('expired: it was to be answered by'),
      'expired: it took longer than the plane waits',
    ]);
  });

  it('takes questions one after the other, and turns down what would pile up', async () => {
    let running = 0;
    let most = 0;
    const preview = async (): Promise<PreviewResult> => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return EMPTY;
    };
    const { ask, ended } = previewer({ preview });
    for (let at = 0; at < 10; at++) ask(command());
    const said = await ended();
    expect(most).toBe(1);
    expect(said.filter((text) => text === 'answer')).toHaveLength(8);
    expect(said.filter((text) => text.startsWith('failed: 8 previews are under way'))).toHaveLength(2);
  });
});
