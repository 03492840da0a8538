/** Layers that several profiles share: a function from what differs to layers. */
import { addon, manifests, system, yaml, type LayerInput } from 'palette-iac/profiles';

import { greeting, replicas, tier, uplinkToken } from './variables.ts';

export interface GuardedGreeting {
  /** Who may talk to the pods: nobody, pods of the same namespace, everybody. */
  readonly isolation: 'closed' | 'same-namespace' | 'open';
  /** With the secret of the uplink. Default: false. */
  readonly uplink?: boolean;
}

export function guardedGreeting({ isolation, uplink = false }: GuardedGreeting): readonly (LayerInput | false)[] {
  return [
    addon({
      pack: 'guardrails',
      version: '1.x',
      presets: { Isolation: isolation },
      // As text, where a comment is worth keeping.
      values: yaml`
        manifests:
          namespaces:
            team: '${tier}'
            quota:
              # Two nodes hold no more.
              pods: 40
      `,
    }),
    addon({
      pack: 'hello-chart',
      version: '^1.0.0',
      // As an object, where an editor shall complete and check: a number's reference fits where a number does.
      values: {
        charts: {
          hello: { replicas, greeting, place: system.cluster.name.pipe('trunc', 20).pipe('upper') },
        },
      },
    }),
    uplink &&
      manifests({
        name: 'uplink',
        installPriority: 15,
        manifests: {
          token: {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: { name: 'uplink', namespace: 'hello' },
            stringData: { token: uplinkToken },
          },
        },
      }),
  ];
}
