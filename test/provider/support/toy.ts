import * as z from 'zod';

import {
  AttributeError,
  computed,
  dataSource,
  optionalComputed,
  resource,
  tf,
  type AnyDataSource,
  type AnyResource,
  type PlannedValues,
} from '#resources/engine/index';

/** A resource with every kind of attribute and block, kept in memory, to see what Terraform makes of the engine. */

const toySchema = z.object({
  name: tf(z.string().regex(/^[a-z-]+$/, 'Expected lower-case letters and dashes'), { forceNew: true }),
  description: z.string().optional(),
  context: z.enum(['project', 'tenant']).default('project'),
  keep: z.boolean().default(false),
  size: z.number().optional(),
  values: tf(z.string().optional(), { equality: 'trimSpace' }),
  tags: tf(z.array(z.string()).optional(), { set: true }),
  labels: z.record(z.string(), z.string()).optional(),
  secret: tf(z.string().optional(), { sensitive: true }),
  fingerprint: computed(z.string()),
  endpoints: computed(z.array(z.object({ hostName: z.string(), port: z.int() }))),
  pack: tf(
    z
      .array(
        z.object({
          name: z.string(),
          tag: z.string().optional(),
          type: z.string().default('spectro'),
          uid: optionalComputed(z.string(), { changesWith: ['name', 'tag'] }),
          manifest: z
            .array(
              z.object({
                name: z.string(),
                content: tf(z.string(), { equality: 'trimSpace' }),
                uid: computed(z.string()),
              }),
            )
            .optional(),
        }),
      )
      .optional(),
    { identifiedBy: 'name' },
  ),
  profile: tf(
    z
      .array(
        z.object({
          id: z.string(),
          variables: z.record(z.string(), z.string()).optional(),
          serial: computed(z.string()),
        }),
      )
      .optional(),
    {
      set: true,
      identifiedBy: 'id',
    },
  ),
  variables: z
    .array(z.object({ variable: z.array(z.object({ name: z.string() })) }))
    .max(1)
    .optional(),
});

type Toy = PlannedValues<typeof toySchema>;

/** Toys by id, as a server would keep them. */
export const toys = new Map<string, Toy>();

let count = 0;

function fillIn(given: Toy): Toy {
  return {
    ...given,
    fingerprint: `${given.name}/${given.values?.trim() ?? ''}`,
    endpoints: [{ hostName: `${given.name}.example`, port: 6443 }],
    pack: given.pack?.map((pack) => ({
      ...pack,
      uid: pack.uid ?? `${pack.name}@${pack.tag ?? ''}`,
      manifest: pack.manifest?.map((manifest) => ({
        ...manifest,
        uid: manifest.uid ?? `${pack.name}/${manifest.name}`,
      })),
    })),
    profile: given.profile?.map((profile) => ({ ...profile, serial: profile.serial ?? `serial-${profile.id}` })),
  };
}

const toy = resource({
  type: 'spectrocloud_toy',
  description: 'A toy.',
  schemaVersion: 2,
  schema: toySchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },
  async create({ planned, checkpoint }, ctx) {
    if (planned.description === 'invalid')
      throw new AttributeError(['pack', 0, 'tag'], 'No such pack', 'There is no version of it.');
    const id = `toy-${++count}`;
    toys.set(id, fillIn(planned));
    checkpoint({ ...planned, id });
    if (planned.description === 'half') throw new Error('the second half failed');
    if (planned.description === 'warn') ctx.warn('Take care', 'It is a toy.', ['description']);
    return Promise.resolve({ ...fillIn(planned), id });
  },
  async read({ state }) {
    const found = toys.get(state.id);
    // A server gives values back as it likes: without white space around them, sets in another order.
    return Promise.resolve(
      found === undefined
        ? { kind: 'absent' }
        : {
            kind: 'current',
            state: {
              ...found,
              id: state.id,
              description: found.description ?? '',
              values: found.values?.trim(),
              tags: found.tags?.toReversed(),
              secret: state.secret,
            },
          },
    );
  },
  async update({ planned }) {
    toys.set(planned.id, fillIn(planned));
    return Promise.resolve({ ...fillIn(planned), id: planned.id });
  },
  async delete({ state }) {
    toys.delete(state.id);
    return Promise.resolve();
  },
  async importState({ id }) {
    return Promise.resolve({ id });
  },
  upgradeState: ({ version, state }) => (version === 1 ? { ...state, description: state['comment'] ?? null } : state),
});

const toyData = dataSource({
  type: 'spectrocloud_toy',
  description: 'Finds a toy.',
  schema: z.object({ name: z.string(), context: z.string().default('project'), size: optionalComputed(z.number()) }),
  async read({ config }) {
    const found = [...toys].find(([, { name }]) => name === config.name);
    if (found === undefined) throw new AttributeError(['name'], `There is no toy ${config.name}`, 'Check its name.');
    return Promise.resolve({ ...config, id: found[0], size: config.size ?? found[1].size });
  },
});

export const toyResources: Record<string, () => Promise<AnyResource>> = {
  spectrocloud_toy: async () => Promise.resolve(toy),
};
export const toyDataSources: Record<string, () => Promise<AnyDataSource>> = {
  spectrocloud_toy: async () => Promise.resolve(toyData),
};
