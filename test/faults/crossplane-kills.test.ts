/**
 * The controller is killed with SIGKILL again and again while it creates: each managed resource stands for exactly one
 * object in the plane afterwards, and nothing is there that none stands for.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Child, startChild } from '#cli/local/child';
import { mainFile } from '#cli/package-root';
import type { KindScope } from '#crossplane/schema/kinds';
import type { KubeObject, ObjectRef } from '#kubernetes/object';
import type { ResourceType } from '#resources/index';
import type { Values } from '#test/conformance/cases/case';
import {
  conditionOf,
  eventually,
  externalNameOf,
  placeOf,
  refTo,
  startManagedBench,
  type ManagedBench,
} from '#test/conformance/support/managed';
import { toManaged } from '#test/conformance/support/to-managed';

import { startGate, type Gate, type Passing } from './support/gate.ts';
import { listAll, type Listed } from './support/list-all.ts';
import { randomFrom } from './support/random.ts';

const KILLS = 200;
/** The next objects, one of each kind, come when fewer than this many wait for their creation. */
const WAITING = 20;
/** A life ends when nothing is asked of the plane for so long, in milliseconds: there is nothing left to do. */
const QUIET_MS = 500;
/** The first request comes within this, in milliseconds. */
const BEGIN_MS = 20_000;
const SETTLE_MS = 120_000;

jest.setTimeout(30 * 60_000);

/** Kinds that are made, and the values that give one its name. */
const KINDS: readonly { readonly type: ResourceType; readonly values: (name: string) => Values }[] = [
  { type: 'spectrocloud_project', values: (name) => ({ name, tags: ['by:controller'] }) },
  {
    // Two requests: made, and then switched off.
    type: 'spectrocloud_registration_token',
    values: (name) => ({ name, expiryDate: '2099-12-31', status: 'inactive' }),
  },
  {
    type: 'spectrocloud_cloudaccount_aws',
    values: (name) => ({ name, awsAccessKey: 'AKIAIOSFODNN7EXAMPLE', awsSecretKey: `secret-of-${name}` }),
  },
  {
    type: 'spectrocloud_cluster_profile',
    values: (name) => ({
      name,
      pack: [
        {
          name: 'own',
          type: 'manifest',
          manifest: [{ name: 'settings', content: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }],
        },
      ],
    }),
  },
  {
    // Imported, then its settings in requests of their own.
    type: 'spectrocloud_cluster_brownfield',
    values: (name) => ({
      name,
      cloudType: 'generic',
      description: 'An edge',
      clusterTimezone: 'Europe/Vienna',
      namespaces: [{ name: 'shop', resourceAllocation: { cpu_cores: '2', memory_MiB: '512' } }],
    }),
  },
];

interface Made {
  readonly type: ResourceType;
  readonly scope: KindScope;
  readonly name: string;
}

/** When a life of the controller ends: at a stage of the n-th request that changes something, or at some time. */
type Death =
  | { readonly kind: 'request'; readonly stage: Passing['stage']; readonly nth: number; readonly afterMs: number }
  | { readonly kind: 'time'; readonly afterMs: number };

let bench: ManagedBench;
let gate: Gate;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palette-kills-'));
  bench = await startManagedBench({
    through: async (plane) => (gate = await startGate(plane)),
    // The controllers of this test are its own.
    controller: false,
  });
});

afterAll(async () => {
  await bench.stop();
  await gate.stop();
  await rm(folder, { recursive: true, force: true });
});

const seed = Number(process.env['PALETTE_TEST_SEED'] ?? Date.now() % 1_000_000);

async function start(): Promise<Child> {
  return startChild({
    name: 'controller',
    command: process.execPath,
    args: [
      mainFile,
      'crossplane',
      'controller',
      `--kubeconfig=${bench.kubeconfig}`,
      '--no-leader-election',
      '--metrics=127.0.0.1:0',
    ],
    logFile: join(folder, 'controller.log'),
  });
}

/** Runs one life of the controller to its death. @returns how it died */
async function live(death: Death): Promise<string> {
  const child = await start();
  let writes = 0;
  let how: string | undefined;
  const kill = (why: string): void => {
    how ??= why;
    child.kill('SIGKILL');
  };
  let idle = setTimeout(() => kill('idle'), BEGIN_MS);
  let timer: NodeJS.Timeout | undefined;
  // How long it takes to begin depends on the machine, so all times count from its first request.
  gate.watch(({ method, stage }) => {
    clearTimeout(idle);
    idle = setTimeout(() => kill('idle'), QUIET_MS);
    if (death.kind === 'time') timer ??= setTimeout(() => kill('some time'), death.afterMs);
    else if (method !== 'GET' && stage === death.stage && ++writes === death.nth) {
      if (death.afterMs === 0) kill(stage);
      else timer = setTimeout(() => kill(`${stage}, and a little later`), death.afterMs);
    }
  });
  await child.exited;
  clearTimeout(idle);
  clearTimeout(timer);
  return how ?? 'by itself';
}

describe('a controller that is killed while it creates', () => {
  const made: Made[] = [];
  const deaths: Record<string, number> = {};

  it(`makes each object once, killed ${KILLS} times (PALETTE_TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed);
    const stages = ['arrived', 'answered', 'delivered'] as const;
    for (let count = 0; count < KILLS; count++) {
      if ((await unmade(made)) < WAITING) await makeWave(random);
      const death: Death =
        random() < 0.2
          ? { kind: 'time', afterMs: random() * 400 }
          : {
              kind: 'request',
              stage: stages[Math.floor(random() * stages.length)] ?? 'answered',
              nth: 1 + Math.floor(random() * 8),
              afterMs: random() < 0.4 ? 0 : random() * 40,
            };
      const how = await live(death);
      deaths[how] = (deaths[how] ?? 0) + 1;
    }
    // Most lives ended in the midst of a creation, or the test shows nothing.
    const { idle = 0, 'some time': some = 0, 'by itself': itself = 0 } = deaths;
    expect({ deaths, astray: idle + some + itself > KILLS / 2 }).toEqual({ deaths, astray: false });
    await expectOneEach();
  });

  it('takes all of it back, killed on the way', async () => {
    const random = randomFrom(seed + 1);
    await Promise.all(
      made.map(async (each) => bench.kube.delete(refOf(each), { signal: AbortSignal.timeout(30_000) })),
    );
    for (let count = 0; count < KILLS / 10; count++) {
      const stage = random() < 0.5 ? 'answered' : 'arrived';
      await live({ kind: 'request', stage, nth: 1 + Math.floor(random() * 20), afterMs: random() * 20 });
    }
    const child = await start();
    try {
      await eventually(
        'every managed resource is gone',
        async () => {
          const all = await Promise.all(made.map(async (each) => read(each)));
          const held = all.filter((object) => object !== undefined);
          return held.length === 0 ? { found: true } : { seen: held.slice(0, 3) };
        },
        SETTLE_MS,
      );
      const left = Object.values(await listAll(bench.plane)).flat();
      expect({ seed, left: left.filter(isOurs) }).toEqual({ seed, left: [] });
    } finally {
      await child.stop(30_000);
    }
  });

  async function makeWave(random: () => number): Promise<void> {
    const scope: KindScope = random() < 0.5 ? 'Namespaced' : 'Cluster';
    for (const { type, values } of KINDS) {
      const name = `kill-${made.length}`;
      const { object, secrets } = await toManaged({ type, name, values: values(name) }, placeOf(type, scope));
      for (const each of [...secrets, object]) await bench.kube.create(each, { signal: AbortSignal.timeout(30_000) });
      made.push({ type, scope, name });
    }
  }

  /** That each managed resource has its object, under the name that it says, and that there are no others. */
  async function expectOneEach(): Promise<void> {
    const child = await start();
    try {
      const objects = await eventually(
        'every managed resource is in sync',
        async () => {
          const all = await Promise.all(made.map(async (each) => ({ each, object: await read(each) })));
          const late = all.filter(({ object }) => object === undefined || !isMade(object));
          return late.length === 0 ? { found: all } : { seen: late.slice(0, 3) };
        },
        SETTLE_MS,
      );
      const there: Record<string, readonly Listed[]> = await listAll(bench.plane);
      for (const { type } of KINDS) {
        const expected = objects
          .filter(({ each }) => each.type === type)
          .map(({ each, object }) => ({ name: each.name, uid: object === undefined ? '' : externalNameOf(object) }));
        expect({ seed, deaths, type, there: sorted((there[type] ?? []).filter(isOurs)) }).toEqual({
          seed,
          deaths,
          type,
          there: sorted(expected),
        });
      }
    } finally {
      await child.stop(30_000);
    }
  }
});

const isOurs = ({ name }: Listed): boolean => name.startsWith('kill-');
const sorted = (found: readonly Listed[]): Listed[] =>
  found.toSorted((a, b) => a.name.localeCompare(b.name) || a.uid.localeCompare(b.uid));

const refOf = ({ type, scope, name }: Made): ObjectRef => refTo(placeOf(type, scope), name);

async function read(each: Made): Promise<KubeObject | undefined> {
  return bench.kube.get(refOf(each), { signal: AbortSignal.timeout(30_000) });
}

/** A cluster without agent is never Ready. */
function isMade(object: KubeObject): boolean {
  return externalNameOf(object) !== '' && conditionOf(object, 'Synced')?.status === 'True';
}

/** How many of the newest wait for their creation. */
async function unmade(made: readonly Made[]): Promise<number> {
  const newest = await Promise.all(made.slice(-4 * WAITING).map(async (each) => read(each)));
  return newest.filter((object) => object === undefined || !isMade(object)).length;
}
