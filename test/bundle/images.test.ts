/** Images of packs in the wild: neither what their objects show nor what they list is all of them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { imagesOfObjects, imagesOfPack } from '#packs/bundle/index';
import { openPackDirectory } from '#packs/index';

import { HELM_BUILD_MS, helmPath, rendererFor, renderPack, temporary } from '../packs/support.ts';

/** Packs of the public community repository; they are not ours to keep, so they are used where they are. */
const WILD = join(process.cwd(), '../shared/reference/packs');
const OWN = join(process.cwd(), 'examples/packs');
const KYVERNO = 'ghcr.io/kyverno';

const cases = [
  {
    name: 'an example: the same image in both',
    folder: join(OWN, 'hello-chart-1.0.0'),
    rendered: ['registry.k8s.io/e2e-test-images/agnhost:2.53'],
    listedAlone: [],
  },
  {
    name: 'a chart whose default the pack forgot to list',
    folder: join(WILD, 'kyverno-1.12.2'),
    rendered: [
      'docker.io/bitnami/kubectl:1.28.5',
      ...['background-controller', 'cleanup-controller', 'kyverno', 'kyvernopre', 'reports-controller'].map(
        (name) => `${KYVERNO}/${name}:v1.12.2`,
      ),
    ],
    listedAlone: [`${KYVERNO}/kyverno-cli:v1.12.2`],
  },
  {
    name: 'an operator that brings its own images later',
    folder: join(WILD, 'trident-operator-26.02.1'),
    rendered: ['docker.io/netapp/trident-operator:26.02.1'],
    listedAlone: ['docker.io/netapp/trident-autosupport:26.02.1', 'docker.io/netapp/trident:26.02.1'],
  },
  {
    name: 'arguments, and images by digest',
    folder: join(WILD, 'tekton-operator-0.61.0'),
    rendered: [
      'gcr.io/tekton-releases/dogfooding/tkn@sha256:025de221fb059ca24a3b2d988889ea34bce48dc76c0cf0d6b4499edb8c21325f',
      ...['kubernetes/operator', 'kubernetes/proxy-webhook', 'kubernetes/webhook'].map(
        (name) => `gcr.io/tekton-releases/github.com/tektoncd/operator/cmd/${name}:v0.61.0`,
      ),
    ],
    listedAlone: [],
  },
].filter(({ folder }) => existsSync(folder));

let helm: string;
let work: Awaited<ReturnType<typeof temporary>>;
beforeAll(async () => {
  helm = await helmPath();
  work = await temporary();
}, HELM_BUILD_MS);
afterAll(async () => work.remove());

describe('images of a pack', () => {
  it.each(cases)(
    '$name',
    async ({ folder, rendered, listedAlone }) => {
      const pack = await openPackDirectory(folder);
      const variables = { replicas: '1', greeting: 'hello' };
      const { objects } = await renderPack(rendererFor(helm, work.path), pack, { variables });
      const found = imagesOfObjects(objects);
      expect(found).toEqual(rendered);
      expect(imagesOfPack(pack).filter((image) => !found.includes(image))).toEqual(listedAlone);
    },
    60_000,
  );
});
