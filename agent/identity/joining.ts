/** From an invitation to an identity, however long it takes. */
import { backoffDelay, delay } from '#core/retry';

import { joinSignals } from '../signals.ts';
import type { Identity } from './identity.ts';
import type { Invitations } from './invitations.ts';
import { register, type RegistrationContext } from './registration.ts';

const AWAY = { baseMs: 250, maxMs: 10_000 };

/**
 * Waits for an invitation that the plane takes, and takes it. One that the plane refuses is put
 * aside; one that a newer invitation replaces is let go, even while its plane does not answer.
 *
 * @throws the signal's reason
 */
export async function joinPlane(
  context: RegistrationContext & { readonly invitations: Invitations },
  { signal }: { readonly signal: AbortSignal },
): Promise<Identity> {
  const { invitations, log } = context;
  for (let failures = 0; ;) {
    signal.throwIfAborted();
    const invitation = invitations.open();
    if (!invitation) {
      await invitations.changed.next({ signal });
      continue;
    }
    const replaced = invitations.replaced(invitation);
    try {
      const result = await register(invitation, context, { signal: joinSignals(signal, replaced) });
      if (result.kind === 'registered') return result.identity;
      log.error({ reason: result.message }, 'registration token was not taken: apply a new import manifest');
      invitations.decline(invitation);
    } catch (error) {
      signal.throwIfAborted();
      if (replaced.aborted) continue;
      log.warn({ err: error, attempt: failures }, 'registration broke off, trying again');
      await delay(backoffDelay(failures++, AWAY), { signal });
    }
  }
}
