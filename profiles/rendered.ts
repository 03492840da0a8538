/** What a profile becomes on a cluster, known without one. */
import type { KubernetesObject } from '#packs/index';
import type { DesiredLayer } from '#protocol/desired-state';

export interface RenderedProfileLayer {
  /** As it stands in the desired state, in the order in which an agent applies it. */
  readonly layer: DesiredLayer;
  /** Every object that an agent would apply for the layer, namespaces that it needs first. */
  readonly objects: readonly KubernetesObject[];
}

/** An object that an agent does not take from a layer, since an earlier one brings it. */
export interface RefusedObject {
  readonly layer: string;
  /** The layer that it belongs to. */
  readonly other: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
  };
}

export interface RenderedProfile {
  readonly name: string;
  readonly version: string;
  /** Of `profileDigest`. */
  readonly digest: string;
  readonly layers: readonly RenderedProfileLayer[];
  /** Absent or empty: each object is brought by one layer. */
  readonly refused?: readonly RefusedObject[];
}
