import { isMap, valueAt } from './object.ts';

/** What the API server said no to, and why; `status` 0: no answer came. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** HTTP status, or 0. */
  readonly status: number;
  /** The API server's reason, for example `Invalid`, `NotFound`, `Conflict`; `Unreachable` without an answer. */
  readonly reason: string;
  /** Fields the API server found fault with, in its own notation. */
  readonly fields: readonly { readonly field: string; readonly message: string }[];
  /** How long the API server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    details: {
      readonly status: number;
      readonly reason: string;
      readonly fields?: readonly { readonly field: string; readonly message: string }[];
      readonly retryAfterMs?: number | undefined;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = details.status;
    this.reason = details.reason;
    this.fields = details.fields ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The store behind the API server takes no more in one object; it is told under status 500, as if trying again could help. */
const TOO_LARGE = /request is too large|message larger than max/;

/** Reads a `Status` answer. `what` names the step and the object, for the message. */
export function kubeErrorFrom(what: string, status: number, text: string, retryAfter: string | undefined): KubeError {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy in between answers in HTML or plain text: its first line still helps.
    body = { message: text.split('\n', 1)[0]?.slice(0, 200) };
  }
  const message = valueAt(body, 'message');
  const reason = valueAt(body, 'reason');
  const causes = valueAt(body, 'details', 'causes');
  const fields = (Array.isArray(causes) ? causes : []).filter(isMap).flatMap((cause) => {
    const field = cause['field'];
    return typeof field === 'string' && field !== ''
      ? [{ field, message: typeof cause['message'] === 'string' ? cause['message'] : '' }]
      : [];
  });
  const typed = typedPatchFaults(typeof message === 'string' ? message : '');
  if (typed.length > 0)
    return new KubeError(`${what}: ${String(message)}`, { status: 422, reason: 'Invalid', fields: typed });
  if (typeof message === 'string' && TOO_LARGE.test(message))
    return new KubeError(`${what}: ${message}`, { status: 413, reason: 'RequestEntityTooLarge' });
  const seconds = Number(retryAfter ?? valueAt(body, 'details', 'retryAfterSeconds') ?? Number.NaN);
  return new KubeError(`${what}: ${typeof message === 'string' && message !== '' ? message : `HTTP ${status}`}`, {
    status,
    reason: typeof reason === 'string' && reason !== '' ? reason : `HTTP ${status}`,
    fields,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

/**
 * A field that the schema does not know, or of another type, makes server-side apply answer 500
 * without a reason or a cause; only the message says what is wrong:
 * `failed to create typed patch object (...): .spec.foo: field not declared in schema`.
 */
function typedPatchFaults(message: string): { readonly field: string; readonly message: string }[] {
  if (!message.startsWith('failed to create typed patch object')) return [];
  return [...message.matchAll(/(?:^|[\s:])\.([^\s:]+): ([^\n]+)/g)].map(([, field = '', fault = '']) => ({
    field,
    message: fault,
  }));
}

export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404;
}

/** Whether the same request can succeed later without anyone changing it. */
export function isTransient(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** Whether it is the API server that is in trouble, whatever is asked of it. Status 500 is about one object: a webhook breaks. */
export function isAway(error: unknown): boolean {
  return isTransient(error) && !(error instanceof KubeError && error.status === 500);
}
