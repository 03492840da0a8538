/**
 * Cluster profiles as programs, published as `palette-iac/profiles`.
 *
 * @example
 * import { addon, cni, defineProfile, k8s, os, system, variable } from 'palette-iac/profiles';
 *
 * const replicas = variable('replicas', { format: 'number', default: 2 });
 *
 * export const edge = defineProfile({
 *   name: 'edge',
 *   version: '1.0.0',
 *   variables: [replicas],
 *   layers: [
 *     os({ pack: 'edge-native-byoi', version: '2.x' }),
 *     k8s({ pack: 'edge-k8s', version: '~1.32.0' }),
 *     cni({ pack: 'cni-calico', version: '3.x' }),
 *     addon({ pack: 'shop', version: '^1.2.0', values: { replicas, host: `${system.cluster.name}.example.com` } }),
 *   ],
 * });
 */
export {
  defineProfile,
  type AnyProfileVariable,
  type LayerList,
  type ProfileOptions,
} from './authoring/define-profile.ts';
export {
  addon,
  cni,
  csi,
  helmChart,
  k8s,
  manifests,
  ociChart,
  os,
  type ChartOptions,
  type LayerInput,
  type ManifestContent,
  type ManifestsOptions,
  type PackOptions,
} from './authoring/layers.ts';
export { macro, packOutput, system, type PipedReference, type Reference } from './authoring/reference.ts';
export type { AnyValue, AnyValues, Values } from './authoring/values.ts';
export { variable, type ProfileVariable, type VariableOption, type VariableOptions } from './authoring/variable.ts';
export { yaml } from './authoring/yaml-text.ts';
export type { ProfileDocument, ProfileLayer, Variable } from './document.ts';
export { ProfileError, type ProfileProblem } from './problem.ts';
export {
  allowedCapabilities,
  allowedNamespaces,
  allowedRegistries,
  allowedServiceTypes,
  cel,
  checkPolicy,
  definePolicy,
  forbiddenKinds,
  noClusterAdmin,
  noHostNamespaces,
  noHostPath,
  noHostPorts,
  noLatestTag,
  noPrivilegedPods,
  noPrivilegeEscalation,
  noWildcardRbac,
  passesPolicy,
  PolicyError,
  policyFromSpec,
  readOnlyRootFilesystem,
  requiredLabels,
  requireImageDigest,
  requireLimits,
  requireProbes,
  requireRequests,
  rule,
  runAsNonRoot,
  specOfPolicy,
  type Policy,
  type PolicyFinding,
  type PolicyRule,
  type PolicySpec,
  type RuleContext,
  type RuleOptions,
  type RuleSpec,
  type Violation,
} from './policy/index.ts';
