import { connect } from '#cli/connect';
import { formatTable, write, writeJson } from '#cli/output';
import type { Schemas } from '#openapi/client/index';

import type { ApiOptions, OutputOptions } from './options.ts';
import { TENANT } from './registry-find.ts';

export async function list(options: ApiOptions & OutputOptions): Promise<void> {
  const client = await connect(options);
  try {
    const all = { query: { limit: 1000 }, scope: TENANT };
    const [pack, helm, oci] = await Promise.all([
      client.get('/v1/registries/pack', all),
      client.get('/v1/registries/helm', all),
      client.get('/v1/registries/oci/summary', { scope: TENANT }),
    ]);
    const rows = [
      ...pack.items.map(({ metadata, spec, status }) => row('pack', metadata, spec?.endpoint, status?.packSyncStatus)),
      ...helm.items.map(({ metadata, spec, status }) => row('helm', metadata, spec?.endpoint, status?.helmSyncStatus)),
      ...oci.items.map(({ metadata, spec, status }) => row('oci', metadata, spec?.endpoint, status?.sync)),
    ];
    if (options.output === 'json') writeJson(rows);
    else
      write(
        formatTable(
          ['name', 'kind', 'endpoint', 'uid', 'status', 'message'],
          rows.map(({ name, kind, endpoint, uid, status, message }) => [name, kind, endpoint, uid, status, message]),
          'no registries',
        ),
      );
  } finally {
    client.close();
  }
}

function row(
  kind: string,
  metadata: Schemas['v1ObjectMeta'] | undefined,
  endpoint: string | undefined,
  sync: Schemas['v1RegistrySyncStatus'] | undefined,
): Readonly<Record<'name' | 'kind' | 'endpoint' | 'uid' | 'status' | 'message' | 'lastSyncedTime', string>> {
  return {
    name: metadata?.name ?? '',
    kind,
    endpoint: endpoint ?? '',
    uid: metadata?.uid ?? '',
    status: sync?.isSyncSupported === false ? 'not synchronised' : (sync?.status ?? ''),
    message: sync?.message ?? '',
    lastSyncedTime: sync?.lastSyncedTime ?? '',
  };
}
