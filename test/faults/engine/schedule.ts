/** What happens in one run of the fault suite: made from its seed alone, so that a run which fails can be had again. */
import { randomFrom } from '../support/random.ts';

/** An object of the desired state; the kind follows from the name. */
export interface Item {
  readonly name: string;
  readonly layer: (typeof LAYERS)[number];
  readonly value: number;
}

export const LAYERS = ['base', 'middle', 'top'] as const;
export type Link = 'plane' | 'api-server' | 'bus';
/** What all runs share. A plane is each run's own: its link is cut instead. */
export type Server = 'kube-apiserver' | 'etcd' | 'nats-server';
const SERVERS = ['kube-apiserver', 'etcd', 'nats-server'] as const satisfies readonly Server[];
const LINKS = ['plane', 'api-server', 'bus'] as const satisfies readonly Link[];

export type Step =
  /** The plane accepts another desired state. */
  | { readonly kind: 'offer'; readonly items: readonly Item[] }
  /** Somebody edits or deletes an object that the agent brought, if it is there. */
  | { readonly kind: 'edit'; readonly name: string; readonly how: 'change' | 'delete' | 'label' }
  /** Somebody makes an object of theirs beside those of the agent. */
  | { readonly kind: 'foreign'; readonly name: string }
  /** The plane issues a command: to compare everything, or an action that leaves something behind. */
  | { readonly kind: 'command'; readonly type: 'resync' | 'action' }
  /** The agent is gone without a word: nothing that it sent since arrives. It is started again after a while. */
  | { readonly kind: 'kill'; readonly downMs: number }
  /** The same at its n-th write from now on: before it reaches the API server, or after it was carried out. */
  | {
      readonly kind: 'kill at write';
      readonly nth: number;
      readonly when: 'before' | 'after';
      readonly downMs: number;
    }
  /** The agent is ended as a supervisor does, and started again. */
  | { readonly kind: 'stop'; readonly downMs: number }
  /** A server is killed and started again: runs that go side by side all feel it. */
  | { readonly kind: 'crash'; readonly server: Server }
  /** Connections break, and there are none for a while. */
  | { readonly kind: 'cut'; readonly link: Link; readonly ms: number }
  | { readonly kind: 'slow'; readonly link: Link; readonly delayMs: number; readonly ms: number }
  /** The plane takes the next reports, and nobody hears that it did. */
  | { readonly kind: 'lose answers'; readonly times: number }
  /** The plane answers as it did before: with an older document, and with commands that were fetched already, twice. */
  | { readonly kind: 'repeat'; readonly times: number }
  /** Whoever writes to the API server is told that its disk is full. */
  | { readonly kind: 'full disk'; readonly ms: number }
  /** The agent's clock goes wrong by so much. */
  | { readonly kind: 'skew'; readonly ms: number };

export interface Schedule {
  readonly seed: number;
  /** Whether agent and plane have a bus. */
  readonly bus: boolean;
  readonly start: readonly Item[];
  /** Each with the pause after it, in milliseconds. */
  readonly steps: readonly { readonly step: Step; readonly pauseMs: number }[];
}

export const STEP_KINDS = [
  'offer',
  'edit',
  'foreign',
  'command',
  'kill',
  'kill at write',
  'stop',
  'crash',
  'cut',
  'slow',
  'lose answers',
  'repeat',
  'full disk',
  'skew',
] as const satisfies readonly Step['kind'][];

/** Names that items can have; the agent never owns any other. */
export const ITEM_NAMES: readonly string[] = ['config', 'secret', 'service', 'account'].flatMap((kind) =>
  [0, 1, 2].map((at) => `${kind}-${at}`),
);

const FEWEST_STEPS = 4;
const MOST_STEPS = 9;
const MOST_PAUSE_MS = 250;
const MOST_AWAY_MS = 400;
const DAY_MS = 86_400_000;
/** A server that starts takes seconds of processor time, and all runs wait for it. */
const CRASHES_AMONG_FAULTS = 0.01;

/** Changes are as frequent as faults. `only`: faults of these kinds, besides changes of the desired state. */
export function scheduleOf(seed: number, only: readonly Step['kind'][] = STEP_KINDS): Schedule {
  const random = randomFrom(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => {
    const picked = from[upTo(from.length - 1)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  let value = 0;
  const items = (): Item[] =>
    ITEM_NAMES.filter(() => random() < 0.6).map((name) => ({ name, layer: pick(LAYERS), value: value++ }));
  const make = (kind: Step['kind']): Step => {
    switch (kind) {
      case 'offer':
        return { kind, items: items() };
      case 'edit':
        return { kind, name: pick(ITEM_NAMES), how: pick(['change', 'delete', 'label'] as const) };
      case 'foreign':
        return { kind, name: `foreign-${value++}` };
      case 'command':
        return { kind, type: pick(['resync', 'action'] as const) };
      case 'kill':
      case 'stop':
        return { kind, downMs: upTo(MOST_AWAY_MS) };
      case 'kill at write':
        return { kind, nth: 1 + upTo(8), when: pick(['before', 'after'] as const), downMs: upTo(MOST_AWAY_MS) };
      case 'crash':
        return { kind, server: pick(SERVERS) };
      case 'cut':
        return { kind, link: pick(LINKS), ms: upTo(MOST_AWAY_MS) };
      case 'slow':
        return {
          kind,
          link: pick(LINKS),
          delayMs: 5 + upTo(60),
          ms: upTo(2 * MOST_AWAY_MS),
        };
      case 'lose answers':
      case 'repeat':
        return { kind, times: 1 + upTo(3) };
      case 'full disk':
        return { kind, ms: upTo(MOST_AWAY_MS) };
      case 'skew':
        return { kind, ms: Math.round((random() * 2 - 1) * 3 * DAY_MS) };
    }
  };
  const frequent = only.filter((kind) => kind !== 'crash');
  const fault = (): Step['kind'] =>
    only.includes('crash') && (frequent.length === 0 || random() < CRASHES_AMONG_FAULTS) ? 'crash' : pick(frequent);
  const start = items();
  const steps = Array.from({ length: FEWEST_STEPS + upTo(MOST_STEPS - FEWEST_STEPS) }, () => {
    const kind = random() < 0.3 ? 'offer' : fault();
    return { step: make(kind), pauseMs: upTo(MOST_PAUSE_MS) };
  });
  return { seed, bus: random() < 0.5, start, steps };
}
