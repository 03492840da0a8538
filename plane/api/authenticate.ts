import { createHash } from 'node:crypto';

import type { AgentAuthenticator } from '#plane/domain/auth/agent-authenticator';
import { findUserByApiKey, findUserOfSession, type FindOptions, type FoundUser } from '#plane/domain/auth/find-user';
import type { Sessions } from '#plane/domain/auth/sessions';
import type { SystemDatabase } from '#plane/store/database';

import { PlaneError } from './error.ts';
import type { FailureLimit } from './failure-limit.ts';
import type { AgentPrincipal, Scope, UserPrincipal } from './handler.ts';

export interface CallOptions {
  readonly headers: Headers;
  /** Whom failures are counted against: the address of the caller. */
  readonly source: string;
  readonly signal: AbortSignal;
}

/** Turns credentials into principals. Each function throws PlaneError 401, 403 or 429. */
export interface Authenticator {
  user(call: CallOptions): Promise<{ readonly principal: UserPrincipal; readonly scope: Scope }>;
  agent(call: CallOptions): Promise<{
    readonly principal: AgentPrincipal;
    readonly scope: Scope & { readonly projectUid: AgentPrincipal['projectUid'] };
  }>;
  /** Anonymous without credentials. With some, they must be valid. */
  anybody(call: CallOptions): Promise<UserPrincipal | { readonly kind: 'anonymous' }>;
  /** For operations that take a secret of their own, such as a password. */
  readonly failures: FailureLimit;
}

export interface AuthenticatorOptions {
  readonly database: SystemDatabase;
  readonly sessions: Sessions;
  readonly agents: AgentAuthenticator;
  readonly failures: FailureLimit;
  readonly onRefused: () => void;
  readonly now?: () => Date;
}

/** How many credentials are remembered as good. */
const MOST_KNOWN = 1_000;

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { database, sessions, agents, failures, onRefused, now = () => new Date() } = options;
  // By hash. They are looked up all the same; they only pass the limit, so that one caller with a wrong key does not
  // lock out the others behind its address.
  const known = new Set<string>();

  const guarded = async <T>(
    credential: string,
    { source }: CallOptions,
    look: () => Promise<T | undefined>,
    refusal: () => PlaneError,
  ): Promise<T> => {
    const id = createHash('sha256').update(credential).digest('base64');
    if (!known.has(id)) failures.check(source);
    const found = await look();
    if (found === undefined) {
      known.delete(id);
      failures.failed(source);
      onRefused();
      throw refusal();
    }
    if (!known.has(id)) {
      known.add(id);
      const oldest = known.size > MOST_KNOWN ? known.values().next() : undefined;
      if (oldest && !oldest.done) known.delete(oldest.value);
    }
    return found;
  };

  const findUser = async (call: CallOptions): Promise<FoundUser> => {
    const find: FindOptions = {
      projectUid: call.headers.get('projectuid') ?? undefined,
      signal: call.signal,
      now: now(),
    };
    const apiKey = call.headers.get('apikey');
    if (apiKey) return guarded(apiKey, call, async () => findUserByApiKey(database, apiKey, find), invalidApiKey);
    const token = call.headers.get('authorization')?.replace(/^Bearer /i, '');
    if (!token) throw missingCredentials();
    const bySession = async (): Promise<FoundUser | undefined> => {
      const session = await sessions.verify(token);
      return session && findUserOfSession(database, session, find);
    };
    return guarded(token, call, bySession, invalidSession);
  };

  return {
    failures,
    user: async (call) => {
      const { principal, projectUid } = await findUser(call);
      const asked = call.headers.get('projectuid');
      if (asked && projectUid === undefined) throw unknownProject(asked);
      return { principal, scope: { tenantUid: principal.tenantUid, projectUid } };
    },
    agent: async (call) => {
      const token = /^Bearer (.+)$/i.exec(call.headers.get('authorization') ?? '')?.[1];
      if (token === undefined)
        throw new PlaneError(401, 'AgentRevoked', 'an agent must send Authorization: Bearer with its access token');
      const principal = await guarded(token, call, async () => agents(token, { signal: call.signal }), agentRevoked);
      return { principal, scope: { tenantUid: principal.tenantUid, projectUid: principal.projectUid } };
    },
    anybody: async (call) => {
      if (!call.headers.get('apikey') && !call.headers.get('authorization')) return { kind: 'anonymous' };
      return (await findUser(call)).principal;
    },
  };
}

function missingCredentials(): PlaneError {
  return new PlaneError(
    401,
    'MissingCredentials',
    'no credentials; send the header ApiKey, or Authorization with a session token',
  );
}

function invalidApiKey(): PlaneError {
  return new PlaneError(401, 'InvalidApiKey', 'the API key is not valid: it is unknown, deleted or expired');
}

function invalidSession(): PlaneError {
  return new PlaneError(401, 'InvalidSession', 'the session token is not valid or has ended; authenticate again');
}

function agentRevoked(): PlaneError {
  return new PlaneError(
    401,
    'AgentRevoked',
    'the access token is unknown, has ended or was revoked; the cluster must be imported again',
  );
}

/** Not 404: a client would take the object it asked for as deleted. The same for a project of another tenant. */
function unknownProject(uid: string): PlaneError {
  return new PlaneError(
    403,
    'ProjectNotAccessible',
    `the header ProjectUid names '${uid}', which is no project of this tenant; list them with GET /v1/dashboard/projects/metadata`,
  );
}
