/** What docs/profiles.md shows, run as it stands there. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Command } from 'commander';

import { createProgram, runCommandLine } from '#cli/program';
import { macro, packOutput, system, variable } from '#profiles/index';
import { lintProfile } from '#profiles/lint/lint-profile';
import { loadProfiles } from '#profiles/load/load-profiles';
import { directorySource } from '#profiles/render/directory-source';
import { temporary } from '../packs/support.ts';

jest.setTimeout(60_000);

const signal = new AbortController().signal;
let text: string;
let work: Awaited<ReturnType<typeof temporary>>;

beforeAll(async () => {
  text = await readFile('docs/profiles.md', 'utf8');
  work = await temporary();
});
afterAll(async () => work.remove());

function blocks(language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);
}

describe('docs/profiles.md', () => {
  it('shows profiles that load, and have nothing wrong but that nothing pins them', async () => {
    const files = [
      ...blocks('ts')
        .filter((block) => block.includes('defineProfile({'))
        .map((block, index) => ({ file: `${index}.ts`, block })),
      ...blocks('yaml').map((block, index) => ({ file: `${index}.yaml`, block })),
    ];
    expect(files.map(({ file }) => file)).toEqual(['0.ts', '1.ts', '0.yaml']);
    for (const { file, block } of files) {
      await writeFile(join(work.path, file), block);
      for (const { document } of await loadProfiles(join(work.path, file))) {
        const found = await lintProfile(document, { source: directorySource([join('examples', 'packs')]), signal });
        // The pack of the example reads a variable that the first program has, and the second leaves to its type.
        expect(found.filter(({ rule }) => rule !== 'not-locked' && rule !== 'variable-undefined')).toEqual([]);
      }
    }
  });

  it('shows how references are written', () => {
    const rows = [...text.matchAll(/^\| (`[^|]*`) \| `(.*?)` \| /gm)].map(([, code, written = '']) => [
      code,
      written.replaceAll('\\|', '|'),
    ]);
    expect(rows).toEqual([
      ["`variable('size', { format: 'number' })`", String(variable('size', { format: 'number' }))],
      ["`macro('region')`, `macro('n', { as: 'number' })`", String(macro('region'))],
      ['`system.cluster.name`', String(system.cluster.name)],
      ["`system.kubernetes.version.pipe('substr', 0, 4)`", String(system.kubernetes.version.pipe('substr', 0, 4))],
      [
        "`packOutput('example-k8s', 'pack.podCIDR').default('10.0.0.0/16')`",
        String(packOutput('example-k8s', 'pack.podCIDR').default('10.0.0.0/16')),
      ],
    ]);
  });

  it('shows commands that run in the example', async () => {
    const lines = blocks('sh').flatMap((block) => block.trim().split('\n'));
    expect(lines.length).toBeGreaterThan(2);
    const before = process.cwd();
    const spy = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    process.chdir('examples/profiles');
    try {
      for (const line of lines) {
        const [, ...words] = line.split(' ');
        // The lock file of the example is what the command would write.
        const args = words.includes('lock') ? [...words, '--check'] : words;
        expect({ line, code: await runCommandLine(args) }).toEqual({ line, code: 0 });
      }
    } finally {
      process.chdir(before);
      spy.mockRestore();
    }
  });

  it('names commands that there are', () => {
    const names = (command: Command): string[] => command.commands.map((one) => one.name());
    const profile = createProgram().commands.find((command) => command.name() === 'profile');
    const named = [...text.matchAll(/`palette profile (\w+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(profile && names(profile)).toContain(name);
  });
});
