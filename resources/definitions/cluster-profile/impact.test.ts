import { describe, expect, it } from '@jest/globals';

import { ApiError, type Schemas } from '#openapi/client/index';
import { UNKNOWN } from '#resources/engine/index';
import type { StateValues } from '#resources/engine/values';

import { fakeContext, type FakeContext } from '../testing/fake-context.ts';
import { warnOfImpact } from './impact.ts';
import type { clusterProfileSchema } from './schema.ts';

type State = StateValues<typeof clusterProfileSchema>;

const UID = 'b'.repeat(24);

const prior: State = {
  id: UID,
  name: 'shop',
  version: '1.0.0',
  context: 'project',
  description: '',
  tags: [],
  cloud: 'all',
  type: 'add-on',
  skipDestroy: false,
  pack: [
    {
      name: 'own',
      type: 'manifest',
      uid: 'spectro-manifest-pack',
      manifest: [{ name: 'm', content: 'a: 1', uid: 'm1' }],
    },
  ],
  profileVariables: [],
};

function withContent(content: string, over: Partial<State> = {}): State {
  return {
    ...prior,
    pack: [{ name: 'own', type: 'manifest', uid: 'x', manifest: [{ name: 'm', content, uid: '' }] }],
    ...over,
  };
}

const counts = { created: 0, changed: 0, removed: 0, unchanged: 4, restarts: 0, refused: 0 };

function cluster(name: string, over: Partial<Schemas['ImpactCluster']>): Schemas['ImpactCluster'] {
  return { uid: name, name, projectUid: 'p', projectName: 'Default', state: 'answered', message: '', counts, ...over };
}

function impact(clusters: readonly Schemas['ImpactCluster'][], complete = true): Schemas['Impact'] {
  const times = { createdAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-01T00:00:10.000Z' };
  return { uid: 'i', profile: { name: 'shop', version: '1.0.0' }, ...times, complete, clusters: [...clusters] };
}

const metadata = { name: 'shop', labels: {}, annotations: {} };

async function warn(
  planned: Parameters<typeof warnOfImpact>[0],
  answers: Readonly<Record<string, unknown>>,
  { shown = true, flags = [], offered = true }: { shown?: boolean; flags?: readonly string[]; offered?: boolean } = {},
): Promise<FakeContext> {
  const ctx = fakeContext(answers, { bulk: offered, flags });
  await warnOfImpact(planned, prior, () => metadata, { ...ctx, planIsShown: shown });
  return ctx;
}

describe('a plan that changes a profile', () => {
  it('asks the clusters that run it, waits, and tells one line for each fate', async () => {
    const answered = impact([
      cluster('edge-1', { counts: { ...counts, created: 1, changed: 2, restarts: 1 } }),
      cluster('edge-2', { counts: { ...counts, created: 1, changed: 2, restarts: 1 } }),
      cluster('edge-3', {}),
      cluster('edge-4', { state: 'unchanged' }),
      cluster('edge-5', { state: 'outOfReach', message: 'its agent was heard last at noon' }),
      cluster('edge-6', { state: 'refused', message: 'variable region is required' }),
      cluster('edge-7', { counts: { ...counts, refused: 1, removed: 3 } }),
    ]);
    const ctx = await warn(withContent('a: 2'), {
      'POST /v1/impacts': impact([], false),
      'GET /v1/impacts/{uid}': answered,
    });
    expect(ctx.warnings).toEqual([
      {
        summary: 'Impact of cluster profile "shop" 1.0.0',
        detail: [
          'Clusters that run 1.0.0 say what would happen:',
          '  - edge-1, edge-2: 1 created, 2 changed, pods of 1 restart',
          '  - edge-5: not known: its agent was heard last at noon',
          '  - edge-6: refused: variable region is required',
          '  - edge-7: 1 refused, 3 removed',
          'Nothing was changed. `palette profile impact` tells it object by object.',
        ].join('\n'),
      },
    ]);
    expect(ctx.calls[0]).toMatchObject({
      operation: 'POST /v1/impacts',
      body: {
        inPlaceOf: UID,
        content: {
          metadata,
          spec: { version: '1.0.0', template: { packs: [{ name: 'own', manifests: [{ content: 'a: 2' }] }] } },
        },
      },
    });
  });

  it('says that clusters stay on the version before until they are moved', async () => {
    const answers = { 'POST /v1/impacts': impact([cluster('edge-1', { counts: { ...counts, created: 1 } })]) };
    const { warnings } = await warn(withContent('a: 2', { version: '1.1.0' }), answers);
    expect(warnings[0]?.summary).toBe('Impact of cluster profile "shop" 1.1.0');
    expect(warnings[0]?.detail).toContain('Clusters that run 1.0.0 say what would happen when they are moved to it:');
  });

  const change = withContent('a: 2');
  it.each([
    { name: 'the content stays', planned: { ...prior, description: 'other' }, options: {} },
    { name: 'nobody reads plans', planned: change, options: { shown: false } },
    { name: 'the flag says so', planned: change, options: { flags: ['disable_plan_impact'] } },
    { name: 'the API knows no such questions', planned: change, options: { offered: false } },
    { name: 'something is not known yet', planned: { ...change, name: UNKNOWN }, options: {} },
  ] as const)('asks nothing when $name', async ({ planned, options }) => {
    const ctx = await warn(planned, {}, options);
    expect({ calls: ctx.operations(), warnings: ctx.warnings }).toEqual({ calls: [], warnings: [] });
  });

  it.each([
    { name: 'no cluster runs it', answer: impact([]) },
    { name: 'every cluster stays as it is', answer: impact([cluster('a', {}), cluster('b', { state: 'unchanged' })]) },
    {
      name: 'the question is refused',
      answer: new ApiError({
        code: 'TooManyImpacts',
        status: 429,
        reason: 'later',
        method: 'POST',
        path: '/v1/impacts',
      }),
    },
  ])('says nothing when $name', async ({ answer }) => {
    expect((await warn(change, { 'POST /v1/impacts': answer })).warnings).toEqual([]);
  });
});
