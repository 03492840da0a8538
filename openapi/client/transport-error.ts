/** What an error of the socket means: whether the request can have been processed, and what to tell. */

export type TransportFault =
  /** There was no connection: the request was certainly not processed. */
  | { readonly kind: 'unconnected'; readonly reason: string }
  /** The name does not exist: trying again does not help. */
  | { readonly kind: 'unknown-host'; readonly reason: string }
  /** The connection broke: the request may have been processed. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'certificate'; readonly reason: string }
  /** What answers there does not speak TLS. */
  | { readonly kind: 'not-tls'; readonly reason: string };

const UNCONNECTED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EAI_AGAIN',
  'ECONNABORTED',
  // No way through a proxy (#core/network/dial).
  'ERR_DIAL',
]);
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_NONAME', 'EAI_NODATA']);
const CERTIFICATE = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The `code` of a system error, or an empty text. */
function codeOf(error: unknown): string {
  if (error === null || typeof error !== 'object' || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** The error that tells most: the first cause of an attempt at several addresses. */
function firstCause(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

/** Reads what a failed socket means. Anything that is not known counts as broken: the careful reading. */
export function transportFault(error: unknown): TransportFault {
  const cause = firstCause(error);
  const code = codeOf(cause) || codeOf(error);
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : code || String(cause);
  if (UNCONNECTED.has(code)) return { kind: 'unconnected', reason };
  if (UNKNOWN_HOST.has(code)) return { kind: 'unknown-host', reason };
  if (CERTIFICATE.has(code)) return { kind: 'certificate', reason };
  // OpenSSL reports an answer in clear text under changing names of the same family.
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return { kind: 'not-tls', reason };
  return { kind: 'broken', reason };
}
