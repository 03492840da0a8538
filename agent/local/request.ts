/** Requests as handlers see them, and what is read of their bodies. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import type { OperationId, LocalAnswer } from './contract.ts';
import { LocalError } from './local-error.ts';
import type { Session } from './sessions.ts';
import type { StoredUser } from './users.ts';
import type { AgentView, LocalMembership } from './view.ts';

export interface Caller {
  readonly user: StoredUser;
  readonly session: Session;
  readonly token: string;
}

export interface LocalRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Absent where nobody need be signed in. */
  readonly caller: Caller | undefined;
  /** As the socket says. */
  readonly address: string;
  readonly raw: IncomingMessage;
  /** For answers that are streams: the handler writes them itself. */
  readonly response: ServerResponse;
  /** Aborted when the caller goes away, and when the agent stops. */
  readonly signal: AbortSignal;
}

/** Who asks, where somebody must be signed in. @throws LocalError */
export function callerOf({ caller }: LocalRequest): Caller {
  if (!caller) throw new LocalError(401, 'Unauthorized', 'sign in first');
  return caller;
}

/** The life of the agent as a member of a plane. @throws LocalError where there is none */
export function memberOf(view: Pick<AgentView, 'membership' | 'standing'>): LocalMembership {
  const membership = view.membership();
  if (membership) return membership;
  throw new LocalError(
    409,
    'NotMember',
    view.standing() === 'standby'
      ? 'another replica of the agent works: ask that one'
      : 'the agent has not joined a plane yet: apply the import manifest',
  );
}

/** The handler wrote its answer itself. */
export const WRITTEN = Symbol('written');

export type LocalHandlers = {
  readonly [Op in OperationId]: (request: LocalRequest) => Promise<LocalAnswer<Op> | typeof WRITTEN>;
};

const MAX_BODY = 1024 * 1024;
const BODY_MS = 15_000;

/** The JSON body, as the schema has it. @throws LocalError that names each field that is wrong, never its value */
export async function readBody<T>({ raw, signal }: LocalRequest, schema: z.ZodType<T>): Promise<T> {
  const [type = ''] = (raw.headers['content-type'] ?? '').split(';', 1);
  if (type.trim().toLowerCase() !== 'application/json')
    throw new LocalError(415, 'UnsupportedMediaType', 'expected a body of type application/json');
  const text = await readText(raw, signal);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new LocalError(400, 'BadRequest', 'the body is not JSON', { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`);
  throw new LocalError(422, 'Invalid', 'the body is not as expected', { details });
}

async function readText(raw: IncomingMessage, outer: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(BODY_MS);
  const end = (): void => void raw.destroy(new Error('too slow'));
  limit.addEventListener('abort', end, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Without an encoding it yields buffers only.
    for await (const chunk of raw as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) throw new LocalError(413, 'TooLarge', `the body is larger than ${MAX_BODY} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    outer.throwIfAborted();
    if (limit.aborted) throw new LocalError(400, 'BadRequest', 'the body came too slowly', { cause: error });
    throw error;
  } finally {
    limit.removeEventListener('abort', end);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new LocalError(400, 'BadRequest', 'the body is not UTF-8', { cause: error });
  }
}

/** The query, as the schema has it. @throws LocalError */
export function readQuery<T>({ query }: LocalRequest, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(Object.fromEntries(query));
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new LocalError(400, 'BadRequest', 'the query is not as expected', { details });
}

export function limitOf(max: number, preset: number): z.ZodType<number> {
  return z.coerce.number().int().min(1).max(max).default(preset);
}

export const Flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');
