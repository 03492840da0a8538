/**
 * Brings one object to what is desired. The waves and the drift watch both call this, so there
 * is one way only in which an object is ever written: compare, dry run, compare, write.
 */
import { assertNever } from '#core/assert-never';
import { traced, type SpanAttributes } from '#core/tracing/trace';
import type { Mask } from '#profiles/diff/mask';

import type { KubeClient } from '#kubernetes/client';
import { KubeError, isAway } from '#kubernetes/error';
import type { KubeObject } from '#kubernetes/object';
import { describeDrift, type Drift } from '../drift/describe.ts';
import { adopt } from './adopt.ts';
import { appliedForm } from './applied-form.ts';
import { contestedFields, describeContested, type Contested } from './conflicts.ts';
import { isReplaceable, isTakenAnew } from './immutable.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { contentHash } from './normalise.ts';
import { MAX_MESSAGE, safeMessage } from './safe-message.ts';
import { isShortLived, PART_OF_LABEL } from './stamp.ts';
import type { Entry, ObjectTable } from './table.ts';

export type Convergence =
  /** It was as desired; nothing was written. */
  | { readonly kind: 'unchanged' }
  /** It is someone else's namespace. */
  | { readonly kind: 'foreign' }
  /** It is on its way out; looked at again when it is gone. */
  | { readonly kind: 'terminating' }
  /** It was written for the first time in this form. */
  | { readonly kind: 'applied' }
  /** Others manage some of its fields, and by policy keep them: nothing was written. Told once for each state it is in. */
  | { readonly kind: 'contested'; readonly message: string; readonly drift: Drift | undefined }
  /** Someone changed or deleted it. */
  | { readonly kind: 'drifted'; readonly drift: Drift; readonly action: 'healed' | 'reported' | 'standing' };

export interface ConvergeContext {
  readonly client: Pick<KubeClient, 'get' | 'apply' | 'delete'>;
  readonly table: ObjectTable;
  readonly lock: KeyedLock;
  /** Hides values of sensitive variables in what is told. */
  readonly mask: Mask;
  /** Called once for each write. */
  readonly onWrite: () => void;
}

export interface ConvergeOptions {
  readonly signal: AbortSignal;
  /** Trust nothing the watches said. */
  readonly verify?: boolean;
}

/** An object that changes while it is read and written is read again so often. */
const ATTEMPTS = 4;

/**
 * @throws KubeError when the API server refuses it or does not answer. A refusal is kept as the
 *   entry's problem besides.
 */
export async function converge(entry: Entry, context: ConvergeContext, options: ConvergeOptions): Promise<Convergence> {
  return context.lock(entry.key, async () => {
    // A newer document took it away while this waited: what goes is not brought back.
    if (context.table.entry(entry.key) !== entry) return { kind: 'unchanged' };
    entry.reached = true;
    try {
      if (options.verify) await lookAgain(entry, context, options);
      const outcome = await untilUndisturbed(async () => convergeLocked(entry, context, options));
      if (outcome.kind !== 'terminating' && outcome.kind !== 'contested') entry.problem = undefined;
      return outcome;
    } catch (error) {
      if (error instanceof KubeError && !isAway(error)) entry.problem = problemOf(entry, error, context.mask);
      throw error;
    }
  });
}

/** Repeats what somebody else's write came in between of. */
async function untilUndisturbed<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const disturbed = error instanceof KubeError && error.status === 409 && error.fields.length === 0;
      if (!disturbed || attempt === ATTEMPTS) throw error;
    }
  }
}

async function lookAgain(entry: Entry, { client, table }: ConvergeContext, { signal }: ConvergeOptions): Promise<void> {
  const { ref, object } = entry.desired;
  const current = await client.get(ref, { signal });
  if (current && current.metadata.labels?.[PART_OF_LABEL] === object.metadata.labels?.[PART_OF_LABEL])
    table.observe(current);
  else table.forget(entry.key);
  entry.cleanHash = undefined;
}

async function convergeLocked(
  entry: Entry,
  context: ConvergeContext,
  options: { readonly signal: AbortSignal },
): Promise<Convergence> {
  const { table, client } = context;
  const { desired } = entry;
  const live = table.live(entry.key);
  if (live?.readiness.kind === 'terminating') return { kind: 'terminating' };
  const wasApplied = entry.appliedDigest === desired.digest;
  if (wasApplied && live && live.hash === entry.cleanHash) return { kind: 'unchanged' };
  if (wasApplied && !live && isShortLived(desired.object)) return { kind: 'unchanged' };
  if (desired.implicit && !live && (await isForeign(entry, context, options))) return { kind: 'foreign' };

  const form =
    desired.rules.ignored.length === 0 ? desired.object : appliedForm(desired, await client.get(desired.ref, options));
  const wanted = await dryRun(entry, form, context, options);
  switch (wanted.kind) {
    case 'replaced':
      return { kind: 'terminating' };
    case 'contested':
      return leave(entry, wanted, context, options);
    case 'taken':
      break;
    default:
      return assertNever(wanted);
  }
  if (live && live.hash === contentHash(wanted.object)) return settle(entry, live.hash);
  if (wasApplied) return onDrift(entry, form, wanted.object, context, options);
  await write(entry, form, context, options);
  return { kind: 'applied' };
}

type DryRun =
  | { readonly kind: 'taken'; readonly object: KubeObject }
  /** It cannot be changed into what is desired, and is being deleted to be made anew. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'contested'; readonly contested: readonly Contested[] };

/** What applying would give. */
async function dryRun(
  entry: Entry,
  form: KubeObject,
  context: ConvergeContext,
  options: ConvergeOptions,
): Promise<DryRun> {
  const { client, table } = context;
  const { ref, rules, digest } = entry.desired;
  try {
    const force = rules.conflicts === 'take';
    return { kind: 'taken', object: await client.apply(form, { ...options, dryRun: true, force }) };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const contested = contestedFields(error);
    if (contested.length > 0) return { kind: 'contested', contested };
    const live = table.live(entry.key);
    // Where drift is only looked at, nothing is deleted on its account.
    const mayReplace = rules.immutable === 'recreate' && (entry.appliedDigest !== digest || rules.drift === 'heal');
    if (error.status !== 422 || !live || !mayReplace || !isReplaceable(form)) throw error;
    if (!(await isTakenAnew(form, client, options))) throw error;
    context.onWrite();
    await client.delete(ref, { ...options, uid: live.uid, propagation: 'Foreground' });
    return { kind: 'replaced' };
  }
}

/** What others manage is not fought over: it stands as a problem of the object, told once. */
async function leave(
  entry: Entry,
  { contested }: Extract<DryRun, { kind: 'contested' }>,
  { client, table, mask }: ConvergeContext,
  options: ConvergeOptions,
): Promise<Convergence> {
  const { desired } = entry;
  // Keys of lists stand in the names of fields.
  const message = String(mask(describeContested(contested))).slice(0, MAX_MESSAGE);
  const [first] = contested;
  entry.problem = { ...desired.ref, ...(first === undefined ? {} : { field: String(mask(first.field)) }), message };
  const current = await client.get(desired.ref, options);
  if (current && table.live(entry.key)) table.observe(current);
  const hash = current ? contentHash(current) : 'deleted';
  const isNew = entry.standingDrift !== hash;
  entry.standingDrift = hash;
  if (!isNew || entry.appliedDigest !== desired.digest) return { kind: 'contested', message, drift: undefined };
  const wanted = await client.apply(desired.object, { ...options, dryRun: true });
  const drift = describeDrift(desired, current, wanted, mask);
  return { kind: 'contested', message, drift: { ...drift, manager: first?.manager ?? drift.manager } };
}

async function onDrift(
  entry: Entry,
  form: KubeObject,
  wanted: KubeObject,
  context: ConvergeContext,
  options: { readonly signal: AbortSignal },
): Promise<Convergence> {
  const { desired } = entry;
  const current = await context.client.get(desired.ref, options);
  if (current?.metadata.deletionTimestamp !== undefined) return { kind: 'terminating' };
  const hash = current && contentHash(current);
  if (current && hash !== undefined && hash === contentHash(wanted)) {
    context.table.observe(current);
    return settle(entry, hash);
  }
  const drift = describeDrift(desired, current, wanted, context.mask);
  const policy = desired.rules.drift;
  switch (policy) {
    case 'heal':
      await write(entry, form, context, options);
      return { kind: 'drifted', drift, action: 'healed' };
    // Nothing is looked at more closely where nobody wants to know.
    case 'ignore':
      entry.standingDrift = hash ?? 'deleted';
      return { kind: 'drifted', drift, action: 'standing' };
    case 'alert': {
      const standing = entry.standingDrift === (hash ?? 'deleted');
      entry.standingDrift = hash ?? 'deleted';
      return { kind: 'drifted', drift, action: standing ? 'standing' : 'reported' };
    }
    default:
      return assertNever(policy);
  }
}

function settle(entry: Entry, hash: string): Convergence {
  entry.appliedDigest = entry.desired.digest;
  entry.cleanHash = hash;
  entry.standingDrift = undefined;
  entry.foreign = false;
  return { kind: 'unchanged' };
}

async function write(
  entry: Entry,
  form: KubeObject,
  { client, table, onWrite }: ConvergeContext,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  const { desired } = entry;
  onWrite();
  if (!isReplaceable(form) && !table.live(entry.key)) await adopt(form, client, options);
  const written = await traced('apply object', { attributes: objectAttributes(desired.ref) }, async () =>
    client.apply(form, { ...options, force: desired.rules.conflicts === 'take' }),
  );
  entry.appliedDigest = desired.digest;
  entry.cleanHash = contentHash(written);
  entry.standingDrift = undefined;
  entry.foreign = false;
  table.observe(written);
}

function objectAttributes({ apiVersion, kind, namespace, name }: Entry['desired']['ref']): SpanAttributes {
  return {
    'k8s.object.api_version': apiVersion,
    'k8s.object.kind': kind,
    'k8s.object.name': name,
    ...(namespace === undefined ? {} : { 'k8s.namespace.name': namespace }),
  };
}

async function isForeign(
  entry: Entry,
  { client }: ConvergeContext,
  options: { readonly signal: AbortSignal },
): Promise<boolean> {
  const found = await client.get(entry.desired.ref, options);
  entry.foreign =
    found !== undefined &&
    found.metadata.labels?.[PART_OF_LABEL] !== entry.desired.object.metadata.labels?.[PART_OF_LABEL];
  return entry.foreign;
}

function problemOf({ desired }: Entry, error: KubeError, mask: Mask): NonNullable<Entry['problem']> {
  const { apiVersion, kind, namespace, name } = desired.ref;
  const field = error.fields[0]?.field;
  return {
    apiVersion,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    // A key of a list stands in the field's name.
    ...(field === undefined ? {} : { field: String(mask(field)) }),
    message: safeMessage(error, desired.ref, desired.object, mask),
  };
}
