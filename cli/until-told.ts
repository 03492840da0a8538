import { exitCodes } from './cli-error.ts';

/**
 * A signal that is aborted by SIGINT, SIGTERM or SIGHUP, so that a server can end in order; a
 * second one ends the process at once. Call `forget` when the process goes on afterwards.
 *
 * @param options.isChild another process ends this one, and has the last say by SIGKILL: a second signal says nothing
 *   new, since a whole group of processes is often told at once.
 */
export function untilTold({ isChild = false }: { readonly isChild?: boolean } = {}): {
  readonly signal: AbortSignal;
  readonly forget: () => void;
} {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted && !isChild) process.exit(exitCodes.interrupted);
    controller.abort(new Error('told to stop'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    forget: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
