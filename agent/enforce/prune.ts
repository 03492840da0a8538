/** Removes what is no longer desired, group by group, waiting for each to be gone. */
import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { ObjectProblem } from '#protocol/report';

import type { KubeClient } from '#kubernetes/client';
import { isAway, KubeError } from '#kubernetes/error';
import { conditionsOf, describeRef, objectKey, type GroupKind, type KubeObject } from '#kubernetes/object';
import { letGo } from './adopt.ts';
import { contentThatStays, isContainer, type StayingContext } from './content-that-stays.ts';
import { inParallel } from './in-parallel.ts';
import type { Inventory } from './inventory.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { planPrune, type PruneInput, type PruneTarget } from './prune-plan.ts';
import { MAX_MESSAGE, withoutName } from './safe-message.ts';

export interface PruneOptions {
  readonly client: KubeClient;
  readonly inventory: Inventory;
  readonly desired: PruneInput['desired'];
  readonly unknownLayers: PruneInput['unknownLayers'];
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** A group that is not gone by then, in milliseconds, is not waited for: a finalizer may hold it for ever. */
  readonly patienceMs: number;
  readonly onDelete: () => void;
  /** Held while an object is removed: a heal that is under way ends first. */
  readonly lock: KeyedLock;
}

/** An object that is to go and is still there. */
export interface Remaining {
  readonly target: PruneTarget;
  /** Why, for people. */
  readonly problem: ObjectProblem;
  /** It was not taken: it does not go by itself. */
  readonly refused: boolean;
}

export interface PruneResult {
  readonly remaining: readonly Remaining[];
  /** Members that stay: desired, protected or of a layer that is not known now. */
  readonly members: readonly KubeObject[];
  /** Kinds that may have members which could not be looked for. */
  readonly unknown: readonly GroupKind[];
}

const CONCURRENCY = 8;

/** @throws KubeError when the API server does not answer */
export async function prune(options: PruneOptions): Promise<PruneResult> {
  const { client, inventory, signal } = options;
  const members = await inventory.members({ signal });
  const groups = planPrune({
    members: members.objects,
    applySet: inventory.applySet,
    desired: options.desired,
    unknownLayers: options.unknownLayers,
  });
  const going = new Set(groups.flat().flatMap(({ uid, adopted }) => (adopted ? [] : [uid])));
  const remaining: Remaining[] = [];
  for (const group of groups) {
    // Others may have brought kinds since they were last asked for, and objects of them into what goes.
    if (group.some(({ ref }) => isContainer(ref))) client.discovery.invalidate();
    const removals = await inParallel(group, CONCURRENCY, async (target) => remove(target, { ...options, going }));
    const asked: PruneTarget[] = [];
    for (const removal of removals) {
      if (removal.kind === 'asked') asked.push(removal.target);
      if (removal.kind === 'remains') remaining.push(removal.remaining);
      if (removal.kind !== 'asked') going.delete(removal.target.uid);
    }
    remaining.push(...(await untilGone(asked, options)));
    if (group.some(({ ref }) => ref.kind === 'CustomResourceDefinition')) client.discovery.invalidate();
  }
  return {
    remaining,
    members: members.objects.filter(({ metadata }) => metadata.uid === undefined || !going.has(metadata.uid)),
    unknown: members.unknown,
  };
}

type Removal =
  | { readonly kind: 'asked'; readonly target: PruneTarget }
  /** It stays, and nothing is to be done about it. */
  | { readonly kind: 'stays'; readonly target: PruneTarget }
  | { readonly kind: 'remains'; readonly target: PruneTarget; readonly remaining: Remaining };

async function remove(target: PruneTarget, options: PruneOptions & Pick<StayingContext, 'going'>): Promise<Removal> {
  const { client, log, signal } = options;
  const { ref, layer, uid } = target;
  try {
    const fate = await fateOf(target, { ...options, applySet: options.inventory.applySet }, { signal });
    switch (fate.kind) {
      case 'waits':
        return { kind: 'stays', target };
      case 'let go':
        log.warn({ object: describeRef(ref), why: fate.why }, "object is kept: it is not the agent's alone");
        await letGo(ref, client, { signal });
        return { kind: 'stays', target };
      case 'unknown': {
        log.warn(
          { object: describeRef(ref), why: fate.why },
          'what is in an object that is to go cannot be looked through',
        );
        const message = `it is not removed yet: whether it holds something else is not known, ${fate.why}`;
        const problem = { ...ref, message: message.slice(0, MAX_MESSAGE) };
        return { kind: 'remains', target, remaining: { target, problem, refused: false } };
      }
      case 'goes':
        break;
      default:
        return assertNever(fate);
    }
    log.info({ object: describeRef(ref), layer }, 'removing what is no longer desired');
    options.onDelete();
    await options.lock(objectKey(ref), async () => client.delete(ref, { signal, uid }));
    return { kind: 'asked', target };
  } catch (error) {
    if (!(error instanceof KubeError) || isAway(error)) throw error;
    log.warn({ err: error, object: describeRef(ref), layer }, 'what is no longer desired cannot be removed');
    const message = `it cannot be removed: ${withoutName(error, ref)}`.slice(0, MAX_MESSAGE);
    return { kind: 'remains', target, remaining: { target, problem: { ...ref, message }, refused: true } };
  }
}

/** What becomes of an object that is no longer desired. */
export type Fate =
  | { readonly kind: 'goes' }
  /** It stays, without the agent's marks. */
  | { readonly kind: 'let go'; readonly why: string }
  /** It goes when what is in it goes. */
  | { readonly kind: 'waits' }
  /** What is in it is not known now. */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * A namespace and a definition take everything in them along: one with content of others is let go, as is whatever was
 * there before the agent took it in.
 *
 * @throws KubeError
 */
export async function fateOf(
  { ref, adopted }: PruneTarget,
  context: StayingContext,
  options: { readonly signal: AbortSignal },
): Promise<Fate> {
  if (adopted) return { kind: 'let go', why: 'it was there before' };
  const staying = isContainer(ref) ? await contentThatStays(ref, context, options) : undefined;
  switch (staying?.kind) {
    case undefined:
      return { kind: 'goes' };
    case 'for good':
      return { kind: 'let go', why: `it holds ${describeRef(staying.ref)}` };
    case 'for now':
      return { kind: 'waits' };
    case 'unknown':
      return staying;
    default:
      return assertNever(staying);
  }
}

/** Of more objects of a kind than this, all that are there are listed instead of asking for each. */
const ASK_EACH = 20;

/** Waits for objects to be gone; gives those that are not in time. */
async function untilGone(targets: readonly PruneTarget[], options: PruneOptions): Promise<readonly Remaining[]> {
  const { signal, patienceMs } = options;
  let left: readonly Left[] = targets.map((target) => ({ target, found: undefined }));
  const until = performance.now() + patienceMs;
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    left = await stillThere(
      left.map(({ target }) => target),
      options,
    );
    if (left.length === 0) return [];
    if (performance.now() >= until)
      return left.map(({ target, found }) => ({ target, problem: whyStill(target, found), refused: false }));
    await delay(waitMs, { signal });
  }
}

interface Left {
  readonly target: PruneTarget;
  readonly found: KubeObject | undefined;
}

async function stillThere(
  targets: readonly PruneTarget[],
  { client, inventory, signal }: PruneOptions,
): Promise<readonly Left[]> {
  const lists = new Map<string, ReadonlyMap<string | undefined, KubeObject>>();
  for (const kind of new Set(targets.map(kindOf))) {
    const [first, ...others] = targets.filter((target) => kindOf(target) === kind);
    const type = first && others.length > ASK_EACH && (await client.discovery.resourceType(first.ref, { signal }));
    if (!type) continue;
    const { items } = await client.list(type, { signal, metadataOnly: true, labelSelector: inventory.selector });
    lists.set(kind, new Map(items.map((item) => [item.metadata.uid, item])));
  }
  const found = await inParallel(targets, CONCURRENCY, async (target): Promise<Left[]> => {
    const list = lists.get(kindOf(target));
    const current = list ? list.get(target.uid) : await client.get(target.ref, { signal });
    return current?.metadata.uid === target.uid ? [{ target, found: current }] : [];
  });
  return found.flat();
}

function kindOf({ ref: { apiVersion, kind } }: PruneTarget): string {
  return `${apiVersion} ${kind}`;
}

/** What the controller of namespaces says is in the way. */
const NAMESPACE_CONDITIONS: ReadonlySet<unknown> = new Set([
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
]);

function whyStill({ ref }: PruneTarget, found: KubeObject | undefined): ObjectProblem {
  const finalizers = found?.metadata.finalizers ?? [];
  const said = conditionsOf(found).flatMap(({ type, status, message }) =>
    status === 'True' && NAMESPACE_CONDITIONS.has(type) && typeof message === 'string' ? [message] : [],
  );
  const why = finalizers.length > 0 ? [`held by its finalizers ${finalizers.join(', ')}`] : said;
  return { ...ref, message: `it is being removed: ${why.join(' ') || 'it is not gone yet'}`.slice(0, MAX_MESSAGE) };
}
