/** Calls of the page to the agent it came from. */
import type { Schemas } from '../contract.ts';

export type { Schemas };

/** What the agent answered instead of doing it, or that it did not answer (`status` 0). */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;
  readonly code: string;
  readonly details: readonly string[];
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, { code, message, details = [], retryAfterSeconds }: Schemas['Error']) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const EVENTS_PATH = '/v1/edge-mgmt/cluster/events/stream';
export const HOST_PATH = '/v1/edge-mgmt/edgehosts/current';
export const CLUSTER_PATH = '/v1/edge-mgmt/cluster';

let csrfToken = '';

/** Remembers what must go along with everything that changes something. */
export function keepCsrfToken(token: string | undefined): void {
  csrfToken = token ?? '';
}

/** One request; gives the body. @throws CallError */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new CallError(0, { code: 'Unreachable', message: 'The agent does not answer.' });
  }
  // The agent answers as its contract says; this page came from the very same agent.
  return answerOf(response.status, await response.text()) as T;
}

function answerOf(status: number, text: string): unknown {
  const json: unknown = text === '' ? undefined : parsed(text);
  if (status >= 200 && status < 300) return json;
  if (isError(json)) throw new CallError(status, json);
  throw new CallError(status, { code: 'Unknown', message: `The agent answered ${status}.` });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isError(value: unknown): value is Schemas['Error'] {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

/** Sends a file and tells how much of it went; `fetch` cannot. @throws CallError */
export async function upload(file: File, onProgress: (share: number) => void): Promise<Schemas['UploadedContent']> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${HOST_PATH}/actions/upload-content`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-csrf-token', csrfToken);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('error', () =>
      reject(new CallError(0, { code: 'Unreachable', message: 'The connection broke off.' })),
    );
    request.addEventListener('load', () => {
      try {
        resolve(answerOf(request.status, request.responseText) as Schemas['UploadedContent']);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    request.send(file);
  });
}
