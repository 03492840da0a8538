import type { Logger } from '#core/log';

/** The parts of `process` that are guarded. */
export interface GuardedProcess {
  on(
    event: 'SIGINT' | 'uncaughtException' | 'unhandledRejection' | 'warning',
    listener: (thrown: unknown) => void,
  ): unknown;
  exit(code: number): never;
}

export interface GuardOptions {
  readonly process: GuardedProcess;
  readonly console: Console;
  readonly log: Logger;
  readonly writeError: (text: string) => void;
  /** What has to be cleaned up before the process ends. */
  readonly onExit: () => void;
}

/**
 * Makes the process safe to live under Terraform: nothing but log lines gets onto its outputs, an interrupt of the
 * terminal does not end it in the middle of an operation (Terraform asks it to stop), and a crash is told in the form
 * that Terraform shows to the practitioner.
 */
export function guardProcess({ process, console, log, writeError, onExit }: GuardOptions): void {
  const say =
    (write: (fields: object, message: string) => void) =>
    (...values: unknown[]): void =>
      write({ text: values.map(String).join(' ') }, 'a library wrote to the console');
  Object.assign(console, {
    log: say(log.debug),
    debug: say(log.debug),
    info: say(log.debug),
    warn: say(log.warn),
    error: say(log.warn),
  });
  process.on('SIGINT', () => undefined);
  process.on('warning', (warning) => log.warn({ warning }, 'Node.js warns'));
  const panic = (thrown: unknown): never => {
    // Terraform collects what follows a line that begins with "panic:" and shows it as the provider's crash.
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    writeError(`panic: ${error.message}\n\n${error.stack ?? ''}\n`);
    onExit();
    return process.exit(2);
  };
  process.on('uncaughtException', panic);
  process.on('unhandledRejection', panic);
}
