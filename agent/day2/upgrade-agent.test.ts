/** What an upgrade of the agent says and does by itself; real agents that replace themselves are in test/agent. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { sha256 } from '#core/digest';
import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { writeRelease } from '#packs/agent-release/archive';
import { generateKeyPair, readPrivateKey, signBlob } from '#packs/signature/index';
import type { AgentRelease, DayTwo } from '#protocol/actions';
import type { DesiredState } from '#protocol/desired-state';

import { writeLauncherState } from '../upgrade/launcher-state.ts';
import type { LauncherLink } from '../upgrade/launcher-link.ts';
import { Cancelled, type ActionContext } from './action.ts';
import { upgradeAgent, type UpgradeDependencies } from './upgrade-agent.ts';

const RUN = '00000000-0000-4000-8000-000000000001';
const ENTRY = 'agent.mjs';

let dir: string;
let bytes: Buffer;
let release: AgentRelease;
let publicKey: string;
let asked: Parameters<LauncherLink['switchTo']>[];

beforeAll(async () => {
  const pair = await generateKeyPair('');
  publicKey = pair.publicKey;
  const files = new Map([[ENTRY, Buffer.from('1')]]);
  bytes = writeRelease({ version: '0.2.0', entry: ENTRY, node: '>=20' }, files);
  const signature = signBlob(bytes, await readPrivateKey(pair.privateKey, ''));
  release = { version: '0.2.0', content: sha256(bytes), signature };
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'upgrade-'));
  asked = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function dependencies(given: Partial<UpgradeDependencies> = {}): UpgradeDependencies {
  const link: LauncherLink = {
    as: 'active',
    tell: () => undefined,
    switchTo: async (...args) => {
      asked.push(args);
      return 'its trial failed';
    },
    go: async () => undefined,
    close: () => undefined,
  };
  return {
    host: { kind: 'process', dir, link },
    version: '0.1.0',
    fetch: async () => bytes,
    releaseKeys: () => [publicKey],
    renewCredentials: async () => undefined,
    holding: () => ({ revision: 1, failing: [] }),
    confirmed: async () => undefined,
    ...given,
  };
}

interface Given {
  readonly notes?: Readonly<Record<string, string>>;
  readonly agentUpgrades?: DayTwo['agentUpgrades'];
  readonly signal?: AbortSignal;
}

async function run(deps: UpgradeDependencies, given: Given = {}): Promise<string> {
  const { notes = {}, agentUpgrades = 'automatic', signal = new AbortController().signal } = given;
  const context: ActionContext = {
    runId: RUN,
    // Nothing is asked of a cluster here, and of the document one setting.
    client: {} as KubeClient,
    document: () => ({ dayTwo: { agentUpgrades } }) as DesiredState,
    namespace: 'palette-system',
    progress: () => undefined,
    notes,
    note: async () => undefined,
    upload: async () => undefined,
    now: () => new Date(),
    log: silentLogger,
    signal,
    ending: new AbortController().signal,
  };
  return upgradeAgent(deps)({ release }, context).then(
    ({ message }) => message,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe('an upgrade of the agent', () => {
  it('asks the launcher for the version, under the name of the run', async () => {
    expect(await run(dependencies())).toBe('version 0.2.0 did not take over, and 0.1.0 goes on: its trial failed');
    expect(asked).toMatchObject([[{ version: '0.2.0', content: release.content }, { attempt: RUN }]]);
  });

  it('is done in the new version when that works, and not before', async () => {
    const order: string[] = [];
    const confirmed = async (): Promise<void> => void order.push('it works');
    const message = await run(dependencies({ version: '0.2.0', confirmed }), { notes: { 'from version': '0.1.0' } });
    expect([...order, message]).toEqual(['it works', 'version 0.2.0 took over from 0.1.0']);
  });

  it('says that a cancel came too late where the new version runs already', async () => {
    const signal = AbortSignal.abort(new Cancelled('it was cancelled'));
    const confirmed = async (how: { readonly signal: AbortSignal }): Promise<void> => how.signal.throwIfAborted();
    const notes = { 'from version': '0.1.0' };
    expect(await run(dependencies({ version: '0.2.0', confirmed }), { notes, signal })).toBe(
      'version 0.2.0 had taken over from 0.1.0 already',
    );
  });

  it.each([
    { attempt: RUN, asks: 0, message: /gone back from: it ended 3 times/ },
    // Another run of the same version is another try, whatever the clocks of both say.
    { attempt: 'another', asks: 1, message: /did not take over/ },
  ])('that was gone back from in run $attempt is asked for $asks times', async ({ attempt, asks, message }) => {
    const version = { version: '0.2.0', content: release.content, entry: '/nowhere' };
    const failure = { version, attempt, reason: 'it ended 3 times', at: '2060-01-01T00:00:00.000Z' };
    await writeLauncherState(dir, { current: { version: '0.1.0', entry: '/built-in' }, failure });
    expect(await run(dependencies())).toMatch(message);
    expect(asked).toHaveLength(asks);
  });

  it('says where a release cannot be kept', async () => {
    writeFileSync(join(dir, 'versions'), 'in the way');
    expect(await run(dependencies())).toMatch(/^version 0\.2\.0 cannot be kept in .*upgrade-\w+: /);
    expect(asked).toEqual([]);
  });

  it('removes versions that nobody will start again, and keeps those that the launcher may', async () => {
    const kept = join(dir, 'versions', 'kept', ENTRY);
    for (const name of ['old-1', 'old-2', 'kept']) mkdirSync(join(dir, 'versions', name), { recursive: true });
    await writeLauncherState(dir, { current: { version: '0.1.0', entry: kept, content: sha256('x') } });
    await run(dependencies());
    const left = readdirSync(join(dir, 'versions'));
    expect(left).toContain('kept');
    expect(left.filter((name) => name.startsWith('old-'))).toHaveLength(1);
  });

  it.each([
    { name: 'paused', given: { agentUpgrades: 'paused' as const }, deps: {}, message: /are paused for this cluster/ },
    { name: 'fixed', given: {}, deps: { host: { kind: 'fixed' as const } }, message: /start it with --upgrades-dir/ },
    { name: 'unsigned', given: {}, deps: { releaseKeys: () => [] }, message: /knows no key that signs releases/ },
    {
      name: 'without image in a Pod',
      given: {},
      deps: { host: { kind: 'deployment' as const, name: 'x' } },
      message: /pack it with --image/,
    },
  ])('is refused where it is $name', async ({ given, deps, message }) => {
    expect(await run(dependencies(deps), given)).toMatch(message);
    expect(asked).toEqual([]);
  });
});
