import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { UNKNOWN, bigDecimal, type CtyObject } from './cty.ts';
import { computed, tf } from './index.ts';
import { objectModel } from './model.ts';
import { formatPath, terraformPath } from './path.ts';
import { fromTyped, toTyped } from './state-conversion.ts';

const model = objectModel(
  z.object({
    displayName: z.string(),
    isFips: z.boolean().default(false),
    size: z.number().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    endPoint: computed(z.array(z.object({ hostName: z.string(), port: z.int() }))),
    machinePool: z.array(z.object({ nodeCount: z.int().optional() })).optional(),
    hostRule: tf(z.array(z.object({ cidrRange: z.string() })).optional(), { set: true }),
    limits: z.object({ maxUse: z.int().optional() }).optional(),
  }),
  'test',
);

const cty = {
  display_name: 'a',
  is_fips: true,
  size: null,
  labels: { keepThis: 'x', __proto__x: 'y' },
  end_point: [{ host_name: 'h', port: 1 }],
  machine_pool: [{ node_count: 3 }],
  host_rule: [],
  limits: null,
};
const typed = {
  displayName: 'a',
  isFips: true,
  labels: { keepThis: 'x', __proto__x: 'y' },
  endPoint: [{ hostName: 'h', port: 1 }],
  machinePool: [{ nodeCount: 3 }],
  hostRule: [],
};

describe('conversion of values', () => {
  it('gives camelCase keys without nulls, and leaves the keys of maps alone', () => {
    expect(toTyped(model, cty, { unknown: 'omit' })).toEqual(typed);
  });

  it('gives back what it took', () => {
    expect(fromTyped(model, typed)).toEqual(cty);
  });

  it('puts the default where there is nothing', () => {
    expect(toTyped(model, { ...cty, is_fips: null }, { unknown: 'omit' })).toMatchObject({ isFips: false });
  });

  it('leaves unknown values out, or keeps them', () => {
    const partly: CtyObject = { ...cty, display_name: UNKNOWN, machine_pool: [{ node_count: UNKNOWN }] };
    expect(toTyped(model, partly, { unknown: 'omit' })).not.toHaveProperty('displayName');
    expect(toTyped(model, partly, { unknown: 'keep' })).toMatchObject({
      displayName: UNKNOWN,
      machinePool: [{ nodeCount: UNKNOWN }],
    });
  });

  it('gives numbers of any size as numbers', () => {
    expect([
      toTyped(model, { ...cty, size: 2n ** 70n }, { unknown: 'omit' })['size'],
      toTyped(model, { ...cty, size: bigDecimal('1.50') }, { unknown: 'omit' })['size'],
    ]).toEqual([2 ** 70, 1.5]);
  });

  it('names the attribute that has the wrong type, and never its value', () => {
    expect(() => fromTyped(model, { ...typed, machinePool: [{ nodeCount: 'hunter2' }] })).toThrow(
      new TypeError('machine_pool[0].node_count: expected number, got string'),
    );
  });
});

describe('paths', () => {
  it.each([
    { path: ['machinePool', 0, 'nodeCount'], want: 'machine_pool[0].node_count' },
    { path: ['endPoint', 1, 'hostName'], want: 'end_point[1].host_name' },
    { path: ['labels', 'a.b'], want: 'labels["a.b"]' },
    { path: ['limits', 'maxUse'], want: 'limits.max_use' },
    { path: ['hostRule', 0, 'cidrRange'], want: 'host_rule' },
    { path: ['nonsense'], want: '' },
  ])("are Terraform's: $want", ({ path, want }) => {
    expect(formatPath(terraformPath(model, path))).toBe(want);
  });
});

describe('schemas', () => {
  it('that Terraform has no counterpart for are refused, with their place', () => {
    expect(() => objectModel(z.object({ when: z.date() }), 'spectrocloud_test')).toThrow(
      'spectrocloud_test.when: a zod type "date"',
    );
  });
});
