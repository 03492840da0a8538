import type { Logger } from '#core/log';
import { isApiError, type ApiError, type ClientOptions, type PaletteClient } from '#openapi/client/index';
import { diagnosticAt, type Diagnostic } from '#resources/engine/diagnostic';

import { providerModel, type ProviderSettings } from './provider-config.ts';

/** What all operations of a configured provider share. */
export interface Connection {
  readonly client: PaletteClient;
  /** Empty when the provider is set up for the tenant alone. */
  readonly projectUid: string;
  readonly settings: ProviderSettings;
}

export interface ConnectOptions {
  readonly createClient: (options: ClientOptions) => PaletteClient;
  readonly log: Logger;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** A host that does not answer is reported after this time, tries included. */
const CONNECT_DEADLINE_MS = 15_000;

/** As many of the project names that exist as help to see a slip. */
const SHOWN_NAMES = 10;

/**
 * Makes the client and asks the API for the project: one request, which also tells whether host, certificate and key
 * are right.
 *
 * @returns the connection, or the one diagnostic that says what is wrong and how to put it right
 */
export async function connect(
  settings: ProviderSettings,
  { createClient, log, version, signal }: ConnectOptions,
): Promise<Connection | Diagnostic> {
  const { host, projectName } = settings;
  const problem = (key: 'host' | 'apiKey' | 'projectName', summary: string, detail: string): Diagnostic =>
    diagnosticAt(providerModel, 'error', summary, detail, [key]);
  let client: PaletteClient;
  try {
    client = createClient({
      host,
      apiKey: settings.apiKey,
      ca: settings.ca,
      insecure: settings.insecure,
      retryAttempts: settings.retryAttempts,
      userAgent: `terraform-provider-spectrocloud/${version}`,
      log,
    });
  } catch (error) {
    return problem(
      'host',
      'Invalid host',
      `${messageOf(error)}. Correct \`host\` or environment variable SPECTROCLOUD_HOST.`,
    );
  }
  try {
    const { items } = await client.get('/v1/dashboard/projects/metadata', {
      scope: { kind: 'tenant' },
      signal,
      deadlineMs: CONNECT_DEADLINE_MS,
    });
    if (projectName === '') return { client, projectUid: '', settings };
    const found = items.find(({ metadata }) => metadata?.name === projectName)?.metadata?.uid;
    if (found !== undefined) return { client, projectUid: found, settings };
    const names = items.flatMap(({ metadata }) => (metadata?.name === undefined ? [] : [metadata.name])).toSorted();
    const more = names.length > SHOWN_NAMES ? `, and ${names.length - SHOWN_NAMES} more` : '';
    const visible =
      names.length === 0
        ? 'This API key sees no project at all.'
        : `This API key sees: ${names.slice(0, SHOWN_NAMES).join(', ')}${more}.`;
    return problem(
      'projectName',
      `There is no project ${JSON.stringify(projectName)}`,
      `Set \`project_name\` to a project that exists on ${host}. ${visible}`,
    );
  } catch (error) {
    if (!isApiError(error)) throw error;
    const [key, summary, fix] = explain(error, host);
    return problem(key, summary, `${fix}\n\n${error.message}`);
  }
}

/** The setting to look at, what is wrong, and what to do. */
function explain(error: ApiError, host: string): readonly ['host' | 'apiKey', string, string] {
  const where = '`host` in the provider block or environment variable SPECTROCLOUD_HOST';
  if (error.status === 401 || error.status === 403) {
    return [
      'apiKey',
      `${host} refuses the API key`,
      'Set `api_key` in the provider block, or environment variable SPECTROCLOUD_APIKEY, to a valid key of this host: it may be wrong, expired or made for another one.',
    ];
  }
  if (error.code === 'BadCertificate') {
    return [
      'host',
      `The certificate of ${host} cannot be trusted`,
      'Name a file with the certificate of its authority in environment variable SPECTROCLOUD_CA_FILE, or check that `host` is the name that the certificate was made for. To leave it unverified (not for production), set `ignore_insecure_tls_error = true`.',
    ];
  }
  if (error.status === 0)
    return [
      'host',
      `${host} cannot be reached`,
      `Check ${where}, that the API runs there, and that the way there is open (network, proxy, firewall).`,
    ];
  return ['host', `${host} does not answer as the API does`, `Check ${where}: something else may answer there.`];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
