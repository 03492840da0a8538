/** Project, macros, registration token and AWS account: what they ask of the API, and what they make of its answers. */
import { describe, expect, it } from '@jest/globals';

import { UNKNOWN } from '#resources/engine/index';

import { backupStorageLocation } from './backup-storage-location.ts';
import { cloudaccountAws } from './cloudaccount-aws.ts';
import { macros } from './macros.ts';
import { project } from './project.ts';
import { isCalendarDate } from './registration-token.schema.ts';
import { registrationToken } from './registration-token.ts';
import { fakeContext, PROJECT_UID } from './testing/fake-context.ts';

const UID = 'c'.repeat(24);
const tenant = { kind: 'tenant' };

describe('project', () => {
  const state = { id: UID, name: 'team', description: 'Ours', tags: ['owner:a'] };

  it('is made with one request, in the tenant', async () => {
    const ctx = fakeContext({ 'POST /v1/projects': { uid: UID } });
    expect(
      await project.create({ planned: { name: 'team', tags: ['owner:a', 'gold'] }, checkpoint: ctx.checkpoint }, ctx),
    ).toMatchObject({ id: UID });
    expect(ctx.calls).toEqual([
      {
        operation: 'POST /v1/projects',
        scope: tenant,
        body: {
          metadata: { name: 'team', labels: { owner: 'a', gold: 'spectro__tag' }, annotations: { description: '' } },
        },
      },
    ]);
  });

  it('shows what was changed outside', async () => {
    const ctx = fakeContext({
      'GET /v1/projects/{uid}': {
        metadata: { name: 'renamed', labels: { owner: 'b' }, annotations: { description: 'Theirs' } },
      },
    });
    expect(await project.read({ state }, ctx)).toEqual({
      kind: 'current',
      state: { id: UID, name: 'renamed', description: 'Theirs', tags: ['owner:b'] },
    });
  });

  it.each([
    { name: 'its identifier', id: UID, answers: { 'GET /v1/projects/{uid}': { metadata: {} } } },
    {
      name: 'its name',
      id: 'team',
      answers: { 'GET /v1/dashboard/projects/metadata': { items: [{ metadata: { name: 'team', uid: UID } }] } },
    },
  ])('is imported by $name', async ({ id, answers }) => {
    expect(await project.importState?.({ id }, fakeContext(answers))).toEqual({ id: UID });
  });

  it('tells which projects there are', async () => {
    const ctx = fakeContext({
      'GET /v1/dashboard/projects/metadata': { items: [{ metadata: { name: 'other', uid: 'x' } }] },
    });
    await expect(project.importState?.({ id: 'team' }, ctx)).rejects.toThrow(/Projects in reach: "other"/);
  });
});

describe('macros', () => {
  const info = { 'GET /v1/users/info': { tenantUid: 't1' } };
  const state = { id: 'tenant-macros-t1', context: 'tenant' as const, macros: { region: 'eu', zone: 'a' } };
  const held = (...entries: [string, string][]): object => ({
    macros: entries.map(([name, value]) => ({ name, value })),
  });

  it.each([
    { context: 'tenant' as const, id: 'tenant-macros-t1', operation: 'POST /v1/tenants/{tenantUid}/macros' },
    { context: 'project' as const, id: `project-macros-${PROJECT_UID}`, operation: 'POST /v1/projects/{uid}/macros' },
  ])('of the $context have the id $id', async ({ context, id, operation }) => {
    const ctx = fakeContext(info);
    expect(
      await macros.create({ planned: { context, macros: { region: 'eu' } }, checkpoint: ctx.checkpoint }, ctx),
    ).toMatchObject({ id });
    expect(ctx.calls.at(-1)).toMatchObject({ operation, body: { macros: [{ name: 'region', value: 'eu' }] } });
  });

  it('do not see what others made', async () => {
    const ctx = fakeContext({
      'GET /v1/tenants/{tenantUid}/macros': held(['region', 'us'], ['zone', 'a'], ['theirs', 'x']),
    });
    expect(await macros.read({ state }, ctx)).toMatchObject({ state: { macros: { region: 'us', zone: 'a' } } });
  });

  it('are absent when none is left', async () => {
    const ctx = fakeContext({ 'GET /v1/tenants/{tenantUid}/macros': held(['theirs', 'x']) });
    expect(await macros.read({ state }, ctx)).toEqual({ kind: 'absent' });
  });

  it('all become the resource on import', async () => {
    const ctx = fakeContext({ ...info, 'GET /v1/tenants/{tenantUid}/macros': held(['region', 'eu'], ['zone', 'a']) });
    const imported = await macros.importState?.({ id: 't1:tenant' }, ctx);
    expect(imported).toEqual({ id: 'tenant-macros-t1', context: 'tenant' });
    expect(await macros.read({ state: imported as typeof state }, ctx)).toMatchObject({
      state: { macros: { region: 'eu', zone: 'a' } },
    }); // as: after an import the macros are missing
  });

  it('change without touching those of others', async () => {
    const ctx = fakeContext({ ...info, 'GET /v1/tenants/{tenantUid}/macros': held(['region', 'eu'], ['theirs', 'x']) });
    await macros.update?.(
      { planned: { ...state, macros: { region: 'us' } }, prior: state, checkpoint: ctx.checkpoint },
      ctx,
    );
    const writes = ctx.calls
      .filter(({ operation }) => !operation.startsWith('GET'))
      .map(({ operation, body }) => [operation, body]);
    expect(writes).toEqual([
      ['DELETE /v1/tenants/{tenantUid}/macros', { macros: [{ name: 'zone', value: 'a' }] }],
      [
        'PUT /v1/tenants/{tenantUid}/macros',
        {
          macros: [
            { name: 'theirs', value: 'x' },
            { name: 'region', value: 'us' },
          ],
        },
      ],
    ]);
  });

  it.each(['t1', 't1:elsewhere', ':tenant'])('refuse the import id %s', async (id) => {
    await expect(macros.importState?.({ id }, fakeContext(info))).rejects.toThrow(/does not have the form/);
  });
});

describe('registration token', () => {
  const planned = {
    name: 'edge',
    description: '',
    projectUid: '',
    expiryDate: '2027-02-01',
    status: 'active' as const,
  };
  const stored = {
    metadata: { name: 'edge', annotations: { description: '' } },
    spec: { expiry: '2027-02-01T00:00:00.000Z', token: 's3cret' },
    status: { isActive: true },
  };
  const answers = { 'POST /v1/edgehosts/tokens': { uid: UID }, 'GET /v1/edgehosts/tokens/{uid}': stored };

  it('is made and read back for its token', async () => {
    const ctx = fakeContext(answers);
    expect(await registrationToken.create({ planned, checkpoint: ctx.checkpoint }, ctx)).toMatchObject({
      id: UID,
      token: 's3cret',
    });
    expect(ctx.operations()).toEqual(['POST /v1/edgehosts/tokens', 'GET /v1/edgehosts/tokens/{uid}']);
  });

  it('is switched off when it is to be inactive, and is known to Terraform before that', async () => {
    const ctx = fakeContext({ ...answers, 'PUT /v1/edgehosts/tokens/{uid}/state': new Error('down') });
    await expect(
      registrationToken.create({ planned: { ...planned, status: 'inactive' }, checkpoint: ctx.checkpoint }, ctx),
    ).rejects.toThrow('down');
    expect(ctx.checkpoints).toMatchObject([{ id: UID }]);
  });

  it.each([
    {
      name: 'its status',
      change: { status: 'inactive' as const },
      operations: ['PUT /v1/edgehosts/tokens/{uid}/state'],
    },
    { name: 'its last day', change: { expiryDate: '2027-03-01' }, operations: ['PUT /v1/edgehosts/tokens/{uid}'] },
  ])('changes $name with one request', async ({ change, operations }) => {
    const ctx = fakeContext(answers);
    const prior = { ...planned, id: UID };
    await registrationToken.update?.({ planned: { ...prior, ...change }, prior, checkpoint: ctx.checkpoint }, ctx);
    expect(ctx.operations()).toEqual(operations);
  });

  it.each([
    ['2028-02-29', true],
    ['2027-02-29', false],
    ['2027-13-01', false],
    ['2027-00-10', false],
  ])('takes %s for a day of the calendar: %s', (text, want) => {
    expect(isCalendarDate(text)).toBe(want);
  });
});

describe('AWS account', () => {
  const secret = {
    name: 'aws',
    context: 'project' as const,
    type: 'secret' as const,
    partition: 'aws' as const,
    awsAccessKey: 'AKIA',
    awsSecretKey: 's3cret',
  };
  const answers = { 'POST /v1/cloudaccounts/aws': { uid: UID } };

  it('has its credentials tried before it is stored', async () => {
    const ctx = fakeContext(answers);
    await cloudaccountAws.create({ planned: { ...secret, context: 'tenant' }, checkpoint: ctx.checkpoint }, ctx);
    expect(ctx.calls).toMatchObject([
      {
        operation: 'POST /v1/clouds/aws/account/validate',
        scope: tenant,
        body: { credentialType: 'secret', accessKey: 'AKIA', secretKey: 's3cret' },
      },
      {
        operation: 'POST /v1/cloudaccounts/aws',
        scope: tenant,
        body: { metadata: { name: 'aws', annotations: { scope: 'tenant' } } },
      },
    ]);
  });

  it('is not stored when its gateway does not exist', async () => {
    const ctx = fakeContext(answers);
    await expect(
      cloudaccountAws.create({ planned: { ...secret, privateCloudGatewayId: 'g' }, checkpoint: ctx.checkpoint }, ctx),
    ).rejects.toMatchObject({ path: ['privateCloudGatewayId'] });
    expect(ctx.operations()).not.toContain('POST /v1/cloudaccounts/aws');
  });

  it('never reads secrets back', async () => {
    const state = { ...secret, id: UID, externalId: 'x' };
    const stored = {
      metadata: { name: 'aws', annotations: { scope: 'project' } },
      spec: { credentialType: 'secret', accessKey: 'AKIB', secretKey: '****', sts: { externalId: 'y' } },
    };
    const outcome = await cloudaccountAws.read({ state }, fakeContext({ 'GET /v1/cloudaccounts/aws/{uid}': stored }));
    expect(outcome).toMatchObject({ state: { awsAccessKey: 'AKIB', awsSecretKey: 's3cret', externalId: 'x' } });
  });

  it.each([
    { name: 'a secret', config: { type: UNKNOWN, name: 'a' }, want: [] },
    { name: 'nothing of type secret', config: { name: 'a' }, want: ['awsSecretKey', 'awsAccessKey'] },
    { name: 'a key kept out of plans', config: { awsSecuredAccessKey: UNKNOWN, awsSecretKey: 'x' }, want: [] },
    { name: 'sts without external id', config: { type: 'sts', arn: 'arn:aws:iam::1:role/x' }, want: ['externalId'] },
    { name: 'pod identity without role', config: { type: 'pod-identity' }, want: ['roleArn'] },
  ])('given $name, misses $want', ({ config, want }) => {
    expect(cloudaccountAws.validate?.({ config: config as never })?.map(({ path }) => path[0])).toEqual(want); // as: part of a configuration
  });

  it('is imported by name in its context', async () => {
    const ctx = fakeContext({ 'GET /v1/cloudaccounts/aws': { items: [{ metadata: { name: 'aws', uid: UID } }] } });
    expect(await cloudaccountAws.importState?.({ id: 'aws:tenant' }, ctx)).toEqual({ id: UID, context: 'tenant' });
    expect(ctx.calls[0]?.scope).toEqual(tenant);
  });
});

describe('backup storage location', () => {
  const item = (uid: string, scope: string, storage: string): object => ({
    metadata: { name: 'nightly', uid: uid.repeat(24), annotations: { scope } },
    spec: { storage },
  });
  const answers = {
    'GET /v1/users/assets/locations': { items: [item('a', 'tenant', 's3'), item('b', 'project', 'gcp')] },
  };

  it.each([
    { context: 'tenant', want: { id: 'a'.repeat(24), storageProvider: 'aws' } },
    { context: 'project', want: { id: 'b'.repeat(24), storageProvider: 'gcp' } },
  ])('is imported from the $context where both have one of the name', async ({ context, want }) => {
    const imported = await backupStorageLocation.importState?.({ id: `nightly:${context}` }, fakeContext(answers));
    expect(imported).toEqual({ ...want, context });
  });
});
