/** Tries a password within the limits, wherever one is asked for. */
import { LocalError } from './local-error.ts';
import { isPassword } from './passwords.ts';
import type { LocalServices } from './services.ts';
import type { StoredUser } from './users.ts';

export type Tried =
  | { readonly kind: 'right'; readonly user: StoredUser }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait' | 'locked'; readonly seconds: number };

/** `user`: as whom it is tried, where there is one of that name. @throws LocalError when too many try at once */
export async function tryPassword(
  { attempts, audit, view }: Pick<LocalServices, 'attempts' | 'audit' | 'view'>,
  name: string,
  user: StoredUser | undefined,
  password: string,
): Promise<Tried> {
  const attempt = attempts.begin(name, user?.hash);
  if (attempt.kind !== 'go') return attempt;
  let right: boolean;
  try {
    right = await isPassword(user?.hash, password);
  } catch (error) {
    attempt.done('not tried');
    throw error;
  }
  attempt.done(right && user ? 'right' : 'wrong');
  if (right && user) return { kind: 'right', user };
  // Of names that nobody has there is no end, and nobody whom it concerns.
  if (user && attempts.isLocked(name)) {
    audit.note({
      actor: 'palette-agent',
      actorType: 'agent',
      action: 'user locked',
      actionType: 'activity',
      resourceKind: 'user',
      resourceId: '',
      resourceName: name,
      contentMsg: 'too many wrong passwords',
    });
    view.tell({
      severity: 'warning',
      reason: 'SignInLocked',
      message: `too many wrong passwords for the user ${name}`,
    });
  }
  return { kind: 'wrong' };
}

export function tooSoon({ kind, seconds }: Extract<Tried, { readonly kind: 'wait' | 'locked' }>): LocalError {
  return kind === 'locked'
    ? new LocalError(429, 'LockedOut', 'too many wrong passwords: this name is locked for a while', {
        retryAfterSeconds: seconds,
      })
    : new LocalError(429, 'TooManyRequests', 'too many wrong passwords: wait before the next try', {
        retryAfterSeconds: seconds,
      });
}
