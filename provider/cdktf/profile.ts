/** A profile that is written as a program, as a construct. */
import { readFileSync } from 'node:fs';

import type { ProfileDocument, ProfileLayer, Variable } from '#profiles/document';
import { applyLock, parseLock } from '#profiles/lock/lock-file';
import { ProfileError, titleOf } from '#profiles/problem';
import { isPlainVersion } from '#profiles/version';
import type { clusterProfile } from '#resources/definitions/cluster-profile';
import type { ConfigOf } from '#resources/engine/index';

import type { Construct, TerraformMetaArguments } from './cdktf.ts';
import { escapeTemplate } from './escape-template.ts';
import { ClusterProfile } from './resources.ts';

export interface ProfileConfig extends TerraformMetaArguments {
  /** Where it lives. Default: `project`. */
  readonly context?: 'project' | 'tenant';
  /** A destroy leaves the profile where it is. Default: false. */
  readonly skipDestroy?: boolean;
  /** Path of the lock file that pins the packs, `palette.lock.json`. Without it versions go as they are written. */
  readonly lockFile?: string;
}

/**
 * The cluster profile of a document: `spectrocloud_cluster_profile`. Attributes of other constructs may stand in the
 * document's values; what Terraform would take for expressions of its own is kept as text.
 *
 * @throws ProfileError for a range such as `^1.2.0` that no lock file pins: Terraform has to be told a version.
 * @example
 * new Profile(this, 'edge', edge, { lockFile: join(import.meta.dirname, 'palette.lock.json') });
 */
export class Profile extends ClusterProfile {
  /** As it was given, pinned. */
  readonly document: ProfileDocument;

  constructor(scope: Construct, id: string, document: ProfileDocument, config: ProfileConfig = {}) {
    const { lockFile, ...rest } = config;
    const pinned =
      lockFile === undefined ? document : applyLock(document, parseLock(lockFile, readFileSync(lockFile, 'utf8')));
    super(scope, id, {
      ...rest,
      name: escapeTemplate(pinned.name),
      version: pinned.version,
      type: pinned.type,
      cloud: pinned.cloud,
      ...(pinned.description === '' ? {} : { description: escapeTemplate(pinned.description) }),
      ...(pinned.tags.length === 0 ? {} : { tags: pinned.tags.map(escapeTemplate) }),
      pack: pinned.layers.map((layer) => packOf(pinned, layer)),
      ...(pinned.variables.length === 0 ? {} : { profileVariables: [{ variable: pinned.variables.map(variableOf) }] }),
    });
    this.document = pinned;
  }
}

type Blocks = ConfigOf<typeof clusterProfile>;
type PackBlock = NonNullable<Blocks['pack']>[number];
type VariableBlock = NonNullable<Blocks['profileVariables']>[number]['variable'][number];

function packOf(
  document: ProfileDocument,
  { name, type, registry, version, resolved, values, manifests }: ProfileLayer,
): PackBlock {
  return {
    name,
    type,
    ...(type === 'manifest' ? {} : { tag: resolved?.version ?? tagOf(document, name, version) }),
    ...(registry === undefined ? {} : { registryName: registry }),
    ...(values.trim() === '' ? {} : { values: escapeTemplate(values) }),
    ...(manifests.length === 0
      ? {}
      : { manifest: manifests.map((manifest) => ({ ...manifest, content: escapeTemplate(manifest.content) })) }),
  };
}

/** Versions and series (`1.2.x`) are what registries know; ranges are not. */
function tagOf(document: ProfileDocument, layer: string, version: string): string {
  if (isPlainVersion(version) || /^\d+(\.\d+)*\.x$/.test(version)) return version;
  throw ProfileError.of({
    profile: titleOf(document),
    layer,
    rule: 'not-locked',
    message: `Terraform cannot resolve ${JSON.stringify(version)}; pin it with \`palette profile lock\` and give the construct lockFile`,
  });
}

function variableOf({ options, displayName, ...variable }: Variable): VariableBlock {
  return {
    ...texts(variable),
    name: variable.name,
    displayName: escapeTemplate(displayName ?? variable.name),
    ...(options === undefined
      ? {}
      : {
          options: options.map(({ value, label, description }) => ({
            value: escapeTemplate(value),
            label: escapeTemplate(label ?? value),
            ...(description === undefined ? {} : { description: escapeTemplate(description) }),
          })),
        }),
  };
}

function texts<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? escapeTemplate(value) : value,
    ]),
  ) as T; // as: texts stay texts, the rest is untouched
}
