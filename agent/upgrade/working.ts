/** Tells once that this version does its work: whoever started it keeps the one before it ready until then. */
import { delay } from '#core/retry';

import type { EnforcerView } from '../enforce/enforcer.ts';

const LOOK_MS = 250;

/**
 * Resolves when what the last known policy asks for is being enforced, or when there is none. Where nothing of it can be
 * applied, it does not: then the version before this one may do better.
 *
 * @throws the signal's reason
 */
export async function untilWorking(
  view: () => Pick<EnforcerView, 'policy' | 'layers' | 'complete'>,
  hadPolicy: boolean,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  while (!works(view(), hadPolicy)) await delay(LOOK_MS, { signal });
}

function works(
  { policy, layers, complete }: Pick<EnforcerView, 'policy' | 'layers' | 'complete'>,
  hadPolicy: boolean,
): boolean {
  if (!policy) return !hadPolicy;
  return (
    complete || layers.length === 0 || layers.some(({ condition }) => condition === 'Ready' || condition === 'NotReady')
  );
}
