import type { AgentPrincipal } from '#plane/api/handler';

/** Tells which agent an access token belongs to; nothing for one that is unknown, ended or revoked. */
export type AgentAuthenticator = (
  accessToken: string,
  options: { readonly signal: AbortSignal },
) => Promise<AgentPrincipal | undefined>;
