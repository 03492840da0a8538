/** `crossplane render` with the real command line: how pipelines test compositions, without a cluster and without an API. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';

import { packageRoot } from '#cli/package-root';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import { FunctionConfig } from '#crossplane/function/config';
import { runFunction } from '#crossplane/function/main';
import { isMap, valueAt } from '#kubernetes/object';
import { execute, type Result } from '#test/support/palette';

/** A first start may have to build the command line. */
const START_MS = 20 * 60_000;
const examples = join(packageRoot, 'examples/crossplane');
const packages = join(packageRoot, 'crossplane/package/configuration');
const OFFLINE = ['--context-values', 'palette-iac.dev/mode="Offline"'];

const stop = new AbortController();
let ended: Promise<void> | undefined;
let dir = '';
let crank = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-render-'));
  crank = await ensureTool('crank', { signal: AbortSignal.timeout(START_MS) });
  const config = FunctionConfig.parse({ listen: { host: '127.0.0.1', port: 0 }, insecure: true });
  const port = await new Promise<number>((resolve, reject) => {
    ended = runFunction(config, {
      log: silentLogger,
      signal: stop.signal,
      onReady: (running) => resolve(running.port),
    });
    ended.catch(reject);
  });
  const annotations = {
    'render.crossplane.io/runtime': 'Development',
    'render.crossplane.io/runtime-development-target': `localhost:${port}`,
  };
  const fn = {
    apiVersion: 'pkg.crossplane.io/v1',
    kind: 'Function',
    metadata: { name: 'palette-iac-function', annotations },
    spec: { package: 'registry.example.com/palette-iac/function:v0.1.0' },
  };
  await writeFile(join(dir, 'functions.yaml'), stringify(fn));
}, START_MS);

afterAll(async () => {
  stop.abort();
  await ended;
  await rm(dir, { recursive: true, force: true });
});

async function render(composite: string, definition: string, ...more: string[]): Promise<Result> {
  const composition = join(packages, 'compositions', `${definition}.yaml`);
  const args = ['render', composite, composition, join(dir, 'functions.yaml')];
  const xrd = join(packages, 'xrds', `${definition}.yaml`);
  return execute(crank, [...args, `--xrd=${xrd}`, ...more], { cwd: dir, timeoutMs: 60_000 });
}

/** The rendered objects by kind. @throws Error with what the command printed */
function objectsOf({ exitCode, stdout, stderr }: Result): Readonly<Record<string, unknown>> {
  if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
  const objects = parseAllDocuments(stdout).map((document): unknown => document.toJS());
  return Object.fromEntries(objects.map((object) => [String(valueAt(object, 'kind')), object]));
}

describe('crossplane render', () => {
  it('prints the cluster of the example', async () => {
    const rendered = await render(
      join(examples, 'composites/cluster.yaml'),
      'paletteclusters.fleet.palette-iac.dev',
      ...OFFLINE,
    );
    const { ClusterBrownfield, PaletteCluster } = objectsOf(rendered);
    expect(ClusterBrownfield).toMatchObject({
      apiVersion: 'm.palette-iac.dev/v1alpha1',
      metadata: { namespace: 'team-a', annotations: { 'crossplane.io/composition-resource-name': 'cluster' } },
      spec: {
        forProvider: {
          name: 'local',
          cloudType: 'generic',
          clusterProfile: [{ id: 'offline:hello-stack:newest', variables: { greeting: 'hello', replicas: '2' } }],
        },
        writeConnectionSecretToRef: { name: 'local-connection' },
      },
    });
    expect(PaletteCluster).toMatchObject({
      status: {
        profile: 'hello-stack',
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'ProfilesResolved', status: 'Unknown', reason: 'Offline' }),
        ]),
      },
    });
  });

  it('prints the profile of the example, the same each time', async () => {
    const once = async (): Promise<unknown> => {
      const file = join(examples, 'composites/profile.yaml');
      return objectsOf(await render(file, 'paletteclusterprofiles.fleet.palette-iac.dev', ...OFFLINE));
    };
    const first = await once();
    expect(first).toMatchObject({
      ClusterProfile: {
        spec: {
          forProvider: {
            name: 'hello-stack',
            version: '1.0.0',
            pack: expect.arrayContaining([expect.objectContaining({ name: 'guardrails', tag: '1.0.0' })]),
          },
        },
      },
    });
    expect(await once()).toEqual(first);
  });

  it('takes a profile that a cluster refers to from a file', async () => {
    const profile = {
      apiVersion: 'fleet.palette-iac.dev/v1alpha1',
      kind: 'PaletteClusterProfile',
      metadata: { name: 'hello-stack', namespace: 'team-a' },
      status: { profileUid: 'abc', name: 'hello-stack', version: '1.0.0' },
    };
    await writeFile(join(dir, 'required.yaml'), stringify(profile));
    const rendered = await render(
      join(examples, 'composites/cluster.yaml'),
      'paletteclusters.fleet.palette-iac.dev',
      ...OFFLINE,
      `--required-resources=${join(dir, 'required.yaml')}`,
    );
    const { ClusterBrownfield } = objectsOf(rendered);
    expect(valueAt(ClusterBrownfield, 'spec', 'forProvider', 'clusterProfile')).toMatchObject([{ id: 'abc' }]);
  });

  it('says what is wrong, at its field', async () => {
    const file = join(dir, 'wrong.yaml');
    const metadata = { name: 'wrong', namespace: 'team-a' };
    const spec = { profiles: [{ name: 'a', nmae: 'b' }] };
    await writeFile(
      file,
      stringify({ apiVersion: 'fleet.palette-iac.dev/v1alpha1', kind: 'PaletteCluster', metadata, spec }),
    );
    const { exitCode, stderr } = await render(file, 'paletteclusters.fleet.palette-iac.dev', ...OFFLINE);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/fatal result: spec\.profiles\[0\]: .*"nmae"/);
  });

  it('composes nothing without a provider configuration, unless it is told to ask nobody', async () => {
    const rendered = await render(
      join(examples, 'composites/cluster.yaml'),
      'paletteclusters.fleet.palette-iac.dev',
      '--include-function-results',
    );
    const { PaletteCluster, Result: result, ...composed } = objectsOf(rendered);
    expect(composed).toEqual({});
    expect(isMap(PaletteCluster)).toBe(true);
    expect(valueAt(result, 'message')).toMatch(/There is no ClusterProviderConfig "default"/);
  });
});
