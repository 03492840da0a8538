/** An agent's line to the launcher that started it. */
import { FromAgent, LAUNCHED_VARIABLE, ToAgent, type Holding, type LaunchedAs, type Version } from './messages.ts';

export interface LauncherLink {
  /** What the launcher started this process as. */
  readonly as: LaunchedAs;
  tell(message: FromAgent): void;
  /**
   * Asks for a version in this one's place. Where it comes to that, this process is told to end meanwhile.
   *
   * @param attempt names the upgrade in what the launcher remembers of it.
   * @returns why not.
   * @throws the signal's reason; the upgrade is called off then
   */
  switchTo(
    to: Version,
    how: { readonly holding: Holding; readonly attempt: string; readonly signal: AbortSignal },
  ): Promise<string>;
  /** The launcher's word that the trial was passed. @throws the signal's reason */
  go(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Lets this process end. */
  close(): void;
}

/** Undefined where no launcher started this process. Without its launcher the agent ends: another one may start a second. */
export function launcherLink(onLauncherGone: () => void): LauncherLink | undefined {
  const as = process.env[LAUNCHED_VARIABLE];
  if (process.send === undefined || (as !== 'active' && as !== 'trial')) return undefined;
  process.once('disconnect', onLauncherGone);
  const tell = (message: FromAgent): void => {
    if (process.connected) process.send?.(FromAgent.parse(message));
  };
  const next = async <K extends ToAgent['kind']>(
    kind: K,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Extract<ToAgent, { readonly kind: K }>> =>
    new Promise((resolve, reject) => {
      const forget = (): void => {
        process.off('message', hear);
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        forget();
        reject(signal.reason);
      };
      const hear = (given: unknown): void => {
        const { data } = ToAgent.safeParse(given);
        if (data?.kind !== kind) return;
        forget();
        // The kind was compared just now, which narrows the union where the compiler cannot follow.
        resolve(data as Extract<ToAgent, { readonly kind: K }>);
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      process.on('message', hear);
      signal.addEventListener('abort', abort, { once: true });
    });
  return {
    as,
    tell,
    switchTo: async (to, { holding, attempt, signal }) => {
      const answer = next('not switched', { signal });
      tell({ kind: 'switch', to, holding, attempt });
      try {
        return (await answer).reason;
      } catch (error) {
        tell({ kind: 'stay' });
        throw error;
      }
    },
    go: async (how) => void (await next('go', how)),
    close: () => {
      process.off('disconnect', onLauncherGone);
      if (process.connected) process.disconnect();
    },
  };
}
