/** Container images of the tools that actions run. */
import { z } from 'zod';

import { ActionFailed } from './action.ts';

const Image = z.string().min(1);

/** Each can be another one: a mirror's, where the cluster reaches no public registry. */
export const ActionImages = z.object({
  kubeBench: Image.default('docker.io/aquasec/kube-bench:v0.10.1'),
  kubeHunter: Image.default('docker.io/aquasec/kube-hunter:0.6.8'),
  sonobuoy: Image.default('docker.io/sonobuoy/sonobuoy:v0.57.3'),
  /** The version of the cluster is appended, as Kubernetes publishes it. */
  conformance: Image.default('registry.k8s.io/conformance'),
  syft: Image.default('docker.io/anchore/syft:v1.18.1'),
  /** Has `sh`, `cat` and `nsenter`: it looks into nodes and works on them. */
  host: Image.default('docker.io/library/busybox:1.37.0'),
  /** The version is appended, as Rancher publishes it. */
  k3sUpgrade: Image.default('docker.io/rancher/k3s-upgrade'),
  rke2Upgrade: Image.default('docker.io/rancher/rke2-upgrade'),
  /** Nothing runs but images that are named by digest. */
  pinnedOnly: z.boolean().default(false),
});
export type ActionImages = z.infer<typeof ActionImages>;
export type ImageName = Exclude<keyof ActionImages, 'pinnedOnly'>;

export const IMAGE_NAMES = Object.keys(ActionImages.shape).filter((name): name is ImageName => name !== 'pinnedOnly');

const PINNED = /@sha256:[0-9a-f]{64}$/;

/**
 * The image of a tool. A version is appended to one that names neither tag nor digest.
 *
 * @throws ActionFailed where only pinned images may run and this is none
 */
export function imageOf(images: ActionImages, name: ImageName, version?: string): string {
  const given = images[name];
  const isNamed = /[:@][^/]*$/.test(given);
  // Tags have no plus.
  const image = version === undefined || isNamed ? given : `${given}:${version.replace('+', '-')}`;
  if (images.pinnedOnly && !PINNED.test(image))
    throw new ActionFailed(
      `the agent runs only images that are pinned by digest, and ${image} is not: name another for it, as ${name}=${given.replace(/[:@][^/]*$/, '')}@sha256:...`,
    );
  return image;
}
