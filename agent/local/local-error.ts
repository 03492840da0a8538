/** What is answered to a caller whose request is not done. */
export type LocalErrorCode =
  | 'BadRequest'
  | 'Unauthorized'
  | 'WrongCredentials'
  | 'LockedOut'
  | 'TooManyRequests'
  | 'Forbidden'
  | 'PasswordChangeRequired'
  | 'CsrfTokenMissing'
  | 'WrongHost'
  | 'ResourceNotFound'
  | 'MethodNotAllowed'
  | 'Conflict'
  | 'TooLarge'
  | 'UnsupportedMediaType'
  | 'Invalid'
  | 'Refused'
  | 'NotMember'
  | 'Unavailable'
  | 'InternalError';

export class LocalError extends Error {
  override readonly name = 'LocalError';
  readonly status: number;
  readonly code: LocalErrorCode;
  readonly details: readonly string[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: LocalErrorCode,
    message: string,
    options: ErrorOptions & { readonly details?: readonly string[]; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.details = options.details ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
