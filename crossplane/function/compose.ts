/** The function itself, without the wire: from a composite to what is desired. */
import type * as z from 'zod';

import { assertNever } from '#core/assert-never';

import type { Composite } from './composite.ts';
import { nameOf, ownSpec } from './composite.ts';
import {
  LegacyPaletteClusterProfileSpec,
  LegacyPaletteClusterSpec,
  PaletteClusterProfileSpec,
  PaletteClusterSpec,
  type AnyClusterSpec,
  type AnyProfileSpec,
} from './composites.ts';
import { isReady, mirrored, resolvedType, since, unresolved, type Condition } from './conditions.ts';
import { configSelector, connect, type Api, type Asked, type KnownSecrets } from './connect.ts';
import type { Connections } from './connections.ts';
import { DEFAULT_INPUT, Input, Mode } from './input.ts';
import { keep } from './keep.ts';
import { clusterObject, profileObject, type DesiredObject } from './managed.ts';
import { attempt, late, resolved, wrong, type Outcome, type Reason } from './outcome.ts';
import { parse } from './parse.ts';
import type { Required } from './required.ts';
import { resolveAccount } from './resolve-account.ts';
import { checkProfile, resolveLayers } from './resolve-layers.ts';
import { askForProfiles, resolveProfiles } from './resolve-profiles.ts';
import { statusOf, type Findings } from './status.ts';

export interface ComposeRequest {
  readonly composite: Composite;
  /** As the Composition has it; absent: none. */
  readonly input: unknown;
  /** Of the pipeline's context. Overrides the input's. */
  readonly mode: unknown;
  readonly required: Required;
}

export interface ComposeDependencies {
  readonly connections: Connections;
  readonly secrets: KnownSecrets;
  readonly now: () => number;
  /**
   * Milliseconds after which a call is answered with what is known. Default 10 s: what Crossplane waits for holds up one
   * of its workers, which other composites need. What the API answers later is there for the next call.
   */
  readonly answerWithinMs?: number;
}

export interface Result {
  readonly severity: 'Fatal' | 'Warning' | 'Normal';
  readonly reason: string;
  readonly message: string;
}

export interface Composition {
  /** By name in the composition. What was composed before and is not here is deleted. */
  readonly resources: ReadonlyMap<string, { readonly object: DesiredObject; readonly ready: boolean }>;
  /** Whether something is missing that should be composed: without it Crossplane takes an empty composite for ready. */
  readonly isIncomplete: boolean;
  readonly status: Readonly<Record<string, unknown>>;
  readonly connectionDetails: Readonly<Record<string, Buffer>>;
  readonly conditions: readonly Condition[];
  readonly results: readonly Result[];
  /** Seconds after which to call again although nothing happened. */
  readonly ttlSeconds: number;
}

/**
 * How soon to look again, in seconds. What only an edit of the composite mends needs no hurry, since Crossplane calls
 * after each; what may be mended in Palette or by another composite does.
 */
const LOOK_AGAIN: Readonly<Record<Reason, number>> = {
  InvalidSpec: 60,
  NotFound: 30,
  InvalidVariables: 30,
  WaitingForProfile: 15,
  ProviderConfigNotFound: 20,
  CredentialsInvalid: 20,
  ProjectNotFound: 20,
  ApiUnreachable: 20,
  LookupFailed: 20,
};
/** Crossplane calls at once with what was asked for. */
const ASKED_SECONDS = 20;

interface Resolution {
  readonly object: DesiredObject;
  readonly findings: Findings;
  readonly mode: Mode;
  readonly ttlSeconds: number;
}

/** Never throws for what the composite, the API or the cluster have wrong: that is in the conditions. */
export async function compose(request: ComposeRequest, deps: ComposeDependencies): Promise<Composition> {
  const { answerWithinMs = 10_000 } = deps;
  return finish(
    request.composite,
    await within(
      answerWithinMs,
      attempt(async () => resolve(request, deps)),
    ),
    deps,
  );
}

async function within<T>(ms: number, work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<Outcome<T>>((resolveLate) => {
    timer = setTimeout(() => resolveLate(late), ms);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

async function resolve(request: ComposeRequest, deps: ComposeDependencies): Promise<Outcome<Resolution | Asked>> {
  const { composite, required } = request;
  const input = request.input === undefined ? resolved(DEFAULT_INPUT) : parse(Input, request.input, 'input');
  if (input.kind !== 'resolved') return input;
  const mode = request.mode === undefined ? resolved(input.value.mode) : parse(Mode, request.mode, 'context mode');
  if (mode.kind !== 'resolved') return mode;
  const given = { input: input.value, mode: mode.value, composite, required };
  const { of, scope } = composite.kind;
  switch (of) {
    case 'cluster': {
      const schema = scope === 'Namespaced' ? PaletteClusterSpec : LegacyPaletteClusterSpec;
      const spec: Outcome<AnyClusterSpec> = parse<z.ZodType<AnyClusterSpec>>(schema, ownSpec(composite), 'spec');
      return spec.kind === 'resolved' ? resolveCluster(spec.value, given, deps) : spec;
    }
    case 'profile': {
      const schema = scope === 'Namespaced' ? PaletteClusterProfileSpec : LegacyPaletteClusterProfileSpec;
      const spec: Outcome<AnyProfileSpec> = parse<z.ZodType<AnyProfileSpec>>(schema, ownSpec(composite), 'spec');
      return spec.kind === 'resolved' ? resolveProfile(spec.value, given, deps) : spec;
    }
    default:
      return assertNever(of);
  }
}

interface Given {
  readonly composite: Composite;
  readonly required: Required;
  readonly input: Input;
  readonly mode: Mode;
}

async function resolveCluster(
  spec: AnyClusterSpec,
  { composite, required, input, mode }: Given,
  deps: ComposeDependencies,
): Promise<Outcome<Resolution | Asked>> {
  const wanted = spec.profiles ?? [];
  if (spec.cloud.importMode === 'read_only' && wanted.length > 0) {
    return wrong(
      'InvalidSpec',
      'spec.profiles',
      'a cluster that is only looked at (importMode read_only) runs no profiles',
    );
  }
  askForProfiles(composite, wanted, required);
  const api = await reach(spec, { composite, required, input, mode }, deps);
  if (api === undefined || api.kind === 'resolved') {
    const scope = api?.value.scopeOf(spec.cloud.context);
    const source = api === undefined || scope === undefined ? undefined : { lookups: api.value.lookups, scope };
    const account = await resolveAccount(spec.cloud, source);
    const profiles = await resolveProfiles(composite, wanted, required, source);
    if (profiles.kind === 'asked') return resolved(profiles);
    if (account.kind !== 'resolved' || profiles.kind !== 'resolved') return firstOf(account, profiles);
    return resolved({
      object: clusterObject(composite, spec, profiles.value, input),
      findings: { kind: 'cluster', profiles: profiles.value, cloudAccountUid: account.value },
      mode,
      ttlSeconds: input.revalidateSeconds,
    });
  }
  return api.kind === 'asked' ? resolved(api) : api;
}

async function resolveProfile(
  spec: AnyProfileSpec,
  given: Given,
  deps: ComposeDependencies,
): Promise<Outcome<Resolution | Asked>> {
  const { composite, input, mode } = given;
  const checked = checkProfile(spec);
  if (checked.kind !== 'resolved') return checked;
  const api = await reach(spec, given, deps);
  if (api?.kind === 'asked') return resolved(api);
  if (api !== undefined) {
    if (api.kind !== 'resolved') return api;
    const { lookups, scopeOf } = api.value;
    const layers = await resolveLayers(spec.layers, { lookups, scope: scopeOf(spec.context) });
    if (layers.kind !== 'resolved') return layers;
  }
  return resolved({
    object: profileObject(composite, spec, input),
    findings: { kind: 'profile', name: spec.name ?? nameOf(composite), version: spec.version },
    mode,
    ttlSeconds: input.revalidateSeconds,
  });
}

/** The API, or undefined when nobody is to be asked. */
async function reach(
  spec: AnyClusterSpec | AnyProfileSpec,
  { composite, required, input, mode }: Given,
  { connections, secrets }: ComposeDependencies,
): Promise<Outcome<Api> | Asked | undefined> {
  if (mode === 'Offline') return undefined;
  const selector = configSelector(composite, spec.providerConfigRef, input);
  return connect(selector, { required, connections, secrets });
}

/** All that is wrong with two outcomes of which one at least is no success. */
function firstOf(a: Outcome<unknown>, b: Outcome<unknown>): Outcome<never> {
  const problems = [a, b].flatMap((outcome) => (outcome.kind === 'wrong' ? outcome.problems : []));
  if (a.kind === 'unavailable') return a;
  if (b.kind === 'unavailable') return b;
  return { kind: 'wrong', problems };
}

function finish(composite: Composite, outcome: Outcome<Resolution | Asked>, { now }: ComposeDependencies): Composition {
  const { kind } = composite;
  const observed = composite.observed.get(kind.of);
  const known = outcome.kind === 'resolved' && !isAsked(outcome.value) ? outcome.value : undefined;
  const object = known?.object ?? (observed === undefined ? undefined : keep(observed.object));
  const told = tell(composite, outcome, now());
  return {
    ...told,
    resources: new Map(object === undefined ? [] : [[kind.of, { object, ready: isReady(observed?.object) }]]),
    isIncomplete: object === undefined,
    status: statusOf(composite, known?.findings),
    connectionDetails:
      kind.scope === 'LegacyCluster' ? pick(observed?.connectionDetails ?? {}, kind.connectionKeys) : {},
    conditions: [...told.conditions, ...mirrored(kind, observed?.object)],
  };
}

/** What people are told. */
function tell(
  { kind, object, observed }: Composite,
  outcome: Outcome<Resolution | Asked>,
  now: number,
): Pick<Composition, 'conditions' | 'results' | 'ttlSeconds'> {
  const kept = observed.has(kind.of) ? ' What is composed stays as it is.' : '';
  const sentence = (text: string): string => `${text}${/[.!?]$/.test(text) ? '' : '.'}${kept}`;
  if (outcome.kind === 'resolved') {
    if (isAsked(outcome.value)) return { conditions: [], results: [], ttlSeconds: ASKED_SECONDS };
    const { mode, ttlSeconds } = outcome.value;
    if (mode === 'Online') {
      const all = { type: resolvedType(kind), status: 'True', reason: 'Resolved', message: '' } as const;
      return { conditions: [all], results: [], ttlSeconds };
    }
    const message =
      'Composed offline: nothing was looked up, and identifiers that only the API knows stand as offline:…';
    return {
      conditions: [{ type: resolvedType(kind), status: 'Unknown', reason: 'Offline', message }],
      results: [{ severity: 'Warning', reason: 'Offline', message }],
      ttlSeconds,
    };
  }
  if (outcome.kind === 'unavailable') {
    const { reason } = outcome;
    const condition = since(object, unresolved(kind, reason, sentence(outcome.message)), now);
    const result = { severity: 'Warning', reason, message: sentence(outcome.message) } as const;
    return { conditions: [condition], results: [result], ttlSeconds: LOOK_AGAIN[reason] };
  }
  const { problems } = outcome;
  const reason = problems[0]?.reason ?? 'InvalidSpec';
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  // Only a change of the composite or of the Composition mends it, and nothing is there that could be kept.
  const isFatal = kept === '' && problems.every((problem) => problem.reason === 'InvalidSpec');
  return {
    conditions: [unresolved(kind, reason, sentence(lines.join('; ')))],
    results: isFatal
      ? [{ severity: 'Fatal', reason, message: lines.join('; ') }]
      : problems.map((problem, index) => ({
          severity: 'Warning',
          reason: problem.reason,
          message: sentence(lines[index] ?? ''),
        })),
    ttlSeconds: Math.min(...problems.map((problem) => LOOK_AGAIN[problem.reason])),
  };
}

function isAsked(value: Resolution | Asked): value is Asked {
  return 'kind' in value;
}

function pick<T>(values: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}
