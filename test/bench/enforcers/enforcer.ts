/** What the benches ask of whoever keeps a cluster at a desired state, so that the same case runs against each of them. */

/** Objects of one unit of delivery: a layer, a Kustomization. */
export interface Unit {
  readonly name: string;
  readonly objects: readonly object[];
}

export interface Enforcer {
  readonly name: string;
  /** Of the process that does the work. */
  readonly pid: number;
  /** Delivers these units and nothing else; returns once they are reported as ready. */
  deliver(units: readonly Unit[]): Promise<void>;
  stop(): Promise<void>;
}
