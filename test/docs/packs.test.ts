/** What docs/packs.md shows, run as it stands there. */
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { createProgram } from '#cli/program';

import { palette } from '../bundle/site.ts';
import { temporary } from '../packs/support.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';

jest.setTimeout(120_000);

let text: string;
let plane: TestPlane;
let work: Awaited<ReturnType<typeof temporary>>;

beforeAll(async () => {
  text = await readFile('docs/packs.md', 'utf8');
  [plane, work] = await Promise.all([startWholePlane(), temporary()]);
  await writeFile(join(work.path, 'ca.pem'), plane.ca);
  await symlink(join(process.cwd(), 'examples'), join(work.path, 'examples'));
}, 600_000);
afterAll(async () => {
  await plane?.stop();
  await work?.remove();
});

describe('docs/packs.md', () => {
  it('shows commands that run, in the order in which they stand there', async () => {
    const lines = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'));
    expect(lines.length).toBeGreaterThan(10);
    const env = {
      SPECTROCLOUD_HOST: plane.host,
      SPECTROCLOUD_APIKEY: plane.apiKey,
      SPECTROCLOUD_CA_FILE: join(work.path, 'ca.pem'),
      PALETTE_KEY_PASSWORD: 'secret',
    };
    const before = process.cwd();
    process.chdir(work.path);
    try {
      for (const line of lines) {
        const { code, err } = await palette(line.split(' ').slice(1), env);
        expect({ line, code, err: code === 0 ? '' : err }).toEqual({ line, code: 0, err: '' });
      }
    } finally {
      process.chdir(before);
    }
  });

  it('names commands that there are', () => {
    const groups = createProgram().commands;
    const named = [...text.matchAll(/palette (pack|key|bundle) (\w+)/g)].map(([, group, name]) => [group, name]);
    for (const [group, name] of named) {
      const commands = groups.find((command) => command.name() === group)?.commands.map((command) => command.name());
      expect(commands).toContain(name);
    }
  });
});
