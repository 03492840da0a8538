import type { SomeHandlers } from '#plane/api/handler';
import { invalidRequest, PlaneError } from '#plane/api/error';
import type { TenantDatabase, Transaction } from '#plane/store/database';

import { isKept, newestEvent, readEvents, type EventFilter } from './event-log.ts';
import type { Wake } from './wake.ts';

const KEEP_ALIVE_MS = 15_000;
/** How soon an event of another replica is seen when the bus does not tell of it. */
const POLL_MS = 1_000;
const PAGE = 200;

export const eventHandlers = {
  v1EventsStream: async (request, context) => {
    const filter: EventFilter = { projectUid: context.scope.projectUid, clusterUid: request.query.clusterUid };
    const after = lastEventId(request.headers.get('last-event-id'));
    const start = await context.db.transaction(async (tx) => startAfter(tx, after), { readOnly: true });
    return {
      status: 200,
      headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      body: eventText(context.db, start, filter, context.services.fleet.eventWake, context.signal),
    };
  },
} satisfies SomeHandlers;

/** 0 is before everything that is kept. @throws PlaneError 410 when it is not known any more what came after the event */
async function startAfter(tx: Transaction, after: number | undefined): Promise<number> {
  if (after === undefined) return newestEvent(tx);
  if (after === 0 || (await isKept(tx, after))) return after;
  throw new PlaneError(
    410,
    'EventsExpired',
    `Last-Event-ID: event ${after} is not kept any more; follow the stream without it, and read anew what it is about`,
  );
}

function lastEventId(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 0) {
    throw invalidRequest(`Last-Event-ID: expected the id of an event of this stream, got '${text}'`);
  }
  return id;
}

async function* eventText(
  db: TenantDatabase,
  start: number,
  filter: EventFilter,
  wake: Wake,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  let after = start;
  let quietSince = Date.now();
  yield ': connected\n\n';
  while (!signal.aborted) {
    const seen = wake.count();
    const events = await db.transaction(async (tx) => readEvents(tx, after, filter, PAGE), { readOnly: true, signal });
    if (events.length > 0) {
      after = events[events.length - 1]?.seq ?? after;
      quietSince = Date.now();
      yield events
        .map((event) => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`)
        .join('');
      continue;
    }
    if (Date.now() - quietSince >= KEEP_ALIVE_MS) {
      quietSince = Date.now();
      yield ': keep-alive\n\n';
    }
    if (wake.count() === seen) await wake.wait(POLL_MS, signal);
  }
}
