/** What the fleet's handlers and background work share. */
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { AddressGuard } from '#plane/registry/address-guard';
import type { OpenSource } from '#plane/registry/open-source';
import type { BusAccess } from '#protocol/registration';
import type { ClusterUid, TenantUid } from '#protocol/identifiers';

import type { ChangesRoom } from './agents/changes.ts';
import type { Senders } from './alerts/send.ts';
import type { SigningKeys } from './desired-state/signing-keys.ts';
import type { Wake } from './events/wake.ts';

export interface FleetServices {
  readonly now: () => Date;
  readonly signingKeys: SigningKeys;
  /** Rings when there may be new events. */
  readonly eventWake: Wake;
  /** Says, after a commit, that there may be new events and pokes of a tenant; never throws. */
  changed(tenantUid: string): void;
  /** Credentials on the bus for an agent; absent where the plane has no bus. Not inside a transaction. */
  busAccess(agent: {
    readonly tenantUid: TenantUid;
    readonly clusterUid: ClusterUid;
    readonly busPublicKey: string;
    readonly expiresAt: Date;
  }): Promise<BusAccess | undefined>;
  /** Makes revocations that were committed take effect on the bus soon. */
  busRevoked(tenantUid: TenantUid): void;
  /** Registries that stand elsewhere. */
  readonly registries: {
    readonly open: OpenSource;
    /** How many bytes of archives a registry may hold that has no limit of its own. */
    readonly quotaBytes: number;
    /** Says, after a commit, that one may be due. Never throws. */
    wake(): void;
  };
  readonly agents: {
    /** How long an agent's access lasts without renewal, in milliseconds. */
    readonly accessMs: number;
    /** Every address of the plane, the public one first. */
    readonly planeUrls: readonly string[];
    /** Environment of agents, for import manifests. */
    readonly settings: Readonly<Record<string, string>>;
  };
  /** Where agents without a bus wait for news. */
  readonly changes: ChangesRoom;
  readonly alerts: {
    readonly senders: Senders;
    /** Which addresses webhooks may have. */
    readonly guard: Pick<AddressGuard, 'check'>;
    /** Says, after a commit, that there is something to deliver. Never throws. */
    wake(): void;
  };
  /** Of this plane: agents may be up to two minor versions behind it. */
  readonly version: string;
  /** PEM of the keys that sign releases of a tenant's agents. Not inside a transaction. */
  releaseKeys(tenantUid: TenantUid): Promise<string[]>;
  /** Image of the agent in import manifests. */
  readonly agentImage: string;
  /** PEM bundle that agents verify this plane's certificate with; absent where the system's own suffices. */
  readonly planeCa: string | undefined;
}

/** The part of the plane's services that composing needs. */
export interface SomeServices {
  readonly secrets: Secrets;
  readonly fleet: Pick<FleetServices, 'now' | 'signingKeys' | 'changed'>;
}
