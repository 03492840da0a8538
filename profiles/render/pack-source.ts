/** Where packs come from when a profile is resolved, rendered or bundled: folders, or the registries of a plane. */
import type { Digest } from '#core/digest';
import type { Pack } from '#packs/index';

/** A pack or chart, as a layer names it. */
export interface PackName {
  readonly type: 'spectro' | 'helm' | 'oci';
  readonly name: string;
  /** Name of the registry; absent: the default one. A source of folders does not look at it. */
  readonly registry?: string | undefined;
}

/** One version of it. */
export interface PackRequest extends PackName {
  readonly version: string;
  /** When it is known what the archive must be: a source may then answer from a cache without asking anyone. */
  readonly digest?: string | undefined;
}

export interface SourcedPack {
  readonly pack: Pack;
  /** Of `archive`: the address under which agents fetch it. */
  readonly digest: Digest;
  readonly archive: Uint8Array;
  /** Over the archive, in base64, as `cosign sign-blob` makes it; not verified. */
  readonly signature?: string;
}

export interface PackSource {
  /** For messages, such as `the folder packs`. */
  readonly description: string;
  /** The versions that there are, in any order; none when the source does not know the pack. */
  versions(pack: PackName, options: { readonly signal: AbortSignal }): Promise<readonly string[]>;
  /**
   * Opens one version; undefined when there is none.
   *
   * @throws PackError for a pack that cannot be opened, ApiError of a plane that cannot be asked.
   */
  open(request: PackRequest, options: { readonly signal: AbortSignal }): Promise<SourcedPack | undefined>;
}

/** A profile may hold a pack twice under names of its own: `mine--nginx` is the pack `nginx`. */
export function packNameOf(layerName: string): string {
  const separator = layerName.indexOf('--');
  return separator < 0 ? layerName : layerName.slice(separator + 2);
}

/** The first source that knows a pack answers for it. */
export function combineSources(sources: readonly PackSource[]): PackSource {
  const [only] = sources;
  if (only && sources.length === 1) return only;
  return {
    description: sources.map(({ description }) => description).join(', ') || 'no source of packs',
    versions: async (pack, options) => {
      for (const source of sources) {
        const versions = await source.versions(pack, options);
        if (versions.length > 0) return versions;
      }
      return [];
    },
    open: async (request, options) => {
      for (const source of sources) {
        const found = await source.open(request, options);
        if (found) return found;
      }
      return undefined;
    },
  };
}
