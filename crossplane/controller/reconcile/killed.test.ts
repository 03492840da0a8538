/** The process may die at every step: between a request's effect and its answer, too. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createWorld, project, type World } from './testing/world.ts';

/** Dies at the n-th request of a look, before its effect or after it. */
interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

interface Mortal {
  readonly world: World;
  /** One look by a process that dies on the way; another one takes over. Tells whether it died. */
  look(ref: ReturnType<World['make']>, death: Death | undefined): Promise<boolean>;
}

function createMortal({ isIdempotent }: { readonly isIdempotent: boolean }): Mortal {
  let death: Death | undefined;
  let requests = 0;
  let isDead = false;
  const world = createWorld({
    isIdempotent,
    step: (what, when) => {
      if (when === 'before') requests += 1;
      if (death !== undefined && requests >= death.at && when === death.when) isDead = true;
      if (isDead) throw new Error(`died ${when} ${what}`);
    },
  });
  return {
    world,
    async look(ref, next) {
      death = next;
      requests = 0;
      isDead = false;
      await world.reconcile(ref);
      const died = isDead;
      death = undefined;
      isDead = false;
      if (died) world.restart();
      // Later than any request can be on its way.
      world.now += 120_000;
      return died;
    },
  };
}

const spec = { forProvider: { name: 'web', description: 'first' } };

function names({ palette }: World): (string | undefined)[] {
  return [...palette.entities.values()].map(({ metadata }) => metadata.annotations?.['description']);
}

describe.each([
  { name: 'with idempotency keys', isIdempotent: true },
  { name: 'by natural keys alone', isIdempotent: false },
])('a process that is killed at any step, $name', ({ isIdempotent }) => {
  it('leaves exactly one external object, and nothing behind', async () => {
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        const { world, look } = createMortal({ isIdempotent });
        const ref = world.make(project, { spec });
        if (!(await look(ref, { at, when }))) break;
        deaths += 1;
        await world.settle(ref);
        expect({ at, when, left: names(world), made: world.palette.made }).toEqual({
          at,
          when,
          left: ['first'],
          made: 1,
        });
        expect(world.condition(ref, 'Ready')?.status).toBe('True');
      }
    }
    expect(deaths).toBeGreaterThanOrEqual(isIdempotent ? 8 : 9);
  });

  it('removes what it made, whenever it dies while it is deleted or made', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at < 12; at++) {
        for (let later = 1; later < 8; later++) {
          const { world, look } = createMortal({ isIdempotent });
          const ref = world.make(project, { spec });
          await look(ref, { at, when });
          world.kube.remove(ref);
          if (world.kube.get(ref) !== undefined) await look(ref, { at: later, when });
          if (world.kube.get(ref) !== undefined) await world.settle(ref);
          expect({ at, later, when, left: names(world), object: world.kube.get(ref) }).toEqual({
            at,
            later,
            when,
            left: [],
            object: undefined,
          });
        }
      }
    }
  });

  it('ends where it is told to, whatever happens in whatever order', async () => {
    const death = fc.option(
      fc.record({ at: fc.integer({ min: 1, max: 9 }), when: fc.constantFrom('before', 'after') }),
      {
        nil: undefined,
      },
    );
    const action = fc.oneof(
      fc.record({ kind: fc.constant('look' as const), death }),
      fc.record({ kind: fc.constant('edit' as const), text: fc.constantFrom('second', 'third') }),
      fc.record({ kind: fc.constant('drift' as const) }),
      fc.record({ kind: fc.constant('down' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), fc.boolean(), async (actions, isDeleted) => {
        const { world, look } = createMortal({ isIdempotent });
        const ref = world.make(project, { spec });
        let wanted = 'first';
        for (const next of actions) {
          switch (next.kind) {
            case 'look':
              await look(ref, next.death);
              break;
            case 'edit':
              wanted = next.text;
              world.kube.change(ref, { spec: { forProvider: { description: wanted } } });
              break;
            case 'drift':
              for (const entity of world.palette.entities.values())
                entity.metadata.annotations = { description: 'drift' };
              break;
            case 'down':
              world.palette.fault = () => new Error('down');
              await look(ref, undefined);
              world.palette.fault = undefined;
          }
          expect(world.palette.entities.size).toBeLessThanOrEqual(1);
        }
        if (isDeleted) {
          world.kube.remove(ref);
          if (world.kube.get(ref) !== undefined) await world.settle(ref);
          expect({ left: names(world), object: world.kube.get(ref) }).toEqual({ left: [], object: undefined });
        } else {
          await world.settle(ref);
          expect({ left: names(world), made: world.palette.made }).toEqual({ left: [wanted], made: 1 });
          expect(world.condition(ref, 'Synced')?.status).toBe('True');
        }
      }),
      { numRuns: 300 },
    );
  });
});
