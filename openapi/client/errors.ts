/** The one error of this client, and what it tells the person who reads it. */

/** Failures that come from the way to the API rather than from its answer. */
export type TransportCode =
  | 'Unreachable'
  | 'BadCertificate'
  | 'DeadlineExceeded'
  | 'Aborted'
  /** A 2xx (or 3xx) other than the one the contract has: whether it worked is not known, so nothing is repeated. */
  | 'UnexpectedStatus'
  /** The answer is not what the contract says, for example a web page: `host` names something else. */
  | 'InvalidResponse';

export interface ApiErrorFields {
  /** A {@link TransportCode}, or the `code` of the API's error body. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What was wrong, in the API's words or ours. */
  readonly reason: string;
  readonly method: string;
  /** Path of the request, without query. */
  readonly path: string;
  readonly requestId?: string | undefined;
  /** What to do about it, when that is known. */
  readonly hint?: string | undefined;
  readonly details?: unknown;
}

/** A call that did not succeed. Its message names the call, the reason and what to do; it never holds a credential. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly reason: string;
  readonly method: string;
  readonly path: string;
  readonly requestId: string | undefined;
  readonly hint: string | undefined;
  readonly details: unknown;

  constructor(fields: ApiErrorFields, options?: ErrorOptions) {
    const answer = fields.status > 0 ? `${fields.status} ${fields.code}` : fields.code;
    const request = fields.requestId === undefined ? '' : ` (request ${fields.requestId})`;
    const hint = fields.hint === undefined ? '' : ` ${fields.hint}`;
    super(`${fields.method} ${fields.path}: ${answer}: ${sentence(fields.reason)}${hint}${request}`, options);
    this.code = fields.code;
    this.status = fields.status;
    this.reason = fields.reason;
    this.method = fields.method;
    this.path = fields.path;
    this.requestId = fields.requestId;
    this.hint = fields.hint;
    this.details = fields.details;
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Tells an error of this client from others, also across copies of the module. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError' && 'code' in error && 'status' in error;
}

/** Tells "it does not exist, or is out of the caller's reach" from every other failure. */
export function isNotFound(error: unknown): boolean {
  return isApiError(error) && error.status === 404;
}

/** What a person can do about an answer of the API, when there is something. */
export function statusHint(status: number, code: string): string | undefined {
  if (status === 401) {
    return 'Check the API key: setting `api_key`, or environment variable SPECTROCLOUD_APIKEY; it may be wrong, expired or of another `host`.';
  }
  if (status === 403)
    return 'The credential is valid but not for this: check its permissions and the project (setting `project_name`).';
  if (status === 404 && (code === 'NoSuchOperation' || code === 'Http404'))
    return 'Check `host`: nothing there answers this path. What goes beyond Palette’s API needs a management plane of Palette IaC, not older than this program.';
  if (status === 404 && code !== 'ResourceNotFound') return 'Check `host`, and what the request names.';
  if (status === 429) return 'The API limits the rate of requests: run fewer at a time or try again later.';
  if (status === 502 || status === 503 || status === 504)
    return 'The API is not available at the moment: try again later.';
  if (status >= 500) return 'The API failed inside: its log has the reason under the request id.';
  return undefined;
}
