/** What happens, as server-sent events. */
import { LocalError } from './local-error.ts';
import type { LocalRequest } from './request.ts';
import type { LocalServices } from './services.ts';

const KEEP_ALIVE_MS = 15_000;
/** Pages and terminals that are open at once. */
const MAX_STREAMS = 32;
/** A reader that is so far behind is cut off; it resumes where it was. */
const MAX_BUFFERED = 1024 * 1024;

const open = new WeakMap<object, { count: number }>();

/** Writes until the caller goes, the session ends, or the agent stops. @throws LocalError when too many are open */
export async function streamFeed(
  { view, sessions, users, signal: stopping }: LocalServices,
  request: LocalRequest,
): Promise<void> {
  const { response, raw, caller } = request;
  const streams = open.get(view) ?? { count: 0 };
  open.set(view, streams);
  if (streams.count >= MAX_STREAMS)
    throw new LocalError(503, 'Unavailable', `${MAX_STREAMS} streams are open already`, { retryAfterSeconds: 30 });
  streams.count++;
  const ended = new AbortController();
  const signal = AbortSignal.any([request.signal, stopping, ended.signal]);
  const last = Number(raw.headers['last-event-id']);
  const alive = async (): Promise<boolean> => {
    if (!caller || !sessions.find(caller.token, caller.session.carrier)) return false;
    const user = await users.find(caller.user.name, { signal, atMostMs: KEEP_ALIVE_MS });
    return user !== undefined && sessions.holds(caller.session, user);
  };
  const timer = setInterval(() => {
    response.write(': keep-alive\n\n');
    if (response.writableLength > MAX_BUFFERED) ended.abort();
    alive().then(
      (is) => {
        if (!is) ended.abort();
      },
      () => undefined,
    );
  }, KEEP_ALIVE_MS);
  try {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 2000\n\n');
    const after = Number.isSafeInteger(last) && last > 0 ? { after: last } : {};
    for await (const item of view.follow({ ...after, signal })) {
      const data = item.event === 'changed' ? {} : item.data;
      response.write(`id: ${item.seq}\nevent: ${item.event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength > MAX_BUFFERED) return;
    }
  } finally {
    clearInterval(timer);
    streams.count--;
    response.end();
  }
}
