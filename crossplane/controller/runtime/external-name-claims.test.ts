import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { ManagedObject } from '../contracts.ts';
import { kindsOf } from '../../schema/kinds.ts';
import { comesBefore, createClaimIndex } from './external-name-claims.ts';
import { keyWithin } from './object-key.ts';

const [namespaced, cluster] = kindsOf('spectrocloud_project');
const [otherKind] = kindsOf('spectrocloud_macros');

interface Given {
  readonly name: string;
  readonly made?: string;
  readonly externalName?: string;
  readonly has?: boolean;
  readonly realm?: string;
}

function claimant({
  name,
  made = '2026-01-01T00:00:00Z',
  externalName = 'p-1',
  has = false,
  realm = 'one',
}: Given): ManagedObject {
  return {
    apiVersion: namespaced.apiVersion,
    kind: 'Project',
    metadata: {
      name,
      uid: `uid-${name}`,
      namespace: 'shop',
      creationTimestamp: made,
      annotations: { 'crossplane.io/external-name': externalName },
      labels: { realm },
    },
    spec: {},
    ...(has ? { status: { atProvider: { id: externalName } } } : {}),
  };
}

function index(...given: readonly Given[]) {
  const claims = createClaimIndex((_kind, { metadata }) => metadata.labels?.['realm']);
  for (const each of given) {
    const object = claimant(each);
    claims.set(namespaced, keyWithin(namespaced, object), object);
  }
  const rivalOf = (given: Given, kind = namespaced): string | undefined =>
    claims.rival({
      kind,
      object: claimant(given),
      realm: given.realm ?? 'one',
      externalName: given.externalName ?? 'p-1',
    })?.name;
  return { claims, rivalOf };
}

describe('an external name', () => {
  it('belongs to the older of two', () => {
    const older = { name: 'older', made: '2025-01-01T00:00:00Z' };
    const { rivalOf } = index(older, { name: 'younger' });
    expect(rivalOf({ name: 'younger' })).toBe('older');
    expect(rivalOf(older)).toBeUndefined();
  });

  it('stays with the one that has the external object, even when an older one asks for it', () => {
    const older = { name: 'older', made: '2025-01-01T00:00:00Z' };
    const { rivalOf } = index(older, { name: 'holder', has: true });
    expect(rivalOf(older)).toBe('holder');
    expect(rivalOf({ name: 'holder', has: true })).toBeUndefined();
  });

  it.each([
    { name: 'of another account', other: { name: 'first', made: '2025-01-01T00:00:00Z', realm: 'two' } },
    { name: 'with another name', other: { name: 'first', made: '2025-01-01T00:00:00Z', externalName: 'p-2' } },
  ])('is not taken by one $name', ({ other }) => {
    expect(index(other, { name: 'second' }).rivalOf({ name: 'second' })).toBeUndefined();
  });

  it('is one name for both scopes of a kind, and another one for other kinds', () => {
    const { rivalOf } = index({ name: 'first', made: '2025-01-01T00:00:00Z' });
    expect(rivalOf({ name: 'second' }, cluster)).toBe('first');
    expect(rivalOf({ name: 'second' }, otherKind)).toBeUndefined();
  });

  it('is free again when its holder is gone or has taken another one', () => {
    const first = claimant({ name: 'first', made: '2025-01-01T00:00:00Z' });
    const { claims, rivalOf } = index({ name: 'first', made: '2025-01-01T00:00:00Z' }, { name: 'second' });
    expect(claims.othersWith(namespaced, first)).toHaveLength(1);
    claims.set(namespaced, keyWithin(namespaced, first), claimant({ name: 'first', externalName: 'p-9' }));
    expect(rivalOf({ name: 'second' })).toBeUndefined();
  });

  it('has exactly one claimant that nobody comes before, whoever they are', () => {
    const given = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      made: fc.constantFrom('2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
      has: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.uniqueArray(given, { selector: ({ name }) => name, minLength: 1 }), (all) => {
        const objects = all.map(claimant);
        const first = objects.filter((object) => objects.every((other) => !comesBefore(other, object, 'p-1')));
        expect(first).toHaveLength(1);
      }),
    );
  });
});
