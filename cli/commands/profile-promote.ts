import type { ApiOptions } from './options.ts';
import { requireVersion, scopeOf, withApi, writePublished, type ResultFormat } from './profile-reference.ts';

export interface PromoteOptions extends ApiOptions {
  readonly from: string;
  readonly to: string;
  readonly output: ResultFormat;
  readonly dryRun?: true;
}

/** Publishes a version of one project in another. */
export async function promote(reference: string, options: PromoteOptions): Promise<void> {
  const { name, version } = requireVersion(reference);
  const dryRun = options.dryRun === true;
  const promoted = await withApi(options, async (client, signal) => {
    const from = await scopeOf(client, options.from);
    return client.post('/v1/profileversions/promote', {
      body: { name, version, from: from.kind === 'project' ? { projectUid: from.projectUid } : {}, dryRun },
      scope: await scopeOf(client, options.to),
      signal,
      repeatable: true,
    });
  });
  writePublished([promoted], { output: options.output, dryRun });
}
