/**
 * Packs of the public community repository, as they are: they open, lint, render and, where the cluster has their kinds
 * or they bring them, apply. They are not ours to keep, so this runs where they are at hand; what they do that packs
 * "should not" is made again in wild-packs.test.ts.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { contentDigest, hasErrors, lintPack, openPackArchive, openPackDirectory, packArchive } from '#packs/index';
import { startCluster } from '#test/support/cluster';

import { applyLayer, unknownKinds } from './apply-layer.ts';
import { HELM_BUILD_MS, helmPath, rendererFor, renderPack, temporary } from './support.ts';

const PACKS = join(process.cwd(), '../shared/reference/packs');
const names = existsSync(PACKS) ? (await readdir(PACKS)).sort() : [];

/** What comes of a pack with its own values, or with what it says that it needs. */
type Result =
  | { readonly kind: 'applied' }
  /** The cluster would need operators that the pack does not bring. */
  | { readonly kind: 'needs'; readonly kinds: readonly string[] };

const APPLIED: Result = { kind: 'applied' };
const TABLE: Readonly<Record<string, { readonly values?: string; readonly result: Result }>> = {
  // The chart demands to be told whose agent it is.
  'akuity-agent-0.30.0-5.5.2026': {
    values:
      'charts: {akuity-agent: {clusterName: c, instanceName: i, organizationName: o, akuityApiKeyId: k, akuityApiKeySecret: s}}',
    result: APPLIED,
  },
  'argocd-3.3.5': { result: APPLIED },
  'cks-kubebench-0.16.7': { result: APPLIED },
  'crossplane-2.1.4': { result: APPLIED },
  'elastic-stack-0.19.0': {
    result: {
      kind: 'needs',
      kinds: ['elasticsearch.k8s.elastic.co/v1 Elasticsearch', 'kibana.k8s.elastic.co/v1 Kibana'],
    },
  },
  'external-snapshotter-4.0.1': {
    result: { kind: 'needs', kinds: ['cert-manager.io/v1 Issuer', 'cert-manager.io/v1 Certificate'] },
  },
  'fluentbit-5.0.5': { result: APPLIED },
  'hello-universe-1.3.1': { result: APPLIED },
  'kubearmor-1.4.6': { result: APPLIED },
  'kubewatch-3.5.0': { result: APPLIED },
  'kyverno-1.12.2': { result: APPLIED },
  'multus-3.9.0': { result: APPLIED },
  'nfs-subdir-external-4.0.13': { result: APPLIED },
  'oauth2-proxy-8.2.0': { result: APPLIED },
  'rbacmanager-1.9.0': { result: APPLIED },
  'spegel-0.7.2': { result: APPLIED },
  'tekton-operator-0.61.0': { result: APPLIED },
  'trident-operator-26.02.1': { result: APPLIED },
};

let helm: string;
let work: Awaited<ReturnType<typeof temporary>>;
let cluster: Awaited<ReturnType<typeof startCluster>> | undefined;
beforeAll(async () => {
  helm = await helmPath();
  work = await temporary();
  if (names.length > 0) cluster = await startCluster();
}, HELM_BUILD_MS);
afterAll(async () => {
  await cluster?.stop();
  await work.remove();
});

describe('packs in the wild, where they are at hand', () => {
  it('are all in the table', () => {
    expect(names.filter((name) => !(name in TABLE))).toEqual([]);
  });
  // A loop, for a table without rows is an error.
  for (const name of names) {
    const { values = '', result = APPLIED } = TABLE[name] ?? {};
    it(`${name}: ${result.kind}`, async () => {
      const directory = join(PACKS, name);
      const pack = await openPackDirectory(directory);
      expect(hasErrors(lintPack(pack))).toBe(false);
      expect(contentDigest(await openPackArchive(await packArchive(directory)))).toBe(contentDigest(pack));

      const render = async () => renderPack(rendererFor(helm, work.path), pack, { layer: { values } });
      const [first, second] = await Promise.all([render(), render()]);
      expect(first.objects.length).toBeGreaterThan(0);
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
      expect(unknownKinds(first)).toEqual(result.kind === 'needs' ? result.kinds : []);
      if (result.kind === 'applied' && cluster) await applyLayer(cluster, first);
    }, 120_000);
  }
});
