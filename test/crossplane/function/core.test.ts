/**
 * The function under real Crossplane, without anybody who looks after managed resources: what core does with what the
 * function says, and above all what it leaves alone.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ControlPlane } from '#cli/local/control-plane';
import { packageRoot } from '#cli/package-root';
import { silentLogger } from '#core/log';
import { delay } from '#core/retry';
import { FunctionConfig } from '#crossplane/function/config';
import { runFunction } from '#crossplane/function/main';
import { clusterProviderConfig, encoded } from '#crossplane/function/testing/rounds';
import { isKubeObject, valueAt, type KubeObject } from '#kubernetes/object';
import { kubectl, startCluster } from '#test/support/cluster';
import { CROSSPLANE_NAMESPACE, startCrossplane, type TestCrossplane } from '#test/support/crossplane';
import { startWholePlane, type TestPlane } from '#test/support/plane';

const START_MS = 20 * 60_000;
const STEP_MS = 60_000;
const stop = new AbortController();
let ended: Promise<void> | undefined;
let cluster: ControlPlane;
let crossplane: TestCrossplane;
let plane: TestPlane;

beforeAll(async () => {
  [cluster, plane] = await Promise.all([startCluster(), startWholePlane()]);
  crossplane = await startCrossplane(cluster);
  const config = FunctionConfig.parse({
    listen: { host: '127.0.0.1', port: 0 },
    tlsServerCertsDir: crossplane.functionTlsDir,
  });
  const port = await new Promise<number>((resolve, reject) => {
    ended = runFunction(config, {
      log: silentLogger,
      signal: stop.signal,
      onReady: (running) => resolve(running.port),
    });
    ended.catch(reject);
  });
  await crossplane.routeFunction('palette-iac-function', port);
  await install();
}, START_MS);

afterAll(async () => {
  stop.abort();
  await ended;
  await crossplane.stop();
  await Promise.all([cluster.stop(), plane.stop()]);
}, 120_000);

async function install(): Promise<void> {
  const packages = join(packageRoot, 'crossplane/package');
  const apply = async (folder: string, pattern: RegExp): Promise<void> => {
    const files = (await readdir(join(packages, folder))).filter((file) => pattern.test(file));
    const texts = await Promise.all(files.map(async (file) => readFile(join(packages, folder, file), 'utf8')));
    await kubectl(cluster, ['apply', '--server-side', '-f', '-'], { input: texts.join('\n---\n') });
  };
  await apply('crds', /^cluster(brownfields|profiles|providerconfigs)\./);
  await apply('configuration/xrds', /\.fleet\./);
  await apply('configuration/compositions', /\.fleet\./);
  await kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=60s', 'xrd', '--all']);
  await pointAt(plane.host);
  await kubectl(cluster, ['apply', '-f', '-'], { input: JSON.stringify(clusterProviderConfig) });
}

/** The Secret of the provider configuration. Another host is another connection, about which nothing is known yet. */
async function pointAt(host: string): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette', namespace: CROSSPLANE_NAMESPACE },
    data: { apiKey: encoded(plane.apiKey), host: encoded(host), 'ca.crt': encoded(plane.ca) },
  };
  await kubectl(cluster, ['apply', '-f', '-'], { input: JSON.stringify(secret) });
}

const spec = { cloud: { type: 'aws' }, tags: ['site:vienna'] };

async function applyComposite(name: string, given: object, annotations: object = {}): Promise<void> {
  const composite = {
    apiVersion: 'fleet.palette-iac.dev/v1alpha1',
    kind: 'PaletteCluster',
    metadata: { name, namespace: 'default', annotations },
    spec: given,
  };
  await kubectl(cluster, ['apply', '--server-side', '--force-conflicts', '-f', '-'], {
    input: JSON.stringify(composite),
  });
}

async function read(kind: string, ...args: string[]): Promise<readonly KubeObject[]> {
  const printed: unknown = JSON.parse(await kubectl(cluster, ['get', kind, '-n', 'default', '-o', 'json', ...args]));
  const items = valueAt(printed, 'items');
  return (Array.isArray(items) ? items : [printed]).filter(isKubeObject);
}

/** What a composite says of itself: `Ready=True Available`. */
async function conditionsOf(name: string): Promise<string[]> {
  const [composite] = await read('paletteclusters.fleet.palette-iac.dev', name);
  const conditions = valueAt(composite, 'status', 'conditions');
  return (Array.isArray(conditions) ? conditions : []).map(
    (condition: unknown) =>
      `${String(valueAt(condition, 'type'))}=${String(valueAt(condition, 'status'))} ${String(valueAt(condition, 'reason'))}`,
  );
}

async function until<T>(what: string, look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + STEP_MS;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: ${JSON.stringify(seen)}`);
    await delay(200);
  }
}

const says = async (name: string, wanted: string): Promise<string[]> =>
  until(
    `${name} should say ${wanted}`,
    async () => conditionsOf(name),
    (seen) => seen.includes(wanted),
  );

const managed = async (name: string): Promise<readonly KubeObject[]> =>
  read('clusterbrownfields.m.palette-iac.dev', '-l', `crossplane.io/composite=${name}`);

describe('under real Crossplane', () => {
  it(
    'a composite is composed after it was brought what it asked for',
    async () => {
      await applyComposite('kept', spec);
      expect(await says('kept', 'ProfilesResolved=True Resolved')).toContain('Synced=True ReconcileSuccess');
      const [object] = await managed('kept');
      expect(valueAt(object, 'spec', 'forProvider')).toMatchObject({ name: 'kept', cloudType: 'aws' });
    },
    STEP_MS,
  );

  it(
    'nothing is deleted or changed while the API does not answer, and the change is made when it does',
    async () => {
      const [before] = await managed('kept');
      await pointAt('localhost:1');
      await applyComposite('kept', { ...spec, description: 'Changed meanwhile' });
      await says('kept', 'ProfilesResolved=False ApiUnreachable');
      // Another look, at which there is still no answer.
      await applyComposite('kept', { ...spec, description: 'Changed again' });
      await until(
        'core should have looked at the last change',
        async () => read('paletteclusters.fleet.palette-iac.dev', 'kept'),
        ([composite]) =>
          JSON.stringify(valueAt(composite, 'status', 'conditions')).includes(
            `"observedGeneration":${composite?.metadata.generation}`,
          ),
      );
      const [after] = await managed('kept');
      expect(after?.metadata.uid).toBe(before?.metadata.uid);
      expect(after?.metadata.generation).toBe(before?.metadata.generation);
      await pointAt(plane.host);
      await applyComposite('kept', { ...spec, description: 'Changed again' }, { touched: 'once' });
      await says('kept', 'ProfilesResolved=True Resolved');
      const [changed] = await managed('kept');
      expect(changed?.metadata.uid).toBe(before?.metadata.uid);
      expect(valueAt(changed, 'spec', 'forProvider', 'description')).toBe('Changed again');
    },
    2 * STEP_MS,
  );

  it(
    'a composite with a profile that does not exist is not ready, and nothing is composed of it',
    async () => {
      await applyComposite('wrong', { profiles: [{ name: 'nothing' }] });
      const seen = await says('wrong', 'ProfilesResolved=False NotFound');
      expect(seen).toContain('Ready=False Creating');
      expect(await managed('wrong')).toEqual([]);
      await until(
        'an event should name the field',
        async () => kubectl(cluster, ['get', 'events', '-n', 'default', '-o', 'json']),
        (events) => events.includes('spec.profiles[0].name: there is no cluster profile \\"nothing\\"'),
      );
    },
    STEP_MS,
  );

  it(
    'the XRD refuses what no profile can be',
    async () => {
      await expect(applyComposite('both', { profiles: [{ name: 'a', ref: { name: 'b' } }] })).rejects.toThrow(
        /give either name or ref/,
      );
    },
    STEP_MS,
  );
});
