/** One run: a schedule carried out, then peace, then the questions whether everything is as it should be. */
import { randomUUID } from 'node:crypto';

import { assertNever } from '#core/assert-never';
import { silentLogger, type Logger } from '#core/log';
import { delay } from '#core/retry';
import { valueAt } from '#kubernetes/object';
import { uniqueName } from '#test/support/cluster';

import { RUN_LABEL } from './actions.ts';
import { differences, makeForeign, placeBystanders, touched, type Bystander } from './inspect.ts';
import type { Lab } from './lab.ts';
import { COLLECTIONS, kindOf, vandalism } from './objects.ts';
import type { Schedule, Step } from './schedule.ts';
import { becomes, openSite, type Site } from './site.ts';

export interface Outcome {
  readonly seed: number;
  /** Empty when all is as it should be. */
  readonly problems: readonly string[];
  readonly ms: number;
  /** How often the agent was started. */
  readonly lives: number;
}

/** Once faults have ended everything comes right within this, in milliseconds. */
const PEACE_MS = 120_000;

export async function runSeed(schedule: Schedule, lab: Lab, given: Logger = silentLogger): Promise<Outcome> {
  const log = given.child({ run: schedule.seed });
  const began = performance.now();
  const site = await openSite(lab, uniqueName(`seed-${schedule.seed}`), { bus: schedule.bus, log });
  const bystanders = await placeBystanders(lab, site.namespace);
  const commands: Issued[] = [];
  const underWay = new Set<Promise<void>>();
  const later = (ms: number, act: () => Promise<void> | void): void => {
    const doing = delay(ms).then(act);
    underWay.add(doing);
    void doing.finally(() => underWay.delete(doing));
  };
  try {
    await site.offer(schedule.start);
    await site.start();
    for (const { step, pauseMs } of schedule.steps) {
      log.info({ step }, 'fault suite: next step');
      await carryOut(step, { site, lab, bystanders, commands, later });
      await delay(pauseMs);
    }
    while (underWay.size > 0) await Promise.all(underWay);
    site.calm();
    await site.start();
    const problems = await problemsOf({ site, lab, bystanders, commands });
    return { seed: schedule.seed, problems, ms: performance.now() - began, lives: site.lives() };
  } finally {
    await Promise.allSettled(underWay);
    await site.close();
  }
}

/** A command that the plane issued. */
interface Issued {
  readonly id: string;
  readonly type: 'resync' | 'action';
}

interface Running {
  readonly site: Site;
  readonly lab: Lab;
  readonly bystanders: Bystander[];
  readonly commands: Issued[];
  readonly later: (ms: number, act: () => Promise<void> | void) => void;
}

async function carryOut(step: Step, { site, lab, bystanders, commands, later }: Running): Promise<void> {
  const { namespace, plane } = site;
  switch (step.kind) {
    case 'offer':
      return site.offer(step.items);
    case 'edit': {
      const kind = kindOf(step.name);
      const path = `/api/v1/namespaces/${namespace}/${COLLECTIONS[kind]}/${step.name}`;
      if (step.how === 'delete') await lab.ask('DELETE', path);
      else if (step.how === 'change') await lab.ask('PATCH', path, vandalism(kind));
      else await lab.ask('PATCH', path, { metadata: { labels: { 'example.com/edited': 'yes' } } });
      return;
    }
    case 'foreign': {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: step.name } };
      bystanders.push(await makeForeign(lab, namespace, 'configmaps', object));
      return;
    }
    case 'command': {
      const id = randomUUID();
      commands.push({ id, type: step.type });
      site.command({
        id,
        cursor: (plane.commands.at(-1)?.cursor ?? 0) + 1,
        ...(step.type === 'resync'
          ? { type: step.type }
          : { type: step.type, action: { type: 'etcd-snapshot' as const, spec: { keep: 1 } } }),
        issuedAt: new Date().toISOString(),
        expiresAt: '2099-01-01T00:00:00.000Z',
      });
      return;
    }
    case 'kill':
      await site.kill();
      return later(step.downMs, site.start);
    case 'kill at write':
      return site.killAtWrite(step.nth, step.when, () => later(step.downMs, site.start));
    case 'stop':
      await site.stop();
      return later(step.downMs, site.start);
    case 'crash':
      return later(0, async () => lab.crash(step.server));
    case 'cut':
      site.cut(step.link);
      return later(step.ms, () => site.mend(step.link));
    case 'slow':
      site.slow(step.link, step.delayMs);
      return later(step.ms, () => site.slow(step.link, 0));
    case 'lose answers': {
      let left = step.times;
      plane.intercept = async (stage, route) =>
        stage === 'answered' && route.startsWith('POST ') && left-- > 0 ? 'break' : 'go on';
      return;
    }
    case 'repeat':
      return plane.repeat(step.times);
    case 'full disk':
      site.fullDisk(true);
      return later(step.ms, () => site.fullDisk(false));
    case 'skew':
      return site.skew(step.ms);
    default:
      return assertNever(step);
  }
}

async function problemsOf({
  site,
  lab,
  bystanders,
  commands,
}: Pick<Running, 'site' | 'lab' | 'bystanders' | 'commands'>): Promise<string[]> {
  const { plane, namespace } = site;
  const { items, revision } = site.wanted();
  const problems: string[] = [];
  const until = performance.now() + PEACE_MS;
  const inTime = async (look: () => Promise<boolean> | boolean): Promise<boolean> =>
    becomes(async () => site.failure() !== undefined || (await look()), until - performance.now());
  const status = () => plane.reports.filter(({ kind }) => kind === 'status').at(-1);
  const isApplied = (): boolean => {
    const now = status();
    return now?.kind === 'status' && now.revision === revision && now.phase === 'applied';
  };
  const reportsOf = (id: string) =>
    plane.reports.filter((report) => report.kind === 'command' && report.commandId === id);

  await inTime(isApplied);
  if (!isApplied())
    problems.push(`revision ${revision} was not reported as applied; last: ${JSON.stringify(status())}`);
  let differing: string[] = [];
  await inTime(async () => (differing = await differences(lab, namespace, items)).length === 0);
  problems.push(...differing, ...(await touched(lab, bystanders)));
  await inTime(() => commands.every(({ id }) => reportsOf(id).length > 0));
  for (const { id } of commands) {
    const count = reportsOf(id).length;
    if (count === 0) problems.push(`how command ${id} ended was never told`);
    if (count > 1) problems.push(`how command ${id} ended was told in ${count} ways`);
  }
  for (const { id } of commands.filter(({ type }) => type === 'action')) {
    await inTime(() => endOf(plane, id) !== undefined);
    problems.push(...(await problemsOfRun(id, site, lab)));
  }
  if (site.failure() !== undefined) problems.push(`the agent ended by itself: ${String(site.failure())}`);
  return problems;
}

/** The end of a run, by the newest report of it. */
function endOf({ reports }: Site['plane'], runId: string): string | undefined {
  const ends = reports
    .flatMap((report) => (report.kind === 'action' && report.runId === runId ? [report] : []))
    .toSorted((a, b) => a.sequence - b.sequence);
  const phase = ends.at(-1)?.phase;
  return phase === 'waiting' || phase === 'running' ? undefined : phase;
}

async function problemsOfRun(runId: string, site: Site, lab: Lab): Promise<string[]> {
  const phase = endOf(site.plane, runId);
  const { body } = await lab.ask(
    'GET',
    `/api/v1/namespaces/${site.namespace}/configmaps?labelSelector=${encodeURIComponent(`${RUN_LABEL}=${runId}`)}`,
  );
  const items = valueAt(body, 'items');
  const effects = Array.isArray(items) ? items.length : 0;
  return [
    ...(phase === 'done' ? [] : [`run ${runId} ended as ${phase}`]),
    ...(effects > 1 ? [`run ${runId} did ${effects} times what it is to do once`] : []),
    ...(site.overlapping().has(runId) ? [`run ${runId} was carried out twice at the same time`] : []),
  ];
}
