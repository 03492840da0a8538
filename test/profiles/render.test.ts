/** Profiles from a program to the objects that an agent would apply, rendered by Helm itself. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { Renderer } from '#packs/index';
import { addon, defineProfile, manifests, variable } from '#profiles/index';
import { loadProfiles } from '#profiles/load/load-profiles';
import { directorySource } from '#profiles/render/directory-source';
import { renderProfile } from '#profiles/render/render-profile';

import { EXAMPLES, HELM_BUILD_MS, helmPath, rendererFor, temporary } from '../packs/support.ts';

jest.setTimeout(60_000);

let work: Awaited<ReturnType<typeof temporary>>;
let renderer: Renderer;
const signal = new AbortController().signal;
const source = directorySource([EXAMPLES]);

beforeAll(async () => {
  work = await temporary();
  renderer = rendererFor(await helmPath(), join(work.path, 'helm'));
}, HELM_BUILD_MS);

afterAll(async () => work.remove());

const replicas = variable('replicas', { format: 'number', default: 2 });
const greeting = variable('greeting', { default: 'Hello' });
const profile = defineProfile({
  name: 'hello',
  version: '1.2.0',
  variables: [replicas, greeting],
  layers: [
    addon({ pack: 'hello-chart', version: '1.x' }),
    manifests({
      name: 'about',
      manifests: { about: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'about' }, data: { greeting } } },
    }),
  ],
});

describe('rendering a profile', () => {
  it('gives the objects of every layer, in the order in which an agent applies them', async () => {
    const rendered = await renderProfile(profile, { source, renderer, signal });
    expect(rendered).toMatchObject({ name: 'hello', version: '1.2.0' });
    expect(rendered.layers.map(({ layer }) => [layer.name, layer.version])).toEqual([
      ['about', ''],
      ['hello-chart', '1.0.0'],
    ]);
    expect(rendered.layers[0]?.objects).toMatchObject([{ kind: 'ConfigMap', data: { greeting: 'Hello' } }]);
  });

  it('takes a program as it takes a value', async () => {
    const file = join(work.path, 'program.ts');
    await writeFile(
      file,
      `import { addon, defineProfile, variable } from 'palette-iac/profiles';
       interface Shape { readonly a: number }
       const replicas = variable('replicas', { format: 'number', default: 2 });
       const greeting = variable('greeting', { default: 'Hello' });
       const shape: Shape = { a: 1 };
       export const one = defineProfile({ name: 'one', variables: [replicas, greeting], layers: [addon({ pack: 'hello-chart' })] });
       export const all = [one, defineProfile({ name: 'two', version: \`\${shape.a}.0.0\`, layers: [] })];
       export default one;`,
    );
    expect((await loadProfiles(file)).map(({ exportName, document }) => [exportName, document.name])).toEqual([
      ['one', 'one'],
      ['all[1]', 'two'],
    ]);
  });
});
