/** examples/profiles as its README has it, and laws of rendering on it with the real Helm. */
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';

import { runCommandLine } from '#cli/program';
import { packArchive, type Renderer } from '#packs/index';
import { addon, defineProfile, k8s, manifests, variable } from '#profiles/index';
import { loadProfiles } from '#profiles/load/load-profiles';
import { applyLock, EMPTY_LOCK, formatLock, parseLock, type LockFile } from '#profiles/lock/lock-file';
import { lockedSource } from '#profiles/lock/locked-source';
import { updateLock } from '#profiles/lock/update-lock';
import { checkPolicy } from '#profiles/policy/index';
import { directorySource } from '#profiles/render/directory-source';
import { renderedYaml } from '#profiles/render/format-rendered';
import { renderProfile } from '#profiles/render/render-profile';

import { runProgram } from '../cdktf/support/run-program.ts';
import { HELM_BUILD_MS, helmPath, rendererFor, temporary } from '../packs/support.ts';

jest.setTimeout(60_000);

const ROOT = join(process.cwd(), 'examples');
const PACKS = [join(ROOT, 'profiles/packs'), join(ROOT, 'packs')];
const PROGRAM = join(ROOT, 'profiles/profiles.ts');
const signal = new AbortController().signal;

let work: Awaited<ReturnType<typeof temporary>>;
let helm: string;
/** Two machines: renderers of their own; packs as folders here, as archives there. */
let here: Machine;
let there: Machine;

interface Machine {
  readonly source: ReturnType<typeof directorySource>;
  readonly renderer: Renderer;
}

beforeAll(async () => {
  work = await temporary();
  helm = await helmPath();
  const archives = join(work.path, 'archives');
  await mkdir(archives);
  for (const folder of PACKS) {
    for (const name of await readdir(folder))
      await writeFile(join(archives, `${name}.tgz`), await packArchive(join(folder, name)));
  }
  here = { source: directorySource(PACKS), renderer: rendererFor(helm, join(work.path, 'here')) };
  there = {
    source: directorySource([archives]),
    renderer: rendererFor(helm, join(work.path, 'there'), { concurrency: 1 }),
  };
}, HELM_BUILD_MS);

afterAll(async () => work.remove());

/** What a command wrote, and how it ended. */
async function palette(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: '', err: '' };
  const catching = (stream: 'out' | 'err') => (chunk: unknown) => {
    texts[stream] += String(chunk);
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(catching('out')),
    jest.spyOn(process.stderr, 'write').mockImplementation(catching('err')),
  ];
  try {
    return { code: await runCommandLine(['profile', ...args]), ...texts };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const PACK_OPTIONS = PACKS.flatMap((folder) => ['--packs', folder]);

describe('examples/profiles', () => {
  it('has nothing to complain about, and its lock file is up to date', async () => {
    expect(await palette('lint', PROGRAM, ...PACK_OPTIONS, '--strict')).toMatchObject({
      code: 0,
      out: 'profile guests 1.4.0: no problems\nprofile site 1.4.0: no problems\n',
    });
    // Another compressor makes other archives of the same packs: by their content they are the locked ones.
    expect(await palette('lock', PROGRAM, ...PACK_OPTIONS, '--check')).toMatchObject({
      code: 0,
      out: 'nothing to change\n',
    });
  });

  it('renders a site from the ground up, with secrets hidden, and keeps its own rules', async () => {
    const args = [
      '--locked',
      '--cluster',
      join(ROOT, 'profiles/cluster.yaml'),
      '--set',
      'uplink_token=0123456789abcdef',
    ];
    const { code, out, err } = await palette('render', `${PROGRAM}#site`, ...PACK_OPTIONS, ...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    // What one pack says is read by another: the network's range is the one that the Kubernetes layer was given.
    expect(out).toContain('podCIDR: 100.64.0.0/16');
    expect(out).toContain('place: EDGE-1');
    expect(out).toContain('reclaimPolicy: Retain');
    expect(out).toContain('token: (sensitive)');
    expect(out).not.toContain('0123456789abcdef');
    expect(
      [...out.matchAll(/^# Layer: (\S+)/gm)].map(([, name]) => name).filter((name, at, all) => name !== all[at - 1]),
    ).toEqual(['example-cni', 'example-csi', 'guardrails', 'uplink', 'hello-chart']);
    for (const { document, policies } of await loadProfiles(PROGRAM)) {
      const rendered = await renderProfile(document, { ...here, signal });
      expect(checkPolicy(rendered, policies)).toEqual([]);
    }
  });

  it('goes into Terraform with pinned versions', async () => {
    const run = await runProgram(
      { file: 'examples/profiles/main.ts' },
      { env: { PROFILES_DIR: join(ROOT, 'profiles') } },
    );
    try {
      expect(await run.stack('profiles')).toMatchObject({
        resource: {
          spectrocloud_cluster_profile: {
            site: {
              type: 'cluster',
              pack: [
                { name: 'example-os', tag: '24.4.0' },
                { name: 'example-k8s', tag: '1.34.2', values: expect.stringContaining('# The office has') },
                { name: 'example-cni', tag: '1.2.0' },
                { name: 'example-csi', tag: '3.0.1' },
                {
                  name: 'guardrails',
                  tag: '1.0.0',
                  values: expect.stringContaining('enabled-presets: Isolation:closed'),
                },
                { name: 'hello-chart', tag: '1.0.0' },
                { name: 'uplink', type: 'manifest' },
              ],
            },
          },
        },
      });
    } finally {
      await run.remove();
    }
  });
});

describe('the commands', () => {
  it.each([
    { name: 'no such file', args: ['render', 'gone.ts'], code: 1, err: /gone\.ts: error: there is no such file/ },
    {
      name: 'no such profile',
      args: ['render', `${PROGRAM}#x`],
      code: 1,
      err: /no profile "x" in it; there are guests/,
    },
    {
      name: 'a value of the wrong form',
      args: ['render', `${PROGRAM}#site`, '--set', 'replicas=many'],
      code: 1,
      err: /variable replicas: the format is number/,
    },
    {
      name: 'a value that nobody asked for',
      args: ['render', PROGRAM, '--set', 'replica=2'],
      code: 1,
      err: /no profile of .* has that variable/,
    },
    {
      name: 'a value without name',
      args: ['render', PROGRAM, '--set', 'x'],
      code: 2,
      err: /--set x: expected name=value/,
    },
    {
      name: 'a file that cannot be read',
      args: ['render', PROGRAM, '--set', 'greeting=@gone'],
      code: 2,
      err: /gone cannot be read/,
    },
    {
      name: 'a pack to update that is not locked',
      args: ['lock', PROGRAM, '--update', 'gone'],
      code: 2,
      err: /--update gone/,
    },
  ])('say what is wrong: $name', async ({ args, code, err }) => {
    expect(await palette(...args, ...PACK_OPTIONS)).toMatchObject({ code, err: expect.stringMatching(err) });
  });

  it('refuse what no lock file pins, when they are told to', async () => {
    const folder = join(work.path, 'unlocked');
    await cp(join(ROOT, 'profiles'), folder, {
      recursive: true,
      filter: (path) => !path.endsWith('palette.lock.json'),
    });
    const file = join(folder, 'profiles.ts');
    expect(await palette('render', file, ...PACK_OPTIONS, '--locked')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no lock file pins guardrails, hello-chart'),
    });
    expect(await palette('lock', file, ...PACK_OPTIONS, '--check')).toMatchObject({ code: 1 });
    expect(await palette('lock', file, ...PACK_OPTIONS)).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'palette.lock.json'), 'utf8')).toContain('"name": "guardrails"');
    expect(
      await palette('render', file, ...PACK_OPTIONS, '--locked', '--output-dir', join(folder, 'out')),
    ).toMatchObject({
      code: 0,
    });
    expect(await readdir(join(folder, 'out/site'))).toContain('02-example-cni.yaml');
    // A lock file that two people changed at once.
    await copyFile(file, join(folder, 'palette.lock.json'));
    expect(await palette('lint', file, ...PACK_OPTIONS)).toMatchObject({
      code: 1,
      out: expect.stringContaining('palette profile lock'),
    });
  });
});

describe('a lock file', () => {
  it('makes two machines render the same bytes, whatever is newer on one of them', async () => {
    const replicas = variable('replicas', { format: 'number', default: 2 });
    const greeting = variable('greeting', { default: 'hello' });
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const shape = fc.record({
      replicas: fc.integer({ min: 0, max: 9 }),
      greeting: word,
      isolation: fc.constantFrom('closed', 'same-namespace', 'open'),
      cidr: fc.constantFrom('10.0.0.0/16', '100.64.0.0/16'),
      data: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), word, { minKeys: 1, maxKeys: 3 }),
    });
    const lock: LockFile = parseLock('f', await readFile(join(ROOT, 'profiles/palette.lock.json'), 'utf8'));
    await fc.assert(
      fc.asyncProperty(shape, async ({ isolation, cidr, data, ...given }) => {
        const profile = applyLock(
          defineProfile({
            name: 'any',
            variables: [replicas, greeting],
            layers: [
              k8s({ pack: 'example-k8s', version: '~1.34.0', values: { pack: { podCIDR: cidr } } }),
              addon({ pack: 'guardrails', version: '1.x', presets: { Isolation: isolation } }),
              addon({ pack: 'hello-chart', version: '^1.0.0', values: { charts: { hello: { replicas, greeting } } } }),
              manifests({
                name: 'data',
                manifests: { data: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'data' }, data } },
              }),
            ],
          }),
          lock,
        );
        const variables = { replicas: String(given.replicas), greeting: given.greeting };
        const [first, second] = await Promise.all(
          [here, there].map(async ({ source, renderer }) =>
            renderProfile(profile, { source: lockedSource(source, lock), renderer, variables, signal }),
          ),
        );
        expect(first && renderedYaml(first)).toBe(second && renderedYaml(second));
        expect(first?.digest).toBe(second?.digest);
        expect(first?.layers.flatMap(({ objects }) => objects)).toContainEqual(
          expect.objectContaining({ kind: 'ConfigMap', data }),
        );
      }),
      { numRuns: 12 },
    );
  });

  it('is the same, made on either', async () => {
    const documents = (await loadProfiles(PROGRAM)).map(({ document }) => document);
    const [first, second] = await Promise.all(
      [here, there].map(async ({ source }) => updateLock(documents, EMPTY_LOCK, { source, signal })),
    );
    expect(first && formatLock(first.lock)).toBe(second && formatLock(second.lock));
  });
});
