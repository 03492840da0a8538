/** Bringing the external object to what is asked for. */
import { createHash } from 'node:crypto';

import { UNKNOWN, type CtyObject } from '#resources/engine/cty';
import { settle } from '#resources/engine/settle';
import { fromTyped, type TypedObject } from '#resources/engine/state-conversion';

import type { ApiConnection } from '../contracts.ts';
import { PassFailure, attributeFailure, describeFailure } from './failure.ts';
import { guardClient } from './guarded-client.ts';
import { StillGoing } from './operation.ts';
import { operate, type Pass } from './pass.ts';
import { typedOf } from './state.ts';

export interface Updated {
  readonly state: CtyObject;
  /** The API is at work on it; says on what. */
  readonly going?: string;
}

/** Changes the object in place. @throws PassFailure CannotUpdate */
export async function update(
  pass: Pass,
  connection: ApiConnection,
  { prior, planned }: { readonly prior: CtyObject; readonly planned: CtyObject },
): Promise<Updated> {
  const { definition, model } = pass;
  let reached: TypedObject = {};
  try {
    const state = await operate(
      pass,
      { verb: 'update', connection, client: guardClient(connection.client) },
      async (ctx) =>
        definition.update?.(
          {
            planned: typedOf(pass, planned),
            prior: typedOf(pass, prior),
            checkpoint: (state) => {
              reached = { ...state };
            },
          },
          ctx,
        ),
    );
    return { state: settle(model, planned, fromTyped(model, { ...state })) };
  } catch (error) {
    pass.signal.throwIfAborted();
    if (error instanceof StillGoing)
      // What is computed stays what it was until the next look.
      return { state: settle(model, planned, { ...prior, ...known(fromTyped(model, reached)) }), going: error.message };
    throw new PassFailure(
      describeFailure(definition, error),
      {
        reason: attributeFailure(error) === undefined ? 'CannotUpdate' : 'InvalidSpec',
        event: 'CannotUpdateExternalResource',
      },
      { cause: error },
    );
  }
}

function known(state: CtyObject): CtyObject {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null && value !== UNKNOWN));
}

interface Remembered {
  readonly digest: string;
  readonly times: number;
  readonly notBefore: number;
}

export interface UpdateMemory {
  /** Whether the same update has been made a moment ago, and the API kept what it had. */
  isInVain(uid: string, update: { readonly prior: CtyObject; readonly planned: CtyObject }): boolean;
  made(uid: string, update: { readonly prior: CtyObject; readonly planned: CtyObject }): void;
  /** It is as it is asked for. */
  settled(uid: string): void;
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;

/**
 * Remembers updates that did not take: an API that writes a value in a form of its own, say. Each update rings the bell
 * of the event stream, so without a pause they would follow each other without end.
 */
export function createUpdateMemory(now: () => number): UpdateMemory {
  const memory = new Map<string, Remembered>();
  return {
    isInVain(uid, update) {
      const known = memory.get(uid);
      return known !== undefined && now() < known.notBefore && known.digest === digestOf(update);
    },
    made(uid, update) {
      const digest = digestOf(update);
      const known = memory.get(uid);
      const times = known?.digest === digest ? known.times + 1 : 0;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times, 12));
      memory.delete(uid);
      memory.set(uid, { digest, times, notBefore: now() + pause });
      const oldest = memory.keys().next();
      if (memory.size > MAX_REMEMBERED && oldest.done !== true) memory.delete(oldest.value);
    },
    settled: (uid) => {
      memory.delete(uid);
    },
  };
}

/** Values are hashed: they may be secret, and are not needed again. */
function digestOf({ prior, planned }: { readonly prior: CtyObject; readonly planned: CtyObject }): string {
  const text = JSON.stringify([prior, planned], (_key, value: unknown) =>
    typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('base64');
}
