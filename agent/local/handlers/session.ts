/** Signing in and out. */
import { z } from 'zod';

import type { Schemas } from '../contract.ts';
import { LocalError } from '../local-error.ts';
import { callerOf, Flag, readBody, readQuery, type LocalHandlers, type LocalRequest } from '../request.ts';
import type { LocalServices } from '../services.ts';
import type { Session } from '../sessions.ts';
import { tooSoon, tryPassword } from '../try-password.ts';
import { userOf } from '../users.ts';

export const COOKIE = '__Host-palette-session';

const Login = z.object({ userName: z.string().min(1).max(64), password: z.string().min(1).max(256) });
const LoginQuery = z.object({ setCookie: Flag, extendedSession: Flag });

export function sessionHandlers(
  services: LocalServices,
): Pick<LocalHandlers, 'ping' | 'login' | 'logout' | 'renewToken'> {
  const { sessions, users, audit } = services;

  const answer = (user: Schemas['User'], token: string, session: Session): Schemas['Session'] => ({
    Token: { Authorization: session.carrier === 'bearer' ? token : '' },
    ...(session.carrier === 'cookie' ? { csrfToken: session.csrfToken } : {}),
    user,
    ...timeOf(session),
  });
  const refuse = (name: string, request: LocalRequest, why: string): void =>
    audit.note({
      actor: name,
      actorType: 'anonymous',
      action: 'sign-in refused',
      actionType: 'activity',
      resourceKind: 'session',
      resourceId: '',
      resourceName: name,
      contentMsg: `${why}, from ${request.address}`,
    });

  return {
    ping: async () => ({ status: 200, body: { ok: true } }),
    login: async (request) => {
      const { setCookie, extendedSession } = readQuery(request, LoginQuery);
      const { userName, password } = await readBody(request, Login);
      const tried = await tryPassword(services, userName, await users.find(userName, request), password);
      if (tried.kind === 'wrong') {
        refuse(userName, request, 'wrong user name or password');
        throw new LocalError(401, 'WrongCredentials', 'wrong user name or password');
      }
      if (tried.kind !== 'right') {
        refuse(userName, request, tried.kind === 'locked' ? 'the name is locked' : 'tried too soon');
        throw tooSoon(tried);
      }
      const { user } = tried;
      const { token, session } = sessions.begin(user, setCookie ? 'cookie' : 'bearer', extendedSession);
      services.note(user.name, {
        action: 'signed in',
        actionType: 'activity',
        resourceKind: 'session',
        resourceName: user.name,
        contentMsg: `from ${request.address}`,
      });
      return { status: 200, body: answer(userOf(user), token, session), headers: cookieFor(token, session) };
    },
    logout: async (request) => {
      const { user, token, session } = callerOf(request);
      sessions.end(token);
      services.note(user.name, {
        action: 'signed out',
        actionType: 'activity',
        resourceKind: 'session',
        resourceName: user.name,
      });
      const headers: Record<string, string> =
        session.carrier === 'cookie'
          ? { 'set-cookie': `${COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict` }
          : {};
      return { status: 204, body: undefined, headers };
    },
    renewToken: async (request) => {
      const { user, token, session } = callerOf(request);
      sessions.end(token);
      const next = sessions.begin(user, session.carrier, session.extended);
      services.note(user.name, {
        action: 'session renewed',
        actionType: 'activity',
        resourceKind: 'session',
        resourceName: user.name,
        contentMsg: `from ${request.address}`,
      });
      return {
        status: 200,
        body: answer(userOf(user), next.token, next.session),
        headers: cookieFor(next.token, next.session),
      };
    },
  };
}

/** When a session ends. */
export function timeOf({ expiresAt }: Session): { readonly expiresAt: string; readonly secondsLeft: number } {
  return {
    expiresAt: new Date(expiresAt).toISOString(),
    secondsLeft: Math.max(0, Math.floor((expiresAt - Date.now()) / 1000)),
  };
}

function cookieFor(token: string, session: Session): Record<string, string> {
  if (session.carrier === 'bearer') return {};
  const { secondsLeft } = timeOf(session);
  return { 'set-cookie': `${COOKIE}=${token}; Path=/; Max-Age=${secondsLeft}; Secure; HttpOnly; SameSite=Strict` };
}
