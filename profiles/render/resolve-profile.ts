/** From layers as an author names them to the very packs that they stand for. */
import { PackError } from '#packs/index';
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

/** What could be resolved, and why the rest could not. */
export interface ResolutionAttempt extends ResolvedProfile {
  readonly problems: readonly ProfileProblem[];
}

export interface ResolveOptions {
  readonly source: PackSource;
  readonly signal: AbortSignal;
}

/**
 * Finds and opens the pack of every layer. A layer that is resolved already (by a lock file, by the plane) gets that very
 * pack or none.
 *
 * @throws ProfileError that names every layer whose pack or version is not there, or does not open.
 */
export async function resolveProfile(document: ProfileDocument, options: ResolveOptions): Promise<ResolvedProfile> {
  const { problems, ...resolved } = await tryResolve(document, options);
  if (problems.length > 0) throw new ProfileError(problems);
  return resolved;
}

/** As `resolveProfile`, for who has a use for what could be resolved. */
export async function tryResolve(document: ProfileDocument, options: ResolveOptions): Promise<ResolutionAttempt> {
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
  const place = ({ layer }: ProfileProblem): number => document.layers.findIndex(({ name }) => name === layer);
  problems.sort((a, b) => place(a) - place(b));
  // In the order of the layers, whichever pack was found first.
  const ordered = layers.flatMap(({ name }) => {
    const sourced = packs.get(name);
    return sourced === undefined ? [] : [[name, sourced] as const];
  });
  return { document: { ...document, layers }, packs: new Map(ordered), problems };
}

type Outcome =
  | { readonly kind: 'found'; readonly sourced: SourcedPack; readonly resolved: NonNullable<ProfileLayer['resolved']> }
  | { readonly kind: 'missing'; readonly problem: Pick<ProfileProblem, 'message' | 'rule' | 'file'> };

async function resolveLayer(layer: ProfileLayer, type: PackRequest['type'], options: ResolveOptions): Promise<Outcome> {
  try {
    return await findLayer(layer, type, options);
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    const [first] = error.problems;
    const { message = error.message, rule = 'pack-unreadable', file } = first ?? {};
    return { kind: 'missing', problem: { message, rule, ...(file === undefined ? {} : { file }) } };
  }
}

async function findLayer(
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
