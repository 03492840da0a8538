import { describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import * as z from 'zod';

import {
  computed,
  dataSource,
  fullSchema,
  optionalComputed,
  resource,
  tf,
  type AnyDefinition,
  type ConfigOf,
  type PlannedOf,
  type StateOf,
} from './index.ts';

const widget = resource({
  type: 'spectrocloud_widget',
  description: 'A widget.',
  schemaVersion: 0,
  schema: z.object({
    name: tf(z.string(), { forceNew: true }),
    context: z.enum(['project', 'tenant']).default('project'),
    tags: tf(z.array(z.string()).optional(), { set: true }),
    labels: z.record(z.string(), z.string()).optional(),
    token: computed(z.string(), { sensitive: true }),
    part: z
      .array(z.object({ name: z.string(), uid: optionalComputed(z.string()), serial: computed(z.string()) }))
      .optional(),
  }),
  timeouts: { create: '10m', delete: '5m' },
  create: async ({ planned }) => Promise.resolve({ ...planned, id: planned.name, token: 't' }),
  read: async ({ state }) => Promise.resolve({ kind: 'current', state }),
  delete: async () => Promise.resolve(),
});

describe('types of values', () => {
  it('make what a user may write', () => {
    expectTypeOf<ConfigOf<typeof widget>>().toExtend<{
      name: string;
      context?: 'project' | 'tenant' | undefined;
      id?: string;
    }>();
    const good: ConfigOf<typeof widget> = { name: 'a', part: [{ name: 'p' }], timeouts: { create: '1m' } };
    // @ts-expect-error what the provider alone sets is no argument
    const computedArgument: ConfigOf<typeof widget> = { name: 'a', token: 'x' };
    // @ts-expect-error the update cannot be limited: it is not among the default timeouts
    const limit: ConfigOf<typeof widget> = { name: 'a', timeouts: { update: '1m' } };
    // @ts-expect-error name is missing
    const empty: ConfigOf<typeof widget> = {};
    // @ts-expect-error a nested computed attribute is no argument either
    const nested: ConfigOf<typeof widget> = { name: 'a', part: [{ name: 'p', serial: '1' }] };
    expect([good, computedArgument, limit, empty, nested]).toHaveLength(5);
  });

  it('make states in which defaults are always there', () => {
    expectTypeOf<StateOf<typeof widget>['context']>().toEqualTypeOf<'project' | 'tenant'>();
    expectTypeOf<StateOf<typeof widget>['tags']>().toEqualTypeOf<string[] | undefined>();
    expectTypeOf<StateOf<typeof widget>['id']>().toEqualTypeOf<string>();
    expectTypeOf<PlannedOf<typeof widget>['labels']>().toEqualTypeOf<Record<string, string> | undefined>();
  });

  it('are assignable to what the fronts work with', () => {
    const all: AnyDefinition[] = [
      widget,
      dataSource({
        type: 'spectrocloud_widget',
        description: 'Finds a widget.',
        schema: z.object({ name: optionalComputed(z.string()) }),
        read: async ({ config }) => Promise.resolve({ ...config, id: config.id ?? '1' }),
      }),
    ];
    expect(all.map((definition) => Object.keys(fullSchema(definition).shape))).toEqual([
      ['name', 'context', 'tags', 'labels', 'token', 'part', 'id', 'timeouts'],
      ['name', 'id'],
    ]);
  });
});
