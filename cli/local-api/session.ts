/** Where the local API is, and who is signed in there: kept between commands in a file for its owner only. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { readIfThere, writeFileAtomic } from '#cli/atomic-file';
import { CliError } from '#cli/cli-error';
import { home } from '#cli/local/home';

const StoredSession = z.object({
  url: z.string(),
  user: z.string(),
  token: z.string(),
  fingerprint: z.string().optional(),
  ca: z.string().optional(),
  expiresAt: z.string(),
});
export type StoredSession = z.infer<typeof StoredSession>;

const DEFAULT_URL = 'https://localhost:5080';

export interface WhereOptions {
  readonly home?: string;
  readonly url?: string | undefined;
}

function fileOf(dir: string | undefined): string {
  return join(home(dir).dir, 'local-session.json');
}

export async function saveSession(session: StoredSession, { home: dir }: WhereOptions): Promise<void> {
  await writeFileAtomic(fileOf(dir), JSON.stringify(session));
}

export async function forgetSession({ home: dir }: WhereOptions): Promise<void> {
  await rm(fileOf(dir), { force: true });
}

export async function storedSession({ home: dir }: WhereOptions): Promise<StoredSession | undefined> {
  const text = await readIfThere(fileOf(dir));
  if (text === undefined) return undefined;
  try {
    return StoredSession.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @throws CliError when nobody is signed in */
export async function requireSession(
  options: WhereOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<StoredSession> {
  const session = await storedSession(options);
  if (!session) throw new CliError('nobody is signed in', { hint: 'Sign in with `palette local login`.' });
  const wanted = namedUrl(options, env);
  if (wanted !== undefined && wanted !== session.url)
    throw new CliError(`nobody is signed in at ${wanted}`, {
      hint: 'Sign in with `palette local login --url …`.',
    });
  if (new Date(session.expiresAt).getTime() <= Date.now())
    throw new CliError('the session has ended', { hint: 'Sign in with `palette local login`.' });
  return session;
}

/** --url, else $PALETTE_LOCAL_URL, else the environment's agent, else the one on this machine. @throws CliError */
export async function targetUrl(
  { url, home: dir }: WhereOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const given = namedUrl({ url }, env);
  if (given !== undefined) return given;
  const text = await readFile(home(dir).portsFile, 'utf8').catch(() => undefined);
  const ports = text === undefined ? undefined : z.object({ local: z.number() }).safeParse(JSON.parse(text));
  return ports?.success === true ? `https://localhost:${ports.data.local}` : DEFAULT_URL;
}

function namedUrl({ url }: Pick<WhereOptions, 'url'>, env: NodeJS.ProcessEnv): string | undefined {
  const given = url ?? env['PALETTE_LOCAL_URL'];
  return given === undefined || given === '' ? undefined : asUrl(given);
}

function asUrl(text: string): string {
  const written = /^https?:\/\//.test(text) ? text : `https://${text}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'https:' || (url.pathname !== '/' && url.pathname !== ''))
    throw new CliError(`${text}: expected https://host:port`, { exitCode: 2 });
  return url.origin;
}
