/** kill -9 at awkward moments: afterwards everything that was accepted is enforced, and nothing is there twice. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { identify } from '#cli/process-identity';
import type { Workspace } from '#test/provider/support/workspace';

import { flat, START_MS, startSite, succeed, until, type ServiceName, type Site } from './support/environment.ts';
import { followConfigMaps, type Followed } from './support/follow.ts';

jest.setTimeout(120_000);

const ITEMS = 100;
const NAMESPACE = 'items';
/** Without a bus an agent asks every five seconds. */
const POLLED_MS = 12_000;

const config = (greeting: string): string => `
resource "spectrocloud_cluster_profile" "fleet" {
  name = "fleet"
  pack {
    name = "items"
    type = "manifest"
    manifest {
      name    = "items"
      content = join("---\\n", concat(["apiVersion: v1\\nkind: Namespace\\nmetadata: {name: ${NAMESPACE}}\\n"], [for i in range(${ITEMS}): <<-EOT
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: item-\${i}
          namespace: ${NAMESPACE}
        data:
          greeting: "{{.spectro.var.greeting}}"
          fixed: "yes"
      EOT
      ]))
    }
  }
  pack {
    name          = "guardrails"
    tag           = "1.0.0"
    registry_name = "Palette Registry"
  }
  profile_variables {
    variable {
      name          = "greeting"
      display_name  = "Greeting"
      default_value = "none"
    }
    variable {
      name          = "team"
      display_name  = "Team"
      default_value = "platform"
    }
  }
}

resource "spectrocloud_cluster_brownfield" "local" {
  name       = "local"
  cloud_type = "generic"
  cluster_profile {
    id        = spectrocloud_cluster_profile.fleet.id
    variables = { greeting = "${greeting}" }
  }
}
`;

let site: Site;
let terraform: Workspace;
let greetings: Followed;
let clusterUid: string;
let profileUid: string;
/** Every object of the profile and its uid, as they came first. */
let inventory: readonly string[];
let pids: Readonly<Record<string, number>>;

beforeAll(async () => {
  site = await startSite('crashes');
  expect(await site.palette('pack', 'push', `${packageRoot}/examples/packs/guardrails-1.0.0`)).toMatchObject({
    exitCode: 0,
  });
  terraform = await site.workspace(config('first'));
  await succeed(terraform.run('apply', '-auto-approve'));
  clusterUid = await idOf('spectrocloud_cluster_brownfield.local');
  profileUid = await idOf('spectrocloud_cluster_profile.fleet');
  greetings = await followConfigMaps(site.ready().kubeconfig, NAMESPACE, 'greeting');
  await greetings.until('all items are there', all('first'));
  inventory = await members();
  expect(new Set(inventory).size).toBe(inventory.length);
  expect(inventory.length).toBeGreaterThan(ITEMS);
}, START_MS);

afterAll(async () => {
  greetings?.stop();
  await site?.stop();
}, 60_000);

beforeEach(async () => {
  pids = await site.pids();
});

const all =
  (greeting: string) =>
  (values: ReadonlyMap<string, unknown>): boolean =>
    items(values).length === ITEMS && items(values).every((value) => value === greeting);

const items = (values: ReadonlyMap<string, unknown>): unknown[] =>
  [...values].flatMap(([name, value]) => (name.startsWith('item-') ? [value] : []));

const count = (greeting: string): number => items(greetings.values()).filter((value) => value === greeting).length;

async function idOf(address: string): Promise<string> {
  const output = await succeed(terraform.run('state', 'show', address));
  return /^\s+id\s+= "(.*)"$/m.exec(output)?.[1] ?? '';
}

/** Kind, name and uid of every object that carries the agent's label. */
async function members(): Promise<string[]> {
  const kinds = await site.kubectl('api-resources', '--verbs=list', '-o', 'name');
  const served = kinds.split('\n').filter((kind) => !/^(events|componentstatuses)|metrics\.k8s\.io$/.test(kind));
  const format = '{range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.uid}{"\\n"}{end}';
  const selection = ['--all-namespaces', '--selector', 'applyset.kubernetes.io/part-of', '--ignore-not-found'];
  const lines = await site.kubectl('get', served.join(','), ...selection, '-o', `jsonpath=${format}`);
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

/** A change as another client makes it; returns when the plane has accepted it. */
async function accept(greeting: string): Promise<void> {
  await site.client.patch('/v1/spectroclusters/{uid}/variables', {
    path: { uid: clusterUid },
    body: [{ profileUid, variables: [{ name: 'greeting', value: greeting }] }],
    scope: site.project,
  });
}

function kill(...names: readonly ServiceName[]): void {
  for (const name of names) {
    const pid = pids[name];
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
  }
}

/** The killed server's process is gone. */
async function ended(name: ServiceName): Promise<void> {
  await until(`${name} has ended`, async () => (await identify(pids[name] ?? 0)) === undefined || undefined);
}

/** The killed servers run again, under other numbers. */
async function restarted(...names: readonly ServiceName[]): Promise<void> {
  await until(`${names.join(', ')} run again`, async () => {
    const now = await site.pids();
    return names.every((name) => now[name] !== undefined && now[name] !== pids[name]) || undefined;
  });
}

/** The plane knows that the cluster has what was asked for last, and is well. */
async function healthy(): Promise<void> {
  await until('the cluster is Running and Healthy', async () => {
    const { status } = await site.client.get('/v1/dashboard/spectroclusters/{uid}/overview', {
      path: { uid: clusterUid },
      scope: site.project,
    });
    return (status?.state === 'Running' && status.health?.state === 'Healthy') || undefined;
  });
}

/** Nothing lost, nothing made anew, nothing left to do. */
async function expectSettled(greeting: string): Promise<void> {
  await healthy();
  expect(all(greeting)(greetings.values())).toBe(true);
  expect(await members()).toEqual(inventory);
  await until(
    'the agent knows its objects',
    async () => (await site.metric('palette_agent_objects')) === inventory.length || undefined,
  );
  const written = await site.metric('palette_agent_applies_total');
  const passes = await site.metric('palette_agent_passes_total');
  await site.client.post('/v1/spectroclusters/{uid}/commands', {
    path: { uid: clusterUid },
    body: { type: 'resync' },
    scope: site.project,
  });
  await until(
    'the agent has compared everything once more',
    async () => (await site.metric('palette_agent_passes_total')) > passes || undefined,
  );
  expect(await site.metric('palette_agent_applies_total')).toBe(written);
}

describe('kill -9', () => {
  it('of the plane, right after it accepted a change: the change arrives, each object written once', async () => {
    const before = await site.metric('palette_agent_applies_total');
    await accept('plane killed');
    kill('plane');
    await restarted('plane');
    await greetings.until('the accepted change is in the cluster', all('plane killed'));
    await expectSettled('plane killed');
    expect((await site.metric('palette_agent_applies_total')) - before).toBe(ITEMS);
  });

  it('of the agent, half-way through a hundred objects: the rest follows, and what was done is not done again', async () => {
    await accept('agent killed');
    await greetings.until('some objects are changed', () => count('agent killed') > 0);
    kill('agent');
    await ended('agent');
    const done = count('agent killed');
    expect(done).toBeLessThan(ITEMS);
    await restarted('agent');
    await greetings.until('all objects are changed', all('agent killed'));
    await expectSettled('agent killed');
    // It counts from its start: what the one before had done is not among them.
    expect(await site.metric('palette_agent_applies_total')).toBeLessThanOrEqual(ITEMS - done);
  });

  it('of nats-server, with a poke on its way: the change arrives, and the bus is used again', async () => {
    kill('nats-server');
    await accept('bus killed');
    await greetings.until('the change is in the cluster', all('bus killed'));
    await restarted('nats-server');
    await expectSettled('bus killed');
    await until(
      'the agent is on the bus again',
      async () => (await site.metric('palette_agent_bus_connected')) === 1 || undefined,
    );
  });

  it('of kube-apiserver, while objects are edited and deleted: all of them are as they should be again', async () => {
    const edits = Array.from({ length: 10 }, async (_edit, at) =>
      at % 2 === 0
        ? site.kubectl('-n', NAMESPACE, 'delete', 'configmap', `item-${at}`, '--wait=false')
        : site.kubectl(
            '-n',
            NAMESPACE,
            'patch',
            'configmap',
            `item-${at}`,
            '--type=merge',
            '--patch={"data":{"greeting":"vandal"}}',
          ),
    );
    await Promise.race(edits);
    kill('kube-apiserver');
    await Promise.allSettled(edits);
    await restarted('kube-apiserver');
    await greetings.until('everything is healed', all('bus killed'));
    await healthy();
    const now = await members();
    const deleted = (line: string): boolean => /ConfigMap \w+\/item-[02468] /.test(line);
    expect(now.filter((line) => !deleted(line))).toEqual(inventory.filter((line) => !deleted(line)));
    expect(now).toHaveLength(inventory.length);
    inventory = now;
    await expectSettled('bus killed');
  });

  it('of everything at once, while terraform applies: the next apply finds nothing lost, and the plan is empty', async () => {
    terraform.write('main.tf', config('all killed'));
    const applying = terraform.run('apply', '-auto-approve');
    await greetings.until('the change is under way', () => count('all killed') > 0);
    kill('plane', 'nats-server', 'agent', 'kube-apiserver', 'etcd');
    await restarted('plane', 'nats-server', 'agent', 'kube-apiserver', 'etcd');
    await applying;
    await greetings.until('the accepted change is in the cluster', all('all killed'));
    await expectSettled('all killed');
    await succeed(terraform.run('apply', '-auto-approve'));
    expect(await terraform.run('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });
    expect(await members()).toEqual(inventory);
  });
});

describe('a bus that stays away', () => {
  it('keeps no change and no report from arriving', async () => {
    expect(await site.palette('service', 'stop', 'nats-server')).toMatchObject({ exitCode: 0 });
    await until('the agent notices', async () => (await site.metric('palette_agent_bus_connected')) === 0 || undefined);
    await accept('without a bus');
    await greetings.until('the change is in the cluster', all('without a bus'), POLLED_MS);
    await expectSettled('without a bus');
    expect(await site.palette('service', 'start', 'nats-server')).toMatchObject({ exitCode: 0 });
    await until(
      'the agent is on it again',
      async () => (await site.metric('palette_agent_bus_connected')) === 1 || undefined,
    );
    expect(await members()).toEqual(inventory);
  });
});

describe('kill -9 of the plane while terraform creates', () => {
  it('leaves nothing that the next apply does not find: each profile is there once', async () => {
    const names = Array.from({ length: 20 }, (_name, at) => `made-${at}`);
    const profiles = `
resource "spectrocloud_cluster_profile" "made" {
  for_each = toset(${JSON.stringify(names)})
  name     = each.key
  pack {
    name          = "guardrails"
    tag           = "1.0.0"
    registry_name = "Palette Registry"
  }
}
`;
    const creating = await site.workspace(profiles);
    const first = creating.start('apply', '-auto-approve');
    await until('the first profile is stored', async () => (await made()).length > 0 || undefined);
    kill('plane');
    await restarted('plane');
    await first.result;
    const { code, output } = await creating.run('apply', '-auto-approve');
    // One whose answer was lost is there already, and is not made a second time.
    if (code !== 0)
      expect(flat(output)).toMatch(/ClusterProfileExists: cluster profile made-\d+ 1\.0\.0 exists already/);
    expect(await made()).toEqual(names.toSorted());
    await succeed(creating.run('destroy', '-auto-approve'));
  });
});

describe('kill -9 of the plane, again and again while it is written to', () => {
  it('loses nothing that was answered, and keeps nothing twice', async () => {
    const accepted: string[] = [];
    let asked = 0;
    for (let crash = 0; crash < 2; crash++) {
      pids = await site.pids();
      const [before, enough] = [accepted.length, new AbortController()];
      const writing = [1, 2, 3, 4].map(async () => {
        while (!enough.signal.aborted) {
          const name = `durable-${asked++}`;
          const { signal } = enough;
          await site.client
            .post('/v1/projects', { body: { metadata: { name } }, scope: { kind: 'tenant' }, signal })
            .then(
              () => accepted.push(name),
              () => undefined, // Not answered: it may be there or not.
            );
        }
      });
      await until('some are accepted', async () => accepted.length >= before + 10 || undefined);
      kill('plane');
      await restarted('plane');
      enough.abort();
      await Promise.all(writing);
    }
    const { items } = await site.client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
    const names = items.flatMap(({ metadata }) => metadata?.name ?? []);
    expect(names).toEqual(expect.arrayContaining(accepted));
    expect(new Set(names).size).toBe(names.length);
  });
});

async function made(): Promise<string[]> {
  const { items } = await site.client.get('/v1/dashboard/clusterprofiles/metadata', { scope: site.project });
  return items.flatMap(({ metadata }) => (metadata?.name?.startsWith('made-') ? [metadata.name] : [])).toSorted();
}

describe('the environment after that', () => {
  it('still tells of drift as it happens', async () => {
    const following = new AbortController();
    const events = site.client.events({
      clusterUid,
      scope: site.project,
      signal: AbortSignal.any([following.signal, AbortSignal.timeout(60_000)]),
    });
    let told: unknown;
    for await (const event of events) {
      if (event.kind === 'open')
        await site.kubectl(
          '-n',
          NAMESPACE,
          'patch',
          'configmap',
          'item-1',
          '--type=merge',
          '--patch={"data":{"fixed":"no"}}',
        );
      if (event.kind !== 'drift') continue;
      told = event.data;
      break;
    }
    following.abort();
    expect(told).toMatchObject({
      object: { kind: 'ConfigMap', namespace: NAMESPACE, name: 'item-1' },
      action: 'healed',
      fields: ['data.fixed'],
    });
  });

  it('gives up every object when it is destroyed', async () => {
    await succeed(terraform.run('destroy', '-auto-approve'));
    expect(await members()).toEqual([]);
  });
});
