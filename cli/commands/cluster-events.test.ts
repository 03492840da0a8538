import { expect, it } from '@jest/globals';

import type { PaletteEvent, Schemas } from '#openapi/client/index';

import { followEvents } from './cluster-events.ts';

const AT = '2026-01-01T00:00:00.000Z';
const stored = (uid: string, count: number): Schemas['v1Event'] => ({
  metadata: { uid, lastModifiedTimestamp: AT, annotations: { count: String(count) } },
  severity: 'info',
  reason: uid,
  message: 'x',
  involvedObject: { kind: 'spectrocluster', name: 'c' },
});
const told = (eventId: string, count: number): PaletteEvent => ({
  kind: 'event',
  id: undefined,
  data: { clusterUid: 'c', eventId, severity: 'info', reason: eventId, message: 'x', count, firstAt: AT, lastAt: AT },
});

it('shows each event once, whatever was told while it was listed or while the stream was broken', async () => {
  const lists = [
    [stored('b', 1), stored('a', 2)],
    [stored('c', 4), stored('b', 1), stored('a', 2)],
  ];
  async function* stream(): AsyncGenerator<PaletteEvent> {
    yield { kind: 'open', resumed: false };
    // Told since the stream stands, and in the list already.
    yield told('b', 1);
    yield told('a', 3);
    yield { kind: 'open', resumed: true };
    yield told('c', 1);
    yield { kind: 'open', resumed: false };
    yield told('d', 1);
  }
  const shown: string[] = [];
  await followEvents({
    stream: stream(),
    list: async () => lists.shift() ?? [],
    first: (items) => void shown.push(items.map(({ reason }) => reason).join(' ')),
    next: ({ reason, count }) => void shown.push(`${reason} ${count}`),
  });
  expect(shown).toEqual(['a b', 'a 3', 'c 1', 'c 4', 'd 1']);
});
