import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { PlaneCallError } from '../channel/rest.ts';
import type { Artifact } from './action.ts';
import { createOutbox, type OutboxOptions } from './outbox.ts';

const text = (name: string, content: string): Artifact => ({
  name,
  contentType: 'text/plain',
  bytes: Buffer.from(content),
});

describe('what runs send', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'outbox-'));
  });
  afterEach(async () => rm(dir, { recursive: true, force: true }));

  /** Sends until `enough` were taken. */
  async function drain(
    enough: number,
    answer: (name: string, attempt: number) => void = () => undefined,
    over: Partial<OutboxOptions> = {},
  ): Promise<string[]> {
    const taken: string[] = [];
    const attempts = new Map<string, number>();
    const stop = new AbortController();
    const outbox = createOutbox({
      dir,
      log: silentLogger,
      send: async (_runId, { name, bytes }) => {
        attempts.set(name, (attempts.get(name) ?? 0) + 1);
        answer(name, attempts.get(name) ?? 0);
        taken.push(`${name}: ${Buffer.from(bytes).toString()}`);
        if (taken.length === enough) stop.abort();
      },
      ...over,
    });
    await outbox.run({ signal: stop.signal });
    return taken;
  }

  it('waits in files over restarts until the plane has it, in the order in which it came', async () => {
    const first = createOutbox({ dir, log: silentLogger, send: async () => undefined });
    await first.put(randomUUID(), text('a', '1'));
    await first.put(randomUUID(), text('b', '2'));
    expect(await drain(2)).toEqual(['a: 1', 'b: 2']);
    expect(await readdir(dir)).toEqual([]);
  });

  it('is sent again while the plane is away, and does not hold up the rest when it is refused', async () => {
    const outbox = createOutbox({ dir, log: silentLogger, send: async () => undefined });
    await outbox.put(randomUUID(), text('refused', 'x'));
    await outbox.put(randomUUID(), text('taken', 'y'));
    const taken = await drain(2, (name, attempt) => {
      if (name === 'refused' && attempt === 1) throw new PlaneCallError('not known yet', 404, 'ResourceNotFound');
      if (name === 'taken' && attempt === 1) throw new PlaneCallError('away', 0, 'Unreachable');
    });
    expect(taken.toSorted()).toEqual(['refused: x', 'taken: y']);
  });

  it('has bounds: too large is refused, too much drops the oldest, and what is spoiled is passed over', async () => {
    const outbox = createOutbox({ dir, log: silentLogger, send: async () => undefined, maxBytes: 10 });
    await expect(
      outbox.put(randomUUID(), { ...text('huge', ''), bytes: new Uint8Array(64 * 1024 * 1024 + 1) }),
    ).rejects.toThrow('huge has 67108865 bytes');
    await outbox.put(randomUUID(), text('old', '123456'));
    await outbox.put(randomUUID(), text('new', '7890123'));
    await writeFile(join(dir, '000-spoiled.label'), '{');
    // A life that was killed left these.
    await writeFile(join(dir, '001-killed.content'), 'half');
    await writeFile(join(dir, '001-killed.label.new'), '{');
    expect(await drain(1)).toEqual(['new: 7890123']);
    expect(await readdir(dir)).toEqual([]);
  });
});
