/** How each kind of action is carried out: one file for each. */
import type { AgentConfig } from '../config.ts';
import type { ActionHandlers } from './action.ts';
import { backup } from './backup.ts';
import { collectLogs, type Collect } from './collect-logs.ts';
import type { ActionImages } from './images.ts';
import { createPatchOs } from './patch-os.ts';
import { createRenewCertificates } from './renew-certificates.ts';
import { createScale } from './scale.ts';
import { createScan } from './scan.ts';
import { deleteBackup } from './delete-backup.ts';
import { etcdSnapshot } from './etcd-snapshot.ts';
import { restore } from './restore.ts';
import { upgradeAgent, type UpgradeDependencies } from './upgrade-agent.ts';
import { createUpgradeKubernetes } from './upgrade-kubernetes.ts';

/** What some actions need beside their context. */
export interface HandlerDependencies {
  /** Takes new credentials of the agent's own. */
  readonly renewCredentials: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Of the tools that actions run in the cluster. */
  readonly images: ActionImages;
  readonly upgrade: Omit<UpgradeDependencies, 'renewCredentials'>;
  /** The diagnostics bundle. */
  readonly collect: Collect;
  /** Where etcd is, and where snapshots of it are kept. */
  readonly config: Pick<AgentConfig, 'etcd' | 'stateDir'>;
}

export function createActionHandlers({
  collect,
  upgrade,
  renewCredentials,
  images,
  config,
}: HandlerDependencies): ActionHandlers {
  return {
    scan: createScan({ images }),
    'renew-certificates': createRenewCertificates({ renewCredentials, images }),
    'patch-os': createPatchOs({ images }),
    'upgrade-kubernetes': createUpgradeKubernetes({ images }),
    scale: createScale(),
    backup: backup(),
    restore: restore(),
    'delete-backup': deleteBackup(),
    'etcd-snapshot': etcdSnapshot(config),
    'collect-logs': collectLogs(collect),
    'upgrade-agent': upgradeAgent({ ...upgrade, renewCredentials }),
  };
}
