/** Whether an archive is the release that was asked for, and one that somebody trusted signed. */
import { sha256 } from '#core/digest';
import { openRelease, ReleaseError, requireNode, type ReleaseArchive } from '#packs/agent-release/archive';
import { readPublicKey, requireSignature, SignatureError } from '#packs/signature/index';
import type { AgentRelease } from '#protocol/actions';

/** @throws ReleaseError that says what does not hold; nothing of the archive was used then */
export async function verifyRelease(
  bytes: Uint8Array,
  release: AgentRelease,
  releaseKeys: readonly string[],
): Promise<ReleaseArchive> {
  const digest = sha256(bytes);
  if (digest !== release.content)
    throw new ReleaseError(`the archive of release ${release.version} is ${digest}, expected ${release.content}`);
  if (releaseKeys.length === 0)
    throw new ReleaseError(`release ${release.version} cannot be trusted: this agent knows no key that signs releases`);
  try {
    requireSignature(`release ${release.version}`, bytes, release.signature, releaseKeys.map(readPublicKey));
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new ReleaseError(error.message, { cause: error });
  }
  const archive = await openRelease(bytes);
  const { version, image } = archive.manifest;
  if (version !== release.version)
    throw new ReleaseError(`the archive of release ${release.version} holds version ${version}`);
  if (release.image !== undefined && image !== release.image)
    throw new ReleaseError(
      `release ${version} was signed with image ${image ?? 'none'}, and ${release.image} was asked for`,
    );
  requireNode(archive.manifest, process.versions.node);
  return archive;
}
