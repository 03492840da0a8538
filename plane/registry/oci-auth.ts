/** How OCI registries want to be logged in to: Basic, or a token that their token server gives for a scope. */
import { z } from 'zod';

import { statusError } from './helm-source.ts';
import { askBytes, type RegistryHttp } from './http.ts';
import { RegistryError, shownUrl } from './registry-error.ts';

/** User name and password now; undefined: nobody. They may be fetched, and change. */
export type OciLogin = (options: {
  readonly signal: AbortSignal;
}) => Promise<{ readonly username: string; readonly password: string } | { readonly token: string } | undefined>;

export interface OciAuthorizer {
  /** The header that the registry wanted for this scope; undefined: none yet. */
  known(scope: string): string | undefined;
  /** The header for what the registry just asked for. @throws RegistryError `RegistryUnauthorized`. */
  authorize(challenge: string | undefined, scope: string, url: URL, signal: AbortSignal): Promise<string>;
}

const MAX_TOKEN_BYTES = 256 * 1024;
const TIMEOUT_MS = 30_000;
/** The least time that the specification promises. */
const DEFAULT_LIFE_S = 60;
const MAX_KNOWN = 1000;

const TokenAnswer = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().optional(),
});

export function createOciAuthorizer({
  login,
  http,
  now = Date.now,
}: {
  readonly login: OciLogin;
  readonly http: RegistryHttp;
  readonly now?: () => number;
}): OciAuthorizer {
  const headers = new Map<string, { readonly header: string; readonly until: number }>();
  /** A registry that wants Basic wants it everywhere. */
  let basic: string | undefined;
  const keep = (scope: string, header: string, seconds: number): string => {
    if (headers.size >= MAX_KNOWN) headers.clear();
    headers.set(scope, { header, until: now() + (seconds - 10) * 1000 });
    return header;
  };

  return {
    known: (scope) => {
      const kept = headers.get(scope);
      return kept !== undefined && kept.until > now() ? kept.header : basic;
    },

    authorize: async (challenge, scope, url, signal) => {
      headers.delete(scope);
      const found = await login({ signal });
      const wanted = parseChallenge(challenge ?? '');
      if (wanted === undefined) throw statusError(401, url);
      if (found !== undefined && 'token' in found) return keep(scope, `Bearer ${found.token}`, DEFAULT_LIFE_S);
      const credentials = found && `Basic ${Buffer.from(`${found.username}:${found.password}`).toString('base64')}`;
      if (wanted.kind === 'basic') {
        // Asked again with what was sent already: it was refused.
        if (credentials === undefined || basic === credentials) throw statusError(401, url);
        basic = credentials;
        return credentials;
      }
      const realm = tokenServer(wanted.realm, url);
      if (wanted.service !== '') realm.searchParams.set('service', wanted.service);
      const asked = wanted.scope || scope;
      if (asked !== '') realm.searchParams.set('scope', asked);
      const { status, bytes } = await askBytes(http, {
        url: realm,
        headers: credentials === undefined ? {} : { authorization: credentials },
        maxBytes: MAX_TOKEN_BYTES,
        timeoutMs: TIMEOUT_MS,
        signal,
      });
      if (status !== 200) throw statusError(status, realm);
      const { token, access_token = token, expires_in = DEFAULT_LIFE_S } = parseToken(bytes, realm);
      if (access_token === undefined || !/^[\u0021-\u007e]+$/.test(access_token))
        throw new RegistryError('RegistryBadAnswer', `${shownUrl(realm)} gave no token`);
      return keep(scope, `Bearer ${access_token}`, Math.min(expires_in, 3600));
    },
  };
}

type Challenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: string; readonly service: string; readonly scope: string };

/** RFC 9110 section 11.6.1, as registries write it. */
export function parseChallenge(header: string): Challenge | undefined {
  if (/(^|,\s*)basic\b/i.test(header)) return { kind: 'basic' };
  const [, parameters] = /(?:^|,\s*)bearer\s+(.*)$/i.exec(header) ?? [];
  if (parameters === undefined) return undefined;
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of parameters.matchAll(/([a-z_]+)="([^"]*)"/gi))
    values.set(name.toLowerCase(), value);
  const realm = values.get('realm') ?? '';
  return realm === ''
    ? undefined
    : { kind: 'bearer', realm, service: values.get('service') ?? '', scope: values.get('scope') ?? '' };
}

/** Where tokens are had: credentials go there, so it is no less secure than the registry. */
function tokenServer(realm: string, registry: URL): URL {
  const url = URL.canParse(realm, registry.href) ? new URL(realm, registry) : undefined;
  if (url?.protocol !== 'https:' && (url?.protocol !== 'http:' || registry.protocol === 'https:'))
    throw new RegistryError('RegistryBadAnswer', `${registry.host} names no secure place to get a token`);
  return url;
}

function parseToken(bytes: Buffer, url: URL): z.infer<typeof TokenAnswer> {
  try {
    return TokenAnswer.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw new RegistryError('RegistryBadAnswer', `${shownUrl(url)} gave no token`, { cause: error });
  }
}
