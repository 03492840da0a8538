import { hashPassword, weakness } from '#agent/local/passwords';
import { createUsers } from '#agent/local/users';
import { CliError } from '#cli/cli-error';
import { askPassword, pipedPasswords } from '#cli/local-api/ask-password';
import {
  fingerprintOf,
  isLoopback,
  localClient,
  readCa,
  sameFingerprint,
  type LocalTarget,
} from '#cli/local-api/client';
import { forgetSession, requireSession, saveSession, storedSession, targetUrl } from '#cli/local-api/session';
import { untilTold } from '#cli/until-told';
import { silentLogger } from '#core/log';
import { createKubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';

import type { LocalOptions, LoginOptions, PasswdOptions } from './local.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** @throws CliError */
export async function login(options: LoginOptions): Promise<void> {
  const { signal } = untilTold();
  const url = await targetUrl(options);
  const target = await believed(url, options, signal);
  const password =
    options.passwordStdin === true ? (await pipedPasswords(1))[0] : await askPassword(`Password of ${options.user}`);
  const session = await localClient(target).call('login', {
    query: { extendedSession: String(options.extended === true) },
    body: { userName: options.user, password },
    signal,
  });
  await saveSession(
    {
      url,
      user: session.user.name,
      token: session.Token.Authorization,
      fingerprint: target.fingerprint,
      ca: target.ca,
      expiresAt: session.expiresAt,
    },
    options,
  );
  say(`signed in at ${url} as ${session.user.name} until ${session.expiresAt}`);
  if (session.user.mustChangePassword) say('Choose a password of your own now: `palette local passwd`.');
}

/** Whom the password may be told. On this machine what answers is believed and remembered; elsewhere it must be named. */
async function believed(url: string, options: LoginOptions, signal: AbortSignal): Promise<LocalTarget> {
  if (options.caFile !== undefined) return { url, ca: await readCa(options.caFile) };
  const shown = await fingerprintOf(url, { signal });
  const known = await storedSession(options);
  const expected = options.fingerprint ?? (known?.url === url ? known.fingerprint : undefined);
  if (expected !== undefined && !sameFingerprint(expected, shown))
    throw new CliError(`${url} shows another certificate than expected: ${shown}`, {
      hint: 'Compare it with what the agent logs when it starts, and give that with --fingerprint.',
    });
  if (expected === undefined && !isLoopback(url))
    throw new CliError(`${url} shows a certificate that nobody vouches for: ${shown}`, {
      hint: 'Compare it with what the agent logs when it starts, and give it with --fingerprint; or name its authority with --ca-file.',
    });
  if (expected === undefined) say(`certificate of ${url}: ${shown}`);
  return { url, fingerprint: shown };
}

export async function logout(options: LocalOptions): Promise<void> {
  const { signal } = untilTold();
  const session = await storedSession(options);
  await forgetSession(options);
  if (!session) {
    say('nobody was signed in');
    return;
  }
  // An agent that cannot be reached, or has forgotten the session, changes nothing for who signs out.
  await localClient(session)
    .call('logout', { signal })
    .catch((error: unknown) =>
      say(`the agent was not told: ${error instanceof Error ? error.message : String(error)}`),
    );
  say('signed out');
}

/** @throws CliError */
export async function passwd(options: PasswdOptions): Promise<void> {
  const { signal } = untilTold();
  const piped = options.passwordStdin === true;
  if (options.kubeconfig !== undefined) {
    const [password = ''] = piped ? await pipedPasswords(1) : [await askTwice()];
    await resetInCluster(options.kubeconfig, password, options, signal);
    say(`the password of ${options.user} was reset; all sessions of that user end`);
    return;
  }
  const session = await requireSession(options);
  const [currentPassword, newPassword] = piped
    ? await pipedPasswords(2)
    : [await askPassword('Current password'), await askTwice()];
  await localClient(session).call('resetPassword', { body: { currentPassword, newPassword }, signal });
  say('the password was changed; other sessions have ended');
}

async function askTwice(): Promise<string> {
  const first = await askPassword('New password');
  if ((await askPassword('New password, again')) !== first) throw new CliError('the new passwords differ');
  return first;
}

async function resetInCluster(
  kubeconfig: string,
  password: string,
  { user, namespace }: PasswdOptions,
  signal: AbortSignal,
): Promise<void> {
  const fault = weakness(password, user);
  if (fault !== undefined) throw new CliError(`the new password is too weak: ${fault}`);
  const client = createKubeClient(await accessFromKubeconfig(kubeconfig), { fieldManager: 'palette-agent' });
  try {
    const users = createUsers(client, namespace, silentLogger);
    if (!(await users.setPassword(user, await hashPassword(password), { signal })))
      throw new CliError(`there is no user ${user}`);
  } finally {
    client.close();
  }
}
