/**
 * Which channel tells the agent that there is something new: the bus, without it a question that the plane holds, and
 * without that nothing but asking from time to time. Goes back up by itself.
 */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';

import { joinSignals } from '../signals.ts';
import { createWake, type Wake } from '../wake.ts';
import { isRevoked, PlaneCallError, type PlaneClient } from './rest.ts';

export type Channel = 'bus' | 'long-poll' | 'poll';

export interface ChangesOptions {
  readonly plane: Pick<PlaneClient, 'changes'>;
  readonly busConnected: () => boolean;
  /** Digest of the document in force. */
  readonly digest: () => string | undefined;
  /** Cursor of the last command that was carried out. */
  readonly cursor: () => number;
  /** There may be another document, or the agent is not known any more. */
  readonly fetchNow: Wake;
  readonly commandsNow: Wake;
  /** Told at each change. */
  readonly onChannel: (channel: Channel) => void;
  readonly log: Logger;
}

export interface ChangesFollower {
  channel(): Channel;
  /** The bus came or went. */
  busChanged(): void;
  /** Works until the signal is aborted. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

const WAIT_SECONDS = 25;
/** The first answer tells whether the plane holds questions at all: it is not waited for long. */
const FIRST_WAIT_SECONDS = 1;
/** The bus gets so long to be there before the plane is asked instead: at the start, and when its server restarts. */
const BUS_GRACE_MS = 2_000;
const AWAY = { baseMs: 1_000, maxMs: 60_000 };
/** A plane of an earlier version, or something between that lets no request wait. */
const UNABLE_MS = 300_000;
/** An answer that comes so much earlier than it should, without news, was not the plane's will. */
const HASTY_MS = 500;

export function createChangesFollower(options: ChangesOptions): ChangesFollower {
  const { plane, log } = options;
  let channel: Channel = 'poll';
  let holding: AbortController | undefined;
  const wake = createWake();
  const told: { digest: string | undefined; after: number } = { digest: undefined, after: 0 };

  const become = (next: Channel): void => {
    if (next === channel) return;
    log.info({ channel: next, before: channel }, 'the plane is heard by another channel');
    channel = next;
    options.onChannel(next);
  };

  const hold = async (signal: AbortSignal): Promise<'again' | 'hasty'> => {
    holding = new AbortController();
    const startedAt = performance.now();
    const news = await plane.changes(
      {
        // What was told once is not told again: a document may be refused, and stays another one than that in force.
        digest: told.digest ?? options.digest(),
        after: Math.max(told.after, options.cursor()),
        waitSeconds: channel === 'long-poll' ? WAIT_SECONDS : FIRST_WAIT_SECONDS,
      },
      { signal: joinSignals(signal, holding.signal) },
    );
    become('long-poll');
    if (news.desiredState !== undefined) {
      told.digest = news.desiredState;
      options.fetchNow.notify();
    }
    if (news.commands !== undefined) {
      told.after = news.commands;
      options.commandsNow.notify();
    }
    const quiet = news.desiredState === undefined && news.commands === undefined;
    return quiet && performance.now() - startedAt < HASTY_MS ? 'hasty' : 'again';
  };

  return {
    channel: () => channel,
    busChanged: () => {
      if (options.busConnected()) holding?.abort(new Error('the bus is back'));
      wake.notify();
    },
    run: async ({ signal }) => {
      await wake.next({ signal, timeoutMs: BUS_GRACE_MS });
      for (let failures = 0; !signal.aborted;) {
        if (options.busConnected()) {
          become('bus');
          failures = 0;
          await wake.next({ signal });
          // A server that restarts is back in no time.
          if (!options.busConnected()) await wake.next({ signal, timeoutMs: BUS_GRACE_MS });
          continue;
        }
        let waitMs = 0;
        try {
          if ((await hold(signal)) === 'again') failures = 0;
          else waitMs = backoffDelay(failures++, AWAY);
        } catch (error) {
          if (signal.aborted) return;
          if (options.busConnected()) continue;
          become('poll');
          log.debug({ err: error, attempt: failures }, 'the plane holds no question now');
          waitMs = backoffDelay(failures++, AWAY);
          if (isRevoked(error)) {
            // Who asks for documents finds out whether the access can be got again.
            options.fetchNow.notify();
          } else if (error instanceof PlaneCallError && [404, 405, 501].includes(error.status)) waitMs = UNABLE_MS;
        } finally {
          holding = undefined;
        }
        if (waitMs > 0) await wake.next({ signal, timeoutMs: waitMs });
      }
    },
  };
}
