/** From what is stored of a registry to something that can be asked. */
import type { Environment } from '#core/network/proxy';

import type { Resolve } from './address-guard.ts';
import { createEcrLogin, type AwsEndpoints } from './ecr.ts';
import { createHelmSource } from './helm-source.ts';
import { createRegistryHttp, type RegistryHttpOptions } from './http.ts';
import type { OciLogin } from './oci-auth.ts';
import { createOciClient } from './oci-client.ts';
import { createOciSource } from './oci-source.ts';
import { createPlaneSource, isPlaneEndpoint } from './plane-source.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryAccess, RegistryCredentials } from './registry-spec.ts';
import type { Source } from './source.ts';

export interface SourceOptions {
  readonly allowLoopback: boolean;
  readonly env: Environment;
  readonly resolve?: Resolve;
  readonly aws?: AwsEndpoints;
  readonly http?: Pick<RegistryHttpOptions, 'requestsPerSecond' | 'silenceMs' | 'attempts' | 'backoff'>;
}

export type OpenSource = (access: RegistryAccess) => Source;

/** @returns a function that opens registries; it throws a RegistryError for an endpoint that is none. */
export function sourceOpener(options: SourceOptions): OpenSource {
  return ({ kind, spec, credentials }) => {
    const http = createRegistryHttp({
      ...options.http,
      tls: { ...spec.tls, key: credentials.tlsKey },
      allowLoopback: options.allowLoopback,
      env: options.env,
      ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    });
    if (kind === 'pack' && isPlaneEndpoint(spec.endpoint))
      return createPlaneSource({ endpoint: spec.endpoint, credentials, http });
    const endpoint = endpointUrl(spec.endpoint);
    if (kind === 'helm' && endpoint.protocol !== 'oci:')
      return createHelmSource({ endpoint: endpoint.href, credentials, http });
    const base = new URL(endpoint.protocol === 'oci:' ? `https:${endpoint.href.slice('oci:'.length)}` : endpoint.href);
    // What stands behind the host begins the names of the repositories.
    const contentPath = [...segments(base.pathname), ...segments(spec.baseContentPath)].join('/');
    base.pathname = ['', ...segments(spec.basePath), ''].join('/');
    base.search = '';
    const login: OciLogin =
      spec.type === 'ecr'
        ? createEcrLogin({
            host: base.hostname,
            region: spec.region,
            credentials,
            http,
            env: options.env,
            ...(options.aws === undefined ? {} : { endpoints: options.aws }),
          })
        : async () => loginOf(credentials);
    const client = createOciClient({ base, login, http });
    return createOciSource({ client, provider: kind === 'pack' ? 'pack' : spec.provider, contentPath });
  };
}

function loginOf(credentials: RegistryCredentials): Awaited<ReturnType<OciLogin>> {
  if (credentials.kind === 'basic') return { username: credentials.username, password: credentials.password };
  if (credentials.kind !== 'token') return undefined;
  // A token with a user name is a password; alone it is what the registry wants to see.
  return credentials.username === ''
    ? { token: credentials.token }
    : { username: credentials.username, password: credentials.token };
}

/**
 * An endpoint as people write it: a URL of `https:`, `http:` or `oci:`, or a host alone.
 *
 * @throws RegistryError `RegistryBadAnswer` that says what was expected.
 */
export function endpointUrl(text: string): URL {
  const url = text.includes('://') ? text : `https://${text}`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const refuse = (why: string): RegistryError =>
    new RegistryError('RegistryAddressRefused', `the endpoint ${why}; expected https://host/path`);
  if (parsed === undefined || parsed.hostname === '') throw refuse('is no URL');
  if (!['https:', 'http:', 'oci:'].includes(parsed.protocol)) throw refuse(`begins with ${parsed.protocol}`);
  if (parsed.username !== '' || parsed.password !== '')
    throw refuse('holds credentials, which would be shown to everybody; give them as credentials');
  return parsed;
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
