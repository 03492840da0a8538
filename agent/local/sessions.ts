/** Who is signed in. Kept in memory only: a restarted agent asks for passwords again. */
import { randomBytes, timingSafeEqual } from 'node:crypto';

import { sha256 } from '#core/digest';

export const SESSION_SECONDS = 2 * 60 * 60;
export const EXTENDED_SESSION_SECONDS = 24 * 60 * 60;

export interface Session {
  readonly user: string;
  /** Digest of the password's hash: a session ends when the password is another one, whoever changed it. */
  readonly credential: string;
  /** A cookie goes along by itself, also with what another page asks for: it needs the second token too. */
  readonly carrier: 'bearer' | 'cookie';
  readonly csrfToken: string;
  readonly extended: boolean;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface SessionUser {
  readonly name: string;
  /** Of the password. */
  readonly hash: string;
}

export interface Sessions {
  begin(
    user: SessionUser,
    carrier: Session['carrier'],
    extended: boolean,
  ): { readonly token: string; readonly session: Session };
  find(token: string, carrier: Session['carrier']): Session | undefined;
  /** Whether the session is still one of this user as the user is now. */
  holds(session: Session, user: SessionUser): boolean;
  /** The session goes on with the user's new password. */
  rebind(token: string, user: SessionUser): void;
  end(token: string): void;
  endAllOf(user: string): void;
  readonly size: number;
}

const MAX_SESSIONS = 256;
const MAX_PER_USER = 16;
const TOKEN_BYTES = 32;

export function createSessions(now: () => number): Sessions {
  // By digest: who reads the memory's dump of a map has no token yet; and a look-up tells nothing by its time.
  const sessions = new Map<string, Session>();
  const sweep = (): void => {
    for (const [key, { expiresAt }] of sessions) if (expiresAt <= now()) sessions.delete(key);
  };
  const dropOldest = (keys: readonly string[], max: number): void => {
    for (const key of keys.slice(0, Math.max(0, keys.length - max))) sessions.delete(key);
  };
  return {
    begin: (user, carrier, extended) => {
      sweep();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const seconds = extended ? EXTENDED_SESSION_SECONDS : SESSION_SECONDS;
      const session: Session = {
        user: user.name,
        credential: sha256(user.hash),
        carrier,
        csrfToken: randomBytes(TOKEN_BYTES).toString('base64url'),
        extended,
        expiresAt: now() + seconds * 1000,
      };
      dropOldest([...sessions.keys()], MAX_SESSIONS - 1);
      dropOldest(
        [...sessions].flatMap(([key, other]) => (other.user === user.name ? [key] : [])),
        MAX_PER_USER - 1,
      );
      sessions.set(sha256(token), session);
      return { token, session };
    },
    find: (token, carrier) => {
      const session = sessions.get(sha256(token));
      return session && session.carrier === carrier && session.expiresAt > now() ? session : undefined;
    },
    holds: (session, user) => session.user === user.name && session.credential === sha256(user.hash),
    rebind: (token, user) => {
      const key = sha256(token);
      const session = sessions.get(key);
      if (session?.user === user.name) sessions.set(key, { ...session, credential: sha256(user.hash) });
    },
    end: (token) => void sessions.delete(sha256(token)),
    endAllOf: (user) => {
      for (const [key, session] of sessions) if (session.user === user) sessions.delete(key);
    },
    get size() {
      sweep();
      return sessions.size;
    },
  };
}

/** Compares two secrets in the same time wherever they differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(left)), Buffer.from(sha256(right)));
}
