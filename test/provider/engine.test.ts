import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startReattachProvider, type ReattachProvider } from '#provider/terraform/testing/start-reattach-provider';

import { startFakeApi, type FakeApi } from './support/fake-api.ts';
import { toyDataSources, toyResources, toys } from './support/toy.ts';
import { createWorkspace, type CommandResult, type Workspace } from './support/workspace.ts';

jest.setTimeout(120_000);

let api: FakeApi;
let provider: ReattachProvider;
let ws: Workspace;

beforeAll(async () => {
  api = await startFakeApi();
  provider = await startReattachProvider({ resources: toyResources, dataSources: toyDataSources });
});

afterAll(async () => {
  await provider.close();
  await api.close();
});

async function scenario(work: () => Promise<void>): Promise<void> {
  ws = createWorkspace({ env: provider.env });
  ws.write(
    'provider.tf',
    `provider "spectrocloud" {\n  host = "${api.host}"\n  api_key = "${api.apiKey}"\n  ignore_insecure_tls_error = true\n}\n`,
  );
  toys.clear();
  try {
    await work();
  } finally {
    ws.remove();
  }
}

const toy = (body: string, name = 'it'): string => `resource "spectrocloud_toy" "${name}" {\n${body}\n}\n`;

async function apply(config: string): Promise<CommandResult> {
  ws.write('main.tf', config);
  const result = await ws.run('apply', '-auto-approve');
  expect(result.output).not.toContain('Provider produced');
  return result;
}

const nothingToDo = { code: 0, output: expect.stringContaining('No changes') };

/** Every kind of attribute and block at once. */
const FULL = `
  name   = "full"
  size   = 123456789012345678901234567890
  values = "\\n a: 1 \\n"
  tags   = ["b", "a"]
  labels = { one = "1" }
  secret = "hunter2"
  pack {
    name = "os"
    tag  = "1.0"
    manifest {
      name    = "m"
      content = "x: 1\\n"
    }
  }
  pack {
    name = "cni"
  }
  profile { id = "p1" }
  profile {
    id        = "p2"
    variables = { size = "3" }
  }
  variables {
    variable { name = "size" }
  }
  timeouts { create = "5m" }
`;

describe('Terraform with the engine', () => {
  it('has nothing to do after an apply of everything at once', async () => {
    await scenario(async () => {
      expect(await apply(toy(FULL))).toMatchObject({ code: 0 });
      expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject(nothingToDo);
      expect(ws.read('terraform.tfstate')).toContain('123456789012345678901234567890');
      expect(await ws.run('plan', '-refresh=false', '-detailed-exitcode')).toMatchObject(nothingToDo);
    });
  });

  it('materialises defaults in the state, as the official provider does', async () => {
    await scenario(async () => {
      await apply(
        `${toy('name = "plain"')}output "defaults" { value = [spectrocloud_toy.it.context, spectrocloud_toy.it.keep, spectrocloud_toy.it.size] }`,
      );
      const { output } = await ws.run('output', '-json', 'defaults');
      expect(JSON.parse(output)).toEqual(['project', false, null]);
    });
  });

  it('plans values that come from what does not exist yet', async () => {
    await scenario(async () => {
      const config = (tag: string): string =>
        `${toy(`name = "one"\ndescription = "${tag}"`, 'one')}${toy('name = "two"\ndescription = "pre-${spectrocloud_toy.one.id}"\nprofile { id = spectrocloud_toy.one.fingerprint }\npack {\n  name = spectrocloud_toy.one.id\n}', 'two')}`;
      expect(await apply(config('a'))).toMatchObject({ code: 0, output: expect.stringContaining('2 added') });
      expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject(nothingToDo);
      expect(await apply(config('b'))).toMatchObject({
        code: 0,
        output: expect.stringContaining('0 added, 1 changed, 0 destroyed'),
      });
    });
  });

  it('makes dynamic blocks of what is not known yet', async () => {
    await scenario(async () => {
      const config = `${toy('name = "one"', 'one')}${toy('name = "two"\ndynamic "pack" {\n  for_each = toset([for e in spectrocloud_toy.one.endpoints : e.host_name])\n  content {\n    name = pack.value\n  }\n}', 'two')}`;
      expect(await apply(config)).toMatchObject({ code: 0 });
      expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject(nothingToDo);
    });
  });

  it('changes in place, keeping computed values with their elements', async () => {
    await scenario(async () => {
      await apply(toy(FULL));
      const changed = FULL.replace('tag  = "1.0"', 'tag  = "1.1"').replace('tags   = ["b", "a"]', 'tags = ["a", "b"]');
      ws.write('main.tf', toy(changed));
      const plan = await ws.run('plan', '-detailed-exitcode');
      expect(plan).toMatchObject({ code: 2, output: expect.stringContaining('0 to add, 1 to change, 0 to destroy') });
      expect(plan.output).toMatch(/~ tag +=/);
      expect(plan.output).not.toContain('~ tags');
      expect(plan.output.match(/known after apply/g)).toHaveLength(1);
      expect(await apply(toy(changed))).toMatchObject({ code: 0 });
      expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject(nothingToDo);
    });
  });

  it('replaces when it has to, and says why', async () => {
    await scenario(async () => {
      await apply(toy('name = "one"'));
      ws.write('main.tf', toy('name = "two"'));
      expect(await ws.run('plan')).toMatchObject({ output: expect.stringMatching(/name +=.*# forces replacement/) });
      expect(await apply(toy('name = "two"'))).toMatchObject({
        code: 0,
        output: expect.stringContaining('1 added, 0 changed, 1 destroyed'),
      });
    });
  });

  it('does nothing at the API when only a timeout changes', async () => {
    await scenario(async () => {
      await apply(toy('name = "one"'));
      const before = [...toys.values()][0];
      expect(await apply(toy('name = "one"\ntimeouts { update = "1m" }'))).toMatchObject({
        code: 0,
        output: expect.stringContaining('1 changed'),
      });
      expect([...toys.values()][0]).toBe(before);
    });
  });

  it('shows what is wrong at its line', async () => {
    await scenario(async () => {
      ws.write(
        'main.tf',
        toy('name = "Not Good"\npack {\n  name = "os"\n  type = "x"\n}\ntimeouts { create = "soon" }'),
      );
      const { code, output } = await ws.run('validate');
      expect(code).toBe(1);
      expect(output).toContain('Expected lower-case letters and dashes');
      expect(output).toContain('on main.tf line 2');
      expect(output).toContain('on main.tf line 7');
      const failed = await apply(toy('name = "one"\ndescription = "invalid"\npack {\n  name = "os"\n  tag = "9"\n}'));
      expect(failed).toMatchObject({ code: 1, output: expect.stringContaining('Error: No such pack') });
      expect(failed.output).toContain('on main.tf line 6');
      expect(ws.read('terraform.tfstate')).not.toContain('toy-');
    });
  });

  it('keeps what exists when the rest of a creation fails', async () => {
    await scenario(async () => {
      expect(await apply(toy('name = "one"\ndescription = "half"'))).toMatchObject({
        code: 1,
        output: expect.stringContaining('the second half failed'),
      });
      expect(await apply(toy('name = "one"\ndescription = "whole"'))).toMatchObject({
        code: 0,
        output: expect.stringContaining('1 added, 0 changed, 1 destroyed'),
      });
      expect(toys.size).toBe(1);
    });
  });

  it('passes warnings on', async () => {
    await scenario(async () => {
      expect(await apply(toy('name = "one"\ndescription = "warn"'))).toMatchObject({
        code: 0,
        output: expect.stringContaining('Warning: Take care'),
      });
    });
  });

  it('imports with defaults, so that nothing is left to do', async () => {
    await scenario(async () => {
      await apply(toy('name = "one"\npack {\n  name = "os"\n}'));
      const [id] = [...toys.keys()];
      await ws.run('state', 'rm', 'spectrocloud_toy.it');
      expect(await ws.run('import', 'spectrocloud_toy.it', id ?? '')).toMatchObject({ code: 0 });
      expect(await ws.run('plan', '-detailed-exitcode')).toMatchObject(nothingToDo);
      expect(await ws.run('import', 'spectrocloud_toy.other', 'nope')).toMatchObject({ code: 1 });
    });
  });

  it('brings states of older versions up to date, and drops what is no longer there', async () => {
    await scenario(async () => {
      await apply(toy('name = "one"\ndescription = "kept"'));
      const state = JSON.parse(ws.read('terraform.tfstate')) as {
        resources: { instances: { schema_version: number; attributes: Record<string, unknown> }[] }[];
      }; // as: Terraform wrote it
      const instance = state.resources[0]?.instances[0];
      if (instance === undefined) throw new Error('there is no state');
      instance.schema_version = 1;
      instance.attributes = { ...instance.attributes, description: 'lost', comment: 'kept', gone: true };
      ws.write('terraform.tfstate', JSON.stringify(state));
      expect(await ws.run('plan', '-refresh=false', '-detailed-exitcode')).toMatchObject(nothingToDo);
      instance.schema_version = 3;
      ws.write('terraform.tfstate', JSON.stringify(state));
      expect(await ws.run('plan')).toMatchObject({ code: 1 });
    });
  });

  it('reads data sources, and says what they do not find', async () => {
    await scenario(async () => {
      const config = `${toy('name = "one"\nsize = 3')}data "spectrocloud_toy" "found" { name = spectrocloud_toy.it.name }\noutput "found" { value = data.spectrocloud_toy.found }\n`;
      expect(await apply(config)).toMatchObject({ code: 0 });
      expect(JSON.parse((await ws.run('output', '-json', 'found')).output)).toMatchObject({
        name: 'one',
        context: 'project',
        size: 3,
      });
      ws.write('data.tf', 'data "spectrocloud_toy" "none" { name = "none" }');
      expect(await ws.run('plan')).toMatchObject({ code: 1, output: expect.stringContaining('There is no toy none') });
    });
  });

  it('plans with settings that are not known yet', async () => {
    await scenario(async () => {
      ws.write(
        'provider.tf',
        `resource "terraform_data" "host" { input = "${api.host}" }\nprovider "spectrocloud" {\n  host = terraform_data.host.output\n  api_key = "${api.apiKey}"\n  ignore_insecure_tls_error = true\n}\n`,
      );
      ws.write('main.tf', toy('name = "one"'));
      expect(await ws.run('plan')).toMatchObject({ code: 0, output: expect.stringContaining('2 to add') });
      expect(await ws.run('apply', '-auto-approve')).toMatchObject({ code: 0 });
    });
  });
});
