/** The life of an imported cluster under Terraform, with an agent that says what a healthy one would. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startEchoAgent, type EchoAgent } from './support/echo-agent.ts';
import { fail, planned, startBench, stateOf, succeed, type Bench } from './support/terraform.ts';

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

const profile = (version = '1.0.0', more = ''): string => `
resource "spectrocloud_cluster_profile" "hello" {
  name    = "hello"
  version = "${version}"
  ${more}
  pack {
    name          = "hello-chart"
    tag           = "1.0.0"
    registry_name = "Palette Registry"
  }
  pack {
    name = "own"
    type = "manifest"
    manifest {
      name    = "settings"
      content = "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: settings, namespace: default}\\n"
    }
  }
  profile_variables {
    variable {
      name          = "greeting"
      display_name  = "Greeting"
      default_value = "hello"
    }
    variable {
      name          = "replicas"
      display_name  = "Replicas"
      format        = "number"
      required      = true
    }
  }
}
`;

const cluster = (body: string, name = 'edge'): string => `
resource "spectrocloud_cluster_brownfield" "${name}" {
  name       = "${name}"
  cloud_type = "generic"
  ${body}
}
`;

const attached = (variables: string): string => `cluster_profile {
    id        = spectrocloud_cluster_profile.hello.id
    variables = { ${variables} }
  }`;

describe('a cluster', () => {
  it('lives from import to destroy as its configuration says', async () => {
    const ws = await bench.workspace(profile() + cluster(attached('replicas = "2"')));
    const agent = joinAs('edge');
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('2 added');
    const address = 'spectrocloud_cluster_brownfield.edge';
    const created = await stateOf(ws, address);
    expect(created).toMatchObject({
      status: 'Running',
      health_status: 'Healthy',
      manifest_url: expect.stringContaining(`https://${bench.plane.host}/v1/spectroclusters/`),
      kubectl_command: expect.stringMatching(/^kubectl apply -f https:/),
    });
    expect(agent.layers()).toEqual(expect.arrayContaining(['hello-chart', 'own']));
    expect(agent.variables()).toMatchObject({ greeting: 'hello', replicas: '2' });
    expect(await planned(ws)).toBe('nothing');

    // A value changes: the apply returns when the cluster has it.
    ws.write('main.tf', profile() + cluster(attached('replicas = "3", greeting = "servus"')));
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('0 added, 1 changed');
    expect(agent.variables()).toMatchObject({ greeting: 'servus', replicas: '3' });
    expect(await planned(ws)).toBe('nothing');

    // It is given no more: the default counts again.
    ws.write(
      'main.tf',
      profile() +
        cluster(
          `${attached('replicas = "3"')}\n tags = ["site:vienna"]\n description = "Edge"\n cluster_timezone = "Europe/Vienna"`,
        ),
    );
    await succeed(ws.run('apply', '-auto-approve'));
    expect(agent.variables()).toMatchObject({ greeting: 'hello', replicas: '3' });
    expect(await stateOf(ws, address)).toMatchObject({
      id: created['id'],
      tags: ['site:vienna'],
      description: 'Edge',
      cluster_timezone: 'Europe/Vienna',
    });
    expect(await planned(ws)).toBe('nothing');

    // Changed behind Terraform's back: shown and put right.
    const path = { uid: String(created['id']) };
    const scope = bench.plane.project;
    const { clusterProfile } = {
      clusterProfile: String((await stateOf(ws, 'spectrocloud_cluster_profile.hello'))['id']),
    };
    await bench.plane.client.patch('/v1/spectroclusters/{uid}/variables', {
      path,
      body: [{ profileUid: clusterProfile, variables: [{ name: 'replicas', value: '9' }] }],
      scope,
    });
    expect(await planned(ws)).toBe('changes');
    await succeed(ws.run('apply', '-auto-approve'));
    expect(agent.variables()).toMatchObject({ replicas: '3' });

    // A profile that somebody took off comes back.
    await bench.plane.client.delete('/v1/spectroclusters/{uid}/profiles', {
      path,
      body: { profileUids: [clusterProfile] },
      scope,
    });
    expect(await planned(ws)).toBe('changes');
    await succeed(ws.run('apply', '-auto-approve'));
    expect(agent.layers()).toContain('hello-chart');

    // Imported, nothing is to be done but what is not read back.
    await succeed(ws.run('state', 'rm', address));
    await succeed(ws.run('import', address, 'edge:project:generic'));
    await succeed(ws.run('apply', '-auto-approve'));
    expect(await planned(ws)).toBe('nothing');

    expect(await succeed(ws.run('destroy', '-auto-approve'))).toContain('2 destroyed');
    await expect(bench.plane.client.get('/v1/spectroclusters/{uid}', { path, scope })).rejects.toMatchObject({
      status: 404,
    });
    await agent.stop();
  });

  it('takes a new version of its profile in the place of the old one', async () => {
    const both = (attachedTo: string): string =>
      `${profile()}
${profile('2.0.0').replace('"hello" {', '"next" {')}
${cluster(`cluster_profile {\n id = spectrocloud_cluster_profile.${attachedTo}.id\n variables = { replicas = "1" }\n }`, 'versions')}`;
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

  it.each([
    {
      name: 'a value of the wrong format',
      body: attached('replicas = "many"'),
      says: /variable replicas: the format is number/,
    },
    {
      name: 'a required variable without value',
      body: attached('greeting = "x"'),
      says: /variable replicas: it is required and has no value/,
    },
    {
      name: 'a variable that the profile does not have',
      body: attached('replicas = "1", greting = "x"'),
      says: /greting: no variable has that name; did you mean "greeting"/,
    },
    {
      name: 'a profile that does not exist',
      body: 'cluster_profile { id = "0123456789abcdef01234567" }',
      says: /There is no cluster profile "0123456789abcdef01234567"/,
    },
  ])('is not imported with $name', async ({ body, says }) => {
    const ws = await bench.workspace(profile() + cluster(body, 'wrong'));
    const output = await fail(ws.run('apply', '-auto-approve'));
    expect(output).toMatch(says);
    expect(output).toMatch(/on main\.tf line \d+, in resource "spectrocloud_cluster_brownfield" "wrong"/);
    const { items } = await bench.plane.client.post('/v1/dashboard/spectroclusters/search', {
      body: {},
      scope: bench.plane.project,
    });
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain('wrong');
    ws.write('main.tf', profile());
    await succeed(ws.run('destroy', '-auto-approve'));
  });
});
