/** Policies: rules in TypeScript, in CEL, and built in, over what profiles render to. */
export {
  allowedCapabilities,
  noHostNamespaces,
  noHostPath,
  noHostPorts,
  noPrivilegedPods,
  noPrivilegeEscalation,
  readOnlyRootFilesystem,
  requireLimits,
  requireProbes,
  requireRequests,
  runAsNonRoot,
} from './builtin/pods.ts';
export { allowedRegistries, noLatestTag, requireImageDigest } from './builtin/images.ts';
export {
  allowedNamespaces,
  allowedServiceTypes,
  forbiddenKinds,
  noClusterAdmin,
  noWildcardRbac,
  requiredLabels,
} from './builtin/objects.ts';
export { BUILTINS } from './builtin/index.ts';
export type { RuleOptions } from './builtin/builtin.ts';
export { cel } from './cel/cel-rule.ts';
export { checkPolicy, checkPolicyInTurns, passesPolicy, type CheckPolicyOptions } from './check-policy.ts';
export { definePolicy, rule } from './define-policy.ts';
export { policyFromSpec, specOfPolicy } from './from-spec.ts';
export { PolicyError, type PolicyProblem } from './policy-error.ts';
export type { Policy, PolicyFinding, PolicyRule, RuleContext, Violation } from './policy.ts';
export { PolicySpec, RuleSpec, type ObjectSelector } from './policy-spec.ts';
