/** Types of the pack guardrails 1.0.0, written by `palette pack import`: import it again rather than edit them. */
import { addon, type LayerInput, type PackOptions } from 'palette-iac/profiles';

/** Values of the pack guardrails 1.0.0. */
export interface GuardrailsValues {
  /** How the pack is installed. */
  readonly pack?: {
    /** Namespace of what the pack installs. */
    readonly namespace?: string;
    /** A whole number; lower goes first. */
    readonly 'spectrocloud.com/install-priority'?: string | number;
    /** Namespaces to create beside it. */
    readonly additionalNamespaces?: readonly string[];
    /** Labels by namespace, as `key=value,key=value`. */
    readonly namespaceLabels?: {
      readonly [key: string]: string;
    };
    /** Annotations by namespace, as `key=value,key=value`. */
    readonly namespaceAnnotations?: {
      readonly [key: string]: string;
    };
    /** Names of Helm releases by chart. */
    readonly releaseNameOverride?: {
      readonly [key: string]: string;
    };
    readonly [key: string]: unknown;
  };
  readonly manifests?: {
    readonly namespaces?: {
      /**
       * Who owns the namespaces
       * Required.
       */
      readonly team?: string;
      readonly names?: readonly string[];
      readonly quota?: {
        /** Most pods in each namespace */
        readonly pods?: number;
        readonly cpu?: string;
        readonly memory?: string;
        readonly [key: string]: unknown;
      };
      readonly defaults?: {
        readonly cpu?: string;
        readonly memory?: string;
        readonly [key: string]: unknown;
      };
      readonly isolation?: {
        /** Who may talk to the pods of a namespace */
        readonly allow?: 'none' | 'same-namespace' | 'all';
        readonly [key: string]: unknown;
      };
      readonly [key: string]: unknown;
    };
    readonly [key: string]: unknown;
  };
}

/** Presets of the pack guardrails: of each group one may be chosen. */
export interface GuardrailsPresets {
  readonly Isolation?: 'same-namespace' | 'closed' | 'open';
}

/** A layer of the pack guardrails; without a version it is 1.0.0. */
export function guardrails(
  options: Omit<PackOptions<GuardrailsValues, GuardrailsPresets>, 'pack'> & { readonly pack?: string } = {},
): LayerInput {
  return addon<GuardrailsValues, GuardrailsPresets>({ pack: 'guardrails', version: '1.0.0', ...options });
}
