import { isNotFound } from '#openapi/client/index';
import { resource, type OperationContext, type PlannedValues } from '#resources/engine/index';

import { projectSchema } from './project.schema.ts';
import { looksLikeUid } from './shared/import-id.ts';
import { labelsToTags, tagsToLabels } from './shared/labels.ts';
import { findProjectUid } from './shared/projects.ts';

const tenant = { kind: 'tenant' } as const;

export const project = resource({
  type: 'spectrocloud_project',
  description: 'A project: the part of a tenant in which a team has its clusters, profiles and cloud accounts.',
  schemaVersion: 2,
  schema: projectSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  async create({ planned }, { client, signal }) {
    const { uid } = await client.post('/v1/projects', { body: toEntity(planned), scope: tenant, signal });
    return { ...planned, id: uid };
  },

  async read({ state }, { client, signal }) {
    const { metadata } = await client.get('/v1/projects/{uid}', { path: { uid: state.id }, scope: tenant, signal });
    return {
      kind: 'current',
      state: {
        ...state,
        name: metadata?.name ?? state.name,
        description: metadata?.annotations?.['description'],
        tags: labelsToTags(metadata?.labels),
      },
    };
  },

  async update({ planned }, { client, signal }) {
    await client.put('/v1/projects/{uid}', {
      path: { uid: planned.id },
      body: toEntity(planned, planned.id),
      scope: tenant,
      signal,
    });
    return planned;
  },

  async delete({ state }, { client, signal }) {
    await client.delete('/v1/projects/{uid}', { path: { uid: state.id }, scope: tenant, signal });
  },

  async importState({ id }, ctx) {
    return { id: await resolveProject(id, ctx) };
  },

  identity: ({ planned }) => planned.name,

  watched: ({ state }) => ({ type: 'project', uid: state.id }),
});

function toEntity({ name, description, tags }: PlannedValues<typeof projectSchema>, uid?: string) {
  return {
    metadata: {
      name,
      labels: tagsToLabels(tags),
      annotations: { description: description ?? '' },
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

async function resolveProject(idOrName: string, ctx: OperationContext): Promise<string> {
  if (looksLikeUid(idOrName)) {
    try {
      await ctx.client.get('/v1/projects/{uid}', { path: { uid: idOrName }, scope: tenant, signal: ctx.signal });
      return idOrName;
    } catch (error) {
      // Twenty-four hexadecimal digits may be a name, too.
      if (!isNotFound(error)) throw error;
    }
  }
  return findProjectUid(ctx, idOrName);
}
