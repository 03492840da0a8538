/** One-time actions. They wait durably in the plane, and each is carried out at most once by its id. */
import { z } from 'zod';

export const Command = z.object({
  id: z.uuid(),
  /** Position in the cluster's queue; the agent asks for what comes after the last it has seen. */
  cursor: z.int().positive(),
  /** `resync`: compare every object with the desired state now. */
  type: z.enum(['resync']),
  issuedAt: z.iso.datetime(),
  /** Not carried out after this. */
  expiresAt: z.iso.datetime(),
});
export type Command = z.infer<typeof Command>;
