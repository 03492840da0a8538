/** Waiting for a cluster: for its agent, for what it is to run, for its end. */
import { isNotFound, type Schemas, type Scope } from '#openapi/client/index';
import type { OperationContext } from '#resources/engine/index';

type Overview = Schemas['v1SpectroClusterUidSummary'];
type WaitContext = Pick<OperationContext, 'client' | 'waitFor' | 'warn'> & { readonly scope: Scope };

/** How long a new cluster may be without an agent before nobody seems to run the command: it can be run after the apply. */
export const AGENT_GRACE_MS = 60_000;

/**
 * How long packs may be in error, the same error all the time, before the wait ends: the agent tries on, but most such
 * errors need a change of the configuration, and that needs this apply to end.
 */
export const REJECTED_PATIENCE_MS = 60_000;

export interface Cluster {
  readonly uid: string;
  readonly name: string;
  readonly kubectlCommand: string;
}

/**
 * Waits until the cluster runs what it is to run. That it does not get there in time is told as a
 * warning, with what the agent found wrong: the cluster is there, and goes on by itself.
 */
export async function waitUntilHealthy(
  { uid, name, kubectlCommand }: Cluster,
  ctx: WaitContext,
  { graceMs = AGENT_GRACE_MS, now = Date.now } = {},
): Promise<void> {
  const { client, scope } = ctx;
  const startedAt = now();
  let last: Overview = {};
  let error: { readonly text: string; readonly since: number } | undefined;
  const outcome = await ctx.waitFor<'healthy' | 'no agent' | 'rejected'>({
    describe: `cluster ${name} to be Running and Healthy`,
    events: { clusterUid: uid, scope },
    poll: async ({ signal }) => {
      last = await client.get('/v1/dashboard/spectroclusters/{uid}/overview', { path: { uid }, scope, signal });
      if (isUpToDate(last)) return { kind: 'reached', value: 'healthy' };
      if (isWithoutAgent(last) && now() - startedAt >= graceMs) return { kind: 'reached', value: 'no agent' };
      const text = errorOf(last);
      error = text === undefined ? undefined : text === error?.text ? error : { text, since: now() };
      if (error !== undefined && now() - error.since >= REJECTED_PATIENCE_MS)
        return { kind: 'reached', value: 'rejected' };
      return { kind: 'pending', seen: describeStand(last) };
    },
  });
  if (outcome.kind === 'timedOut') {
    ctx.warn(
      `Cluster "${name}" is not Running and Healthy yet`,
      `It is ${outcome.seen} after ${Math.round(outcome.waitedMs / 1000)} s.${problems(last)} It goes on by itself; the next refresh tells.`,
    );
  } else if (outcome.value === 'rejected') {
    ctx.warn(
      `Cluster "${name}" cannot run what is configured`,
      `It has been ${describeStand(last)} for a minute with the same error.${problems(last)} The agent tries on; correct the configuration and apply again.`,
    );
  } else if (outcome.value === 'no agent') {
    ctx.warn(
      `Cluster "${name}" waits for its agent`,
      `No agent has connected yet. Run this against the cluster:\n\n  ${kubectlCommand}\n\nThe cluster then gets what is configured here.`,
    );
  }
}

/** Running what was last asked for, and well. */
function isUpToDate({ status }: Overview): boolean {
  return status?.state === 'Running' && status.health?.state === 'Healthy' && status.spcApply?.canBeApplied !== false;
}

export function isWithoutAgent({ status }: { readonly status?: { readonly state?: string } }): boolean {
  return ['', 'Pending', 'Unknown'].includes(status?.state ?? '');
}

/** What is wrong, when packs are in error and nothing else is on its way. */
function errorOf(overview: Overview): string | undefined {
  const types = (overview.status?.packs ?? []).map(({ condition }) => condition?.type);
  const settled = types.includes('Error') && types.every((type) => type === 'Error' || type === 'Ready');
  return settled ? problems(overview) : undefined;
}

function describeStand({ status }: Overview): string {
  return `${status?.state ?? 'Unknown'} and ${status?.health?.state ?? 'Unknown'}`;
}

/** What the agent says about packs that are not ready, with objects and fields as far as it names them. */
function problems({ status }: Overview): string {
  const packs = (status?.packs ?? []).flatMap(({ name, condition }) => {
    if (condition === undefined || condition.status === 'True') return [];
    return [`pack ${name ?? ''}: ${condition.message ?? condition.reason ?? condition.type}`];
  });
  const health = (status?.health?.conditions ?? []).flatMap(({ message }) => message ?? []);
  const all = packs.length > 0 ? packs : health;
  return all.length === 0
    ? ''
    : `\n\n${all
        .slice(0, 10)
        .map((text) => `- ${text}`)
        .join('\n')}\n\n`;
}

/** How a cluster is deleted. */
export interface Deletion {
  readonly force: boolean;
  /** Minutes to wait before it is forced. */
  readonly forceAfterMinutes: number;
}

/**
 * Deletes the cluster and waits until it is gone.
 *
 * @throws Error when it is still there in the end; it says in which state, and what its agent says is in the way
 */
export async function deleteCluster(
  { uid, name }: Pick<Cluster, 'uid' | 'name'>,
  { force, forceAfterMinutes }: Deletion,
  {
    client,
    waitFor,
    scope,
    signal,
    since,
  }: Pick<OperationContext, 'client' | 'waitFor' | 'signal' | 'since'> & { readonly scope: Scope },
  { now = Date.now } = {},
): Promise<void> {
  const path = { uid };
  await client.delete('/v1/spectroclusters/{uid}', { path, scope, signal });
  const startedAt = since ?? now();
  let forced = false;
  let said = '';
  const outcome = await waitFor<'gone'>({
    describe: `cluster ${name} to be gone`,
    events: { clusterUid: uid, scope },
    poll: async ({ signal }) => {
      const status = await statusOf(uid, { client, scope, signal });
      if (status === undefined || status.state === 'Deleted') return { kind: 'reached', value: 'gone' };
      said = status.conditions?.find(({ type }) => type === 'Healthy')?.message ?? '';
      if (force && !forced && now() - startedAt >= forceAfterMinutes * 60_000) {
        forced = true;
        await client.delete('/v1/spectroclusters/{uid}', { path, query: { forceDelete: true }, scope, signal });
      }
      return { kind: 'pending', seen: status.state ?? '' };
    },
  });
  if (outcome.kind === 'reached') return;
  const why = said === '' ? '' : ` Its agent says: ${said}.`;
  const help = force
    ? `The delete is forced after ${forceAfterMinutes} minutes: give the delete more time in the block timeouts.`
    : 'Its agent may be out of reach: try again later, or set force_delete and clean the cluster yourself.';
  throw new Error(
    `cluster "${name}" is still ${outcome.seen} after ${Math.round(outcome.waitedMs / 1000)} s.${why} ${help}`,
  );
}

async function statusOf(
  uid: string,
  {
    client,
    scope,
    signal,
  }: { readonly client: OperationContext['client']; readonly scope: Scope; readonly signal: AbortSignal },
): Promise<NonNullable<Schemas['v1SpectroCluster']['status']> | undefined> {
  try {
    return (await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope, signal })).status ?? {};
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
