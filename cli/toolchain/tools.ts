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
  /** Seconds on two cores with an empty build cache, and packages compiled then: what progress is measured by. */
  readonly cold: { readonly seconds: number; readonly packages: number };
}

export interface Tool {
  /** Versions that are accepted when they are found on this machine, as a semver range. */
  readonly range: string;
  /** Arguments that make it say its version. */
  readonly versionArgs: readonly string[];
  readonly build: Build;
}

const KUBERNETES = '1.34.2';
const module = join(packageRoot, 'tools');
const noLinks: readonly string[] = [];

const hyper: Build = {
  binary: 'hyper',
  version: KUBERNETES,
  module,
  package: './cmd/hyper',
  links: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  cold: { seconds: 270, packages: 2430 },
};
const kubectl: Build = {
  binary: 'kubectl',
  version: KUBERNETES,
  module,
  package: 'k8s.io/kubernetes/cmd/kubectl',
  links: noLinks,
  cold: { seconds: 60, packages: 890 },
};
const helm: Build = {
  binary: 'helm',
  version: '3.19.0',
  module,
  package: 'helm.sh/helm/v3/cmd/helm',
  links: noLinks,
  cold: { seconds: 70, packages: 950 },
};
const nats: Build = {
  binary: 'nats-server',
  version: '2.12.0',
  module,
  package: 'github.com/nats-io/nats-server/v2',
  links: noLinks,
  cold: { seconds: 32, packages: 250 },
};
const kwok: Build = {
  binary: 'kwok',
  version: '0.7.0',
  module: join(module, 'kwok'),
  package: 'sigs.k8s.io/kwok/cmd/kwok',
  links: noLinks,
  cold: { seconds: 76, packages: 1000 },
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
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

export const toolNames: readonly ToolName[] = Object.keys(tools).filter(isToolName);

/** The linker's settings: without them the servers give versions that clients cannot parse. */
export const linkerFlags = [
  '-s -w',
  ...Object.entries({
    'k8s.io/component-base/version.gitVersion': `v${KUBERNETES}`,
    'k8s.io/component-base/version.gitMajor': '1',
    'k8s.io/component-base/version.gitMinor': '34',
    'k8s.io/component-base/version.gitCommit': 'palette-iac',
    'k8s.io/component-base/version.gitTreeState': 'clean',
    'k8s.io/component-base/version.buildDate': '2025-11-01T00:00:00Z',
    'helm.sh/helm/v3/internal/version.version': `v${helm.version}`,
    'sigs.k8s.io/kwok/pkg/consts.Version': `v${kwok.version}`,
  }).map(([name, value]) => `-X ${name}=${value}`),
].join(' ');
