import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { UNKNOWN, type CtyObject } from './cty.ts';
import { computed, resource, tf } from './index.ts';
import { formatPath } from './path.ts';
import { validateConfig } from './validate-config.ts';

const definition = resource({
  type: 'spectrocloud_test',
  description: 'A test.',
  schemaVersion: 0,
  schema: z.object({
    context: z.enum(['project', 'tenant']).default('project'),
    version: z
      .string()
      .regex(/^\d+\.\d+$/, 'Expected two numbers, such as "1.0".')
      .optional(),
    secret: tf(z.enum(['a', 'b']).optional(), { sensitive: true }),
    size: z.int().min(1).optional(),
    names: tf(z.array(z.string().min(2)).optional(), { set: true }),
    all: tf(z.boolean().optional(), { conflictsWith: ['mode'] }),
    mode: z.string().optional(),
    old: tf(z.string().optional(), { deprecated: 'Use `mode` instead.' }),
    uid: computed(z.string()),
    pack: z.array(z.object({ type: z.enum(['spectro', 'helm']).default('spectro') })).optional(),
    rule: tf(z.array(z.object({ kind: z.enum(['x']) })).optional(), { set: true }),
  }),
  timeouts: { create: '10m' },
  validate: ({ config }) =>
    config.mode === UNKNOWN || config.mode !== 'odd'
      ? []
      : [{ path: ['pack', 1, 'type'], summary: 'Odd mode', detail: 'Choose another.' }],
  create: async ({ planned }) => Promise.resolve({ ...planned, id: '1' }),
  read: async () => Promise.resolve({ kind: 'absent' }),
  delete: async () => Promise.resolve(),
});

const nothing: CtyObject = {
  id: null,
  context: null,
  version: null,
  secret: null,
  size: null,
  names: null,
  all: null,
  mode: null,
  old: null,
  uid: null,
  pack: [],
  rule: [],
  timeouts: null,
};

function problems(config: CtyObject): string[] {
  return validateConfig(definition, { ...nothing, ...config }).map(
    ({ severity, path, summary, detail }) => `${severity} ${formatPath(path ?? [])}: ${summary}. ${detail}`,
  );
}

describe('validateConfig', () => {
  it.each<{ name: string; config: CtyObject; want: string[] }>([
    { name: 'nothing in an empty configuration', config: {}, want: [] },
    {
      name: 'a word that is not in the list',
      config: { context: 'system' },
      want: ['error context: Invalid value for context. Expected one of "project", "tenant", got "system".'],
    },
    {
      name: "a text of the wrong form, in the definition's own words",
      config: { version: 'one' },
      want: ['error version: Invalid value for version. Expected two numbers, such as "1.0", got "one".'],
    },
    {
      name: 'a secret, without showing it',
      config: { secret: 'hunter2' },
      want: ['error secret: Invalid value for secret. Expected one of "a", "b".'],
    },
    {
      name: 'a number that is too small',
      config: { size: 0 },
      want: ['error size: Invalid value for size. Too small: expected number to be >=1, got 0.'],
    },
    {
      name: 'an element of a set, at the set',
      config: { names: ['ok', 'x'] },
      want: ['error names: Invalid value for names[1]. Too small: expected string to have >=2 characters, got "x".'],
    },
    {
      name: 'the known elements of a set that is partly unknown',
      config: { names: [UNKNOWN, 'x'] },
      want: ['error names: Invalid value for names. Too small: expected string to have >=2 characters, got "x".'],
    },
    {
      name: 'what cannot stand together',
      config: { all: true, mode: 'x' },
      want: ['error all: all conflicts with mode. Only one of all and mode may be set: remove the other.'],
    },
    {
      name: 'what should not be used any more',
      config: { old: 'x' },
      want: ['warning old: old is deprecated. Use `mode` instead.'],
    },
    {
      name: 'an attribute of a block, at its index',
      config: { pack: [{ type: null }, { type: 'oci' }] },
      want: ['error pack[1].type: Invalid value for pack[1].type. Expected one of "spectro", "helm", got "oci".'],
    },
    {
      name: 'an attribute in a set of blocks, at the set',
      config: { rule: [{ kind: 'y' }] },
      want: ['error rule: Invalid value for rule.kind. Expected one of "x", got "y".'],
    },
    {
      name: 'what the definition itself checks',
      config: { mode: 'odd' },
      want: ['error pack[1].type: Odd mode. Choose another.'],
    },
    {
      name: 'a duration that is none',
      config: { timeouts: { create: '10 minutes' } },
      want: [
        'error timeouts.create: Invalid value for timeouts.create. Expected a duration such as "30s", "10m" or "1h30m".',
      ],
    },
    {
      name: 'nothing in what is not known',
      config: {
        context: UNKNOWN,
        size: UNKNOWN,
        names: UNKNOWN,
        mode: UNKNOWN,
        pack: UNKNOWN,
        rule: [{ kind: UNKNOWN }],
      },
      want: [],
    },
  ])('finds $name', ({ config, want }) => {
    expect(problems(config)).toEqual(want);
  });
});
