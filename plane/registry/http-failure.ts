import { RegistryError, shownUrl } from './registry-error.ts';

const CERTIFICATE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;
/** Codes of zlib and of Node's HTTP parser. */
const MALFORMED = /^(Z_|HPE_|ERR_STREAM_PREMATURE)/;

/** What went wrong with a request, in words for the person who registered the registry. */
export function failureOf(error: unknown, url: URL): RegistryError {
  if (error instanceof RegistryError) return error;
  const code = codeOf(error);
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof RegistryError) return cause;
  const shown = shownUrl(url);
  if (CERTIFICATE.test(code))
    return new RegistryError(
      'RegistryCertificate',
      `the certificate of ${url.host} is not trusted (${code}); give the registry its CA, or let it skip the check`,
      { cause: error },
    );
  if (MALFORMED.test(code))
    return new RegistryError('RegistryBadAnswer', `${shown} answered what cannot be read (${code})`, { cause: error });
  return new RegistryError('RegistryUnreachable', `${shown} cannot be reached (${code || 'unknown reason'})`, {
    cause: error,
    transient: true,
  });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  // Of several addresses that were tried, the first one's failure stands for all.
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
