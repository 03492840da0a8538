/** Between an OCI registry as it is configured and as the API has it. */
import type { Schemas } from '#openapi/client/index';

import type { RegistryOci } from '../registry-oci.schema.ts';

type Credentials = RegistryOci['credentials'][number];
type Tls = Schemas['v1TlsConfiguration'];

export function toBasic(registry: RegistryOci): Schemas['v1BasicOciRegistry'] {
  const [credentials] = registry.credentials;
  const basic = credentials?.credentialType === 'basic';
  return {
    metadata: { name: registry.name },
    spec: {
      endpoint: registry.endpoint,
      basePath: registry.endpointSuffix,
      baseContentPath: registry.baseContentPath,
      providerType: registry.providerType,
      isSyncSupported: registry.isSynchronization,
      auth: {
        type: basic ? 'basic' : 'noAuth',
        ...(basic ? { username: credentials.username ?? '', password: credentials.password ?? '' } : {}),
        tls: toTls(credentials),
      },
    },
  };
}

export function toEcr(registry: RegistryOci): Schemas['v1EcrRegistry'] {
  const [credentials] = registry.credentials;
  return {
    metadata: { name: registry.name },
    spec: {
      endpoint: registry.endpoint,
      isPrivate: registry.isPrivate,
      baseContentPath: registry.baseContentPath,
      providerType: registry.providerType,
      isSyncSupported: registry.isSynchronization,
      credentials: toAws(credentials),
      tls: toTls(credentials),
    },
  };
}

function toAws(credentials: Credentials | undefined): Schemas['v1AwsCloudAccount'] {
  if (credentials?.credentialType === 'sts')
    return { credentialType: 'sts', sts: { arn: credentials.arn ?? '', externalId: credentials.externalId ?? '' } };
  return {
    credentialType: 'secret',
    accessKey: credentials?.accessKey ?? '',
    secretKey: credentials?.secretKey ?? '',
  };
}

function toTls(credentials: Credentials | undefined): Tls {
  const [tls] = credentials?.tlsConfig ?? [];
  return {
    certificate: tls?.certificate ?? '',
    enabled: true,
    insecureSkipVerify: tls?.insecureSkipVerify ?? false,
  };
}

export function fromBasic(
  { metadata, spec, status }: Schemas['v1BasicOciRegistry'],
  state: RegistryOci,
): Partial<RegistryOci> {
  const type = spec?.auth.type === 'basic' ? 'basic' : 'noAuth';
  const known: Credentials | undefined = state.credentials?.[0];
  const username = spec?.auth.username ?? '';
  const same =
    known !== undefined && known.credentialType === type && (type === 'noAuth' || known.username === username);
  const credentials: Credentials = same
    ? known
    : {
        ...(known?.credentialType === type ? known : {}),
        credentialType: type,
        ...(type === 'basic' ? { username } : {}),
      };
  return {
    ...common(metadata, spec, status),
    endpointSuffix: spec?.basePath ?? '',
    // The API has no such field here: it follows from the credentials, unless they are as the configuration has them.
    isPrivate: same ? state.isPrivate : type === 'basic',
    credentials: [{ ...credentials, tlsConfig: fromTls(spec?.auth.tls, known) }],
  };
}

export function fromEcr(
  { metadata, spec, status }: Schemas['v1EcrRegistry'],
  state: RegistryOci,
): Partial<RegistryOci> {
  const known: Credentials | undefined = state.credentials?.[0];
  return {
    ...common(metadata, spec, status),
    isPrivate: spec?.isPrivate ?? false,
    credentials: [{ ...fromAws(spec?.credentials, known), tlsConfig: fromTls(spec?.tls, known) }],
  };
}

/** Secrets stay as the state has them. */
function fromAws(found: Schemas['v1AwsCloudAccount'] | undefined, known: Credentials | undefined): Credentials {
  const credentialType = found?.credentialType === 'sts' ? 'sts' : 'secret';
  const { accessKey, sts } = found ?? {};
  // An account without keys, for a public registry, is written as any type.
  if (known !== undefined && credentialType === 'secret' && !accessKey && known.credentialType !== 'sts') return known;
  const kept = known?.credentialType === credentialType ? known : undefined;
  return credentialType === 'sts'
    ? { ...kept, credentialType, arn: sts?.arn ?? '', externalId: sts?.externalId ?? kept?.externalId }
    : { ...kept, credentialType, ...(accessKey ? { accessKey } : {}) };
}

function common(
  metadata: Schemas['v1ObjectMeta'] | undefined,
  spec: Schemas['v1BasicOciRegistrySpec'] | Schemas['v1EcrRegistrySpec'] | undefined,
  status: Schemas['v1OciRegistryStatus'] | undefined,
): Partial<RegistryOci> {
  return {
    ...(metadata?.name === undefined ? {} : { name: metadata.name }),
    ...(spec?.endpoint === undefined ? {} : { endpoint: spec.endpoint }),
    baseContentPath: spec?.baseContentPath ?? '',
    providerType: spec?.providerType ?? 'helm',
    isSynchronization: status?.syncStatus?.isSyncSupported ?? spec?.isSyncSupported ?? false,
  };
}

/** A block that says nothing is not put where the configuration has none. */
function fromTls(tls: Tls | undefined, known: Credentials | undefined): Credentials['tlsConfig'] {
  const [before] = known?.tlsConfig ?? [];
  const certificate = tls?.certificate ?? '';
  const insecureSkipVerify = tls?.insecureSkipVerify ?? false;
  if (before === undefined && certificate === '' && !insecureSkipVerify) return known?.tlsConfig;
  return [
    {
      certificate: before?.certificate.trim() === certificate.trim() ? before.certificate : certificate,
      insecureSkipVerify,
    },
  ];
}
