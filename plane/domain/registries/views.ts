/** Registries in the API's shapes. Secrets are never among what is shown. */
import type { components } from '#openapi/generated/types';
import type { RegistryAccess, RegistryCredentials, RegistrySpec } from '#plane/registry/registry-spec';

import type { Registry } from './registry-store.ts';

type Schemas = components['schemas'];

export interface ShownRegistry {
  readonly registry: Registry;
  readonly access: RegistryAccess;
}

const SCOPE = 'tenant';

export function metadataView(registry: Registry): Schemas['v1ObjectMeta'] {
  return {
    uid: registry.uid,
    name: registry.name,
    annotations: { ...registry.annotations },
    labels: { ...registry.labels },
    creationTimestamp: registry.createdAt.toISOString(),
    lastModifiedTimestamp: registry.modifiedAt.toISOString(),
  };
}

/** What the plane keeps itself is always in step with itself. */
export function syncStatusView({ spec, sync, createdAt }: Registry): Schemas['v1RegistrySyncStatus'] {
  if (spec === undefined) {
    const time = createdAt.toISOString();
    return { isSyncSupported: true, lastRunTime: time, lastSyncedTime: time, message: '', status: 'Success' };
  }
  return {
    isSyncSupported: spec.synchronized,
    message: sync.message,
    status: spec.synchronized ? sync.status : '',
    ...(sync.startedAt === undefined ? {} : { lastRunTime: sync.startedAt.toISOString() }),
    ...(sync.syncedAt === undefined ? {} : { lastSyncedTime: sync.syncedAt.toISOString() }),
  };
}

export function helmView({ registry, access }: ShownRegistry): Schemas['v1HelmRegistry'] {
  return {
    apiVersion: 'v1',
    kind: 'helmregistry',
    metadata: metadataView(registry),
    spec: {
      name: registry.name,
      registryUid: registry.uid,
      endpoint: access.spec.endpoint,
      isPrivate: access.spec.isPrivate,
      auth: authView(access),
      scope: SCOPE,
    },
    status: { helmSyncStatus: syncStatusView(registry) },
  };
}

/** @param access undefined for the plane's own. */
export function packRegistryView(
  registry: Registry,
  access: RegistryAccess | undefined,
  publicUrl: string,
): Schemas['v1PackRegistry'] {
  return {
    apiVersion: 'v1',
    kind: 'packregistry',
    metadata: metadataView(registry),
    spec: {
      name: registry.name,
      registryUid: registry.uid,
      endpoint: endpointView(registry, publicUrl),
      auth: access === undefined ? { type: 'noAuth' } : authView(access),
      private: access?.spec.isPrivate ?? false,
      scope: SCOPE,
    },
    status: { packSyncStatus: syncStatusView(registry) },
  };
}

export function endpointView({ uid, spec }: Registry, publicUrl: string): string {
  return spec?.endpoint ?? `${publicUrl}/v1/registries/pack/${uid}`;
}

export function basicOciView({ registry, access }: ShownRegistry): Schemas['v1BasicOciRegistry'] {
  const { spec } = access;
  return {
    kind: 'ociregistry',
    metadata: metadataView(registry),
    spec: {
      ...ociSpecView(registry, spec),
      auth: authView(access),
      basePath: spec.basePath,
    },
    status: { syncStatus: syncStatusView(registry) },
  };
}

export function ecrView({ registry, access }: ShownRegistry): Schemas['v1EcrRegistry'] {
  const { spec, credentials } = access;
  return {
    kind: 'ociregistry',
    metadata: metadataView(registry),
    spec: {
      ...ociSpecView(registry, spec),
      isPrivate: spec.isPrivate,
      credentials: awsView(credentials),
      defaultRegion: spec.region,
      tls: tlsView(spec),
    },
    status: { syncStatus: syncStatusView(registry) },
  };
}

export function ociSummaryView(registry: Registry, spec: RegistrySpec): Schemas['v1OciRegistry'] {
  return {
    metadata: metadataView(registry),
    spec: {
      containsSpectroManifest: false,
      defaultRegion: spec.region,
      endpoint: spec.endpoint,
      isPrivate: spec.isPrivate,
      providerType: spec.provider,
      registryType: spec.type,
      scope: SCOPE,
    },
    status: { sync: syncStatusView(registry) },
  };
}

function ociSpecView(
  registry: Registry,
  spec: RegistrySpec,
): Pick<
  Schemas['v1BasicOciRegistrySpec'],
  | 'baseContentPath'
  | 'containsSpectroManifest'
  | 'endpoint'
  | 'isSyncSupported'
  | 'providerType'
  | 'registryUid'
  | 'scope'
> {
  return {
    baseContentPath: spec.baseContentPath,
    containsSpectroManifest: false,
    endpoint: spec.endpoint,
    isSyncSupported: spec.synchronized,
    providerType: spec.provider,
    registryUid: registry.uid,
    scope: SCOPE,
  };
}

export function authView({ spec, credentials }: RegistryAccess): Schemas['v1RegistryAuth'] {
  const tls = tlsView(spec);
  switch (credentials.kind) {
    case 'basic':
    case 'token':
      return { type: credentials.kind, username: credentials.username, tls };
    default:
      return { type: 'noAuth', tls };
  }
}

function tlsView({ tls }: RegistrySpec): Schemas['v1TlsConfiguration'] {
  return {
    // Official clients write the CA under the name of the certificate and read it from there.
    certificate: tls.certificate === '' ? tls.ca : tls.certificate,
    ca: tls.ca,
    enabled: true,
    insecureSkipVerify: tls.insecureSkipVerify,
  };
}

function awsView(credentials: RegistryCredentials): Schemas['v1AwsCloudAccount'] {
  switch (credentials.kind) {
    case 'secret':
      return { credentialType: 'secret', accessKey: credentials.accessKey };
    case 'sts':
      return { credentialType: 'sts', sts: { arn: credentials.arn, externalId: credentials.externalId } };
    default:
      return { credentialType: 'secret' };
  }
}
