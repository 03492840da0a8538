import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseSse, type SseItem } from './sse.ts';

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function parse(text: string, sizes: readonly number[] = [1000]): Promise<SseItem[]> {
  const items: SseItem[] = [];
  for await (const item of parseSse(inChunks(new TextEncoder().encode(text), sizes))) items.push(item);
  return items;
}

const message = (data: string, event = 'message', id?: string): SseItem => ({
  kind: 'message',
  message: { event, data, id },
});

describe('parseSse', () => {
  it.each([
    { name: 'an event with a name', text: 'event: cluster\ndata: {}\n\n', want: [message('{}', 'cluster')] },
    { name: 'data over several lines', text: 'data: a\ndata: b\n\n', want: [message('a\nb')] },
    {
      name: 'an id that stays in force',
      text: 'id: 7\ndata: a\n\ndata: b\n\n',
      want: [message('a', 'message', '7'), message('b', 'message', '7')],
    },
    { name: 'comments, which say nothing', text: ': keep-alive\n\ndata: a\n\n', want: [message('a')] },
    { name: 'a value without the space after its colon', text: 'data:a\n\n', want: [message('a')] },
    { name: 'a wish for the time between connections', text: 'retry: 1500\n\n', want: [{ kind: 'retry', ms: 1500 }] },
    { name: 'an event that the end cuts off, as nothing', text: 'data: a\n', want: [] },
    { name: 'an event name without data, as nothing', text: 'event: x\n\ndata: a\n\n', want: [message('a')] },
  ])('reads $name', async ({ text, want }) => {
    await expect(parse(text)).resolves.toEqual(want);
  });

  it('reads the same whatever the line ends are and wherever chunks end', async () => {
    const events = fc.array(
      fc.record({
        id: fc.stringMatching(/^[a-z0-9é]{1,5}$/),
        event: fc.stringMatching(/^[a-z]{1,5}$/),
        data: fc.array(fc.stringMatching(/^[^\r\n\0]{0,9}$/u), { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
        async (list, end, sizes) => {
          const text = list
            .map(({ id, event, data }) =>
              [`id: ${id}`, `event: ${event}`, ...data.map((line) => `data: ${line}`), '', ''].join(end),
            )
            .join('');
          // A CR at the very end may be half of a line end: what follows decides, here a comment.
          const items = await parse(`${text}: end${end}`, sizes);
          expect(items).toEqual(list.map(({ id, event, data }) => message(data.join('\n'), event, id)));
        },
      ),
    );
  });

  it('refuses an event without end', async () => {
    await expect(parse('x'.repeat(1024 * 1024 + 1))).rejects.toThrow(/longer than/);
  });
});
