/** An example of each managed resource, for the reference. The tests apply all of them. */
import type { KubeObject } from '#kubernetes/object';
import type { ResourceType } from '#resources/index';

import type { ManagedKind } from './kinds.ts';
import type { JsonObject } from './values.ts';

interface Example {
  readonly name: string;
  readonly forProvider: JsonObject;
  /** Name of the Secret for connection details, where there are some. */
  readonly connectionSecret?: string;
}

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: greeting
data:
  text: "{{ .spectro.var.greeting }}"
`;

const EXPORTED = `metadata:
  name: exported
spec:
  version: 1.0.0
  template:
    type: add-on
    cloudType: all
    packs:
      - name: greeting
        type: manifest
        manifests:
          - name: greeting
            content: |
              apiVersion: v1
              kind: ConfigMap
              metadata:
                name: greeting
              data:
                text: Hello
`;

const EXAMPLES: { readonly [T in ResourceType]: Example } = {
  spectrocloud_addon_deployment: {
    name: 'greeting-berlin',
    forProvider: {
      clusterUidRef: { name: 'shop-berlin' },
      clusterProfile: [{ idRef: { name: 'greeting' }, variables: { greeting: 'Guten Tag' } }],
    },
  },
  spectrocloud_alert: {
    name: 'on-call',
    forProvider: {
      project: 'Default',
      component: 'ClusterHealth',
      isActive: true,
      identifiers: ['on-call@example.com'],
    },
  },
  spectrocloud_application_profile: {
    name: 'web-shop',
    forProvider: {
      name: 'web-shop',
      version: '1.0.0',
      pack: [
        {
          name: 'settings',
          type: 'manifest',
          installOrder: 1,
          manifest: [{ name: 'settings', content: CONFIG_MAP }],
        },
      ],
    },
  },
  spectrocloud_backup_storage_location: {
    name: 'nightly',
    forProvider: {
      name: 'nightly',
      bucketName: 'palette-backups',
      region: 'eu-central-1',
      s3: {
        credentialType: 'secret',
        accessKeySecretRef: { name: 'backups', key: 'accessKey' },
        secretKeySecretRef: { name: 'backups', key: 'secretKey' },
      },
    },
  },
  spectrocloud_cloudaccount_aws: {
    name: 'build',
    forProvider: {
      name: 'build',
      type: 'sts',
      arn: 'arn:aws:iam::123456789012:role/palette',
      externalIdSecretRef: { name: 'aws', key: 'externalId' },
    },
  },
  spectrocloud_cluster_brownfield: {
    name: 'shop-berlin',
    forProvider: {
      name: 'shop-berlin',
      cloudType: 'generic',
      tags: ['region:eu'],
      clusterProfile: [{ idRef: { name: 'greeting' }, variables: { greeting: 'Guten Tag' } }],
    },
    connectionSecret: 'shop-berlin-connection',
  },
  spectrocloud_cluster_config_policy: {
    name: 'nights',
    forProvider: {
      name: 'nights',
      schedules: [{ name: 'sundays', startCron: '0 2 * * SUN', durationHrs: 4 }],
    },
  },
  spectrocloud_cluster_config_template: {
    name: 'shops',
    forProvider: {
      name: 'shops',
      cloudType: 'generic',
      clusterProfile: [{ idRef: { name: 'greeting' }, variables: [{ name: 'greeting', value: 'Hello' }] }],
      policy: { idRef: { name: 'nights' }, kind: 'maintenance' },
    },
  },
  spectrocloud_cluster_group: {
    name: 'development',
    forProvider: {
      name: 'development',
      config: { hostEndpointType: 'Ingress', cpuMillicore: 4000, memoryInMb: 8192, storageInGb: 20 },
      clusters: [{ clusterUidRef: { name: 'shop-berlin' }, hostDns: '*.dev.example.com' }],
    },
  },
  spectrocloud_cluster_profile: {
    name: 'greeting',
    forProvider: {
      name: 'greeting',
      version: '1.0.0',
      type: 'add-on',
      cloud: 'all',
      pack: [{ name: 'greeting', type: 'manifest', manifest: [{ name: 'greeting', content: CONFIG_MAP }] }],
      profileVariables: {
        variable: [{ name: 'greeting', displayName: 'Greeting', defaultValue: 'Hello' }],
      },
    },
  },
  spectrocloud_cluster_profile_import: {
    name: 'greeting-export',
    forProvider: { context: 'project', importFile: EXPORTED },
  },
  spectrocloud_macros: {
    name: 'shop',
    forProvider: { context: 'project', macros: { logLevel: 'info' } },
  },
  spectrocloud_project: {
    name: 'shop',
    forProvider: { name: 'shop', description: 'Clusters in the shops', tags: ['owner:shop'] },
  },
  spectrocloud_registration_token: {
    name: 'edge-hosts',
    forProvider: { name: 'edge-hosts', projectUidRef: { name: 'shop' }, expiryDate: '2030-12-31' },
    connectionSecret: 'edge-hosts-token',
  },
  spectrocloud_registry_helm: {
    name: 'charts',
    forProvider: {
      name: 'charts',
      endpoint: 'https://charts.example.com/stable',
      isPrivate: false,
      credentials: { credentialType: 'noAuth' },
    },
  },
  spectrocloud_registry_oci: {
    name: 'artifacts',
    forProvider: {
      name: 'artifacts',
      type: 'basic',
      endpoint: 'https://registry.example.com',
      baseContentPath: 'team/charts',
      isPrivate: false,
      credentials: { credentialType: 'noAuth' },
    },
  },
};

const NAMESPACE = 'team-shop';

/** A whole object of the kind. */
export function exampleOf({ type, apiVersion, kind, scope }: ManagedKind): KubeObject {
  const { name, forProvider, connectionSecret } = EXAMPLES[type];
  const namespaced = scope === 'Namespaced';
  const spec = {
    forProvider: namespaced ? forProvider : withSecretNamespaces(forProvider),
    ...(connectionSecret === undefined
      ? {}
      : {
          writeConnectionSecretToRef: { name: connectionSecret, ...(namespaced ? {} : { namespace: NAMESPACE }) },
        }),
  };
  return { apiVersion, kind, metadata: namespaced ? { name, namespace: NAMESPACE } : { name }, spec };
}

/** Cluster-scoped objects have no namespace that their Secrets could be in. */
function withSecretNamespaces(parameters: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [key, value];
      const object = value as JsonObject; // as: examples are written above
      return [key, key.endsWith('SecretRef') ? { ...object, namespace: NAMESPACE } : withSecretNamespaces(object)];
    }),
  );
}
