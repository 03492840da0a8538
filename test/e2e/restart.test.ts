/** `palette up`, `down`, and `up` again on another day: everything goes on where it was, and secrets stay secret. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { inc } from 'semver';

import { Identity } from '#agent/identity/identity';
import { mainFile, packageRoot } from '#cli/package-root';
import { openRelease, writeRelease } from '#packs/agent-release/archive';
import { readArchive } from '#packs/archive/read-archive';
import { START_MS, startSite, succeed, until, type Site } from '#test/faults/support/environment';
import type { Workspace } from '#test/provider/support/workspace';
import { palette, type Result } from '#test/support/palette';

jest.setTimeout(120_000);

const CONFIG = `
resource "spectrocloud_cluster_profile" "guarded" {
  name = "guarded"
  pack {
    name          = "guardrails"
    tag           = "1.0.0"
    registry_name = "Palette Registry"
  }
}
resource "spectrocloud_cluster_brownfield" "local" {
  name       = "local"
  cloud_type = "generic"
  cluster_profile {
    id = spectrocloud_cluster_profile.guarded.id
  }
}
`;

let site: Site;
let terraform: Workspace;

beforeAll(async () => {
  site = await startSite('restart');
  expect(await site.palette('pack', 'push', join(packageRoot, 'examples/packs/guardrails-1.0.0'))).toMatchObject({
    exitCode: 0,
  });
  terraform = await site.workspace(CONFIG);
  await succeed(terraform.run('apply', '-auto-approve'));
}, START_MS);

afterAll(async () => {
  await site?.stop();
}, 60_000);

const shownCluster = async (): Promise<unknown> =>
  JSON.parse((await site.palette('cluster', 'get', 'local', '--output', 'json')).stdout);

const uids = async (): Promise<string> =>
  site.kubectl(
    'get',
    'configmap,resourcequota,limitrange,networkpolicy,namespace',
    '--all-namespaces',
    '-l',
    'applyset.kubernetes.io/part-of',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid} {.metadata.resourceVersion}{"\\n"}{end}',
  );

describe('down and up', () => {
  it('keep the cluster, the key and what runs; the plan is empty, and nothing is written again', async () => {
    const before = { ready: site.ready(), cluster: await shownCluster(), uids: await uids() };
    expect(before.cluster).toMatchObject({ state: 'Running', health: 'Healthy' });
    await site.restart();
    expect(site.ready()).toEqual({ ...before.ready, pid: site.ready().pid });
    expect(site.ready().pid).not.toBe(before.ready.pid);
    await until(
      'the agent has compared everything',
      async () => (await site.metric('palette_agent_passes_total')) > 0 || undefined,
    );
    expect(await site.metric('palette_agent_applies_total')).toBe(0);
    expect(await uids()).toBe(before.uids);
    await until(
      'the agent is heard',
      async () => (await site.metric('palette_agent_bus_connected')) === 1 || undefined,
    );
    expect(await shownCluster()).toEqual(before.cluster);
    expect(await terraform.run('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });
    await succeed(terraform.run('apply', '-auto-approve'));
  });

  it('keep drift healed in the second life as in the first', async () => {
    const uid = async (): Promise<string> =>
      site.kubectl('-n', 'guardrails', 'get', 'configmap', 'guardrails', '-o', 'jsonpath={.metadata.uid}');
    const before = await uid();
    await site.kubectl('-n', 'guardrails', 'delete', 'configmap', 'guardrails', '--wait=false');
    const after = await until('it is back', async () => {
      const now = await uid();
      return now === before ? undefined : now;
    });
    expect(after).not.toBe('');
  });
});

describe('an upgrade of the agent', () => {
  it('puts a release in its place, as the guide says, and is told of in its diagnostics', async () => {
    const file = (name: string): string => join(site.folder, name);
    const done = async (result: Promise<Result>): Promise<string> => {
      expect(await result).toMatchObject({ exitCode: 0 });
      return (await result).stdout;
    };
    await done(palette(['key', 'generate', '--prefix', file('release')]));
    await done(palette(['agent', 'release', 'pack', '--out', file('packed.tgz')]));
    // The same program under the next version.
    const { manifest, files } = await openRelease(await readFile(file('packed.tgz')));
    const { version, entry, node } = manifest;
    const next = inc(version, 'patch') ?? '';
    const program = new Map([...files].filter(([name]) => !['release.json', 'package.json'].includes(name)));
    await writeFile(file('next.tgz'), writeRelease({ version: next, entry, node }, program));

    await done(site.palette('agent', 'release', 'trust', file('release.pub')));
    const publishing = site.palette('agent', 'release', 'publish', file('next.tgz'), '--key', file('release.key'));
    expect(await done(publishing)).toContain(`agent ${next} is published`);
    expect(await site.palette('agent', 'release', 'use', '9.9.9')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`there is no release 9.9.9 of the agent\nThere are: ${next}.`),
    });

    const { agent: launcher } = await site.pids();
    expect(await done(site.palette('cluster', 'agent', 'upgrade', 'local', '--to', next))).toBe(
      `version ${next} took over from ${version}\n`,
    );
    expect((await site.pids())['agent']).toBe(launcher);
    await done(site.palette('cluster', 'logs', 'local', '--out', file('logs.tgz')));
    const parts = await readArchive(await readFile(file('logs.tgz')));
    expect(JSON.parse(Buffer.from(parts.get('upgrades.json') ?? []).toString('utf8'))).toMatchObject({
      version: next,
      launcher: { current: { version: next }, previous: { version } },
    });
  }, 120_000);
});

describe('secrets', () => {
  /** Everything that lets somebody in, by what it is. */
  let secrets: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const path = 'jsonpath={.data.identity\\.json}';
    const secret = await site.kubectl('-n', 'palette-system', 'get', 'secret', 'palette-agent-credentials', '-o', path);
    const { seed, credentials } = Identity.parse(JSON.parse(Buffer.from(secret, 'base64').toString('utf8')));
    secrets = {
      'the API key': site.ready().apiKey,
      "the agent's access token": credentials.accessToken,
      "the agent's seed for the bus": seed,
      "the agent's token for the bus": credentials.bus?.jwt ?? 'none',
      "the agent's token for the cluster": (await readFile(join(site.home, 'agent/token'), 'utf8')).trim(),
    };
  });

  /** Which of them stand in the text. */
  const found = (content: string): string[] =>
    Object.entries(secrets).flatMap(([name, secret]) => (content.includes(secret) ? [name] : []));

  it('are found where they are kept', async () => {
    expect(found(await readFile(join(site.home, 'ready.json'), 'utf8'))).toEqual(['the API key']);
  });

  it('do not stand in the list of processes', async () => {
    const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    // A process may end while it is looked at.
    const lines = await Promise.all(
      numbers.map(async (pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    const all = lines.join('\n');
    expect(all).toContain(site.home);
    expect(found(all)).toEqual([]);
  });

  it('do not stand in any log', async () => {
    const files = (await readdir(site.home, { recursive: true })).filter((name) => /\.log(\.\d+)?$/.test(name));
    expect(files).toEqual(expect.arrayContaining(['logs/plane.log', 'logs/agent.log', 'logs/palette-up.log']));
    for (const file of files)
      expect({ file, found: found(await readFile(join(site.home, file), 'utf8')) }).toEqual({ file, found: [] });
  });

  it('lie in files that only their owner can read', async () => {
    const open = execFileSync('find', [site.home, '-type', 'f', '-perm', '/077', '-print0'], { encoding: 'utf8' });
    for (const file of open.split('\0').filter((name) => name !== '')) {
      expect({ file, found: found(await readFile(file, 'utf8')) }).toEqual({ file, found: [] });
    }
  });
});

describe('palette up --json', () => {
  it('prints one line, of exactly what others need to connect', async () => {
    await site.palette('down');
    const child = spawn(process.execPath, [mainFile, 'up', '--json', '--home', site.home], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const printed = text(child.stdout);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(await printed).toBe(`${String(line)}\n`);
    expect(JSON.parse(String(line))).toEqual({
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      apiKey: site.ready().apiKey,
      caFile: expect.stringMatching(/^\//),
      projectName: 'Default',
      kubeconfig: expect.stringMatching(/^\//),
      natsUrl: expect.stringMatching(/^tls:\/\/127\.0\.0\.1:\d+$/),
      pid: child.pid,
    });
    expect(code).toBe(0);
  });
});
