/** The host that the agent runs on: what it is, what is brought to it, what it logged. */
import {
  arch,
  cpus,
  freemem,
  hostname,
  loadavg,
  networkInterfaces,
  platform,
  release,
  totalmem,
  uptime,
} from 'node:os';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

import { parseLoosely } from '#core/parse-loosely';

import { AGENT_VERSION } from '../../version.ts';
import { AUDIT_ACTION_TYPES } from '../audit.ts';
import type { Schemas } from '../contract.ts';
import { LocalError } from '../local-error.ts';
import { callerOf, limitOf, memberOf, readQuery, WRITTEN, type LocalHandlers } from '../request.ts';
import type { LocalServices } from '../services.ts';
import { EXTENDED_SESSION_SECONDS, SESSION_SECONDS } from '../sessions.ts';

type HostOperations =
  | 'getSettings'
  | 'getHost'
  | 'pingPlane'
  | 'generateLogs'
  | 'getLogsStatus'
  | 'downloadLogs'
  | 'listErrorLogs'
  | 'listAudits'
  | 'listAuditFilters'
  | 'downloadAudits';

const AuditsQuery = z.object({
  startTime: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  endTime: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  userUid: z.string().max(64).optional(),
  resourceKind: z.string().max(64).optional(),
  actionType: z.enum(AUDIT_ACTION_TYPES).optional(),
  limit: limitOf(50, 50),
  continue: z.string().max(64).optional(),
});
const LogsQuery = z.object({ logCount: limitOf(1_000, 100) });
const LogEntry = z.object({
  time: z.string(),
  level: z.enum(['warn', 'error']),
  msg: z.string(),
  err: z.object({ message: z.string() }).optional().catch(undefined),
});
const COLLECT_MS = 5 * 60_000;
const REACH_MS = 5_000;
const LOG_HOURS = 7 * 24;

type Collected = Schemas['LogsStatus'] & { readonly bundle?: { readonly name: string; readonly bytes: Uint8Array } };

export function hostHandlers(services: LocalServices): Pick<LocalHandlers, HostOperations> {
  const { view, config, audit } = services;
  let collected: Collected = { state: 'none' };
  const withoutBytes = ({ bundle: _, ...status }: Collected): Schemas['LogsStatus'] => status;

  return {
    getSettings: async () => ({
      status: 200,
      body: {
        title: config.title,
        agentVersion: AGENT_VERSION,
        sessionSeconds: SESSION_SECONDS,
        extendedSessionSeconds: EXTENDED_SESSION_SECONDS,
        maxUploadBytes: config.maxUploadBytes,
        links: config.links,
      },
    }),
    getHost: async () => ({ status: 200, body: hostNow() }),
    pingPlane: async (request) => {
      const membership = view.membership();
      const items = [
        await reach(
          'Kubernetes API server',
          async (signal) => void (await services.client.read('/version', { signal })),
          request.signal,
        ),
        ...(membership ? [await reach(membership.planeUrl(), membership.reachPlane, request.signal)] : []),
      ];
      return { status: 200, body: { items } };
    },
    generateLogs: async (request) => {
      const { user } = callerOf(request);
      const membership = memberOf(view);
      if (collected.state !== 'running') {
        const startedAt = services.now().toISOString();
        collected = { state: 'running', startedAt };
        services.note(user.name, { action: 'diagnostics made', actionType: 'action', resourceKind: 'diagnostics' });
        const signal = AbortSignal.any([services.signal, AbortSignal.timeout(COLLECT_MS)]);
        membership.collect({ sinceHours: LOG_HOURS, signal }).then(
          (bundle) => {
            const endedAt = services.now().toISOString();
            collected = { state: 'ready', startedAt, endedAt, bytes: bundle.bytes.length, bundle };
          },
          (error: unknown) => {
            const message = error instanceof Error ? error.message : String(error);
            collected = { state: 'failed', startedAt, endedAt: services.now().toISOString(), message };
            services.log.warn({ err: error }, 'diagnostics bundle cannot be made');
          },
        );
      }
      return { status: 202, body: withoutBytes(collected) };
    },
    getLogsStatus: async () => ({ status: 200, body: withoutBytes(collected) }),
    downloadLogs: async (request) => {
      const { user } = callerOf(request);
      const { bundle } = collected;
      if (!bundle) throw new LocalError(404, 'ResourceNotFound', 'there is no diagnostics bundle; make one first');
      services.note(user.name, {
        action: 'diagnostics downloaded',
        actionType: 'activity',
        resourceKind: 'diagnostics',
        resourceName: bundle.name,
      });
      request.response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': bundle.bytes.length,
        'content-disposition': `attachment; filename="${bundle.name}"`,
      });
      request.response.end(bundle.bytes);
      return WRITTEN;
    },
    listErrorLogs: async (request) => {
      const { logCount } = readQuery(request, LogsQuery);
      return { status: 200, body: { items: errorLines(services.logs.lines(), logCount) } };
    },
    listAudits: async (request) => {
      const { startTime, endTime, userUid, ...rest } = readQuery(request, AuditsQuery);
      const page = await audit.query({ ...rest, from: startTime, to: endTime, actor: userUid });
      return {
        status: 200,
        body: { items: [...page.items], ...(page.continue === undefined ? {} : { continue: page.continue }) },
      };
    },
    listAuditFilters: async () => {
      const { users, resourceKinds } = await audit.filters();
      return {
        status: 200,
        body: { users: [...users], resourceKinds: [...resourceKinds], actionTypes: [...AUDIT_ACTION_TYPES] },
      };
    },
    downloadAudits: async (request) => {
      const { user } = callerOf(request);
      services.note(user.name, { action: 'audit log downloaded', actionType: 'activity', resourceKind: 'audit' });
      const lines = await audit.download();
      request.response.writeHead(200, {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': 'attachment; filename="palette-agent-audit.log"',
      });
      await pipeline(lines, request.response);
      return WRITTEN;
    },
  };
}

function hostNow(): Schemas['Host'] {
  const processors = cpus();
  const model = processors[0]?.model.trim();
  return {
    hostname: hostname(),
    platform: platform(),
    architecture: arch(),
    kernel: release(),
    cpus: processors.length,
    ...(model === undefined || model === '' ? {} : { cpuModel: model }),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    uptimeSeconds: uptime(),
    loadAverage: loadavg(),
    addresses: Object.entries(networkInterfaces()).flatMap(([name, found = []]) =>
      found.filter(({ internal }) => !internal).map(({ address }) => ({ interface: name, address })),
    ),
    agent: {
      version: AGENT_VERSION,
      node: process.versions.node,
      memoryBytes: process.memoryUsage.rss(),
      uptimeSeconds: process.uptime(),
    },
  };
}

async function reach(
  address: string,
  call: (signal: AbortSignal) => Promise<void>,
  outer: AbortSignal,
): Promise<Schemas['Connectivity']['items'][number]> {
  const startedAt = performance.now();
  const took = (): number => Math.round(performance.now() - startedAt);
  try {
    await call(AbortSignal.any([outer, AbortSignal.timeout(REACH_MS)]));
    return { address, ok: true, message: '', tookMs: took() };
  } catch (error) {
    outer.throwIfAborted();
    return { address, ok: false, message: error instanceof Error ? error.message : String(error), tookMs: took() };
  }
}

function errorLines(lines: readonly string[], count: number): Schemas['LogLine'][] {
  const found: Schemas['LogLine'][] = [];
  for (const line of lines.toReversed()) {
    if (found.length >= count) break;
    if (!/"level":"(?:warn|error)"/.test(line)) continue;
    const parsed = LogEntry.safeParse(parseLoosely(line));
    if (!parsed.success) continue;
    const { time, level, msg, err } = parsed.data;
    found.push({ at: time, level, message: err === undefined ? msg : `${msg}: ${err.message}` });
  }
  return found;
}
