/**
 * The composites: what a platform team writes. XRDs are generated from these types, and the function parses with them,
 * so that both always mean the same.
 */
import * as z from 'zod';

import { FLEET_GROUP, LEGACY_FLEET_GROUP } from '../schema/groups.ts';
import { withHints } from '../schema/structural.ts';

const name = (): z.ZodString => z.string().min(1).max(253);
const tags = (): z.ZodOptional<z.ZodArray<z.ZodString>> =>
  withHints(z.array(z.string().min(1).max(256)).max(100).optional(), { listType: 'set' }).describe(
    'Tags: either `key:value` or a bare word. Only the first colon separates key and value.',
  );
const context = (): z.ZodDefault<z.ZodEnum<{ project: 'project'; tenant: 'tenant' }>> =>
  z
    .enum(['project', 'tenant'])
    .default('project')
    .describe('Where it lives: in the `project` of the provider configuration, or in the `tenant`, for all projects.');

/** What every composite has. */
const common = {
  managementPolicies: withHints(
    z
      .array(z.enum(['Observe', 'Create', 'Update', 'Delete', 'LateInitialize', '*']))
      .max(6)
      .optional(),
    { listType: 'set' },
  ).describe('What may be done to what is composed. Everything (`*`) when left out.'),
  deletionPolicy: z
    .enum(['Delete', 'Orphan'])
    .optional()
    .describe('What a delete of the composite does outside of Kubernetes: `Delete` it (the default) or `Orphan` it.'),
};

const providerConfigRef = z
  .strictObject({
    kind: z
      .enum(['ProviderConfig', 'ClusterProviderConfig'])
      .default('ClusterProviderConfig')
      .describe('`ProviderConfig` of the same namespace, or `ClusterProviderConfig`.'),
    name: name().default('default').describe('Name of the provider configuration.'),
  })
  .optional()
  .describe(
    'Provider configuration to use: host, project and credentials. The one that the Composition gives when left out.',
  );

const legacyProviderConfigRef = z
  .strictObject({ name: name().default('default').describe('Name of the provider configuration.') })
  .optional()
  .describe(
    'Provider configuration to use: host, project and credentials. The one that the Composition gives when left out.',
  );

const connectionSecretName = name()
  .optional()
  .describe('Name of the Secret, in the namespace of the composite, that connection details are written to.');

/** A profile as a cluster asks for it. */
const profile = withHints(
  z.strictObject({
    name: name().optional().describe('Name of a profile that exists in the project or the tenant. Give this or `ref`.'),
    version: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Version of the profile called `name`; the newest one when left out.'),
    ref: z
      .strictObject({ name: name().describe('Name of the composite.') })
      .optional()
      .describe('A PaletteClusterProfile of the same namespace. Give this or `name`.'),
    variables: withHints(z.record(z.string(), z.string().max(65_536)).optional(), { maxProperties: 200 }).describe(
      'Values of variables of the profile, by name.',
    ),
  }),
  {
    rules: [
      { rule: 'has(self.name) != has(self.ref)', message: 'give either name or ref' },
      {
        rule: '!has(self.version) || has(self.name)',
        message: 'version belongs to name, not to ref',
        fieldPath: '.version',
      },
    ],
  },
);

const cloud = z
  .strictObject({
    type: z
      .string()
      .min(1)
      .max(63)
      .default('generic')
      .describe(
        'Where the cluster runs: `aws`, `azure`, `gcp`, `apache-cloudstack`, or `generic` for everything else. Fixed.',
      ),
    account: name()
      .optional()
      .describe(
        'Name of the cloud account that the cluster belongs to. It must exist; its identifier is in the status.',
      ),
    context: context(),
    importMode: z
      .enum(['full', 'read_only'])
      .optional()
      .describe('How much of the cluster is managed: `full` (the default), or `read_only` to look only. Fixed.'),
    proxy: z
      .strictObject({
        url: z.string().max(2048).optional().describe('HTTP proxy of the agent. Fixed.'),
        noProxy: z
          .string()
          .max(4096)
          .optional()
          .describe('Hosts that are reached without the proxy, separated by commas. Fixed.'),
        hostPath: z.string().max(1024).optional().describe("Path of the proxy's CA certificate on the nodes. Fixed."),
        containerMountPath: z
          .string()
          .max(1024)
          .optional()
          .describe("Path of the proxy's CA certificate in containers. Fixed."),
      })
      .optional()
      .describe('How the agent reaches the outside.'),
  })
  .prefault({})
  .describe('Where the cluster runs and how it is taken in.');

const clusterSpec = {
  ...common,
  name: name().optional().describe('Name of the cluster; the name of the composite (or claim) when left out. Fixed.'),
  cloud,
  profiles: withHints(z.array(profile).max(20).optional(), { listType: 'atomic' }).describe(
    'Profiles that the cluster runs, infrastructure first.',
  ),
  description: z.string().max(4096).optional().describe('What the cluster is for.'),
  tags: tags(),
  timezone: z
    .string()
    .max(64)
    .optional()
    .describe('Time zone in which schedules are read, for example `Europe/Berlin`.'),
  applySetting: z
    .enum(['DownloadAndInstall', 'DownloadAndInstallLater'])
    .optional()
    .describe(
      'When changed profiles take effect: `DownloadAndInstall` at once (the default), `DownloadAndInstallLater` when asked for.',
    ),
  pauseAgentUpgrades: z
    .enum(['lock', 'unlock'])
    .optional()
    .describe('Whether the agent stays at its version: `lock` or `unlock` (the default).'),
  forceDelete: z.boolean().optional().describe('Whether a delete that takes too long is forced.'),
};

const manifest = z.strictObject({
  name: name().describe('Name of the manifest, unique in the layer.'),
  content: z.string().max(524_288).describe('The manifest, as YAML.'),
});

const layer = withHints(
  z.strictObject({
    name: name().describe(
      'Name of the pack in its registry. `mine--nginx` is the pack `nginx` a second time, under a name of its own.',
    ),
    type: z
      .enum(['spectro', 'helm', 'manifest', 'oci'])
      .optional()
      .describe('Kind of layer: `manifest` when it has manifests and no version, otherwise `spectro`.'),
    registry: name().optional().describe('Name of the registry that holds the pack; all are searched when left out.'),
    version: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe('Version of the pack as its registry tags it: `1.4.2`, or `1.4.x` for the newest of a series.'),
    values: z
      .string()
      .max(524_288)
      .optional()
      .describe('Values of the pack, as YAML text. Give this or `valuesObject`.'),
    valuesObject: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Values of the pack, as an object. Give this or `values`.'),
    manifests: withHints(z.array(manifest).max(50).optional(), { listType: 'map', listMapKeys: ['name'] }).describe(
      'Manifests that come with the layer.',
    ),
  }),
  { rules: [{ rule: '!has(self.values) || !has(self.valuesObject)', message: 'give either values or valuesObject' }] },
);

const variable = z.strictObject({
  name: name().max(128).describe('Name of the variable. Values of packs refer to it as `{{ .spectro.var.NAME }}`.'),
  displayName: z.string().min(1).max(256).optional().describe('Name to show; `name` when left out.'),
  description: z.string().max(4096).optional().describe('What the variable is for.'),
  format: z
    .enum(['string', 'number', 'boolean', 'ipv4', 'ipv4cidr', 'ipv6', 'version', 'base64'])
    .optional()
    .describe(
      'Format of the value: `string` (the default), `number`, `boolean`, `ipv4`, `ipv4cidr`, `ipv6`, `version` or `base64`.',
    ),
  inputType: z
    .enum(['text', 'dropdown', 'multiline'])
    .optional()
    .describe('How the value is asked for: `text` (the default), `dropdown` or `multiline`.'),
  defaultValue: z.string().max(65_536).optional().describe('Value for clusters that give none.'),
  regex: z.string().max(1024).optional().describe('Regular expression that a value must match.'),
  required: z.boolean().optional().describe('Whether a cluster must have a value.'),
  immutable: z.boolean().optional().describe('Whether the value of a cluster stays as it was first given.'),
  hidden: z.boolean().optional().describe('Whether the variable is left out where values are asked for.'),
  isSensitive: z
    .boolean()
    .optional()
    .describe('Whether values are secrets, which are stored encrypted and never shown.'),
  options: withHints(
    z
      .array(
        z.strictObject({
          value: z.string().max(4096).describe('The value.'),
          label: z.string().max(256).optional().describe('Name of the value to show; `value` when left out.'),
          description: z.string().max(4096).optional().describe('What choosing it means.'),
        }),
      )
      .max(200)
      .optional(),
    { listType: 'map', listMapKeys: ['value'] },
  ).describe('The values to choose from, for the input type `dropdown`.'),
});

const profileSpec = {
  ...common,
  name: name().optional().describe('Name of the profile; the name of the composite (or claim) when left out.'),
  version: z.string().min(1).max(64).default('1.0.0').describe('Version of the profile.'),
  type: z
    .enum(['add-on', 'cluster', 'infra'])
    .default('add-on')
    .describe(
      'What the profile holds: whole clusters (`cluster`), the infrastructure layers (`infra`) or layers on top (`add-on`).',
    ),
  cloud: z
    .string()
    .min(1)
    .max(63)
    .default('all')
    .describe('Cloud that the profile is made for, for example `aws` or `edge-native`; `all` for every one.'),
  context: context(),
  description: z.string().max(4096).optional().describe('What the profile is for.'),
  tags: tags(),
  layers: withHints(z.array(layer).min(1).max(50), { listType: 'atomic' }).describe(
    'Layers of the profile, lowest first.',
  ),
  variables: withHints(z.array(variable).max(200).optional(), { listType: 'map', listMapKeys: ['name'] }).describe(
    'Variables that clusters give values for.',
  ),
};

const text = (): z.ZodOptional<z.ZodString> => z.string().optional();

export const PaletteClusterStatus = z.object({
  clusterUid: text().describe('Identifier of the cluster.'),
  state: text().describe('State of the cluster, for example `Pending`, `Running` or `Deleting`.'),
  health: text().describe('Health of the cluster: `Healthy`, `UnHealthy` or `Unknown`.'),
  profile: text().describe('Names of the profiles, separated by commas.'),
  version: text().describe('Versions of the profiles, in the order of their names.'),
  profiles: z
    .array(
      z.object({
        name: z.string().describe('Name of the profile.'),
        version: z.string().describe('Its version.'),
        uid: z.string().describe('Its identifier.'),
      }),
    )
    .optional()
    .describe('Profiles that were resolved.'),
  cloudAccountUid: text().describe('Identifier of the cloud account.'),
  kubectlCommand: text().describe('Command to run against the cluster, to bring the agent to it.'),
  manifestUrl: text().describe('URL of the manifest that brings the agent to the cluster.'),
});
export type PaletteClusterStatus = z.infer<typeof PaletteClusterStatus>;

export const PaletteClusterProfileStatus = z.object({
  profileUid: text().describe('Identifier of the profile.'),
  name: text().describe('Name of the profile.'),
  version: text().describe('Version of the profile that clusters get.'),
});
export type PaletteClusterProfileStatus = z.infer<typeof PaletteClusterProfileStatus>;

export const PaletteClusterSpec = z.strictObject({ ...clusterSpec, providerConfigRef, connectionSecretName });
export type PaletteClusterSpec = z.infer<typeof PaletteClusterSpec>;

export const PaletteClusterProfileSpec = z.strictObject({ ...profileSpec, providerConfigRef, connectionSecretName });
export type PaletteClusterProfileSpec = z.infer<typeof PaletteClusterProfileSpec>;

/** Of the composites behind claims: the same, but provider configurations have one kind, and claims name their Secret. */
export const LegacyPaletteClusterSpec = z.strictObject({ ...clusterSpec, providerConfigRef: legacyProviderConfigRef });
export const LegacyPaletteClusterProfileSpec = z.strictObject({
  ...profileSpec,
  providerConfigRef: legacyProviderConfigRef,
});

/** Either form, as the function works with it. */
type EitherForm<Spec> = Omit<Spec, 'providerConfigRef'> & {
  readonly providerConfigRef?:
    | { readonly kind?: 'ProviderConfig' | 'ClusterProviderConfig' | undefined; readonly name: string }
    | undefined;
};
export type AnyClusterSpec = EitherForm<PaletteClusterSpec>;
export type AnyProfileSpec = EitherForm<PaletteClusterProfileSpec>;

export interface PrinterColumn {
  readonly name: string;
  readonly jsonPath: string;
  readonly description: string;
}

/** One composite kind, as its XRD has it. `SYNCED`, `READY` and `AGE` are Crossplane's own columns. */
export interface CompositeKind {
  readonly of: 'cluster' | 'profile';
  readonly scope: 'Namespaced' | 'LegacyCluster';
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly claim?: { readonly kind: string; readonly plural: string };
  readonly spec: z.ZodObject;
  readonly status: z.ZodObject;
  readonly columns: readonly PrinterColumn[];
  /** Keys of the connection Secret. */
  readonly connectionKeys: readonly string[];
}

const clusterColumns: readonly PrinterColumn[] = [
  { name: 'PROFILE', jsonPath: '.status.profile', description: 'Profiles of the cluster' },
  { name: 'VERSION', jsonPath: '.status.version', description: 'Versions of the profiles' },
  { name: 'HEALTH', jsonPath: '.status.health', description: 'Health of the cluster' },
];
const profileColumns: readonly PrinterColumn[] = [
  { name: 'PROFILE', jsonPath: '.status.name', description: 'Name of the profile' },
  { name: 'VERSION', jsonPath: '.status.version', description: 'Version of the profile' },
];

const cluster = {
  of: 'cluster',
  status: PaletteClusterStatus,
  columns: clusterColumns,
  connectionKeys: ['kubectlCommand', 'manifestUrl'],
} as const;
const clusterProfile = {
  of: 'profile',
  status: PaletteClusterProfileStatus,
  columns: profileColumns,
  connectionKeys: [],
} as const;

export const compositeKinds = [
  {
    ...cluster,
    scope: 'Namespaced',
    group: FLEET_GROUP,
    kind: 'PaletteCluster',
    plural: 'paletteclusters',
    spec: PaletteClusterSpec,
  },
  {
    ...clusterProfile,
    scope: 'Namespaced',
    group: FLEET_GROUP,
    kind: 'PaletteClusterProfile',
    plural: 'paletteclusterprofiles',
    spec: PaletteClusterProfileSpec,
  },
  {
    ...cluster,
    scope: 'LegacyCluster',
    group: LEGACY_FLEET_GROUP,
    kind: 'XPaletteCluster',
    plural: 'xpaletteclusters',
    claim: { kind: 'PaletteCluster', plural: 'paletteclusters' },
    spec: LegacyPaletteClusterSpec,
  },
  {
    ...clusterProfile,
    scope: 'LegacyCluster',
    group: LEGACY_FLEET_GROUP,
    kind: 'XPaletteClusterProfile',
    plural: 'xpaletteclusterprofiles',
    claim: { kind: 'PaletteClusterProfile', plural: 'paletteclusterprofiles' },
    spec: LegacyPaletteClusterProfileSpec,
  },
] as const satisfies readonly CompositeKind[];
