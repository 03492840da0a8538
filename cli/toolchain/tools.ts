/** The servers and commands that the project runs but does not write, at the versions it is tested with. */
import { join } from 'node:path';

import { packageRoot } from '#cli/package-root';

/** What is built: one executable of one Go module. */
export interface Build {
  readonly binary: string;
  readonly version: string;
  /** Folder of the Go module that pins it. */
  readonly module: string;
  readonly package: string;
  /** Other names it answers to, as the component it then is. */
  readonly links: readonly string[];
  /** Variables that the linker sets. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Seconds on two cores with an empty build cache, and packages compiled then: what progress is measured by. */
  readonly cold: { readonly seconds: number; readonly packages: number };
}

export interface Tool {
  /** Versions that are accepted when they are found on this machine, as a semver range. */
  readonly range: string;
  /** Arguments that make it say its version. */
  readonly versionArgs: readonly string[];
  readonly build: Build;
  /** Nobody but the project's own tests runs it. */
  readonly testsOnly?: true;
}

const KUBERNETES = '1.34.2';
const HELM = '3.19.0';
const KWOK = '0.7.0';
const CROSSPLANE = '2.1.3';
const REGISTRY = '0.20.6';
const KUBE_BENCH = '0.8.0';
const VELERO = '1.18.3';
const module = join(packageRoot, 'tools');
const crossplaneModule = join(module, 'crossplane');
const noLinks: readonly string[] = [];

/** Without them the servers give versions that clients cannot parse. */
const kubernetesStamps = {
  'k8s.io/component-base/version.gitVersion': `v${KUBERNETES}`,
  'k8s.io/component-base/version.gitMajor': '1',
  'k8s.io/component-base/version.gitMinor': '34',
  'k8s.io/component-base/version.gitCommit': 'palette-iac',
  'k8s.io/component-base/version.gitTreeState': 'clean',
  'k8s.io/component-base/version.buildDate': '2025-11-01T00:00:00Z',
  'helm.sh/helm/v3/internal/version.version': `v${HELM}`,
  'sigs.k8s.io/kwok/pkg/consts.Version': `v${KWOK}`,
} as const;
const crossplaneStamps = {
  'github.com/crossplane/crossplane/v2/internal/version.version': `v${CROSSPLANE}`,
} as const;

const hyper: Build = {
  binary: 'hyper',
  version: KUBERNETES,
  module,
  package: './cmd/hyper',
  links: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  stamps: kubernetesStamps,
  cold: { seconds: 270, packages: 2430 },
};
const kubectl: Build = {
  binary: 'kubectl',
  version: KUBERNETES,
  module,
  package: 'k8s.io/kubernetes/cmd/kubectl',
  links: noLinks,
  stamps: kubernetesStamps,
  cold: { seconds: 60, packages: 890 },
};
const helm: Build = {
  binary: 'helm',
  version: HELM,
  module,
  package: 'helm.sh/helm/v3/cmd/helm',
  links: noLinks,
  stamps: kubernetesStamps,
  cold: { seconds: 70, packages: 950 },
};
const nats: Build = {
  binary: 'nats-server',
  version: '2.12.0',
  module,
  package: 'github.com/nats-io/nats-server/v2',
  links: noLinks,
  stamps: kubernetesStamps,
  cold: { seconds: 32, packages: 250 },
};
const kwok: Build = {
  binary: 'kwok',
  version: KWOK,
  module: join(module, 'kwok'),
  package: 'sigs.k8s.io/kwok/cmd/kwok',
  links: noLinks,
  stamps: kubernetesStamps,
  cold: { seconds: 76, packages: 1000 },
};
const crossplane: Build = {
  binary: 'crossplane',
  version: CROSSPLANE,
  module: crossplaneModule,
  package: 'github.com/crossplane/crossplane/v2/cmd/crossplane',
  links: noLinks,
  stamps: crossplaneStamps,
  cold: { seconds: 120, packages: 1410 },
};
const crank: Build = {
  ...crossplane,
  binary: 'crank',
  package: 'github.com/crossplane/crossplane/v2/cmd/crank',
};
const ociregistry: Build = {
  binary: 'ociregistry',
  version: REGISTRY,
  module: crossplaneModule,
  package: './cmd/ociregistry',
  links: noLinks,
  stamps: { 'main.version': `v${REGISTRY}` },
  cold: { seconds: 20, packages: 200 },
};

const velero: Build = {
  binary: 'velero',
  version: VELERO,
  module: join(module, 'velero'),
  package: './cmd/velero',
  links: noLinks,
  stamps: { 'github.com/vmware-tanzu/velero/pkg/buildinfo.Version': `v${VELERO}` },
  cold: { seconds: 180, packages: 2100 },
};
const fsobjects: Build = {
  binary: 'fsobjects',
  version: VELERO,
  module: join(module, 'velero'),
  package: './cmd/fsobjects',
  links: noLinks,
  stamps: { 'main.version': `v${VELERO}` },
  cold: { seconds: 60, packages: 900 },
};

/** Compliance scans run it in the cluster, as an image; tests run this one. */
const kubeBench: Build = {
  binary: 'kube-bench',
  version: KUBE_BENCH,
  module: join(module, 'kube-bench'),
  package: 'github.com/aquasecurity/kube-bench',
  links: noLinks,
  stamps: { 'github.com/aquasecurity/kube-bench/cmd.KubeBenchVersion': `v${KUBE_BENCH}` },
  cold: { seconds: 80, packages: 900 },
};

/** The components of one control plane are of one minor version; kubectl may be one away (Kubernetes' version skew policy). */
export const tools = {
  etcd: { range: '>=3.5.21 <4', versionArgs: ['--version'], build: hyper },
  'kube-apiserver': { range: '~1.34.0', versionArgs: ['--version'], build: hyper },
  'kube-controller-manager': { range: '~1.34.0', versionArgs: ['--version'], build: hyper },
  'kube-scheduler': { range: '~1.34.0', versionArgs: ['--version'], build: hyper },
  kubectl: { range: '>=1.33.0 <1.36', versionArgs: ['version', '--client'], build: kubectl },
  helm: { range: '>=3.16.0 <4', versionArgs: ['version', '--short'], build: helm },
  'nats-server': { range: '>=2.11.0 <3', versionArgs: ['--version'], build: nats },
  kwok: { range: '>=0.7.0 <1', versionArgs: ['--version'], build: kwok },
  // Its command line, which many have under the same name, does not know `--version` and is passed over.
  crossplane: { range: '~2.1.0', versionArgs: ['--version'], build: crossplane },
  crank: { range: '~2.1.0', versionArgs: ['version', '--client'], build: crank },
  'kube-bench': { range: '~0.8.0', versionArgs: ['version'], build: kubeBench },
  ociregistry: { range: '>=0.20.6 <1', versionArgs: ['--version'], build: ociregistry },
  velero: { range: '~1.18.0', versionArgs: ['version', '--client-only'], build: velero, testsOnly: true },
  fsobjects: { range: '~1.18.0', versionArgs: ['--version'], build: fsobjects, testsOnly: true },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

export const toolNames: readonly ToolName[] = Object.keys(tools).filter(isToolName);

/** Those that somebody runs who uses the project. */
export const userToolNames: readonly ToolName[] = toolNames.filter((name) => !('testsOnly' in tools[name]));

/** The linker's settings: no symbols, and the stamps. */
export function linkerFlags(build: Build): string {
  return ['-s -w', ...Object.entries(build.stamps).map(([name, value]) => `-X ${name}=${value}`)].join(' ');
}
