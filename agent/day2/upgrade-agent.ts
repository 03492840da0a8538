/** `upgrade-agent`: another version of the agent in this one's place, or this one again when that cannot do the work. */
import { delay, backoffDelay } from '#core/retry';
import { ReleaseError, type ReleaseArchive } from '#packs/agent-release/archive';
import type { AgentRelease } from '#protocol/actions';
import type { ContentDigest } from '#protocol/identifiers';

import { isPlaneAway } from '../channel/rest.ts';
import { deployedImage, rollOut, type OwnDeployment } from '../upgrade/deployment.ts';
import { installRelease } from '../upgrade/install.ts';
import type { LauncherLink } from '../upgrade/launcher-link.ts';
import { readLauncherState } from '../upgrade/launcher-state.ts';
import { messageOf } from '../upgrade/message-of.ts';
import type { Holding } from '../upgrade/messages.ts';
import { verifyRelease } from '../upgrade/verify.ts';
import { ActionFailed, Cancelled, type ActionContext, type ActionHandler, type ActionOutcome } from './action.ts';

/** How this agent can be replaced. */
export type UpgradeHost =
  | { readonly kind: 'process'; readonly dir: string; readonly link: LauncherLink }
  | { readonly kind: 'deployment'; readonly name: string }
  /** Somebody else decides which version runs. */
  | { readonly kind: 'fixed' };

export interface UpgradeDependencies {
  readonly host: UpgradeHost;
  /** Of this process. */
  readonly version: string;
  /** From the pack channel. */
  readonly fetch: (digest: ContentDigest, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;
  /** PEM of keys that sign releases. */
  readonly releaseKeys: () => readonly string[];
  /** The plane may have named a new key since they were asked for last. */
  readonly renewCredentials: (options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly holding: () => Holding;
  /** Resolves when this version has shown that it works. @throws the signal's reason */
  readonly confirmed: (options: { readonly signal: AbortSignal }) => Promise<void>;
}

const AWAY = { baseMs: 1_000, maxMs: 60_000 };
/** While the plane is away a download is tried again for about so many minutes. */
const ATTEMPTS = 60;
/** A Pod whose successor is available is ended within its grace period. */
const REPLACED_MS = 300_000;

export function upgradeAgent(dependencies: UpgradeDependencies): ActionHandler<'upgrade-agent'> {
  return async ({ release }, context) => {
    const { host, version } = dependencies;
    // The new version goes on with the run of the old one.
    if (version === release.version) return arrived(release, dependencies, context);
    refusePaused(context);
    if (host.kind === 'fixed')
      throw new ActionFailed(
        'this agent cannot replace itself: start it with --upgrades-dir, or replace it where it was installed',
      );
    try {
      const archive = await download(release, dependencies, context);
      return host.kind === 'process'
        ? await byLauncher(host, release, archive, dependencies, context)
        : await byDeployment({ ...host, ...context }, release, archive, dependencies, context);
    } catch (error) {
      if (error instanceof ReleaseError) throw new ActionFailed(error.message, { cause: error });
      throw error;
    }
  };
}

function refusePaused({ document }: ActionContext): void {
  if (document().dayTwo?.agentUpgrades === 'paused')
    throw new ActionFailed('upgrades of the agent are paused for this cluster');
}

/** In the new version: done is what works. One that does not come to that is gone back from, and the run goes on there. */
async function arrived(
  { version, content }: AgentRelease,
  { confirmed }: UpgradeDependencies,
  { notes, progress, signal }: ActionContext,
): Promise<ActionOutcome> {
  const from = notes['from version'];
  if (from === undefined) return { message: `version ${version} runs already`, result: { version, content } };
  progress(`version ${version} runs and is on probation`, 90);
  await confirmed({ signal }).catch((error: unknown) => {
    if (!(error instanceof Cancelled)) throw error;
    throw new ActionFailed(`version ${version} had taken over from ${from} already`);
  });
  return { message: `version ${version} took over from ${from}`, result: { version, content, from } };
}

async function download(
  release: AgentRelease,
  { fetch, releaseKeys, renewCredentials }: UpgradeDependencies,
  { progress, log, signal }: ActionContext,
): Promise<ReleaseArchive> {
  progress(`downloading version ${release.version}`, 5);
  let bytes: Uint8Array | undefined;
  for (let attempt = 0; bytes === undefined; attempt++) {
    bytes = await fetch(release.content, { signal }).catch(async (error: unknown) => {
      signal.throwIfAborted();
      if (!isPlaneAway(error) || attempt + 1 >= ATTEMPTS)
        throw new ActionFailed(`version ${release.version} cannot be downloaded: ${messageOf(error)}`, {
          cause: error,
        });
      log.debug({ err: error, attempt }, 'a release cannot be downloaded now');
      await delay(backoffDelay(attempt, AWAY), { signal });
      return undefined;
    });
  }
  progress('verifying it', 30);
  try {
    return await verifyRelease(bytes, release, releaseKeys());
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    // It may be signed by a key that was added of late.
    await renewCredentials({ signal }).catch(() => undefined);
    signal.throwIfAborted();
    return verifyRelease(bytes, release, releaseKeys());
  }
}

async function byLauncher(
  { dir, link }: Extract<UpgradeHost, { readonly kind: 'process' }>,
  release: AgentRelease,
  archive: ReleaseArchive,
  { version, holding }: UpgradeDependencies,
  context: ActionContext,
): Promise<ActionOutcome> {
  const { runId, note, progress, signal } = context;
  const failure = (await readLauncherState(dir))?.failure;
  if (failure?.attempt === runId)
    throw new ActionFailed(`version ${release.version} was gone back from: ${failure.reason}`);
  const to = await installRelease(dir, release.content, archive).catch((error: unknown) => {
    throw new ActionFailed(`version ${release.version} cannot be kept in ${dir}: ${messageOf(error)}`, {
      cause: error,
    });
  });
  await note('from version', version);
  progress(`trying version ${release.version} beside this one`, 60);
  refusePaused(context);
  const reason = await link.switchTo(to, { holding: holding(), attempt: runId, signal });
  throw new ActionFailed(`version ${release.version} did not take over, and ${version} goes on: ${reason}`);
}

async function byDeployment(
  own: OwnDeployment,
  release: AgentRelease,
  { manifest }: ReleaseArchive,
  { version }: UpgradeDependencies,
  context: ActionContext,
): Promise<ActionOutcome> {
  const { runId, notes, note, progress, signal } = context;
  const { image } = manifest;
  if (image === undefined || release.image === undefined)
    throw new ActionFailed(
      `release ${release.version} has no image, and this agent runs in a Pod: pack it with --image, under another version`,
    );
  let from = notes['from image'];
  if (from === undefined) {
    from = await deployedImage(own, { signal });
    if (from === image)
      throw new ActionFailed(`Deployment ${own.name} has image ${image} already, and runs ${version}`);
    refusePaused(context);
    await note('from version', version);
    await note('from image', from);
  }
  const end = await rollOut(
    own,
    { attempt: runId, from: { image: from, version }, to: { image, version: release.version } },
    { signal, now: () => performance.now(), progress: (step) => progress(step, 70) },
  );
  if (end.kind === 'rolled back')
    throw new ActionFailed(`version ${release.version} was gone back from, and ${version} goes on: ${end.reason}`);
  // The new version goes on with the run, and ends it when it works.
  progress(`version ${release.version} is available and takes over`, 80);
  await delay(REPLACED_MS, { signal });
  throw new ActionFailed(`version ${release.version} is available, but ${version} was not ended`);
}
