/** From answers and broken connections to the errors that tell them. */
import { assertNever } from '#core/assert-never';

import { DeadlineReached, type Deadline } from './deadline.ts';
import { ApiError, statusHint } from './errors.ts';
import { readBody, type HttpResponse } from './https-fetch.ts';
import { parseRetryAfter } from './retry-policy.ts';
import type { TransportFault } from './transport-error.ts';

const MAX_ERROR_BYTES = 1024 * 1024;

/** What an error says about the call it belongs to. */
export interface FailedCall {
  readonly method: string;
  /** Path, and query perhaps. */
  readonly target: string;
  /** The one status that means success. */
  readonly success: readonly [status: number, ...rest: unknown[]];
}

/** Reads an answer that is not the call's success into the error that tells it. */
export async function readFailure(
  call: FailedCall,
  response: HttpResponse,
  secrets: readonly string[],
): Promise<ApiError> {
  const { status } = response;
  const requestId = header(response, 'x-request-id');
  const base = { status, method: call.method, path: pathOf(call) };
  const text = Buffer.from(await readBody(response, MAX_ERROR_BYTES)).toString('utf8');
  if (status < 400) {
    return new ApiError({
      ...base,
      requestId,
      code: 'UnexpectedStatus',
      reason: `the contract says ${call.success[0]} for success; whether the request was carried out is not known`,
      hint: 'Check `host`, and read the object before trying again.',
    });
  }
  const body = parseErrorBody(text);
  const code = body.code ?? `Http${status}`;
  return new ApiError({
    ...base,
    code,
    requestId: requestId ?? body.ref,
    reason: redact(body.message ?? `the API answered ${status}`, secrets),
    hint: statusHint(status, code),
    details: redactDetails(body.details, secrets),
  });
}

interface ErrorBody {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly ref?: string | undefined;
  readonly details?: unknown;
}

/** The error body of the API, as far as the text is one. */
function parseErrorBody(text: string): ErrorBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {}; // a proxy's page, for example: its status says enough
  }
  if (value === null || typeof value !== 'object') return {};
  const field = (name: string): string | undefined => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  return { code: field('code'), message: field('message'), ref: field('ref'), details: Reflect.get(value, 'details') };
}

function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text);
}

function redactDetails(details: unknown, secrets: readonly string[]): unknown {
  if (details === undefined || details === null) return undefined;
  const text = JSON.stringify(details);
  return secrets.some((secret) => text.includes(secret)) ? '[redacted]' : details;
}

/** The error for a try that got no answer. */
export function transportFailure(host: string, call: FailedCall, fault: TransportFault, cause: unknown): ApiError {
  switch (fault.kind) {
    case 'certificate':
      return failed(
        call,
        'BadCertificate',
        `the certificate of ${host} is not trusted: ${fault.reason}`,
        'Trust the CA that signed it (environment variable SPECTROCLOUD_CA_FILE or NODE_EXTRA_CA_CERTS names a PEM file), or, for a test environment only, set `ignore_insecure_tls_error`.',
        cause,
      );
    case 'not-tls':
      return failed(
        call,
        'Unreachable',
        `${host} does not speak TLS`,
        'Check the port in `host`: the API is served over https alone.',
        cause,
      );
    case 'unknown-host':
      return failed(
        call,
        'Unreachable',
        `the name ${host} is not known: ${fault.reason}`,
        'Check the setting `host`.',
        cause,
      );
    case 'unconnected':
    case 'broken':
      return failed(
        call,
        'Unreachable',
        `${host} cannot be reached: ${fault.reason}`,
        'Check the setting `host` (environment variable SPECTROCLOUD_HOST), the network and any proxy between.',
        cause,
      );
    default:
      return assertNever(fault);
  }
}

/** The error for a call that its caller or its deadline ended. */
export function stopped(call: FailedCall, deadline: Deadline, cause: unknown): ApiError {
  const reason: unknown = deadline.signal.reason;
  if (!(reason instanceof DeadlineReached))
    return failed(call, 'Aborted', 'the caller ended the request', undefined, reason);
  const last = cause instanceof ApiError ? `; the last try failed: ${cause.reason}` : '';
  return failed(
    call,
    'DeadlineExceeded',
    `not done within ${reason.ms} ms${last}`,
    cause instanceof ApiError ? cause.hint : undefined,
    cause,
  );
}

export function failed(
  call: FailedCall,
  code: string,
  reason: string,
  hint: string | undefined,
  cause: unknown,
): ApiError {
  return new ApiError({ code, status: 0, reason, method: call.method, path: pathOf(call), hint }, { cause });
}

/** The path of a call, without its query. */
export function pathOf(call: FailedCall): string {
  return call.target.split('?', 1)[0] ?? call.target;
}

/** A header's value; the first when there are several. */
export function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Milliseconds that the answer asks to wait, when it does. */
export function retryAfterMs(response: HttpResponse): number | undefined {
  return parseRetryAfter(header(response, 'retry-after'));
}
