import { describe, expect, it } from '@jest/globals';

import { objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { desiredDigest, type DesiredObject } from './stamp.ts';
import { createObjectTable } from './table.ts';

const object = (
  name: string,
  over: { readonly version?: number; readonly uid?: string; readonly data?: object } = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, uid: over.uid ?? name, resourceVersion: String(over.version ?? 1) },
  data: over.data ?? {},
});
const desired = (name: string, layer: string, data: object = {}): DesiredObject => {
  const wanted = object(name, { data });
  const ref = refOf(wanted);
  return {
    key: objectKey(ref),
    ref,
    layer,
    priority: 0,
    implicit: false,
    object: wanted,
    rules: RULES,
    digest: desiredDigest(wanted, RULES),
  };
};
const RULES: DesiredObject['rules'] = { drift: 'heal', conflicts: 'take', immutable: 'report', ignored: [] };
const type = { apiVersion: 'v1', kind: 'ConfigMap' };
const key = objectKey(refOf(object('a')));

describe('the table of objects', () => {
  it('drops news that is older than what it knows', () => {
    const table = createObjectTable();
    table.observe(object('a', { version: 10, data: { x: 'new' } }));
    const { hash } = table.live(key) ?? {};
    table.observe(object('a', { version: 9, data: { x: 'old' } }));
    expect(table.live(key)?.hash).toBe(hash);
  });

  it('takes an object for ready that somebody deleted where drift is ignored, and waits for it elsewhere', () => {
    const table = createObjectTable();
    for (const drift of ['ignore', 'alert'] as const) {
      table.setLayer('app', [{ ...desired('a', 'app'), rules: { ...RULES, drift } }]);
      const entry = table.entry(key);
      if (!entry) throw new Error('it has no entry');
      entry.standingDrift = 'deleted';
      expect(table.readinessOf(entry).kind).toBe(drift === 'ignore' ? 'current' : 'in progress');
    }
  });

  it('keeps an object made anew when the end of the old one is told late', () => {
    const table = createObjectTable();
    table.observe(object('a', { uid: 'second', version: 12 }));
    table.observeGone(object('a', { uid: 'first', version: 11 }));
    expect(table.live(key)).toBeDefined();
  });

  it('forgets what a complete list no longer has, and tells of each change', () => {
    const table = createObjectTable();
    const told: string[] = [];
    table.observe(object('a'));
    table.observe(object('b'));
    table.onChange((changed) => told.push(changed));
    table.observeAll(type, [object('b', { version: 2 })]);
    expect(table.live(key)).toBeUndefined();
    expect(told).toEqual([key, objectKey(refOf(object('b')))]);
  });

  it('keeps what is known of an object that moves to another layer', () => {
    const table = createObjectTable();
    table.setLayer('first', [desired('a', 'first')]);
    const entry = table.entry(key);
    table.setLayer('second', [desired('a', 'second')]);
    table.setLayer('first', []);
    expect(table.entry(key)).toBe(entry);
    expect(table.ofLayer('second')).toEqual([entry]);
    table.keepLayers(new Set(['first']));
    expect(table.entry(key)).toBeUndefined();
  });

  it('has the waves come to an object again when it is to change, and only then', () => {
    const table = createObjectTable();
    table.setLayer('app', [desired('a', 'app')]);
    const entry = table.entry(key);
    if (entry) entry.reached = true;
    table.setLayer('app', [desired('a', 'app')]);
    expect(entry?.reached).toBe(true);
    table.setLayer('app', [desired('a', 'app', { x: '1' })]);
    expect(entry?.reached).toBe(false);
  });
});
