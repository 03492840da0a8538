import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { KubeObject } from './object.ts';
import { createTable, type StoreChange } from './store.ts';

function object(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'n', uid, resourceVersion, managedFields: [{ manager: 'somebody' }] },
  };
}

const shortly = ({ kind, object: { metadata } }: StoreChange): string =>
  `${kind} ${metadata.name}@${metadata.resourceVersion}`;

describe('the store of a kind', () => {
  function recorded() {
    const changes: string[] = [];
    const table = createTable({ onChange: (change) => void changes.push(shortly(change)) });
    return { changes, table };
  }

  it('tells what came, changed and went', () => {
    const { changes, table } = recorded();
    table.take({ kind: 'synced', objects: [object('a', '1')] });
    table.take({ kind: 'changed', object: object('a', '2') });
    table.take({ kind: 'changed', object: object('b', '3') });
    table.take({ kind: 'deleted', object: object('a', '4') });
    expect(changes).toEqual(['added a@1', 'changed a@2', 'added b@3', 'deleted a@2']);
  });

  it('tells after a new list only what differs, and that what is missing was deleted', () => {
    const { changes, table } = recorded();
    table.take({ kind: 'synced', objects: [object('a', '1'), object('b', '2'), object('c', '3')] });
    changes.length = 0;
    table.take({ kind: 'synced', objects: [object('a', '1'), object('c', '5')] });
    expect(changes).toEqual(['deleted b@2', 'changed c@5']);
  });

  it('takes an object of the same name made anew for another one', () => {
    const { changes, table } = recorded();
    table.take({ kind: 'synced', objects: [object('a', '1')] });
    table.take({ kind: 'changed', object: object('a', '9', 'another') });
    expect(changes).toEqual(['added a@1', 'deleted a@1', 'added a@9']);
  });

  it('keeps no record of who wrote which field', () => {
    const { table } = recorded();
    table.take({ kind: 'synced', objects: [object('a', '1')] });
    expect([...table.objects.values()][0]?.metadata).toEqual({
      name: 'a',
      namespace: 'n',
      uid: 'uid-a',
      resourceVersion: '1',
    });
  });

  it('tells as much as it takes to have the same objects', () => {
    const names = fc.constantFrom('a', 'b', 'c');
    const event = fc.oneof(
      fc.record({ kind: fc.constant('changed' as const), name: names }),
      fc.record({ kind: fc.constant('deleted' as const), name: names }),
      fc.record({ kind: fc.constant('synced' as const), names: fc.uniqueArray(names) }),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const mirror = new Map<string, string | undefined>();
        const table = createTable({
          onChange: ({ kind, object: { metadata } }) => {
            if (kind === 'deleted') mirror.delete(metadata.name);
            else mirror.set(metadata.name, metadata.resourceVersion);
          },
        });
        let version = 0;
        for (const each of events) {
          const next = (name: string): KubeObject => object(name, String(++version));
          if (each.kind === 'synced') table.take({ kind: 'synced', objects: each.names.map(next) });
          else table.take({ kind: each.kind, object: next(each.name) });
        }
        const held = [...table.objects.values()].map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
        expect(Object.fromEntries(held)).toEqual(Object.fromEntries(mirror));
      }),
    );
  });
});
