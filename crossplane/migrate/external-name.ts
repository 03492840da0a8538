/** By what name the object in Palette is taken over, so that it is not made a second time. */
import type { ResourceType } from '#resources/index';
import { assertNever } from '#core/assert-never';

/** Palette's identifiers. */
const UID = /^[0-9a-f]{24}$/i;
const MACROS_ID = /^(?:project|tenant)-macros-/;
const ADDON_ID = /^[0-9a-f]{24}_[0-9a-f]{24}$/i;

export interface Naming {
  /** The annotation `crossplane.io/external-name`. */
  readonly annotation: string | undefined;
  /** `status.atProvider.id`, in manifests that were read from a cluster. */
  readonly observedId: string | undefined;
  /** Of the object in Palette. */
  readonly name: string | undefined;
  readonly context: string | undefined;
  readonly version: string | undefined;
  readonly cloudType: string | undefined;
  /** That of the provider configuration. */
  readonly project: string | undefined;
}

export type ExternalName =
  /** Identifies the object whatever its name is. */
  | { readonly kind: 'identifier'; readonly externalName: string }
  /** Found by name when the controller first sees it. */
  | { readonly kind: 'by-name'; readonly externalName: string }
  | { readonly kind: 'unknown' };

/** The external name that follows from a manifest, the surest one first. */
export function externalNameOf(type: ResourceType, naming: Naming): ExternalName {
  const { annotation, observedId } = naming;
  if (annotation !== undefined && isIdentifier(type, annotation)) return identifier(type, annotation);
  if (observedId !== undefined && isIdentifier(type, observedId)) return identifier(type, observedId);
  // What has a colon is an import id already; other names come from versions before 0.23.8.
  if (annotation?.includes(':') === true) return { kind: 'by-name', externalName: annotation };
  const name = annotation ?? naming.name;
  switch (type) {
    case 'spectrocloud_macros':
      // The tenant is that of the API key, whatever it is called here.
      return naming.context === 'project' ? byName(naming.project, 'project') : byName('tenant', 'tenant');
    case 'spectrocloud_project':
    case 'spectrocloud_registration_token':
    case 'spectrocloud_registry_helm':
    case 'spectrocloud_registry_oci':
      return name === undefined ? { kind: 'unknown' } : { kind: 'by-name', externalName: name };
    case 'spectrocloud_backup_storage_location':
    case 'spectrocloud_cloudaccount_aws':
      return byName(name, naming.context ?? 'project');
    case 'spectrocloud_cluster_profile':
      return byName(name, naming.context ?? 'project', naming.version ?? '1.0.0');
    case 'spectrocloud_cluster_brownfield':
      return byName(name, naming.context ?? 'project', naming.cloudType ?? 'generic');
    case 'spectrocloud_application_profile':
    case 'spectrocloud_cluster_config_policy':
    case 'spectrocloud_cluster_config_template':
      return byName(name, naming.context ?? 'project');
    case 'spectrocloud_cluster_group':
      return byName(name, naming.context ?? 'tenant');
    case 'spectrocloud_addon_deployment':
      // It has no name of its own: cluster and profile are its identifier.
      return { kind: 'unknown' };
    case 'spectrocloud_alert':
      // Which component it is about is no part of what names carry.
      return { kind: 'unknown' };
    case 'spectrocloud_cluster_profile_import':
      // It cannot be imported itself: its profile can, as what it is.
      return { kind: 'unknown' };
    default:
      return assertNever(type);
  }
}

function byName(...parts: readonly (string | undefined)[]): ExternalName {
  const given = parts.filter((part) => part !== undefined && part !== '');
  return given.length < parts.length ? { kind: 'unknown' } : { kind: 'by-name', externalName: given.join(':') };
}

function isIdentifier(type: ResourceType, text: string): boolean {
  const form = type === 'spectrocloud_macros' ? MACROS_ID : type === 'spectrocloud_addon_deployment' ? ADDON_ID : UID;
  return form.test(type === 'spectrocloud_macros' ? text : (text.split(':')[0] ?? ''));
}

/** Terraform's identifiers may carry the context after a colon; the spec says it as well. */
function identifier(type: ResourceType, text: string): ExternalName {
  const externalName = type === 'spectrocloud_macros' ? text : (text.split(':')[0] ?? text);
  return { kind: 'identifier', externalName };
}
