/** A child process that is kept running: known to be ready, started again when it ends by itself. */
import { CliError } from '#cli/cli-error';
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import { type Child, type ChildSpec, type ExitStatus, startChild } from './child.ts';
import type { Guard } from './guard.ts';
import type { Probe } from './probe.ts';

export interface ServiceSpec extends ChildSpec {
  readonly probe: Probe;
  /** Milliseconds from start to ready. */
  readonly readyWithinMs: number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

export type ServiceState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly pid: number }
  | { readonly kind: 'running'; readonly pid: number }
  /** It ended by itself and is started again after a while. */
  | { readonly kind: 'restarting'; readonly reason: string };

export interface ServiceOptions {
  readonly log: Logger;
  /** Whether it is started again when it ends by itself after it was ready. */
  readonly keepRunning: boolean;
  readonly guard?: Guard;
  /** Called when a process of it started or ended. */
  readonly onChange?: () => void;
}

/** A first restart comes at once, nearly; one that keeps ending is tried twice a minute. */
const RESTART = { baseMs: 200, maxMs: 30_000 };
/** Having run this long in milliseconds, it counts as well again. */
const STABLE_MS = 30_000;
const PROBE_INTERVAL_MS = 50;
const ERROR_LINES = 8;

export class Service {
  readonly name: string;
  readonly #spec: ServiceSpec;
  readonly #options: ServiceOptions;
  #state: ServiceState = { kind: 'stopped' };
  #child: Child | undefined;
  /** Ends the loop that keeps it running. */
  #loop: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  /** Cuts the wait before the next start short. */
  #skipWait = new AbortController();

  constructor(spec: ServiceSpec, options: ServiceOptions) {
    this.name = spec.name;
    this.#spec = spec;
    this.#options = options;
  }

  state(): ServiceState {
    return this.#state;
  }

  pid(): number | undefined {
    return this.#child?.running() ? this.#child.pid : undefined;
  }

  /**
   * Starts it and waits until it is ready; does nothing when it is running.
   *
   * @throws CliError with the end of its log when it ends or is not ready in time; it is stopped then.
   */
  async start({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#loop !== undefined) return;
    signal.throwIfAborted();
    const stop = new AbortController();
    const first = await this.#launch();
    try {
      await this.#ready(first, AbortSignal.any([signal, stop.signal]));
    } catch (error) {
      await first.stop(this.#spec.graceMs);
      this.#change({ kind: 'stopped' });
      throw error;
    }
    this.#loop = { stop, done: this.#keep(first, stop.signal) };
  }

  /** Stops it, and leaves it stopped. */
  async stop(): Promise<void> {
    const loop = this.#loop;
    if (loop === undefined) return;
    loop.stop.abort();
    this.#skipWait.abort();
    await this.#child?.stop(this.#spec.graceMs);
    await loop.done;
    // The loop may have been about to start another one.
    await this.#child?.stop(this.#spec.graceMs);
    this.#loop = undefined;
    this.#change({ kind: 'stopped' });
  }

  /** Ends the running process with that signal, as a fault would, and waits until the next one is ready. */
  async restart(kill: NodeJS.Signals, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (kill === 'SIGTERM') await this.stop();
    else {
      const child = this.#child;
      child?.kill(kill);
      await child?.exited;
      if (this.#loop !== undefined && !this.#options.keepRunning) await this.stop();
    }
    if (this.#loop === undefined) {
      await this.start({ signal });
      return;
    }
    this.#skipWait.abort();
    while (this.#state.kind !== 'running') await delay(PROBE_INTERVAL_MS, { signal });
  }

  /** Sends a signal and does nothing else: a test's way to make a fault. */
  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async #launch(): Promise<Child> {
    const child = await startChild(this.#spec, this.#options.guard === undefined ? {} : { guard: this.#options.guard });
    this.#child = child;
    this.#change({ kind: 'starting', pid: child.pid });
    return child;
  }

  async #ready(child: Child, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + this.#spec.readyWithinMs;
    let exit: ExitStatus | undefined;
    void child.exited.then((status) => (exit = status));
    while (!(await this.#spec.probe({ signal }))) {
      signal.throwIfAborted();
      if (exit !== undefined) throw await this.#failure(child, `ended while it started (${describe(exit)})`);
      if (Date.now() > deadline)
        throw await this.#failure(child, `is not ready after ${this.#spec.readyWithinMs / 1000} s`);
      await delay(PROBE_INTERVAL_MS, { signal });
    }
    this.#change({ kind: 'running', pid: child.pid });
  }

  async #failure(child: Child, what: string): Promise<CliError> {
    const tail = await child.tail(ERROR_LINES);
    return new CliError(`${this.name} ${what}${tail === '' ? '' : `:\n${tail}`}`, {
      hint: `Its whole log is ${this.#spec.logFile}.`,
    });
  }

  async #keep(first: Child, stop: AbortSignal): Promise<void> {
    const { log, keepRunning } = this.#options;
    let child = first;
    for (let failures = 0; ; failures++) {
      const since = Date.now();
      const exit = await child.exited;
      if (stop.aborted) return;
      if (Date.now() - since > STABLE_MS) failures = 0;
      const reason = describe(exit);
      log.warn(
        { service: this.name, pid: child.pid, exit: reason, log: this.#spec.logFile },
        'a service ended by itself',
      );
      if (!keepRunning) {
        this.#change({ kind: 'stopped' });
        return;
      }
      this.#change({ kind: 'restarting', reason });
      await this.#wait(backoffDelay(failures, RESTART), stop);
      if (stop.aborted) return;
      try {
        child = await this.#launch();
        await this.#ready(child, stop);
        log.info({ service: this.name, pid: child.pid }, 'a service was started again');
      } catch (error) {
        if (stop.aborted) return;
        log.error({ service: this.name, err: error }, 'a service could not be started again');
        await child.stop(this.#spec.graceMs);
      }
    }
  }

  async #wait(ms: number, stop: AbortSignal): Promise<void> {
    this.#skipWait = new AbortController();
    await delay(ms, { signal: AbortSignal.any([stop, this.#skipWait.signal]) }).catch(() => undefined);
  }

  #change(state: ServiceState): void {
    this.#state = state;
    this.#options.onChange?.();
  }
}

function describe({ code, signal }: ExitStatus): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
