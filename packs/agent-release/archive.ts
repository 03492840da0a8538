/** A version of the agent as it is published: a tar.gz with the program, its package.json and what it says of itself. */
import { satisfies, valid } from 'semver';
import { z } from 'zod';

import { readArchive } from '../archive/read-archive.ts';
import { writeArchive } from '../archive/write-archive.ts';
import type { Files } from '../files.ts';
import { PackError } from '../problem.ts';

/** What `release.json` says. Signed with the rest: the image cannot be exchanged for another one. */
export const ReleaseManifest = z.object({
  kind: z.literal('palette-agent-release'),
  version: z.string().refine((text) => valid(text) !== null, 'must be a semantic version'),
  /** The module that is started, relative to the archive. */
  entry: z
    .string()
    .regex(/^[\w][\w./-]*\.m?js$/, 'must be the relative path of a module')
    .refine((path) => !path.split('/').includes('..'), 'must stay inside the archive'),
  /** The range of Node.js that it runs on. */
  node: z.string(),
  /** The same version as a container image, by digest; absent where there is none. */
  image: z
    .string()
    .regex(/^[\w.\-/:]+@sha256:[0-9a-f]{64}$/, 'must name an image by its digest')
    .optional(),
});
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;

export interface ReleaseArchive {
  readonly manifest: ReleaseManifest;
  readonly files: Files;
}

const MANIFEST = 'release.json';
/** An agent is one file of a few MiB. */
const MAX_ARCHIVE = 48 * 1024 * 1024;
const LIMITS = {
  archiveBytes: MAX_ARCHIVE,
  totalBytes: 192 * 1024 * 1024,
  fileBytes: 128 * 1024 * 1024,
  entries: 2_000,
  nestedArchives: 0,
};

/** An archive that is no release of the agent, or not one for this host. The message is for people. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** Opens a release without trusting it: nothing is written, and its limits hold. @throws ReleaseError */
export async function openRelease(bytes: Uint8Array): Promise<ReleaseArchive> {
  let files: Files;
  try {
    files = await readArchive(bytes, LIMITS);
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    throw new ReleaseError(`the archive of the release cannot be read: ${error.message}`, { cause: error });
  }
  const text = files.get(MANIFEST);
  if (text === undefined) throw new ReleaseError(`the archive has no ${MANIFEST}: it is no release of the agent`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text).toString('utf8'));
  } catch (error) {
    throw new ReleaseError(`${MANIFEST} is not JSON`, { cause: error });
  }
  const parsed = ReleaseManifest.safeParse(value);
  if (!parsed.success) throw new ReleaseError(`${MANIFEST}: ${z.prettifyError(parsed.error)}`);
  const { entry, version } = parsed.data;
  if (!files.has(entry)) throw new ReleaseError(`${MANIFEST} names ${entry}, which the archive does not have`);
  const own = versionOfPackage(files.get('package.json'));
  if (own !== version)
    throw new ReleaseError(`${MANIFEST} says version ${version}, package.json ${own ?? 'none'}: they must agree`);
  return { manifest: parsed.data, files };
}

/** @throws ReleaseError where the release asks for another Node.js than there is */
export function requireNode({ version, node }: Pick<ReleaseManifest, 'version' | 'node'>, running: string): void {
  if (!satisfies(running, node))
    throw new ReleaseError(`release ${version} needs Node.js ${node}, and this host has ${running}`);
}

/** The release's bytes, the same for the same content. */
export function writeRelease(manifest: Omit<ReleaseManifest, 'kind'>, program: Files): Buffer {
  const own = ReleaseManifest.parse({ kind: 'palette-agent-release', ...manifest });
  // Modules of the release find their own version as those of the published package do.
  const about = {
    name: 'palette-iac',
    version: own.version,
    type: 'module',
    exports: { './package.json': './package.json' },
  };
  return writeArchive(
    new Map([
      ...program,
      [MANIFEST, Buffer.from(`${JSON.stringify(own, undefined, 2)}\n`)],
      ['package.json', Buffer.from(`${JSON.stringify(about, undefined, 2)}\n`)],
    ]),
  );
}

const About = z.object({ name: z.literal('palette-iac'), version: z.string() });

function versionOfPackage(bytes: Uint8Array | undefined): string | undefined {
  try {
    return About.parse(JSON.parse(Buffer.from(bytes ?? []).toString('utf8'))).version;
  } catch {
    return undefined;
  }
}
