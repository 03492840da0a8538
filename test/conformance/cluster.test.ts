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

  it('is kept, with the command to run, when no agent comes', async () => {
    const ws = await bench.workspace(cluster('skip_completion = true', 'lonely'));
    await succeed(ws.run('apply', '-auto-approve'));
    expect(await stateOf(ws, 'spectrocloud_cluster_brownfield.lonely')).toMatchObject({
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
