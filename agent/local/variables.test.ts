import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';

import { createLocalVariables, faultsOf } from './variables.ts';

const definitions = [
  { name: 'size', inputType: 'dropdown' as const, options: [{ value: 'small' }, { value: 'large' }] },
  { name: 'replicas', format: 'number' as const, required: true },
  { name: 'site', immutable: true },
  { name: 'secret', isSensitive: true, regex: '^[a-z]+$' },
];

describe('values that people set at the cluster', () => {
  it.each<{
    readonly name: string;
    readonly present: Readonly<Record<string, string>>;
    readonly change: Readonly<Record<string, string | null>>;
    readonly want: readonly RegExp[];
  }>([
    { name: 'one that is offered', present: {}, change: { size: 'large' }, want: [] },
    { name: 'one that is not offered', present: {}, change: { size: 'huge' }, want: [/expected one of/] },
    { name: 'of the wrong form', present: {}, change: { replicas: 'many' }, want: [/number/] },
    { name: 'none where one is required', present: {}, change: { replicas: '' }, want: [/required/] },
    { name: 'back to the plane’s', present: { replicas: '3' }, change: { replicas: null }, want: [] },
    { name: 'the first of one that stays', present: {}, change: { site: 'a' }, want: [] },
    { name: 'the same of one that stays', present: { site: 'a' }, change: { site: 'a' }, want: [] },
    { name: 'another of one that stays', present: { site: 'a' }, change: { site: 'b' }, want: [/cannot be changed/] },
    { name: 'back from one that stays', present: { site: 'a' }, change: { site: null }, want: [/cannot be changed/] },
    { name: 'of a variable that is not left to them', present: {}, change: { other: 'x' }, want: [/no such variable/] },
    {
      name: 'of a name that objects have anyway',
      present: {},
      change: { constructor: 'x' },
      want: [/no such variable/],
    },
  ])('are judged: $name', ({ present, change, want }) => {
    const faults = faultsOf(definitions, present, change);
    expect(faults).toHaveLength(want.length);
    want.forEach((pattern, at) => expect(faults[at]?.message).toMatch(pattern));
  });

  it('of one that stays are set once, also when two set it at once', async () => {
    const client: Pick<KubeClient, 'apply'> = { apply: async (object) => Promise.resolve(object) };
    // as: setting asks for nothing else
    const variables = createLocalVariables(client as KubeClient, 'palette-system', silentLogger);
    const { signal } = new AbortController();
    const set = async (site: string): Promise<number> =>
      (await variables.set('c', definitions, { site }, { signal })).length;
    expect(await Promise.all([set('a'), set('b'), set('a')])).toEqual([0, 1, 0]);
    expect(variables.values()).toEqual({ site: 'a' });
  });

  it('are not in what is said of them when they are secret', () => {
    expect(JSON.stringify(faultsOf(definitions, {}, { secret: 'CANARY' }))).not.toContain('CANARY');
  });
});
