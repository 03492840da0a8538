/** Profiles for a bundle: of files, and published ones. */
import { stat } from 'node:fs/promises';

import { CliError, exitCodes } from '#cli/cli-error';
import type { PaletteClient, Scope } from '#openapi/client/index';
import { PackError, RenderError, type Renderer } from '#packs/index';
import { ProfileDocument } from '#profiles/document';
import { parseLocation, type LoadedProfile } from '#profiles/load/load-profiles';
import { ProfileError, titleOf } from '#profiles/problem';
import type { PackSource } from '#profiles/render/pack-source';
import { renderResolved, type RenderProfileOptions } from '#profiles/render/render-profile';
import { resolveProfile, type ResolvedProfile } from '#profiles/render/resolve-profile';

import { findVersion } from '../commands/profile-versions.ts';
import type { BundleContents } from './contents.ts';

export interface CollectProfilesOptions {
  readonly load: (location: string) => Promise<readonly LoadedProfile[]>;
  readonly client: () => Promise<{ readonly client: PaletteClient; readonly scope: Scope }>;
  readonly source: PackSource;
  /** Undefined: images are those that packs and values list. */
  readonly renderer: (() => Promise<Renderer>) | undefined;
  readonly cluster: Pick<RenderProfileOptions, 'variables' | 'macros' | 'system' | 'kubeVersion' | 'apiVersions'>;
  readonly warn: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Adds profiles with their packs and images. A source is `FILE`, `FILE#NAME`, or `NAME@VERSION` of what is published.
 *
 * @throws CliError, ProfileError, PackError, ApiError
 */
export async function collectProfiles(
  sources: readonly string[],
  contents: BundleContents,
  options: CollectProfilesOptions,
): Promise<void> {
  for (const source of sources) {
    for (const document of await documentsOf(source, options)) {
      const resolved = await resolveProfile(document, { source: options.source, signal: options.signal });
      contents.addProfile(resolved.document);
      for (const pack of resolved.packs.values()) contents.addPack(pack);
      await collectImages(resolved, contents, options);
    }
  }
}

async function documentsOf(
  source: string,
  { load, client, signal }: CollectProfilesOptions,
): Promise<readonly ProfileDocument[]> {
  const isFile = await stat(parseLocation(source).file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return (await load(source)).map(({ document }) => document);
  const [, name, version] = /^([^/\\]+)@([^@/\\]+)$/.exec(source) ?? [];
  if (name === undefined || version === undefined)
    throw new CliError(`${source}: there is no such file`, {
      exitCode: exitCodes.usage,
      hint: 'Name a file with profiles, or a published one as NAME@VERSION.',
    });
  return [await publishedDocument(name, version, await client(), signal)];
}

/** A published version as a value, default values of sensitive variables included. @throws CliError when there is none */
async function publishedDocument(
  name: string,
  version: string,
  { client, scope }: { readonly client: PaletteClient; readonly scope: Scope },
  signal: AbortSignal,
): Promise<ProfileDocument> {
  const found = await findVersion(client, scope, { name, version }, { signal, published: true });
  const query = { withSensitive: true };
  const { profile } = await client.get('/v1/profileversions/{uid}', { path: { uid: found.uid }, query, scope, signal });
  return ProfileDocument.parse(profile);
}

async function collectImages(
  resolved: ResolvedProfile,
  contents: BundleContents,
  options: CollectProfilesOptions,
): Promise<void> {
  const { document, packs } = resolved;
  for (const { name, values } of document.layers) {
    const pack = packs.get(name)?.pack;
    contents.addImages(`${titleOf(document)} / ${name}`, { values, ...(pack === undefined ? {} : { pack }) });
  }
  if (!options.renderer) return;
  try {
    const { source, cluster, signal } = options;
    const rendered = await renderResolved(resolved, { source, renderer: await options.renderer(), ...cluster, signal });
    for (const { layer, objects } of rendered.layers)
      contents.addImages(`${titleOf(document)} / ${layer.name}`, { objects });
  } catch (error) {
    if (!(error instanceof ProfileError || error instanceof RenderError || error instanceof PackError)) throw error;
    options.warn(
      `images of the profile ${titleOf(document)} are those that its packs list, for it cannot be rendered as it is ` +
        `(values of variables come with --set): ${error.message}`,
    );
  }
}
