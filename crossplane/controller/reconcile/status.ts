/** The status of a managed resource, written only when something changed. */
import { KubeError } from '#kubernetes/error';
import { mapAt, refOf, type JsonMap } from '#kubernetes/object';

import type { ManagedObject } from '../contracts.ts';
import { storedConditions, withConditions, type Condition } from './conditions.ts';
import { mergeDiff } from './merge-diff.ts';
import type { Pass } from './pass.ts';

/** Writes what the pass found out. @throws KubeError */
export async function writeStatus(pass: Pass, synced: Condition): Promise<void> {
  const { object, draft, deps, signal } = pass;
  const before = mapAt(object, 'status');
  const { generation } = object.metadata;
  const conditions = withConditions(
    storedConditions(object),
    [synced, ...(draft.ready === undefined ? [] : [draft.ready])],
    { now: deps.now(), generation },
  );
  const after: JsonMap = {
    ...before,
    conditions,
    ...(draft.atProvider === undefined ? {} : { atProvider: draft.atProvider }),
    ...(draft.secretsDigest === undefined ? {} : { secretsDigest: draft.secretsDigest ?? undefined }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  const status = mergeDiff(before, after);
  if (status === undefined) return;
  try {
    const written = await deps.kube.mergePatch(
      refOf(object),
      { metadata: { uid: object.metadata.uid }, status },
      { signal, subresource: 'status' },
    );
    // as: the object that was patched is one
    pass.object = written as ManagedObject;
  } catch (error) {
    // It went while this pass was on its way.
    if (!(error instanceof KubeError && error.status === 404)) throw error;
  }
}
