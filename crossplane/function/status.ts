/** The status of a composite: what people see in columns and read with `kubectl describe`. */
import { mapAt } from '#kubernetes/object';

import type { Composite } from './composite.ts';
import type { PaletteClusterProfileStatus, PaletteClusterStatus } from './composites.ts';
import type { ResolvedProfile } from './resolve-profiles.ts';

/** What was found out in this call; what was not stays as it was. */
export type Findings =
  | {
      readonly kind: 'cluster';
      readonly profiles: readonly ResolvedProfile[];
      readonly cloudAccountUid: string | undefined;
    }
  | { readonly kind: 'profile'; readonly name: string; readonly version: string }
  | undefined;

/**
 * All of the status that is the function's: what is left out goes. The state of the cluster is what the managed resource
 * last saw.
 */
export function statusOf(composite: Composite, findings: Findings): Readonly<Record<string, unknown>> {
  const before = composite.kind.status.partial().safeParse(mapAt(composite.object, 'status'));
  const own = before.success ? before.data : {};
  const seen = mapAt(composite.observed.get(composite.kind.of)?.object, 'status', 'atProvider');
  const text = (key: string): string | undefined => {
    const value = seen[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const status =
    composite.kind.of === 'cluster'
      ? {
          ...(findings?.kind === 'cluster' ? profilesOf(findings) : {}),
          ...given({
            clusterUid: text('id'),
            state: text('status'),
            health: text('healthStatus'),
            kubectlCommand: text('kubectlCommand'),
            manifestUrl: text('manifestUrl'),
          }),
        }
      : {
          ...(findings?.kind === 'profile' ? { name: findings.name, version: findings.version } : {}),
          ...given({ profileUid: text('id') }),
        };
  return given({ ...own, ...(status satisfies PaletteClusterStatus | PaletteClusterProfileStatus) });
}

function profilesOf({
  profiles,
  cloudAccountUid,
}: Extract<Findings, { kind: 'cluster' }>): Partial<PaletteClusterStatus> {
  return {
    profile: profiles.map(({ name }) => name).join(', '),
    version: profiles.map(({ version }) => version).join(', '),
    profiles: profiles.map(({ name, version, uid }) => ({ name, version, uid })),
    cloudAccountUid,
  };
}

function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
