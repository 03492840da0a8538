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

  it('never grows beyond its bound, drops the oldest, and says so for all but replaced statuses', () => {
    const kinds = fc.constantFrom<Report['kind']>(
      'status',
      'drift',
      'refusal',
      'command',
      'preview',
      'action',
      'event',
    );
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 800 }), (given) => {
        const dropped: string[] = [];
        const queue = createReportQueue({ onDrop: ({ id }) => dropped.push(id) });
        given.forEach((kind, at) => queue.add(report(kind, String(at))));
        expect(queue.length).toBeLessThanOrEqual(1 + 256 + 16 + 64 + 8 + 256 + 256);
        const left = queue.peek(Number.POSITIVE_INFINITY);
        const others = given.filter((kind) => kind !== 'status').length;
        expect(left.filter(({ kind }) => kind !== 'status').length + dropped.length).toBe(others);
        for (const kind of ['drift', 'refusal', 'command', 'preview'] as const) {
          const ids = left.filter((item) => item.kind === kind).map(({ id }) => Number(id));
          const all = given.flatMap((item, at) => (item === kind ? [at] : []));
          expect(ids).toEqual(all.slice(all.length - ids.length));
        }
      }),
      { numRuns: 20 },
    );
  });
});
