/** From what users send of a registry to what is stored. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import { endpointUrl } from '#plane/registry/open-source';
import { isPlaneEndpoint } from '#plane/registry/plane-source';
import { RegistryError } from '#plane/registry/registry-error';
import {
  RegistrySpec,
  type RegistryAccess,
  type RegistryCredentials,
  type RegistryTls,
} from '#plane/registry/registry-spec';

type Schemas = components['schemas'];
type Auth = Schemas['v1RegistryAuth'];

/** PEM of a CA and of a client certificate. */
const MAX_PEM = 256 * 1024;

/** @param before what is stored: a secret that is left out stays, as long as the endpoint does. */
export function helmInput(
  spec: Pick<Schemas['v1HelmRegistrySpec'], 'endpoint' | 'auth' | 'isPrivate'>,
  before: RegistryAccess | undefined,
  synchronized: boolean,
): RegistryAccess {
  const { tls, tlsKey } = tlsInput(spec.auth.tls);
  return withKeptSecrets(
    {
      kind: 'helm',
      spec: RegistrySpec.parse({
        endpoint: endpointInput(spec.endpoint),
        isPrivate: spec.isPrivate ?? false,
        synchronized,
        tls,
      }),
      credentials: authInput(spec.auth, tlsKey),
    },
    before,
  );
}

export function packInput(spec: Schemas['v1PackRegistrySpec'], before: RegistryAccess | undefined): RegistryAccess {
  const { tls, tlsKey } = tlsInput(spec.auth.tls);
  return withKeptSecrets(
    {
      kind: 'pack',
      spec: RegistrySpec.parse({
        endpoint: endpointInput(spec.endpoint),
        isPrivate: spec.private ?? false,
        provider: 'pack',
        tls,
      }),
      credentials: authInput(spec.auth, tlsKey),
    },
    before,
  );
}

export function basicOciInput(
  spec: Schemas['v1BasicOciRegistrySpec'],
  before: RegistryAccess | undefined,
): RegistryAccess {
  const { tls, tlsKey } = tlsInput(spec.auth.tls);
  return withKeptSecrets(
    {
      kind: 'oci',
      spec: RegistrySpec.parse({
        endpoint: endpointInput(spec.endpoint),
        isPrivate: (spec.auth.type ?? 'noAuth') !== 'noAuth',
        synchronized: spec.isSyncSupported ?? false,
        type: 'basic',
        provider: spec.providerType ?? 'helm',
        basePath: pathInput('basePath', spec.basePath),
        baseContentPath: pathInput('baseContentPath', spec.baseContentPath),
        tls,
      }),
      credentials: authInput(spec.auth, tlsKey),
    },
    before,
  );
}

export function ecrInput(spec: Schemas['v1EcrRegistrySpec'], before: RegistryAccess | undefined): RegistryAccess {
  const { tls, tlsKey } = tlsInput(spec.tls);
  return withKeptSecrets(
    {
      kind: 'oci',
      spec: RegistrySpec.parse({
        endpoint: endpointInput(spec.endpoint),
        isPrivate: spec.isPrivate,
        synchronized: spec.isSyncSupported ?? false,
        type: 'ecr',
        provider: spec.providerType ?? 'helm',
        baseContentPath: pathInput('baseContentPath', spec.baseContentPath),
        region: regionInput(spec.defaultRegion),
        tls,
      }),
      credentials: awsInput(spec, tlsKey),
    },
    before,
  );
}

function endpointInput(endpoint: string): string {
  const text = endpoint.trim();
  if (isPlaneEndpoint(text)) return text;
  try {
    endpointUrl(text);
  } catch (error) {
    if (error instanceof RegistryError) throw invalidRequest(`body.spec.endpoint: ${error.message}`);
    throw error;
  }
  return text;
}

function pathInput(field: string, path: string | undefined): string {
  const text = (path ?? '').trim();
  if (/^[A-Za-z0-9._/-]*$/.test(text) && !text.split('/').includes('..')) return text;
  throw invalidRequest(`body.spec.${field}: '${text.slice(0, 100)}' is no path; expected words joined by slashes`);
}

/** It becomes a part of the address that AWS is asked at, with the plane's own keys perhaps. */
function regionInput(region: string | undefined): string {
  const text = (region ?? '').trim();
  if (/^[a-z0-9-]{0,40}$/.test(text)) return text;
  throw invalidRequest(`body.spec.defaultRegion: '${text.slice(0, 100)}' is no region; expected one such as us-east-1`);
}

function tlsInput(tls: Schemas['v1TlsConfiguration'] | undefined): { tls: Omit<RegistryTls, 'key'>; tlsKey: string } {
  const { ca = '', certificate = '', key = '', insecureSkipVerify = false } = tls ?? {};
  for (const [field, text] of Object.entries({ ca, certificate, key })) {
    if (text.length > MAX_PEM) throw invalidRequest(`body.spec.tls.${field}: is longer than ${MAX_PEM} characters`);
    if (text.trim() !== '' && !text.includes('-----BEGIN '))
      throw invalidRequest(`body.spec.tls.${field}: expected PEM that begins with -----BEGIN`);
  }
  // Official clients have one field for certificates, and mean the one that the registry is verified with.
  const own = key.trim() === '' ? '' : certificate;
  return {
    tls: {
      // What was read shows the one under both names.
      ca: own === '' ? [...new Set([ca, certificate])].filter((pem) => pem.trim() !== '').join('\n') : ca,
      certificate: own,
      insecureSkipVerify,
    },
    tlsKey: key,
  };
}

function authInput(auth: Auth, tlsKey: string): RegistryCredentials {
  const { type = 'noAuth', username = '', password = '', token = '' } = auth;
  switch (type) {
    case 'basic':
      if (username === '') throw invalidRequest('body.spec.auth.username: basic credentials need a user name');
      return { kind: 'basic', username, password, tlsKey };
    case 'token':
      return { kind: 'token', username, token, tlsKey };
    default:
      return { kind: 'noAuth', tlsKey };
  }
}

function awsInput({ credentials, isPrivate }: Schemas['v1EcrRegistrySpec'], tlsKey: string): RegistryCredentials {
  if (credentials === undefined) {
    if (isPrivate) throw invalidRequest('body.spec.credentials: a private registry needs credentials');
    return { kind: 'noAuth', tlsKey };
  }
  const { credentialType = 'secret', accessKey = '', secretKey = '', sts } = credentials;
  switch (credentialType) {
    case 'secret':
      if (accessKey === '') {
        if (isPrivate) throw invalidRequest('body.spec.credentials.accessKey: an access key is needed');
        return { kind: 'noAuth', tlsKey };
      }
      return { kind: 'secret', accessKey, secretKey, tlsKey };
    case 'sts':
      if (!sts?.arn) throw invalidRequest('body.spec.credentials.sts.arn: the role to take on is needed');
      return { kind: 'sts', arn: sts.arn, externalId: sts.externalId ?? '', tlsKey };
    default:
      throw invalidRequest(
        `body.spec.credentials.credentialType: ${credentialType} works inside Amazon EKS alone; expected secret or sts`,
      );
  }
}

/**
 * Who changes a registry need not know its secrets. They go to the same host as before and nowhere else: else they could
 * be had by pointing the registry elsewhere.
 */
function withKeptSecrets(next: RegistryAccess, before: RegistryAccess | undefined): RegistryAccess {
  const keep =
    before !== undefined && hostOf(before.spec.endpoint) === hostOf(next.spec.endpoint)
      ? before.credentials
      : undefined;
  const { credentials } = next;
  const missing = (field: string): Error =>
    invalidRequest(
      before === undefined
        ? `body.spec: ${field} is missing`
        : `body.spec: ${field} is missing; it must be given again when the endpoint or the kind of credentials changes`,
    );
  switch (credentials.kind) {
    case 'basic':
      if (credentials.password !== '') return next;
      if (keep?.kind !== 'basic' || keep.username !== credentials.username) throw missing('auth.password');
      return { ...next, credentials: { ...credentials, password: keep.password } };
    case 'token':
      if (credentials.token !== '') return next;
      if (keep?.kind !== 'token') throw missing('auth.token');
      return { ...next, credentials: { ...credentials, token: keep.token } };
    case 'secret':
      if (credentials.secretKey !== '') return next;
      if (keep?.kind !== 'secret' || keep.accessKey !== credentials.accessKey) throw missing('credentials.secretKey');
      return { ...next, credentials: { ...credentials, secretKey: keep.secretKey } };
    default:
      return next;
  }
}

function hostOf(endpoint: string): string {
  const text = endpoint.includes('://') ? endpoint : `https://${endpoint}`;
  return URL.canParse(text) ? `${new URL(text).protocol}//${new URL(text).host}` : text;
}
