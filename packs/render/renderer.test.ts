import { tmpdir } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { createRenderer } from './renderer.ts';

const renderer = createRenderer({ helm: '/no/helm', workDir: tmpdir(), log: silentLogger });

/** What is said of a layer of values and manifests alone, for which no Helm runs. */
async function complaint(
  layer: { values?: string; manifest?: string },
  variables: Record<string, string>,
): Promise<string> {
  const { values = '', manifest } = layer;
  return renderer
    .render(
      {
        name: 'p',
        profile: { uid: '1', name: 'p', version: '1.0.0' },
        layer: 'addon',
        version: '',
        values,
        manifests: manifest === undefined ? [] : [{ name: 'm', content: manifest }],
        installPriority: 0,
      },
      undefined,
      { system: {}, macros: {}, variables, packs: {} },
      { kubeVersion: 'v1.34.0', signal: new AbortController().signal },
    )
    .then(
      () => 'nothing',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
}

describe('what a renderer says of a layer it cannot render', () => {
  it.each([
    { name: 'values that are no YAML', layer: { values: 'a: *{{.spectro.var.password}}' } },
    {
      name: 'a manifest that is no object',
      layer: { manifest: 'apiVersion: v1\nkind: A\nmetadata: {name: x, labels: {"{{.spectro.var.password}}": 1}}' },
    },
  ])('names variables and shows no value: $name', async ({ layer }) => {
    const said = await complaint(layer, { password: 'hunter2hunter2' });
    expect(said).toContain('{{.spectro.var.password}}');
    expect(said).not.toContain('hunter2');
  });
  it('leaves names whole that are values of others', async () => {
    const said = await complaint(
      { values: 'a: *{{.spectro.var.password}}' },
      { password: 'hunter2hunter2', word: 'password' },
    );
    expect(said).toMatch(/: \{\{\.spectro\.var\.password\}\}$/);
  });
});
