/** `palette cluster health`: the conditions of a cluster. */
import { CliError } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';

import { findCluster, withClient } from './cluster-read.ts';
import type { ApiOptions, OutputOptions } from './options.ts';

export type HealthOptions = ApiOptions & OutputOptions & { readonly project?: string };

/** Shows the conditions. @throws CliError when the cluster is not healthy, so that scripts may ask */
export async function health(name: string, options: HealthOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    const { uid, health: word } = await findCluster(client, scope, name);
    const { status } = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope });
    const conditions = (status?.conditions ?? []).map((condition) => ({
      type: condition.type ?? '',
      status: condition.status ?? '',
      reason: condition.reason ?? '',
      since: condition.lastTransitionTime ?? '',
      message: condition.message ?? '',
    }));
    if (options.output === 'json') writeJson({ name, uid, health: word, conditions });
    else {
      write(
        formatTable(
          ['condition', 'status', 'reason', 'since', 'message'],
          conditions.map(({ type, status: is, reason, since, message }) => [type, is, reason, since, message]),
          'no conditions',
        ),
      );
    }
    if (word !== 'Healthy') throw new CliError(`cluster ${name} is ${word}`);
  });
}
