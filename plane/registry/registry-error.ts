export type RegistryErrorCode =
  /** No connection, or one that broke. */
  | 'RegistryUnreachable'
  /** It answers too slowly, or not to the end. */
  | 'RegistryTooSlow'
  /** The certificate is not trusted. */
  | 'RegistryCertificate'
  /** Credentials are missing or refused. */
  | 'RegistryUnauthorized'
  /** It answers, but not as a registry of this kind does. */
  | 'RegistryBadAnswer'
  /** There is no such thing in the registry. */
  | 'RegistryNotFound'
  /** More than is allowed. */
  | 'RegistryLimit'
  /** An address that the plane does not speak to. */
  | 'RegistryAddressRefused'
  /** The archive is another one than was announced. */
  | 'DigestMismatch'
  | 'SignatureRequired'
  /** What came is no chart or pack. */
  | 'InvalidPack';

/** A registry that does not do what it should. The message is for people and holds no credentials. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  /** Whether the same request may succeed soon. */
  readonly transient: boolean;
  /** How long the registry asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly transient?: boolean;
      readonly retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.transient = options.transient ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A URL as it may be told: without user, password and query, which may hold signatures and tokens. */
export function shownUrl(url: URL): string {
  const path = url.pathname.length > 200 ? `${url.pathname.slice(0, 200)}…` : url.pathname;
  return `${url.protocol}//${url.host}${path}`;
}
