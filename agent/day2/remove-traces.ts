/** Takes away what actions made beside the agent's own namespace. */
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';

import { removeJobNamespace } from './job.ts';
import { removeSonobuoy } from './scans/sonobuoy.ts';

/** An agent without the right to look, as one that only reads, made none of it. @throws KubeError */
export async function removeTraces(client: KubeClient, namespace: string, options: CallOptions): Promise<void> {
  for (const remove of [
    async () => removeJobNamespace(client, namespace, options),
    async () => removeSonobuoy(client, options),
  ])
    await remove().catch((error: unknown) => {
      if (!(error instanceof KubeError && error.status === 403)) throw error;
    });
}
