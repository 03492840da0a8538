import { write } from '#cli/output';

import { findCluster, withClient } from './cluster-read.ts';
import type { ClusterOptions } from './cluster-agent-act.ts';

/** @throws CliError, ApiError */
export async function revokeAccess(name: string, options: ClusterOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    const { uid } = await findCluster(client, scope, name);
    await client.post('/v1/spectroclusters/{uid}/agent/revoke', { path: { uid }, scope });
    write(
      `the agent of ${name} has no access any more; what it enforces stays in force\nto let an agent in again: palette cluster agent manifest ${name} | kubectl apply -f -`,
    );
  });
}

/** @throws CliError, ApiError */
export async function printManifest(name: string, options: ClusterOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    const { uid } = await findCluster(client, scope, name);
    const bytes = await client.get('/v1/spectroclusters/{uid}/import/manifest', { path: { uid }, scope });
    write(new TextDecoder().decode(bytes).trimEnd());
  });
}
