/** What the handlers of the local API work with. */
import type { Logger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';

import type { LogRing } from '../diagnostics/log-ring.ts';
import type { Attempts } from './attempts.ts';
import type { AuditLog, AuditNews } from './audit.ts';
import type { LocalConfig } from './config.ts';
import type { BundleTrust } from './upload.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';
import type { LocalVariables } from './variables.ts';
import type { AgentView } from './view.ts';

export interface LocalServices {
  readonly config: LocalConfig;
  readonly client: KubeClient;
  /** The agent's own. */
  readonly namespace: string;
  readonly view: AgentView;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly audit: AuditLog;
  readonly variables: LocalVariables;
  /** As the key files are now. @throws Error when one cannot be read */
  readonly bundleTrust: () => Promise<BundleTrust>;
  readonly logs: Pick<LogRing, 'lines'>;
  readonly log: Logger;
  readonly now: () => Date;
  /** Aborted when the agent stops. */
  readonly signal: AbortSignal;
  /** Writes what a user did into the audit log. */
  note(
    actor: string,
    news: Pick<AuditNews, 'action' | 'actionType' | 'resourceKind'> &
      Partial<Pick<AuditNews, 'resourceId' | 'resourceName' | 'contentMsg'>>,
  ): void;
}
