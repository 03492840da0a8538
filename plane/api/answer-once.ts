/** Requests that are carried out once, however often they are sent. */
import { z } from 'zod';

import { findKey, keepAnswer, takeKey, type KeyUse, type UsedKey } from '#plane/domain/idempotency/key-store';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { TenantDatabase, Transaction } from '#plane/store/database';
import { isBusy } from '#plane/store/errors';
import { joinTransaction } from '#plane/store/join-transaction';

import type { Operation } from './contract.ts';
import { PlaneError } from './error.ts';
import type { AnyReply } from './write-reply.ts';

const HEADER = 'Idempotency-Key';

/** An answer as it is kept. */
const Answer = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.json().optional(),
});

/** The key that a request of this operation came with; operations that do not declare the header have none. */
export function idempotencyKeyOf({ parameters }: Operation, headers: Headers): string | undefined {
  const declared = parameters.some((parameter) => parameter.in === 'header' && parameter.name === HEADER);
  return declared ? (headers.get(HEADER) ?? undefined) : undefined;
}

/**
 * Answers as `work` does, and as it did when the key was used before. What `work` does and the memory of it are committed
 * together: a plane that ends at any moment leaves both or neither. Only success is remembered, so a request that was
 * refused may be corrected. Bodies are not compared: whoever repeats a creation wants to know what came of the first try,
 * also when it has changed its mind since.
 *
 * @throws PlaneError 422 when the key was used for another path or project, 503 while the first request still runs.
 */
export async function answerOnce(
  { db, secrets, use }: { readonly db: TenantDatabase; readonly secrets: Secrets; readonly use: KeyUse },
  work: (db: TenantDatabase) => Promise<AnyReply>,
): Promise<AnyReply> {
  const purpose = `idempotency/${use.userUid}/${use.key}`;
  return db.transaction(async (tx) => {
    const used = await takeOrFind(tx, use);
    if (used) {
      refuseOther(used, use);
      const { headers, ...reply } = Answer.parse(JSON.parse(secrets.openText(used.sealedAnswer, purpose)));
      return { ...reply, headers: { ...headers, 'Idempotency-Replayed': 'true' } };
    }
    const reply = await work(joinTransaction(db, tx));
    const { status, headers, body } = reply;
    await keepAnswer(tx, use, secrets.seal(JSON.stringify({ status, headers, body }), purpose));
    return reply;
  });
}

/** @returns what the key was used for; nothing when it is this request's from now on. */
async function takeOrFind(tx: Transaction, use: KeyUse): Promise<UsedKey | undefined> {
  try {
    if (await takeKey(tx, use)) return undefined;
  } catch (error) {
    if (isBusy(error)) throw stillRunning(error);
    throw error;
  }
  const used = await findKey(tx, use);
  // Forgotten for its age in this very moment.
  if (!used) throw stillRunning();
  return used;
}

function stillRunning(cause?: unknown): PlaneError {
  return new PlaneError(
    503,
    'RequestInProgress',
    'a request with this idempotency key is still being carried out; try again for its answer',
    undefined,
    { cause, headers: { 'Retry-After': '1' } },
  );
}

function refuseOther(used: UsedKey, use: KeyUse): void {
  if (used.request === use.request && used.projectUid === use.projectUid) return;
  const where = ({ request, projectUid }: UsedKey | KeyUse): string =>
    `${request} in ${projectUid === undefined ? 'the tenant' : `project ${projectUid}`}`;
  throw new PlaneError(
    422,
    'IdempotencyKeyReused',
    `the idempotency key was used for ${where(used)} before; this is ${where(use)}, which needs a key of its own`,
    { request: used.request, ...(used.projectUid === undefined ? {} : { projectUid: used.projectUid }) },
  );
}
