/**
 * The example as its README tells it: each command as it stands there, on a real API server, real Crossplane, the real
 * plane and a real agent. The controller has the rights of its install manifest and no others.
 */
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { freePorts } from '#cli/local/ports';
import { mainFile, packageRoot } from '#cli/package-root';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { type Site, START_MS, startSite, until } from '#test/faults/support/environment';
import { type RunningController, startController } from '#test/support/controller';
import { type TestCrossplane, type TestFunction, startCrossplane, startFunction } from '#test/support/crossplane';
import { execute, type Result } from '#test/support/palette';

const README = join(packageRoot, 'examples/crossplane/README.md');
const STEP_MS = 300_000;

let site: Site;
let crossplane: TestCrossplane;
let fn: TestFunction | undefined;
let controller: RunningController | undefined;
let bin = '';
let chapters: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  [site, chapters] = await Promise.all([startSite('story'), readChapters()]);
  crossplane = await startCrossplane(site.ready());
  bin = await commands(site.folder);
}, START_MS);

afterAll(async () => {
  await controller?.stop();
  await fn?.stop();
  await crossplane.stop();
  await site.stop();
}, 120_000);

/** The commands of each chapter, by its heading. */
async function readChapters(): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await readFile(README, 'utf8');
  return new Map(
    text.split(/^## /m).map((chapter) => {
      const [title = '', ...lines] = chapter.split('\n');
      const blocks = [...lines.join('\n').matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
      return [title, blocks] as const;
    }),
  );
}

/** A folder with the commands that the README calls by name. */
async function commands(folder: string): Promise<string> {
  const dir = join(folder, 'bin');
  await mkdir(dir);
  const signal = AbortSignal.timeout(START_MS);
  await symlink(await ensureTool('kubectl', { signal }), join(dir, 'kubectl'));
  await symlink(await ensureTool('crank', { signal }), join(dir, 'crossplane'));
  const palette = join(dir, 'palette');
  await writeFile(palette, `#!/bin/sh\nexec '${process.execPath}' '${mainFile}' "$@"\n`);
  await chmod(palette, 0o755);
  return dir;
}

/** Runs the commands of a chapter, or one block of them, in the checkout. @throws Error with all that they printed */
async function chapter(title: string, block?: number, change = (text: string): string => text): Promise<string> {
  const blocks = chapters.get(title) ?? [];
  const chosen = block === undefined ? blocks : blocks.slice(block, block + 1);
  if (chosen.length === 0) throw new Error(`${README} has no such commands under "${title}"`);
  const result = await bash(change(chosen.join('\n')));
  if (result.exitCode !== 0)
    throw new Error(`"${title}" ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

async function bash(script: string): Promise<Result> {
  // The environment's variables are what its first chapter sets for the rest.
  return execute('bash', ['-c', `set -eo pipefail\neval "$(palette env)"\n${script}`], {
    cwd: packageRoot,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, PALETTE_HOME: site.home },
    timeoutMs: STEP_MS,
  });
}

const Objects = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
      spec: z.record(z.string(), z.unknown()).default({}),
      status: z.looseObject({
        conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

async function only(...args: string[]): Promise<z.infer<typeof Objects>['items'][number]> {
  const { items } = Objects.parse(JSON.parse(await site.kubectl('get', ...args, '-o', 'json')));
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`${args.join(' ')}: ${items.length} objects`);
  return item;
}

const EXTERNAL_NAME = 'crossplane.io/external-name';

/** What is left in the plane of clusters and profiles. */
async function inPlane(): Promise<{ clusters: string[]; profiles: string[] }> {
  const { client, project } = site;
  const clusters = await client.post('/v1/dashboard/spectroclusters/search', {
    query: { limit: 50 },
    body: {},
    scope: project,
  });
  const profiles = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope: project });
  return {
    clusters: (clusters.items ?? []).flatMap(({ metadata }) => metadata?.name ?? []),
    profiles: profiles.items.flatMap(({ metadata }) => metadata?.name ?? []),
  };
}

async function replicas(): Promise<string> {
  return site.kubectl('get', 'deployment', '-n', 'hello', 'hello-chart', '-o', 'jsonpath={.spec.replicas}');
}

async function greeting(): Promise<string> {
  return site.kubectl('get', 'configmap', '-n', 'hello', 'hello-chart', '-o', 'jsonpath={.data.greeting}');
}

describe('the example of Crossplane', () => {
  it(
    'is installed, and the controller runs with the rights of its manifest',
    async () => {
      await chapter('An environment to try it in');
      await chapter('Install on Crossplane', 1);
      const established = await site.kubectl('wait', '--for=condition=Established', '--timeout=50s', 'xrd', '--all');
      expect(established.match(/ condition met$/gm)).toHaveLength(4);
      fn = await startFunction({ tlsDir: crossplane.functionTlsDir });
      await crossplane.routeFunction('palette-iac-function', fn.port);
      controller = await startController({ kubeconfig: await accountKubeconfig() }, { args: ['--poll-interval=5s'] });
      await chapter('Say where Palette is');
    },
    STEP_MS,
  );

  it(
    'makes a profile and a cluster of two composites, and tells of them in columns',
    async () => {
      const said = await chapter('A profile and a cluster', 0);
      expect(said).toMatch(/^NAME +PROFILE +VERSION +HEALTH +SYNCED +READY/m);
      expect(said).toMatch(/^paletteclusters?\S*\/local +hello-stack +1\.0\.0 +Healthy +True +True/m);
      expect(said).toMatch(/^clusterbrownfields?\S* +True +True/m);
      expect(said).toMatch(/CreatedExternalResource/);
      const { stdout } = await site.palette('cluster', 'get', 'local', '--output', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ state: 'Running', health: 'Healthy' });
      expect(await replicas()).toBe('2');
      expect(await greeting()).toBe('hello');
    },
    STEP_MS,
  );

  it(
    'writes connection details into the Secret that was asked for',
    async () => {
      expect(await chapter('A profile and a cluster', 1)).toMatch(/^kubectl apply -f https:\/\//);
    },
    STEP_MS,
  );

  it(
    'heals what is edited in the cluster',
    async () => {
      expect(await chapter('Nobody changes it behind your back')).toBe('configmap/hello-chart patched\n');
      await until('the greeting to be healed', async () => ((await greeting()) === 'hello' ? true : undefined));
    },
    STEP_MS,
  );

  it(
    'heals what is changed in the plane, and says so',
    async () => {
      const { metadata } = await only('-n', 'team-a', 'clusterprofiles.m.palette-iac.dev');
      const uid = metadata.annotations[EXTERNAL_NAME] ?? '';
      const at = { path: { uid }, scope: site.project };
      const description = async (): Promise<string | undefined> =>
        (await site.client.get('/v1/clusterprofiles/{uid}', at)).metadata?.annotations?.['description'];
      const before = await description();
      expect(before).toBe('Guard rails first, then the application');
      await site.client.patch('/v1/clusterprofiles/{uid}/metadata', {
        ...at,
        body: {
          metadata: { name: 'hello-stack', annotations: { description: 'by somebody else' } },
          spec: { version: '1.0.0' },
        },
      });
      await until('the description to be put right', async () => ((await description()) === before ? true : undefined));
      await until('an event that says so', async () => {
        const said = await site.kubectl(
          'get',
          'events',
          '-n',
          'team-a',
          '--field-selector',
          'reason=DriftCorrected',
          '-o',
          'name',
        );
        return said === '' ? undefined : said;
      });
    },
    STEP_MS,
  );

  it(
    'carries a change of the composite into the cluster',
    async () => {
      await chapter('Change it');
      const wanted = await until(
        'the change to arrive',
        async () => ((await replicas()) === '2' ? undefined : replicas()),
        120_000,
      );
      expect(wanted).toBe('3');
    },
    STEP_MS,
  );

  it(
    'leaves nothing behind when the composites are deleted',
    async () => {
      await chapter('Delete it');
      expect(await inPlane()).toEqual({ clusters: [], profiles: [] });
    },
    STEP_MS,
  );

  it(
    'does the same for claims',
    async () => {
      await chapter('The same as claims');
      expect(await inPlane()).toEqual({ clusters: [], profiles: [] });
    },
    STEP_MS,
  );

  it(
    'keeps managed resources without Crossplane',
    async () => {
      await crossplane.service.stop();
      await chapter('Without Crossplane');
      expect(await inPlane()).toEqual({ clusters: [], profiles: [] });
    },
    STEP_MS,
  );

  it(
    'shows what is composed without any cluster',
    async () => {
      const [port] = await freePorts(1);
      const said = await chapter('See what is composed, without any cluster', undefined, (text) =>
        text.replace('127.0.0.1:9443', `127.0.0.1:${port}`),
      );
      expect(said).toMatch(/^kind: ClusterProfile$/m);
      expect(said).toMatch(/^ +tag: 1\.0\.x$/m);
    },
    STEP_MS,
  );
});

/** A kubeconfig with the token of the service account in the install manifest. */
async function accountKubeconfig(): Promise<string> {
  const token = await site.kubectl('create', 'token', 'palette-controller', '-n', 'palette-system', '--duration=2h');
  const file = join(site.folder, 'controller.kubeconfig');
  const config = z
    .looseObject({ users: z.array(z.looseObject({ name: z.string() })) })
    .parse(JSON.parse(await site.kubectl('config', 'view', '--raw', '-o', 'json')));
  const users = config.users.map(({ name }) => ({ name, user: { token } }));
  await writeFile(file, JSON.stringify({ ...config, users }), { mode: 0o600 });
  return file;
}
