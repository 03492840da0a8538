/** One cluster of one run: a namespace, a plane, the links between them and the agent, and the agent's lives. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runAgent } from '#agent/main';
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { Command } from '#protocol/command';
import type { DesiredLayer } from '#protocol/desired-state';
import { createFakePlane, type FakePlane } from '#test/agent/support/fake-plane';

import { countedActions } from './actions.ts';
import { startApiGate, type ApiGate } from './api-gate.ts';
import type { Lab } from './lab.ts';
import { objectOf, priorityOf } from './objects.ts';
import { LAYERS, type Item, type Link } from './schedule.ts';
import { startTcpGate, type TcpGate } from './tcp-gate.ts';

export interface Site {
  readonly namespace: string;
  readonly plane: FakePlane;
  /** What was offered last. */
  readonly wanted: () => { readonly items: readonly Item[]; readonly revision: number };
  offer(items: readonly Item[]): Promise<void>;
  command(command: Command): void;
  /** Nothing of the life that runs now arrives from this moment on; returns once it is over. */
  kill(): Promise<void>;
  /** Ends the agent as a supervisor does. */
  stop(): Promise<void>;
  /** Starts the agent when it does not run. */
  start(): Promise<void>;
  /** Kills the agent at its n-th write from now on, in whichever life that is, and calls `done` once that is over. */
  killAtWrite(nth: number, when: 'before' | 'after', done: () => void): void;
  cut(link: Link): void;
  mend(link: Link): void;
  slow(link: Link, delayMs: number): void;
  fullDisk(isFull: boolean): void;
  skew(ms: number): void;
  /** All faults end. */
  calm(): void;
  /** Whether the agent ended by itself, and why. */
  failure(): unknown;
  /** Runs of actions that were carried out twice at the same time. */
  overlapping(): ReadonlySet<string>;
  /** Lives begun so far. */
  lives(): number;
  close(): Promise<void>;
}

interface Life {
  readonly gate: ApiGate;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** The agent's patience with a wave, and with a removal, in milliseconds. */
const PATIENCE_MS = 5_000;

export async function openSite(
  lab: Lab,
  namespace: string,
  { bus: hasBus, log }: { readonly bus: boolean; readonly log: Logger },
): Promise<Site> {
  const dir = join(lab.dir, namespace);
  await mkdir(dir, { recursive: true });
  const plane = await createFakePlane(dir);
  const actions = countedActions();
  const planeGate = await startTcpGate(() => Number(new URL(plane.url).port));
  const busGate = await startTcpGate(() => lab.bus.port);
  if (hasBus) {
    lab.bus.hear(plane);
    plane.bus = async (busPublicKey) => ({
      servers: [`nats://127.0.0.1:${busGate.port}`],
      jwt: await lab.bus.claims(plane.clusterUid, busPublicKey),
    });
  }
  const state = {
    revision: 0,
    items: [] as readonly Item[], // as: filled by the first offer
    life: undefined as Life | undefined, // as: none yet
    lives: 0,
    killing: false,
    cut: onEachLink(false),
    delayMs: onEachLink(0),
    full: false,
    skewMs: 0,
    trap: undefined as { left: number; readonly when: 'before' | 'after'; readonly done: () => void } | undefined, // as: none yet
    failure: undefined as unknown, // as: none yet
    starting: Promise.resolve(),
  };
  await invite(lab, namespace, plane, planeGate);

  const adjust = (): void => {
    if (state.cut.plane || state.killing) planeGate.cut();
    else planeGate.open();
    planeGate.slow(state.delayMs.plane);
    if (state.cut.bus || state.killing) busGate.cut();
    else busGate.open();
    busGate.slow(state.delayMs.bus);
    const gate = state.life?.gate;
    if (state.cut['api-server'] || state.killing) gate?.cut();
    else gate?.open();
    gate?.slow(state.delayMs['api-server']);
    gate?.full(state.full);
  };

  const end = async (isKill: boolean): Promise<void> => {
    const { life } = state;
    if (life === undefined) return;
    if (isKill) {
      state.killing = true;
      adjust();
    }
    life.abort.abort(new Error('the agent is ended'));
    await life.ended;
    if (state.life === life) state.life = undefined;
    if (isKill) state.killing = false;
    await life.gate.stop();
    adjust();
  };

  const watchWrites = (_write: unknown, when: 'before' | 'after'): void => {
    const { trap } = state;
    if (trap === undefined || trap.when !== when || --trap.left > 0) return;
    state.trap = undefined;
    void end(true).then(trap.done);
  };

  const begin = async (): Promise<void> => {
    if (state.life !== undefined) return;
    const gate = await startApiGate(lab.apiServer, lab.connections);
    gate.onWrite(watchWrites);
    const kubeconfig = join(dir, `kubeconfig-${state.lives++}`);
    await writeFile(kubeconfig, kubeconfigFor(gate.url));
    const abort = new AbortController();
    const config = {
      kubeconfig,
      namespace,
      helm: lab.helm,
      stateDir: dir,
      readyPatienceMs: PATIENCE_MS,
      prunePatienceMs: PATIENCE_MS,
    };
    const running = runAgent(config, {
      log,
      actions: actions.handlers,
      signal: abort.signal,
      now: () => new Date(Date.now() + state.skewMs),
    });
    const life: Life = {
      gate,
      abort,
      ended: running.catch((error: unknown) => {
        // A supervisor would start it anew; here that it ended at all is a finding, except in a life that was killed.
        if (!abort.signal.aborted) state.failure = error;
      }),
    };
    state.life = life;
    adjust();
  };

  const site: Site = {
    namespace,
    plane,
    wanted: () => ({ items: state.items, revision: state.revision }),
    offer: async (items) => {
      state.items = items;
      state.revision = await plane.offer({ layers: layersOf(items, namespace) });
      lab.bus.poke(plane.clusterUid, 'desired-state');
    },
    command: (command) => {
      plane.commands.push(command);
      lab.bus.poke(plane.clusterUid, 'commands');
    },
    kill: async () => end(true),
    stop: async () => end(false),
    start: async () => {
      // One after the other: two starts at once would be two agents.
      state.starting = state.starting.then(begin);
      await state.starting;
    },
    killAtWrite: (nth, when, done) => {
      state.trap = { left: nth, when, done };
    },
    cut: (link) => {
      state.cut[link] = true;
      adjust();
    },
    mend: (link) => {
      state.cut[link] = false;
      adjust();
    },
    slow: (link, delayMs) => {
      state.delayMs[link] = delayMs;
      adjust();
    },
    fullDisk: (isFull) => {
      state.full = isFull;
      adjust();
    },
    skew: (ms) => {
      state.skewMs = ms;
    },
    calm: () => {
      state.cut = onEachLink(false);
      state.delayMs = onEachLink(0);
      state.full = false;
      state.trap = undefined;
      plane.intercept = undefined;
      plane.repeat(0);
      adjust();
    },
    failure: () => state.failure,
    overlapping: () => actions.overlapping,
    lives: () => state.lives,
    close: async () => {
      await state.starting;
      await end(true);
      await planeGate.stop();
      await busGate.stop();
      await plane.stop();
    },
  };
  return site;
}

const onEachLink = <T>(value: T): Record<Link, T> => ({ plane: value, 'api-server': value, bus: value });

function layersOf(items: readonly Item[], namespace: string): DesiredLayer[] {
  return LAYERS.flatMap((name) => {
    const own = items.filter(({ layer }) => layer === name);
    if (own.length === 0) return [];
    return [
      {
        name,
        profile: { uid: 'c'.repeat(24), name: 'faults', version: '1.0.0' },
        layer: 'addon',
        version: '1.0.0',
        values: '',
        manifests: own.map((item) => ({ name: item.name, content: JSON.stringify(objectOf(item, namespace)) })),
        installPriority: priorityOf(name),
      } satisfies DesiredLayer,
    ];
  });
}

async function invite(lab: Lab, namespace: string, plane: FakePlane, gate: TcpGate): Promise<void> {
  const made = async (path: string, object: object): Promise<void> => {
    const { status, body } = await lab.ask('POST', path, object);
    if (status !== 201) throw new Error(`POST ${path} was answered with ${status}: ${JSON.stringify(body)}`);
  };
  await made('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const data = {
    planeUrl: `https://127.0.0.1:${gate.port}`,
    clusterUid: plane.clusterUid,
    token: plane.token(),
    'ca.crt': plane.ca,
  };
  await made(`/api/v1/namespaces/${namespace}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap' },
    stringData: data,
  });
}

function kubeconfigFor(server: string): string {
  const name = 'faults';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

/** Asks until it is so, or the time is over. */
export async function becomes(look: () => Promise<boolean> | boolean, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    if (await look()) return true;
    if (performance.now() > until) return false;
    await delay(25);
  }
}
