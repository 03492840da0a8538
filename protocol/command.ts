/** One-time actions. They wait durably in the plane, and each is carried out at most once by its id. */
import { z } from 'zod';

export const COMMAND_TYPES = ['resync', 'preview'] as const;
export const CommandType = z.enum(COMMAND_TYPES);
export type CommandType = z.infer<typeof CommandType>;

export const Command = z.object({
  id: z.uuid(),
  /** Position in the cluster's queue; the agent asks for what comes after the last it has seen. */
  cursor: z.int().positive(),
  /**
   * `resync`: compare every object with the desired state now. `preview`: say what the candidate under the command's
   * own id would change. An agent asks for the types that it knows, so an older one is never given a newer type.
   */
  type: CommandType,
  issuedAt: z.iso.datetime(),
  /** Not carried out after this. */
  expiresAt: z.iso.datetime(),
});
export type Command = z.infer<typeof Command>;
