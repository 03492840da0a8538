/** The mail server of the environment's alerts, as a command line names it. */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';

import { CliError, exitCodes } from '#cli/cli-error';
import type { PlaneConfigInput } from '#plane/config';

export interface MailOptions {
  readonly smtp?: string | undefined;
  readonly smtpFrom?: string | undefined;
  readonly smtpPasswordFile?: string | undefined;
  readonly smtpCaFile?: string | undefined;
}

export type MailServer = NonNullable<NonNullable<PlaneConfigInput['alerts']>['smtp']>;

const SCHEMES = {
  'smtps:': { security: 'tls', port: 465 },
  'smtp:': { security: 'starttls', port: 587 },
  'smtp+plain:': { security: 'none', port: 25 },
} as const;
const DEFAULT_FROM = 'Palette <palette@localhost>';

/** @throws CliError for an address that is none, options without one, and files that are not there */
export async function mailServerOf(options: MailOptions): Promise<MailServer | undefined> {
  const { smtp, smtpFrom: from = DEFAULT_FROM, smtpPasswordFile, smtpCaFile } = options;
  if (smtp === undefined) {
    if (options.smtpFrom ?? smtpPasswordFile ?? smtpCaFile) throw wrong('--smtp is missing: it names the mail server');
    return undefined;
  }
  const url = URL.canParse(smtp) ? new URL(smtp) : undefined;
  const scheme = Object.entries(SCHEMES).find(([name]) => name === url?.protocol)?.[1];
  if (url === undefined || scheme === undefined || url.hostname === '' || !['', '/'].includes(url.pathname))
    throw wrong(
      '--smtp: expected smtps://HOST[:PORT], smtp://HOST[:PORT] (STARTTLS) or smtp+plain://HOST[:PORT], with USER@ before the host',
    );
  if (url.password !== '')
    throw wrong('--smtp: a password in an address is seen by every user of this machine; use --smtp-password-file');
  if ((url.username === '') !== (smtpPasswordFile === undefined))
    throw wrong('--smtp: a user and --smtp-password-file belong together');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? scheme.port : Number(url.port),
    security: scheme.security,
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(smtpPasswordFile === undefined ? {} : { passwordFile: await existing(smtpPasswordFile) }),
    ...(smtpCaFile === undefined ? {} : { caFile: await existing(smtpCaFile) }),
    from,
  };
}

async function existing(file: string): Promise<string> {
  const path = resolve(file);
  await access(path).catch((cause: unknown) => {
    throw wrong(`there is no file ${path}`, cause);
  });
  return path;
}

/** The same options for another process. */
export function mailArguments({ smtp, smtpFrom, smtpPasswordFile, smtpCaFile }: MailOptions): readonly string[] {
  const path = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(file));
  const named = {
    '--smtp': smtp,
    '--smtp-from': smtpFrom,
    '--smtp-password-file': path(smtpPasswordFile),
    '--smtp-ca-file': path(smtpCaFile),
  };
  return Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

function wrong(message: string, cause?: unknown): CliError {
  return new CliError(message, { cause, exitCode: exitCodes.usage });
}
