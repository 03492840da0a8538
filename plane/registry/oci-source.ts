/** Charts and packs in OCI registries. */
import {
  SIGNATURE_ANNOTATION,
  signatureTag,
  SIMPLE_SIGNING_MEDIA_TYPE,
  readPublicKey,
  verifyManifest,
} from '#packs/signature/index';

import type { OciClient, OciManifest } from './oci-client.ts';
import { RegistryError } from './registry-error.ts';
import { ARCHIVE_TIMEOUT_MS, MAX_ARCHIVE_BYTES, NAME, VERSION, type FoundVersion, type Source } from './source.ts';
import type { RegistrySpec } from './registry-spec.ts';

export const HELM_CONFIG_TYPE = 'application/vnd.cncf.helm.config.v1+json';
export const HELM_CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
/** Where packs stand below a registry's content path. */
export const PACK_ARCHIVES = 'spectro-packs/archive';
const MAX_REPOSITORIES = 20_000;
const MAX_SIGNATURE_BYTES = 64 * 1024;
const MAX_SIGNATURES = 20;
/** Tags that cosign and its like keep beside an artifact. */
const ATTACHED = /^sha256-[0-9a-f]{64}(\.[a-z]+)?$/;

export function createOciSource({
  client,
  provider,
  contentPath,
}: {
  readonly client: OciClient;
  readonly provider: RegistrySpec['provider'];
  /** What the names of repositories begin with; empty: all of them. */
  readonly contentPath: string;
}): Source {
  const prefix = contentPath === '' ? '' : `${contentPath}/`;

  const repositories = async (signal: AbortSignal): Promise<string[]> => {
    const found = new Set<string>();
    for await (const page of client.repositories({ signal })) {
      for (const name of page) if (name === contentPath || name.startsWith(prefix)) found.add(name);
      if (found.size > MAX_REPOSITORIES)
        throw new RegistryError(
          'RegistryLimit',
          `the registry has more than ${MAX_REPOSITORIES} repositories; give it a base content path`,
        );
    }
    // Without a catalog the path may be a repository itself.
    if (found.size === 0 && contentPath !== '' && (await client.tags(contentPath, { signal }))) found.add(contentPath);
    return [...found].sort();
  };

  const versionsOf = async (repository: string, signal: AbortSignal): Promise<FoundVersion[] | string> => {
    const tags = ((await client.tags(repository, { signal })) ?? []).filter((tag) => !ATTACHED.test(tag));
    const versions = tags.filter((tag) => VERSION.test(toVersion(tag)) && /^v?\d/.test(tag));
    const name = nameOf(repository);
    if (!NAME.test(name)) return 'its name has characters that names of charts do not have';
    const [newest] = versions.slice(-1);
    if (newest === undefined) return tags.length === 0 ? 'it has no tags' : 'none of its tags is a version';
    const described = await client.manifest(repository, newest, { signal });
    if (described === undefined) return `its tag ${newest} leads nowhere`;
    if (!isWanted(described.manifest, provider))
      return `its tag ${newest} is no ${provider === 'helm' ? 'chart' : 'pack'}`;
    return versions.map((tag) => toFound(name, repository, tag, described.manifest.annotations ?? {}, undefined));
  };

  /** Where a chart of this name may stand. */
  const candidates = (name: string): string[] => [
    ...(provider === 'pack' ? [`${prefix}${PACK_ARCHIVES}/${name}`] : []),
    ...(nameOf(contentPath) === name ? [contentPath] : []),
    `${prefix}${name}`,
  ];

  return {
    list: async function* ({ after, signal }) {
      for (const repository of await repositories(signal)) {
        if (after !== undefined && repository <= after) continue;
        try {
          const versions = await versionsOf(repository, signal);
          if (typeof versions === 'string') yield { kind: 'skipped', what: repository, reason: versions };
          else for (const version of versions) yield { kind: 'found', version };
        } catch (error) {
          // The registry itself is in trouble: the run ends, and goes on from here.
          if (!(error instanceof RegistryError) || error.transient || error.code === 'RegistryUnauthorized')
            throw error;
          yield { kind: 'skipped', what: repository, reason: error.message };
        }
        yield { kind: 'done', after: repository };
      }
    },

    find: async (name, version, { signal }) => {
      for (const repository of candidates(name)) {
        const tag = toTag(version);
        const found = await client.manifest(repository, tag, { signal });
        if (found !== undefined && isWanted(found.manifest, provider))
          return toFound(name, repository, tag, found.manifest.annotations ?? {}, found.digest);
      }
      return undefined;
    },

    fetch: async (source, { publicKeys, signal }) => {
      if (source.kind !== 'oci')
        throw new RegistryError('RegistryNotFound', 'the chart is of another kind of registry');
      const { repository } = source;
      const found = await client.manifest(repository, source.digest ?? source.tag, { signal });
      if (found === undefined)
        throw new RegistryError('RegistryNotFound', `${repository}:${source.tag} is not in the registry any more`);
      const layer = found.manifest.layers.find(({ mediaType }) =>
        provider === 'helm' ? mediaType === HELM_CHART_TYPE : isArchive(mediaType),
      );
      if (layer === undefined)
        throw new RegistryError(
          'InvalidPack',
          `${repository}:${source.tag} holds no ${provider === 'helm' ? 'chart' : 'pack'}`,
        );
      if (publicKeys.length > 0) await requireSigned(client, repository, source.tag, found.digest, publicKeys, signal);
      const bytes = await client.blob(repository, layer, {
        maxBytes: MAX_ARCHIVE_BYTES,
        timeoutMs: ARCHIVE_TIMEOUT_MS,
        signal,
      });
      return { bytes, signature: undefined, verified: publicKeys.length > 0 };
    },

    probe: async ({ signal }) => client.ping({ signal }),
    close: () => client.close(),
  };
}

async function requireSigned(
  client: OciClient,
  repository: string,
  tag: string,
  digest: `sha256:${string}`,
  publicKeys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const keys = publicKeys.map(readPublicKey);
  const signatures = await client.manifest(repository, signatureTag(digest), { signal });
  const layers = (signatures?.manifest.layers ?? []).filter(({ mediaType }) => mediaType === SIMPLE_SIGNING_MEDIA_TYPE);
  for (const layer of layers.slice(0, MAX_SIGNATURES)) {
    const signature = layer.annotations?.[SIGNATURE_ANNOTATION];
    if (signature === undefined) continue;
    const payload = await client.blob(repository, layer, {
      maxBytes: MAX_SIGNATURE_BYTES,
      timeoutMs: ARCHIVE_TIMEOUT_MS,
      signal,
    });
    if (verifyManifest(digest, payload, signature, keys)) return;
  }
  throw new RegistryError(
    'SignatureRequired',
    signatures === undefined
      ? `${repository}:${tag} is not signed, and the registry demands it; sign it with cosign sign --key`
      : `no signature of ${repository}:${tag} was made with a key that the registry trusts`,
  );
}

function isWanted(manifest: OciManifest, provider: RegistrySpec['provider']): boolean {
  switch (provider) {
    case 'helm':
      return manifest.config.mediaType === HELM_CONFIG_TYPE;
    case 'pack':
      return (
        manifest.config.mediaType !== HELM_CONFIG_TYPE && manifest.layers.some(({ mediaType }) => isArchive(mediaType))
      );
    default:
      return true;
  }
}

function isArchive(mediaType: string): boolean {
  return /tar|gzip|octet-stream|layer/.test(mediaType);
}

function toFound(
  name: string,
  repository: string,
  tag: string,
  annotations: Readonly<Record<string, string>>,
  digest: string | undefined,
): FoundVersion {
  return {
    name,
    version: toVersion(tag),
    source: { kind: 'oci', repository, tag, ...(digest === undefined ? {} : { digest }) },
    displayName: name,
    description: (annotations['org.opencontainers.image.description'] ?? '').slice(0, 1000),
    appVersion: '',
    icon: '',
    deprecated: false,
  };
}

/** Tags have no `+`: Helm writes `_` in its place. */
function toVersion(tag: string): string {
  return tag.replaceAll('_', '+');
}

function toTag(version: string): string {
  return version.replaceAll('+', '_');
}

function nameOf(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}
