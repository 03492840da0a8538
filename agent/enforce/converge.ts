/**
 * Brings one object to what is desired. The waves and the drift watch both call this, so there
 * is one way only in which an object is ever written: compare, dry run, compare, write.
 */
import type { DriftPolicy } from '#protocol/desired-state';
import { assertNever } from '#core/assert-never';

import type { KubeClient } from '#kubernetes/client';
import { KubeError, isTransient } from '#kubernetes/error';
import { describeRef, type KubeObject, type ObjectRef } from '#kubernetes/object';
import type { KeyedLock } from './keyed-lock.ts';
import { changedFields, contentHash } from './normalise.ts';
import { isHook, isShortLived, PART_OF_LABEL } from './stamp.ts';
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
  /** Someone changed or deleted it. */
  | { readonly kind: 'drifted'; readonly drift: Drift; readonly action: 'healed' | 'reported' | 'standing' };

export interface Drift {
  readonly ref: ObjectRef;
  readonly layer: string;
  readonly change: 'modified' | 'deleted';
  readonly fields: readonly string[];
}

export interface ConvergeContext {
  readonly client: Pick<KubeClient, 'get' | 'apply' | 'delete'>;
  readonly table: ObjectTable;
  readonly lock: KeyedLock;
  readonly driftPolicy: () => DriftPolicy;
  /** Called once for each write. */
  readonly onWrite: () => void;
}

export interface ConvergeOptions {
  readonly signal: AbortSignal;
  /** Trust nothing the watches said. */
  readonly verify?: boolean;
}

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
      const outcome = await convergeLocked(entry, context, options);
      if (outcome.kind !== 'terminating') entry.problem = undefined;
      return outcome;
    } catch (error) {
      if (error instanceof KubeError && !isTransient(error)) entry.problem = problemOf(entry, error);
      throw error;
    }
  });
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
  const { table } = context;
  const { desired } = entry;
  const live = table.live(entry.key);
  if (live?.readiness.kind === 'terminating') return { kind: 'terminating' };
  const wasApplied = entry.appliedDigest === desired.digest;
  if (wasApplied && live && live.hash === entry.cleanHash) return { kind: 'unchanged' };
  if (wasApplied && !live && isShortLived(desired.object)) return { kind: 'unchanged' };
  if (desired.implicit && !live && (await isForeign(entry, context, options))) return { kind: 'foreign' };

  const wanted = await dryRun(entry, context, options);
  if (wanted === 'replaced') return { kind: 'terminating' };
  if (live && live.hash === contentHash(wanted)) return settle(entry, live.hash);
  if (!wasApplied) {
    await write(entry, context, options);
    return { kind: 'applied' };
  }
  return onDrift(entry, wanted, context, options);
}

/**
 * What applying would give. A hook of Helm that ran before and cannot be changed, as Jobs cannot,
 * is deleted instead, as Helm does by default; it is made anew when it is gone.
 */
async function dryRun(
  entry: Entry,
  context: ConvergeContext,
  options: ConvergeOptions,
): Promise<KubeObject | 'replaced'> {
  const { client, table } = context;
  const { object, ref } = entry.desired;
  try {
    return await client.apply(object, { ...options, dryRun: true });
  } catch (error) {
    const live = table.live(entry.key);
    if (!live || !isHook(object) || !(error instanceof KubeError) || error.status !== 422) throw error;
    await client.delete(ref, { ...options, uid: live.uid });
    return 'replaced';
  }
}

async function onDrift(
  entry: Entry,
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
  const drift: Drift = {
    ref: desired.ref,
    layer: desired.layer,
    change: current ? 'modified' : 'deleted',
    fields: current ? changedFields(current, wanted) : [],
  };
  const policy = context.driftPolicy();
  switch (policy) {
    case 'heal':
      await write(entry, context, options);
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
  { client, table, onWrite }: ConvergeContext,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  const { desired } = entry;
  onWrite();
  const written = await client.apply(desired.object, options);
  entry.appliedDigest = desired.digest;
  entry.cleanHash = contentHash(written);
  entry.standingDrift = undefined;
  entry.foreign = false;
  table.observe(written);
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

function problemOf(entry: Entry, error: KubeError): NonNullable<Entry['problem']> {
  const { ref } = entry.desired;
  const field = error.fields[0]?.field;
  const prefix = `${describeRef(ref)}: `;
  const at = error.message.indexOf(prefix);
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
    name: ref.name,
    ...(field === undefined ? {} : { field }),
    // The problem names its object already.
    message: (at < 0 ? error.message : error.message.slice(at + prefix.length)).slice(0, 2_000),
  };
}
