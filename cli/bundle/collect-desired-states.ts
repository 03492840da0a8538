/** Desired states for a bundle: of clusters whose agents do not reach the plane. */
import { CliError } from '#cli/cli-error';
import { sha256 } from '#core/digest';
import type { PaletteClient, Scope } from '#openapi/client/index';
import { openPackArchive, RenderError, type Renderer } from '#packs/index';
import { DesiredState } from '#protocol/desired-state';
import { layerContext } from '#protocol/layer-context';
import { SignedDesiredState } from '#protocol/signature';
import { DEFAULT_KUBE_VERSION } from '#profiles/render/render-profile';
import type { SourcedPack } from '#profiles/render/pack-source';

import { packsOf, type BundleContents } from './contents.ts';

export interface CollectDesiredStatesOptions {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly renderer: (() => Promise<Renderer>) | undefined;
  readonly warn: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Large archives over slow lines, in milliseconds. */
const DOWNLOAD_MS = 5 * 60_000;

/** Adds the desired states of clusters, by name or identifier, with packs and images. @throws CliError, ApiError */
export async function collectDesiredStates(
  clusters: readonly string[],
  contents: BundleContents,
  options: CollectDesiredStatesOptions,
): Promise<void> {
  for (const cluster of clusters) {
    const uid = await clusterUid(cluster, options);
    const { client, scope, signal } = options;
    const signed = SignedDesiredState.parse(
      await client.get('/v1/spectroclusters/{uid}/desiredstate', { path: { uid }, scope, signal }),
    );
    const document = DesiredState.parse(JSON.parse(Buffer.from(signed.payload, 'base64url').toString('utf8')));
    contents.addDesiredState(document, signed);
    const packs = new Map<string, SourcedPack>();
    for (const digest of packsOf(document)) {
      const pack = await download(uid, digest, options);
      packs.set(digest, pack);
      contents.addPack(pack);
    }
    await collectImages(document, packs, contents, options);
  }
}

async function clusterUid(cluster: string, { client, scope, signal }: CollectDesiredStatesOptions): Promise<string> {
  if (/^[0-9a-f]{24}$/.test(cluster)) return cluster;
  const body = { filter: {} };
  const names: string[] = [];
  for (let offset = 0; ;) {
    const { items, listmeta } = await client.post('/v1/dashboard/spectroclusters/search', {
      body,
      query: { limit: 50, offset },
      scope,
      signal,
    });
    for (const { metadata } of items ?? []) {
      if (metadata?.name === cluster && metadata.uid !== undefined) return metadata.uid;
      if (metadata?.name !== undefined) names.push(metadata.name);
    }
    offset += items?.length ?? 0;
    if ((items ?? []).length === 0 || offset >= (listmeta?.count ?? 0)) break;
  }
  throw new CliError(`there is no cluster ${JSON.stringify(cluster)}`, {
    hint: names.length === 0 ? 'There are no clusters here.' : `There are: ${names.slice(0, 10).join(', ')}.`,
  });
}

async function download(
  uid: string,
  digest: `sha256:${string}`,
  { client, scope, signal }: CollectDesiredStatesOptions,
): Promise<SourcedPack> {
  const body = await client.get('/v1/spectroclusters/{uid}/desiredstate/packs/{digest}', {
    path: { uid, digest },
    scope,
    signal,
    timeoutMs: DOWNLOAD_MS,
    deadlineMs: DOWNLOAD_MS,
  });
  const archive = new Uint8Array(body);
  if (sha256(archive) !== digest) throw new CliError(`the pack ${digest} was changed on its way`);
  return { pack: await openPackArchive(archive), archive, digest };
}

async function collectImages(
  document: DesiredState,
  packs: ReadonlyMap<string, SourcedPack>,
  contents: BundleContents,
  { renderer, warn, signal }: CollectDesiredStatesOptions,
): Promise<void> {
  const { context } = document;
  const cluster = context.system['cluster.name'] ?? document.clusterUid;
  const kubeVersion = `v${context.system['kubernetes.version'] || DEFAULT_KUBE_VERSION}`;
  for (const layer of document.layers) {
    const pack = packs.get(layer.content ?? '')?.pack;
    const usedBy = `cluster ${cluster} / ${layer.name}`;
    contents.addImages(usedBy, { values: layer.values, ...(pack === undefined ? {} : { pack }) });
    if (!renderer) continue;
    try {
      const { objects } = await (
        await renderer()
      ).render(layer, pack, layerContext(context, layer), { kubeVersion, signal });
      contents.addImages(usedBy, { objects });
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      warn(`images of ${usedBy} are those that its pack lists, for it cannot be rendered: ${error.message}`);
    }
  }
}
