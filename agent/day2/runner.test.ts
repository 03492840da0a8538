import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

import fc from 'fast-check';

import { silentLogger } from '#core/log';
import { KubeError } from '#kubernetes/error';
import type { Action, DayTwo, ScanDriver } from '#protocol/actions';
import type { DesiredState } from '#protocol/desired-state';
import { ClusterUid } from '#protocol/identifiers';

import type { ActionNews } from '../report/reporter.ts';
import { ActionFailed, type ActionContext, type ActionHandlers, type ActionOutcome } from './action.ts';
import { createActionRunner, type ActionRunner } from './runner.ts';
import { newRun, Run } from './run.ts';
import type { RunStore, ScheduleMarks } from './store.ts';

const clusterUid = ClusterUid.parse('c'.repeat(24));
const SCALE: Action = { type: 'scale', spec: { pool: 'workers', replicas: 3 } };
const PATCH: Action = { type: 'patch-os', spec: { rebootIfRequired: false } };
const COLLECT: Action = { type: 'collect-logs', spec: { sinceHours: 1 } };
const UPGRADE: Action = { type: 'upgrade-kubernetes', spec: { version: 'v1.34.2' } };

/** What a cluster keeps: it outlives agents. A write may be the one at which the agent is killed. */
function cluster() {
  const runs = new Map<string, string>();
  let marks: ScheduleMarks = {};
  const state = { writes: 0, killAt: Number.POSITIVE_INFINITY, away: false };
  const write = (work: () => void): void => {
    if (state.away) throw new KubeError('away', { status: 0, reason: 'Unreachable' });
    if (++state.writes >= state.killAt) throw new Error('killed');
    work();
  };
  const store: RunStore = {
    load: async () => [...runs.values()].map((text) => Run.parse(JSON.parse(text))),
    save: async (run) => write(() => runs.set(run.runId, JSON.stringify(run))),
    remove: async (runId) => write(() => runs.delete(runId)),
    loadMarks: async () => marks,
    saveMarks: async (next) => write(() => (marks = next)),
    removeAll: async () => write(() => runs.clear()),
  };
  return { store, runs, state };
}

interface Agent {
  readonly runner: ActionRunner;
  readonly news: ActionNews[];
  /** Waits until what it tells is as wanted. */
  told(want: (news: readonly ActionNews[]) => boolean): Promise<void>;
  stop(): Promise<void>;
  readonly signal: AbortSignal;
}

function startAgent(
  store: RunStore,
  handlers: ActionHandlers,
  {
    dayTwo,
    joined = () => [],
    now = () => new Date('2026-01-10T12:00:00.000Z'),
  }: {
    readonly dayTwo?: Partial<DayTwo>;
    /** Nodes that nothing was done to yet. */
    readonly joined?: () => readonly string[];
    readonly now?: () => Date;
  } = {},
): Agent {
  const news: ActionNews[] = [];
  const heard = new EventEmitter();
  const ending = new AbortController();
  const document = {
    lifecycle: 'active',
    dayTwo: {
      timezone: 'UTC',
      windows: [],
      schedules: [],
      backupLocations: [],
      agentUpgrades: 'automatic',
      ...dayTwo,
    },
  } as unknown as DesiredState; // the runner reads these alone
  // These actions use no API server, but what is left of cancelled ones is looked for.
  const client = { list: async () => ({ items: [], resourceVersion: '' }) } as Partial<
    ActionContext['client']
  > as ActionContext['client'];
  const runner = createActionRunner({
    clusterUid,
    client,
    namespace: 'n',
    store,
    handlers,
    document: () => document,
    report: (one) => {
      news.push(one);
      heard.emit('news');
    },
    upload: async () => undefined,
    joined: async () => joined(),
    now,
    log: silentLogger,
  });
  const running = runner.run({ signal: ending.signal });
  return {
    runner,
    news,
    signal: ending.signal,
    told: async (want) => {
      while (!want(news)) await new Promise((resolve) => heard.once('news', resolve));
    },
    stop: async () => {
      ending.abort(new Error('the agent stops'));
      await running;
    },
  };
}

const ended = (runId: string) => (news: readonly ActionNews[]) =>
  news.some((one) => one.runId === runId && ['done', 'failed', 'cancelled'].includes(one.phase));
const last = (news: readonly ActionNews[], runId: string): ActionNews | undefined =>
  news.filter((one) => one.runId === runId).at(-1);
const untilAborted = async (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('runs of actions', () => {
  it('are stored before they are taken on, carried out once, and their end is told', async () => {
    const { store, runs } = cluster();
    const runId = randomUUID();
    let calls = 0;
    const scale = async (): Promise<ActionOutcome> => {
      calls++;
      expect(runs.has(runId)).toBe(true);
      return { message: 'scaled', result: { replicas: 3 } };
    };
    const agent = startAgent(store, { scale });
    await agent.runner.takeOn({ runId, action: SCALE }, agent);
    await agent.told(ended(runId));
    await agent.runner.takeOn({ runId, action: SCALE }, agent);
    await agent.stop();
    expect(calls).toBe(1);
    expect(last(agent.news, runId)).toMatchObject({ phase: 'done', message: 'scaled', result: { replicas: 3 } });
    // A life later the same command is still known, and its end is told again under the same sequence.
    const next = startAgent(store, { scale });
    await next.runner.takeOn({ runId, action: SCALE }, next);
    await next.told(ended(runId));
    await next.stop();
    expect(calls).toBe(1);
    expect(last(next.news, runId)?.sequence).toBe(last(agent.news, runId)?.sequence);
  });

  it('go on with their notes after a restart, and what the new life tells is newer', async () => {
    const { store } = cluster();
    const runId = randomUUID();
    const first = startAgent(store, {
      scale: async (_spec, { note, signal }) => {
        await note('half', 'yes');
        return untilAborted(signal);
      },
    });
    await first.runner.takeOn({ runId, action: SCALE }, first);
    await first.told((news) => news.filter(({ phase }) => phase === 'running').length >= 2);
    await first.stop();
    expect(last(first.news, runId)?.phase).toBe('running');
    const second = startAgent(store, { scale: async (_spec, { notes }) => ({ message: `half: ${notes['half']}` }) });
    await second.told(ended(runId));
    await second.stop();
    expect(last(second.news, runId)).toMatchObject({ phase: 'done', message: 'half: yes' });
    expect(Math.min(...second.news.map(({ sequence }) => sequence))).toBeGreaterThan(
      Math.max(...first.news.map(({ sequence }) => sequence)),
    );
  });

  it('are cancelled while they are under way, and before they begin', async () => {
    const { store } = cluster();
    const [running, waiting] = [randomUUID(), randomUUID()];
    const undone: string[] = [];
    const agent = startAgent(store, {
      'patch-os': async (_spec, { runId, signal }) => {
        try {
          return await untilAborted(signal);
        } finally {
          undone.push(runId);
        }
      },
    });
    await agent.runner.takeOn({ runId: running, action: PATCH }, agent);
    await agent.runner.takeOn({ runId: waiting, action: PATCH }, agent);
    await agent.told((news) => news.some(({ runId, step }) => runId === waiting && step.includes('patch-os to end')));
    await agent.runner.cancel(waiting, agent);
    await agent.told(ended(waiting));
    await agent.runner.cancel(running, agent);
    await agent.told(ended(running));
    await expect(agent.runner.cancel(running, agent)).rejects.toThrow('ended already: cancelled');
    await expect(agent.runner.cancel(randomUUID(), agent)).rejects.toThrow('there is no run');
    await agent.stop();
    expect(undone).toEqual([running]);
    expect(last(agent.news, waiting)?.message).toBe('before it began');
    // Who asks for the end of what has ended has not heard of it: it is told once more.
    expect(agent.news.filter(({ runId, phase }) => runId === running && phase === 'cancelled')).toHaveLength(2);
    expect([running, waiting].map((runId) => last(agent.news, runId)?.phase)).toEqual(['cancelled', 'cancelled']);
  });

  it('that disturb go one at a time and in maintenance windows, and say what they wait for', async () => {
    const { store } = cluster();
    const clock = { now: new Date('2026-01-10T12:00:00.000Z') };
    const [patch, upgrade, scale, renew] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const order: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const agent = startAgent(
      store,
      {
        'patch-os': async () => {
          order.push('patch');
          await held;
          return { message: '' };
        },
        'upgrade-kubernetes': async () => {
          order.push('upgrade');
          return { message: '' };
        },
        scale: async () => {
          order.push('scale');
          return { message: '' };
        },
        'renew-certificates': async ({ scope }) => ({ message: scope }),
      },
      {
        // At 2 in the night in Berlin, which is 1 in UTC in winter.
        dayTwo: { timezone: 'Europe/Berlin', windows: [{ name: 'night', startCron: '0 2 * * *', durationHrs: 2 }] },
        now: () => clock.now,
      },
    );
    await agent.runner.takeOn({ runId: patch, action: PATCH }, agent);
    await agent.runner.takeOn({ runId: upgrade, action: UPGRADE }, agent);
    await agent.runner.takeOn({ runId: scale, action: SCALE }, agent);
    await agent.told(ended(scale));
    // The agent's own credentials are no matter of the cluster.
    const RENEW: Action = { type: 'renew-certificates', spec: { scope: 'agent' } };
    await agent.runner.takeOn({ runId: renew, action: RENEW }, agent);
    await agent.told(ended(renew));
    await agent.told((news) => news.some(({ runId, step }) => runId === upgrade && step !== ''));
    expect(order).toEqual(['scale']);
    expect(last(agent.news, patch)).toMatchObject({
      phase: 'waiting',
      step: 'waiting for the maintenance window that opens at 2026-01-11T01:00:00.000Z',
    });
    clock.now = new Date('2026-01-11T01:30:00.000Z');
    agent.runner.wake();
    await agent.told((news) => news.some(({ runId, step }) => runId === upgrade && step.includes('patch-os to end')));
    expect(order).toEqual(['scale', 'patch']);
    release();
    await agent.told(ended(upgrade));
    await agent.stop();
    expect(order).toEqual(['scale', 'patch', 'upgrade']);
  });

  it('by sonobuoy go one at a time, and no other scan waits for them', async () => {
    const { store } = cluster();
    const [first, second, other] = [randomUUID(), randomUUID(), randomUUID()];
    const scanBy = (driver: ScanDriver): Action => ({ type: 'scan', spec: { driver, namespaces: [] } });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const agent = startAgent(store, {
      scan: async ({ driver }, { runId }) => {
        if (runId === first) await held;
        return { message: driver };
      },
    });
    await agent.runner.takeOn({ runId: first, action: scanBy('sonobuoy') }, agent);
    await agent.runner.takeOn({ runId: second, action: scanBy('sonobuoy') }, agent);
    await agent.runner.takeOn({ runId: other, action: scanBy('syft') }, agent);
    await agent.told(ended(other));
    expect(last(agent.news, second)).toMatchObject({
      phase: 'waiting',
      step: 'waiting for the other scan by sonobuoy to end',
    });
    release();
    await agent.told(ended(second));
    await agent.stop();
    expect(last(agent.news, second)?.phase).toBe('done');
  });

  it('that are cancelled while others are looked at are not begun', async () => {
    const { store } = cluster();
    const [waiting, cancelled] = [randomUUID(), randomUUID()];
    const created = new Date('2026-01-10T11:00:00.000Z').getTime();
    const asked = [
      { runId: waiting, action: PATCH },
      { runId: cancelled, action: COLLECT },
    ];
    for (const [at, one] of asked.entries())
      await store.save(newRun({ ...one, clusterUid, now: new Date(created + at) }), {
        signal: new AbortController().signal,
      });
    let calls = 0;
    const agent: Agent = startAgent(
      {
        ...store,
        save: async (run, how) => {
          if (run.runId === waiting && run.step !== '') await agent.runner.cancel(cancelled, agent);
          await store.save(run, how);
        },
      },
      {
        'patch-os': async () => ({ message: '' }),
        'collect-logs': async () => {
          calls++;
          return { message: '' };
        },
      },
      { dayTwo: { windows: [{ name: 'never now', startCron: '0 2 * * *', durationHrs: 1 }] } },
    );
    await agent.told(ended(cancelled));
    await agent.stop();
    expect(last(agent.news, cancelled)).toMatchObject({ phase: 'cancelled', message: 'before it began' });
    expect(calls).toBe(0);
  });

  it('are tried again while the API server is away, and fail with what the user is to know', async () => {
    const { store } = cluster();
    const [flaky, refused, broken] = [randomUUID(), randomUUID(), randomUUID()];
    let calls = 0;
    const agent = startAgent(store, {
      scale: async (_spec, { runId }) => {
        if (runId === refused) throw new ActionFailed('there is no such pool', { result: { pools: ['a'] } });
        if (runId === broken) throw new TypeError('a fault');
        if (calls++ === 0) throw new KubeError('away', { status: 503, reason: 'Unavailable' });
        return { message: '' };
      },
    });
    for (const runId of [flaky, refused, broken]) await agent.runner.takeOn({ runId, action: SCALE }, agent);
    await agent.told((news) => [flaky, refused, broken].every((runId) => ended(runId)(news)));
    await agent.stop();
    expect(calls).toBe(2);
    expect(last(agent.news, flaky)?.phase).toBe('done');
    expect(last(agent.news, refused)).toMatchObject({
      phase: 'failed',
      message: 'there is no such pool',
      result: { pools: ['a'] },
    });
    expect(last(agent.news, broken)).toMatchObject({ phase: 'failed', message: 'a fault' });
  });

  it('that are cancelled between two tries undo what the first one did, over restarts until that is done', async () => {
    const { store } = cluster();
    const runId = randomUUID();
    const undoing: string[] = [];
    const handlers: ActionHandlers = {
      scale: async (_spec, { signal, ending, note, notes }) => {
        if (signal.aborted) {
          undoing.push(notes['made'] ?? 'nothing');
          // The first time the agent is stopped while it undoes.
          if (undoing.length === 1) await untilAborted(ending);
          throw new ActionFailed('', { result: { undone: true } });
        }
        await note('made', 'a Job');
        throw new KubeError('away', { status: 503, reason: 'Unavailable' });
      },
    };
    const first = startAgent(store, handlers);
    await first.runner.takeOn({ runId, action: SCALE }, first);
    await first.told((news) => news.filter(({ phase }) => phase === 'running').length >= 2);
    await first.runner.cancel(runId, first);
    while (undoing.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await first.stop();
    expect(last(first.news, runId)?.phase).toBe('running');
    const second = startAgent(store, handlers);
    await second.told(ended(runId));
    await second.stop();
    expect(undoing).toEqual(['a Job', 'a Job']);
    expect(last(second.news, runId)).toMatchObject({ phase: 'cancelled', message: '', result: { undone: true } });
  });

  it('that are asked for twice at once begin once', async () => {
    const { store } = cluster();
    const runId = randomUUID();
    let calls = 0;
    const agent = startAgent(store, {
      scale: async () => {
        calls++;
        return { message: '' };
      },
    });
    await Promise.all([1, 2, 3].map(async () => agent.runner.takeOn({ runId, action: SCALE }, agent)));
    await agent.told(ended(runId));
    await agent.stop();
    expect(calls).toBe(1);
    expect(agent.news.filter(({ phase }) => phase === 'waiting')).toHaveLength(1);
  });

  it('that end the agent again and again are given up', async () => {
    const { store, runs } = cluster();
    const runId = randomUUID();
    let calls = 0;
    const handlers: ActionHandlers = {
      scale: async (_spec, { signal }) => {
        calls++;
        return untilAborted(signal);
      },
    };
    const first = startAgent(store, handlers);
    await first.runner.takeOn({ runId, action: SCALE }, first);
    for (let lives = 0; lives <= 30; lives++) {
      const agent = startAgent(store, handlers);
      await agent.told((news) => news.some(({ phase }) => phase !== 'waiting'));
      while (calls <= lives && !ended(runId)(agent.news)) await new Promise((resolve) => setImmediate(resolve));
      await agent.stop();
      if (ended(runId)(agent.news)) break;
    }
    await first.stop();
    expect(Run.parse(JSON.parse(runs.get(runId) ?? ''))).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining('was restarted 21 times'),
    });
  });

  it('tell results within bounds, also where they failed', async () => {
    const { store } = cluster();
    const [good, bad] = [randomUUID(), randomUUID()];
    const result = { text: 'x'.repeat(200_000) };
    const agent = startAgent(store, {
      scale: async (_spec, { runId }) => {
        if (runId === bad) throw new ActionFailed('half of it', { result });
        return { message: 'all of it', result };
      },
    });
    for (const runId of [good, bad]) await agent.runner.takeOn({ runId, action: SCALE }, agent);
    await agent.told((news) => [good, bad].every((runId) => ended(runId)(news)));
    await agent.stop();
    expect(last(agent.news, good)).toMatchObject({ phase: 'done', message: 'all of it' });
    expect(last(agent.news, bad)).toMatchObject({ phase: 'failed', message: 'half of it' });
    for (const runId of [good, bad]) expect(last(agent.news, runId)).not.toHaveProperty('result');
  });

  it('of kinds that the agent does not know are not taken on', async () => {
    const { store, runs } = cluster();
    const agent = startAgent(store, {});
    const asked = agent.runner.takeOn({ runId: randomUUID(), action: SCALE }, agent);
    await expect(asked).rejects.toThrow('cannot carry out scale');
    await agent.stop();
    expect(runs.size).toBe(0);
  });

  it('of another cluster that the agent once was in are forgotten', async () => {
    const { store, runs } = cluster();
    const first = startAgent(store, { scale: async (_spec, { signal }) => untilAborted(signal) });
    const runId = randomUUID();
    await first.runner.takeOn({ runId, action: SCALE }, first);
    await first.stop();
    const text = runs.get(runId) ?? '';
    runs.set(runId, text.replace(clusterUid, 'd'.repeat(24)));
    const next = startAgent(store, { scale: async () => ({ message: '' }) });
    const marker = randomUUID();
    await next.runner.takeOn({ runId: marker, action: SCALE }, next);
    await next.told(ended(marker));
    await next.stop();
    expect(next.news.map((one) => one.runId)).not.toContain(runId);
    expect(runs.has(runId)).toBe(false);
  });

  it('are begun by schedules: each time once, missed times once in all, also over restarts', async () => {
    const { store } = cluster();
    const clock = { now: new Date('2026-01-10T12:10:00.000Z') };
    const begun: string[] = [];
    const handlers: ActionHandlers = {
      scale: async (_spec, { runId }) => {
        begun.push(runId);
        return { message: '' };
      },
    };
    const dayTwo = { schedules: [{ id: 'hourly', cron: '0 * * * *', action: SCALE }] };
    const first = startAgent(store, handlers, { dayTwo, now: () => clock.now });
    const marker = randomUUID();
    await first.runner.takeOn({ runId: marker, action: SCALE }, first);
    await first.told(ended(marker));
    // The schedule is seen for the first time: what was before is no matter.
    expect(begun).toEqual([marker]);
    await first.stop();

    // Away for three times of it.
    clock.now = new Date('2026-01-10T15:30:00.000Z');
    const second = startAgent(store, handlers, { dayTwo, now: () => clock.now });
    await second.told((news) => news.some(({ phase, scheduleId }) => scheduleId === 'hourly' && phase === 'done'));
    await second.stop();
    expect(begun).toHaveLength(2);

    // Whatever happens to what was noted, the same time has the same id.
    await store.saveMarks({ hourly: '2026-01-10T14:30:00.000Z' }, second);
    const third = startAgent(store, handlers, { dayTwo, now: () => clock.now });
    const other = randomUUID();
    await third.runner.takeOn({ runId: other, action: SCALE }, third);
    await third.told(ended(other));
    await third.stop();
    expect(begun.slice(2)).toEqual([other]);
  });

  it('are begun once for nodes that join, and in another day for those that it failed with', async () => {
    const { store } = cluster();
    const began: string[] = [];
    const clock = { now: new Date('2026-01-10T12:00:00.000Z') };
    let joined: readonly string[] = [];
    const agent = startAgent(
      store,
      {
        'patch-os': async (_, { runId }) => {
          began.push(runId);
          throw new ActionFailed('not now');
        },
      },
      {
        dayTwo: { schedules: [{ id: 'patch-os-boot', action: PATCH }] },
        joined: () => joined,
        now: () => clock.now,
      },
    );
    const failures = (count: number) => (news: readonly ActionNews[]) =>
      news.filter(({ phase }) => phase === 'failed').length === count;
    joined = ['b', 'a'];
    agent.runner.wake();
    await agent.told(failures(1));
    // The same, in whatever order they are listed.
    joined = ['a', 'b'];
    agent.runner.wake();
    await agent.runner.takeOn({ runId: '5e3c2f6e-0000-4000-8000-000000000001', action: PATCH }, agent);
    await agent.told(failures(2));
    expect(began).toHaveLength(2);
    joined = ['a', 'b', 'c'];
    agent.runner.wake();
    await agent.told(failures(3));
    clock.now = new Date('2026-01-11T12:00:00.000Z');
    agent.runner.wake();
    await agent.told(failures(4));
    expect(new Set(began).size).toBe(4);
    await agent.stop();
  });

  it('of a schedule that find too many others waiting begin when some have ended', async () => {
    const { store } = cluster();
    const clock = { now: new Date('2026-01-10T12:10:00.000Z') };
    const dayTwo = {
      windows: [{ name: 'never now', startCron: '0 2 * * *', durationHrs: 1 }],
      schedules: [{ id: 's', cron: '*/5 * * * *', action: SCALE }],
    };
    const handlers: ActionHandlers = {
      scale: async () => ({ message: '' }),
      'patch-os': async () => ({ message: '' }),
    };
    const agent = startAgent(store, handlers, { dayTwo, now: () => clock.now });
    const waiting = Array.from({ length: 100 }, () => randomUUID());
    for (const runId of waiting) await agent.runner.takeOn({ runId, action: PATCH }, agent);
    await agent.told((news) => waiting.every((runId) => last(news, runId)?.step.includes('maintenance window')));
    clock.now = new Date('2026-01-10T12:15:30.000Z');
    // It is looked at when the first is cancelled, which makes room only afterwards.
    const [first = ''] = waiting;
    await agent.runner.cancel(first, agent);
    await agent.told(ended(first));
    agent.runner.wake();
    await agent.told((news) => news.some(({ scheduleId, phase }) => scheduleId === 's' && phase === 'done'));
    await agent.stop();
    expect(agent.news.filter(({ scheduleId, phase }) => scheduleId === 's' && phase === 'waiting')).toHaveLength(1);
  });

  it('of a schedule that overlap are left out', async () => {
    const { store } = cluster();
    const clock = { now: new Date('2026-01-10T12:10:00.000Z') };
    let calls = 0;
    const agent = startAgent(
      store,
      {
        scale: async (_spec, { signal }) => {
          calls++;
          return untilAborted(signal);
        },
        'collect-logs': async () => ({ message: '' }),
      },
      { dayTwo: { schedules: [{ id: 's', cron: '*/5 * * * *', action: SCALE }] }, now: () => clock.now },
    );
    const probe = async (): Promise<void> => {
      const runId = randomUUID();
      await agent.runner.takeOn({ runId, action: COLLECT }, agent);
      await agent.told(ended(runId));
    };
    await probe();
    clock.now = new Date('2026-01-10T12:15:30.000Z');
    agent.runner.wake();
    await agent.told((news) => news.some(({ scheduleId, phase }) => scheduleId === 's' && phase === 'running'));
    clock.now = new Date('2026-01-10T12:20:30.000Z');
    await probe();
    await agent.stop();
    expect(calls).toBe(1);
  });

  it('are never lost once taken on, and end once, wherever and however often the agent is killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (kills, count) => {
          const { store, runs, state } = cluster();
          const effects = new Map<string, number>();
          const done = new Map<string, number>();
          const handlers: ActionHandlers = {
            scale: async (_spec, { runId, notes, note }) => {
              if (notes['made'] === undefined) {
                // What an action does is idempotent by its run: here, it is found again.
                if (!effects.has(runId)) effects.set(runId, 1);
                await note('made', 'yes');
              }
              done.set(runId, (done.get(runId) ?? 0) + 1);
              return { message: '' };
            },
          };
          const wanted = Array.from({ length: count }, () => randomUUID());
          const taken = new Set<string>();
          for (const after of [...kills, Number.POSITIVE_INFINITY]) {
            state.killAt = state.writes + after;
            const agent = startAgent(store, handlers);
            const whole = (async () => {
              for (const runId of wanted.filter((one) => !taken.has(one))) {
                await agent.runner.takeOn({ runId, action: SCALE }, agent);
                taken.add(runId);
              }
              await agent.told((news) => wanted.every((runId) => ended(runId)(news)));
            })().catch(() => undefined);
            const killed = (async () => {
              while (state.writes < state.killAt) {
                if (wanted.every((runId) => ended(runId)(agent.news))) return;
                await new Promise((resolve) => setImmediate(resolve));
              }
            })();
            await killed;
            await agent.stop();
            if (after === Number.POSITIVE_INFINITY) await whole;
            for (const runId of taken) expect(runs.has(runId)).toBe(true);
          }
          expect([...effects.keys()].sort()).toEqual([...wanted].sort());
          for (const runId of wanted) expect(Run.parse(JSON.parse(runs.get(runId) ?? '')).phase).toBe('done');
        },
      ),
      { numRuns: 25 },
    );
  });
});
