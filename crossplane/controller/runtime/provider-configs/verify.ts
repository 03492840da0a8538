/** Asks the API who we are and where the project is: whether host, certificate, key and project are right. */
import { isApiError, type ApiError, type PaletteClient } from '#openapi/client/index';

import type { ConnectFailure } from '../../contracts.ts';

export type VerifyOutcome =
  | {
      readonly kind: 'verified';
      readonly tenantUid: string;
      /** Empty for the tenant alone. */
      readonly projectUid: string;
    }
  | ConnectFailure;

/** Tries included. */
const DEADLINE_MS = 15_000;
/** As many of the project names that exist as help to see a slip. */
const SHOWN_NAMES = 10;

/** @throws the signal's reason */
export async function verify(
  client: Pick<PaletteClient, 'get'>,
  {
    host,
    project,
    signal,
  }: { readonly host: string; readonly project: string | undefined; readonly signal: AbortSignal },
): Promise<VerifyOutcome> {
  try {
    const { tenantUid = '' } = await client.get('/v1/users/info', { signal, deadlineMs: DEADLINE_MS });
    if (project === undefined) return { kind: 'verified', tenantUid, projectUid: '' };
    const { items } = await client.get('/v1/dashboard/projects/metadata', {
      scope: { kind: 'tenant' },
      signal,
      deadlineMs: DEADLINE_MS,
    });
    const projectUid = items.find(({ metadata }) => metadata?.name === project)?.metadata?.uid;
    if (projectUid !== undefined) return { kind: 'verified', tenantUid, projectUid };
    const names = items.flatMap(({ metadata }) => (metadata?.name === undefined ? [] : [metadata.name])).toSorted();
    const more = names.length > SHOWN_NAMES ? `, and ${names.length - SHOWN_NAMES} more` : '';
    return {
      kind: 'failed',
      reason: 'ProjectNotFound',
      message: `spec.project: there is no project ${JSON.stringify(project)} on ${host}; the API key sees ${
        names.length === 0 ? 'none' : `${names.slice(0, SHOWN_NAMES).join(', ')}${more}`
      }`,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!isApiError(error)) throw error;
    return explain(error, host);
  }
}

function explain(error: ApiError, host: string): ConnectFailure {
  if (error.status === 401 || error.status === 403) {
    return {
      kind: 'failed',
      reason: 'CredentialsInvalid',
      message: `${host} refuses the API key (${error.status} ${error.code}): it may be wrong, expired or made for another host. Put a valid one under apiKey in the Secret.`,
    };
  }
  const what =
    error.code === 'BadCertificate'
      ? `the certificate of ${host} cannot be trusted: put the certificate of its authority under ca.crt in the Secret, or check that the host is the name it was made for`
      : error.status === 0
        ? `${host} cannot be reached: check the host, that the API runs there, and that the way there is open (network, proxy, firewall)`
        : `${host} does not answer as the API does: check the host, or try again when the API is available`;
  return { kind: 'failed', reason: 'ApiUnreachable', message: `${what}. ${error.reason}` };
}
