/**
 * A request that cannot be answered as asked. It reaches the caller as the contract's `v1Error`, so the message is for
 * people: what was wrong, where, what to do; never a secret, never the existence of what the caller may not see.
 */
export class PlaneError extends Error {
  override readonly name = 'PlaneError';
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** A constant name of the failure, for programs. */
  readonly code: string;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details?: unknown,
    options: { readonly cause?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = options.headers ?? {};
  }
}

/** What does not exist, or belongs to another tenant or project: both are told alike. */
export function notFound(kind: string, uid: string): PlaneError {
  return new PlaneError(
    404,
    'ResourceNotFound',
    `${kind} '${uid}' was not found; check the identifier and the project`,
  );
}

/** A request that says something the contract's schema allows but the plane cannot accept. */
export function invalidRequest(message: string, details?: unknown): PlaneError {
  return new PlaneError(422, 'InvalidRequest', message, details);
}

/** A name that is taken, or a state that does not allow what was asked. */
export function conflict(code: string, message: string, details?: unknown): PlaneError {
  return new PlaneError(409, code, message, details);
}
