import { connect } from '#cli/connect';
import { formatTable, write, writeJson } from '#cli/output';

import type { ApiOptions, OutputOptions } from './options.ts';

const PAGE = 50;

export async function list(options: ApiOptions & OutputOptions & { readonly name?: string }): Promise<void> {
  const client = await connect(options);
  try {
    const rows: { name: string; version: string; layer: string; uid: string; registryUid: string }[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const filters = options.name === undefined ? {} : { filters: `metadata.name=${options.name}` };
      const { items } = await client.get('/v1/packs', {
        query: { limit: PAGE, offset, ...filters },
        scope: { kind: 'tenant' },
      });
      for (const { metadata, spec } of items ?? []) {
        rows.push({
          name: spec?.name ?? metadata?.name ?? '',
          version: spec?.version ?? '',
          layer: spec?.layer ?? '',
          uid: metadata?.uid ?? '',
          registryUid: spec?.registryUid ?? '',
        });
      }
      if ((items ?? []).length < PAGE) break;
    }
    const sorted = rows.toSorted(
      (a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version, undefined, { numeric: true }),
    );
    if (options.output === 'json') writeJson(sorted);
    else
      write(
        formatTable(
          ['name', 'version', 'layer', 'uid'],
          sorted.map(({ name, version, layer, uid }) => [name, version, layer, uid]),
          'no packs; `palette pack push DIR` brings some',
        ),
      );
  } finally {
    client.close();
  }
}
