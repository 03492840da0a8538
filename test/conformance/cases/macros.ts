import type { ConformancePlane } from '../support/plane.ts';
import { define } from './case.ts';

export const macros = define({
  type: 'spectrocloud_macros',
  create: {
    values: { context: 'project', macros: { region: 'eu', zone: 'a' } },
    state: { context: 'project', macros: { region: 'eu', zone: 'a' } },
    stored: { region: 'eu', zone: 'a' },
  },
  changes: [
    {
      name: 'a value, and one macro less',
      values: { context: 'project', macros: { region: 'us' } },
      state: { macros: { region: 'us' } },
      stored: { region: 'us' },
    },
  ],
  drifts: [
    {
      name: 'changed a value, and made one of their own, which is left alone',
      act: async ({ client, project }) =>
        client.put('/v1/projects/{uid}/macros', {
          path: { uid: project.projectUid },
          body: {
            macros: [
              { name: 'region', value: 'moon' },
              { name: 'theirs', value: 'x' },
            ],
          },
          scope: project,
        }),
      stored: { region: 'us', theirs: 'x' },
    },
  ],
  remove: async ({ client, project }) =>
    client.delete('/v1/projects/{uid}/macros', {
      path: { uid: project.projectUid },
      body: { macros: [{ name: 'region' }, { name: 'theirs' }] },
      scope: project,
    }),
  importId: () => 'Default:project',
  importedExactly: false,
  // Terraform takes all macros over, and its plan shows which of them go. Nobody looks at a plan of a managed resource:
  // it takes over those that it names.
  importStored: { managed: { region: 'us', theirs: 'x' } },
  wrong: [
    {
      name: 'an unknown context',
      values: { context: 'planet', macros: { a: 'b' } },
      at: ['context'],
      says: /"project"\|"tenant"|project.*tenant/,
    },
  ],
  stored: async (plane) => Object.fromEntries(await readMacros(plane)),
  list: async (plane) => [...(await readMacros(plane)).keys()],
});

async function readMacros({ client, project }: ConformancePlane): Promise<Map<string, string>> {
  const { macros: found = [] } = await client.get('/v1/projects/{uid}/macros', {
    path: { uid: project.projectUid },
    scope: project,
  });
  return new Map(found.map(({ name = '', value = '' }) => [name, value]));
}
