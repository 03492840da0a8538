/** What an imported cluster can do besides what every resource can, under Terraform; see the table for that. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { helloProfile } from './cases/cluster-brownfield.ts';
import { startEchoAgent, type EchoAgent } from './support/echo-agent.ts';
import { fail, planned, startBench, stateOf, succeed, type Bench } from './support/terraform.ts';
import { toHcl } from './support/to-hcl.ts';

jest.setTimeout(180_000);

let bench: Bench;
const agents: EchoAgent[] = [];

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  for (const agent of agents) await agent.stop();
  await bench.stop();
});

function joinAs(name: string): EchoAgent {
  const agent = startEchoAgent(bench.plane, name);
  agents.push(agent);
  return agent;
}

const profile = async (name: string, version: string): Promise<string> =>
  (await toHcl(helloProfile(name, version))).text;

/** Of a name that is its own in the plane too. */
const called = async (name: string, version: string): Promise<string> =>
  (await profile(name, version)).replace('name = "hello"', `name = "${name}"`);

const cluster = (body: string, name: string): string => `
resource "spectrocloud_cluster_brownfield" "${name}" {
  name       = "${name}"
  cloud_type = "generic"
  ${body}
}
`;

describe('a cluster', () => {
  it('takes a new version of its profile in the place of the old one', async () => {
    const profiles = (await profile('hello', '1.0.0')) + (await profile('next', '2.0.0'));
    const both = (attachedTo: string): string =>
      profiles +
      cluster(
        `cluster_profile {\n id = spectrocloud_cluster_profile.${attachedTo}.id\n variables = { replicas = "1" }\n }`,
        'versions',
      );
    const ws = await bench.workspace(both('hello'));
    const agent = joinAs('versions');
    await succeed(ws.run('apply', '-auto-approve'));
    ws.write('main.tf', both('next'));
    const before = bench.plane.requests.length;
    await succeed(ws.run('apply', '-auto-approve'));
    const writes = bench.plane.requests
      .slice(before)
      .filter(({ method, path }) => !['GET', 'POST'].includes(method) && path.includes('/profiles'));
    expect(writes.map(({ method }) => method)).toEqual(['PATCH']);
    expect(agent.layers()).toContain('hello-chart');
    expect(await planned(ws)).toBe('nothing');
    await succeed(ws.run('destroy', '-auto-approve'));
    await agent.stop();
  });

  it('follows the version of one profile there and back, while another cluster stays on the one before', async () => {
    const mine = async (version: string): Promise<string> =>
      `${await called('line', version)}
       ${cluster('cluster_profile {\n id = spectrocloud_cluster_profile.line.id\n variables = { replicas = "1" }\n }', 'follower')}`;
    const ws = await bench.workspace(await mine('1.0.0'));
    const agent = joinAs('follower');
    await succeed(ws.run('apply', '-auto-approve'));
    const { id: first } = stateOf(ws, 'spectrocloud_cluster_profile.line');
    const others = await bench.workspace(
      cluster(`cluster_profile {\n id = "${String(first)}"\n variables = { replicas = "1" }\n }`, 'stayer'),
    );
    const stayer = joinAs('stayer');
    await succeed(others.run('apply', '-auto-approve'));

    // The new version is made before the cluster takes it, in one exchange.
    ws.write('main.tf', await mine('1.1.0'));
    const before = bench.plane.requests.length;
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('0 added, 2 changed, 0 destroyed');
    const { id: second } = stateOf(ws, 'spectrocloud_cluster_profile.line');
    expect(second).not.toBe(first);
    const made = bench.plane.requests
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && /\/(clusterprofiles|profiles)/.test(path))
      .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{24}/, 'UID')}`);
    expect(made.filter((request) => !request.includes('/bulk/'))).toEqual([
      'POST /v1/clusterprofiles',
      'PATCH /v1/spectroclusters/UID/profiles',
    ]);
    expect(await planned(ws)).toBe('nothing');
    expect(await planned(others)).toBe('nothing');

    // Back again, as after a revert in git: the version that is there is taken up, and nothing is made.
    ws.write('main.tf', await mine('1.0.0'));
    await succeed(ws.run('apply', '-auto-approve'));
    expect(stateOf(ws, 'spectrocloud_cluster_profile.line')['id']).toBe(first);
    expect(await planned(ws)).toBe('nothing');

    // A version that exists is not rewritten by the way: the plan says so.
    ws.write(
      'main.tf',
      (await mine('1.1.0')).replace('name = "hello-chart"', 'name = "hello-chart"\n values = "a: 1"'),
    );
    expect(await fail(ws.run('plan'))).toMatch(/Version 1\.1\.0 of cluster profile "line" exists with another content/);

    // Nor is one destroyed that a cluster runs.
    ws.write('main.tf', '');
    expect(await fail(ws.run('apply', '-auto-approve'))).toMatch(/line 1\.0\.0 is in use by cluster stayer/);
    await succeed(others.run('destroy', '-auto-approve'));
    await succeed(ws.run('apply', '-auto-approve'));
    await Promise.all([agent.stop(), stayer.stop()]);
  });

  it('has a sealed version that only another one can follow, and says so on plan', async () => {
    const ws = await bench.workspace(await called('sealed', '1.0.0'));
    const { client, project } = bench.plane;
    const settings = async (versions: 'immutable' | 'mutable'): Promise<void> =>
      client.put('/v1/profilesettings', { body: { versions }, scope: project });
    await settings('immutable');
    await succeed(ws.run('apply', '-auto-approve'));
    await settings('mutable');
    const changed = (text: string): string =>
      text.replace('name = "hello-chart"', 'name = "hello-chart"\n values = "a: 1"');
    ws.write('main.tf', changed(await called('sealed', '1.0.0')));
    expect(await fail(ws.run('plan'))).toMatch(
      /Version 1\.0\.0 of cluster profile "sealed" is sealed.*Raise the version/,
    );
    ws.write('main.tf', changed(await called('sealed', '1.0.1')));
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('0 added, 1 changed, 0 destroyed');
    expect(await planned(ws)).toBe('nothing');
    await succeed(ws.run('destroy', '-auto-approve'));
  });

  it('is kept, with the command to run, when no agent comes', async () => {
    const ws = await bench.workspace(cluster('skip_completion = true', 'lonely'));
    await succeed(ws.run('apply', '-auto-approve'));
    expect(stateOf(ws, 'spectrocloud_cluster_brownfield.lonely')).toMatchObject({
      status: 'Pending',
      health_status: 'Unknown',
      kubectl_command: expect.stringContaining('kubectl apply'),
    });
    expect(await planned(ws)).toBe('nothing');
    ws.write('main.tf', cluster('skip_completion = true\n import_mode = "read_only"', 'lonely'));
    expect(await fail(ws.run('plan'))).toMatch(/cannot be changed after the cluster is imported.*import_mode/);
    ws.write('main.tf', cluster('skip_completion = true', 'lonely'));
    expect(await succeed(ws.run('destroy', '-auto-approve'))).toContain('1 destroyed');
  });
});
