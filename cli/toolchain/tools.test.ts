import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import semver from 'semver';

import { linkerFlags, toolNames, tools } from './tools.ts';

const modules: Readonly<Record<string, string>> = {
  hyper: 'k8s.io/kubernetes',
  kubectl: 'k8s.io/kubernetes',
  helm: 'helm.sh/helm/v3',
  'nats-server': 'github.com/nats-io/nats-server/v2',
  kwok: 'sigs.k8s.io/kwok',
  crossplane: 'github.com/crossplane/crossplane/v2',
  crank: 'github.com/crossplane/crossplane/v2',
  ociregistry: 'github.com/google/go-containerregistry',
  'kube-bench': 'github.com/aquasecurity/kube-bench',
  velero: 'github.com/vmware-tanzu/velero',
  fsobjects: 'github.com/vmware-tanzu/velero',
};

describe('the tools', () => {
  it.each(toolNames)('%s is built at the version that its go.mod pins', async (name) => {
    const { build } = tools[name];
    const text = await readFile(join(build.module, 'go.mod'), 'utf8');
    expect(text).toMatch(
      new RegExp(`^(require|\\t).*${modules[build.binary]} v${build.version.replaceAll('.', String.raw`\.`)}$`, 'm'),
    );
  });

  it.each(toolNames.filter((name) => name !== 'etcd'))('%s would be accepted as it is built', (name) => {
    expect(semver.satisfies(tools[name].build.version, tools[name].range)).toBe(true);
  });

  it.each([
    { name: 'kube-apiserver' as const, stamps: 3 },
    { name: 'crossplane' as const, stamps: 1 },
    { name: 'ociregistry' as const, stamps: 1 },
  ])('tells the linker of $name versions that clients can parse', ({ name, stamps }) => {
    const versions = [...linkerFlags(tools[name].build).matchAll(/[vV]ersion=(v[\d.]+)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(versions).toHaveLength(stamps);
    for (const version of versions) expect(semver.valid(version)).not.toBeNull();
  });
});
