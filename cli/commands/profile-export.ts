import { writeFileAtomic } from '#cli/atomic-file';
import { write } from '#cli/output';

import type { ApiOptions } from './options.ts';
import { requireVersion, scopeOf, withApi } from './profile-reference.ts';
import { findVersion } from './profile-versions.ts';

export interface ExportOptions extends ApiOptions {
  readonly project?: string;
  readonly out?: string;
  readonly format: 'yaml' | 'json';
}

/** Writes a version as a file. @throws CliError that names the versions there are. */
export async function exportProfile(reference: string, options: ExportOptions): Promise<void> {
  const asked = requireVersion(reference);
  const text = await withApi(options, async (client, signal) => {
    const scope = await scopeOf(client, options.project);
    const found = await findVersion(client, scope, asked, { signal });
    const bytes = await client.get('/v1/clusterprofiles/{uid}/export', {
      path: { uid: found.uid },
      query: { format: options.format },
      scope,
      signal,
    });
    return new TextDecoder().decode(bytes);
  });
  if (options.out === undefined) write(text);
  else await writeFileAtomic(options.out, text);
}
