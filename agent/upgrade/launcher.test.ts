/** Launchers with small programs in the agent's place: what goes wrong there is hard to have from a real one. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { delay } from '#core/retry';

import { runLauncher, type LauncherOptions } from './launcher.ts';
import { readLauncherState, writeLauncherState, type LauncherState } from './launcher-state.ts';
import type { Version } from './messages.ts';

const CONTENT = { a: `sha256:${'a'.repeat(64)}`, b: `sha256:${'b'.repeat(64)}`, c: `sha256:${'c'.repeat(64)}` };

let dir: string;
let end: AbortController;
let running: Promise<void>;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'launcher-'));
  writeFileSync(path.join(dir, 'said'), '');
});
afterEach(async () => {
  await stop();
  rmSync(dir, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  end?.abort();
  await running;
}

function start(options: Partial<LauncherOptions> = {}): void {
  end = new AbortController();
  running = runLauncher({
    dir,
    builtIn: program('0.1.0'),
    nodeArgs: [],
    args: [],
    output: 'ignore',
    log: silentLogger,
    signal: end.signal,
    graceMs: 5_000,
    restart: { baseMs: 20, maxMs: 40 },
    ...options,
  });
}

/** Notes what it lives through in `said`, and does what stands in `do-VERSION`. */
const PROGRAM = `
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
const say = (what) => appendFileSync(DIR + '/said', VERSION + ' ' + what + '\\n');
const as = process.env.PALETTE_AGENT_LAUNCHED;
process.on('SIGTERM', () => { say('ends'); process.exit(0); });
process.on('disconnect', () => process.exit(0));
say(as);
if (as === 'trial') {
  BEFORE_TRIAL
  process.send({ kind: 'tried', version: VERSION, holding: { revision: 1, digest: 'd', failing: [] } });
  await new Promise((resolve) => process.on('message', ({ kind }) => kind === 'go' && resolve()));
}
process.on('message', (message) => say('is told ' + message.kind + ' ' + (message.reason ?? '')));
AT_WORK
process.send({ kind: 'healthy', version: VERSION });
say('works');
setInterval(() => {
  let text;
  try { text = readFileSync(DIR + '/do-' + VERSION, 'utf8'); } catch { return; }
  rmSync(DIR + '/do-' + VERSION);
  if (text === 'exit') process.exit(3);
  process.send(JSON.parse(text));
}, 10);
`;

function program(
  version: string,
  { beforeTrial = '', atWork = '', content }: { beforeTrial?: string; atWork?: string; content?: string } = {},
): Version {
  const entry = path.join(dir, `agent-${version}.mjs`);
  const text = PROGRAM.replaceAll('DIR', JSON.stringify(dir))
    .replaceAll('VERSION', JSON.stringify(version))
    .replace('BEFORE_TRIAL', beforeTrial)
    .replace('AT_WORK', atWork);
  writeFileSync(entry, text);
  return { version, entry, ...(content === undefined ? {} : { content: content as Version['content'] }) };
}

const said = (): readonly string[] => readFileSync(path.join(dir, 'said'), 'utf8').split('\n').filter(Boolean);

async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const signal = AbortSignal.timeout(15_000);
  while (!(await check())) {
    await delay(10, { signal }).catch(() => {
      throw new Error(`not in time: ${what}; said: ${said().join('; ')}`);
    });
  }
}

async function says(line: string, times = 1): Promise<void> {
  await until(`${times} x ${line}`, () => said().filter((one) => one.startsWith(line)).length >= times);
}

function tell(version: string, message: object | 'exit'): void {
  writeFileSync(path.join(dir, `do-${version}`), message === 'exit' ? message : JSON.stringify(message));
}

const switchTo = (to: Version, attempt = 'run-1'): object => ({
  kind: 'switch',
  to,
  attempt,
  holding: { revision: 1, digest: 'd', failing: [] },
});

const state = async (): Promise<LauncherState | undefined> => readLauncherState(dir);

/** What is remembered cannot be written, as on a disk that is full. */
function fillDisk(): () => void {
  const inTheWay = path.join(dir, 'launcher.json.new');
  mkdirSync(inTheWay);
  return () => rmSync(inTheWay, { recursive: true });
}

describe('a launcher', () => {
  it('switches to a version that passes its trial, and names the upgrade when that is gone back from', async () => {
    start();
    await says('0.1.0 works');
    const next = program('0.2.0', { content: CONTENT.a, atWork: 'process.exit(9);' });
    tell('0.1.0', switchTo(next, 'run-7'));
    await says('0.1.0 active', 2);
    expect(await state()).toMatchObject({
      current: { version: '0.1.0' },
      failure: { version: { version: '0.2.0' }, attempt: 'run-7', reason: 'it ended 3 times before it worked' },
    });
  });

  it.each([
    { name: 'in its trial', where: 'beforeTrial', reason: 'its trial took longer than 1 s' },
    { name: 'at work', where: 'atWork', reason: 'it did not come to work within 1 s' },
  ] as const)('goes back from a version that hangs $name, where the old one works on', async ({ where, reason }) => {
    start({ trialMs: where === 'beforeTrial' ? 1_000 : 60_000, probationMs: 1_000 });
    await says('0.1.0 works');
    const hangs = 'setInterval(() => undefined, 1000); await new Promise(() => undefined);';
    tell('0.1.0', switchTo(program('0.2.0', { content: CONTENT.a, [where]: hangs })));
    if (where === 'beforeTrial') await says(`0.1.0 is told not switched ${reason}`);
    else {
      await says('0.1.0 works', 2);
      expect((await state())?.failure).toMatchObject({ attempt: 'run-1', reason });
    }
  });

  it('a full disk ends no agent, and lets no version go that would be forgotten', async () => {
    const current = program('0.2.0', { content: CONTENT.a });
    await writeLauncherState(dir, { current, previous: program('0.1.0'), probation: { starts: 0 } });
    const free = fillDisk();
    start();
    await says('0.2.0 works');
    const next = program('0.3.0', { content: CONTENT.b });
    tell('0.2.0', switchTo(next));
    await says('0.2.0 is told not switched');
    expect(said().at(-1)).toMatch(/cannot be written/);
    free();
    tell('0.2.0', switchTo(next));
    await says('0.3.0 works');
    expect(await state()).toMatchObject({ current: { version: '0.3.0' }, previous: { version: '0.2.0' } });
  });

  it('starts anew at once when the agent ends while another version is tried, and ends the trial', async () => {
    start({ trialMs: 60_000 });
    await says('0.1.0 works');
    const beforeTrial = 'setInterval(() => undefined, 1000); await new Promise(() => undefined);';
    tell('0.1.0', switchTo(program('0.2.0', { content: CONTENT.a, beforeTrial })));
    await says('0.2.0 trial');
    tell('0.1.0', 'exit');
    await says('0.2.0 ends');
    await says('0.1.0 works', 2);
    expect(await state()).toBeUndefined();
  });

  it('ends a trial that the agent does not want any more', async () => {
    start({ trialMs: 60_000 });
    await says('0.1.0 works');
    const beforeTrial = 'setInterval(() => undefined, 1000); await new Promise(() => undefined);';
    tell('0.1.0', switchTo(program('0.2.0', { content: CONTENT.a, beforeTrial })));
    await says('0.2.0 trial');
    tell('0.1.0', { kind: 'stay' });
    await says('0.2.0 ends');
    await says('0.1.0 is told not switched it was called off');
    expect(await state()).toBeUndefined();
  });

  it('gives a version its whole time after each restart of its own, whatever the clock says', async () => {
    const current = program('0.2.0', { content: CONTENT.a, atWork: 'await new Promise((r) => setTimeout(r, 300));' });
    // What a launcher of another time wrote, on a machine whose clock was a year ahead.
    const before = { current, previous: program('0.1.0'), probation: { since: '2060-01-01T00:00:00.000Z', starts: 0 } };
    writeFileSync(path.join(dir, 'launcher.json'), JSON.stringify(before));
    start({ probationMs: 20_000 });
    await says('0.2.0 works');
    await until('it is confirmed', async () => (await state())?.probation === undefined);
    expect(said()).not.toContain('0.1.0 active');
  });

  it.each([
    { name: 'the version before it', previous: true, starts: '0.1.5' },
    { name: 'the one it came with', previous: false, starts: '0.1.0' },
  ])('runs $name when the files of a version are gone', async ({ previous, starts }) => {
    const gone = { version: '0.2.0', entry: path.join(dir, 'nowhere.mjs'), content: CONTENT.a as Version['content'] };
    await writeLauncherState(dir, {
      current: gone,
      ...(previous ? { previous: program('0.1.5', { content: CONTENT.b }) } : {}),
    });
    start();
    await says(`${starts} works`);
    tell(starts, switchTo(program('0.3.0', { content: CONTENT.c })));
    await says('0.3.0 works');
    expect(await state()).toMatchObject({ current: { version: '0.3.0' }, previous: { version: starts } });
  });

  it('runs a newer version that it was installed with, once, and leaves a choice of an older one alone', async () => {
    const downloaded = program('0.2.0', { content: CONTENT.a });
    await writeLauncherState(dir, { current: downloaded, builtIn: '0.1.0' });
    const broken = { builtIn: program('0.5.0', { atWork: 'process.exit(9);' }) };
    start(broken);
    await says('0.2.0 works');
    expect(said().filter((line) => line === '0.5.0 active')).toHaveLength(3);
    await stop();
    start(broken);
    await says('0.2.0 works', 2);
    expect(said().filter((line) => line === '0.5.0 active')).toHaveLength(3);
    await stop();
    start({ builtIn: program('0.6.0') });
    await says('0.6.0 works');
    tell('0.6.0', switchTo(downloaded));
    await says('0.2.0 works', 3);
    await until('it is confirmed', async () => (await state())?.probation === undefined);
    await stop();
    start({ builtIn: program('0.6.0') });
    await says('0.2.0 works', 4);
  });
});
