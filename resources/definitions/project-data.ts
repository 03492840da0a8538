import * as z from 'zod';

import { AttributeError, dataSource, optionalComputed } from '#resources/engine/index';

import { listed } from './shared/projects.ts';

export const projectDataSchema = z.object({
  id: optionalComputed(z.string(), { conflictsWith: ['name'] }).describe(
    'Identifier of the project. Give this or `name`.',
  ),
  name: optionalComputed(z.string()).describe('Name of the project. Give this or `id`.'),
});

export const projectData = dataSource({
  type: 'spectrocloud_project',
  description: 'Finds a project by its name or its identifier.',
  schema: projectDataSchema,

  async read({ config }, { client, signal }) {
    const key = config.id === undefined ? 'name' : 'id';
    const wanted = config.id ?? config.name;
    if (wanted === undefined)
      throw new AttributeError(['name'], 'Neither name nor identifier of a project', 'Give `name` or `id`.');
    const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' }, signal });
    const found = items.find(({ metadata }) => (key === 'id' ? metadata?.uid : metadata?.name) === wanted)?.metadata;
    if (found?.uid === undefined || found.name === undefined) {
      const names = items.flatMap(({ metadata }) => metadata?.name ?? []);
      throw new AttributeError(
        [key],
        `There is no project with the ${key} "${wanted}"`,
        `Projects in reach: ${listed(names)}.`,
      );
    }
    return { ...config, id: found.uid, name: found.name };
  },
});
