/**
 * Joins an imported cluster to the environment's own: the first that waits for its agent gets its
 * import manifest applied there, as a person would by `kubectl apply`. When it is deleted, the
 * next one may come.
 */
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import { readIfThere, writeFileAtomic } from '#cli/atomic-file';
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import { type PaletteClient, isNotFound } from '#openapi/client/index';

import { runKubectl } from './kubectl.ts';

const Imported = z.object({ clusterUid: z.string() });

const TENANT = { kind: 'tenant' } as const;
/** The pause after a failure, in milliseconds. */
const BACKOFF = { baseMs: 250, maxMs: 10_000 };

export interface ImporterOptions {
  readonly client: PaletteClient;
  readonly admin: string;
  /** Remembers which cluster is joined. */
  readonly file: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onImported: (cluster: { readonly name: string; readonly uid: string }) => void;
}

/** Works until the signal ends it; a plane that is away is waited for. */
export async function runImporter(options: ImporterOptions): Promise<void> {
  const { client, log, signal } = options;
  const applied = new Set<string>();
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      // At the start of a stream and after each event the state is read anew: no event can be missed.
      for await (const event of client.events({ signal, scope: TENANT })) {
        if (
          event.kind === 'open' ||
          (event.kind === 'cluster' && ['Pending', 'Importing', 'Deleted', 'Deleting'].includes(event.data.state))
        ) {
          await joinWaitingCluster(options, applied);
        }
        failures = 0;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.debug({ err: error }, 'the importer lost the plane, trying again');
    }
    await delay(backoffDelay(failures, BACKOFF), { signal }).catch(() => undefined);
  }
}

async function joinWaitingCluster(options: ImporterOptions, applied: Set<string>): Promise<void> {
  const { client, admin, file, log, signal } = options;
  if (await isTaken(options, applied)) return;
  const waiting = await firstPending(client, signal);
  if (waiting === undefined) return;
  const bytes = await client.get('/v1/spectroclusters/{uid}/import/manifest', {
    path: { uid: waiting.uid },
    scope: TENANT,
    signal,
  });
  const manifest = withoutAgentDeployment(new TextDecoder().decode(bytes));
  await writeFileAtomic(file, JSON.stringify({ clusterUid: waiting.uid } satisfies z.infer<typeof Imported>));
  await runKubectl(admin, ['apply', '-f', '-'], { signal, input: manifest });
  applied.add(waiting.uid);
  log.info({ clusterUid: waiting.uid, cluster: waiting.name }, 'import manifest applied to the local cluster');
  options.onImported(waiting);
}

/** Whether the local cluster belongs to one that is still there. A joining that a former run began is begun anew. */
async function isTaken({ client, file, signal }: ImporterOptions, applied: ReadonlySet<string>): Promise<boolean> {
  const text = await readIfThere(file);
  const parsed = Imported.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!parsed.success) return false;
  try {
    const cluster = await client.get('/v1/spectroclusters/{uid}', {
      path: { uid: parsed.data.clusterUid },
      scope: TENANT,
      signal,
    });
    const state = cluster.status?.state ?? '';
    return state === 'Pending' ? applied.has(parsed.data.clusterUid) : state !== 'Deleted';
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function firstPending(
  client: PaletteClient,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly uid: string } | undefined> {
  const { items } = await client.post('/v1/dashboard/spectroclusters/search', {
    query: { limit: 50 },
    body: {},
    scope: TENANT,
    signal,
  });
  const pending = (items ?? []).filter(({ status }) => status?.state === 'Pending');
  const age = (item: (typeof pending)[number]): number => Date.parse(item.metadata?.creationTimestamp ?? '') || 0;
  const first = pending.toSorted((a, b) => age(a) - age(b))[0]?.metadata;
  return first?.uid === undefined ? undefined : { uid: first.uid, name: first.name ?? '' };
}

/** The agent runs on this machine beside the plane: a second one in the cluster would work against it. */
export function withoutAgentDeployment(manifest: string): string {
  return parseAllDocuments(manifest)
    .filter((document) => document.get('kind') !== 'Deployment')
    .map((document) => `---\n${document.toString()}`)
    .join('');
}
