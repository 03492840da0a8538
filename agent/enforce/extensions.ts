import type { Discovery } from '#kubernetes/discovery';
import { groupOf } from '#kubernetes/object';

/** Groups that come with Kubernetes; Helm knows them by itself. */
const BUILT_IN = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** What the cluster serves beyond Kubernetes' own, as charts ask for it: `group/version` and `group/version/Kind`, sorted. */
export async function extensions(
  discovery: Discovery,
  options: { readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const versions = (await discovery.apiVersions(options)).filter(
    (version) => groupOf(version).includes('.') && !BUILT_IN.has(groupOf(version)),
  );
  const types = (await Promise.all(versions.map(async (version) => discovery.typesOf(version, options)))).flat();
  return [...versions, ...types.map((type) => `${type.apiVersion}/${type.kind}`)].sort();
}
