/** What nothing on our clusters may do, said once for all profiles. */
import {
  allowedRegistries,
  cel,
  definePolicy,
  noHostPath,
  noLatestTag,
  noPrivilegedPods,
  requireLimits,
} from 'palette-iac/profiles';

export const baseline = definePolicy({
  name: 'baseline',
  rules: [
    noPrivilegedPods(),
    noHostPath(),
    noLatestTag(),
    requireLimits({ resources: ['memory'] }),
    allowedRegistries({ registries: ['registry.k8s.io', 'ghcr.io/our-team'] }),
    cel({
      name: 'replicas-are-few',
      description: 'Nobody runs more than nine of a kind',
      expression: "object.kind != 'Deployment' || object.spec.replicas <= 9",
      message: 'expected at most nine replicas',
    }),
  ],
});
