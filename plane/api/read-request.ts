import type { Context } from 'hono';

import type { Operation } from './contract.ts';
import { PlaneError } from './error.ts';
import type { OperationValidator, Violation } from './validate.ts';

export const JSON_LIMIT = 10 * 1024 * 1024;
export const ARCHIVE_LIMIT = 100 * 1024 * 1024;

/** A request as a handler takes it, checked against the contract. */
export interface CheckedRequest {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Reads parameters and body of a request. @throws PlaneError 400, 413, 415 or 422 that says what does not fit. */
export async function readRequest(
  c: Context,
  operation: Operation,
  validator: OperationValidator,
): Promise<CheckedRequest> {
  const path: Record<string, unknown> = { ...c.req.param() };
  const query = readQuery(c);
  const headers = c.req.raw.headers;
  refuse([
    ...validator.parameters('path', path),
    ...validator.parameters('query', query),
    ...(operation.parameters.some((parameter) => parameter.in === 'header')
      ? validator.parameters('header', declaredHeaders(operation, headers))
      : []),
  ]);
  return { path, query, headers, body: await readBody(c, operation, validator) };
}

/** One value for each name: no operation of the contract takes a list, so the first one counts. */
function readQuery(c: Context): Record<string, unknown> {
  // An empty value says no more than an absent one: clients in Go send `?continue=`.
  return Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''));
}

function declaredHeaders({ parameters }: Operation, headers: Headers): Record<string, unknown> {
  const declared = parameters.filter((parameter) => parameter.in === 'header');
  return Object.fromEntries(declared.flatMap(({ name }) => (headers.has(name) ? [[name, headers.get(name)]] : [])));
}

function refuse(violations: readonly Violation[]): void {
  const [first] = violations;
  if (!first) return;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more, see details)` : '';
  throw new PlaneError(422, 'InvalidRequest', `${first.field}: ${first.message}${more}`, violations);
}

async function readBody(c: Context, { body: expected }: Operation, validator: OperationValidator): Promise<unknown> {
  if (!expected) return undefined;
  const bytes = await readBytes(
    c.req.raw,
    expected.contentType === 'application/octet-stream' ? ARCHIVE_LIMIT : JSON_LIMIT,
  );
  if (bytes.length === 0) {
    if (expected.required)
      throw new PlaneError(400, 'MissingBody', `the request has no body; send ${expected.contentType}`);
    return undefined;
  }
  const sent = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (sent !== expected.contentType) {
    throw new PlaneError(
      415,
      'UnsupportedMediaType',
      `the body is ${sent ?? 'of no type'}; send Content-Type: ${expected.contentType}`,
    );
  }
  switch (expected.contentType) {
    case 'application/json':
      return checkJson(parseJson(bytes), validator);
    case 'multipart/form-data':
      return parseForm(bytes, c.req.header('content-type') ?? '');
    default:
      return bytes;
  }
}

async function parseForm(bytes: Uint8Array, contentType: string): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    // Bytes of a request are over an ArrayBuffer, never a shared one.
    const body = bytes as Uint8Array<ArrayBuffer>;
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const parts = new Map<string, Uint8Array>();
    for (const [name, value] of form)
      parts.set(
        name,
        typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(await value.arrayBuffer()),
      );
    return parts;
  } catch (error) {
    throw new PlaneError(
      400,
      'InvalidForm',
      'the body is no form as multipart/form-data has it; check its boundary',
      undefined,
      { cause: error },
    );
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PlaneError(
      400,
      'InvalidJson',
      `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
      undefined,
      { cause: error },
    );
  }
}

/** Clients in Go write an unset list or map as null. Where null does not fit, it counts as absent. */
function checkJson(value: unknown, validator: OperationValidator): unknown {
  if (validator.body(value).length === 0) return value;
  const pruned = withoutNulls(value);
  refuse(validator.body(pruned));
  return pruned;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== null)
      .map(([key, child]) => [key, withoutNulls(child)]),
  );
}

/** The whole body, read no further than `limit` bytes. @throws PlaneError 413 when there is more. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = (): PlaneError =>
    new PlaneError(413, 'BodyTooLarge', `the body is larger than ${limit / 1024 / 1024} MiB`);
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request.body) {
    size += piece.length;
    if (size > limit) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}
