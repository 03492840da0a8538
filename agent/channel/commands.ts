/** Carries out the plane's commands, each once: one after the other, but for questions, which hold up nothing. */
import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { Command } from '#protocol/command';
import type { CommandOutcome } from '../identity/identity.ts';
import { createWake, type Wake } from '../wake.ts';
import type { PlaneClient } from './rest.ts';

export interface CommandsOptions {
  readonly plane: Pick<PlaneClient, 'commands'>;
  /** The last command carried out. */
  readonly cursor: () => number;
  /** Notes the cursor, and with it how that command ended, where it is told here. */
  readonly saveCursor: (
    cursor: number,
    outcome: CommandOutcome | undefined,
    options: { readonly signal: AbortSignal },
  ) => Promise<void>;
  /** How the last commands of former lives ended, as it was noted. */
  readonly outcomes: () => readonly CommandOutcome[];
  readonly resync: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Begins to answer a question; its outcome is reported apart. */
  readonly preview: (command: Command, options: { readonly signal: AbortSignal }) => void;
  /** Takes on an action; from then on it goes its own way, also after a restart. */
  readonly takeOn: (
    command: Extract<Command, { readonly type: 'action' }>,
    options: { readonly signal: AbortSignal },
  ) => Promise<void>;
  /** Ends a run, or keeps one that waits from beginning. @throws Error where there is none to end */
  readonly cancel: (runId: string, options: { readonly signal: AbortSignal }) => Promise<void>;
  /** The same outcome told again is the same report. */
  readonly report: (news: CommandOutcome) => void;
  readonly wake: Wake;
  /** Between questions without a poke, in milliseconds. */
  readonly intervalMs: () => number;
  readonly now: () => Date;
  readonly log: Logger;
}

const AWAY = { baseMs: 1_000, maxMs: 60_000 };

/** Commands that wait for the one before them; more are fetched later. */
const MOST_WAITING = 200;

/** Works until the signal is aborted. */
export async function runCommands(
  options: CommandsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  // A life that was killed may have noted an outcome and not told it.
  for (const outcome of options.outcomes()) options.report(outcome);
  const waiting: Command[] = [];
  const more = createWake();
  await Promise.all([
    fetchCommands(waiting, more, options, { signal }),
    workThrough(waiting, more, options, { signal }),
  ]);
}

async function fetchCommands(
  waiting: Command[],
  more: Wake,
  options: CommandsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  let fetched = options.cursor();
  for (let failures = 0; !signal.aborted;) {
    let waitMs = options.intervalMs();
    try {
      for (const command of waiting.length < MOST_WAITING ? await options.plane.commands(fetched, { signal }) : []) {
        if (command.cursor <= fetched) continue;
        fetched = command.cursor;
        // Whoever asks waits for the answer, and a comparison of everything may take minutes.
        if (command.type === 'preview') options.preview(command, { signal });
        waiting.push(command);
        more.notify();
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      options.log.debug({ err: error, attempt: failures }, 'commands cannot be fetched now');
      waitMs = backoffDelay(failures++, AWAY);
    }
    await options.wake.next({ signal, timeoutMs: waitMs });
  }
}

async function workThrough(
  waiting: Command[],
  more: Wake,
  options: CommandsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const command = waiting[0];
    if (command === undefined) {
      await more.next({ signal });
      continue;
    }
    const outcome =
      command.type === 'preview'
        ? undefined
        : { commandId: command.id, ...(await carryOut(command, options, { signal })) };
    if (signal.aborted) return;
    await saveCursor(command.cursor, outcome, options, { signal });
    if (outcome) options.report(outcome);
    waiting.shift();
  }
}

/** Keeps trying: a command whose cursor is not stored would be carried out again after a restart. */
async function saveCursor(
  cursor: number,
  outcome: CommandOutcome | undefined,
  options: CommandsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await options.saveCursor(cursor, outcome, { signal });
      return;
    } catch (error) {
      if (signal.aborted) return;
      options.log.debug({ err: error, attempt: failures }, 'the last command carried out cannot be noted now');
      await delay(backoffDelay(failures, AWAY), { signal }).catch(() => undefined);
    }
  }
}

function expired(command: Command): Omit<CommandOutcome, 'commandId'> {
  return { outcome: 'expired', message: `it was to be carried out by ${command.expiresAt}` };
}

async function carryOut(
  command: Exclude<Command, { readonly type: 'preview' }>,
  options: CommandsOptions,
  how: { readonly signal: AbortSignal },
): Promise<Omit<CommandOutcome, 'commandId'>> {
  if (Date.parse(command.expiresAt) < options.now().getTime()) return expired(command);
  options.log.info({ command: command.id, type: command.type }, 'carrying out a command');
  try {
    switch (command.type) {
      case 'resync':
        await options.resync(how);
        return { outcome: 'done', message: '' };
      case 'action':
        await options.takeOn(command, how);
        return { outcome: 'done', message: '' };
      case 'cancel':
        await options.cancel(command.runId, how);
        return { outcome: 'done', message: '' };
      default:
        return assertNever(command);
    }
  } catch (error) {
    return { outcome: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
