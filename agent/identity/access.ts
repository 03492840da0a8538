/** Keeps the agent's access: renewed while it lasts, and got again by the key where it has ended. */
import type { Logger } from '#core/log';
import type { AgentCredentials } from '#protocol/registration';

import type { BusLink } from '../channel/bus.ts';
import { isRevoked, type PlaneClient } from '../channel/rest.ts';
import type { SyncOptions } from '../channel/sync.ts';
import type { Identity } from './identity.ts';
import { busPublicKey } from './registration.ts';

interface CallOptions {
  readonly signal: AbortSignal;
}

export interface Access {
  /** By the access that there is; by the key, where that has ended while the plane was away. @throws PlaneCallError */
  renew(options: CallOptions): Promise<void>;
  /** By the agent's key, which the plane knows until the agent is revoked. */
  readonly recover: SyncOptions['recover'];
}

export function createAccess(options: {
  readonly plane: Pick<PlaneClient, 'renew' | 'recover'>;
  readonly identity: () => Identity;
  readonly save: (credentials: AgentCredentials, how: CallOptions) => Promise<void>;
  readonly bus: () => Pick<BusLink, 'renew'>;
  /** One after the other. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly log: Logger;
}): Access {
  const { plane, identity, save, bus, alone, log } = options;
  const take = async (credentials: AgentCredentials, how: CallOptions): Promise<void> => {
    await save(credentials, how);
    // Not waited for: the bus may be away for longer than access lasts.
    void bus().renew();
  };
  return {
    renew: async (how) =>
      alone(async () => {
        try {
          await take(await plane.renew(busPublicKey(identity().seed), how), how);
        } catch (error) {
          if (!isRevoked(error)) throw error;
          await take(await plane.recover(identity(), how), how);
        }
      }),
    recover: async (how) => {
      const refused = identity().credentials.accessToken;
      return alone(async () => {
        // Renewed meanwhile.
        if (identity().credentials.accessToken !== refused) return 'recovered';
        try {
          await take(await plane.recover(identity(), how), how);
          log.info({ expiresAt: identity().credentials.expiresAt }, 'access had ended, and was got again by the key');
          return 'recovered';
        } catch (error) {
          if (!how.signal.aborted && isRevoked(error)) return 'refused';
          log.debug({ err: error }, 'access cannot be got again now');
          return 'away';
        }
      });
    },
  };
}
