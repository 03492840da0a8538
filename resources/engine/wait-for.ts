/** One look at what is waited for. */
export type Observation<T> = { readonly kind: 'reached'; readonly value: T } | { readonly kind: 'pending'; readonly seen: string };

/** How a wait ended. A timeout is an outcome: many a caller keeps the resource and warns. */
export type WaitOutcome<T> =
  | { readonly kind: 'reached'; readonly value: T }
  | { readonly kind: 'timedOut'; readonly seen: string; readonly waitedMs: number };

export interface WaitRequest<T> {
  /** What is waited for, for logs: `cluster web to be Running and Healthy`. */
  readonly describe: string;
  /** Looks once. A failure that it throws ends the wait. */
  readonly poll: (options: { readonly signal: AbortSignal }) => Promise<Observation<T>>;
  /** Listen to this cluster's events, so that a change is seen at once. Without it, or without an event stream, it polls. */
  readonly events?: { readonly clusterUid: string };
}

/** Waits until `poll` reports `reached`, or until the operation's timeout is nearly over. @throws the signal's reason when interrupted */
export type WaitFor = <T>(request: WaitRequest<T>) => Promise<WaitOutcome<T>>;
