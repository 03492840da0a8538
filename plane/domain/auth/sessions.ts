import { hkdfSync } from 'node:crypto';

import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

import { TenantUid } from '#protocol/identifiers';

/** Who a session token speaks for. */
export interface Session {
  readonly userUid: string;
  readonly tenantUid: TenantUid;
}

export interface Sessions {
  issue(session: Session): Promise<string>;
  /** Nothing for a token that is not ours, was changed, or has ended. */
  verify(token: string): Promise<Session | undefined>;
}

const ISSUER = 'palette-iac';
const LIFETIME = '1h';
const Claims = z.object({ sub: z.string().min(1), tenantUid: TenantUid });

/** Session tokens: JWTs signed with a key derived from the master key, so that every plane of one master key takes them. */
export function createSessions(
  masterKey: Uint8Array,
  { now = () => new Date() }: { readonly now?: () => Date } = {},
): Sessions {
  const key = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(), 'palette-iac session tokens', 32));
  return {
    issue: async ({ userUid, tenantUid }) => {
      const issuedAt = now();
      return new SignJWT({ tenantUid })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setSubject(userUid)
        .setIssuedAt(issuedAt)
        .setExpirationTime(new Date(issuedAt.getTime() + 3_600_000))
        .sign(key);
    },
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, {
          issuer: ISSUER,
          algorithms: ['HS256'],
          maxTokenAge: LIFETIME,
          currentDate: now(),
        });
        const { sub, tenantUid } = Claims.parse(payload);
        return { userUid: sub, tenantUid };
      } catch {
        return undefined;
      }
    },
  };
}
