import { describe, expect, it } from '@jest/globals';

import { ANNOTATIONS } from '../../schema/groups.ts';
import { kindsOf } from '../../schema/kinds.ts';
import { refusal } from './testing/fake-palette.ts';
import { createWorld, type World } from './testing/world.ts';

const [cluster] = kindsOf('spectrocloud_cluster_brownfield');
const [profile] = kindsOf('spectrocloud_cluster_profile');

function putProfile(
  world: World,
  name: string,
  { id, labels = {}, isLeaving = false }: { id?: string; labels?: Record<string, string>; isLeaving?: boolean } = {},
): void {
  world.kube.put({
    apiVersion: profile.apiVersion,
    kind: profile.kind,
    metadata: {
      name,
      namespace: 'team',
      labels,
      finalizers: ['x'],
      ...(isLeaving ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
      ...(id === undefined ? {} : { annotations: { [ANNOTATIONS.externalName]: id } }),
    },
    spec: {},
    ...(id === undefined ? {} : { status: { atProvider: { id } } }),
  });
}

const byName = { idRef: { name: 'base' } };
const byLabel = { idSelector: { matchLabels: { layer: 'base' } } };

async function look(world: World, attachment: object): Promise<string> {
  const ref = world.make(cluster, {
    spec: { forProvider: { name: 'web', cloudType: 'generic', clusterProfile: [attachment] } },
  });
  world.palette.fault = () => refusal(400, 'Asked', 'it asked the API');
  const result = await world.reconcile(ref);
  const condition = world.condition(ref, 'Synced');
  expect([condition?.reason, result.requeue.kind]).not.toContain('ReconcileError');
  return `${condition?.reason}: ${condition?.message}`;
}

describe('a reference', () => {
  const where = 'ReferenceNotReady: spec.forProvider.clusterProfile[0]';
  it.each<{ name: string; given: (world: World) => void; attachment: object; want: string }>([
    {
      name: 'to nothing',
      given: () => undefined,
      attachment: byName,
      want: `${where}.idRef: there is no ClusterProfile base in namespace team.`,
    },
    {
      name: 'to what is not made yet',
      given: (world) => putProfile(world, 'base'),
      attachment: byName,
      want: `${where}.idRef: ClusterProfile base is not made yet: its own conditions tell why.`,
    },
    {
      name: 'to what is going',
      given: (world) => putProfile(world, 'base', { id: 'p', isLeaving: true }),
      attachment: byName,
      want: `${where}.idRef: ClusterProfile base is being deleted. Refer to another one, or make it anew.`,
    },
    {
      name: 'by labels that nothing has',
      given: (world) => putProfile(world, 'base', { id: 'p' }),
      attachment: byLabel,
      want: `${where}.idSelector: no ClusterProfile has the labels layer=base.`,
    },
    {
      name: 'by labels that several have',
      given: (world) => {
        putProfile(world, 'b', { id: 'p', labels: { layer: 'base' } });
        putProfile(world, 'a', { id: 'q', labels: { layer: 'base' } });
      },
      attachment: byLabel,
      want: `${where}.idSelector: the labels layer=base choose 2 of ClusterProfile (a, b): they must choose one.`,
    },
  ])('$name is waited for', async ({ given, attachment, want }) => {
    const world = createWorld();
    given(world);
    expect(await look(world, attachment)).toBe(want);
    expect(world.palette.calls).toEqual([]);
  });

  it.each([
    { name: 'name', attachment: byName },
    { name: 'labels', attachment: byLabel },
  ])('by $name gives the external name', async ({ attachment }) => {
    const world = createWorld();
    putProfile(world, 'base', { id: 'profile-uid', labels: { layer: 'base' } });
    const asked: unknown[] = [];
    Object.assign(world.palette.client, {
      clusterProfile: async (uid: string) => {
        asked.push(uid);
        throw refusal(400, 'Asked', 'it asked the API');
      },
    });
    await look(world, attachment);
    expect(asked).toEqual(['profile-uid']);
  });
});
