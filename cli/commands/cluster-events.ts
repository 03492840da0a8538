/** `palette cluster events`: what agents and plane tell of a cluster. */
import { formatTable, printableLines, write, writeJson } from '#cli/output';
import { untilTold } from '#cli/until-told';
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';

import { findCluster, withClient } from './cluster-read.ts';
import type { ApiOptions, OutputOptions } from './options.ts';

export type EventsOptions = ApiOptions &
  OutputOptions & {
    readonly project?: string;
    readonly severity?: string;
    readonly limit: number;
    readonly follow?: boolean;
  };

interface EventLine {
  readonly last: string;
  readonly count: number;
  readonly severity: string;
  readonly reason: string;
  readonly object: string;
  readonly message: string;
}

/** Lists events, the newest last, as a log reads; with `follow` then those that come, until it is interrupted. */
export async function events(name: string, options: EventsOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    const { uid } = await findCluster(client, scope, name);
    const items = await newest(client, scope, uid, options);
    const lines = items.map(eventLine).toReversed();
    if (options.output === 'json') writeJson(lines);
    else {
      write(
        formatTable(
          ['last', 'count', 'severity', 'reason', 'object', 'message'],
          lines.map((line) => [line.last, String(line.count), line.severity, line.reason, line.object, line.message]),
          'no events',
        ),
      );
    }
    if (options.follow) await follow(client, scope, uid, options);
  });
}

async function newest(
  client: PaletteClient,
  scope: Scope,
  uid: string,
  { limit, severity }: EventsOptions,
): Promise<Schemas['v1Event'][]> {
  const found: Schemas['v1Event'][] = [];
  for (let next: string | undefined = ''; next !== undefined && found.length < limit;) {
    const page: Schemas['v1Events'] = await client.get('/v1/events/components/{objectKind}/{objectUid}', {
      path: { objectKind: 'spectrocluster', objectUid: uid },
      query: {
        limit: Math.min(500, limit - found.length),
        ...(severity === undefined ? {} : { filters: `severity=${severity}` }),
        ...(next === '' ? {} : { continue: next }),
      },
      scope,
    });
    found.push(...page.items);
    next = page.listmeta?.continue || undefined;
  }
  return found;
}

async function follow(client: PaletteClient, scope: Scope, uid: string, options: EventsOptions): Promise<void> {
  const { signal } = untilTold();
  for await (const event of client.events({ scope, clusterUid: uid, signal })) {
    if (event.kind !== 'event') continue;
    const { data } = event;
    if (options.severity !== undefined && data.severity !== options.severity) continue;
    if (options.output === 'json') writeJson(data);
    else write(printableLines(`${data.lastAt}  ${data.severity}  ${data.reason}  ${data.message}`));
  }
}

function eventLine({ metadata, severity, reason, message, involvedObject }: Schemas['v1Event']): EventLine {
  const namespace = metadata?.annotations?.['namespace'];
  const kind = involvedObject?.kind ?? '';
  const name = involvedObject?.name ?? '';
  return {
    last: metadata?.lastModifiedTimestamp ?? '',
    count: Number(metadata?.annotations?.['count'] ?? 1),
    severity: severity ?? '',
    reason: reason ?? '',
    object: kind === 'spectrocluster' ? '' : `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
    message: message ?? '',
  };
}
