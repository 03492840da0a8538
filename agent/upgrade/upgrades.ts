/** How this agent can be replaced by another version of itself, and who waits to hear that it works. */
import { readFile } from 'node:fs/promises';

import type { Logger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { readPublicKey } from '#packs/signature/index';

import type { AgentConfig } from '../config.ts';
import type { UpgradeHost } from '../day2/upgrade-agent.ts';
import type { EnforcerView } from '../enforce/enforcer.ts';
import { AGENT_VERSION } from '../version.ts';
import { countStart, removeUpgradeRecord } from './deployment.ts';
import type { LauncherLink } from './launcher-link.ts';
import type { Holding } from './messages.ts';

export interface Upgrades {
  readonly host: UpgradeHost;
  /** The operator's own; undefined: those that the plane names. */
  readonly releaseKeys: readonly string[] | undefined;
  /** This version does its work. Told once, however often it is called. */
  readonly onWorking: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Whether this process should run at all: a version that keeps ending is gone back from. @throws KubeError */
  readonly mayStart: (options: { readonly signal: AbortSignal }) => Promise<boolean>;
}

/** Of the import manifest. */
const DEPLOYMENT = 'palette-agent';

/** @throws Error for a key file that cannot be read */
export async function openUpgrades(
  { kubeconfig, namespace, deployment, releaseKeyFile }: AgentConfig,
  {
    client,
    launcher,
    log,
  }: {
    readonly client: KubeClient;
    readonly launcher: { readonly dir: string; readonly link: LauncherLink } | undefined;
    readonly log: Logger;
  },
): Promise<Upgrades> {
  const name = deployment ?? (kubeconfig === undefined ? DEPLOYMENT : undefined);
  const host: UpgradeHost = launcher
    ? { kind: 'process', ...launcher }
    : name === undefined
      ? { kind: 'fixed' }
      : { kind: 'deployment', name };
  const own = host.kind === 'deployment' ? { client, namespace, name: host.name } : undefined;
  let told = false;
  return {
    host,
    releaseKeys: releaseKeyFile === undefined ? undefined : readKeys(await readFile(releaseKeyFile, 'utf8')),
    onWorking: async (how) => {
      if (told) return;
      told = true;
      launcher?.link.tell({ kind: 'healthy', version: AGENT_VERSION });
      if (own === undefined) return;
      await removeUpgradeRecord(own, how).catch((error: unknown) => {
        if (!how.signal.aborted) log.warn({ err: error }, 'the record of the last upgrade cannot be removed');
      });
    },
    mayStart: async (how) => own === undefined || countStart(own, AGENT_VERSION, how),
  };
}

/** Each block of the file. @throws SignatureError for what is no public key */
function readKeys(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN [\s\S]+?-----END [A-Z ]+-----/g) ?? [pem];
  for (const block of blocks) readPublicKey(block);
  return blocks;
}

/** What this agent holds now. */
export function holdingOf({ policy, layers }: Pick<EnforcerView, 'policy' | 'layers'>): Holding {
  return {
    revision: policy?.document.revision ?? 0,
    ...(policy ? { digest: policy.digest } : {}),
    failing: layers.filter(({ condition }) => condition === 'Error').map(({ state }) => state.layer.name),
  };
}
