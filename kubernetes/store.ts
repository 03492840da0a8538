/** All objects of one kind, kept up to date by a watch: reading them costs nothing and asks nobody. */
import type { Logger } from '#core/log';

import type { KubeClient } from './client.ts';
import type { ResourceType } from './discovery.ts';
import { withoutKeys, type KubeObject, type ObjectMeta } from './object.ts';
import { watchKind, type WatchEvent } from './watch.ts';

export type StoreChange =
  | { readonly kind: 'added'; readonly object: KubeObject }
  | { readonly kind: 'changed'; readonly object: KubeObject; readonly before: KubeObject }
  | { readonly kind: 'deleted'; readonly object: KubeObject };

export interface KindStore {
  readonly type: ResourceType;
  /** The object as it was last heard of; another may have been written since. */
  get(name: string, namespace: string | undefined): KubeObject | undefined;
  /** All objects, or those of one namespace. */
  list(namespace?: string): KubeObject[];
  readonly size: number;
  /** Whether everything there is has been listed once. */
  readonly isSynced: boolean;
  /** Resolves when it is synced. @throws the signal's reason */
  whenSynced(options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface StoreOptions {
  readonly client: KubeClient;
  readonly type: ResourceType;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** What is kept of an object. Default: everything but `metadata.managedFields`, which is often half of it. */
  readonly keep?: (object: KubeObject) => KubeObject;
  /** Told after the store has changed. Must not throw. */
  readonly onChange?: (change: StoreChange) => void;
}

/** Begins to follow a kind. */
export function followKind(options: StoreOptions): KindStore {
  const { client, type, signal, log } = options;
  const table = createTable(options);
  const synced = createLatch();
  const follow = async (): Promise<void> => {
    for await (const event of watchKind(client, type, { signal, log })) {
      table.take(event);
      if (event.kind === 'synced') synced.open();
    }
  };
  follow().catch((error: unknown) => log.error({ err: error, kind: type.kind }, 'watch ended'));
  return {
    type,
    get: (name, namespace) => table.objects.get(keyOf(name, namespace)),
    list: (namespace) => {
      const all = [...table.objects.values()];
      return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
    },
    get size() {
      return table.objects.size;
    },
    get isSynced() {
      return synced.isOpen();
    },
    whenSynced: synced.wait,
  };
}

interface Table {
  readonly objects: ReadonlyMap<string, KubeObject>;
  take(event: WatchEvent): void;
}

/** What a watch told, as a table; an object that vanished while the watch was broken counts as deleted. */
export function createTable({
  keep = withoutManagedFields,
  onChange = () => undefined,
}: Pick<StoreOptions, 'keep' | 'onChange'>): Table {
  const objects = new Map<string, KubeObject>();
  const put = (full: KubeObject): void => {
    const object = keep(full);
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    const before = objects.get(key);
    if (before !== undefined && before.metadata.resourceVersion === object.metadata.resourceVersion) return;
    if (before !== undefined && before.metadata.uid !== object.metadata.uid) remove(before);
    objects.set(key, object);
    onChange(
      before !== undefined && before.metadata.uid === object.metadata.uid
        ? { kind: 'changed', object, before }
        : { kind: 'added', object },
    );
  };
  const remove = (object: KubeObject): void => {
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    const known = objects.get(key);
    if (known === undefined) return;
    objects.delete(key);
    onChange({ kind: 'deleted', object: known });
  };
  return {
    objects,
    take: (event) => {
      switch (event.kind) {
        case 'synced': {
          const present = new Set(event.objects.map(({ metadata }) => keyOf(metadata.name, metadata.namespace)));
          for (const [key, object] of objects) if (!present.has(key)) remove(object);
          for (const object of event.objects) put(object);
          break;
        }
        case 'changed':
          put(event.object);
          break;
        case 'deleted':
          remove(event.object);
          break;
      }
    },
  };
}

const LEFT_OUT: ReadonlySet<string> = new Set(['managedFields']);

/** The object without the record of who wrote which field. A write without it leaves that record as it is. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  // as: what is left out is optional
  return { ...object, metadata: withoutKeys(object.metadata, LEFT_OUT) as ObjectMeta };
}

function keyOf(name: string, namespace: string | undefined): string {
  return `${namespace ?? ''}/${name}`;
}

interface Latch {
  open(): void;
  isOpen(): boolean;
  readonly wait: (options: { readonly signal: AbortSignal }) => Promise<void>;
}

function createLatch(): Latch {
  let isOpen = false;
  const waiting = new Set<() => void>();
  return {
    open: () => {
      isOpen = true;
      for (const wake of waiting) wake();
      waiting.clear();
    },
    isOpen: () => isOpen,
    wait: async ({ signal }) => {
      signal.throwIfAborted();
      if (isOpen) return;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
      signal.throwIfAborted();
    },
  };
}
