/** Profiles and projects as commands name them. */
import { CliError, exitCodes } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { formatTable, write, writeJson } from '#cli/output';
import { untilTold } from '#cli/until-told';
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';

import type { ApiOptions } from './options.ts';

export type ResultFormat = 'table' | 'json' | 'markdown';

export const TENANT = { kind: 'tenant' } as const;

/** `NAME@VERSION` in its parts. */
export function parseReference(text: string): { readonly name: string; readonly version: string | undefined } {
  const at = text.lastIndexOf('@');
  const name = at < 0 ? text : text.slice(0, at);
  const version = at < 0 ? undefined : text.slice(at + 1);
  if (name === '' || version === '')
    throw new CliError(`${text}: expected NAME@VERSION, such as web@1.4.0`, { exitCode: exitCodes.usage });
  return { name, version };
}

/** @throws CliError when the version is left out. */
export function requireVersion(text: string): { readonly name: string; readonly version: string } {
  const { name, version } = parseReference(text);
  if (version === undefined)
    throw new CliError(`${text}: expected NAME@VERSION, such as ${name}@1.4.0 or ${name}@latest`, {
      exitCode: exitCodes.usage,
    });
  return { name, version };
}

/** The scope that a project's name stands for; `tenant` and nothing stand for the tenant. @throws CliError */
export async function scopeOf(client: PaletteClient, project: string | undefined): Promise<Scope> {
  if (project === undefined || project === 'tenant') return TENANT;
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: TENANT });
  const found = (items ?? []).find(({ metadata }) => metadata?.name === project)?.metadata?.uid;
  if (found !== undefined) return { kind: 'project', projectUid: found };
  throw new CliError(`there is no project ${JSON.stringify(project)}`, {
    hint: `There are: ${(items ?? []).map(({ metadata }) => metadata?.name).join(', ')}.`,
  });
}

/** Runs a command's work with the API, and closes the connection. Ctrl-C ends it in order. */
export async function withApi<T>(
  options: ApiOptions,
  work: (client: PaletteClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, forget } = untilTold();
  try {
    const client = await connect(options);
    try {
      return await work(client, signal);
    } finally {
      client.close();
    }
  } finally {
    forget();
  }
}

/** What was published, or would be, with what the policies say. */
export function writePublished(
  published: readonly Schemas['PublishedProfileVersion'][],
  { output, dryRun }: { readonly output: ResultFormat; readonly dryRun: boolean },
): void {
  if (output === 'json') {
    writeJson(published);
    return;
  }
  const rows = published.map(({ name, version, digest, created }) => [
    name,
    version,
    created ? (dryRun ? 'would be published' : 'published') : 'is there already',
    digest,
  ]);
  writeTable(['profile', 'version', 'result', 'digest'], rows, output, 'nothing to publish');
  const findings = published.flatMap((one) => one.findings.map((finding) => ({ ...finding, profile: one.name })));
  if (findings.length === 0) return;
  write('');
  writeTable(
    ['severity', 'profile', 'object', 'rule', 'finding'],
    findings.map(({ severity, profile, object, field, rule, message }) => [
      severity,
      profile,
      `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`,
      rule,
      field === undefined ? message : `${field}: ${message}`,
    ]),
    output,
    '',
  );
}

/** A table as text, or as markdown for a comment on a pull request. */
export function writeTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  output: Exclude<ResultFormat, 'json'>,
  nothing: string,
): void {
  if (output === 'table' || rows.length === 0) {
    write(formatTable(head, rows, nothing));
    return;
  }
  const line = (cells: readonly string[]): string => `| ${cells.map(inCell).join(' | ')} |`;
  write([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'));
}

function inCell(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, '<br>');
}
