/** The working life of a leader: from reading the cluster to the last reconcile that it lets end. */
import { aborted } from '#core/aborted';
import { delay } from '#core/retry';

import { assemble, type AssembleOptions } from './assemble.ts';
import { sharedController } from './signals.ts';

export interface LeadOptions extends Omit<AssembleOptions, 'intake' | 'work' | 'background'> {
  /** Asks to end: what runs may come to its end. */
  readonly signal: AbortSignal;
  /** Commands to end at once: somebody else may lead already. */
  readonly lost: AbortSignal;
  /** Told when the cluster has been read and work begins. */
  readonly onLeading: () => void;
}

/** What was told to end has to have ended after this, in milliseconds. */
const END_MS = 5_000;

/** Works until it is told to end. @throws the reason of `lost` */
export async function lead(options: LeadOptions): Promise<void> {
  const { signal, lost, log, config } = options;
  const [intake, work, background] = [sharedController(), sharedController(), sharedController()];
  const stop = (): void => intake.abort(signal.reason);
  const drop = (): void => [intake, work, background].forEach((each) => each.abort(lost.reason));
  signal.addEventListener('abort', stop, { once: true });
  lost.addEventListener('abort', drop, { once: true });
  if (signal.aborted) stop();
  if (lost.aborted) drop();
  const parts = assemble({ ...options, intake: intake.signal, work: work.signal, background: background.signal });
  try {
    await parts.begin();
    options.onLeading();
    await aborted(intake.signal);
  } catch (error) {
    if (!intake.signal.aborted) throw error;
  } finally {
    intake.abort(new Error('the controller ends'));
    if (!lost.aborted) {
      log.info({ drainMs: config.drainMs, length: parts.length() }, 'stopping: reconciles that run may end');
      await within(config.drainMs, parts.idle());
      await within(END_MS, parts.flush());
    }
    work.abort(new Error('the controller ends'));
    background.abort(new Error('the controller ends'));
    await within(END_MS, Promise.all([parts.idle(), parts.ended()]));
    parts.close();
    signal.removeEventListener('abort', stop);
    lost.removeEventListener('abort', drop);
  }
  lost.throwIfAborted();
}

/** Waits for what should end, but not longer than that. */
async function within(ms: number, pending: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  const limit = delay(ms, { signal: ended.signal }).catch(() => undefined);
  await Promise.race([pending, limit]);
  ended.abort();
}
