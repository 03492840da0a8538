import { PlaneError } from './error.ts';

/** Sent with every answer: how a client finds out what this plane offers beyond Palette's API. */
export const CAPABILITIES = { 'Palette-Capabilities': 'bulk-read, events, idempotency, impact, resource-events' };

/** What a handler answered, as seen by code that does not know which one. */
export interface AnyReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The HTTP answer for a reply that fits the contract; `contentType` is the contract's. */
export function toResponse(reply: AnyReply, contentType: string | undefined): Response {
  const headers = new Headers(reply.headers);
  if (contentType !== undefined && !headers.has('content-type')) headers.set('content-type', contentType);
  return new Response(toBody(reply.body, contentType), { status: reply.status, headers });
}

function toBody(body: unknown, contentType: string | undefined): ConstructorParameters<typeof Response>[0] {
  if (contentType === undefined || body === undefined) return null;
  if (contentType === 'application/json') return JSON.stringify(body);
  if (typeof body === 'string' || body instanceof ReadableStream) return body;
  // Bytes of a driver or a file are over an ArrayBuffer, never a shared one.
  if (ArrayBuffer.isView(body)) return body as Uint8Array<ArrayBuffer>;
  // The contract's only other body is the event stream, which handlers give as text in pieces.
  return toStream(body as AsyncIterable<string>);
}

/** Pulls the next piece when the connection can take it; ends the iteration when the reader goes away. */
function toStream(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          controller.error(error);
        }
      },
      cancel: async () => void (await iterator.return?.()),
    },
    { highWaterMark: 0 },
  );
}

/** The answer for a failure; `requestId` is its `ref`. */
export function toErrorResponse(error: PlaneError, requestId: string): Response {
  const body = {
    code: error.code,
    message: error.message,
    ...(error.details === undefined ? {} : { details: error.details }),
    ref: requestId,
  };
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: { 'content-type': 'application/json', ...error.headers },
  });
}

/** What a user may know of a failure that nobody foresaw. */
export function internalError(requestId: string, cause: unknown): PlaneError {
  return new PlaneError(
    500,
    'InternalError',
    `the plane failed to answer; its log has the reason under request ${requestId}`,
    undefined,
    { cause },
  );
}
