import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  PREVIEW_LIMITS,
  PreviewResult,
  type PreviewChange,
  type PreviewHook,
  type PreviewRefusal,
} from '#protocol/preview';

import { boundedResult } from './bounded.ts';

function change(over: Partial<PreviewChange> = {}): PreviewChange {
  return {
    kind: 'changed',
    layer: 'app',
    object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'x' },
    fields: [],
    restarts: false,
    ...over,
  };
}

const HOOK: PreviewHook = { event: 'test', layer: 'app', object: { apiVersion: 'v1', kind: 'Pod', name: 'x' } };
const refusal: PreviewRefusal = { layer: 'app', message: 'no' };

function bounded(changes: readonly PreviewChange[], refused: readonly PreviewRefusal[] = []): PreviewResult {
  return boundedResult({ revision: 3, changes, refused, hooks: [HOOK], unchanged: 7 });
}

describe('an answer', () => {
  it('counts by kind', () => {
    const result = bounded(
      [change(), change({ restarts: true }), change({ kind: 'created' }), change({ kind: 'removed' })],
      [refusal],
    );
    expect(result).toMatchObject({
      revision: 3,
      counts: { created: 1, changed: 2, removed: 1, unchanged: 7, restarts: 1, refused: 1, hooks: 1 },
      hooks: [HOOK],
      omitted: 0,
    });
  });

  it('stays within its bounds whatever is found, is valid, and counts what it leaves out', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 3_000 }),
      fc.integer(),
      fc.array(fc.string({ maxLength: 400 }), { maxLength: 9 }),
    );
    const field = fc.record(
      { path: fc.string({ maxLength: 60 }), before: value, after: value },
      { requiredKeys: ['path'] },
    );
    const found = fc.array(
      fc.record({ fields: fc.array(field, { maxLength: 80 }), restarts: fc.boolean() }).map((over) => change(over)),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(found, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 150 }), (some, times, refusals) => {
        const changes = Array.from({ length: times }, () => some).flat();
        const refused = Array.from({ length: refusals }, () => refusal);
        const result = PreviewResult.parse(bounded(changes, refused));
        expect(Buffer.byteLength(JSON.stringify([...result.changes, ...result.refused]))).toBeLessThan(
          PREVIEW_LIMITS.bytes + 2_000,
        );
        expect(result.counts.changed).toBe(changes.length);
        expect(result.changes.length + result.refused.length + result.omitted).toBe(changes.length + refused.length);
      }),
      { numRuns: 40 },
    );
  });

  it('shows of long texts the lines that differ', () => {
    const lines = Array.from({ length: 200 }, (_, at) => `line ${at}`);
    const after = lines.map((line, at) => (at === 100 ? 'another' : line));
    const [shown] = bounded([
      change({ fields: [{ path: 'data.text', before: lines.join('\n'), after: after.join('\n') }] }),
    ]).changes;
    expect(shown?.fields).toEqual([
      {
        path: 'data.text',
        before: '… 100 equal lines\nline 100\n… 99 equal lines',
        after: '… 100 equal lines\nanother\n… 99 equal lines',
      },
    ]);
  });

  it('cuts long values and many fields, and says so', () => {
    const fields = Array.from({ length: 60 }, (_, at) => ({ path: `f${at}`, after: 'x'.repeat(5_000) }));
    const [shown] = bounded([change({ fields })]).changes;
    expect(shown).toMatchObject({ omittedFields: 10 });
    expect(shown?.fields).toHaveLength(50);
    expect(shown?.fields[0]).toEqual({ path: 'f0', after: expect.stringMatching(/^x{256}… \(5000 bytes\)$/) });
  });
});
