import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Schemas } from '#agent/local/contract';
import { CliError, exitCodes } from '#cli/cli-error';
import { askPassword, pipedPasswords } from '#cli/local-api/ask-password';
import { localClient, type LocalClient } from '#cli/local-api/client';
import { requireSession } from '#cli/local-api/session';
import { formatTable, write, writeJson } from '#cli/output';
import { untilTold } from '#cli/until-told';
import { delay } from '#core/retry';

import type { LocalOptions } from './local.ts';
import type { OutputOptions } from './options.ts';

const LOOK_MS = 300;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function opened(options: LocalOptions): Promise<{ readonly client: LocalClient; readonly signal: AbortSignal }> {
  return { client: localClient(await requireSession(options)), signal: untilTold().signal };
}

/** @throws CliError */
export async function diagnostics(options: LocalOptions & { readonly out?: string }): Promise<void> {
  const { client, signal } = await opened(options);
  let made = await client.call('generateLogs', { signal });
  while (made.state === 'running') {
    await delay(LOOK_MS, { signal });
    made = await client.call('getLogsStatus', { signal });
  }
  if (made.state !== 'ready') throw new CliError(`no diagnostics bundle was made: ${made.message ?? made.state}`);
  const answer = await client.open('downloadLogs', { signal });
  const [, named = 'diagnostics.tgz'] = /filename="([\w.-]+)"/.exec(answer.headers['content-disposition'] ?? '') ?? [];
  const file = options.out ?? basename(named);
  await pipeline(answer, createWriteStream(file, { mode: 0o600 }));
  write(file);
}

/** @throws CliError that says why the agent refused it */
export async function upload(bundle: string, options: LocalOptions & OutputOptions): Promise<void> {
  const found = await stat(bundle).catch(() => undefined);
  if (!found?.isFile()) throw new CliError(`${bundle}: there is no such bundle`, { exitCode: exitCodes.usage });
  const { client, signal } = await opened(options);
  const answer = await client.open('uploadContent', { file: bundle, signal });
  const chunks: Buffer[] = [];
  // Without an encoding it yields buffers only.
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  // As the contract has it.
  const taken = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Schemas['UploadedContent'];
  if (options.output === 'json') writeJson(taken);
  else write(`${taken.name}: ${taken.message}`);
}

export async function resync(options: LocalOptions): Promise<void> {
  const { client, signal } = await opened(options);
  say((await client.call('resyncCluster', { signal })).message);
}

/** @throws CliError */
export async function variables(
  assignments: readonly string[],
  options: LocalOptions & OutputOptions & { readonly unset?: readonly string[] },
): Promise<void> {
  const set = assignments.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new CliError(`${text}: expected NAME=VALUE`, { exitCode: exitCodes.usage });
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  const unset = (options.unset ?? []).map((name) => [name, null] as const);
  const { client, signal } = await opened(options);
  const values = Object.fromEntries([...set, ...unset]);
  const { settable, items } =
    Object.keys(values).length === 0
      ? await client.call('listVariables', { signal })
      : await client.call('setVariables', { body: { values }, signal });
  if (options.output === 'json') {
    writeJson(items);
    return;
  }
  write(
    formatTable(
      ['variable', 'value', 'from', 'takes'],
      items.map(({ name, value, isSensitive, hasValue, source, inputType, format, options: choices }) => [
        name,
        isSensitive ? (hasValue ? '(not shown)' : '') : (value ?? ''),
        source,
        inputType === 'dropdown' ? choices.map((choice) => choice.value).join(' | ') : format,
      ]),
      settable ? 'there are none' : 'the desired state leaves no variables to people at the cluster',
    ),
  );
}

export async function listUsers(options: LocalOptions & OutputOptions): Promise<void> {
  const { client, signal } = await opened(options);
  const { items } = await client.call('listUsers', { signal });
  if (options.output === 'json') writeJson(items);
  else
    write(
      formatTable(
        ['name', 'role', 'password'],
        items.map(({ name, role, mustChangePassword }) => [
          name,
          role,
          mustChangePassword ? 'to be changed' : 'chosen',
        ]),
        'there are none',
      ),
    );
}

export async function addUser(
  name: string,
  options: LocalOptions & { readonly admin?: true; readonly passwordStdin?: true },
): Promise<void> {
  const { client, signal } = await opened(options);
  const password =
    options.passwordStdin === true ? (await pipedPasswords(1))[0] : await askPassword(`First password of ${name}`);
  const role = options.admin === true ? 'admin' : 'viewer';
  await client.call('createUser', { body: { name, role, password }, signal });
  say(`${name} may sign in as ${role}, and changes the password then`);
}

export async function removeUser(name: string, options: LocalOptions): Promise<void> {
  const { client, signal } = await opened(options);
  await client.call('deleteUser', { params: { name }, signal });
  say(`${name} may not sign in any more`);
}
