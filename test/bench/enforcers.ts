/**
 * The same cases for the agent and, beside it on an API server of the same kind, for Flux: many objects, many packs, an idle
 * cluster, and objects that somebody edits.
 */
import type { ControlPlane } from '#cli/local/control-plane';
import { delay } from '#core/retry';
import { followConfigMaps } from '#test/faults/support/follow';
import { kubectl, startCluster } from '#test/support/cluster';
import { outsiderAt } from '#test/agent/support/outsider';

import { startAgent } from './enforcers/agent.ts';
import type { Enforcer, Unit } from './enforcers/enforcer.ts';
import { startFlux } from './enforcers/flux.ts';
import { cpuSeconds, peakMiB, residentMiB } from './processes.ts';
import { type Row, duration, percentile } from './statistics.ts';

const SIZES = [1_000, 5_000] as const;
const PACKS = 1_000;
const IDLE_MS = 20_000;
const NAMESPACE = 'bench';
/** Objects of one unit: a Secret or a ConfigMap holds 1 MiB, and so does what names them. */
const PER_UNIT = 1_000;

/** What one of them came to, by the name of the figure. */
type Figures = Map<string, Figure>;
interface Figure {
  readonly value: number;
  readonly unit: 'ms' | 'MiB' | 'cores' | 's CPU';
}

export async function benchEnforcers(): Promise<Row[]> {
  const ours = await measure(startAgent, 100);
  // It compares at an interval only: few edits tell enough, and each takes long.
  const theirs = await measure(async (cluster) => startFlux(cluster, { intervalSeconds: 10, concurrent: 10 }), 8);
  return [...ours.figures].map(([name, own]) => {
    const other = theirs.figures.get(name);
    const figure = show(own);
    return {
      bench: 'enforcers',
      measure: name,
      figure:
        other === undefined
          ? figure
          : `${figure}; ${theirs.name}: ${show(other)}, ${(other.value / own.value).toFixed(1)} times`,
    };
  });
}

async function measure(
  start: (cluster: ControlPlane) => Promise<Enforcer>,
  edits: number,
): Promise<{ readonly name: string; readonly figures: Figures }> {
  const cluster = await startCluster({ scheduler: false, kwok: false });
  try {
    await kubectl(cluster, ['create', 'namespace', NAMESPACE]);
    const enforcer = await start(cluster);
    const figures: Figures = new Map();
    try {
      await idle('without objects', enforcer, figures);
      for (const size of SIZES) {
        await delivered(`${size} objects`, unitsOf(size), enforcer, figures);
        await idle(`with ${size} objects`, enforcer, figures);
        await healed(`with ${size} objects`, size, edits, { cluster, figures });
      }
      const perThousand = (figure: string): number => figures.get(figure)?.value ?? Number.NaN;
      const [few, many] = SIZES.map((size) => perThousand(`resident, idle with ${size} objects`));
      note(figures, 'resident per 1000 objects more', { value: ((many ?? 0) - (few ?? 0)) / 4, unit: 'MiB' });
      await enforcer.deliver(unitsOf(1));
      await delivered(`${PACKS} packs of three objects`, packs(), enforcer, figures);
      return { name: enforcer.name, figures };
    } finally {
      await enforcer.stop();
    }
  } finally {
    await cluster.stop();
  }
}

/** Said as it comes: the other half may take long. */
function note(figures: Figures, name: string, figure: Figure): void {
  figures.set(name, figure);
  process.stderr.write(`  ${name}: ${show(figure)}\n`);
}

async function delivered(what: string, units: readonly Unit[], enforcer: Enforcer, figures: Figures): Promise<void> {
  const [cpu, started] = [await cpuSeconds(enforcer.pid), performance.now()];
  await enforcer.deliver(units);
  note(figures, `${what} to ready`, { value: performance.now() - started, unit: 'ms' });
  note(figures, `${what}, processor time`, { value: (await cpuSeconds(enforcer.pid)) - cpu, unit: 's CPU' });
  note(figures, `${what}, peak resident so far`, { value: await peakMiB(enforcer.pid), unit: 'MiB' });
}

async function idle(what: string, { pid }: Enforcer, figures: Figures): Promise<void> {
  const before = await cpuSeconds(pid);
  await delay(IDLE_MS);
  note(figures, `processor, idle ${what}`, {
    value: ((await cpuSeconds(pid)) - before) / (IDLE_MS / 1000),
    unit: 'cores',
  });
  note(figures, `resident, idle ${what}`, { value: await residentMiB(pid), unit: 'MiB' });
}

/** Somebody edits one object after the other; each time until it is as it was. */
async function healed(
  what: string,
  size: number,
  edits: number,
  { cluster, figures }: { readonly cluster: ControlPlane; readonly figures: Figures },
): Promise<void> {
  const outsider = outsiderAt(cluster.kubeconfig);
  const followed = await followConfigMaps(cluster.kubeconfig, NAMESPACE, 'fixed');
  const took: number[] = [];
  try {
    await followed.until('all are there', (values) => values.has(nameOf(size - 1)));
    for (let edit = 0; edit < edits; edit++) {
      const name = nameOf((edit * 37) % size);
      const seen = followed.until('the edit is seen', (values) => values.get(name) === `edit-${edit}`);
      await outsider.edit(
        { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name },
        { data: { fixed: `edit-${edit}` } },
      );
      const at = performance.now();
      await seen;
      await followed.until('it is healed', (values) => values.get(name) === 'yes', 120_000);
      took.push(performance.now() - at);
    }
  } finally {
    followed.stop();
  }
  note(figures, `foreign edit to healed, p50, ${what}`, { value: percentile(took, 0.5), unit: 'ms' });
  note(figures, `foreign edit to healed, p99, ${what}`, { value: percentile(took, 0.99), unit: 'ms' });
}

const nameOf = (index: number): string => `object-${String(index).padStart(4, '0')}`;

function unitsOf(size: number): Unit[] {
  const objects = Array.from({ length: size }, (_object, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: nameOf(index), namespace: NAMESPACE },
    data: { fixed: 'yes' },
  }));
  return Array.from({ length: Math.ceil(size / PER_UNIT) }, (_unit, at) => ({
    name: `unit-${at}`,
    objects: objects.slice(at * PER_UNIT, (at + 1) * PER_UNIT),
  }));
}

/** What a small application brings, a thousand times. */
function packs(): Unit[] {
  return Array.from({ length: PACKS }, (_pack, at) => {
    const metadata = { name: `app-${at}`, namespace: NAMESPACE };
    return {
      name: `app-${at}`,
      objects: [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { app: String(at) } },
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata,
          spec: { ports: [{ port: 80 }], selector: { app: `app-${at}` } },
        },
      ],
    };
  });
}

function show({ value, unit }: Figure): string {
  if (unit === 'ms') return duration(value);
  return unit === 'MiB' ? `${value.toFixed(0)} MiB` : `${value.toFixed(unit === 'cores' ? 3 : 1)} ${unit}`;
}
