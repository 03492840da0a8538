/** Objects that hold data, or objects of others, and were there before the agent took them in: not the agent's to remove. */
import type { KubeClient } from '#kubernetes/client';
import { groupKind, refOf, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { isAppliedByAgent } from './prune-plan.ts';
import { ADOPTED_ANNOTATION, LAYER_ANNOTATION, PART_OF_LABEL, PRIORITY_ANNOTATION } from './stamp.ts';

/** A manager of its own, so that the mark stays whatever is applied later. */
const ADOPTION_MANAGER = 'palette-agent-adoption';

/** Marks the object when it is there and somebody else made it; called before it is first written. @throws KubeError */
export async function adopt(
  object: KubeObject,
  client: Pick<KubeClient, 'get' | 'apply'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const ref = refOf(object);
  const found = await client.get(ref, { signal });
  if (found === undefined || isAppliedByAgent(found)) return;
  await client.apply(bare(ref, { annotations: { [ADOPTED_ANNOTATION]: 'true' } }), {
    signal,
    fieldManager: ADOPTION_MANAGER,
  });
}

/**
 * Lets go of an object that stays. A namespace loses all that was applied to it; of anything else only the agent's marks
 * are taken off, since what was applied is what it is made of. @throws KubeError
 */
export async function letGo(
  ref: ObjectRef,
  client: Pick<KubeClient, 'apply' | 'mergePatch'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  if (groupKind(ref) === 'Namespace') {
    await client.apply(bare(ref), { signal, fieldManager: ADOPTION_MANAGER });
    await client.apply(bare(ref), { signal });
    return;
  }
  const metadata = {
    labels: { [PART_OF_LABEL]: null },
    // The agent's record as its manager stays: should the object be desired again, the mark tells whose it is.
    annotations: { [LAYER_ANNOTATION]: null, [PRIORITY_ANNOTATION]: null, [ADOPTED_ANNOTATION]: 'true' },
  };
  await client.mergePatch(ref, { metadata }, { signal });
}

function bare({ apiVersion, kind, namespace, name }: ObjectRef, more: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...more } };
}
