import type { Logger } from '#core/log';
import type { PaletteClient, Scope } from '#openapi/client/index';

import type { AttributePath } from './attribute-error.ts';
import type { WaitFor } from './wait-for.ts';

/** What an operation of a definition works with. One is made for each call. */
export interface OperationContext {
  readonly client: PaletteClient;
  /** The project that the provider is configured for. */
  readonly projectUid: string;
  readonly projectName: string;
  /** The scope of a resource's `context` attribute: the provider's project, or the tenant. */
  readonly scopeOf: (context: 'project' | 'tenant') => Scope;
  readonly log: Logger;
  /** Aborted when Terraform is interrupted, or when the operation's timeout (`timeouts` block) is over. */
  readonly signal: AbortSignal;
  /** When the operation's timeout is over, in milliseconds since the epoch. */
  readonly deadline: number;
  /**
   * When what is done here was first asked for, in milliseconds since the epoch, where an operation is only one of several
   * looks at it. Absent: now.
   */
  readonly since?: number;
  /** Somebody reads what a plan says before it is carried out, so that a look ahead is worth its time. */
  readonly planIsShown?: boolean;
  /** Whether the practitioner switched a flag on in the provider block (`feature_flag`, `feature_preview`). */
  readonly feature: (kind: 'flag' | 'preview', name: string) => boolean;
  /** Tells the practitioner about something that does not fail the operation. */
  readonly warn: (summary: string, detail: string, path?: AttributePath) => void;
  /**
   * Reads a file of the practitioner's. Absent where whoever writes the configuration has none here: the files of a
   * controller are not theirs to read.
   */
  readonly readFile?: (path: string) => Promise<Uint8Array>;
  /** Waits until the management plane has reached a state; listens to its events and polls where there are none. */
  readonly waitFor: WaitFor;
}
