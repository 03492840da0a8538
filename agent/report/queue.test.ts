import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ClusterUid } from '#protocol/identifiers';
import type { Report } from '#protocol/report';

import { createReportQueue } from './queue.ts';

const clusterUid = ClusterUid.parse('a'.repeat(24));

const NOTHING = { created: 0, changed: 0, removed: 0, unchanged: 0, restarts: 0, refused: 0 };

function report(kind: Report['kind'], id: string): Report {
  const common = { id, clusterUid, sentAt: '2026-01-01T00:00:00.000Z' };
  switch (kind) {
    case 'status':
      return {
        ...common,
        kind,
        agentVersion: '1',
        kubernetesVersion: '1',
        revision: 1,
        phase: 'applied',
        healthy: true,
        layers: [],
        nodes: [],
      };
    case 'drift':
      return {
        ...common,
        kind,
        object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'x' },
        layer: 'app',
        change: 'modified',
        fields: [],
        action: 'healed',
        tookMs: 1,
        message: '',
      };
    case 'refusal':
      return { ...common, kind, reason: 'malformed', message: '' };
    case 'command':
      return { ...common, kind, commandId: id, outcome: 'done', message: '' };
    case 'action':
      return {
        ...common,
        kind,
        runId: id,
        sequence: 0,
        type: 'backup',
        origin: 'command',
        phase: 'running',
        step: '',
        startedAt: common.sentAt,
        message: '',
      };
    case 'event':
      return {
        ...common,
        kind,
        severity: 'info',
        reason: 'Test',
        message: '',
        count: 1,
        firstAt: common.sentAt,
        lastAt: common.sentAt,
      };
    case 'preview':
      return {
        ...common,
        kind,
        previewId: id,
        result: { revision: 1, counts: NOTHING, changes: [], refused: [], omitted: 0 },
      };
  }
}

describe('the queue of reports', () => {
  it('keeps the newest status only, and sends it after what led to it', () => {
    const queue = createReportQueue({ onDrop: () => undefined });
    queue.add(report('status', 's1'));
    queue.add(report('drift', 'd1'));
    queue.add(report('status', 's2'));
    queue.add(report('refusal', 'r1'));
    expect(queue.peek(10).map(({ id }) => id)).toEqual(['d1', 'r1', 's2']);
  });

  it('keeps what was not sent, and what came while it was sent', () => {
    const queue = createReportQueue({ onDrop: () => undefined });
    queue.add(report('status', 's1'));
    const batch = queue.peek(10);
    queue.add(report('status', 's2'));
    queue.done(batch.map(({ id }) => id));
    expect(queue.peek(10).map(({ id }) => id)).toEqual(['s2']);
  });

  it('gives the newest status with every batch, so that it comes at once after an outage', () => {
    const queue = createReportQueue({ onDrop: () => undefined });
    for (let at = 0; at < 1_000; at++) queue.add(report('event', `e${at}`));
    queue.add(report('status', 's1'));
    const batch = queue.peek(100);
    expect(batch).toHaveLength(100);
    expect(batch.at(-1)?.id).toBe('s1');
    expect(batch[0]?.id).toBe('e0');
  });

  it('bounds a batch by its bytes, and gives at least one report however large it is', () => {
    const queue = createReportQueue({ onDrop: () => undefined });
    const size = JSON.stringify(report('drift', 'd0')).length;
    for (let at = 0; at < 10; at++) queue.add(report('drift', `d${at}`));
    expect(queue.peek(100, 3 * size)).toHaveLength(3);
    expect(queue.peek(100, 1)).toHaveLength(1);
  });

  it('of a run the newest report stands for all before it', () => {
    const queue = createReportQueue({ onDrop: () => undefined });
    const run = report('action', 'a1');
    queue.add(run);
    queue.add(report('command', 'c1'));
    if (run.kind === 'action') queue.add({ ...run, id: 'a2', sequence: 1, phase: 'done' });
    expect(queue.peek(10).map(({ id }) => id)).toEqual(['c1', 'a2']);
  });

  it('beyond a thousand drifts, the newest of an object counts those before it', () => {
    const dropped: string[] = [];
    const queue = createReportQueue({ onDrop: ({ id }) => dropped.push(id) });
    for (let at = 0; at < 1_500; at++) queue.add(report('drift', `d${at}`));
    expect(queue.length).toBe(1_000);
    expect(dropped).toEqual([]);
    const last = queue.peek(2_000).at(-1);
    expect(last).toMatchObject({ id: 'd1499', message: 'and 500 more like it before' });

    // What a former life counted still counts.
    const restarted = createReportQueue({ onDrop: () => undefined });
    for (const waiting of queue.peek(2_000)) restarted.add(waiting);
    restarted.add(report('drift', 'd1500'));
    expect(restarted.peek(2_000).at(-1)).toMatchObject({ id: 'd1500', message: 'and 501 more like it before' });
  });

  it('holds ten thousand events in order, and what people wait for when there is more', () => {
    const dropped: Report[] = [];
    const queue = createReportQueue({ onDrop: (gone) => dropped.push(gone) });
    queue.add(report('command', 'c0'));
    for (let at = 0; at < 10_000; at++) queue.add(report('event', `e${at}`));
    expect(dropped).toEqual([]);
    for (let at = 10_000; at < 15_000; at++) queue.add(report('event', `e${at}`));
    expect(dropped).toHaveLength(5_000);
    const left = queue.peek(Number.POSITIVE_INFINITY).map(({ id }) => id);
    expect(left[0]).toBe('c0');
    expect(left[1]).toBe('e5000');
    expect(left.at(-1)).toBe('e14999');
    expect(queue.bytes).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('accounts for every report: it waits, was taken off, was dropped, or a newer one stands for it', () => {
    const kinds = fc.constantFrom<Report['kind']>(
      'status',
      'drift',
      'refusal',
      'command',
      'preview',
      'action',
      'event',
    );
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ add: kinds }) },
      { weight: 1, arbitrary: fc.record({ send: fc.integer({ min: 1, max: 30 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
        const dropped: string[] = [];
        const sent: string[] = [];
        const added: Report[] = [];
        const queue = createReportQueue({ onDrop: ({ id }) => dropped.push(id) });
        for (const one of steps) {
          if ('add' in one) {
            added.push(report(one.add, String(added.length)));
            queue.add(report(one.add, String(added.length - 1)));
          } else {
            const batch = queue.peek(one.send);
            expect(batch.length).toBeLessThanOrEqual(one.send);
            sent.push(...batch.map(({ id }) => id));
            queue.done(batch.map(({ id }) => id));
          }
        }
        const left = queue.peek(Number.POSITIVE_INFINITY);
        expect(left.length).toBe(queue.length);
        const others = added.filter(({ kind }) => kind !== 'status').length;
        const status = (ids: readonly string[]): number =>
          ids.filter((id) => added[Number(id)]?.kind !== 'status').length;
        expect(status(left.map(({ id }) => id)) + status(sent) + dropped.length).toBe(others);
        expect(queue.bytes).toBe(left.reduce((sum, one) => sum + JSON.stringify(one).length, 0));
        const order = left.filter(({ kind }) => kind !== 'status').map(({ id }) => Number(id));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });
});
