/**
 * The set of all objects the agent applied: its parent Secret names the kinds in it, the label
 * on each object tells the members. The kinds are written before the first object of a kind is,
 * so that a member is never lost, wherever the agent is killed.
 */
import type { KubeClient } from '#kubernetes/client';
import type { Discovery } from '#kubernetes/discovery';
import { KubeError } from '#kubernetes/error';
import { splitGroupKind, type GroupKind, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { AGENT_VERSION } from '../version.ts';
import { GROUP_KINDS_ANNOTATION, PARENT_ID_LABEL, PART_OF_LABEL, TOOLING_ANNOTATION, applySetId } from './stamp.ts';

/** The document all of whose objects were applied once: from then on a difference is drift. */
const APPLIED_ANNOTATION = 'palette-iac.dev/applied-document';
const PARENT_NAME = 'palette-agent-applyset';

export interface Inventory {
  readonly applySet: string;
  /** Selects all members by their label. */
  readonly selector: string;
  /** Digest of the document that was applied as a whole, as the cluster remembers it. */
  appliedDocument(): string | undefined;
  /** Reads what a former run left. */
  load(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Makes sure the parent names these kinds. */
  addKinds(kinds: Iterable<GroupKind>, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Names exactly these kinds, and the document that was applied. */
  settle(
    kinds: Iterable<GroupKind>,
    document: string | undefined,
    options: { readonly signal: AbortSignal },
  ): Promise<void>;
  /** All members, metadata only. */
  members(options: { readonly signal: AbortSignal }): Promise<Members>;
  /** Removes the parent: there are no members any more. */
  remove(options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface Members {
  readonly objects: readonly KubeObject[];
  /** Kinds whose API does not answer now: they may have members all the same. */
  readonly unknown: readonly GroupKind[];
}

type InventoryClient = Pick<KubeClient, 'get' | 'apply' | 'delete' | 'list'> & {
  readonly discovery: Pick<Discovery, 'preferredType' | 'invalidate'>;
};

export function createInventory(client: InventoryClient, namespace: string): Inventory {
  const ref: ObjectRef = { apiVersion: 'v1', kind: 'Secret', namespace, name: PARENT_NAME };
  const applySet = applySetId({ name: PARENT_NAME, namespace });
  const selector = `${PART_OF_LABEL}=${applySet}`;
  let written: { readonly kinds: ReadonlySet<GroupKind>; readonly document: string | undefined } = {
    kinds: new Set(),
    document: undefined,
  };

  const write = async (
    kinds: ReadonlySet<GroupKind>,
    document: string | undefined,
    options: { readonly signal: AbortSignal },
  ): Promise<void> => {
    await client.apply(
      {
        apiVersion: ref.apiVersion,
        kind: ref.kind,
        metadata: {
          name: PARENT_NAME,
          namespace,
          labels: { [PARENT_ID_LABEL]: applySet },
          annotations: {
            [TOOLING_ANNOTATION]: `palette-agent/v${AGENT_VERSION}`,
            [GROUP_KINDS_ANNOTATION]: [...kinds].sort().join(','),
            ...(document === undefined ? {} : { [APPLIED_ANNOTATION]: document }),
          },
        },
        type: 'Opaque',
      },
      options,
    );
    written = { kinds, document };
  };

  /** Of one kind; `away` when its API does not answer. */
  const membersOf = async (
    kind: GroupKind,
    options: { readonly signal: AbortSignal },
    isAskedAnew = false,
  ): Promise<readonly KubeObject[] | 'away'> => {
    try {
      const type = await client.discovery.preferredType(splitGroupKind(kind), options);
      // A kind whose definition is gone has no objects left.
      if (!type) return [];
      return (await client.list(type, { ...options, metadataOnly: true, labelSelector: selector })).items;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.status >= 500) return 'away';
      if (error.status !== 404 || isAskedAnew) throw error;
      // Somebody took the definition away, or the version, since discovery was asked.
      client.discovery.invalidate();
      return membersOf(kind, options, true);
    }
  };

  return {
    applySet,
    selector,
    appliedDocument: () => written.document,
    load: async (options) => {
      const annotations = (await client.get(ref, options))?.metadata.annotations;
      const kinds = (annotations?.[GROUP_KINDS_ANNOTATION] ?? '').split(',').filter((kind) => kind !== '');
      written = { kinds: new Set(kinds), document: annotations?.[APPLIED_ANNOTATION] };
    },
    addKinds: async (kinds, options) => {
      const all = new Set([...written.kinds, ...kinds]);
      if (all.size > written.kinds.size) await write(all, written.document, options);
    },
    settle: async (kinds, document, options) => {
      const all = new Set(kinds);
      const same = all.size === written.kinds.size && [...all].every((kind) => written.kinds.has(kind));
      if (!same || document !== written.document) await write(all, document, options);
    },
    members: async (options) => {
      const found = await Promise.all(
        [...written.kinds].map(async (kind) => ({ kind, members: await membersOf(kind, options) })),
      );
      return {
        objects: found.flatMap(({ members }) => (members === 'away' ? [] : members)),
        unknown: found.flatMap(({ kind, members }) => (members === 'away' ? [kind] : [])),
      };
    },
    remove: async (options) => {
      await client.delete(ref, options);
      written = { kinds: new Set(), document: undefined };
    },
  };
}
