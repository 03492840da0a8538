import { describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';

import type { RecordedEvent } from '#kubernetes/event-recorder';

import { createActionTeller } from './action-event.ts';
import { createAgentEvents, type AgentEvents, type ToldEvent } from './events.ts';

interface Bench {
  readonly events: AgentEvents;
  readonly told: ToldEvent[];
  readonly recorded: RecordedEvent[];
  dropped(): Promise<number>;
  wait(ms: number): void;
}

function bench(): Bench {
  let at = Date.parse('2026-01-01T00:00:00Z');
  const told: ToldEvent[] = [];
  const recorded: RecordedEvent[] = [];
  const registers = [new Registry()];
  const eventsDropped = new Counter({ name: 'dropped', help: 'x', registers });
  const events = createAgentEvents({
    recorder: { record: (event) => void recorded.push(event) },
    namespace: 'palette-system',
    report: (event) => void told.push(event),
    metrics: {
      events: new Counter({ name: 'events', help: 'x', labelNames: ['severity', 'reason'], registers }),
      eventsDropped,
    },
    now: () => new Date(at),
  });
  return {
    events,
    told,
    recorded,
    dropped: async () => (await eventsDropped.get()).values[0]?.value ?? 0,
    wait: (ms) => {
      at += ms;
    },
  };
}

const DOWN = { reason: 'PlaneUnreachable', message: 'the plane does not answer' } as const;

describe('events of the agent', () => {
  it('are reported again when the clock was put back', () => {
    const { events, told, wait } = bench();
    events.emit(DOWN);
    wait(-3_600_000);
    events.emit(DOWN);
    expect(told.map(({ count }) => count)).toEqual([1, 2]);
  });

  it('are told at once, and counted when they come again', () => {
    const { events, told, wait } = bench();
    events.emit(DOWN);
    for (let time = 0; time < 5; time++) {
      wait(1_000);
      events.emit(DOWN);
    }
    expect(told.map(({ count }) => count)).toEqual([1]);
    events.flush();
    expect(told.map(({ count }) => count)).toEqual([1, 6]);
    expect(new Set(told.map(({ eventId }) => eventId)).size).toBe(1);
    expect(told[1]).toMatchObject({
      severity: 'warning',
      firstAt: '2026-01-01T00:00:00.000Z',
      lastAt: '2026-01-01T00:00:05.000Z',
    });
  });

  it('are told less and less often while they go on', () => {
    const { events, told, wait } = bench();
    for (let second = 0; second < 3_600; second++) {
      events.emit(DOWN);
      wait(1_000);
    }
    expect(told.length).toBeLessThan(14);
    events.flush();
    expect(told.at(-1)?.count).toBe(3_600);
  });

  it('are new after an hour of quiet', () => {
    const { events, told, wait } = bench();
    events.emit(DOWN);
    wait(3_600_000);
    events.emit(DOWN);
    expect(told.map(({ count }) => count)).toEqual([1, 1]);
    expect(told[0]?.eventId).not.toBe(told[1]?.eventId);
  });

  it('are bounded in a storm, and the storm is counted', async () => {
    const { events, told, dropped, wait } = bench();
    for (let object = 0; object < 5_000; object++)
      events.emit({
        reason: 'DriftHealed',
        message: `object ${object}`,
        object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: `o${object}` },
      });
    expect(told).toHaveLength(100);
    expect(await dropped()).toBe(4_900);
    // An error is told all the same.
    events.emit({ reason: 'NodeNotReady', message: 'node a is not ready' });
    expect(told.at(-1)?.reason).toBe('NodeNotReady');
    wait(2_000);
    events.emit(DOWN);
    expect(told.at(-1)?.reason).toBe('PlaneUnreachable');
  });

  it('are written as Kubernetes events of their object, or of the agent’s namespace', () => {
    const { events, recorded } = bench();
    events.emit(DOWN);
    events.emit({
      reason: 'DriftNotHealed',
      message: 'x'.repeat(5_000),
      object: { apiVersion: 'v1', kind: 'Secret', namespace: 'a', name: 's' },
    });
    expect(
      recorded.map(({ object, type, reason, message }) => [
        object.kind,
        object.metadata.name,
        type,
        reason,
        message.length,
      ]),
    ).toEqual([
      ['Namespace', 'palette-system', 'Warning', 'PlaneUnreachable', DOWN.message.length],
      ['Secret', 's', 'Warning', 'DriftNotHealed', 1_024],
    ]);
  });
});

describe('events of actions', () => {
  it('tell of a beginning and an end, and of no progress between', () => {
    const tell = createActionTeller();
    const of = (phase: 'waiting' | 'running' | 'done', message = ''): string | undefined =>
      tell({ runId: 'r', type: 'backup', phase, message })?.reason;
    expect([of('waiting'), of('running'), of('running', '50 %'), of('done', 'b-1'), of('done')]).toEqual([
      undefined,
      'ActionStarted',
      undefined,
      'ActionDone',
      undefined,
    ]);
  });

  it('are not told of actions again that a former life has told of', () => {
    const tell = createActionTeller();
    const of = (runId: string, phase: 'running' | 'failed' | 'done'): string | undefined =>
      tell({ runId, type: 'backup', phase, message: '' })?.reason;
    expect([of('ended', 'failed'), of('gone on with', 'running')]).toEqual([undefined, undefined]);
    expect(of('gone on with', 'done')).toBe('ActionDone');
  });
});
