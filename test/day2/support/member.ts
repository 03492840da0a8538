/** A cluster of a real plane, whose agent runs in this process. */
import type { AgentConfigInput } from '#agent/config';
import { runAgent } from '#agent/main';
import { silentLogger } from '#core/log';
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';

import { eventually, type TestCluster } from '../../agent/support/harness.ts';
import { tokenIn } from '../../plane/fleet-agent.ts';
import { uniqueName } from '../../support/cluster.ts';
import type { TestPlane } from '../../support/plane.ts';

export type Action = Schemas['ClusterAction'];

export interface Member {
  readonly uid: string;
  /** Starts the agent, or starts it anew with other settings. */
  start(config?: Partial<AgentConfigInput>): Promise<void>;
  stop(): Promise<void>;
  /** Asks for an action. @returns its identifier */
  ask(body: Schemas['ClusterActionEntity']): Promise<string>;
  actions(): Promise<readonly Action[]>;
  /** The action as it has ended. */
  ended(action: string, patienceMs?: number): Promise<Action>;
}

const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'expired']);

/** @param uid of a cluster that was imported and waits for its agent */
export async function joinPlane(
  cluster: TestCluster,
  plane: TestPlane,
  { client, scope, uid }: { readonly client: PaletteClient; readonly scope: Scope; readonly uid: string },
): Promise<Member> {
  const path = { uid };
  const { status } = await client.get('/v1/spectroclusters/{uid}', { path, scope });
  const link = new URL(/https:\/\/\S+/.exec(status?.clusterImport?.importLink ?? '')?.[0] ?? '');
  const query = { token: link.searchParams.get('token') ?? '' };
  const manifest = await client.get('/v1/spectroclusters/{uid}/import/manifest', { path, query, scope });
  const namespace = uniqueName('member');
  await cluster.outsider.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const invitation = {
    planeUrl: `https://${plane.host}`,
    clusterUid: uid,
    token: tokenIn(Buffer.from(manifest).toString('utf8')),
    'ca.crt': plane.ca,
  };
  await cluster.outsider.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace },
    data: Object.fromEntries(
      Object.entries(invitation).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  });
  let running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  const member: Member = {
    uid,
    start: async (config = {}) => {
      await member.stop();
      const stop = new AbortController();
      const done = runAgent(
        { kubeconfig: cluster.kubeconfig, namespace, helm: cluster.helm, stateDir: cluster.dir, ...config },
        { log: silentLogger, signal: stop.signal },
      );
      running = { stop, done };
    },
    stop: async () => {
      running?.stop.abort();
      await running?.done;
      running = undefined;
    },
    ask: async (body) => (await client.post('/v1/spectroclusters/{uid}/actions', { path, body, scope })).uid,
    actions: async () => (await client.get('/v1/spectroclusters/{uid}/actions', { path, scope })).items,
    ended: async (runUid, patienceMs) => {
      let seen: Action | undefined;
      return eventually(
        `action ${runUid} has ended`,
        async () => {
          seen = await client.get('/v1/spectroclusters/{uid}/actions/{runUid}', { path: { uid, runUid }, scope });
          return ENDED.has(seen.phase) ? seen : undefined;
        },
        () => JSON.stringify(seen),
        patienceMs,
      );
    },
  };
  return member;
}
