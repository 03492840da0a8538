import type { ConformancePlane } from '../support/plane.ts';
import { define } from './case.ts';

const hook = {
  method: 'POST' as const,
  url: 'https://hooks.example.com/palette',
  body: '{"text":"{{message}}"}',
  headers: { authorization: 'Bearer x' },
};

export const alert = define({
  type: 'spectrocloud_alert',
  create: {
    values: {
      project: 'Default',
      component: 'ClusterHealth',
      isActive: true,
      identifiers: ['ops@example.com'],
      http: [hook],
    },
    state: {
      project: 'Default',
      component: 'ClusterHealth',
      isActive: true,
      alertAllUsers: false,
      identifiers: ['ops@example.com'],
      http: [hook],
    },
    stored: [
      { type: 'email', isActive: true, alertAllUsers: false, identifiers: ['ops@example.com'] },
      { type: 'http', isActive: true, alertAllUsers: false, identifiers: [], http: hook },
    ],
  },
  changes: [
    {
      name: 'its addresses and its requests',
      values: {
        project: 'Default',
        component: 'ClusterHealth',
        isActive: true,
        alertAllUsers: true,
        identifiers: ['a@example.com', 'b@example.com'],
      },
      state: { alertAllUsers: true, identifiers: ['a@example.com', 'b@example.com'] },
      stored: [{ type: 'email', isActive: true, alertAllUsers: true, identifiers: ['a@example.com', 'b@example.com'] }],
    },
  ],
  replace: {
    at: 'component',
    values: { project: 'Default', component: 'ClusterEvents', isActive: true, alertAllUsers: true },
    state: { component: 'ClusterEvents' },
    stored: [{ type: 'email', isActive: true, alertAllUsers: true, identifiers: [] }],
  },
  drifts: [
    {
      name: 'turned it off and added a channel',
      act: async ({ client, project }) =>
        client.put('/v1/projects/{uid}/alerts/{component}', {
          path: { uid: project.projectUid, component: 'ClusterHealth' },
          body: {
            channels: [
              { type: 'email', isActive: false, identifiers: ['mallory@example.com'] },
              { type: 'http', isActive: true, http: hook },
            ],
          },
          scope: { kind: 'tenant' },
        }),
    },
  ],
  remove: async ({ client, project }) =>
    client.delete('/v1/projects/{uid}/alerts/{component}', {
      path: { uid: project.projectUid, component: 'ClusterHealth' },
      scope: { kind: 'tenant' },
    }),
  importId: () => 'Default:ClusterHealth',
  importedExactly: true,
  wrong: [
    {
      name: 'an address that is none',
      values: { project: 'Default', component: 'ClusterHealth', isActive: true, identifiers: ['nobody'] },
      at: ['identifiers'],
      says: /must be an address of electronic mail/,
      managed: { says: /should match/ },
    },
    {
      name: 'another component',
      values: { project: 'Default', component: 'Weather', isActive: true },
      at: ['component'],
      says: /ClusterHealth/,
    },
  ],
  stored: async (plane, id) => channelsOf(plane, id.split(':')[1] ?? ''),
  list: async (plane) => {
    const found = await alertsOf(plane);
    return found.map(({ component }) => `${plane.project.projectUid}:${component}`);
  },
});

async function alertsOf({ client, project }: ConformancePlane) {
  const { spec } = await client.get('/v1/projects/{uid}', {
    path: { uid: project.projectUid },
    scope: { kind: 'tenant' },
  });
  return spec?.alerts ?? [];
}

async function channelsOf(plane: ConformancePlane, component: string): Promise<unknown> {
  const found = (await alertsOf(plane)).find((one) => one.component === component);
  return (found?.channels ?? []).map(({ type, isActive, alertAllUsers, identifiers, http }) => ({
    type,
    isActive,
    alertAllUsers,
    identifiers: (identifiers ?? []).toSorted(),
    ...(http === undefined ? {} : { http }),
  }));
}
