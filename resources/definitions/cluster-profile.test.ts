import { describe, expect, it } from '@jest/globals';

import { ApiError } from '#openapi/client/index';
import { UNKNOWN } from '#resources/engine/index';

import { clusterProfile } from './cluster-profile.ts';
import { fakeContext, inTurn, notFound, PROJECT_UID, type Answers } from './testing/fake-context.ts';

const UID = 'b'.repeat(24);
const inProject = { kind: 'project', projectUid: PROJECT_UID };

type State = Parameters<typeof clusterProfile.read>[0]['state'];

const planned: State = {
  id: UID,
  name: 'base',
  version: '1.0.0',
  context: 'project',
  description: 'What every cluster runs',
  tags: ['team:infra', 'gold'],
  cloud: 'all',
  type: 'add-on',
  skipDestroy: false,
  pack: [
    {
      name: 'nginx',
      type: 'spectro',
      tag: '1.2.0',
      registryName: 'Public',
      uid: 'p1',
      values: 'replicas: 1\n',
      manifest: [],
    },
    {
      name: 'own',
      type: 'manifest',
      uid: 'spectro-manifest-pack',
      manifest: [{ name: 'ns', content: 'kind: Namespace\n', uid: 'm1' }],
    },
  ],
  profileVariables: [
    {
      variable: [
        { name: 'greeting', displayName: 'Greeting', format: 'string', inputType: 'text', defaultValue: 'hello' },
      ],
    },
  ],
};

/** The profile as the API has it. */
const stored = {
  metadata: {
    uid: UID,
    name: 'base',
    labels: { team: 'infra', gold: 'spectro__tag' },
    annotations: { scope: 'project', description: 'What every cluster runs' },
  },
  spec: {
    version: '1.0.0',
    published: {
      type: 'add-on',
      cloudType: 'all',
      profileVersion: '1.0.0',
      packs: [
        {
          name: 'nginx',
          layer: 'addon',
          type: 'spectro',
          tag: '1.2.0',
          packUid: 'p1',
          registryUid: 'r1',
          values: 'replicas: 1',
        },
        {
          name: 'own',
          layer: 'addon',
          type: 'manifest',
          tag: '',
          packUid: 'spectro-manifest-pack',
          values: '',
          manifests: [{ kind: 'manifest', name: 'ns', uid: 'm1' }],
        },
      ],
    },
  },
  status: { isPublished: true },
};

const world: Answers = {
  'GET /v1/registries/metadata': { items: [{ uid: 'r1', name: 'Public' }] },
  'GET /v1/packs/{packName}/registries/{registryUid}': { tags: [{ tag: '1.2.0', version: '1.2.0', packUid: 'p1' }] },
  'GET /v1/packs/{uid}': { tags: [] },
  'POST /v1/clusterprofiles': { uid: UID },
  'GET /v1/clusterprofiles/{uid}': stored,
  'GET /v1/clusterprofiles/{uid}/variables': {
    variables: [{ name: 'greeting', displayName: 'Greeting', defaultValue: 'hello' }],
  },
  'GET /v1/clusterprofiles/{uid}/packs/{packName}/manifests': {
    items: [{ metadata: { name: 'ns', uid: 'm1' }, spec: { published: { content: 'kind: Namespace' } } }],
  },
};

/** The writes among the calls, with what they sent. */
function writes(calls: readonly { operation: string; body?: unknown }[]): [string, unknown][] {
  return calls.filter(({ operation }) => !operation.startsWith('GET')).map(({ operation, body }) => [operation, body]);
}

describe('create', () => {
  it('makes and publishes the profile with one request, and finds the packs first', async () => {
    const ctx = fakeContext(world);
    const fresh = { ...planned, pack: planned.pack?.map((pack) => ({ ...pack, uid: undefined })) };
    const state = await clusterProfile.create({ planned: fresh, checkpoint: ctx.checkpoint }, ctx);
    expect(writes(ctx.calls)).toEqual([
      [
        'POST /v1/clusterprofiles',
        {
          metadata: {
            name: 'base',
            labels: { team: 'infra', gold: 'spectro__tag' },
            annotations: { description: 'What every cluster runs' },
          },
          spec: {
            version: '1.0.0',
            variables: [
              expect.objectContaining({ name: 'greeting', defaultValue: 'hello', required: false, options: [] }),
            ],
            template: {
              cloudType: 'all',
              type: 'add-on',
              packs: [
                {
                  name: 'nginx',
                  type: 'spectro',
                  tag: '1.2.0',
                  uid: 'p1',
                  registryUid: 'r1',
                  values: 'replicas: 1',
                  manifests: [],
                },
                {
                  name: 'own',
                  type: 'manifest',
                  tag: '',
                  uid: 'spectro-manifest-pack',
                  registryUid: '',
                  values: '',
                  manifests: [{ name: 'ns', content: 'kind: Namespace' }],
                },
              ],
            },
          },
        },
      ],
    ]);
    expect(ctx.calls.every(({ scope }) => JSON.stringify(scope) === JSON.stringify(inProject))).toBe(true);
    expect(state).toMatchObject({
      id: UID,
      pack: [{ uid: 'p1' }, { uid: 'spectro-manifest-pack', manifest: [{ uid: 'm1' }] }],
    });
  });

  it('publishes afterwards where the API has stored a draft', async () => {
    const ctx = fakeContext({
      ...world,
      'GET /v1/clusterprofiles/{uid}': inTurn({ ...stored, status: { isPublished: false } }, stored),
    });
    await clusterProfile.create({ planned, checkpoint: ctx.checkpoint }, ctx);
    expect(ctx.operations()).toContain('PATCH /v1/clusterprofiles/{uid}/publish');
  });

  it('tells Terraform of the profile before publishing, so that a failure does not lose it', async () => {
    const ctx = fakeContext({
      ...world,
      'GET /v1/clusterprofiles/{uid}': { ...stored, status: { isPublished: false } },
      'PATCH /v1/clusterprofiles/{uid}/publish': new Error('the plane is gone'),
    });
    await expect(clusterProfile.create({ planned, checkpoint: ctx.checkpoint }, ctx)).rejects.toThrow(
      'the plane is gone',
    );
    expect(ctx.checkpoints).toMatchObject([{ id: UID, name: 'base' }]);
  });

  it('stores nothing when a pack does not exist', async () => {
    const ctx = fakeContext({
      ...world,
      'GET /v1/packs/{packName}/registries/{registryUid}': { tags: [{ tag: '2.0.0', packUid: 'p2' }] },
    });
    const unknown = { ...planned, pack: [{ name: 'nginx', type: 'spectro', tag: '1.2.0', registryName: 'Public' }] };
    await expect(clusterProfile.create({ planned: unknown, checkpoint: ctx.checkpoint }, ctx)).rejects.toMatchObject({
      path: ['pack', 0, 'tag'],
    });
    expect(writes(ctx.calls)).toEqual([]);
  });
});

describe('read', () => {
  it('finds what was planned, in the form that the configuration used', async () => {
    const ctx = fakeContext(world);
    const outcome = await clusterProfile.read({ state: planned }, ctx);
    expect(outcome).toMatchObject({
      kind: 'current',
      state: {
        tags: ['gold', 'team:infra'],
        pack: [
          {
            name: 'nginx',
            tag: '1.2.0',
            registryName: 'Public',
            registryUid: undefined,
            uid: 'p1',
            values: 'replicas: 1',
          },
          { name: 'own', tag: undefined, manifest: [{ name: 'ns', content: 'kind: Namespace', uid: 'm1' }] },
        ],
        profileVariables: [{ variable: [{ name: 'greeting', defaultValue: 'hello' }] }],
      },
    });
  });

  it('costs three requests for a profile with one pack of manifests against plain Palette', async () => {
    const ctx = fakeContext(world);
    await clusterProfile.read(
      { state: { ...planned, pack: planned.pack?.map(({ registryName: _name, ...pack }) => pack) } },
      ctx,
    );
    expect(ctx.calls).toHaveLength(3);
  });

  it('shares one request among many profiles where the API offers it', async () => {
    const bulk = ({ body }: { body: { uids: string[] } }): unknown => ({
      items: body.uids.map((uid) => ({ uid, profile: stored, variables: [], manifests: [] })),
      missing: [],
    });
    const ctx = fakeContext({ ...world, 'POST /v1/bulk/clusterprofiles': bulk }, { bulk: true });
    const states = Array.from({ length: 100 }, (_, index) => ({
      ...planned,
      id: index.toString(16).padStart(24, '0'),
    }));
    const outcomes = await Promise.all(states.map(async (state) => clusterProfile.read({ state }, ctx)));
    expect(outcomes.every(({ kind }) => kind === 'current')).toBe(true);
    expect(ctx.calls.length).toBeLessThanOrEqual(5);
  });

  it('says that a deleted profile is absent', async () => {
    const ctx = fakeContext({ ...world, 'GET /v1/clusterprofiles/{uid}': notFound('GET /v1/clusterprofiles/{uid}') });
    expect(await clusterProfile.read({ state: planned }, ctx)).toEqual({ kind: 'absent' });
  });

  it('keeps a sensitive default that comes back masked', async () => {
    const secret = {
      ...planned,
      profileVariables: [
        {
          variable: [
            {
              name: 'key',
              displayName: 'Key',
              format: 'string' as const,
              inputType: 'text' as const,
              defaultValue: 's3cret',
              isSensitive: true,
            },
          ],
        },
      ],
    };
    const ctx = fakeContext({
      ...world,
      'GET /v1/clusterprofiles/{uid}/variables': {
        variables: [{ name: 'key', displayName: 'Key', defaultValue: '********', isSensitive: true }],
      },
    });
    expect(await clusterProfile.read({ state: secret }, ctx)).toMatchObject({
      state: { profileVariables: [{ variable: [{ defaultValue: 's3cret' }] }] },
    });
  });

  it('writes registries by identifier after an import', async () => {
    const imported = { ...planned, pack: [], profileVariables: [] };
    expect(await clusterProfile.read({ state: imported }, fakeContext(world))).toMatchObject({
      state: { pack: [{ registryUid: 'r1', registryName: undefined, tag: '1.2.0' }, {}] },
    });
  });
});

describe('update', () => {
  it.each([
    { name: 'nothing when nothing changed', change: {}, operations: [] },
    {
      name: 'labels alone when a tag changed',
      change: { tags: ['team:web'] },
      operations: ['PATCH /v1/clusterprofiles/{uid}/metadata'],
    },
    {
      name: 'variables alone when a default changed',
      change: {
        profileVariables: [
          {
            variable: [
              {
                name: 'greeting',
                displayName: 'Greeting',
                format: 'string' as const,
                inputType: 'text' as const,
                defaultValue: 'hi',
              },
            ],
          },
        ],
      },
      operations: ['PUT /v1/clusterprofiles/{uid}/variables'],
    },
    {
      name: 'packs, and publishes them, when values changed',
      change: { pack: [{ ...planned.pack?.[0], name: 'nginx', type: 'spectro', uid: 'p1', values: 'replicas: 2' }] },
      operations: ['PUT /v1/clusterprofiles/{uid}', 'PATCH /v1/clusterprofiles/{uid}/publish'],
    },
    {
      name: 'the name, and publishes it',
      change: { name: 'renamed' },
      operations: ['PATCH /v1/clusterprofiles/{uid}/metadata', 'PATCH /v1/clusterprofiles/{uid}/publish'],
    },
  ])('sends $name', async ({ change, operations }) => {
    const ctx = fakeContext(world);
    await clusterProfile.update?.(
      { planned: { ...planned, ...change }, prior: planned, checkpoint: ctx.checkpoint },
      ctx,
    );
    expect(writes(ctx.calls).map(([operation]) => operation)).toEqual(operations);
  });

  it('keeps the identifiers of manifests whose content changes', async () => {
    const ctx = fakeContext(world);
    const pack = [
      {
        name: 'own',
        type: 'manifest',
        uid: 'spectro-manifest-pack',
        manifest: [{ name: 'ns', content: 'kind: Secret' }],
      },
    ];
    await clusterProfile.update?.({ planned: { ...planned, pack }, prior: planned, checkpoint: ctx.checkpoint }, ctx);
    expect(ctx.calls.find(({ operation }) => operation === 'PUT /v1/clusterprofiles/{uid}')?.body).toMatchObject({
      spec: { template: { packs: [{ manifests: [{ name: 'ns', content: 'kind: Secret', uid: 'm1' }] }] } },
    });
  });
});

describe('another version', () => {
  const NEXT = 'c'.repeat(24);
  const next: State = { ...planned, version: '1.1.0', description: 'More' };
  const list = (...versions: [string, string][]): object => ({
    items: versions.map(([uid, version]) => ({ metadata: { uid, name: 'base' }, spec: { version } })),
  });
  const update = async (
    answers: Answers,
    want = next,
  ): Promise<{ ctx: ReturnType<typeof fakeContext>; state?: State }> => {
    const ctx = fakeContext({
      ...world,
      'GET /v1/dashboard/clusterprofiles/metadata': list([UID, '1.0.0']),
      'POST /v1/clusterprofiles': { uid: NEXT },
      ...answers,
    });
    const state = await clusterProfile.update?.({ planned: want, prior: planned, checkpoint: ctx.checkpoint }, ctx);
    return { ctx, ...(state === undefined ? {} : { state }) };
  };

  it('is made beside the one before, which is neither changed nor deleted', async () => {
    const { ctx, state } = await update({});
    const made = writes(ctx.calls);
    expect(made).toMatchObject([['POST /v1/clusterprofiles', { spec: { version: '1.1.0' } }]]);
    // Manifests of the new version are its own.
    expect(JSON.stringify(made)).not.toContain('m1');
    expect(state?.id).toBe(NEXT);
    expect(ctx.checkpoints).toMatchObject([{ id: NEXT, version: '1.1.0' }]);
  });

  it('is taken up where it exists with this very content: after a step back, or an answer that was lost', async () => {
    const { ctx, state } = await update({
      'GET /v1/dashboard/clusterprofiles/metadata': list([UID, '1.0.0'], [NEXT, '1.1.0']),
    });
    expect(writes(ctx.calls)).toEqual([
      [
        'PATCH /v1/clusterprofiles/{uid}/metadata',
        expect.objectContaining({ metadata: expect.objectContaining({ annotations: { description: 'More' } }) }),
      ],
    ]);
    expect(state?.id).toBe(NEXT);
  });

  it('is taken up when somebody else made it at the same time', async () => {
    const { state } = await update({
      'GET /v1/dashboard/clusterprofiles/metadata': inTurn(list([UID, '1.0.0']), list([UID, '1.0.0'], [NEXT, '1.1.0'])),
      'POST /v1/clusterprofiles': new ApiError({
        code: 'ClusterProfileExists',
        status: 409,
        reason: 'it is there',
        method: 'POST',
        path: '/v1/clusterprofiles',
      }),
    });
    expect(state?.id).toBe(NEXT);
  });

  it.each([
    {
      name: 'values',
      change: { pack: [{ ...planned.pack?.[0], name: 'nginx', type: 'spectro', uid: 'p1', values: 'replicas: 9' }] },
      says: /pack "nginx", pack "own"/,
    },
    { name: 'variables', change: { profileVariables: [] }, says: /variable "greeting"/ },
  ])('is refused where it exists with other $name, on plan and on apply', async ({ change, says }) => {
    const answers = { 'GET /v1/dashboard/clusterprofiles/metadata': list([UID, '1.0.0'], [NEXT, '1.1.0']) };
    const want = { ...next, ...change };
    await expect(update(answers, want)).rejects.toMatchObject({
      path: ['version'],
      detail: expect.stringMatching(says),
    });
    const ctx = fakeContext({ ...world, ...answers });
    const plan = { ...want, id: UNKNOWN } as never; // as: a plan whose identifier is not known
    expect(await clusterProfile.modifyPlan?.({ planned: plan, prior: planned, config: {} }, ctx)).toContainEqual(
      expect.objectContaining({ kind: 'problem', problem: expect.objectContaining({ path: ['version'] }) }),
    );
    expect(writes(ctx.calls)).toEqual([]);
  });

  it("is not looked for among another context's profiles", async () => {
    const { ctx, state } = await update({
      'GET /v1/dashboard/clusterprofiles/metadata': list(['d'.repeat(24), '1.1.0']),
      'GET /v1/clusterprofiles/{uid}': ({ path }: { path?: Record<string, string> }) =>
        path?.['uid'] === NEXT
          ? stored
          : { ...stored, metadata: { ...stored.metadata, annotations: { scope: 'tenant' } } },
    });
    expect(writes(ctx.calls).map(([operation]) => operation)).toEqual(['POST /v1/clusterprofiles']);
    expect(state?.id).toBe(NEXT);
  });

  it('has identifiers that are known after it is made', async () => {
    const ctx = fakeContext({ ...world, 'GET /v1/dashboard/clusterprofiles/metadata': list([UID, '1.0.0']) });
    const plan = { ...next, id: UNKNOWN } as never; // as: a plan whose identifier is not known
    expect(await clusterProfile.modifyPlan?.({ planned: plan, prior: planned, config: {} }, ctx)).toEqual([
      { kind: 'unknown', path: ['pack', 1, 'manifest', 0, 'uid'] },
    ]);
  });

  it.each([
    { name: 'refuses a change of a sealed version', sealed: true, change: { profileVariables: [] }, problems: 1 },
    { name: 'allows a change of an open one', sealed: false, change: { profileVariables: [] }, problems: 0 },
    {
      name: 'allows another way to name the same pack of a sealed one',
      sealed: true,
      change: {
        pack: planned.pack?.map((pack) =>
          pack.name === 'nginx' ? { ...pack, registryName: undefined, registryUid: 'r1', uid: UNKNOWN } : pack,
        ),
      },
      problems: 0,
    },
    {
      name: 'refuses other values of a sealed one',
      sealed: true,
      change: { pack: planned.pack?.map((pack) => ({ ...pack, values: 'replicas: 9' })) },
      problems: 1,
    },
    { name: 'refuses another name of a sealed one', sealed: true, change: { name: 'other' }, problems: 1 },
    { name: 'allows another description of a sealed one', sealed: true, change: { description: 'x' }, problems: 0 },
  ])('$name on plan', async ({ sealed, change, problems }) => {
    const ctx = fakeContext({
      ...world,
      'GET /v1/clusterprofiles/{uid}': { ...stored, status: { isPublished: true, sealed } },
    });
    const found = await clusterProfile.modifyPlan?.(
      // as: a plan may hold what is not known
      { planned: { ...planned, ...change } as never, prior: planned, config: {} },
      ctx,
    );
    expect(found).toHaveLength(problems);
  });
});

describe('delete', () => {
  it('leaves a profile with skip_destroy where it is, and says so', async () => {
    const ctx = fakeContext(world);
    await clusterProfile.delete({ state: { ...planned, skipDestroy: true } }, ctx);
    expect({ calls: ctx.calls, warnings: ctx.warnings.length }).toEqual({ calls: [], warnings: 1 });
  });
});

describe('modifyPlan', () => {
  const changes = async (pack: object[], prior?: State): Promise<unknown> => {
    const ctx = fakeContext(world);
    const found = await clusterProfile.modifyPlan?.({ planned: { ...planned, pack }, prior, config: {} }, ctx); // as: a plan with unknown values in it
    return { found, calls: ctx.calls.length };
  };

  it('names a tag that does not exist at its own path', async () => {
    expect(
      await changes([{ name: 'nginx', type: 'spectro', tag: '7', registryName: 'Public', uid: UNKNOWN }]),
    ).toMatchObject({
      found: [{ kind: 'problem', problem: { path: ['pack', 0, 'tag'] } }],
    });
  });

  it.each([
    {
      name: 'what is not known yet',
      pack: [{ name: 'nginx', type: 'spectro', tag: UNKNOWN, registryName: 'Public', uid: UNKNOWN }],
      prior: undefined,
    },
    { name: 'what was there before', pack: planned.pack ?? [], prior: planned },
    { name: 'packs that are unknown as a whole', pack: [UNKNOWN as unknown as object], prior: undefined },
  ])('asks nothing about $name', async ({ pack, prior }) => {
    expect(await changes(pack, prior)).toEqual({ found: [], calls: 0 });
  });
});

describe('validate', () => {
  const problems = (config: object): unknown =>
    clusterProfile.validate?.({ config: config })?.map(({ path }) => path.join('.')); // as: part of a configuration

  it.each([
    {
      name: 'two packs of one name',
      config: {
        pack: [
          { name: 'a', tag: '1' },
          { name: 'a', tag: '1' },
        ],
      },
      want: ['pack.1.name'],
    },
    {
      name: 'a registry given twice',
      config: { pack: [{ name: 'a', tag: '1', registryUid: 'r', registryName: 'R' }] },
      want: ['pack.0.registryName'],
    },
    { name: 'a pack that is not determined', config: { pack: [{ name: 'a' }] }, want: ['pack.0.tag'] },
    {
      name: 'a default of the wrong format',
      config: {
        profileVariables: [
          { variable: [{ name: 'n', displayName: 'N', format: 'number', inputType: 'text', defaultValue: 'many' }] },
        ],
      },
      want: ['profileVariables.0.variable.0.defaultValue'],
    },
    {
      name: 'a dropdown without options',
      config: {
        profileVariables: [{ variable: [{ name: 'n', displayName: 'N', format: 'string', inputType: 'dropdown' }] }],
      },
      want: ['profileVariables.0.variable.0.inputType'],
    },
    {
      name: 'two variables of one name',
      config: {
        profileVariables: [
          {
            variable: [
              { name: 'n', displayName: 'N' },
              { name: 'n', displayName: 'N' },
            ],
          },
        ],
      },
      want: ['profileVariables.0.variable.1.name'],
    },
    {
      name: 'nothing about what is unknown',
      config: { pack: [{ name: UNKNOWN, uid: UNKNOWN }], profileVariables: UNKNOWN },
      want: [],
    },
    { name: 'nothing about packs of manifests', config: { pack: [{ name: 'a', type: 'manifest' }] }, want: [] },
  ])('finds $name', ({ config, want }) => {
    expect(problems(config)).toEqual(want);
  });
});

describe('importState', () => {
  const metadata = {
    items: [
      ['1.0.0', 'x1'],
      ['1.10.0', 'x2'],
      ['1.9.0', 'x3'],
    ].map(([version, uid]) => ({ metadata: { name: 'base', uid }, spec: { version } })),
  };

  it.each([
    { id: 'base:tenant', want: { id: 'x2', context: 'tenant' } },
    { id: 'base:project:1.9.0', want: { id: 'x3', context: 'project' } },
    { id: `${UID}:system`, want: { id: UID, context: 'system' } },
  ])('finds $id', async ({ id, want }) => {
    const ctx = fakeContext({ ...world, 'GET /v1/dashboard/clusterprofiles/metadata': metadata });
    expect(await clusterProfile.importState?.({ id }, ctx)).toEqual(want);
  });

  it('says which versions there are', async () => {
    const ctx = fakeContext({ 'GET /v1/dashboard/clusterprofiles/metadata': metadata });
    await expect(clusterProfile.importState?.({ id: 'base:project:7.0.0' }, ctx)).rejects.toThrow(
      /"1\.0\.0", "1\.10\.0", "1\.9\.0"/,
    );
  });
});
