/** What one kind of action is to the agent: how it is carried out, and what it is given for that. */
import type { Logger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import type { ActionSpec, ActionType } from '#protocol/actions';
import type { DesiredState } from '#protocol/desired-state';
import type { ActionReport } from '#protocol/report';

export interface ActionContext {
  /** Of this run; what the action makes in the cluster is named by it, so that a restart finds it again. */
  readonly runId: string;
  readonly client: KubeClient;
  /** The agent's own namespace. */
  readonly namespace: string;
  /** The document in force. */
  readonly document: () => DesiredState;
  /** Tells how far it is; kept and reported. */
  readonly progress: (step: string, percent?: number) => void;
  /** What the run noted before the agent was restarted; empty at first. */
  readonly notes: Readonly<Record<string, string>>;
  /** Notes something durably before going on. @throws KubeError */
  readonly note: (key: string, value: string) => Promise<void>;
  /** Sends something large to the plane, now or when the plane is back. */
  readonly upload: (artifact: Artifact) => Promise<void>;
  readonly now: () => Date;
  readonly log: Logger;
  /** Aborted when the action is cancelled (with `Cancelled` as the reason) and when the agent stops. */
  readonly signal: AbortSignal;
  /** Aborted only when the agent stops: a cancelled action undoes under this one what cannot stay half done. */
  readonly ending: AbortSignal;
}

export interface Artifact {
  /** Unique within a run, for example `kube-bench.json`. */
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface ActionOutcome {
  readonly message: string;
  readonly result?: ActionReport['result'];
}

/**
 * Carries out one action. After a restart of the agent it is called again for the same run and goes on where it was:
 * everything it does is idempotent by the run's id. On a cancel it undoes what cannot stay half done; the signal may be
 * aborted from the start, where the cancel came between two tries, or the agent was restarted while it undid.
 *
 * @throws ActionFailed with a message for the user; any other error is a fault and is reported as one
 */
export type ActionHandler<T extends ActionType> = (
  spec: ActionSpec<T>,
  context: ActionContext,
) => Promise<ActionOutcome>;

export type ActionHandlers = { readonly [T in ActionType]?: ActionHandler<T> };

/** An action that cannot be carried out; the message is for the user who asked for it. */
export class ActionFailed extends Error {
  override readonly name = 'ActionFailed';
  /** What came of it all the same: a backup that lacks some objects is still one. */
  readonly result: ActionOutcome['result'];
  constructor(
    message: string,
    { result, ...options }: ErrorOptions & { readonly result?: ActionOutcome['result'] } = {},
  ) {
    super(message, options);
    this.result = result;
  }
}

/** The reason of a signal that a cancel aborted; thrown with a message where there is more to say than that. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}
