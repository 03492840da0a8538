/** The packages as they are built, pushed to a registry and installed by Crossplane's package manager. */
import { mkdir, readFile, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import type { ControlPlane } from '#cli/local/control-plane';
import { addFakeNode } from '#cli/local/nodes';
import { packageRoot } from '#cli/package-root';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { compositeKinds } from '#crossplane/function/composites';
import { managedKinds } from '#crossplane/schema/kinds';
import { kubectl, startCluster } from '#test/support/cluster';
import {
  CROSSPLANE_NAMESPACE,
  type TestCrossplane,
  type TestRegistry,
  startCrossplane,
  startRegistry,
} from '#test/support/crossplane';
import { execute, temporaryFolder } from '#test/support/palette';

const START_MS = 20 * 60_000;
const NAMES = ['provider', 'function', 'configuration'] as const;
const TAG = 'v9.8.7';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let out = '';
let cluster: ControlPlane;
let crossplane: TestCrossplane;
let registry: TestRegistry;
beforeAll(async () => {
  folder = await temporaryFolder('packages');
  out = join(folder.dir, 'packages');
  registry = await startRegistry();
  cluster = await startCluster();
  await addFakeNode(cluster.kubeconfig, 'node-0', { signal: AbortSignal.timeout(START_MS) });
  crossplane = await startCrossplane(cluster, { packageRuntime: 'Deployment' });
}, START_MS);
afterAll(async () => {
  await crossplane.stop();
  await cluster.stop();
  await registry.stop();
  await folder.remove();
}, 60_000);

const build = async (...args: string[]): ReturnType<typeof execute> =>
  execute(process.execPath, [join(packageRoot, 'scripts/package.mjs'), ...args]);

const get = async (...args: string[]): Promise<unknown> =>
  JSON.parse(await kubectl(cluster, ['get', ...args, '-o', 'json']));

/** A folder with the commands that the example calls by name. */
async function commandFolder(): Promise<string> {
  const dir = join(folder.dir, 'bin');
  await mkdir(dir);
  const signal = AbortSignal.timeout(START_MS);
  await symlink(await ensureTool('kubectl', { signal }), join(dir, 'kubectl'));
  await symlink(await ensureTool('crank', { signal }), join(dir, 'crossplane'));
  return dir;
}

/** What a file of manifests holds. */
async function manifests(file: string): Promise<Record<string, never>[]> {
  const text = await readFile(join(out, file), 'utf8');
  return parseAllDocuments(text).map((document): Record<string, never> => document.toJS());
}

describe('building packages', () => {
  it('needs neither registry nor container engine, and gives the same bytes each time', async () => {
    const args = ['--registry', `${registry.address}/fleet/iac`, '--tag', TAG, '--image', 'registry.example.com/run:1'];
    expect(await build('--out', out, ...args)).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await readdir(out)).toSorted()).toEqual([
      'configuration.xpkg',
      'controller.yaml',
      'function.xpkg',
      'install.yaml',
      'provider.xpkg',
    ]);
    const again = join(folder.dir, 'again');
    await build('--out', again, ...args);
    for (const file of await readdir(out)) {
      expect((await readFile(join(again, file))).equals(await readFile(join(out, file)))).toBe(true);
    }
  });

  it('puts the image into everything that runs', async () => {
    for (const file of ['install.yaml', 'controller.yaml']) {
      const images = JSON.stringify(await manifests(file)).match(/"image":"[^"]*"/g) ?? [];
      expect(images.length).toBeGreaterThan(0);
      expect(new Set(images)).toEqual(new Set(['"image":"registry.example.com/run:1"']));
    }
  });

  it.each([
    { args: ['--registry', 'localhost:5000/fleet'], says: /--registry localhost:5000\/fleet: expected HOST\/PATH/ },
    { args: ['--registry', 'registry.example.com'], says: /--registry registry\.example\.com: expected HOST\/PATH/ },
    { args: ['--tag', 'latest'], says: /--tag latest: expected vX\.Y\.Z/ },
  ])('refuses what Crossplane would refuse later: $args', async ({ args, says }) => {
    const result = await build('--out', join(folder.dir, 'refused'), ...args);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(says);
  });
});

describe('installing packages', () => {
  it('brings every kind, by the commands of the example', async () => {
    const readme = await readFile(join(packageRoot, 'examples/crossplane/README.md'), 'utf8');
    const [, commands = ''] = /^## Install on Crossplane$.*?^```sh\n(.*?)^```/ms.exec(readme) ?? [];
    const script = commands.replace(/^REGISTRY=.*$/m, `REGISTRY=${registry.address}/fleet/iac`);
    expect(script).not.toBe(commands);
    const env = {
      ...process.env,
      KUBECONFIG: cluster.kubeconfig,
      PATH: `${await commandFolder()}:${process.env['PATH']}`,
    };
    const result = await execute('bash', ['-c', `set -eo pipefail\n${script}`], { cwd: packageRoot, env });
    expect(result).toMatchObject({ exitCode: 0 });
    for (const name of NAMES) {
      const type = `${name}s.pkg.crossplane.io`;
      await kubectl(cluster, ['wait', '--for=condition=Healthy', '--timeout=50s', type, '--all']);
    }
    const managed = managedKinds().map(({ plural, group }) => `crd/${plural}.${group}`);
    const composite = compositeKinds.map(({ plural, group }) => `crd/${plural}.${group}`);
    await kubectl(cluster, ['wait', '--for=create', '--timeout=50s', ...managed, ...composite]);
    await kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=50s', ...managed, ...composite]);
    await kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=50s', 'xrd', '--all']);
  }, 180_000);

  it('installs each package once, though they depend on each other', async () => {
    const List = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
    for (const name of NAMES) {
      const { items } = List.parse(await get(`${name}s.pkg.crossplane.io`));
      expect(items.map(({ metadata }) => metadata.name)).toEqual([`fleet-iac-${name}`]);
    }
  });

  it.each([
    { name: 'provider', args: ['crossplane', 'controller', '--metrics', '0.0.0.0:8080'] },
    { name: 'function', args: ['crossplane', 'function', '--metrics', '0.0.0.0:8080'] },
  ])('runs the $name from the image, with what Crossplane mounts', async ({ name, args }) => {
    const label = `pkg.crossplane.io/${name}=fleet-iac-${name}`;
    expect(await get('pods', '-n', CROSSPLANE_NAMESPACE, '-l', label)).toMatchObject({
      items: [1, 2].map(() => ({
        spec: {
          containers: [
            {
              image: expect.stringMatching(/\/fleet\/iac\/palette-iac:v\d+\.\d+\.\d+$/),
              args,
              env: expect.arrayContaining([{ name: 'TLS_SERVER_CERTS_DIR', value: '/tls/server' }]),
              securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true },
            },
          ],
        },
      })),
    });
  });

  it('lets Compositions find the function under the name that it has there', async () => {
    const Compositions = z.object({
      items: z.array(
        z.object({ spec: z.object({ pipeline: z.array(z.object({ functionRef: z.object({ name: z.string() }) })) }) }),
      ),
    });
    const { items } = Compositions.parse(await get('compositions'));
    expect(items).toHaveLength(compositeKinds.length);
    for (const { spec } of items)
      expect(spec.pipeline.map((step) => step.functionRef.name)).toEqual(['fleet-iac-function']);
  });

  it('brings managed resources as definitions that Crossplane can leave out, and configurations in any case', async () => {
    const Definitions = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
    const { items } = Definitions.parse(await get('managedresourcedefinitions'));
    expect(items.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      managedKinds()
        .map(({ plural, group }) => `${plural}.${group}`)
        .toSorted(),
    );
    await expect(get('crd', 'clusterproviderconfigs.m.palette-iac.dev')).resolves.toMatchObject({
      spec: { scope: 'Cluster' },
    });
  });
});
