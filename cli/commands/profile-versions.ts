import { CliError } from '#cli/cli-error';
import { writeJson } from '#cli/output';
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';

import type { ApiOptions } from './options.ts';
import { parseReference, scopeOf, withApi, writeTable, type ResultFormat } from './profile-reference.ts';

export interface VersionsOptions extends ApiOptions {
  readonly project?: string;
  readonly output: ResultFormat;
}

/** Lists versions, or finds the one that is meant. */
export async function versions(reference: string | undefined, options: VersionsOptions): Promise<void> {
  const asked = reference === undefined ? undefined : parseReference(reference);
  const items = await withApi(options, async (client, signal) => {
    const scope = await scopeOf(client, options.project);
    const found = await client.get('/v1/profileversions', { query: { ...asked }, scope, signal });
    if (asked !== undefined && found.items.length === 0) throw await nothingThere(client, scope, asked);
    return found.items;
  });
  if (options.output === 'json') {
    writeJson(items);
    return;
  }
  writeTable(
    ['profile', 'version', 'scope', 'state', 'clusters', 'digest'],
    items.map((item) => [item.name, item.version, item.scope, stateOf(item), String(item.clusters), item.digest ?? '']),
    options.output,
    'no profiles',
  );
}

function stateOf({ published, sealed }: Schemas['ProfileVersion']): string {
  return published ? (sealed ? 'sealed' : 'published') : 'draft';
}

/**
 * The version that is meant: of the scope itself before the tenant's of the same name.
 *
 * @throws CliError that names the versions, or the profiles, there are
 */
export async function findVersion(
  client: PaletteClient,
  scope: Scope,
  asked: { readonly name: string; readonly version?: string | undefined },
  { signal, published = false }: { readonly signal: AbortSignal; readonly published?: boolean },
): Promise<Schemas['ProfileVersion']> {
  const { items } = await client.get('/v1/profileversions', { query: { ...asked }, scope, signal });
  const eligible = published ? items.filter((item) => item.published) : items;
  const found = eligible.find((item) => item.scope === scope.kind) ?? eligible[0];
  if (found === undefined) throw await nothingThere(client, scope, { version: undefined, ...asked });
  return found;
}

/** Says which versions or names there are. */
async function nothingThere(
  client: PaletteClient,
  scope: Scope,
  { name, version }: { readonly name: string; readonly version: string | undefined },
): Promise<CliError> {
  const { items } = await client.get('/v1/profileversions', { scope });
  const known = items.filter((item) => item.name === name && item.published).map((item) => item.version);
  return known.length === 0
    ? new CliError(`there is no profile ${JSON.stringify(name)}`, {
        hint: `There are: ${[...new Set(items.map((item) => item.name))].join(', ') || 'none'}.`,
      })
    : new CliError(`profile ${name} has no published version ${version ?? ''}`, {
        hint: `There are: ${[...new Set(known)].join(', ')}.`,
      });
}
