/** Certificates of the function, in a folder as Crossplane mounts it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';

import { experimental, type ServerCredentials } from '@grpc/grpc-js';

/** Between two looks at the files: whoever renews certificates writes them there. */
const REFRESH_MS = 60_000;

export interface Credentials {
  readonly credentials: ServerCredentials;
  /** To be called when a server uses them: from then on the files are looked at for as long as it runs. */
  readonly release: () => void;
  /** Whether a caller needs a certificate. */
  readonly mutual: boolean;
}

/**
 * Credentials from `tls.crt`, `tls.key` and, when it is there, `ca.crt`, which then every caller's certificate must come
 * from: only Crossplane, which has one, may call. (The SDK would take calls without a certificate.)
 *
 * @throws Error naming the file that is not there, or what is wrong with the certificate
 */
export async function readCredentials(
  dir: string,
  { refreshMs = REFRESH_MS }: { readonly refreshMs?: number } = {},
): Promise<Credentials> {
  const certificateFile = join(dir, 'tls.crt');
  const privateKeyFile = join(dir, 'tls.key');
  const caFile = join(dir, 'ca.crt');
  const [cert, key] = await Promise.all([read(certificateFile), read(privateKeyFile)]);
  const ca = await readFile(caFile).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`${caFile} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  try {
    createSecureContext({ cert, key, ca });
  } catch (error) {
    throw new Error(`the certificate, key or authority in ${dir} is not right: ${messageOf(error)}`, { cause: error });
  }
  const files = new experimental.FileWatcherCertificateProvider({
    certificateFile,
    privateKeyFile,
    ...(ca === undefined ? {} : { caCertificateFile: caFile }),
    refreshIntervalMs: refreshMs,
  });
  let done = (): void => undefined;
  const loaded = new Promise<void>((resolve) => (done = resolve));
  files.addIdentityCertificateListener(done);
  await loaded;
  return {
    // With two parameters they are the same: in this version their order is not as declared.
    credentials:
      ca === undefined
        ? experimental.createCertificateProviderServerCredentials(files, null, false)
        : experimental.createCertificateProviderServerCredentials(files, files, true),
    release: () => files.removeIdentityCertificateListener(done),
    mutual: ca !== undefined,
  };
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}. The folder needs tls.crt, tls.key and ca.crt.`, {
      cause: error,
    });
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
