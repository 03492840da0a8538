import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { findTool } from './find-tool.ts';

let dir = '';
const signal = AbortSignal.timeout(60_000);

/** An executable that says these words. */
async function fake(folder: string, name: string, says: string): Promise<void> {
  await mkdir(join(dir, folder), { recursive: true });
  const file = join(dir, folder, name);
  await writeFile(file, `#!/bin/sh\necho '${says}'\n`);
  await chmod(file, 0o755);
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-find-'));
  await fake('good', 'helm', 'v3.19.0+g3d8990f');
  await fake('old', 'helm', 'v3.2.1');
  await fake('four', 'helm', 'v4.1.4');
  await fake('mute', 'helm', 'hello');
  await fake('assets', 'kube-apiserver', 'Kubernetes v1.34.1+k3s1');
  await fake('other', 'kube-apiserver', 'Kubernetes v1.31.0');
  await mkdir(join(dir, 'notexec'));
  await writeFile(join(dir, 'notexec/helm'), '');
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

const at = (...folders: string[]): string => folders.map((folder) => join(dir, folder)).join(':');

describe('findTool', () => {
  it.each([
    { name: 'takes a fitting version from PATH', path: ['good'], want: { kind: 'found', version: '3.19.0' } },
    {
      name: 'passes an old one over and says why',
      path: ['old'],
      want: { kind: 'passed-over', reason: expect.stringMatching(/is version 3\.2\.1, >=3\.16\.0 <4 is needed/) },
    },
    { name: 'passes a next major version over', path: ['four'], want: { kind: 'passed-over' } },
    {
      name: 'passes one over that tells no version',
      path: ['mute'],
      want: { kind: 'passed-over', reason: expect.stringMatching(/does not tell its version/) },
    },
    { name: 'skips what is not executable', path: ['notexec', 'good'], want: { kind: 'found', version: '3.19.0' } },
    { name: 'finds nothing where nothing is', path: ['notexec'], want: { kind: 'absent' } },
  ])('$name', async ({ path, want }) => {
    expect(await findTool('helm', { env: { PATH: `${at(...path)}:/bin` }, signal })).toMatchObject(want);
  });

  it('takes the one in KUBEBUILDER_ASSETS when the one on PATH is another version', async () => {
    const env = { PATH: `${at('other')}:/bin`, KUBEBUILDER_ASSETS: at('assets') };
    expect(await findTool('kube-apiserver', { env, signal })).toMatchObject({
      kind: 'found',
      path: join(at('assets'), 'kube-apiserver'),
      version: '1.34.1',
    });
  });
});
