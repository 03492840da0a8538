/** Passwords of Amazon ECR registries: asked of AWS with signed requests, valid for twelve hours. */
import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';

import type { Environment } from '#core/network/proxy';

import { askBytes, type RegistryHttp } from './http.ts';
import type { OciLogin } from './oci-auth.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryCredentials } from './registry-spec.ts';

const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 30_000;
/** Asked again this long before a password ends. */
const EARLY_MS = 600_000;

interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Where AWS answers; tests put servers of their own in its place. */
export interface AwsEndpoints {
  ecr(region: string, suffix: string): string;
  sts(region: string, suffix: string): string;
}

export const AWS_ENDPOINTS: AwsEndpoints = {
  ecr: (region, suffix) => `https://api.ecr.${region}.${suffix}/`,
  sts: (region, suffix) => `https://sts.${region}.${suffix}/`,
};

const EcrHost = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?|on\.aws)$/;

export function createEcrLogin({
  host,
  region,
  credentials,
  http,
  env,
  endpoints = AWS_ENDPOINTS,
  now = Date.now,
}: {
  /** Of the registry: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly host: string;
  /** Where the host does not name one. */
  readonly region: string;
  readonly credentials: RegistryCredentials;
  readonly http: RegistryHttp;
  /** Holds the plane's own keys, with which it takes on the role of credentials of kind `sts`. */
  readonly env: Environment;
  readonly endpoints?: AwsEndpoints;
  readonly now?: () => number;
}): OciLogin {
  const [, , hostRegion, hostSuffix] = EcrHost.exec(host) ?? [];
  const where = { region: hostRegion ?? (region === '' ? 'us-east-1' : region), suffix: hostSuffix ?? 'amazonaws.com' };
  if (where.suffix === 'on.aws') where.suffix = 'amazonaws.com';
  let kept: { readonly username: string; readonly password: string; readonly until: number } | undefined;

  return async ({ signal }) => {
    if (credentials.kind === 'noAuth') return undefined;
    if (kept !== undefined && kept.until > now()) return kept;
    const keys = await keysOf(credentials, { where, http, env, endpoints, signal });
    const answer = await callAws({
      url: endpoints.ecr(where.region, where.suffix),
      service: 'ecr',
      region: where.region,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
      },
      body: '{}',
      keys,
      http,
      signal,
    });
    const [data] = AuthorizationData.parse(JSON.parse(answer)).authorizationData;
    const [username, password] = Buffer.from(data.authorizationToken, 'base64').toString('utf8').split(':', 2);
    if (username === undefined || password === undefined)
      throw new RegistryError('RegistryBadAnswer', 'AWS gave no password for the registry');
    kept = { username, password, until: (data.expiresAt ?? now() / 1000 + 3600) * 1000 - EARLY_MS };
    return kept;
  };
}

const AuthorizationData = z.object({
  authorizationData: z.tuple(
    [z.object({ authorizationToken: z.string(), expiresAt: z.number().optional() })],
    z.unknown(),
  ),
});

async function keysOf(
  credentials: RegistryCredentials,
  {
    where,
    http,
    env,
    endpoints,
    signal,
  }: {
    readonly where: { readonly region: string; readonly suffix: string };
    readonly http: RegistryHttp;
    readonly env: Environment;
    readonly endpoints: AwsEndpoints;
    readonly signal: AbortSignal;
  },
): Promise<AwsKeys> {
  if (credentials.kind === 'secret')
    return { accessKeyId: credentials.accessKey, secretAccessKey: credentials.secretKey };
  if (credentials.kind !== 'sts')
    throw new RegistryError('RegistryUnauthorized', 'an Amazon ECR registry needs credentials of type secret or sts');
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey)
    throw new RegistryError(
      'RegistryUnauthorized',
      `the plane has no AWS keys to take on the role ${credentials.arn} with; give it AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the registry credentials of type secret`,
    );
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: credentials.arn,
    RoleSessionName: 'palette-iac-registry',
    ...(credentials.externalId === '' ? {} : { ExternalId: credentials.externalId }),
  }).toString();
  const answer = await callAws({
    url: endpoints.sts(where.region, where.suffix),
    service: 'sts',
    region: where.region,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body,
    keys: { accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] },
    http,
    signal,
  });
  const { Credentials } = AssumedRole.parse(JSON.parse(answer)).AssumeRoleResponse.AssumeRoleResult;
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  };
}

const AssumedRole = z.object({
  AssumeRoleResponse: z.object({
    AssumeRoleResult: z.object({
      Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
    }),
  }),
});

async function callAws({
  url,
  service,
  region,
  headers,
  body,
  keys,
  http,
  signal,
}: {
  readonly url: string;
  readonly service: string;
  readonly region: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly keys: AwsKeys;
  readonly http: RegistryHttp;
  readonly signal: AbortSignal;
}): Promise<string> {
  const signer = new AwsV4Signer({
    method: 'POST',
    url,
    headers: { ...headers },
    body,
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey,
    ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
    service,
    region,
  });
  const signed = await signer.sign();
  const { status, bytes } = await askBytes(http, {
    url: signed.url,
    method: 'POST',
    headers: Object.fromEntries(signed.headers),
    body,
    maxBytes: MAX_BYTES,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  const text = bytes.toString('utf8');
  if (status === 200) return text;
  // AWS names the failure; its message may quote the request.
  const [, code = `status ${status}`] = /(?:"__type"|"Code")\s*:\s*"(?:[^"#]*#)?([A-Za-z]+)"/.exec(text) ?? [];
  throw new RegistryError(
    'RegistryUnauthorized',
    `AWS gives no password for the registry (${service}: ${code}); check access key, secret key and the rights ecr:GetAuthorizationToken and sts:AssumeRole`,
  );
}
