/** One table over every resource: make, change, replace, drift, delete outside, import, refuse. Real Terraform, real plane. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { Workspace } from '#test/provider/support/workspace';

import { cases } from './cases.ts';
import type { Case, Outside, Refusal, Step, Values } from './cases/case.ts';
import { toCamelCase } from './support/camel-case.ts';
import { startEchoAgent, type EchoAgent } from './support/echo-agent.ts';
import { fail, planned, startBench, stateOf, succeed, type Bench } from './support/terraform.ts';
import { toHcl, type Rendered } from './support/to-hcl.ts';

jest.setTimeout(180_000);

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  await bench.stop();
});

describe.each(cases)('$type', (given: Case) => {
  const { type, needs = [] } = given;
  const address = `${type}.it`;
  let ws: Workspace;
  let agent: EchoAgent | undefined;

  const write = async (values: Values): Promise<Rendered> => {
    const rendered = await toHcl({ type, name: 'it', values });
    ws.write('main.tf', rendered.text);
    return rendered;
  };
  const state = async (): Promise<Values> => toCamelCase(type, stateOf(ws, address));
  const id = async (): Promise<string> => String((await state())['id']);

  /** That the state shows it, the plane holds it, the cluster has it, and nothing is left to do. */
  async function expectStep(step: Step, stored: unknown = step.stored): Promise<void> {
    expect(await state()).toMatchObject(step.state);
    expect(await given.stored(bench.plane, await id())).toEqual(stored);
    if (step.enforced !== undefined) {
      expect(agent?.layers().toSorted()).toEqual(step.enforced.layers);
      expect(agent?.variables()).toEqual(step.enforced.variables);
    }
    expect(await planned(ws)).toBe('nothing');
  }

  /** Runs the operation on the resource behind Terraform's back. */
  async function behind(act: Outside): Promise<void> {
    await act(bench.plane, await id());
  }

  /** That the output gives the reason, and shows the line of the attribute at fault. */
  function expectRefusal(output: string, { says, at }: Refusal, rendered: Rendered): void {
    expect(output).toMatch(says);
    const { number, text } = rendered.lineOf(at);
    expect(output).toContain(`on main.tf line ${number}, in resource "${type}" "it": ${number}: ${text}`);
  }

  const last = given.changes.at(-1) ?? given.changes[0];

  beforeAll(async () => {
    if (given.cluster !== undefined) agent = startEchoAgent(bench.plane, given.cluster);
    // One after the other: Jest does not link modules of two imports that run at once.
    const texts: string[] = [];
    for (const need of needs) texts.push((await toHcl(need)).text);
    ws = await bench.workspace(texts.join('\n'));
    ws.write('needs.tf', ws.read('main.tf'));
    ws.write('main.tf', '');
    if (needs.length > 0) await succeed(ws.run('apply', '-auto-approve'));
  });

  afterAll(async () => {
    await ws.run('destroy', '-auto-approve');
    await agent?.stop();
  });

  it('is made, and a second plan is empty', async () => {
    await write(given.create.values);
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('1 added, 0 changed, 0 destroyed');
    await expectStep(given.create);
  });

  it.each(given.changes)('changes in place: $name', async (change) => {
    const before = await id();
    const storedBefore = await given.stored(bench.plane, before);
    await write(change.values);
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('0 added, 1 changed, 0 destroyed');
    await expectStep(change);
    if (change.another === undefined) expect(await id()).toBe(before);
    else expect(await id()).not.toBe(before);
    if (change.another === 'beside') {
      expect(await given.stored(bench.plane, before)).toEqual(storedBefore);
      await given.remove(bench.plane, before);
    } else if (change.another === 'instead') expect(await given.list(bench.plane)).not.toContain(before);
  });

  if (given.drifts.length > 0) {
    it.each(given.drifts)('is put right when somebody $name', async ({ act, stored }) => {
      await behind(act);
      expect(await planned(ws)).toBe('changes');
      await succeed(ws.run('apply', '-auto-approve'));
      await expectStep(last, stored);
    });
  }

  const { importId } = given;
  if (importId !== undefined) {
    it('is imported as it is', async () => {
      const before = await id();
      await succeed(ws.run('state', 'rm', address));
      await succeed(ws.run('import', address, importId(before)));
      expect(await id()).toBe(before);
      // What is not read back (secrets, what only Terraform needs) may be written once.
      if (given.importedExactly) expect(await planned(ws)).toBe('nothing');
      await succeed(ws.run('apply', '-auto-approve'));
      await expectStep(last);
      expect(await id()).toBe(before);
    });
  }

  if (given.fixed !== undefined) {
    it.each(given.fixed)('is not changed, nor made anew, when this changes: $name', async (fixed) => {
      const rendered = await write(fixed.values);
      expectRefusal(await fail(ws.run('plan')), fixed, rendered);
      await write(last.values);
      await expectStep(last);
    });
  }

  it('is made anew when somebody deleted it', async () => {
    await behind(given.remove);
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('1 added, 0 changed, 0 destroyed');
    await expectStep(last);
  });

  if (given.replace !== undefined) {
    const { replace } = given;
    it('is replaced when what cannot change changes', async () => {
      await write(replace.values);
      expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('1 added, 0 changed, 1 destroyed');
      await expectStep(replace);
    });
  }

  it('is destroyed', async () => {
    const before = await given.list(bench.plane);
    const gone = await id();
    ws.write('main.tf', '');
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('0 added, 0 changed, 1 destroyed');
    const after = await given.list(bench.plane);
    expect(after).toHaveLength(before.length - 1);
    expect(after).not.toContain(gone);
  });

  it.each(given.wrong)('is refused with $name, at its line', async (wrong) => {
    const before = await given.list(bench.plane);
    const rendered = await write(wrong.values);
    expectRefusal(await fail(ws.run('apply', '-auto-approve')), wrong, rendered);
    expect(await succeed(ws.run('state', 'list'))).not.toContain(address);
    expect(await given.list(bench.plane)).toEqual(before);
    ws.write('main.tf', '');
  });
});
