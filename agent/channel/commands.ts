/** Carries out the plane's commands one after the other, each once. */
import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import type { Command } from '#protocol/command';
import type { CommandReport } from '#protocol/report';

import type { Wake } from '../wake.ts';
import type { PlaneClient } from './rest.ts';

export interface CommandsOptions {
  readonly plane: Pick<PlaneClient, 'commands'>;
  /** The last command carried out. */
  readonly cursor: () => number;
  readonly saveCursor: (cursor: number, options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly resync: (options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly report: (news: Pick<CommandReport, 'commandId' | 'outcome' | 'message'>) => void;
  readonly wake: Wake;
  /** Between questions without a poke, in milliseconds. */
  readonly intervalMs: () => number;
  readonly now: () => Date;
  readonly log: Logger;
}

const AWAY = { baseMs: 1_000, maxMs: 60_000 };

export async function runCommands(
  options: CommandsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    let waitMs = options.intervalMs();
    try {
      for (const command of await options.plane.commands(options.cursor(), { signal }))
        await carryOut(command, options, { signal });
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      options.log.debug({ err: error, attempt: failures }, 'commands cannot be fetched now');
      waitMs = backoffDelay(failures++, AWAY);
    }
    await options.wake.next({ signal, timeoutMs: waitMs });
  }
}

async function carryOut(
  command: Command,
  options: CommandsOptions,
  how: { readonly signal: AbortSignal },
): Promise<void> {
  if (command.cursor <= options.cursor()) return;
  const outcome =
    Date.parse(command.expiresAt) < options.now().getTime() ? expired(command) : await tryOut(command, options, how);
  how.signal.throwIfAborted();
  await options.saveCursor(command.cursor, how);
  options.report({ commandId: command.id, ...outcome });
}

function expired(command: Command): Pick<CommandReport, 'outcome' | 'message'> {
  return { outcome: 'expired', message: `it was to be carried out by ${command.expiresAt}` };
}

async function tryOut(
  command: Command,
  options: CommandsOptions,
  how: { readonly signal: AbortSignal },
): Promise<Pick<CommandReport, 'outcome' | 'message'>> {
  options.log.info({ command: command.id, type: command.type }, 'carrying out a command');
  try {
    switch (command.type) {
      case 'resync':
        await options.resync(how);
        return { outcome: 'done', message: '' };
      default:
        return assertNever(command.type);
    }
  } catch (error) {
    return { outcome: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
