import * as z from 'zod';

import { dataSource, optionalComputed } from '#resources/engine/index';

import { findAppProfile } from './application-profile/find.ts';

export const applicationProfileDataSchema = z.object({
  name: z.string().min(1).describe('Name of the profile.'),
  version: optionalComputed(z.string()).describe('Version of the profile; the newest one when left out.'),
});

export const applicationProfileData = dataSource({
  type: 'spectrocloud_application_profile',
  description: 'Finds an application profile of the project or of the tenant by its name and version.',
  schema: applicationProfileDataSchema,

  async read({ config }, ctx) {
    const { name } = config;
    const found = await findAppProfile(
      { name, version: config.version, attribute: 'name' },
      ctx.scopeOf('project'),
      ctx,
    );
    return { ...config, id: found.uid, version: found.version };
  },
});
