/** `palette registry` from the command line to a real chart repository. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { runCommandLine } from '#cli/program';
import { generateKeyPair } from '#packs/signature/index';

import { indexCharts, packageCharts, serveFolder, type FileServer } from '../support/chart-repository.ts';
import { temporaryFolder } from '../support/palette.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';

jest.setTimeout(60_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: FileServer;
let plane: TestPlane;
const authorization = `Basic ${Buffer.from('reader:pass word').toString('base64')}`;
const file = (name: string): string => join(folder.dir, name);

beforeAll(async () => {
  folder = await temporaryFolder('registry-cli');
  await packageCharts(folder.dir, [{ name: 'web', version: '1.0.0' }]);
  await indexCharts(folder.dir);
  server = await serveFolder(folder.dir, { authorization });
  plane = await startWholePlane();
  await writeFile(file('ca.pem'), plane.ca);
  await writeFile(file('password'), 'pass word\n');
  await writeFile(file('cosign.pub'), (await generateKeyPair('')).publicKey);
}, 700_000);

afterAll(async () => {
  await plane?.stop();
  await server?.stop();
  await folder?.remove();
});

/** What a command says, and how it ends. */
async function palette(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true)),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true)),
  ];
  const before = process.env['SPECTROCLOUD_APIKEY'];
  process.env['SPECTROCLOUD_APIKEY'] = plane.apiKey;
  try {
    const code = await runCommandLine(['registry', ...args, '--host', plane.host, '--ca-file', file('ca.pem')]);
    return { code, out, err };
  } finally {
    if (before === undefined) delete process.env['SPECTROCLOUD_APIKEY'];
    else process.env['SPECTROCLOUD_APIKEY'] = before;
    for (const spy of spies) spy.mockRestore();
  }
}

describe('palette registry', () => {
  it('adds a registry, looks into it, and lists it', async () => {
    const login = ['--username', 'reader', '--password-file', file('password')];
    const added = await palette('add', 'charts', server.url, '--kind', 'helm', ...login, '--wait');
    expect(added).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^registry charts has the identifier/),
    });
    const { out } = await palette('list', '--output', 'json');
    expect(JSON.parse(out)).toMatchObject([
      { name: 'Palette Registry', kind: 'pack', status: 'Success' },
      { name: 'charts', kind: 'helm', endpoint: server.url, status: 'Success', message: '' },
    ]);
    expect((await palette('list')).out).toContain('charts');
    expect(out).not.toContain('pass word');
  });

  it('looks into it again, and says why it cannot', async () => {
    expect(await palette('sync', 'charts', '--wait')).toMatchObject({
      code: 0,
      out: 'registry charts is looked into\n',
    });
    const index = await readFile(file('index.yaml'));
    await writeFile(file('index.yaml'), 'no index');
    const failed = await palette('sync', 'charts', '--wait');
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('no index of a chart repository') });
    await writeFile(file('index.yaml'), index);
    expect(await palette('sync', 'charts', '--wait')).toMatchObject({ code: 0 });
  });

  it('shows and sets who may use it, how much, and whose signatures it demands', async () => {
    expect((await palette('settings', 'charts')).out).toMatch(/signed by +anybody/);
    const set = await palette('settings', 'charts', '--key', file('cosign.pub'), '--quota', '5000');
    expect(set).toMatchObject({ code: 0, out: expect.stringMatching(/of 5000\n[^]*signed by +sha256:/) });
    expect(await palette('settings', 'charts', '--key', file('password'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('public key cannot be read'),
    });
    expect((await palette('settings', 'charts', '--reset')).out).toMatch(/signed by +anybody/);
  });

  it.each([
    { args: ['sync', 'nothing'], code: 1, says: 'There are: Palette Registry, charts' },
    { args: ['add', 'x', 'https://x.invalid'], code: 2, says: '--kind' },
    { args: ['add', 'x', 'https://x.invalid', '--kind', 'helm', '--username', 'u'], code: 2, says: 'belong together' },
    { args: ['add', 'charts', 'https://x.invalid', '--kind', 'helm'], code: 1, says: "named 'charts' already" },
    { args: ['remove', 'Palette Registry'], code: 1, says: "the plane's own" },
  ])('refuses $args with a word', async ({ args, code, says }) => {
    expect(await palette(...args)).toMatchObject({ code, err: expect.stringContaining(says) });
  });

  it('removes it', async () => {
    expect(await palette('remove', 'charts')).toMatchObject({ code: 0, out: 'registry charts is removed\n' });
    expect(JSON.parse((await palette('list', '--output', 'json')).out)).toHaveLength(1);
  });
});
