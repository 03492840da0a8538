/** From layers as an author names them to the very packs that they stand for. */
import type { ProfileDocument, ProfileLayer } from '#profiles/document';
import { ProfileError, titleOf, type ProfileProblem } from '#profiles/problem';
import { compareVersions, pickVersion } from '#profiles/version';

import { packNameOf, type PackRequest, type PackSource, type SourcedPack } from './pack-source.ts';

export interface ResolvedProfile {
  /** Every layer but those of manifests alone has `resolved`. */
  readonly document: ProfileDocument;
  /** By the name of the layer; layers of manifests alone have none. */
  readonly packs: ReadonlyMap<string, SourcedPack>;
}

export interface ResolveOptions {
  readonly source: PackSource;
  readonly signal: AbortSignal;
}

/**
 * Finds and opens the pack of every layer. A layer that is resolved already (by a lock file, by the plane) gets that very
 * pack or none.
 *
 * @throws ProfileError that names every layer whose pack or version is not there, PackError for one that does not open.
 */
export async function resolveProfile(document: ProfileDocument, options: ResolveOptions): Promise<ResolvedProfile> {
  const packs = new Map<string, SourcedPack>();
  const problems: ProfileProblem[] = [];
  const layers = await Promise.all(
    document.layers.map(async (layer): Promise<ProfileLayer> => {
      if (layer.type === 'manifest') return layer;
      const outcome = await resolveLayer(layer, layer.type, options);
      if (outcome.kind === 'missing') {
        problems.push({ severity: 'error', profile: titleOf(document), layer: layer.name, ...outcome.problem });
        return layer;
      }
      packs.set(layer.name, outcome.sourced);
      return { ...layer, resolved: outcome.resolved };
    }),
  );
  options.signal.throwIfAborted();
  if (problems.length > 0) throw new ProfileError(problems);
  return { document: { ...document, layers }, packs };
}

type Outcome =
  | { readonly kind: 'found'; readonly sourced: SourcedPack; readonly resolved: NonNullable<ProfileLayer['resolved']> }
  | { readonly kind: 'missing'; readonly problem: Pick<ProfileProblem, 'message' | 'rule'> };

async function resolveLayer(
  layer: ProfileLayer,
  type: PackRequest['type'],
  { source, signal }: ResolveOptions,
): Promise<Outcome> {
  const wanted = { type, name: packNameOf(layer.name), registry: layer.registry };
  const from = layer.registry === undefined ? '' : ` of the registry ${JSON.stringify(layer.registry)}`;
  const { resolved } = layer;
  if (resolved) {
    const sourced = await source.open({ ...wanted, ...resolved }, { signal });
    if (!sourced) return missing(`the pack ${wanted.name} ${resolved.version}${from} is not in ${source.description}`);
    if (sourced.digest !== resolved.digest)
      return {
        kind: 'missing',
        problem: {
          rule: 'pack-changed',
          message: `the pack ${wanted.name} ${resolved.version} in ${source.description} is not the one that was resolved: expected ${resolved.digest}, found ${sourced.digest}`,
        },
      };
    return { kind: 'found', sourced, resolved };
  }
  const versions = await source.versions(wanted, { signal });
  const version = pickVersion(layer.version, versions);
  const sourced = version === undefined ? undefined : await source.open({ ...wanted, version }, { signal });
  if (version !== undefined && sourced)
    return { kind: 'found', sourced, resolved: { version, digest: sourced.digest } };
  if (versions.length === 0) return missing(`the pack ${wanted.name}${from} is not in ${source.description}`);
  const known = [...versions].sort((a, b) => compareVersions(b, a));
  return missing(
    `no version of the pack ${wanted.name}${from} is ${JSON.stringify(layer.version)}; there are ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' and older ones' : ''}`,
  );
}

function missing(message: string): Outcome {
  return { kind: 'missing', problem: { rule: 'pack-missing', message } };
}
