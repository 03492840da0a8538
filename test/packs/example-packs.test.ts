import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  compareLayers,
  contentDigest,
  describeObject,
  findMacroReferences,
  formatProblem,
  lintPack,
  openPackArchive,
  openPackDirectory,
  packArchive,
} from '#packs/index';

import { EXAMPLES, HELM_BUILD_MS, helmPath, layerOf, rendererFor, renderPack, temporary } from './support.ts';

const VARIABLES = { replicas: '2', greeting: 'Hello, "world": it\'s {{ me }}', team: 'blue' };

let helm: string;
let work: Awaited<ReturnType<typeof temporary>>;
beforeAll(async () => {
  helm = await helmPath();
  work = await temporary();
}, HELM_BUILD_MS);
afterAll(async () => work.remove());

describe('the example packs', () => {
  it('are without fault', async () => {
    for (const name of await readdir(EXAMPLES)) {
      expect(lintPack(await openPackDirectory(join(EXAMPLES, name))).map(formatProblem)).toEqual([]);
    }
  });
  it('are the same packed and unpacked, and packed twice', async () => {
    for (const name of await readdir(EXAMPLES)) {
      const directory = join(EXAMPLES, name);
      const archive = await packArchive(directory);
      expect(Buffer.from(await packArchive(directory)).equals(archive)).toBe(true);
      expect(contentDigest(await openPackArchive(archive))).toBe(contentDigest(await openPackDirectory(directory)));
      expect([...(await openPackArchive(archive)).files.keys()]).toContain('pack.json');
    }
  });
  it('go one after the other: guardrails first', async () => {
    const packs = await Promise.all(
      (await readdir(EXAMPLES)).map(async (name) => openPackDirectory(join(EXAMPLES, name))),
    );
    expect(packs.sort(compareLayers).map(({ name, installPriority }) => [name, installPriority])).toEqual([
      ['guardrails', 10],
      ['hello-chart', 20],
    ]);
  });
  it.each([
    {
      name: 'hello-chart-1.0.0',
      objects: [
        'v1 ServiceAccount hello/hello-chart',
        'v1 ConfigMap hello/hello-chart',
        'v1 Service hello/hello-chart',
        'apps/v1 Deployment hello/hello-chart',
      ],
      namespaces: ['hello'],
    },
    {
      name: 'guardrails-1.0.0',
      objects: [
        'v1 Namespace hello',
        'networking.k8s.io/v1 NetworkPolicy hello/guardrails',
        'v1 ResourceQuota hello/guardrails',
        'v1 LimitRange hello/guardrails',
        'v1 ConfigMap guardrails/guardrails',
      ],
      namespaces: ['guardrails'],
    },
  ])('$name brings what its README says', async ({ name, objects, namespaces }) => {
    const pack = await openPackArchive(await packArchive(join(EXAMPLES, name)));
    const rendered = await renderPack(rendererFor(helm, work.path), pack, { variables: VARIABLES });
    expect(rendered.objects.map(describeObject)).toEqual(objects);
    expect(rendered.namespaces.map(({ metadata }) => metadata.name)).toEqual(namespaces);
    const documented = new Set([...(pack.readme ?? '').matchAll(/^\| `(\w+)` /gm)].map(([, variable]) => variable));
    const texts = [pack.values, ...pack.manifests.map(({ content }) => content)];
    const used = texts
      .flatMap(findMacroReferences)
      .flatMap(({ paths }) => paths.filter((path) => path.startsWith('var.')).map((path) => path.slice(4)));
    expect(documented).toEqual(new Set(used));
  });
  it('carry variables to where they are read, as data', async () => {
    const pack = await openPackDirectory(join(EXAMPLES, 'hello-chart-1.0.0'));
    const { objects } = await renderPack(rendererFor(helm, work.path), pack, { variables: VARIABLES });
    expect(objects.find(({ kind }) => kind === 'ConfigMap')).toMatchObject({
      data: { greeting: VARIABLES.greeting, place: 'EDGE-7' },
    });
    expect(objects.find(({ kind }) => kind === 'Deployment')).toMatchObject({ spec: { replicas: 2 } });
  });
  it('ask for no variable that has a default', async () => {
    const pack = await openPackDirectory(join(EXAMPLES, 'guardrails-1.0.0'));
    const { objects } = await renderPack(rendererFor(helm, work.path), pack);
    expect(objects.find(({ kind }) => kind === 'Namespace')).toMatchObject({
      metadata: { labels: { team: 'platform' } },
    });
  });
  it('take values of the profile over their own', async () => {
    const pack = await openPackDirectory(join(EXAMPLES, 'guardrails-1.0.0'));
    const layer = layerOf(pack, {
      values: 'manifests:\n  namespaces:\n    names: [a, b]\n    isolation: {allow: all}\n',
    });
    const { objects } = await renderPack(rendererFor(helm, work.path), pack, { layer, variables: VARIABLES });
    expect(objects.map(describeObject)).toEqual([
      'v1 Namespace a',
      'v1 Namespace b',
      'v1 ResourceQuota a/guardrails',
      'v1 ResourceQuota b/guardrails',
      'v1 LimitRange a/guardrails',
      'v1 LimitRange b/guardrails',
      'v1 ConfigMap guardrails/guardrails',
    ]);
  });
});
