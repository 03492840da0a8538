import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';

import { CliError, exitCodes } from '#cli/cli-error';
import { localClient, type LocalClient } from '#cli/local-api/client';
import { requireSession } from '#cli/local-api/session';
import { formatTable, write, writeJson } from '#cli/output';
import { untilTold } from '#cli/until-told';
import type { Schemas } from '#agent/local/contract';

import type { LocalOptions } from './local.ts';
import type { OutputOptions } from './options.ts';

type ReadOptions = LocalOptions & OutputOptions;

async function opened(options: LocalOptions): Promise<{ readonly client: LocalClient; readonly signal: AbortSignal }> {
  return { client: localClient(await requireSession(options)), signal: untilTold().signal };
}

/** @throws CliError, also when the cluster is not healthy: that is how scripts are told */
export async function status(options: ReadOptions): Promise<void> {
  const { client, signal } = await opened(options);
  const cluster = await client.call('getCluster', { signal });
  if (options.output === 'json') writeJson(cluster);
  else
    write(
      formatTable(
        ['cluster', cluster.name ?? cluster.membership],
        [
          ['state', cluster.phase],
          ['health', cluster.healthy ? 'healthy' : 'not healthy'],
          ['desired state', cluster.revision === 0 ? 'none yet' : `revision ${cluster.revision}`],
          ['kubernetes', cluster.kubernetesVersion],
          ['agent', cluster.agentVersion],
          [
            'plane',
            `${cluster.plane.url ?? 'none'} (${cluster.plane.reachable ? 'reachable' : 'not reachable'}, ${cluster.plane.bus ? 'bus' : 'no bus'})`,
          ],
          ['packs', `${cluster.counts.packsReady} of ${cluster.counts.packs} ready`],
          ['nodes', `${cluster.counts.nodesReady} of ${cluster.counts.nodes} ready`],
          ['objects', String(cluster.counts.objects)],
          ['drifts', String(cluster.counts.drifts)],
        ],
        '',
      ),
    );
  if (!cluster.healthy) throw new CliError('the cluster is not healthy');
}

export async function packs(options: ReadOptions): Promise<void> {
  const { client, signal } = await opened(options);
  const { items } = await client.call('listApplications', { signal });
  if (options.output === 'json') {
    writeJson(items);
    return;
  }
  const rows = items.map(({ name, version, condition, profile, objects, message }) => [
    name,
    version,
    condition,
    `${profile.name} ${profile.version}`,
    String(objects),
    message,
  ]);
  write(formatTable(['pack', 'version', 'condition', 'profile', 'objects', 'message'], rows, 'no packs are in force'));
  for (const { name, problems } of items)
    for (const { object, field, message } of problems)
      write(`${name}: ${nameOf(object)}${field === undefined ? '' : ` ${field}`}: ${message}`);
}

export async function nodes(options: ReadOptions): Promise<void> {
  const { client, signal } = await opened(options);
  const { items } = await client.call('listNodes', { signal });
  if (options.output === 'json') writeJson(items);
  else
    write(
      formatTable(
        ['node', 'ready', 'kubelet'],
        items.map(({ name, ready, kubeletVersion }) => [name, ready ? 'ready' : 'not ready', kubeletVersion]),
        'no nodes are known',
      ),
    );
}

export async function drift(options: ReadOptions & { readonly limit: string }): Promise<void> {
  const { client, signal } = await opened(options);
  const { items } = await client.call('listDrift', { query: { limit: options.limit }, signal });
  if (options.output === 'json') {
    writeJson(items);
    return;
  }
  if (items.length === 0) write('nothing was changed from outside');
  for (const item of items) {
    write(`${item.at}  ${nameOf(item.object)} ${item.change} by ${item.manager ?? 'somebody unknown'}: ${item.action}`);
    for (const { path, before, after } of item.diff)
      write(`    ${path}: ${before ?? '(absent)'} -> ${after ?? '(absent)'}`);
  }
}

export async function actions(options: ReadOptions & { readonly limit: string }): Promise<void> {
  const { client, signal } = await opened(options);
  const { items } = await client.call('listActions', { query: { limit: options.limit }, signal });
  if (options.output === 'json') writeJson(items);
  else
    write(
      formatTable(
        ['action', 'run', 'asked at', 'phase', 'at', 'message'],
        items.map(({ type, runId, askedAt, phase, step, percent, message }) => [
          type,
          runId,
          askedAt,
          phase,
          percent === undefined ? step : `${step} (${percent} %)`,
          message,
        ]),
        'there were none',
      ),
    );
}

export async function events(options: ReadOptions & { readonly limit: string; readonly follow?: true }): Promise<void> {
  const { client, signal } = await opened(options);
  // Before what there is: nothing falls in between.
  const stream = options.follow === undefined ? undefined : await client.open('streamEvents', { signal });
  const { items } = await client.call('listEvents', { query: { limit: options.limit }, signal });
  const line = ({ at, severity, reason, message, count }: Schemas['Event']): string =>
    `${at}  ${severity.padEnd(7)}  ${reason}  ${message}${count > 1 ? ` (${count} times)` : ''}`;
  if (!stream) {
    if (options.output === 'json') writeJson(items);
    else write(items.length === 0 ? 'nothing has happened' : items.map(line).join('\n'));
    return;
  }
  const known = new Set<string>();
  const tell = (event: Schemas['Event']): void => {
    const told = `${event.id} ${event.count}`;
    if (known.has(told)) return;
    known.add(told);
    write(options.output === 'json' ? JSON.stringify(event) : line(event));
  };
  items.toReversed().forEach(tell);
  let kind = '';
  try {
    for await (const text of createInterface({ input: stream })) {
      if (text.startsWith('event: ')) kind = text.slice('event: '.length);
      // The agent's stream has what the contract says.
      else if (text.startsWith('data: ') && kind === 'event')
        tell(JSON.parse(text.slice('data: '.length)) as Schemas['Event']);
    }
  } catch (cause) {
    if (!signal.aborted) throw new CliError('the stream broke off', { cause });
  }
  if (signal.aborted) throw new CliError('interrupted', { exitCode: exitCodes.interrupted });
  throw new CliError('the agent ended the stream', {
    hint: 'Did the session end? Sign in with `palette local login`.',
  });
}

export async function logs(options: ReadOptions & { readonly limit: string }): Promise<void> {
  const { client, signal } = await opened(options);
  const { items } = await client.call('listErrorLogs', { query: { logCount: options.limit }, signal });
  if (options.output === 'json') writeJson(items);
  else
    write(
      formatTable(
        ['when', 'level', 'message'],
        items.map(({ at, level, message }) => [at, level, message]),
        'there are no warnings and no errors',
      ),
    );
}

export async function audit(options: ReadOptions & { readonly limit: string; readonly out?: string }): Promise<void> {
  const { client, signal } = await opened(options);
  if (options.out !== undefined) {
    await pipeline(await client.open('downloadAudits', { signal }), createWriteStream(options.out, { mode: 0o600 }));
    process.stderr.write(`wrote ${options.out}\n`);
    return;
  }
  const { items } = await client.call('listAudits', { query: { limit: options.limit }, signal });
  if (options.output === 'json') writeJson(items);
  else
    write(
      formatTable(
        ['when', 'who', 'what', 'kind', 'name', 'details'],
        items.map(({ at, actor, action, resourceKind, resourceName, contentMsg }) => [
          at,
          actor,
          action,
          resourceKind,
          resourceName,
          contentMsg,
        ]),
        'nothing was noted',
      ),
    );
}

function nameOf({ kind, namespace, name }: Schemas['Object']): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
