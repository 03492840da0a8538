/** Taking a release of the agent in. */
import { sha256 } from '#core/digest';
import { openRelease, ReleaseError } from '#packs/agent-release/archive';
import { readPublicKey, requireSignature, SignatureError } from '#packs/signature/index';
import { conflict, PlaneError } from '#plane/api/error';
import type { TenantDatabase } from '#plane/store/database';
import type { AgentRelease } from '#protocol/actions';

import { storeBlob } from '../packs/blob-store.ts';
import { refuseSkewed } from './check-release.ts';
import { insertRelease, releaseKeys, requireRelease } from './release-store.ts';

/**
 * Verifies and stores a release; the same one again is answered alike.
 *
 * @throws PlaneError 422 `InvalidAgentRelease`, `SignatureRequired` or `AgentVersionSkew`, 409 `AgentReleaseExists` for
 *   another content under a version that exists. Nothing is stored then.
 */
export async function publishRelease(
  db: TenantDatabase,
  {
    bytes,
    signature,
    planeVersion,
  }: { readonly bytes: Uint8Array; readonly signature: string | undefined; readonly planeVersion: string },
): Promise<AgentRelease> {
  const { manifest } = await openRelease(bytes).catch((error: unknown) => {
    if (error instanceof ReleaseError)
      throw new PlaneError(422, 'InvalidAgentRelease', error.message, undefined, { cause: error });
    throw error;
  });
  refuseSkewed(manifest.version, planeVersion);
  const content = sha256(bytes);
  return db.transaction(async (tx) => {
    const keys = await releaseKeys(tx);
    if (keys.length === 0)
      throw new PlaneError(
        422,
        'SignatureRequired',
        'no key is known that signs releases of the agent; name one in the settings of releases first',
      );
    try {
      requireSignature(`release ${manifest.version}`, bytes, signature, keys.map(readPublicKey));
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      throw new PlaneError(422, 'SignatureRequired', error.message, undefined, { cause: error });
    }
    const release: AgentRelease = {
      version: manifest.version,
      content,
      signature: (signature ?? '').trim(),
      ...(manifest.image === undefined ? {} : { image: manifest.image }),
    };
    if (await insertRelease(tx, release, bytes.length)) {
      await storeBlob(tx, content, bytes);
      return release;
    }
    const { release: known } = await requireRelease(tx, release.version);
    if (known.content === content) return known;
    throw conflict(
      'AgentReleaseExists',
      `release ${release.version} was published with another content; raise its version, published versions never change`,
    );
  });
}
