/** A definition with one field of each sort, whose API is a map and takes its time when told to. */
import * as z from 'zod';

import { ApiError } from '#openapi/client/index';
import { AttributeError, computed, optionalComputed, resource, tf, type AnyResource } from '#resources/index';

const schema = z.object({
  name: z.string(),
  mode: z.string().default('plain'),
  zone: optionalComputed(z.string()),
  kind: tf(z.string().optional(), { forceNew: true }),
  size: tf(z.number().optional(), { immutable: true }),
  /** The API never tells it. */
  hidden: z.string().optional(),
  door: z.array(z.object({ name: z.string(), color: z.string().optional() })).optional(),
  key: computed(z.string(), { sensitive: true }),
  state: computed(z.string()),
});

export interface Gadget {
  name: string;
  mode: string;
  zone: string;
  hidden?: string | undefined;
  kind?: string | undefined;
  size?: number | undefined;
  door?: { name: string; color?: string | undefined }[] | undefined;
}

export interface GadgetApi {
  readonly definition: AnyResource;
  readonly gadgets: Map<string, Gadget>;
  /** What is under way: creates, updates and deletes wait for it. */
  busy: string | undefined;
  /** Fails a create after the object was made. */
  failsHalfway: boolean;
  updates: number;
}

export function createGadgets(): GadgetApi {
  const gadgets = new Map<string, Gadget>();
  const api: GadgetApi = { definition: define(), gadgets, busy: undefined, failsHalfway: false, updates: 0 };
  return api;

  function define(): AnyResource {
    const settle = async (ctx: Parameters<Parameters<typeof resource<typeof schema>>[0]['read']>[1]): Promise<void> => {
      await ctx.waitFor({
        describe: 'the gadget to be done',
        poll: async () =>
          api.busy === undefined ? { kind: 'reached', value: undefined } : { kind: 'pending', seen: api.busy },
      });
    };
    const told = (id: string) => {
      const gadget = gadgets.get(id);
      if (gadget === undefined)
        throw new ApiError({ status: 404, code: 'ResourceNotFound', reason: 'no', method: 'GET', path: '/gadgets' });
      const { name, mode, zone, kind, size, door } = gadget;
      return { name, mode, zone, kind, size, door, id, key: `key-of-${id}`, state: api.busy ?? 'idle' };
    };
    return resource({
      type: 'spectrocloud_project',
      description: 'A gadget.',
      schemaVersion: 0,
      schema,
      async create({ planned, checkpoint }, ctx) {
        if (planned.mode === 'wrong') throw new AttributeError(['mode'], 'No such mode', 'Take plain.');
        const id = `g-${gadgets.size + 1}`;
        await ctx.client.post('/v1/projects', { body: { metadata: { name: planned.name } } });
        gadgets.set(id, { ...planned, zone: planned.zone ?? 'zone-by-api' });
        checkpoint({ ...planned, id, zone: 'zone-by-api', key: '', state: '' });
        if (api.failsHalfway) throw new Error('the second half failed');
        await settle(ctx);
        return { ...planned, ...told(id) };
      },
      async read({ state }) {
        return { kind: 'current', state: { ...state, ...told(state.id) } };
      },
      async update({ planned }, ctx) {
        api.updates += 1;
        gadgets.set(planned.id, { ...planned, zone: planned.zone ?? 'zone-by-api' });
        await settle(ctx);
        return { ...planned, ...told(planned.id) };
      },
      async delete({ state }, ctx) {
        if (api.busy === undefined) gadgets.delete(state.id);
        await settle(ctx);
      },
      readiness: ({ state }) =>
        state.state === 'idle' ? { kind: 'ready' } : { kind: 'notReady', message: `It is ${state.state}.` },
    });
  }
}
