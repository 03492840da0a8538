/** Everything that alerts need to go out, from the plane's configuration. */
import { readFile } from 'node:fs/promises';

import type { PlaneConfig } from '#plane/config';
import { createWake, type Wake } from '#plane/domain/events/wake';
import type { FleetServices } from '#plane/domain/fleet-services';
import { createAddressGuard, type Resolve } from '#plane/registry/address-guard';

import { createMail, type MailServer } from './mail.ts';
import { createWebhook } from './webhook.ts';

/** For tests. */
export interface AlertOverrides {
  /** Between tries to deliver. */
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
  readonly resolve?: Resolve;
}

export interface Alerts {
  readonly senders: FleetServices['alerts']['senders'];
  readonly guard: FleetServices['alerts']['guard'];
  readonly graceMs: number;
  readonly deliveries: Wake;
  wake(): void;
  close(): void;
}

const DEFAULT_GRACE_SECONDS = 30;

/** @throws Error when a file that the configuration names cannot be read */
export async function openAlerts(config: PlaneConfig['alerts'], { resolve }: AlertOverrides = {}): Promise<Alerts> {
  const deliveries = createWake();
  const allowLoopback = config?.allowLoopback ?? false;
  const webhook = createWebhook({
    allowLoopback,
    env: process.env,
    ca: await optionalFile(config?.caFile),
    ...(resolve === undefined ? {} : { resolve }),
  });
  const mail = createMail(config?.smtp && (await mailServer(config.smtp)));
  return {
    senders: { mail: mail.send, webhook: webhook.send },
    guard: createAddressGuard({ allowLoopback }),
    graceMs: (config?.graceSeconds ?? DEFAULT_GRACE_SECONDS) * 1000,
    deliveries,
    wake: () => deliveries.wake(),
    close: () => {
      mail.close();
      webhook.close();
    },
  };
}

type Smtp = NonNullable<NonNullable<PlaneConfig['alerts']>['smtp']>;

async function mailServer({ passwordFile, caFile, ...server }: Smtp): Promise<MailServer> {
  return {
    ...server,
    password: (await optionalFile(passwordFile))?.trimEnd(),
    ca: await optionalFile(caFile),
  };
}

async function optionalFile(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8');
}
