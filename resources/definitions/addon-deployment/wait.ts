/** Waiting until a cluster runs a profile. */
import type { Schemas, Scope } from '#openapi/client/index';
import type { OperationContext } from '#resources/engine/index';

import { AGENT_GRACE_MS, isWithoutAgent, REJECTED_PATIENCE_MS } from '../cluster-brownfield/wait.ts';

type Overview = Schemas['v1SpectroClusterUidSummary'];

export interface AddonToWaitFor {
  readonly clusterUid: string;
  readonly profileUid: string;
}

/**
 * Waits until every pack of the profile is ready on the cluster. That it does not get there is told as a warning, with
 * what the agent found wrong: the profile is attached, and the agent goes on.
 */
export async function waitUntilApplied(
  { clusterUid, profileUid }: AddonToWaitFor,
  ctx: Pick<OperationContext, 'client' | 'waitFor' | 'warn'> & { readonly scope: Scope },
  { now = Date.now, graceMs = AGENT_GRACE_MS, patienceMs = REJECTED_PATIENCE_MS } = {},
): Promise<void> {
  const { client, scope } = ctx;
  const startedAt = now();
  let last: Overview = {};
  let error: { readonly text: string; readonly since: number } | undefined;
  const outcome = await ctx.waitFor<'applied' | 'no agent' | 'rejected'>({
    describe: `cluster ${clusterUid} to run profile ${profileUid}`,
    events: { clusterUid, scope },
    poll: async ({ signal }) => {
      const path = { uid: clusterUid };
      last = await client.get('/v1/dashboard/spectroclusters/{uid}/overview', { path, scope, signal });
      const packs = packsOf(last, profileUid);
      if (packs.every(isReady)) return { kind: 'reached', value: 'applied' };
      if (isWithoutAgent(last) && now() - startedAt >= graceMs) return { kind: 'reached', value: 'no agent' };
      const text = packs.some(({ condition }) => condition?.type === 'Error') ? problems(packs) : undefined;
      error = text === undefined ? undefined : text === error?.text ? error : { text, since: now() };
      if (error !== undefined && now() - error.since >= patienceMs) return { kind: 'reached', value: 'rejected' };
      return { kind: 'pending', seen: `${packs.filter(isReady).length} of ${packs.length} packs ready` };
    },
  });
  const name = last.metadata?.name ?? clusterUid;
  if (outcome.kind === 'timedOut') {
    ctx.warn(
      `Cluster "${name}" does not run the profile yet`,
      `There are ${outcome.seen} after ${Math.round(outcome.waitedMs / 1000)} s.${problems(packsOf(last, profileUid))} It goes on by itself; the next refresh tells.`,
    );
  } else if (outcome.value === 'rejected') {
    ctx.warn(
      `Cluster "${name}" cannot run the profile`,
      `It has had the same error for a minute.${problems(packsOf(last, profileUid))} The agent tries on; correct the configuration and apply again.`,
    );
  } else if (outcome.value === 'no agent') {
    ctx.warn(
      `Cluster "${name}" waits for its agent`,
      'No agent has connected yet; the profile takes effect when one has.',
    );
  }
}

function packsOf({ status }: Overview, profileUid: string): readonly Schemas['v1ClusterPackStatus'][] {
  return (status?.packs ?? []).filter((pack) => pack.profileUid === profileUid);
}

function isReady({ condition }: Schemas['v1ClusterPackStatus']): boolean {
  return condition?.status === 'True';
}

function problems(packs: readonly Schemas['v1ClusterPackStatus'][]): string {
  const texts = packs
    .filter((pack) => !isReady(pack))
    .slice(0, 10)
    .map(({ name, condition }) => `- pack ${name ?? ''}: ${condition?.message ?? condition?.type ?? ''}`);
  return texts.length === 0 ? '' : `\n\n${texts.join('\n')}\n\n`;
}
