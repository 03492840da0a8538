import { describe, expect, it } from '@jest/globals';

import { KubeError } from '#kubernetes/error';

import { ANNOTATIONS, FINALIZER } from '../../schema/groups.ts';
import { refusal, unreachable } from './testing/fake-palette.ts';
import { account, createWorld, project, type World } from './testing/world.ts';

const PROJECT = { forProvider: { name: 'web', description: 'shop', tags: ['team:a'] } };

function only(world: World): { readonly uid: string; readonly metadata: { readonly name: string } } {
  const [entity, ...others] = [...world.palette.entities.values()];
  if (entity === undefined || others.length > 0) throw new Error(`there are ${others.length} more`);
  return entity;
}

describe('a managed resource whose external object is not there', () => {
  it('makes it, names it and is Ready in one look', async () => {
    const world = createWorld();
    const ref = world.make(project, { spec: PROJECT });
    const result = await world.reconcile(ref);
    expect(result).toMatchObject({ requeue: { kind: 'poll' }, ready: true, synced: true });
    const { metadata, status } = world.object(ref);
    expect(metadata.annotations?.[ANNOTATIONS.externalName]).toBe(only(world).uid);
    expect(metadata.finalizers).toEqual([FINALIZER]);
    expect(status).toMatchObject({
      atProvider: { id: only(world).uid, name: 'web', description: 'shop' },
      observedGeneration: 1,
      conditions: [
        { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' },
        { type: 'Ready', status: 'True', reason: 'Available' },
      ],
    });
    expect(world.events.map(({ reason }) => reason)).toEqual(['CreatedExternalResource']);
    expect(result.watch).toEqual({ realm: 'r', external: { type: 'project', uid: only(world).uid } });
  });

  it('costs one read and no write when nothing changed', async () => {
    const world = createWorld();
    const ref = world.make(project, { spec: PROJECT });
    await world.settle(ref);
    world.palette.calls.length = 0;
    world.kube.writes.length = 0;
    await world.reconcile(ref);
    expect(world.palette.calls).toEqual(['GET /v1/projects/{uid}']);
    expect(world.kube.writes).toEqual([]);
  });

  it.each([
    {
      name: 'says what the API refuses, and has nothing to delete then',
      fault: () => refusal(422, 'InvalidName', 'that is no name'),
      reason: 'CannotCreate',
      message: /422 InvalidName: that is no name\.$/,
    },
    {
      name: 'says how to take over what has the name already',
      fault: () => refusal(409, 'DuplicateName', 'the name is taken'),
      reason: 'ExternalResourceExists',
      message: /set the annotation crossplane\.io\/external-name/,
    },
  ])('$name', async ({ fault, reason, message }) => {
    const world = createWorld();
    const ref = world.make(project, { spec: PROJECT });
    world.palette.fault = (call) => (call.startsWith('POST') ? fault() : undefined);
    const result = await world.reconcile(ref);
    expect(result.requeue.kind).toBe('failed');
    expect(world.condition(ref, 'Synced')).toMatchObject({ status: 'False', reason });
    expect(world.condition(ref, 'Synced')?.message).toMatch(message);
    expect(world.condition(ref, 'Ready')).toMatchObject({ status: 'False', reason: 'Creating' });
    world.kube.remove(ref);
    await world.settle(ref);
    expect(world.kube.get(ref)).toBeUndefined();
    expect(world.palette.calls.filter((call) => call.startsWith('DELETE'))).toEqual([]);
  });

  it('takes a creation up again whose answer was lost', async () => {
    const world = createWorld();
    const ref = world.make(project, { spec: PROJECT });
    let lost = 0;
    const post = world.palette.client.post;
    Object.assign(world.palette.client, {
      post: async (...given: Parameters<typeof post>) => {
        const answer = await post(...given);
        if (lost++ < 2) throw unreachable();
        return answer;
      },
    });
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')).toMatchObject({ status: 'False', reason: 'CannotCreate' });
    world.kube.change(ref, { spec: { forProvider: { description: 'changed meanwhile' } } });
    await world.settle(ref);
    expect(world.palette.made).toBe(1);
    expect(only(world)).toMatchObject({ metadata: { annotations: { description: 'changed meanwhile' } } });
    expect(world.condition(ref, 'Synced')?.status).toBe('True');
    expect(world.events.map(({ reason }) => reason)).toContain('AdoptedExternalResource');
  });

  it('makes no second one when its creation went elsewhere', async () => {
    const world = createWorld();
    const ref = world.make(project, { spec: PROJECT });
    const post = world.palette.client.post;
    Object.assign(world.palette.client, {
      post: async (...given: Parameters<typeof post>) => {
        await post(...given);
        throw unreachable();
      },
    });
    await world.reconcile(ref);
    // The provider configuration leads to another project since, which has no such object.
    world.palette.entities.clear();
    Object.assign(world.palette.client, { post });
    world.palette.fault = (call) =>
      call.startsWith('POST')
        ? refusal(422, 'IdempotencyKeyReused', 'the key was used in project p0 before')
        : undefined;
    await world.reconcile(ref);
    world.palette.fault = undefined;
    expect(world.object(ref).metadata.annotations).not.toHaveProperty([ANNOTATIONS.createFailed]);
    expect(world.condition(ref, 'Synced')?.message).toContain('led before');
    expect(world.palette.made).toBe(1);
  });

  it('waits until a request cannot be on its way any more, then looks for its result, when the API knows no keys', async () => {
    const world = createWorld({ isIdempotent: false });
    const ref = world.make(project, { spec: PROJECT });
    let killed = false;
    world.palette.fault = (call) => {
      if (!call.startsWith('POST') || killed) return undefined;
      killed = true;
      return unreachable();
    };
    await world.reconcile(ref);
    expect((await world.reconcile(ref)).requeue.kind).toBe('progressing');
    world.palette.entities.set('abc', { uid: 'abc', metadata: { name: 'web' } });
    world.now += 60_000;
    await world.settle(ref);
    expect(world.palette.made).toBe(0);
    expect(world.object(ref).metadata.annotations?.[ANNOTATIONS.externalName]).toBe('abc');
  });

  it('does not take over what was there before, when the API knows no keys', async () => {
    const world = createWorld({ isIdempotent: false });
    world.palette.entities.set('abc', { uid: 'abc', metadata: { name: 'web' } });
    const ref = world.make(project, { spec: PROJECT });
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')).toMatchObject({ reason: 'ExternalResourceExists' });
    expect(world.object(ref).metadata.annotations?.[ANNOTATIONS.createPending]).toBeUndefined();
  });

  it('rests when its spec is wrong, naming the field', async () => {
    const world = createWorld();
    const ref = world.make(account, { spec: { forProvider: { name: 'aws', type: 'sts', arn: 'a' } } });
    expect((await world.reconcile(ref)).requeue.kind).toBe('rest');
    const condition = world.condition(ref, 'Synced');
    expect(condition).toMatchObject({ status: 'False', reason: 'InvalidSpec' });
    expect(condition?.message).toContain('spec.forProvider.externalIdSecretRef: Credentials of the type "sts"');
    expect(world.palette.calls).toEqual([]);
  });
});

describe('a managed resource whose external object is there', () => {
  async function settled(spec: typeof PROJECT = PROJECT): Promise<{ world: World; ref: ReturnType<World['make']> }> {
    const world = createWorld();
    const ref = world.make(project, { spec });
    await world.settle(ref);
    world.events.length = 0;
    return { world, ref };
  }

  it('follows a change of the spec', async () => {
    const { world, ref } = await settled();
    world.kube.change(ref, { spec: { forProvider: { description: 'new' } } });
    await world.settle(ref);
    expect(only(world)).toMatchObject({ metadata: { annotations: { description: 'new' } } });
    expect(world.events).toEqual([
      { type: 'Normal', reason: 'UpdatedExternalResource', message: 'Updated spec.forProvider.description.' },
    ]);
    expect(world.object(ref).status).toMatchObject({ atProvider: { description: 'new' }, observedGeneration: 2 });
  });

  it('puts back what was changed elsewhere, and tells which fields', async () => {
    const { world, ref } = await settled();
    const entity = world.palette.entities.get(only(world).uid);
    if (entity !== undefined) entity.metadata.annotations = { description: 'secretly changed' };
    await world.settle(ref);
    expect(only(world)).toMatchObject({ metadata: { annotations: { description: 'shop' } } });
    expect(world.events).toEqual([
      {
        type: 'Normal',
        reason: 'DriftCorrected',
        message: 'Put back what was changed elsewhere: spec.forProvider.description.',
      },
    ]);
  });

  it('makes it anew when it was deleted elsewhere', async () => {
    const { world, ref } = await settled();
    const former = only(world).uid;
    world.palette.entities.clear();
    await world.settle(ref);
    expect(only(world).uid).not.toBe(former);
    expect(world.object(ref).metadata.annotations?.[ANNOTATIONS.externalName]).toBe(only(world).uid);
  });

  it.each([
    { name: 'the API is down', fault: unreachable, message: 'cannot be reached' },
    { name: 'the key is revoked', fault: () => refusal(401, 'Unauthorized', 'no'), message: 'Check the key apiKey' },
    { name: 'the key may not do it', fault: () => refusal(403, 'Forbidden', 'no'), message: 'check its permissions' },
    {
      name: 'a proxy answers that there is no such page',
      fault: () => refusal(404, 'Http404', 'not found'),
      message: 'not the API’s own',
    },
    { name: 'the API breaks', fault: () => refusal(500, 'Http500', 'oops'), message: '500' },
  ])('keeps everything as it is while $name, says since when, and recovers', async ({ fault, message }) => {
    const { world, ref } = await settled();
    world.palette.fault = fault;
    await world.reconcile(ref);
    const since = world.condition(ref, 'Synced');
    expect(since).toMatchObject({ status: 'False', reason: 'CannotObserve' });
    expect(since?.message).toContain(message);
    expect(world.condition(ref, 'Ready')).toMatchObject({ status: 'True', reason: 'Available' });
    world.kube.writes.length = 0;
    world.now += 3_600_000;
    expect((await world.reconcile(ref)).requeue.kind).toBe('failed');
    expect(world.condition(ref, 'Synced')?.lastTransitionTime).toBe(since?.lastTransitionTime);
    expect(world.kube.writes).toEqual([]);
    world.palette.fault = undefined;
    await world.settle(ref);
    expect(world.condition(ref, 'Synced')?.status).toBe('True');
    expect(world.palette.made).toBe(1);
  });

  it('keeps everything as it is without a provider configuration', async () => {
    const { world, ref } = await settled();
    world.connect = { kind: 'failed', reason: 'ProviderConfigNotFound', message: 'there is no ProviderConfig x' };
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')).toMatchObject({ reason: 'CannotConnect' });
    expect(world.condition(ref, 'Ready')?.status).toBe('True');
  });

  it('leaves it alone when another managed resource has it', async () => {
    const { world, ref } = await settled();
    world.rival = { apiVersion: project.apiVersion, kind: 'Project', namespace: 'other', name: 'first' };
    world.kube.change(ref, { spec: { forProvider: { description: 'mine' } } });
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')?.reason).toBe('ExternalNameTaken');
    expect(world.condition(ref, 'Synced')?.message).toContain('Project other/first');
    world.kube.remove(ref);
    await world.settle(ref);
    expect(world.kube.get(ref)).toBeUndefined();
    expect(only(world)).toMatchObject({ metadata: { annotations: { description: 'shop' } } });
  });

  it('puts the external name back that somebody removed', async () => {
    const { world, ref } = await settled();
    world.kube.change(ref, { metadata: { annotations: { [ANNOTATIONS.externalName]: null } } });
    await world.settle(ref);
    expect(world.object(ref).metadata.annotations?.[ANNOTATIONS.externalName]).toBe(only(world).uid);
    expect(world.palette.made).toBe(1);
  });

  it('does not repeat without end an update that the API does not take', async () => {
    const { world, ref } = await settled();
    world.kube.change(ref, { spec: { forProvider: { description: ' padded ' } } });
    const put = world.palette.client.put;
    Object.assign(world.palette.client, {
      put: async (...given: Parameters<typeof put>) => {
        const entity = world.palette.entities.get(only(world).uid);
        await put(...given);
        if (entity !== undefined) world.palette.entities.set(entity.uid, entity);
      },
    });
    await world.reconcile(ref);
    for (let looks = 0; looks < 5; looks++) await world.reconcile(ref);
    expect(world.palette.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(1);
    expect(world.condition(ref, 'Synced')).toMatchObject({ status: 'False', reason: 'UpdateWithoutEffect' });
    world.now += 60_000;
    await world.reconcile(ref);
    expect(world.palette.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(2);
  });

  it('deletes it before it goes', async () => {
    const { world, ref } = await settled();
    world.kube.remove(ref);
    expect((await world.reconcile(ref)).requeue.kind).toBe('rest');
    expect(world.palette.entities.size).toBe(0);
    expect(world.kube.get(ref)).toBeUndefined();
    expect(world.released).toEqual(['web']);
    expect(world.events.map(({ reason }) => reason)).toEqual(['DeletedExternalResource']);
  });

  it('deletes it when a former external name was put back', async () => {
    const { world, ref } = await settled();
    world.kube.change(ref, { metadata: { annotations: { [ANNOTATIONS.externalName]: 'f'.repeat(24) } } });
    world.kube.remove(ref);
    await world.settle(ref);
    expect(world.palette.entities.size).toBe(0);
    expect(world.kube.get(ref)).toBeUndefined();
  });

  it('stays until it could be deleted', async () => {
    const { world, ref } = await settled();
    world.kube.remove(ref);
    world.palette.fault = (call) => (call.startsWith('DELETE') ? refusal(409, 'InUse', 'clusters use it') : undefined);
    expect((await world.reconcile(ref)).requeue.kind).toBe('failed');
    expect(world.condition(ref, 'Synced')).toMatchObject({ reason: 'CannotDelete' });
    expect(world.condition(ref, 'Ready')).toMatchObject({ reason: 'Deleting' });
    world.palette.fault = undefined;
    await world.settle(ref);
    expect(world.kube.get(ref)).toBeUndefined();
  });
});

describe('policies', () => {
  it.each([
    { policies: ['Observe'], deletionPolicy: 'Delete', isDeleted: false },
    { policies: ['*'], deletionPolicy: 'Orphan', isDeleted: false },
    { policies: ['Observe', 'Create', 'Update'], deletionPolicy: 'Delete', isDeleted: false },
    { policies: ['Observe', 'Create', 'Delete'], deletionPolicy: 'Orphan', isDeleted: true },
    { policies: ['*'], deletionPolicy: 'Delete', isDeleted: true },
  ])('$policies with $deletionPolicy: deleted is $isDeleted', async ({ policies, deletionPolicy, isDeleted }) => {
    const world = createWorld();
    const ref = world.make(project, { spec: PROJECT });
    await world.settle(ref);
    world.kube.change(ref, { spec: { managementPolicies: policies, deletionPolicy } });
    world.kube.remove(ref);
    await world.settle(ref);
    expect(world.kube.get(ref)).toBeUndefined();
    expect(world.palette.entities.size).toBe(isDeleted ? 0 : 1);
  });

  it('makes nothing that it may only observe', async () => {
    const world = createWorld();
    const ref = world.make(project, { spec: { ...PROJECT, managementPolicies: ['Observe'] } });
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')).toMatchObject({ reason: 'ExternalResourceNotFound' });
    expect(world.palette.calls).toEqual([]);
  });

  it('tells what is there and changes nothing when it may only observe', async () => {
    const world = createWorld();
    world.palette.entities.set('abc', {
      uid: 'abc',
      metadata: { name: 'web', annotations: { description: 'found' } },
    });
    const ref = world.make(project, {
      spec: { forProvider: {}, managementPolicies: ['Observe'] },
      annotations: { [ANNOTATIONS.externalName]: 'web' },
    });
    const result = await world.reconcile(ref);
    expect(result).toMatchObject({ ready: true, synced: true });
    expect(world.object(ref).status).toMatchObject({ atProvider: { id: 'abc', description: 'found' } });
    expect(world.object(ref).spec['forProvider']).toEqual({});
    expect(world.palette.calls.every((call) => call.startsWith('GET'))).toBe(true);
  });

  it.each([
    { name: 'by annotation', annotations: { [ANNOTATIONS.paused]: 'true' }, spec: PROJECT },
    { name: 'by empty policies', annotations: {}, spec: { ...PROJECT, managementPolicies: [] } },
  ])('pauses $name, once', async ({ annotations, spec }) => {
    const world = createWorld();
    const ref = world.make(project, { spec, annotations });
    expect((await world.reconcile(ref)).requeue.kind).toBe('rest');
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')).toMatchObject({ status: 'False', reason: 'ReconcilePaused' });
    expect(world.events).toHaveLength(1);
    expect(world.palette.calls).toEqual([]);
  });
});

describe('taking over by external name', () => {
  it.each([
    { name: 'an identifier', external: '00000000000000000000000a' },
    { name: 'a name', external: 'web' },
  ])('takes $name, brings it to the spec and names it by its identifier', async ({ external }) => {
    const world = createWorld();
    const uid = '00000000000000000000000a';
    world.palette.entities.set(uid, { uid, metadata: { name: 'web', annotations: { description: 'old' } } });
    const ref = world.make(project, { spec: PROJECT, annotations: { [ANNOTATIONS.externalName]: external } });
    await world.settle(ref);
    expect(world.object(ref).metadata.annotations?.[ANNOTATIONS.externalName]).toBe(uid);
    expect(only(world)).toMatchObject({ uid, metadata: { annotations: { description: 'shop' } } });
    expect(world.events.map(({ reason }) => reason)).toEqual(['ImportedExternalResource', 'UpdatedExternalResource']);
  });

  it('makes nothing in the place of what is not there', async () => {
    const world = createWorld();
    const ref = world.make(project, { spec: PROJECT, annotations: { [ANNOTATIONS.externalName]: 'nowhere' } });
    expect((await world.reconcile(ref)).requeue.kind).toBe('poll');
    expect(world.condition(ref, 'Synced')).toMatchObject({ reason: 'ExternalResourceNotFound' });
    expect(world.condition(ref, 'Synced')?.message).toContain('There is no project "nowhere"');
    expect(world.palette.made).toBe(0);
  });
});

describe('a kind that is not served yet', () => {
  it('is waited for, and told of', async () => {
    const world = createWorld({
      step: (what) => {
        if (!what.startsWith('get Secret')) return;
        throw new KubeError('the API server knows no such kind', { status: 404, reason: 'NoKindMatch' });
      },
    });
    const ref = world.make(account, {
      spec: { forProvider: { name: 'aws', awsAccessKey: 'A', awsSecretKeySecretRef: { name: 'aws', key: 'secret' } } },
    });
    expect((await world.reconcile(ref)).requeue.kind).toBe('failed');
    expect(world.condition(ref, 'Synced')).toMatchObject({ status: 'False', reason: 'ReconcileError' });
  });
});

describe('Secrets', () => {
  const spec = {
    forProvider: {
      name: 'aws',
      awsAccessKey: 'AKIA',
      awsSecretKeySecretRef: { name: 'aws', key: 'secret' },
    },
  };
  const secret = (content: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'aws', namespace: 'team' },
    data: { secret: Buffer.from(content).toString('base64') },
  });

  it('come from where the spec says, and stand nowhere in the object', async () => {
    const world = createWorld();
    world.kube.put(secret('hush-hush'));
    const ref = world.make(account, { name: 'aws', spec });
    await world.settle(ref);
    expect(only(world)).toMatchObject({ spec: { accessKey: 'AKIA', secretKey: 'hush-hush' } });
    expect(JSON.stringify([world.object(ref), world.events])).not.toContain('hush-hush');
    world.palette.calls.length = 0;
    await world.reconcile(ref);
    expect(world.palette.calls).toEqual(['GET /v1/cloudaccounts/aws/{uid}']);
  });

  it('are given to the API again when their content changes', async () => {
    const world = createWorld();
    world.kube.put(secret('hush-hush'));
    const ref = world.make(account, { name: 'aws', spec });
    await world.settle(ref);
    world.kube.put(secret('hush-again'));
    await world.settle(ref);
    expect(only(world)).toMatchObject({ spec: { secretKey: 'hush-again' } });
    expect(world.events.at(-1)?.message).toBe('Updated spec.forProvider.awsSecretKeySecretRef.');
    expect(JSON.stringify([world.object(ref), world.events])).not.toContain('hush');
    world.palette.calls.length = 0;
    await world.reconcile(ref);
    expect(world.palette.calls).toEqual(['GET /v1/cloudaccounts/aws/{uid}']);
  });

  it.each([
    { name: 'is not there', put: undefined, message: 'there is no Secret team/aws' },
    { name: 'has no such key', put: { data: {} }, message: 'Secret team/aws has no key secret; it has none' },
  ])('are waited for while one $name', async ({ put, message }) => {
    const world = createWorld();
    if (put !== undefined) world.kube.put({ ...secret(''), ...put });
    const ref = world.make(account, { name: 'aws', spec });
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')).toMatchObject({ status: 'False', reason: 'SecretNotReady' });
    expect(world.condition(ref, 'Synced')?.message).toContain(`spec.forProvider.awsSecretKeySecretRef: ${message}`);
    expect(world.palette.made).toBe(0);
  });
});

describe('initial parameters', () => {
  it('count when the object is made, and not afterwards', async () => {
    const world = createWorld();
    const ref = world.make(project, {
      spec: { forProvider: { name: 'web' }, initProvider: { description: 'at first' } },
    });
    await world.settle(ref);
    expect(only(world)).toMatchObject({ metadata: { annotations: { description: 'at first' } } });
    world.kube.change(ref, { spec: { initProvider: { description: 'later' } } });
    await world.settle(ref);
    expect(only(world)).toMatchObject({ metadata: { annotations: { description: 'at first' } } });
    world.kube.change(ref, { spec: { forProvider: { tags: ['a:b'] } } });
    await world.settle(ref);
    expect(only(world)).toMatchObject({ metadata: { annotations: { description: 'at first' }, labels: { a: 'b' } } });
  });
});
