/** The ways to APIs: one for each host, key and project, whoever names it. */
import type { Logger } from '#core/log';
import { sha256 } from '#core/digest';
import { createClient, type PaletteClient } from '#openapi/client/index';

import type { Settings } from '../controller/runtime/provider-configs/settings.ts';
import { createLookups, type Lookups } from './lookups.ts';

export interface Connections {
  /** @throws TypeError when the host is none */
  open(settings: Settings): Lookups;
  close(): void;
  readonly size: number;
}

export interface ConnectionsOptions {
  readonly log: Logger;
  readonly now: () => number;
  readonly random: () => number;
  readonly makeClient?: (settings: Settings) => PaletteClient;
}

/** More at one time are served, each with a connection made anew. */
const MAX_CONNECTIONS = 200;
/** A composite that waits for an answer holds up one of Crossplane's workers: better a short answer than a late one. */
const TRY_MS = 5_000;
const DEADLINE_MS = 8_000;

export function createConnections({ log, now, random, makeClient }: ConnectionsOptions): Connections {
  const make =
    makeClient ??
    (({ host, apiKey, ca, insecure }: Settings): PaletteClient =>
      createClient({
        host,
        apiKey,
        ca,
        insecure,
        retryAttempts: 2,
        timeoutMs: TRY_MS,
        deadlineMs: DEADLINE_MS,
        userAgent: 'palette-iac-function',
        log,
      }));
  const open = new Map<string, Lookups>();

  return {
    open: (settings) => {
      const { host, apiKey, ca, insecure, project } = settings;
      const key = sha256(JSON.stringify([host, apiKey, ca, insecure, project]));
      const known = open.get(key);
      const lookups = known ?? createLookups({ client: make(settings), host, project, now, random });
      open.delete(key);
      open.set(key, lookups); // the order of the map is that of use
      for (const [oldest, { close }] of open) {
        if (open.size <= MAX_CONNECTIONS) break;
        close();
        open.delete(oldest);
      }
      return lookups;
    },
    close: () => {
      for (const { close } of open.values()) close();
      open.clear();
    },
    get size() {
      return open.size;
    },
  };
}
