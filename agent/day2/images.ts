/** Container images of the tools that actions run. */
import { z } from 'zod';

/** Each can be another one: a mirror's, where the cluster reaches no public registry. */
export const ActionImages = z.object({
  kubeBench: z.string().min(1).default('docker.io/aquasec/kube-bench:v0.10.1'),
  kubeHunter: z.string().min(1).default('docker.io/aquasec/kube-hunter:0.6.8'),
  sonobuoy: z.string().min(1).default('docker.io/sonobuoy/sonobuoy:v0.57.3'),
  /** The version of the cluster is appended, as Kubernetes publishes it. */
  conformance: z.string().min(1).default('registry.k8s.io/conformance'),
  syft: z.string().min(1).default('docker.io/anchore/syft:v1.18.1'),
  /** Has `sh`, `cat` and `nsenter`: it looks into nodes and works on them. */
  host: z.string().min(1).default('docker.io/library/busybox:1.37.0'),
  /** The version is appended, as Rancher publishes it. */
  k3sUpgrade: z.string().min(1).default('docker.io/rancher/k3s-upgrade'),
  rke2Upgrade: z.string().min(1).default('docker.io/rancher/rke2-upgrade'),
});
export type ActionImages = z.infer<typeof ActionImages>;
