/** Telling the servers about accounts, over the system account. */
import { z } from 'zod';

import { BusError, type Bus, type WaitOptions } from '#protocol/bus';

const Answer = z.object({
  data: z.object({ code: z.number(), message: z.string().optional() }).optional(),
  error: z.object({ code: z.number().optional(), description: z.string() }).optional(),
});

/**
 * Hands an account's claims to the servers; they take effect at once, also on connections that
 * are open: users revoked in them are cut off.
 *
 * @throws BusError when no server took them.
 */
export async function pushAccount(system: Bus, accountJwt: string, wait: WaitOptions = {}): Promise<void> {
  const answer = await system.request('$SYS.REQ.CLAIMS.UPDATE', accountJwt, wait);
  const parsed = Answer.safeParse(JSON.parse(answer.text()));
  if (parsed.success && parsed.data.data?.code === 200) return;
  const why = parsed.success ? (parsed.data.error?.description ?? parsed.data.data?.message) : undefined;
  throw new BusError('Failed', `bus: the server did not take the account's claims: ${why ?? answer.text()}`);
}
