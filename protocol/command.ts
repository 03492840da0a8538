/** One-time requests. They wait durably in the plane, and each is carried out at most once by its id. */
import { z } from 'zod';

import { Action, ACTION_TYPES } from './actions.ts';

const common = {
  id: z.uuid(),
  /** Position in the cluster's queue; the agent asks for what comes after the last it has seen. */
  cursor: z.int().positive(),
  issuedAt: z.iso.datetime(),
  /** Not begun after this. */
  expiresAt: z.iso.datetime(),
};

/**
 * `resync`: compare every object with the desired state now. `preview`: say what the candidate under the command's
 * own id would change. `action`: carry out an action, as the run of the command's id. `cancel`: end a run.
 */
export const Command = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal('resync') }),
  z.object({ ...common, type: z.literal('preview') }),
  z.object({ ...common, type: z.literal('action'), action: Action }),
  z.object({ ...common, type: z.literal('cancel'), runId: z.uuid() }),
]);
export type Command = z.infer<typeof Command>;
export type CommandType = Command['type'];

/**
 * What an agent may be asked: an action goes by its own name, `action/backup`. An agent says which of them it knows, so
 * an older one is never given a newer one.
 */
export const COMMAND_TYPES = [
  'resync',
  'preview',
  'cancel',
  ...ACTION_TYPES.map((type) => `action/${type}` as const),
] as const;
