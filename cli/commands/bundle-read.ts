/** `palette bundle inspect | verify` */
import { checkBundle, contentsText, readBundleFile, sizeOf } from '#cli/bundle/check-bundle';
import { trustedKeys } from '#cli/bundle/keys';
import { untilTold } from '#cli/until-told';
import { formatTable, write, writeJson } from '#cli/output';
import { bundleDigest, trustKeys, type BundleManifest } from '#packs/bundle/index';
import { publicKeyId } from '#packs/signature/index';

import type { OutputOptions } from './options.ts';

/** Shows what a bundle says it holds; believes it only with `key`. @throws CliError, BundleError */
export async function inspectBundle(
  file: string,
  options: OutputOptions & { readonly key?: readonly string[]; readonly images?: true },
): Promise<void> {
  const { signal, forget } = untilTold();
  try {
    const { key = [] } = options;
    const trust = key.length === 0 ? (): void => undefined : trustKeys(await trustedKeys(key));
    const manifest = await readBundleFile(file, { trust, signal });
    if (options.images) write(manifest.images.map(({ image }) => image).join('\n'));
    else if (options.output === 'json') writeJson({ digest: bundleDigest(manifest), ...manifest });
    else write(tables(manifest, key.length > 0));
  } finally {
    forget();
  }
}

/** Checks everything that can be known of a bundle without a plane. @throws CliError, BundleError, PackError */
export async function verifyBundle(
  file: string,
  options: OutputOptions & { readonly key: readonly string[] },
): Promise<void> {
  const { signal, forget } = untilTold();
  try {
    let signedBy = '';
    const trust = trustKeys(await trustedKeys(options.key), (signer) => {
      signedBy = publicKeyId(signer);
    });
    const { manifest } = await checkBundle(file, { trust, signal });
    const digest = bundleDigest(manifest);
    if (options.output === 'json') writeJson({ file, digest, signedBy, bytes: sizeOf(manifest), ...manifest });
    else
      write(
        `${file}: the bundle ${manifest.name} (${digest}) is whole, signed with ${signedBy}: ${contentsText(manifest)}`,
      );
  } finally {
    forget();
  }
}

function tables(manifest: BundleManifest, isTrusted: boolean): string {
  const { name, profiles, packs, desiredStates, images } = manifest;
  const parts = [
    `bundle ${name}, ${bundleDigest(manifest)}, ${sizeOf(manifest)} bytes of content; signature ${isTrusted ? 'checked' : 'not checked (give --key)'}`,
    formatTable(
      ['profile', 'version', 'digest'],
      profiles.map((profile) => [profile.name, profile.version, profile.profileDigest]),
      'no profiles',
    ),
    formatTable(
      ['pack', 'version', 'layer', 'bytes', 'digest'],
      packs.map((pack) => [pack.name, pack.version, pack.layer, String(pack.blob.size), pack.blob.digest]),
      'no packs',
    ),
    ...(desiredStates.length === 0
      ? []
      : [
          formatTable(
            ['cluster', 'revision', 'uid'],
            desiredStates.map((state) => [state.clusterName, String(state.revision), state.clusterUid]),
            '',
          ),
        ]),
    formatTable(
      ['image', 'needed by'],
      images.map(({ image, usedBy }) => [image, usedBy.join(', ')]),
      'no images',
    ),
  ];
  return parts.join('\n\n');
}
