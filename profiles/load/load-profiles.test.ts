import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { policiesOf } from '#profiles/authoring/attached';

import { loadProfiles } from './load-profiles.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-load-'));
});
afterAll(async () => rm(dir, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, text);
  return file;
}

const PROGRAM = `
import { addon, defineProfile, type ProfileDocument } from 'palette-iac/profiles';
import { name } from './names.ts';
const rule = { name: 'r', description: 'd', severity: 'error', check: () => [] } as const;
const make = (version: string): ProfileDocument =>
  defineProfile({ name, version, layers: [addon({ pack: 'a' })], policies: [rule] });
export const shop = make('1.0.0');
export const later = Promise.resolve(make('2.0.0'));
export const other = { unrelated: true };
export const many = [make('3.0.0'), shop];
export default shop;
`;

describe('the profiles of a program', () => {
  let file: string;
  beforeAll(async () => {
    await write('names.ts', `export const name: string = 'shop';`);
    file = await write('program.ts', PROGRAM);
  });

  it('are its exports: alone, in lists, in promises; each once', async () => {
    const loaded = await loadProfiles(file);
    expect(loaded.map(({ exportName, document }) => [exportName, document.version])).toEqual([
      ['later', '2.0.0'],
      ['shop', '1.0.0'],
      ['many[0]', '3.0.0'],
    ]);
    expect(loaded[0]?.policies).toMatchObject([{ name: 'r' }]);
    expect(policiesOf(loaded[0]!.document)).toHaveLength(1);
  });

  it.each([
    { name: 'later', want: ['2.0.0'] },
    { name: 'shop@3.0.0', want: ['3.0.0'] },
    { name: 'shop', want: ['1.0.0'] },
  ])('are taken by name: $name', async ({ name, want }) => {
    expect((await loadProfiles(`${file}#${name}`)).map(({ document }) => document.version)).toEqual(want);
  });

  it('says which there are when the one asked for is not', async () => {
    await expect(loadProfiles(`${file}#nope`)).rejects.toThrow(
      /no profile "nope" in it; there are later \(shop 2\.0\.0\)/,
    );
  });

  it('are of the text as it is now', async () => {
    const changing = await write(
      'changing.ts',
      `import { defineProfile } from 'palette-iac/profiles';\nexport const a = defineProfile({ name: 'a', layers: [] });`,
    );
    await loadProfiles(changing);
    await write(
      'changing.ts',
      `import { defineProfile } from 'palette-iac/profiles';\nexport const a = defineProfile({ name: 'b', layers: [] });`,
    );
    expect((await loadProfiles(changing))[0]?.document.name).toBe('b');
  });
});

describe('a file without profiles', () => {
  it.each([
    {
      name: 'a program that throws',
      file: 'throws.ts',
      text: `\n\nconst f = () => { throw new Error('no way'); };\nf();`,
      want: /throws\.ts:3: error: the program failed: no way/,
    },
    {
      name: 'a program that does not parse',
      file: 'syntax.ts',
      text: 'const a = ;\n',
      want: /syntax\.ts:1:\d+: error: the program failed: .*/,
    },
    {
      name: 'a program that imports what is not there',
      file: 'imports.ts',
      text: `import './gone.ts';`,
      want: /gone\.ts/,
    },
    {
      name: 'a program whose profile is wrong',
      file: 'wrong.ts',
      text: `import { addon, defineProfile } from 'palette-iac/profiles';\nexport const a = defineProfile({ name: 'a', version: 'x', layers: [] });`,
      want: /profile a x.*no semantic version/,
    },
    {
      name: 'a program without profiles',
      file: 'none.ts',
      text: 'export const a = 1;',
      want: /there is no profile in it/,
    },
    {
      name: 'a profile twice',
      file: 'twice.ts',
      text: `import { defineProfile } from 'palette-iac/profiles';\nexport const a = defineProfile({ name: 'a', layers: [] });\nexport const b = defineProfile({ name: 'a', layers: [] });`,
      want: /a and b are both a 1\.0\.0/,
    },
    { name: 'YAML that is none', file: 'x.yaml', text: 'a: [', want: /x\.yaml:1:\d+: error: .*yaml-syntax/ },
    {
      name: 'a document with a wrong field',
      file: 'y.yaml',
      text: 'apiVersion: palette-iac.dev/v1\nkind: ClusterProfile\nname: a\nlayers: [{name: b, layer: nope}]',
      want: /profile a, .*y\.yaml:1: error: layers\[0\]\.layer: /,
    },
    {
      name: 'a document of another version',
      file: 'z.json',
      text: '{"apiVersion":"palette-iac.dev/v2","kind":"ClusterProfile","name":"a","layers":[]}',
      want: /apiVersion: /,
    },
    {
      name: 'a document with a field that there is not',
      file: 'unknown.yaml',
      text: 'apiVersion: palette-iac.dev/v1\nkind: ClusterProfile\nname: a\nlayers: [{name: b, valuez: x}]',
      want: /profile a, .*unknown\.yaml:1: error: layers\[0\]\.valuez: there is no such field; did you mean "values"\?/,
    },
    {
      name: 'a program with an option that there is not',
      file: 'option.ts',
      text: `import { addon, defineProfile } from 'palette-iac/profiles';\nexport const a = defineProfile({ name: 'a', layers: [\naddon({ pack: 'b', valuez: {} })] });`,
      want: /option\.ts:3: error: the program failed: layer b: there is no option "valuez"; did you mean "values"\?/,
    },
    {
      name: 'a program whose profile has an option that there is not',
      file: 'layerz.ts',
      text: `import { defineProfile } from 'palette-iac/profiles';\nexport const a = defineProfile({ name: 'a', layerz: [] });`,
      want: /layerz\.ts:2: error: the program failed: profile a: there is no option "layerz"; did you mean "layers"\?/,
    },
    {
      name: 'a program whose variable has an option that there is not',
      file: 'variable.ts',
      text: `import { variable } from 'palette-iac/profiles';\nvariable('size', { defualt: 'x' });`,
      want: /variable\.ts:2: error: the program failed: variable size: there is no option "defualt"; did you mean "default"\?/,
    },
    {
      name: 'a program whose profile has no layers',
      file: 'layerless.ts',
      text: `import { defineProfile } from 'palette-iac/profiles';\nexport const a = defineProfile({ name: 'a' });`,
      want: /layerless\.ts:2: error: the program failed: profile a: its layers are no list/,
    },
    {
      name: 'a file that Palette exports',
      file: 'exported.yaml',
      text: 'metadata: {name: a}\nspec: {version: 1.0.0, template: {packs: []}}',
      want: /there is no profile in it; expected `apiVersion: palette-iac\.dev\/v1` and `kind: ClusterProfile`/,
    },
    { name: 'another kind of file', file: 'a.txt', text: '', want: /expected a program/ },
  ])('$name', async ({ file, text, want }) => {
    await expect(loadProfiles(await write(file, text))).rejects.toMatchObject({
      name: 'ProfileError',
      message: expect.stringMatching(want),
    });
  });

  it('one that is not there', async () => {
    await expect(loadProfiles(join(dir, 'gone.ts'))).rejects.toThrow('there is no such file');
    await expect(loadProfiles(join(dir, 'gone.yaml'))).rejects.toThrow('cannot be read');
  });
});

describe('the profiles of documents', () => {
  it('stand in a stream or a list, beside other things', async () => {
    const file = await write(
      'docs.yaml',
      `
kind: ConfigMap
---
apiVersion: palette-iac.dev/v1
kind: ClusterProfile
name: a
layers:
  - {name: nginx, version: 1.x, values: "a: 1 # kept"}
---
- {apiVersion: palette-iac.dev/v1, kind: ClusterProfile, name: b, layers: []}
`,
    );
    const loaded = await loadProfiles(file);
    expect(loaded.map(({ document }) => [document.name, document.version])).toEqual([
      ['a', '1.0.0'],
      ['b', '1.0.0'],
    ]);
    expect(loaded[0]?.document.layers[0]).toMatchObject({ layer: 'addon', type: 'spectro', values: 'a: 1 # kept' });
  });
});
