import * as z from 'zod';

import { AttributeError, dataSource, optionalComputed } from '#resources/engine/index';

import { uidOfName } from './shared/named.ts';

export const backupStorageLocationDataSchema = z.object({
  id: optionalComputed(z.string()).describe('Identifier of the location. Give this or `name`.'),
  name: optionalComputed(z.string()).describe('Name of the location. Give this or `id`.'),
});

export const backupStorageLocationData = dataSource({
  type: 'spectrocloud_backup_storage_location',
  description: 'Finds a backup storage location of the project or tenant by its name or identifier.',
  schema: backupStorageLocationDataSchema,

  async read({ config }, { client, signal, scopeOf }) {
    const { items } = await client.get('/v1/users/assets/locations', { scope: scopeOf('project'), signal });
    const known = items.flatMap(({ metadata }) => metadata ?? []);
    const { id, name } = config;
    if (id !== undefined && id !== '') {
      const found = known.find(({ uid }) => uid === id);
      if (found === undefined)
        throw new AttributeError(
          ['id'],
          `There is no backup storage location "${id}"`,
          'Give the identifier or name of one.',
        );
      return { id, name: found.name ?? '' };
    }
    if (name === undefined || name === '')
      throw new AttributeError(['name'], 'Which backup storage location is meant?', 'Give its name or its id.');
    return { id: uidOfName(name, known, { word: 'backup storage location', attribute: 'name' }), name };
  },
});
