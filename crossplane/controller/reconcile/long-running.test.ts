import { describe, expect, it } from '@jest/globals';

import { ANNOTATIONS } from '../../schema/groups.ts';
import { createGadgets, type GadgetApi } from './testing/gadget.ts';
import { createWorld, project, type World } from './testing/world.ts';

function begin(forProvider: Readonly<Record<string, unknown>> = {}, annotations: Record<string, string> = {}) {
  const api: GadgetApi = createGadgets();
  const world: World = createWorld({ definition: api.definition });
  const ref = world.make(project, {
    name: 'gadget',
    annotations,
    spec: { forProvider: { name: 'gadget', ...forProvider }, writeConnectionSecretToRef: { name: 'connection' } },
  });
  return { api, world, ref };
}

describe('what takes its time', () => {
  it('keeps nobody waiting: it is made, named and watched until it can be used', async () => {
    const { api, world, ref } = begin();
    api.busy = 'warming up';
    const first = await world.reconcile(ref);
    expect(first.requeue).toEqual({ kind: 'progressing', message: expect.stringContaining('warming up') });
    expect(world.object(ref).metadata.annotations?.[ANNOTATIONS.externalName]).toBe('g-1');
    expect(world.condition(ref, 'Synced')?.status).toBe('True');
    expect(world.condition(ref, 'Ready')).toMatchObject({ status: 'False', reason: 'Creating' });
    expect((await world.reconcile(ref)).requeue.kind).toBe('progressing');
    expect(world.condition(ref, 'Ready')).toMatchObject({ reason: 'Creating', message: 'It is warming up.' });
    api.busy = undefined;
    expect((await world.reconcile(ref)).requeue.kind).toBe('poll');
    expect(world.condition(ref, 'Ready')).toMatchObject({ status: 'True', reason: 'Available' });
    expect(api.updates).toBe(0);
  });

  it('is Unavailable, no longer Creating, once it could be used before', async () => {
    const { api, world, ref } = begin();
    await world.settle(ref);
    api.busy = 'out of order';
    expect((await world.reconcile(ref)).requeue.kind).toBe('progressing');
    expect(world.condition(ref, 'Ready')).toMatchObject({ status: 'False', reason: 'Unavailable' });
    expect(world.condition(ref, 'Synced')?.status).toBe('True');
  });

  it('is updated once while the update takes its time', async () => {
    const { api, world, ref } = begin({ hidden: 'one' });
    await world.settle(ref);
    api.busy = 'changing';
    world.kube.change(ref, { spec: { forProvider: { mode: 'fancy', hidden: 'two' } } });
    expect((await world.reconcile(ref)).requeue.kind).toBe('progressing');
    expect((await world.reconcile(ref)).requeue.kind).toBe('progressing');
    api.busy = undefined;
    await world.settle(ref);
    expect(api.updates).toBe(1);
    expect(api.gadgets.get('g-1')).toMatchObject({ mode: 'fancy', hidden: 'two' });
  });

  it('is deleted while it is still being made, and waited for', async () => {
    const { api, world, ref } = begin();
    api.busy = 'warming up';
    await world.reconcile(ref);
    world.kube.remove(ref);
    expect((await world.reconcile(ref)).requeue.kind).toBe('progressing');
    expect(world.condition(ref, 'Ready')).toMatchObject({ status: 'False', reason: 'Deleting' });
    expect(world.kube.get(ref)).toBeDefined();
    api.busy = undefined;
    await world.settle(ref);
    expect([world.kube.get(ref), api.gadgets.size]).toEqual([undefined, 0]);
  });
});

describe('a creation that fails halfway', () => {
  it('keeps what was made, and writes all of it at the next look, also what cannot be read back', async () => {
    const { api, world, ref } = begin({ hidden: 'secret handshake' });
    api.failsHalfway = true;
    expect((await world.reconcile(ref)).requeue.kind).toBe('failed');
    expect(world.condition(ref, 'Synced')?.message).toBe('g-1 exists, but is not complete: the second half failed');
    api.gadgets.set('g-1', { name: 'gadget', mode: 'plain', zone: 'z' });
    await world.settle(ref);
    expect([...api.gadgets.keys()]).toEqual(['g-1']);
    expect(api.gadgets.get('g-1')).toMatchObject({ hidden: 'secret handshake' });
    expect(world.condition(ref, 'Synced')?.status).toBe('True');
  });

  it('made nothing when the definition refuses its configuration: the field is named', async () => {
    const { api, world, ref } = begin({ mode: 'wrong' });
    await world.reconcile(ref);
    expect(world.condition(ref, 'Synced')).toMatchObject({
      reason: 'InvalidSpec',
      message: 'spec.forProvider.mode: No such mode: Take plain.',
    });
    world.kube.change(ref, { spec: { forProvider: { mode: 'plain' } } });
    await world.settle(ref);
    expect(api.gadgets.size).toBe(1);
  });
});

describe('what cannot be read back', () => {
  it('is written when it changes, and not otherwise', async () => {
    const { api, world, ref } = begin({ hidden: 'one' });
    await world.settle(ref);
    await world.settle(ref);
    expect(api.updates).toBe(0);
    world.kube.change(ref, { spec: { forProvider: { hidden: 'two' } } });
    await world.settle(ref);
    await world.settle(ref);
    expect(api.updates).toBe(1);
  });
});

describe('what cannot be changed', () => {
  it.each([
    { name: 'would need a new object', field: 'kind', before: 'a', after: 'b' },
    { name: 'is fixed when it is made', field: 'size', before: 1, after: 2 },
  ])('changes nothing and deletes nothing when it $name', async ({ field, before, after }) => {
    const { api, world, ref } = begin({ [field]: before });
    await world.settle(ref);
    world.kube.change(ref, { spec: { forProvider: { [field]: after, mode: 'fancy' } } });
    expect((await world.reconcile(ref)).requeue.kind).toBe('poll');
    expect(world.condition(ref, 'Synced')).toMatchObject({ status: 'False', reason: 'ReplacementRequired' });
    expect(world.condition(ref, 'Synced')?.message).toContain(`spec.forProvider.${field} cannot be changed`);
    expect(world.condition(ref, 'Ready')?.status).toBe('True');
    expect([...api.gadgets.entries()]).toMatchObject([['g-1', { mode: 'plain', [field]: before }]]);
    world.kube.change(ref, { spec: { forProvider: { [field]: before } } });
    await world.settle(ref);
    expect(api.gadgets.get('g-1')).toMatchObject({ mode: 'fancy' });
  });
});

describe('late initialisation', () => {
  const found = { name: 'gadget', mode: 'fancy', zone: 'north', size: 3 };

  it('writes what the API chose into the spec', async () => {
    const { world, ref } = begin();
    await world.settle(ref);
    await world.settle(ref);
    expect(world.object(ref).spec['forProvider']).toEqual({ name: 'gadget', zone: 'zone-by-api' });
  });

  it('keeps what is taken over as it is, where the spec leaves it open', async () => {
    const { api, world, ref } = begin({}, { [ANNOTATIONS.externalName]: 'g-7' });
    api.gadgets.set('g-7', { ...found });
    await world.settle(ref);
    expect(world.object(ref).spec['forProvider']).toMatchObject({ mode: 'fancy', zone: 'north' });
    expect(api.gadgets.get('g-7')).toMatchObject({ mode: 'fancy', zone: 'north', size: 3 });
    expect(world.condition(ref, 'Synced')?.status).toBe('True');
  });

  it('is left out when the policies say so', async () => {
    const { api, world, ref } = begin({}, { [ANNOTATIONS.externalName]: 'g-7' });
    api.gadgets.set('g-7', { ...found });
    world.kube.change(ref, { spec: { managementPolicies: ['Observe', 'Create', 'Update', 'Delete'] } });
    await world.settle(ref);
    expect(world.object(ref).spec['forProvider']).toEqual({ name: 'gadget' });
    expect(api.gadgets.get('g-7')).toMatchObject({ mode: 'plain', zone: 'north' });
  });

  it('does not take drift over: a default is put back', async () => {
    const { api, world, ref } = begin();
    await world.settle(ref);
    api.gadgets.set('g-1', { ...found, size: undefined, zone: 'zone-by-api' });
    await world.settle(ref);
    expect(api.gadgets.get('g-1')).toMatchObject({ mode: 'plain' });
    expect(world.events.map(({ message }) => message)).toContain(
      'Put back what was changed elsewhere: spec.forProvider.mode.',
    );
  });
});

describe('connection details', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'team', name: 'connection' };

  it('are in a Secret that belongs to the managed resource, and nowhere else', async () => {
    const { world, ref } = begin();
    await world.settle(ref);
    expect(world.kube.get(secret)).toMatchObject({
      type: 'connection.crossplane.io/v1alpha1',
      metadata: { ownerReferences: [{ kind: 'Project', name: 'gadget', controller: true }] },
      data: { key: Buffer.from('key-of-g-1').toString('base64') },
    });
    expect(JSON.stringify(world.object(ref).status)).not.toContain('key-of');
  });

  it('are written again when somebody deletes the Secret', async () => {
    const { world, ref } = begin();
    await world.settle(ref);
    world.kube.objects.delete([...world.kube.objects.keys()].find((key) => key.includes('connection')) ?? '');
    await world.settle(ref);
    expect(world.kube.get(secret)).toBeDefined();
  });

  it.each([
    { name: 'of another kind', object: { type: 'Opaque' }, says: 'is no connection Secret' },
    {
      name: 'of another owner',
      object: { type: 'connection.crossplane.io/v1alpha1', owner: [{ uid: 'other', controller: true }] },
      says: 'belongs to another object',
    },
  ])('do not overwrite a Secret $name', async ({ object: { type, owner }, says }) => {
    const { api, world, ref } = begin();
    world.kube.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'connection', namespace: 'team', ...(owner === undefined ? {} : { ownerReferences: owner }) },
      type,
      data: { mine: 'bWluZQ==' },
    });
    expect((await world.reconcile(ref)).requeue.kind).toBe('failed');
    expect(world.condition(ref, 'Synced')).toMatchObject({ reason: 'CannotPublishConnectionDetails' });
    expect(world.condition(ref, 'Synced')?.message).toContain(says);
    expect(world.kube.get(secret)).toMatchObject({ data: { mine: 'bWluZQ==' } });
    expect(api.gadgets.size).toBe(1);
  });
});
