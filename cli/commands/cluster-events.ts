/** `palette cluster events`: what agents and plane tell of a cluster. */
import { formatTable, printableLines, write, writeJson } from '#cli/output';
import { untilTold } from '#cli/until-told';
import type { PaletteClient, PaletteEvent, Schemas, Scope } from '#openapi/client/index';

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
    const list = async (): Promise<Schemas['v1Event'][]> => newest(client, scope, uid, options);
    if (!options.follow) {
      show((await list()).toReversed(), options);
      return;
    }
    const { signal } = untilTold();
    const stream = client.events({ scope, clusterUid: uid, signal });
    await followEvents({
      stream,
      list,
      first: (items) => show(items, options),
      next: (item) => {
        if (options.severity !== undefined && item.severity !== options.severity) return;
        if (options.output === 'json') writeJson(item);
        else write(printableLines(`${item.last}  ${item.severity}  ${item.reason}  ${item.message}`));
      },
    });
  });
}

interface Following {
  readonly stream: AsyncIterable<PaletteEvent>;
  /** The newest first. */
  readonly list: () => Promise<Schemas['v1Event'][]>;
  /** Shows what there is at the beginning, the newest last. */
  readonly first: (items: Schemas['v1Event'][]) => void;
  readonly next: (line: EventLine) => void;
}

/** Shows each event once for each count: what is listed is asked for when the stream stands, so none falls in between. */
export async function followEvents({ stream, list, first, next }: Following): Promise<void> {
  const shown = new Map<string, number>();
  const isNew = (uid: string, count: number): boolean => {
    if (count <= (shown.get(uid) ?? 0)) return false;
    shown.set(uid, count);
    return true;
  };
  let begun = false;
  for await (const event of stream) {
    if (event.kind === 'event') {
      const { eventId, count, severity, reason, message, object, lastAt } = event.data;
      if (!isNew(eventId ?? `${reason} ${message}`, count)) continue;
      const about = object === undefined ? '' : describeObject(object.kind, object.namespace, object.name);
      next({ last: lastAt, count, severity, reason, object: about, message });
    } else if (event.kind === 'open' && !event.resumed) {
      const items = (await list()).toReversed();
      const fresh = items.filter(({ metadata }) => isNew(metadata?.uid ?? '', countOf(metadata)));
      if (begun) for (const item of fresh) next(eventLine(item));
      else first(fresh);
      begun = true;
    }
  }
}

function show(items: readonly Schemas['v1Event'][], options: OutputOptions): void {
  const lines = items.map(eventLine);
  if (options.output === 'json') writeJson(lines);
  else
    write(
      formatTable(
        ['last', 'count', 'severity', 'reason', 'object', 'message'],
        lines.map((line) => [line.last, String(line.count), line.severity, line.reason, line.object, line.message]),
        'no events',
      ),
    );
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

function eventLine({ metadata, severity, reason, message, involvedObject }: Schemas['v1Event']): EventLine {
  const namespace = metadata?.annotations?.['namespace'];
  const kind = involvedObject?.kind ?? '';
  const name = involvedObject?.name ?? '';
  return {
    last: metadata?.lastModifiedTimestamp ?? '',
    count: countOf(metadata),
    severity: severity ?? '',
    reason: reason ?? '',
    object: kind === 'spectrocluster' ? '' : describeObject(kind, namespace, name),
    message: message ?? '',
  };
}

function countOf(metadata: Schemas['v1ObjectMeta'] | undefined): number {
  return Number(metadata?.annotations?.['count'] ?? 1);
}

function describeObject(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
