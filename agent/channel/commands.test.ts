import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { silentLogger } from '#core/log';
import type { Command } from '#protocol/command';

import { createWake } from '../wake.ts';
import { runCommands, type CommandsOptions } from './commands.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');

function command(cursor: number, type: 'resync' | 'preview', expiresAt = '2026-01-01T00:01:00.000Z'): Command {
  return { id: randomUUID(), cursor, type, issuedAt: NOW.toISOString(), expiresAt };
}

/** Runs until `done`, over a queue as the plane keeps it. */
async function run(
  queue: readonly Command[],
  done: (log: readonly string[]) => boolean,
  over: Partial<CommandsOptions> = {},
): Promise<string[]> {
  const log: string[] = [];
  const stop = new AbortController();
  let cursor = 0;
  const say = (text: string): void => {
    log.push(text);
    if (done(log)) stop.abort();
  };
  await runCommands(
    {
      plane: { commands: async (after) => queue.filter((one) => one.cursor > after) },
      cursor: () => cursor,
      outcomes: () => [],
      saveCursor: async (next) => {
        cursor = next;
        say(`saved ${next}`);
      },
      resync: async () => say('resync'),
      takeOn: async ({ cursor: at }) => say(`taken on ${at}`),
      cancel: async () => say('cancelled'),
      preview: ({ cursor: at }) => say(`preview ${at}`),
      report: ({ outcome }) => say(outcome),
      wake: createWake(),
      intervalMs: () => 5,
      now: () => NOW,
      log: silentLogger,
      ...over,
    },
    { signal: stop.signal },
  );
  return log;
}

describe('commands', () => {
  it('are carried out one after the other, each once, and noted before they are reported', async () => {
    const log = await run(
      [command(1, 'resync'), command(2, 'resync')],
      (said) => said.filter((text) => text === 'done').length === 2,
    );
    expect(log).toEqual(['resync', 'saved 1', 'done', 'resync', 'saved 2', 'done']);
  });

  it('that come too late are not carried out', async () => {
    const late = command(1, 'resync', '2025-12-31T23:59:59.000Z');
    expect(await run([late], (said) => said.includes('expired'))).toEqual(['saved 1', 'expired']);
  });

  it('that ask something are begun while another one goes on', async () => {
    let finish: () => void = () => undefined;
    // It ends when the question is asked, and not before.
    const asked = new Promise<void>((resolve) => (finish = resolve));
    const resync = async (): Promise<void> => asked;
    const log = await run([command(1, 'resync'), command(2, 'preview')], (said) => said.includes('saved 2'), {
      resync,
      preview: () => finish(),
    });
    expect(log).toEqual(['saved 1', 'done', 'saved 2']);
  });

  it('are not carried out again when their place in the queue cannot be noted at once', async () => {
    let failures = 1;
    let resyncs = 0;
    const saved: number[] = [];
    await run([command(1, 'resync')], (said) => said.includes('done'), {
      resync: async () => {
        resyncs++;
      },
      saveCursor: async (cursor) => {
        if (failures-- > 0) throw new Error('the API server does not answer');
        saved.push(cursor);
      },
    });
    expect({ resyncs, saved }).toEqual({ resyncs: 1, saved: [1] });
  });

  it('that a former life carried out are told of again: it may have been killed before it told', async () => {
    const former = { commandId: randomUUID(), outcome: 'failed' as const, message: 'as noted' };
    const told: unknown[] = [];
    await run([command(1, 'resync')], (said) => said.includes('saved 1'), {
      outcomes: () => [former],
      report: (outcome) => told.push(outcome),
    });
    expect(told[0]).toEqual(former);
  });

  it('are asked for again when the plane did not answer', async () => {
    let failures = 1;
    const queue = [command(1, 'resync')];
    const log = await run(queue, (said) => said.includes('done'), {
      plane: {
        commands: async (after) => {
          if (failures-- > 0) throw new Error('away');
          return queue.filter((one) => one.cursor > after);
        },
      },
    });
    expect(log).toEqual(['resync', 'saved 1', 'done']);
  });
});
