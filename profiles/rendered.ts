/** What a profile becomes on a cluster, known without one. */
import type { KubernetesObject } from '#packs/index';
import type { DesiredLayer } from '#protocol/desired-state';

export interface RenderedProfileLayer {
  /** As it stands in the desired state, in the order in which an agent applies it. */
  readonly layer: DesiredLayer;
  /** Every object that an agent would apply for the layer, namespaces that it needs first. */
  readonly objects: readonly KubernetesObject[];
}

export interface RenderedProfile {
  readonly name: string;
  readonly version: string;
  /** Of `profileDigest`. */
  readonly digest: string;
  readonly layers: readonly RenderedProfileLayer[];
}
