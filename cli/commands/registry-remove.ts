import { connect } from '#cli/connect';
import { write } from '#cli/output';

import type { ApiOptions } from './options.ts';
import { findRegistry, TENANT } from './registry-find.ts';

export async function remove(name: string, options: ApiOptions): Promise<void> {
  const client = await connect(options);
  try {
    const { uid } = await findRegistry(client, name);
    await client.delete('/v1/registries/{uid}', { path: { uid }, scope: TENANT });
    write(`registry ${name} is removed`);
  } finally {
    client.close();
  }
}
