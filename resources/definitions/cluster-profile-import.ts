import * as z from 'zod';

import { ApiError, isNotFound, type Scope } from '#openapi/client/index';
import { AttributeError, optionalComputed, resource, tf, type OperationContext } from '#resources/engine/index';
import type { PlannedValues } from '#resources/engine/values';

export const clusterProfileImportSchema = z.object({
  id: optionalComputed(z.string(), { changesWith: ['importFile', 'context'] }).describe(
    'Identifier of the profile that was made, given by the management plane.',
  ),
  importFile: z
    .string()
    .min(1)
    .describe('Path of the file of an exported cluster profile, JSON or YAML; or the content of such a file itself.'),
  context: tf(z.enum(['project', 'tenant', 'system']).default('project'), { equality: 'emptyIsDefault' }).describe(
    'Where it goes: into the `project` that the provider is configured for, or into the `tenant`.',
  ),
});

type Planned = PlannedValues<typeof clusterProfileImportSchema>;

export const clusterProfileImport = resource({
  type: 'spectrocloud_cluster_profile_import',
  description: 'A cluster profile that is made of an exported one.',
  schemaVersion: 0,
  schema: clusterProfileImportSchema,

  async create({ planned }, ctx) {
    return { ...planned, id: await importFile(planned, ctx) };
  },

  async read({ state }, { client, scopeOf, signal }) {
    const scope = contextScope(state.context, scopeOf);
    await client.get('/v1/clusterprofiles/{uid}', { path: { uid: state.id }, scope, signal });
    return { kind: 'current', state };
  },

  /** The new profile is made before the old one goes, so that a file that is wrong costs nothing. */
  async update({ planned, prior, checkpoint }, ctx) {
    const scope = contextScope(prior.context, ctx.scopeOf);
    const old = { path: { uid: prior.id }, scope, signal: ctx.signal };
    let id: string;
    try {
      id = await importFile(planned, ctx);
    } catch (error) {
      if (!isOfTheOldOne(error, prior.id)) throw error;
      await refuseSealed(prior.id, scope, ctx);
      // Of the name and version of the old one, which has to make room.
      await ctx.client.delete('/v1/clusterprofiles/{uid}', old);
      id = await importFile(planned, ctx);
      return { ...planned, id };
    }
    checkpoint({ ...planned, id });
    try {
      await ctx.client.delete('/v1/clusterprofiles/{uid}', old);
    } catch (error) {
      if (isNotFound(error)) return { ...planned, id };
      if (!(error instanceof ApiError && error.status === 409)) throw error;
      ctx.warn('The profile that was imported before stays', `${error.message} It is nobody's from here on.`);
    }
    return { ...planned, id };
  },

  async delete({ state }, { client, scopeOf, signal }) {
    const scope = contextScope(state.context, scopeOf);
    await client.delete('/v1/clusterprofiles/{uid}', { path: { uid: state.id }, scope, signal });
  },

  watched: ({ state }) => ({ type: 'clusterprofile', uid: state.id }),
});

/** Whether the old profile is what stands in the way; anybody else's stays what it is, and so does the old one. */
function isOfTheOldOne(error: unknown, uid: string): boolean {
  if (!(error instanceof ApiError && error.code === 'ClusterProfileExists')) return false;
  return Details.safeParse(error.details).data?.uid === uid;
}

const Details = z.object({ uid: z.string() });

function contextScope(context: Planned['context'], scopeOf: OperationContext['scopeOf']): Scope {
  return scopeOf(context === 'project' ? 'project' : 'tenant');
}

async function importFile(planned: Planned, ctx: OperationContext): Promise<string> {
  const { client, scopeOf, signal } = ctx;
  const { content, format } = await contentOf(planned.importFile, ctx);
  const { uid } = await client.post('/v1/clusterprofiles/import/file', {
    query: { publish: true, format },
    body: { importFile: content },
    scope: contextScope(planned.context, scopeOf),
    signal,
  });
  return uid;
}

/** @throws AttributeError at `import_file` */
async function contentOf(
  given: string,
  ctx: OperationContext,
): Promise<{ readonly content: Uint8Array; readonly format: 'yaml' | 'json' }> {
  const isContent = given.includes('\n') || given.trimStart().startsWith('{');
  const content = isContent ? new TextEncoder().encode(given) : await read(given, ctx);
  const first = new TextDecoder().decode(content.subarray(0, 1000)).trimStart();
  return { content, format: first.startsWith('{') ? 'json' : 'yaml' };
}

async function read(path: string, { readFile }: OperationContext): Promise<Uint8Array> {
  if (readFile === undefined)
    throw new AttributeError(
      ['importFile'],
      'Files cannot be read here',
      'Give the content of the exported cluster profile itself, not a path.',
    );
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new AttributeError(
      ['importFile'],
      `The file "${path}" cannot be read`,
      `Give the path of an exported cluster profile, seen from where Terraform runs (${reason}).`,
    );
  }
}

async function refuseSealed(uid: string, scope: Scope, { client, signal }: OperationContext): Promise<void> {
  const { metadata, spec, status } = await client.get('/v1/clusterprofiles/{uid}', { path: { uid }, scope, signal });
  if (status?.sealed !== true) return;
  throw new AttributeError(
    ['importFile'],
    `Version ${spec?.version ?? ''} of cluster profile "${metadata?.name ?? ''}" is sealed`,
    'What is published under it never changes. Raise spec.version in the file.',
  );
}
