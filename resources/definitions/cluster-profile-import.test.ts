import { describe, expect, it } from '@jest/globals';

import { ApiError } from '#openapi/client/index';

import { clusterProfileImport } from './cluster-profile-import.ts';
import { fakeContext, type Answers } from './testing/fake-context.ts';

const OLD = 'a'.repeat(24);
const NEW = 'b'.repeat(24);
const OTHER = 'c'.repeat(24);
const IMPORT = 'POST /v1/clusterprofiles/import/file';
const DELETE = 'DELETE /v1/clusterprofiles/{uid}';

const file = (version: string): string => `metadata: {name: shop}\nspec: {version: ${version}, template: {}}\n`;
const prior = { id: OLD, importFile: file('1.0.0'), context: 'project' } as const;
const planned = { ...prior, importFile: file('2.0.0') };
const taken = (uid: string): ApiError =>
  new ApiError({
    status: 409,
    code: 'ClusterProfileExists',
    method: 'POST',
    path: '/v1/clusterprofiles/import/file',
    reason: 'exists already',
    details: { uid },
  });
const answersOf = (...refusals: ApiError[]): Answers => ({
  [IMPORT]: () => {
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
    return { uid: NEW };
  },
  'GET /v1/clusterprofiles/{uid}': { metadata: { name: 'shop', uid: OLD }, spec: { version: '1.0.0' }, status: {} },
});

describe('another file of an imported profile', () => {
  it('takes the place of the one before when it is of its name and version', async () => {
    const ctx = fakeContext(answersOf(taken(OLD)));
    const changed = await clusterProfileImport.update?.({ planned, prior, checkpoint: ctx.checkpoint }, ctx);
    expect(changed?.id).toBe(NEW);
    expect(ctx.operations().filter((operation) => !operation.startsWith('GET'))).toEqual([IMPORT, DELETE, IMPORT]);
  });

  it('costs nothing when its name and version are those of somebody else’s profile', async () => {
    const ctx = fakeContext(answersOf(taken(OTHER)));
    await expect(
      clusterProfileImport.update?.({ planned, prior, checkpoint: ctx.checkpoint }, ctx),
    ).rejects.toMatchObject({ code: 'ClusterProfileExists' });
    expect(ctx.operations()).not.toContain(DELETE);
  });
});
