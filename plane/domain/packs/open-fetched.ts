/** From bytes of a registry to a pack that agents can run. */
import { sha256 } from '#core/digest';
import { contentDigest, hasErrors, lintPack, openPackArchive, PackError, packOfChart, type Pack } from '#packs/index';
import { readPublicKey, requireSignature, SignatureError } from '#packs/signature/index';
import { RegistryError } from '#plane/registry/registry-error';
import type { FetchedArchive } from '#plane/registry/source';

import { documentOf } from './pack-document.ts';
import type { PackDocument, StoredPack } from './pack-store.ts';

export interface OpenedPack {
  readonly pack: Pack;
  readonly archive: Uint8Array;
  readonly digest: `sha256:${string}`;
  readonly signature: string | undefined;
  readonly document: PackDocument;
}

/**
 * Checks the signature where one is demanded, opens the archive, wraps a chart as a pack, and holds it against what was
 * listed.
 *
 * @throws RegistryError `SignatureRequired` or `InvalidPack`.
 */
export async function openFetched(
  listed: Pick<StoredPack, 'name' | 'version' | 'type' | 'document'>,
  fetched: FetchedArchive,
  publicKeys: readonly string[],
): Promise<OpenedPack> {
  const what = `${listed.name} ${listed.version}`;
  if (publicKeys.length > 0 && !fetched.verified) demandSignature(what, fetched, publicKeys);
  try {
    const opened = listed.type === 'spectro' ? await openPack(fetched) : await wrapChart(listed, fetched.bytes);
    const { name, version } = opened.pack;
    if (name !== listed.name || withoutV(version) !== withoutV(listed.version))
      throw new RegistryError('InvalidPack', `the archive of ${what} holds ${name} ${version}`);
    return opened;
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    const [problem] = error.problems;
    throw new RegistryError(
      'InvalidPack',
      `${what} is no ${listed.type === 'spectro' ? 'pack' : 'chart'} that can be used: ${problem?.file ?? ''}: ${problem?.message ?? 'it cannot be read'}`,
      { cause: error },
    );
  }
}

async function openPack({ bytes, signature }: FetchedArchive): Promise<OpenedPack> {
  const pack = await openPackArchive(bytes);
  const problems = lintPack(pack);
  if (hasErrors(problems))
    throw new PackError(
      'InvalidPack',
      problems.filter(({ severity }) => severity === 'error'),
    );
  // As it came: a signature holds for these bytes alone.
  return { pack, archive: bytes, digest: sha256(bytes), signature, document: documentOf(pack, contentDigest(pack)) };
}

async function wrapChart(listed: Pick<StoredPack, 'document'>, bytes: Uint8Array): Promise<OpenedPack> {
  const { pack, archive, digest, chart } = await packOfChart(bytes);
  const { icon = chart.icon, annotations } = listed.document;
  const document = documentOf(pack, contentDigest(pack));
  return {
    pack,
    archive,
    digest,
    signature: undefined,
    document: {
      ...document,
      annotations: {
        ...annotations,
        ...document.annotations,
        ...(chart.appVersion === '' ? {} : { appVersion: chart.appVersion }),
      },
      chartDigest: sha256(bytes),
      ...(icon === '' ? {} : { icon }),
    },
  };
}

function demandSignature(what: string, { bytes, signature }: FetchedArchive, publicKeys: readonly string[]): void {
  try {
    requireSignature(what, bytes, signature, publicKeys.map(readPublicKey));
  } catch (error) {
    if (error instanceof SignatureError) throw new RegistryError('SignatureRequired', error.message, { cause: error });
    throw error;
  }
}

/** Charts are listed as `v1.2.3` and `1.2.3` alike. */
function withoutV(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
