/**
 * Keeps the cluster at the document in force: passes when something asks for one, single objects
 * when the watches see a change. The newest document wins: it interrupts a pass on an older one.
 */
import type { Logger } from '#core/log';
import { traced } from '#core/tracing/trace';
import { backoffDelay, delay } from '#core/retry';

import { createDamper } from '../drift/damper.ts';
import type { Drift } from '../drift/describe.ts';
import { createHealer } from '../drift/healer.ts';
import { createWatchers } from '../drift/watchers.ts';
import type { KubeClient } from '#kubernetes/client';
import { isTransient } from '#kubernetes/error';
import { valueAt } from '#kubernetes/object';
import type { AgentMetrics } from '../metrics.ts';
import { maskTexts, type Mask } from '#profiles/diff/mask';
import { converge, type Convergence } from './converge.ts';
import { runGates } from './gates.ts';
import { createInventory } from './inventory.ts';
import { createKeyedLock } from './keyed-lock.ts';
import { pendingLayer, viewLayer, type LayerState, type ViewedLayer } from './layer-state.ts';
import { maskedLog } from './masked-log.ts';
import { asksForPatterns, watchNamespaces } from './namespace-patterns.ts';
import { createPassTrace } from './pass-trace.ts';
import { runPass } from './pass.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import { extensions } from './extensions.ts';
import { createReleases } from './releases.ts';
import { withRemovals, type Removal } from './removals.ts';
import type { Capabilities, RenderLayer } from './render.ts';
import { safeMessage } from './safe-message.ts';
import { sensitiveTexts } from './sensitive.ts';
import { createSchedule } from './schedule.ts';
import { isShortLived, type DesiredObject } from './stamp.ts';
import { createObjectTable, type Entry } from './table.ts';
import { joinSignals } from '../signals.ts';
import { createWake } from '../wake.ts';

/** What came of a change from outside; `tookMs` counts from noticing it. */
export interface DriftNews {
  readonly drift: Drift;
  readonly action: 'healed' | 'reported' | 'failed';
  readonly tookMs: number;
  readonly message: string;
}

export interface EnforcerView {
  readonly policy: PolicyInForce | undefined;
  readonly kubernetesVersion: string;
  /** Those of the document, and those of which something is left to remove. */
  readonly layers: readonly ViewedLayer[];
  /** Every wave was gone through. */
  readonly complete: boolean;
  /** A deleting document was carried out. */
  readonly cleaned: boolean;
}

export interface EnforcerOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly render: RenderLayer;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  readonly now: () => Date;
  readonly readyPatienceMs: number;
  readonly prunePatienceMs: number;
  readonly onDrift: (news: DriftNews) => void;
  /** A walk came to its end: a good moment to tidy up. */
  readonly onPass: () => void;
  /** Something of the view changed. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

export interface Enforcer {
  /** Puts a verified document in force. */
  setPolicy(policy: PolicyInForce): void;
  /** Compares every object with the document now. @throws Error when that fails */
  resync(options: { readonly signal: AbortSignal }): Promise<void>;
  view(): EnforcerView;
  /** Whether this very object was applied, or found in place, and nobody changed it since, as far as the watches tell. */
  isInPlace(object: Pick<DesiredObject, 'key' | 'digest'>): boolean;
  /** What the cluster can do now. @throws KubeError */
  capabilities(options: { readonly signal: AbortSignal }): Promise<Capabilities>;
  /** Removes the set's own record, after a cleaned document. */
  forget(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Works until the signal is aborted. */
  run(): Promise<void>;
}

const RETRY = { baseMs: 1_000, maxMs: 60_000 };
/** An object that cannot be brought back may be missing something else, such as its namespace. */
const SECOND_LOOK_MS = 1_000;
/** Namespaces come in groups, and what is in them a moment later. */
const NEW_NAMESPACE_MS = 500;
/** The API server comes back within seconds, or someone is working on it. */
const AWAY = { baseMs: 250, maxMs: 10_000 };

export function createEnforcer(options: EnforcerOptions): Enforcer {
  const { client, metrics, now, signal } = options;
  let mask: Mask = maskTexts([]);
  const hidden = (text: string): string => String(mask(text));
  const log = maskedLog(options.log, hidden);
  const table = createObjectTable();
  const inventory = createInventory(client, options.namespace);
  const releases = createReleases(client, options.namespace);
  const watchers = createWatchers({
    client,
    table,
    labelSelector: inventory.selector,
    log,
    signal,
  });
  const damper = createDamper();
  const lock = createKeyedLock();
  const schedule = createSchedule();
  const changes = createWake();
  const states = new Map<string, LayerState>();
  const resyncs: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  let policy: PolicyInForce | undefined;
  let interrupt = new AbortController();
  let capabilities: Capabilities = { kubeVersion: '', apiVersions: [] };
  let complete = false;
  let removals: readonly Removal[] = [];
  let inForceSince = '';
  let namespacesWatched = false;

  const convergeEntry = async (
    entry: Entry,
    how: { readonly signal: AbortSignal; readonly noticedAt?: number; readonly verify?: boolean },
  ): Promise<Convergence> => {
    const noticedAt = how.noticedAt ?? performance.now();
    const outcome = await converge(entry, { client, table, lock, mask, onWrite: () => metrics.applies.inc() }, how);
    const tookMs = performance.now() - noticedAt;
    if (outcome.kind === 'contested' && outcome.drift) {
      damper.met(entry.key);
      metrics.drifts.inc({ action: 'reported' });
      options.onDrift({ drift: outcome.drift, action: 'reported', tookMs, message: outcome.message });
    }
    if (outcome.kind !== 'drifted' || outcome.action === 'standing') return outcome;
    const fought = damper.met(entry.key);
    if (outcome.action === 'healed') {
      metrics.heals.inc();
      metrics.healSeconds.observe(tookMs / 1000);
    }
    metrics.drifts.inc({ action: outcome.action });
    const other = outcome.drift.manager ?? 'something';
    const less = outcome.action === 'healed' ? 'heals it' : 'tells of it';
    const message = fought ? `${other} changes it again and again: the agent ${less} less often now` : '';
    options.onDrift({ drift: outcome.drift, action: outcome.action, tookMs, message });
    return outcome;
  };

  const tellFailure = ({ key, desired }: Entry, error: unknown): void => {
    const drift: Drift = {
      ref: desired.ref,
      layer: desired.layer,
      change: table.live(key) ? 'modified' : 'deleted',
      fields: [],
      diff: [],
      manager: undefined,
    };
    metrics.drifts.inc({ action: 'failed' });
    const message = safeMessage(
      error instanceof Error ? error : { message: String(error) },
      desired.ref,
      desired.object,
      mask,
    );
    options.onDrift({ drift, action: 'failed', tookMs: 0, message });
  };

  const healer = createHealer({
    table,
    damper,
    converge: convergeEntry,
    onFailure: (entry, error, attempt) => {
      schedule.ask('pass', SECOND_LOOK_MS);
      if (attempt === 0 && !isTransient(error)) tellFailure(entry, error);
    },
    log,
    signal,
  });
  const noteChange = (): void => {
    changes.notify();
    options.onChange();
  };
  table.onChange(noteChange);
  metrics.queue('drift', () => healer.queue.length);
  metrics.objects(() => [...table.entries()].filter(({ foreign }) => !foreign).length);

  const readCapabilities = async (how: { readonly signal: AbortSignal }): Promise<Capabilities> => {
    const version = valueAt(await client.read('/version', how), 'gitVersion');
    return {
      kubeVersion: typeof version === 'string' ? version : '',
      apiVersions: await extensions(client.discovery, how),
    };
  };

  /** One pass; gives whether another one is needed. */
  const pass = async (current: PolicyInForce, verify: boolean, stop: AbortSignal): Promise<boolean> => {
    capabilities = await readCapabilities({ signal: stop });
    if (verify) for (const state of states.values()) state.progress = 'applied';
    const result = await runPass({
      client,
      table,
      watchers,
      inventory,
      render: options.render,
      capabilities,
      policy: current,
      converge: async (entry) => convergeEntry(entry, { signal, verify }),
      lock,
      releases,
      states,
      nextChange: async (how) => changes.next(how),
      readyPatienceMs: options.readyPatienceMs,
      prunePatienceMs: options.prunePatienceMs,
      onDelete: () => metrics.deletes.inc(),
      onWrite: () => metrics.applies.inc(),
      log,
      now,
      signal: stop,
    });
    damper.sweep();
    complete = true;
    metrics.passes.inc();
    options.onPass();
    removals = result.removals;
    options.onChange();
    return result.unfinished;
  };

  const hasPatterns = (): boolean => policy?.document.layers.some(asksForPatterns) ?? false;
  const watchPatterns = (): void => {
    if (namespacesWatched || !hasPatterns()) return;
    namespacesWatched = true;
    const onNew = (): void => {
      if (hasPatterns()) schedule.ask('pass', NEW_NAMESPACE_MS);
    };
    watchNamespaces(client, onNew, { log, signal }).catch((error: unknown) =>
      log.error({ err: error }, 'namespaces are not watched any more'),
    );
  };

  const settleResyncs = (error?: unknown): void => {
    for (const { resolve, reject } of resyncs.splice(0)) {
      if (error === undefined) resolve();
      else reject(error);
    }
  };

  const loop = async (): Promise<void> => {
    await untilLoaded();
    const trace = createPassTrace(now);
    for (let failures = 0; ;) {
      const kind = await schedule.next({ signal });
      if (!policy) {
        // There is nothing to compare with yet; the first document is compared as a whole.
        settleResyncs();
        continue;
      }
      const current = policy;
      const newer = interrupt.signal;
      const verify = kind === 'verify';
      try {
        const unfinished = await traced('enforce', trace.options(current), async () =>
          pass(current, verify, joinSignals(signal, newer)),
        );
        trace.done(current);
        if (verify) settleResyncs();
        failures = unfinished ? failures + 1 : 0;
        if (unfinished) schedule.ask('pass', backoffDelay(failures - 1, RETRY));
        schedule.ask('verify', current.document.policy.resyncSeconds * 1000);
      } catch (error) {
        signal.throwIfAborted();
        // What was asked for is still to be done, now on the newer document.
        if (newer.aborted) {
          failures = 0;
          schedule.ask(kind);
          continue;
        }
        if (verify) settleResyncs(error);
        log.warn({ err: error, attempt: failures }, 'pass broke off, trying again');
        schedule.ask(kind, backoffDelay(failures++, AWAY));
      }
    }
  };

  const untilLoaded = async (): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      try {
        await inventory.load({ signal });
        await releases.load({ signal });
        return;
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error }, 'the API server does not answer, waiting');
        await delay(backoffDelay(attempt, AWAY), { signal });
      }
    }
  };

  return {
    setPolicy: (next) => {
      if (policy?.digest === next.digest && policy.local === next.local) return;
      const former = policy;
      policy = next;
      complete = false;
      removals = [];
      inForceSince = now().toISOString();
      // What the former document hid stays hidden until it is replaced in the cluster.
      mask = maskTexts([...sensitiveTexts(next.document), ...(former ? sensitiveTexts(former.document) : [])]);
      updateStates(states, next, now);
      metrics.revision.set(next.document.revision);
      interrupt.abort(new Error('a newer document came'));
      interrupt = new AbortController();
      watchPatterns();
      schedule.ask('pass');
      options.onChange();
    },
    resync: async ({ signal: stop }) =>
      new Promise<void>((resolve, reject) => {
        const ended = new AbortController();
        const end = (settle: () => void): void => {
          ended.abort();
          settle();
        };
        stop.addEventListener('abort', () => reject(new Error('the agent stops')), {
          once: true,
          signal: ended.signal,
        });
        resyncs.push({ resolve: () => end(resolve), reject: (error) => end(() => reject(error)) });
        schedule.ask('verify');
      }),
    view: () => ({
      policy,
      kubernetesVersion: capabilities.kubeVersion,
      layers: withRemovals(
        [...states.values()].map((state) => ({ state, ...viewLayer(state, table.ofLayer(state.layer.name), table) })),
        removals,
        { since: inForceSince },
      ).map((view) => ({ ...view, message: hidden(view.message) })),
      complete,
      cleaned: complete && removals.length === 0 && policy?.document.lifecycle === 'deleting',
    }),
    isInPlace: ({ key, digest }) => {
      const entry = table.entry(key);
      if (entry?.appliedDigest !== digest) return false;
      const live = table.live(key);
      return live ? live.hash === entry.cleanHash : isShortLived(entry.desired.object);
    },
    capabilities: readCapabilities,
    forget: async (how) => inventory.remove(how),
    run: async () => {
      const gates = runGates({ client, states: () => states.values(), onChange: noteChange, log, signal });
      await Promise.all([loop(), gates]).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      settleResyncs(new Error('the agent stops'));
      await healer.queue.idle();
    },
  };
}

/** Keeps what is known of layers that stay, as far as it still holds. */
function updateStates(states: Map<string, LayerState>, { document }: PolicyInForce, now: () => Date): void {
  const former = new Map(states);
  states.clear();
  for (const layer of document.lifecycle === 'deleting' ? [] : document.layers) {
    const known = former.get(layer.name);
    states.set(layer.name, {
      ...pendingLayer(layer, now),
      ...(known
        ? {
            rendered: known.rendered,
            hooks: known.hooks,
            runTests: known.runTests,
            checks: known.checks,
            gate: known.gate,
          }
        : {}),
    });
  }
}
