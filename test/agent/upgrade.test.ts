/** A real agent in a real launcher replaces itself, and goes back from what does not work. */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { runLauncher } from '#agent/upgrade/launcher';
import { readLauncherState } from '#agent/upgrade/launcher-state';
import { silentLogger } from '#core/log';
import type { Action, AgentRelease, DayTwo } from '#protocol/actions';
import type { ActionReport } from '#protocol/report';

import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  refTo,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';
import {
  agentProgram,
  installBuiltIn,
  makeRelease,
  releaseKey,
  type ReleaseKey,
  type TestRelease,
} from './support/releases.ts';

let cluster: TestCluster;
let site: TestSite;
let program: Buffer;
let key: ReleaseKey;
let launcher: { readonly dir: string; stop(): Promise<void>; start(): void };

const PATIENCE = { trialMs: 60_000, probationMs: 60_000 };

beforeAll(async () => {
  cluster = await openCluster();
  program = await agentProgram(cluster.dir);
  key = await releaseKey();
}, 20 * 60_000);
afterAll(async () => cluster.close());

beforeEach(async () => {
  site = await createSite(cluster);
  const dir = path.join(cluster.dir, `${site.namespace}-upgrades`);
  const entry = await installBuiltIn(path.join(dir, 'built-in'), program, '0.1.0');
  const keyFile = path.join(dir, 'release.pub');
  await writeFile(keyFile, key.publicKey);
  let end = new AbortController();
  let running: Promise<void> = Promise.resolve();
  launcher = {
    dir,
    start: () => {
      end = new AbortController();
      const args = ['agent', 'run', '--kubeconfig', cluster.kubeconfig, '--namespace', site.namespace];
      args.push('--helm', cluster.helm, '--state-dir', path.join(dir, 'state'), '--log-level', 'error');
      args.push('--upgrades-dir', dir, '--release-key-file', keyFile);
      running = runLauncher({
        dir,
        builtIn: { version: '0.1.0', entry },
        nodeArgs: [],
        args,
        output: 'ignore',
        log: silentLogger,
        signal: end.signal,
        ...PATIENCE,
        graceMs: 10_000,
        restart: { baseMs: 50, maxMs: 200 },
      });
    },
    stop: async () => {
      end.abort();
      await running;
    },
  };
  await site.invite();
  await site.plane.offer({ layers: [layer('app', 0, configMap('default', site.namespace, { text: 'kept' }))] });
  launcher.start();
  await site.applied(1);
});
afterEach(async () => {
  await launcher.stop();
  await site.stop();
});

function command(release: AgentRelease): string {
  const id = randomUUID();
  const now = Date.now();
  const action: Action = { type: 'upgrade-agent', spec: { release } };
  site.plane.commands.push({
    id,
    cursor: (site.plane.commands.at(-1)?.cursor ?? 0) + 1,
    type: 'action',
    action,
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 600_000).toISOString(),
  });
  return id;
}

async function ended(runId?: string): Promise<ActionReport> {
  return eventually(
    'the upgrade has ended',
    () =>
      site
        .reports('action')
        .find((report) => (runId === undefined || report.runId === runId) && report.endedAt !== undefined),
    () => JSON.stringify(site.reports('action').at(-1)),
  );
}

function offered(made: TestRelease): AgentRelease {
  site.plane.addPack(made.archive);
  return made.release;
}

const runningVersion = async (): Promise<string | undefined> =>
  (await readLauncherState(launcher.dir))?.current.version;

async function stillEnforces(version: string): Promise<void> {
  const ref = refTo(configMap('default', site.namespace, {}));
  await site.edit(ref, { data: { text: 'changed' } });
  await eventually('the edit is healed', async () => {
    const found = await site.object(ref);
    return JSON.stringify(found?.['data']) === '{"text":"kept"}' || undefined;
  });
  await eventually(
    `version ${version} tells of itself`,
    () => site.plane.heartbeats.at(-1)?.agentVersion === version || undefined,
  );
}

const DAY_TWO: DayTwo = {
  timezone: 'UTC',
  windows: [],
  schedules: [],
  backupLocations: [],
  agentUpgrades: 'automatic',
};

describe('an upgrade of the agent', () => {
  it('puts the new version in the place of the old one, which goes on with its run and its cluster', async () => {
    const release = offered(makeRelease(program, key, { version: '0.2.0' }));
    const run = command(release);
    await expect(ended(run)).resolves.toMatchObject({ phase: 'done', message: 'version 0.2.0 took over from 0.1.0' });
    await stillEnforces('0.2.0');
    await eventually('the new version is confirmed', async () => {
      const state = await readLauncherState(launcher.dir);
      return (state?.current.version === '0.2.0' && state.probation === undefined) || undefined;
    });

    // The launcher itself is started anew: the version stays.
    await launcher.stop();
    launcher.start();
    await stillEnforces('0.2.0');
  });

  it.each([
    { fault: 'cannot start', reason: /in its trial it ended with code 1/ },
    { fault: 'ends at work', reason: /gone back from: it ended 3 times before it worked/ },
  ] as const)('goes back from a release that $fault', async ({ fault, reason }) => {
    const run = command(offered(makeRelease(program, key, { version: '0.3.0', fault })));
    const report = await ended(run);
    expect(report).toMatchObject({ phase: 'failed' });
    expect(report.message).toMatch(reason);
    await stillEnforces('0.1.0');
    expect((await runningVersion()) ?? '0.1.0').toBe('0.1.0');
  });

  it('uses nothing of a release that does not hold what it says', async () => {
    const stranger = await releaseKey();
    const good = makeRelease(program, key, { version: '0.4.0' });
    const foreign = makeRelease(program, stranger, { version: '0.4.0' });
    const image = makeRelease(program, key, { version: '0.4.0', image: `example.test/agent@sha256:${'a'.repeat(64)}` });
    for (const made of [good, foreign, image]) offered(made);
    const changed = Buffer.concat([good.archive, Buffer.from('x')]);
    const cases: readonly { readonly release: AgentRelease; readonly reason: RegExp }[] = [
      { release: foreign.release, reason: /signature of release 0\.4\.0 was not made over these bytes/ },
      { release: { ...good.release, signature: foreign.release.signature }, reason: /signature/ },
      { release: { ...good.release, version: '0.5.0' }, reason: /holds version 0\.4\.0/ },
      {
        release: { ...image.release, image: `example.test/agent@sha256:${'b'.repeat(64)}` },
        reason: /was signed with image/,
      },
      {
        release: { ...good.release, content: site.plane.addPack(Buffer.from('no archive')) },
        reason: /signature/,
      },
    ];
    for (const { release, reason } of cases) {
      const report = await ended(command(release));
      expect(report.phase).toBe('failed');
      expect(report.message).toMatch(reason);
    }
    site.plane.replacePack(good.release.content, changed);
    expect((await ended(command(good.release))).message).toMatch(/changed on its way/);
    await expect(readFile(path.join(launcher.dir, 'launcher.json'))).rejects.toThrow('ENOENT');
    await stillEnforces('0.1.0');
  });

  it('comes by itself with the desired state, unless upgrades are paused, and a failed release is not tried again', async () => {
    const bad = offered(makeRelease(program, key, { version: '0.3.0', fault: 'cannot start' }));
    const good = offered(makeRelease(program, key, { version: '0.2.0' }));
    const layers = [layer('app', 0, configMap('default', site.namespace, { text: 'kept' }))];
    await site.applied(
      await site.plane.offer({ layers, dayTwo: { ...DAY_TWO, agentRelease: bad, agentUpgrades: 'paused' } }),
    );
    const refused = await ended(command(bad));
    expect(refused.message).toMatch(/paused/);
    expect(site.reports('action').filter(({ origin }) => origin === 'schedule')).toEqual([]);

    await site.applied(await site.plane.offer({ layers, dayTwo: { ...DAY_TWO, agentRelease: bad } }));
    const failed = await eventually('the bad release has failed', () =>
      site.reports('action').find(({ origin, phase }) => origin === 'schedule' && phase === 'failed'),
    );
    await site.applied(
      await site.plane.offer({ layers, dayTwo: { ...DAY_TWO, agentRelease: bad, timezone: 'Europe/Berlin' } }),
    );

    await site.plane.offer({ layers, dayTwo: { ...DAY_TWO, agentRelease: good } });
    await stillEnforces('0.2.0');
    const runs = site.reports('action').filter(({ origin }) => origin === 'schedule');
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(2);
    expect(runs.filter(({ runId, phase }) => runId === failed.runId && phase === 'failed')).toHaveLength(1);
  });
});
