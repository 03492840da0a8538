import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';

import { computed, optionalComputed, resource, tf } from '#resources/index';

import { managedFields } from './fields.ts';
import {
  connectionDetails,
  findReferences,
  findSecrets,
  toAtProvider,
  toConfig,
  toForProvider,
  toState,
  withInitial,
  withValue,
  type JsonObject,
} from './values.ts';
import { attributePath, inKubernetesWords, specPath } from './words.ts';

const widget = resource({
  type: 'spectrocloud_widget',
  description: 'A widget.',
  schemaVersion: 0,
  schema: z.object({
    name: z.string(),
    projectUid: tf(z.string().default(''), { reference: { resource: 'spectrocloud_project', attribute: 'id' } }),
    registryUid: tf(z.string().optional(), { reference: { resource: 'spectrocloud_registry', attribute: 'id' } }),
    secretKey: tf(z.string().optional(), { sensitive: true }),
    tags: tf(z.array(z.string()).optional(), { set: true }),
    clusterProfile: z
      .array(
        z.object({
          id: tf(z.string(), { reference: { resource: 'spectrocloud_cluster_profile', attribute: 'id' } }),
          variables: z.record(z.string(), z.string()).optional(),
          uid: optionalComputed(z.string()),
          serial: computed(z.string()),
        }),
      )
      .optional(),
    backupPolicy: z
      .array(z.object({ prefix: z.string(), password: tf(z.string().optional(), { sensitive: true }) }))
      .max(1)
      .optional(),
    token: computed(z.string(), { sensitive: true }),
    command: computed(z.string(), { connection: true }),
    healthStatus: computed(z.string()),
  }),
  timeouts: { create: '1m' },
  create: async ({ planned }) => Promise.resolve({ ...planned, id: '1' }),
  read: async ({ state }) => Promise.resolve({ kind: 'current', state }),
  delete: async () => Promise.resolve(),
});
const fields = managedFields(widget);

const forProvider = {
  name: 'w',
  projectUidRef: { name: 'p' },
  secretKeySecretRef: { name: 's', key: 'k' },
  clusterProfile: [
    { id: 'profile-1', idRef: { name: 'is not needed' } },
    { idRef: { name: 'base' }, variables: { a: 'b' } },
    { idSelector: { matchLabels: { tier: 'base' } } },
  ],
  backupPolicy: { prefix: 'b', passwordSecretRef: { name: 's2', key: 'k2', namespace: 'n' } },
};

describe('fields of a managed resource', () => {
  it('are those of the definition without timeouts; the id is told, not written', () => {
    expect(fields.map(({ key, input }) => `${key}${input ? '' : ' (told)'}`)).toEqual([
      'name',
      'projectUid',
      'registryUid',
      'secretKey',
      'tags',
      'clusterProfile',
      'backupPolicy',
      'token (told)',
      'command (told)',
      'healthStatus (told)',
      'id (told)',
    ]);
  });

  it('refer to managed resources only: a registry is looked up, never made', () => {
    expect(fields.flatMap(({ reference }) => reference?.refKey ?? [])).toEqual(['projectUidRef']);
  });
});

describe('parameters', () => {
  it('name what is to be resolved, but for what has a value already', () => {
    expect(findReferences(fields, forProvider).map(({ path, at, target }) => ({ path, at, target }))).toEqual([
      { path: ['projectUid'], at: ['projectUidRef'], target: { kind: 'name', name: 'p' } },
      {
        path: ['clusterProfile', 1, 'id'],
        at: ['clusterProfile', 1, 'idRef'],
        target: { kind: 'name', name: 'base' },
      },
      {
        path: ['clusterProfile', 2, 'id'],
        at: ['clusterProfile', 2, 'idSelector'],
        target: { kind: 'selector', matchLabels: { tier: 'base' } },
      },
    ]);
  });

  it('name the Secrets to read', () => {
    expect(findSecrets(fields, forProvider)).toEqual([
      { path: ['secretKey'], at: ['secretKeySecretRef'], name: 's', key: 'k', namespace: undefined },
      {
        path: ['backupPolicy', 'password'],
        at: ['backupPolicy', 'passwordSecretRef'],
        name: 's2',
        key: 'k2',
        namespace: 'n',
      },
    ]);
  });

  it('become a configuration once all values are put in', () => {
    const resolved = [...findReferences(fields, forProvider), ...findSecrets(fields, forProvider)].reduce<JsonObject>(
      (parameters, { path }, index) => withValue(parameters, path, `value-${index}`),
      forProvider,
    );
    expect(toConfig(fields, { ...resolved, token: 'not mine to set', unheard: 'of' })).toEqual({
      name: 'w',
      projectUid: 'value-0',
      secretKey: 'value-3',
      clusterProfile: [{ id: 'profile-1' }, { id: 'value-1', variables: { a: 'b' } }, { id: 'value-2' }],
      backupPolicy: [{ prefix: 'b', password: 'value-4' }],
    });
    expect(forProvider.clusterProfile[1]).not.toHaveProperty('id');
  });

  it.each([
    { name: 'take what only initProvider gives', init: { tags: ['a'] }, want: { name: 'w', tags: ['a'] } },
    { name: 'count before initProvider', init: { name: 'other' }, want: { name: 'w' } },
    {
      name: 'count before initProvider when they refer to another object',
      own: { projectUidRef: { name: 'p' } },
      init: { projectUid: 'q' },
      want: { name: 'w', projectUidRef: { name: 'p' } },
    },
  ])('$name', ({ own = {}, init, want }) => {
    expect(withInitial(fields, { name: 'w', ...own }, init)).toEqual(want);
  });
});

describe('a state', () => {
  const state = {
    id: '1',
    name: 'w',
    projectUid: '',
    secretKey: 'S3CRET',
    tags: [],
    clusterProfile: [{ id: 'profile-1', serial: 's', uid: 'u' }],
    backupPolicy: [{ prefix: 'b', password: 'S3CRET' }],
    token: 'S3CRET',
    command: 'kubectl apply',
    healthStatus: 'Healthy',
  };

  it('is told without what is sensitive or empty', () => {
    expect(toAtProvider(fields, state)).toEqual({
      id: '1',
      name: 'w',
      projectUid: '',
      clusterProfile: [{ id: 'profile-1', serial: 's', uid: 'u' }],
      backupPolicy: { prefix: 'b' },
      command: 'kubectl apply',
      healthStatus: 'Healthy',
    });
  });

  it('can be written in forProvider as far as it is not computed', () => {
    expect(toForProvider(fields, state)).toEqual({
      name: 'w',
      projectUid: '',
      clusterProfile: [{ id: 'profile-1', uid: 'u' }],
      backupPolicy: { prefix: 'b' },
    });
  });

  it('gives the connection Secret what is secret or helps to connect', () => {
    expect(connectionDetails(fields, state)).toEqual({ token: 'S3CRET', command: 'kubectl apply' });
  });

  it('is the same again after it was told', () => {
    const text = fc.string({ minLength: 1 });
    const states = fc.record(
      {
        id: text,
        name: text,
        tags: fc.array(text, { minLength: 1 }),
        clusterProfile: fc.array(
          fc.record(
            { id: text, variables: fc.dictionary(text, text, { minKeys: 1, noNullPrototype: true }), serial: text },
            { requiredKeys: ['id'] },
          ),
          { minLength: 1 },
        ),
        backupPolicy: fc.array(fc.record({ prefix: text }), { minLength: 1, maxLength: 1 }),
      },
      { requiredKeys: ['id'] },
    );
    fc.assert(
      fc.property(states, (given) => {
        expect(toState(fields, toAtProvider(fields, given))).toEqual(given);
      }),
    );
  });
});

describe('the words of Kubernetes', () => {
  it.each([
    {
      name: 'take the place of the definition’s own names only',
      text: 'Give registry_uid or registry_name; see cluster_profile.',
      want: 'Give registryUid or registry_name; see clusterProfile.',
    },
  ])('$name', ({ text, want }) => {
    expect(inKubernetesWords(widget, text)).toBe(want);
  });

  it.each([
    { path: ['clusterProfile', 1, 'id'], want: 'spec.forProvider.clusterProfile[1].id' },
    { path: ['backupPolicy', 0, 'prefix'], want: 'spec.forProvider.backupPolicy.prefix' },
    { path: ['backupPolicy', 0], want: 'spec.forProvider.backupPolicy' },
    { path: ['secretKey'], want: 'spec.forProvider.secretKeySecretRef' },
    {
      path: ['clusterProfile', 0, 'variables', 'a.b'],
      want: 'spec.forProvider.clusterProfile[0].variables["a.b"]',
    },
    { path: ['unheard', 'of'], want: 'spec.forProvider' },
  ])('name the place $want', ({ path, want }) => {
    expect(specPath(widget, path)).toBe(want);
  });

  it('are found for a path of Terraform', () => {
    expect(
      attributePath(widget, [
        { kind: 'attribute', name: 'cluster_profile' },
        { kind: 'index', index: 0 },
        { kind: 'attribute', name: 'variables' },
        { kind: 'key', key: 'a_b' },
      ]),
    ).toEqual(['clusterProfile', 0, 'variables', 'a_b']);
  });
});
