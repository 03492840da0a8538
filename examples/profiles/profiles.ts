/**
 * Cluster profiles as a program: one stack from the operating system up, and the add-ons alone for clusters that somebody
 * else runs. Every exported profile counts; `palette profile … profiles.ts#site` takes one.
 */
import { cni, csi, defineProfile, k8s, os, yaml } from 'palette-iac/profiles';

import { guardedGreeting } from './layers/guarded-greeting.ts';
import { greeting, replicas, tier, uplinkToken } from './layers/variables.ts';
import { baseline } from './policies.ts';

/** The whole stack of a site. */
export const site = defineProfile({
  name: 'site',
  version: '1.4.0',
  description: 'A site at the edge, from the operating system to the greeting',
  tags: ['team:edge', 'tier:site'],
  variables: [replicas, greeting, tier, uplinkToken],
  layers: [
    os({ pack: 'example-os', version: '24.4.x' }),
    k8s({
      pack: 'example-k8s',
      version: '~1.34.0',
      values: yaml`
        pack:
          # The office has 192.168.0.0/16 already.
          podCIDR: 100.64.0.0/16
      `,
    }),
    cni({ pack: 'example-cni', version: '^1.0.0' }),
    csi({ pack: 'example-csi', version: '^3.0.0', values: { manifests: { storage: { reclaimPolicy: 'Retain' } } } }),
    guardedGreeting({ isolation: 'closed', uplink: true }),
  ],
  policies: [baseline],
});

/** For clusters that exist: the add-ons of a site, open to the rest of the cluster. */
export const guests = defineProfile({
  name: 'guests',
  version: '1.4.0',
  tags: ['team:edge'],
  variables: [replicas, greeting, tier],
  layers: [guardedGreeting({ isolation: 'same-namespace' })],
  policies: [baseline],
});
