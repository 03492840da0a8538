/** Everything about a bundle that can be known from it alone. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { CliError, exitCodes } from '#cli/cli-error';
import type { Digest } from '#core/digest';
import {
  BundleError,
  blobsOf,
  bundleDigest,
  readBundle,
  type BundleManifest,
  type BundledPack,
  type ReadBundleOptions,
} from '#packs/bundle/index';
import { contentDigest, openPackArchive } from '#packs/index';
import { profileDigest } from '#profiles/digest';
import { ProfileDocument } from '#profiles/document';
import { DesiredState } from '#protocol/desired-state';
import { SignedDesiredState } from '#protocol/signature';

import { packsOf } from './contents.ts';

export interface CheckedBundle {
  readonly manifest: BundleManifest;
  readonly profiles: readonly ProfileDocument[];
  /** By cluster; signatures are the agent's to check. */
  readonly desiredStates: ReadonlyMap<string, SignedDesiredState>;
}

/** Reads the file anew each time: what was checked is checked again where it is used. @throws CliError, BundleError */
export async function readBundleFile(file: string, options: ReadBundleOptions): Promise<BundleManifest> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new CliError(`${file}: there is no such bundle`, { exitCode: exitCodes.usage });
  // The stream's type cannot say so, but without an encoding it yields buffers only.
  const chunks: AsyncIterable<Buffer> = createReadStream(file);
  return readBundle(chunks, options);
}

/**
 * Reads a whole bundle: signature, digests, and that profiles, packs and desired states are what the manifest says of
 * them and need nothing that is not there.
 *
 * @throws BundleError, PackError, CliError
 */
export async function checkBundle(
  file: string,
  options: Pick<ReadBundleOptions, 'trust' | 'signal'>,
): Promise<CheckedBundle> {
  const texts = new Map<Digest, Uint8Array>();
  let manifest: BundleManifest | undefined;
  await readBundleFile(file, {
    ...options,
    onManifest: (given) => {
      manifest = given;
    },
    onBlob: async ({ digest }, bytes) => {
      const packs = manifest?.packs.filter(({ blob }) => blob.digest === digest) ?? [];
      for (const pack of packs) await checkPack(pack, bytes);
      if (packs.length === 0) texts.set(digest, bytes);
    },
  });
  if (!manifest) throw new BundleError('UnreadableBundle', 'not a readable bundle: it has no manifest');
  const given = manifest;
  const archives = new Set<string>(given.packs.map(({ blob }) => blob.digest));
  return {
    manifest: given,
    profiles: given.profiles.map(({ name, version, profileDigest: expected, blob }) => {
      const what = `the profile ${name} ${version}`;
      const document = parsed(what, ProfileDocument, texts.get(blob.digest));
      if (document.name !== name || document.version !== version || profileDigest(document) !== expected)
        throw unlike(what);
      for (const layer of document.layers) {
        if (layer.type === 'manifest') continue;
        if (!layer.resolved || !archives.has(layer.resolved.digest))
          throw new BundleError(
            'InvalidManifest',
            `${what} needs the pack of its layer ${layer.name}, which is not there`,
          );
      }
      return document;
    }),
    desiredStates: new Map(
      given.desiredStates.map(({ clusterUid, clusterName, revision, packs, blob }) => {
        const what = `the desired state of ${clusterName}`;
        const signed = parsed(what, SignedDesiredState, texts.get(blob.digest));
        const document = parsed(what, DesiredState, Buffer.from(signed.payload, 'base64url'));
        if (document.clusterUid !== clusterUid || document.revision !== revision) throw unlike(what);
        const missing = [...packs, ...packsOf(document)].find((digest) => !archives.has(digest));
        if (missing !== undefined)
          throw new BundleError('InvalidManifest', `${what} needs the pack ${missing}, which is not there`);
        return [clusterUid, signed] as const;
      }),
    ),
  };
}

/** @throws BundleError when the file holds another bundle than the one that was checked. */
export function refuseOther(file: string, found: BundleManifest, checked: BundleManifest): void {
  if (bundleDigest(found) !== bundleDigest(checked))
    throw new BundleError('DamagedBundle', `${file} is another bundle than the one that was checked`);
}

/** Bytes of all that a bundle holds. */
export function sizeOf(manifest: BundleManifest): number {
  return blobsOf(manifest).reduce((sum, { size }) => sum + size, 0);
}

async function checkPack({ name, version, contentDigest: expected }: BundledPack, bytes: Uint8Array): Promise<void> {
  const pack = await openPackArchive(bytes);
  if (pack.name !== name || pack.version !== version || contentDigest(pack) !== expected)
    throw unlike(`the pack ${name} ${version}`);
}

function parsed<T>(
  what: string,
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  bytes: Uint8Array | undefined,
): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));
  } catch (error) {
    throw new BundleError('InvalidManifest', `${what} is not JSON`, { cause: error });
  }
  const result = schema.safeParse(value);
  if (!result.success) throw unlike(what);
  return result.data;
}

function unlike(what: string): BundleError {
  return new BundleError('InvalidManifest', `${what} is not what the manifest says of it`);
}

/** `1 profile, 2 packs, 0 desired states, 1 image`. */
export function contentsText({ profiles, packs, desiredStates, images }: BundleManifest): string {
  const count = ({ length }: readonly unknown[], what: string): string => `${length} ${what}${length === 1 ? '' : 's'}`;
  return [
    count(profiles, 'profile'),
    count(packs, 'pack'),
    count(desiredStates, 'desired state'),
    count(images, 'image'),
  ].join(', ');
}
