/**
 * Names on the bus. A tenant has a NATS account of its own, so no subject names one; an agent's
 * credentials allow its own cluster's subjects only.
 */
import type { ClusterUid } from './identifiers.ts';

/** Plane to agent, core NATS: something changed, go and fetch it. */
export const pokeSubject = (uid: ClusterUid): string => `cluster.${uid}.poke`;

/** Agent to plane, into the work queue of reports. */
export const reportSubject = (uid: ClusterUid): string => `cluster.${uid}.report`;

/** Agent to plane, into the same work queue. */
export const heartbeatSubject = (uid: ClusterUid): string => `cluster.${uid}.heartbeat`;

/** Where answers to an agent's own requests arrive: a prefix nobody else may subscribe to. */
export const inboxPrefix = (uid: ClusterUid): string => `_INBOX_${uid}`;

/** The JetStream work queue that plane replicas share, and what it takes in. */
export const REPORT_STREAM = { name: 'REPORTS', subjects: ['cluster.*.report', 'cluster.*.heartbeat'] } as const;

/** What a poke says: what to fetch. */
export type Poke = 'desired-state' | 'commands' | 'revoked';
