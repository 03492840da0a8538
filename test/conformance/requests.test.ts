/** How often the provider asks: many profiles share requests. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { planned, startBench, succeed, type Bench } from './support/terraform.ts';

jest.setTimeout(240_000);

const COUNT = 100;

let bench: Bench;

beforeAll(async () => {
  bench = await startBench('installed');
});

afterAll(async () => {
  await bench.stop();
});

/** The requests that were answered while something ran. */
async function requestsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const before = bench.plane.requests.length;
  await work();
  return bench.plane.requests
    .slice(before)
    .map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{24}/g, '{uid}')}`);
}

function tally(requests: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const request of requests) counts[request] = (counts[request] ?? 0) + 1;
  return counts;
}

const profiles = `
resource "spectrocloud_cluster_profile" "many" {
  count = ${COUNT}
  name  = "profile-\${count.index}"
  pack {
    name         = "hello-chart"
    tag          = "1.0.0"
    registry_uid = "REGISTRY"
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
      name          = "replicas"
      display_name  = "Replicas"
      default_value = "1"
    }
    variable {
      name          = "greeting"
      display_name  = "Greeting"
      default_value = "hello"
    }
  }
}
`;

describe(`${COUNT} cluster profiles`, () => {
  it('are made, refreshed and destroyed with few requests', async () => {
    const ws = await bench.workspace(profiles.replace('REGISTRY', bench.plane.registryUid));

    const making = tally(await requestsDuring(async () => succeed(ws.run('apply', '-auto-approve'))));
    expect(making['POST /v1/clusterprofiles']).toBe(COUNT);
    expect(making['PATCH /v1/clusterprofiles/{uid}/publish']).toBeUndefined();
    // One look at the pack in the plan, one in the apply: they are two processes.
    expect(making['GET /v1/packs/hello-chart/registries/{uid}']).toBeLessThanOrEqual(4);

    const refreshing = await requestsDuring(async () => expect(await planned(ws)).toBe('nothing'));
    expect(refreshing.length).toBeLessThanOrEqual(20);

    const removing = tally(await requestsDuring(async () => succeed(ws.run('destroy', '-auto-approve'))));
    expect(removing['DELETE /v1/clusterprofiles/{uid}']).toBe(COUNT);
  });
});
