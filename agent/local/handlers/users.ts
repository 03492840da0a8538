/** Who may sign in. */
import { z } from 'zod';

import { LocalError } from '../local-error.ts';
import { hashPassword, weakness } from '../passwords.ts';
import { callerOf, readBody, type LocalHandlers } from '../request.ts';
import type { LocalServices } from '../services.ts';
import { tooSoon, tryPassword } from '../try-password.ts';
import { timeOf } from './session.ts';
import { MAX_USERS, USER_NAME, userOf, type StoredUser } from '../users.ts';

const PasswordReset = z.object({
  currentPassword: z.string().min(1).max(256),
  newPassword: z.string().min(1).max(256),
});
const DisplayName = z.string().max(128);
const NewUser = z.object({
  name: z.string().regex(USER_NAME, 'expected small letters, digits, `.`, `_` and `-`, at most 64'),
  role: z.enum(['admin', 'viewer']),
  password: z.string().min(1).max(256),
  displayName: DisplayName.optional(),
});

export function userHandlers(
  services: LocalServices,
): Pick<
  LocalHandlers,
  'resetPassword' | 'getCurrentUser' | 'updateCurrentUser' | 'listUsers' | 'createUser' | 'deleteUser'
> {
  const { users, sessions, attempts } = services;
  const strong = (password: string, name: string): void => {
    const fault = weakness(password, name);
    if (fault !== undefined) throw new LocalError(422, 'Invalid', `the new password is too weak: ${fault}`);
  };
  return {
    resetPassword: async (request) => {
      const { user: seen, token, session } = callerOf(request);
      const { currentPassword, newPassword } = await readBody(request, PasswordReset);
      const user = await users.find(seen.name, request);
      if (!user || !sessions.holds(session, user)) throw new LocalError(401, 'Unauthorized', 'sign in anew');
      const about = { actionType: 'update', resourceKind: 'user', resourceName: user.name } as const;
      // Whoever found a session open must not try passwords faster than at the door.
      const tried = await tryPassword(services, user.name, user, currentPassword);
      if (tried.kind !== 'right') {
        const contentMsg = tried.kind === 'wrong' ? 'the current password was wrong' : 'tried too soon';
        services.note(user.name, { ...about, action: 'password change refused', contentMsg });
        if (tried.kind !== 'wrong') throw tooSoon(tried);
        throw new LocalError(403, 'WrongCredentials', 'the current password is wrong');
      }
      if (newPassword === currentPassword) throw new LocalError(422, 'Invalid', 'the new password is the old one');
      strong(newPassword, user.name);
      const hash = await hashPassword(newPassword);
      if (!(await users.setPassword(user.name, hash, request)))
        throw new LocalError(401, 'Unauthorized', 'sign in anew');
      // All others end by themselves: their password is no longer the one.
      sessions.rebind(token, { name: user.name, hash });
      services.note(user.name, { ...about, action: 'password changed' });
      return { status: 204, body: undefined };
    },
    getCurrentUser: async (request) => {
      const { user, session } = callerOf(request);
      return {
        status: 200,
        body: {
          user: userOf(user),
          ...(session.carrier === 'cookie' ? { csrfToken: session.csrfToken } : {}),
          ...timeOf(session),
        },
      };
    },
    updateCurrentUser: async (request) => {
      const { user } = callerOf(request);
      const { displayName } = await readBody(request, z.object({ displayName: DisplayName }));
      await users.change(
        (all) => all.map((other) => (other.name === user.name ? { ...other, displayName } : other)),
        request,
      );
      services.note(user.name, {
        action: 'shown name changed',
        actionType: 'update',
        resourceKind: 'user',
        resourceName: user.name,
      });
      return { status: 200, body: userOf({ ...user, displayName }) };
    },
    listUsers: async (request) => ({ status: 200, body: { items: (await users.all(request)).map(userOf) } }),
    createUser: async (request) => {
      const { user } = callerOf(request);
      const { password, ...wanted } = await readBody(request, NewUser);
      strong(password, wanted.name);
      const made: StoredUser = { ...wanted, hash: await hashPassword(password), mustChangePassword: true };
      await users.change((all) => {
        if (all.some(({ name }) => name === made.name))
          throw new LocalError(409, 'Conflict', `there is a user ${made.name} already`);
        if (all.length >= MAX_USERS)
          throw new LocalError(409, 'Conflict', `there are ${MAX_USERS} users; remove one first`);
        return [...all, made];
      }, request);
      services.note(user.name, {
        action: 'user added',
        actionType: 'create',
        resourceKind: 'user',
        resourceName: made.name,
        contentMsg: `as ${made.role}`,
      });
      return { status: 201, body: userOf(made) };
    },
    deleteUser: async (request) => {
      const { user } = callerOf(request);
      const name = request.params['name'] ?? '';
      await users.change((all) => {
        const rest = all.filter((other) => other.name !== name);
        if (rest.length === all.length) throw new LocalError(404, 'ResourceNotFound', 'there is no such user');
        if (!rest.some(({ role }) => role === 'admin'))
          throw new LocalError(409, 'Conflict', 'the last administrator cannot be removed');
        return rest;
      }, request);
      sessions.endAllOf(name);
      attempts.forget(name);
      services.note(user.name, {
        action: 'user removed',
        actionType: 'delete',
        resourceKind: 'user',
        resourceName: name,
      });
      return { status: 204, body: undefined };
    },
  };
}
