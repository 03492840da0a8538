/** The bus that some runs have: a real nats-server, one account, and a plane's ear that knows whose report it is. */
import { silentLogger } from '#core/log';
import { accountJwt, agentUserJwt, createAccountKeys, planeUser, systemUser } from '#plane/bus/accounts';
import { pushAccount } from '#plane/bus/claims';
import type { Bus } from '#protocol/bus';
import { TenantUid, type ClusterUid } from '#protocol/identifiers';
import { connectBus } from '#protocol/nats';
import { Heartbeat, Report } from '#protocol/report';
import { heartbeatSubject, pokeSubject, REPORT_STREAM, reportSubject, type Poke } from '#protocol/subjects';
import type { FakePlane } from '#test/agent/support/fake-plane';
import { startNats } from '#test/plane/fleet-support';

export interface LabBus {
  readonly port: number;
  /** What comes for this plane's cluster is handed to it from now on. */
  hear(plane: FakePlane): void;
  /** The claims of an agent. */
  claims(clusterUid: ClusterUid, busPublicKey: string): Promise<string>;
  /** May be lost, as pokes may. */
  poke(clusterUid: ClusterUid, poke: Poke): void;
  /** Kills the server and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const CLAIMS_MS = 3_600_000;

export async function openLabBus(): Promise<LabBus> {
  const nats = await startNats();
  const stop = new AbortController();
  const account = createAccountKeys();
  const planes = new Map<string, (text: string) => void>();
  const connect = async (user: { readonly jwt: string; readonly seed: string }, name: string): Promise<Bus> =>
    connectBus({
      servers: [nats.url],
      ...user,
      inboxPrefix: '_INBOX',
      name,
      log: silentLogger,
      signal: stop.signal,
      maxReconnectDelayMs: 200,
    });
  const system = await connect(await systemUser(nats.operator), 'system');
  await pushAccount(system, await accountJwt(nats.operator, TenantUid.parse('a'.repeat(24)), account, []));
  await system.drain();
  const bus = await connect(await planeUser(account), 'plane');
  const take = async (): Promise<void> => {
    const queue = bus.work({
      stream: REPORT_STREAM.name,
      subjects: REPORT_STREAM.subjects,
      consumer: 'plane',
      dedupeMs: 60_000,
      maxBytes: 64 * 1024 * 1024,
      ackWaitMs: 10_000,
      maxInFlight: 64,
      signal: stop.signal,
    });
    for await (const item of queue) {
      planes.get(item.subject)?.(item.text());
      item.ack();
    }
  };
  take().catch(() => undefined); // It ends with the lab.
  return {
    port: Number(new URL(nats.url).port),
    hear: (plane) => {
      planes.set(reportSubject(plane.clusterUid), (text) => plane.take({ reports: [Report.parse(JSON.parse(text))] }));
      planes.set(heartbeatSubject(plane.clusterUid), (text) =>
        plane.take({ heartbeat: Heartbeat.parse(JSON.parse(text)) }),
      );
    },
    claims: async (clusterUid, busPublicKey) =>
      agentUserJwt(account, { clusterUid, busPublicKey }, Date.now() + CLAIMS_MS),
    poke: (clusterUid, poke) => {
      if (bus.connected()) bus.publish(pokeSubject(clusterUid), poke);
    },
    crash: async () => {
      await nats.kill();
      await nats.start();
    },
    stop: async () => {
      stop.abort();
      await bus.drain();
      await nats.stop();
    },
  };
}
