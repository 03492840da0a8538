/** Layers that several profiles share: a function from what differs to layers. */
import { manifests, system, yaml, type LayerInput } from 'palette-iac/profiles';

import { guardrails } from '../types/guardrails.ts';
import { helloChart } from '../types/hello-chart.ts';
import { greeting, replicas, tier, uplinkToken } from './variables.ts';

export interface GuardedGreeting {
  /** Who may talk to the pods: nobody, pods of the same namespace, everybody. */
  readonly isolation: 'closed' | 'same-namespace' | 'open';
  /** With the secret of the uplink. Default: false. */
  readonly uplink?: boolean;
}

export function guardedGreeting({ isolation, uplink = false }: GuardedGreeting): readonly (LayerInput | false)[] {
  return [
    // Written by `palette pack import`: an editor completes presets and values, and the compiler checks them.
    guardrails({
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
    helloChart({
      version: '^1.0.0',
      // As an object, a number's reference fits where a number does, and a text's does not.
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
