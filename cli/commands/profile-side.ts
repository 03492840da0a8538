/** Profiles that are compared or checked, as a command line names them: a file's, or a published version. */
import { access } from 'node:fs/promises';

import { CliError } from '#cli/cli-error';
import { ProfileDocument } from '#profiles/document';
import { parseLocation } from '#profiles/load/load-profiles';
import type { PolicyRule } from '#profiles/policy/policy';
import { renderResolved } from '#profiles/render/render-profile';
import { resolveProfile } from '#profiles/render/resolve-profile';
import type { RenderedProfile } from '#profiles/rendered';

import { parseReference } from './profile-reference.ts';
import type { ClusterOptions } from './profile-options.ts';
import { clusterOf, type Workbench } from './profile-sources.ts';
import { findVersion } from './profile-versions.ts';

export interface NamedProfile {
  readonly document: ProfileDocument;
  /** Attached by the program; absent for what was published. */
  readonly policies?: readonly PolicyRule[];
}

/** `FILE`, `FILE#NAME`, or `NAME@VERSION` of the API where there is no such file. */
export async function profilesNamed(location: string, bench: Workbench): Promise<readonly NamedProfile[]> {
  const isFile = await access(parseLocation(location).file).then(
    () => true,
    () => false,
  );
  if (isFile || !/^[^/\\]+@[^/\\@]+$/.test(location)) return bench.load(location);
  const asked = parseReference(location);
  const { client, scope } = await bench.client();
  const found = await findVersion(client, scope, asked, { signal: bench.signal, published: true });
  const { profile } = await client.get('/v1/profileversions/{uid}', {
    path: { uid: found.uid },
    scope,
    signal: bench.signal,
  });
  return [{ document: ProfileDocument.parse(profile) }];
}

/** A rendering, and the profile with the packs that its layers stand for. */
export type Render = (
  document: ProfileDocument,
) => Promise<{ readonly document: ProfileDocument; readonly rendered: RenderedProfile }>;

/** Renders with what the options say of a cluster. A variable is given to the profiles that have it. */
export async function rendererOf(
  options: ClusterOptions,
  all: readonly NamedProfile[],
  bench: Workbench,
): Promise<{ readonly render: Render; readonly secrets: readonly string[] }> {
  const { variables = {}, ...cluster } = await clusterOf(options);
  const known = new Set(all.flatMap(({ document }) => document.variables.map(({ name }) => name)));
  const unknown = Object.keys(variables).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new CliError(`--set: no profile has the variable ${unknown.join(', ')}`, {
      hint: known.size === 0 ? 'They have no variables.' : `There are: ${[...known].join(', ')}.`,
    });
  const renderer = await bench.renderer();
  const sensitive = all.flatMap(({ document }) => document.variables.filter(({ isSensitive }) => isSensitive));
  return {
    secrets: sensitive.flatMap(({ name }) => variables[name] ?? []),
    render: async (document) => {
      const own = new Set(document.variables.map(({ name }) => name));
      const resolved = await resolveProfile(document, bench);
      const rendered = await renderResolved(resolved, {
        ...cluster,
        variables: Object.fromEntries(Object.entries(variables).filter(([name]) => own.has(name))),
        source: bench.source,
        renderer,
        signal: bench.signal,
      });
      return { document: resolved.document, rendered };
    },
  };
}

/** The defaults of sensitive variables, and values given to them: what no output may show. */
export function sensitiveValues(all: readonly NamedProfile[], given: readonly string[]): readonly string[] {
  return [
    ...given,
    ...all.flatMap(({ document }) =>
      document.variables.flatMap(({ isSensitive, defaultValue }) =>
        isSensitive && defaultValue !== undefined ? [defaultValue] : [],
      ),
    ),
  ];
}
