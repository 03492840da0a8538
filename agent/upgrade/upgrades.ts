/** How this agent can be replaced by another version of itself, and who waits to hear that it works. */
import { readFile } from 'node:fs/promises';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import { readPublicKey } from '#packs/signature/index';
import type { ContentDigest } from '#protocol/identifiers';

import type { AgentConfig } from '../config.ts';
import type { UpgradeHost } from '../day2/upgrade-agent.ts';
import type { EnforcerView } from '../enforce/enforcer.ts';
import { joinSignals } from '../signals.ts';
import { AGENT_VERSION } from '../version.ts';
import { countStart, giveUp, readUpgradeRecord, removeUpgradeRecord, type OwnDeployment } from './deployment.ts';
import type { LauncherLink } from './launcher-link.ts';
import { readLauncherState } from './launcher-state.ts';
import { messageOf } from './message-of.ts';
import type { Holding } from './messages.ts';

interface CallOptions {
  readonly signal: AbortSignal;
}

export interface Upgrades {
  readonly host: UpgradeHost;
  /** The operator's own; undefined: those that the plane names. */
  readonly releaseKeys: readonly string[] | undefined;
  /** The release that was gone back from before this process was started. It is not begun again by itself. */
  readonly goneBackFrom: ContentDigest | undefined;
  /** Whether this process should run at all: a version that keeps ending is gone back from. @throws KubeError */
  readonly mayStart: (options: CallOptions) => Promise<boolean>;
  /**
   * Waits until this version works, and tells so whoever would go back from it; once in a process, however often it is
   * called. In a Pod nobody else would go back: a version that an upgrade brought asks for the one before it itself, when
   * it does not come to work in time.
   *
   * @throws the signal's reason
   */
  readonly confirm: (works: (options: CallOptions) => Promise<void>, options: CallOptions) => Promise<void>;
  /** Resolves when this version has shown that it works. @throws the signal's reason */
  readonly confirmed: (options: CallOptions) => Promise<void>;
  /** How upgrades stand, for people. */
  readonly outline: (options: CallOptions) => Promise<object>;
}

/** Of the import manifest. */
const DEPLOYMENT = 'palette-agent';
/** What a launcher gives a new version as well. */
const PROBATION_MS = 300_000;
const AWAY = { baseMs: 1_000, maxMs: 60_000 };

/** @throws Error for a key file that cannot be read */
export async function openUpgrades(
  {
    kubeconfig,
    namespace,
    deployment,
    releaseKeyFile,
  }: Pick<AgentConfig, 'kubeconfig' | 'namespace' | 'deployment' | 'releaseKeyFile'>,
  {
    client,
    launcher,
    log,
    version = AGENT_VERSION,
    probationMs = PROBATION_MS,
  }: {
    readonly client: KubeClient;
    readonly launcher: { readonly dir: string; readonly link: LauncherLink } | undefined;
    readonly log: Logger;
    /** Of this process. */
    readonly version?: string;
    readonly probationMs?: number;
  },
): Promise<Upgrades> {
  const name = deployment ?? (kubeconfig === undefined ? DEPLOYMENT : undefined);
  const host: UpgradeHost = launcher
    ? { kind: 'process', ...launcher }
    : name === undefined
      ? { kind: 'fixed' }
      : { kind: 'deployment', name };
  const own = host.kind === 'deployment' ? { client, namespace, name: host.name } : undefined;
  const done = new AbortController();

  /** What decides over versions must be known some time: an API server that is away is waited for. */
  const persistently = async <T>(work: () => Promise<T>, { signal }: CallOptions): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error, attempt }, 'how the last upgrade of the agent went cannot be noted now');
        await delay(backoffDelay(attempt, AWAY), { signal });
      }
    }
  };
  const inTime = async (works: (how: CallOptions) => Promise<void>, { signal }: CallOptions): Promise<boolean> => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error('late')), probationMs);
    try {
      await works({ signal: joinSignals(signal, late.signal) });
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (late.signal.aborted) return false;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  const onProbation = async (
    deployed: OwnDeployment,
    works: (how: CallOptions) => Promise<void>,
    how: CallOptions,
  ): Promise<'works' | 'gone back'> => {
    while (!(await inTime(works, how))) {
      const reason = `it did not come to work within ${Math.round(probationMs / 1000)} s`;
      try {
        if ((await giveUp(deployed, version, reason, how)) === 'nothing to go back to') {
          await works(how);
          return 'works';
        }
        log.error({ version, reason }, 'the version before this one was asked for again');
        return 'gone back';
      } catch (error) {
        how.signal.throwIfAborted();
        // Without the API server no version works: this one has its time once more.
        log.warn({ err: error, version, reason }, 'the version before this one cannot be asked for now');
      }
    }
    return 'works';
  };

  return {
    host,
    releaseKeys: releaseKeyFile === undefined ? undefined : await readKeys(releaseKeyFile),
    goneBackFrom: launcher && (await readLauncherState(launcher.dir))?.failure?.version.content,
    mayStart: async (how) => own === undefined || countStart(own, version, how),
    confirm: async (works, how) => {
      if (done.signal.aborted) return;
      if (own === undefined) await works(how);
      else if ((await onProbation(own, works, how)) === 'gone back') return;
      launcher?.link.tell({ kind: 'healthy', version });
      if (own !== undefined) await persistently(async () => removeUpgradeRecord(own, version, how), how);
      done.abort();
    },
    confirmed: async ({ signal }) => {
      if (done.signal.aborted) return;
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => reject(signal.reason);
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop, { once: true, signal: done.signal });
        done.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    outline: async (how) => ({
      host: host.kind,
      version,
      ...(launcher ? { launcher: (await readLauncherState(launcher.dir)) ?? null } : {}),
      ...(own ? { record: (await readUpgradeRecord(own, how)) ?? null } : {}),
    }),
  };
}

/** Each block of the file. @throws Error for a file that cannot be read or has something else than public keys */
async function readKeys(file: string): Promise<readonly string[]> {
  try {
    const pem = await readFile(file, 'utf8');
    const blocks = pem.match(/-----BEGIN [\s\S]+?-----END [A-Z ]+-----/g) ?? [pem];
    for (const block of blocks) readPublicKey(block);
    return blocks;
  } catch (error) {
    throw new Error(
      `${file}: expected public keys in PEM, as \`palette key generate\` writes them: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** What this agent holds now. */
export function holdingOf({ policy, layers }: Pick<EnforcerView, 'policy' | 'layers'>): Holding {
  return {
    revision: policy?.document.revision ?? 0,
    ...(policy ? { digest: policy.digest } : {}),
    failing: layers.filter(({ condition }) => condition === 'Error').map(({ state }) => state.layer.name),
  };
}
