/** How two profiles, or two states of an object, differ. Sensitive content is masked before it gets here. */

/** A field that differs; a side that has none is absent. Values are JSON. */
export interface FieldChange {
  /** Such as `spec.replicas` or `spec.template.spec.containers[name=web].image`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface ObjectChange {
  readonly kind: 'created' | 'changed' | 'removed';
  readonly layer: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
  };
  /** Empty unless changed. */
  readonly fields: readonly FieldChange[];
  /** The change makes a workload start its pods anew. */
  readonly restarts: boolean;
}
