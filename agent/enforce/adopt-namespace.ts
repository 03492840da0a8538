/** Namespaces that were there before the agent took them in, and are not the agent's to remove. */
import type { KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';
import { isAppliedByAgent } from './prune-plan.ts';
import { ADOPTED_ANNOTATION } from './stamp.ts';

/** A manager of its own, so that the mark stays whatever is applied later. */
const ADOPTION_MANAGER = 'palette-agent-adoption';

/** Marks the namespace when it is there and somebody else made it; called before it is first written. @throws KubeError */
export async function adoptNamespace(
  { apiVersion, kind, metadata: { name } }: KubeObject,
  client: Pick<KubeClient, 'get' | 'apply'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const found = await client.get({ apiVersion, kind, name }, { signal });
  if (found === undefined || isAppliedByAgent(found)) return;
  const annotations = { [ADOPTED_ANNOTATION]: 'true' };
  await client.apply({ apiVersion, kind, metadata: { name, annotations } }, { signal, fieldManager: ADOPTION_MANAGER });
}

/** Gives up every field that was applied, the marks among them. @throws KubeError */
export async function releaseNamespace(
  name: string,
  client: Pick<KubeClient, 'apply'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const nothing = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await client.apply(nothing, { signal, fieldManager: ADOPTION_MANAGER });
  await client.apply(nothing, { signal });
}
