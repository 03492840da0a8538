import { CliError } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import { isNotFound, type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';

import { withClient } from './cluster-read.ts';
import type { NotificationListOptions, NotificationOptions } from './notification.ts';

const PAGE = 100;

export async function list(options: NotificationListOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    const all = await readAll(client, scope);
    const lines = all
      .filter(({ action }) => options.all || (action?.ack !== true && action?.isDone !== true))
      .map(({ metadata, relatedObject, action }) => ({
        uid: metadata?.uid ?? '',
        since: metadata?.creationTimestamp ?? '',
        about: `${relatedObject?.kind ?? ''} ${relatedObject?.name ?? ''}`,
        state: action?.isDone ? 'done' : action?.ack ? 'acknowledged' : 'new',
        message: action?.actionMessage ?? '',
      }));
    if (options.output === 'json') writeJson(lines);
    else
      write(
        formatTable(
          ['uid', 'since', 'about', 'state', 'message'],
          lines.map(({ uid, since, about, state, message }) => [uid, since, about, state, message]),
          'nothing waits',
        ),
      );
  });
}

/** @throws CliError when there is no such notification */
export async function mark(uid: string, what: 'ack' | 'done', options: NotificationOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    try {
      await client.patch(`/v1/notifications/{uid}/${what}`, { path: { uid }, scope });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new CliError(`there is no notification ${JSON.stringify(uid)}`, {
        cause: error,
        hint: 'What is over is not listed any more: see `palette notification list --all`.',
      });
    }
  });
}

async function readAll(client: PaletteClient, scope: Scope): Promise<Schemas['v1Notification'][]> {
  const found: Schemas['v1Notification'][] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const page: Schemas['v1Notifications'] = await client.get('/v1/notifications/', {
      query: { limit: PAGE, ...(next === '' ? {} : { continue: next }) },
      scope,
    });
    found.push(...page.items);
    next = page.listmeta?.continue || undefined;
  }
  return found;
}
