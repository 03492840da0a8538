/** Types of the pack hello-chart 1.0.0, written by `palette pack import`: import it again rather than edit them. */
import { addon, type LayerInput, type PackOptions } from 'palette-iac/profiles';

/** Values of the pack hello-chart 1.0.0. */
export interface HelloChartValues {
  /** How the pack is installed. */
  readonly pack?: {
    /** Namespace of what the pack installs. */
    readonly namespace?: string;
    /** A whole number; lower goes first. */
    readonly 'spectrocloud.com/install-priority'?: string | number;
    /** Names of Helm releases by chart. */
    readonly releaseNameOverride?: {
      readonly hello?: string;
      readonly [key: string]: unknown;
    };
    readonly content?: {
      readonly images?: readonly {
        readonly image?: string;
        readonly [key: string]: unknown;
      }[];
      readonly [key: string]: unknown;
    };
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
    readonly [key: string]: unknown;
  };
  readonly charts?: {
    /** Values of the chart hello 1.0.0. */
    readonly hello?: {
      /**
       * How many copies of the server run
       * Required.
       */
      readonly replicas?: number;
      /**
       * What the server answers
       * Required.
       */
      readonly greeting?: string;
      /** The cluster's name, in capitals, at most 20 characters of it. */
      readonly place?: string;
      readonly image?: {
        readonly repository?: string;
        readonly tag?: string;
        readonly [key: string]: unknown;
      };
      readonly service?: {
        /** Port of the service */
        readonly port?: number;
        readonly type?: string;
        readonly [key: string]: unknown;
      };
      readonly resources?: {
        readonly requests?: {
          readonly cpu?: string;
          readonly memory?: string;
          readonly [key: string]: unknown;
        };
        readonly limits?: {
          readonly cpu?: string;
          readonly memory?: string;
          readonly [key: string]: unknown;
        };
        readonly [key: string]: unknown;
      };
      readonly [key: string]: unknown;
    };
  };
}

/** A layer of the pack hello-chart; without a version it is 1.0.0. */
export function helloChart(
  options: Omit<PackOptions<HelloChartValues>, 'pack'> & { readonly pack?: string } = {},
): LayerInput {
  return addon<HelloChartValues>({ pack: 'hello-chart', version: '1.0.0', ...options });
}
