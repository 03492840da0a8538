/** One table over every resource: make, change, replace, drift, delete outside, import, refuse. Real Terraform, real plane. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { Workspace } from '#test/provider/support/workspace';

import { type Answered, cases, type Case } from './cases.ts';
import { fail, planned, startBench, stateOf, succeed, type Bench } from './support/terraform.ts';

jest.setTimeout(180_000);

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  await bench.stop();
});

const resourceOf = ({ type }: Case, body: string): string => `resource "${type}" "it" {\n${body}\n}\n`;

/** Runs the operation on the resource behind Terraform's back. */
async function behind(
  ws: Workspace,
  given: Case,
  act: (plane: Bench['plane'], id: string) => Promise<Answered>,
): Promise<void> {
  const { id } = await stateOf(ws, `${given.type}.it`);
  await act(bench.plane, String(id));
}

describe.each(cases)('$type', (given: Case) => {
  const address = `${given.type}.it`;
  let ws: Workspace;

  beforeAll(async () => {
    ws = await bench.workspace(resourceOf(given, given.create));
  });

  afterAll(async () => {
    await ws.run('destroy', '-auto-approve');
  });

  it('is made, and a second plan is empty', async () => {
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('1 added, 0 changed, 0 destroyed');
    expect(await stateOf(ws, address)).toMatchObject(given.created);
    expect(await planned(ws)).toBe('nothing');
  });

  it('changes in place', async () => {
    const { id } = await stateOf(ws, address);
    ws.write('main.tf', resourceOf(given, given.change));
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('0 added, 1 changed, 0 destroyed');
    expect(await stateOf(ws, address)).toMatchObject({ id, ...given.changed });
    expect(await planned(ws)).toBe('nothing');
  });

  it('is put right when somebody changed it', async () => {
    await behind(ws, given, given.drift);
    expect(await planned(ws)).toBe('changes');
    await succeed(ws.run('apply', '-auto-approve'));
    expect(await stateOf(ws, address)).toMatchObject(given.changed);
    expect(await planned(ws)).toBe('nothing');
  });

  it('is imported as it is', async () => {
    const { id } = await stateOf(ws, address);
    await succeed(ws.run('state', 'rm', address));
    await succeed(ws.run('import', address, given.importId(String(id))));
    expect((await stateOf(ws, address))['id']).toBe(id);
    // What is not read back (secrets, what only Terraform needs) may be written once.
    if (given.importedExactly) expect(await planned(ws)).toBe('nothing');
    await succeed(ws.run('apply', '-auto-approve'));
    expect(await planned(ws)).toBe('nothing');
    expect((await stateOf(ws, address))['id']).toBe(id);
  });

  it('is made anew when somebody deleted it', async () => {
    await behind(ws, given, given.remove);
    expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('1 added, 0 changed, 0 destroyed');
    expect(await planned(ws)).toBe('nothing');
  });

  if (given.replace !== undefined) {
    const { replace } = given;
    it('is replaced when what cannot change changes', async () => {
      ws.write('main.tf', resourceOf(given, replace));
      expect(await succeed(ws.run('apply', '-auto-approve'))).toContain('1 added, 0 changed, 1 destroyed');
    });
  }

  it('is destroyed', async () => {
    expect(await succeed(ws.run('destroy', '-auto-approve'))).toContain('1 destroyed');
  });

  it.each(given.wrong)('is refused with $name, at its line', async ({ body, at, says }) => {
    ws.write('main.tf', resourceOf(given, body));
    const output = await fail(ws.run('apply', '-auto-approve'));
    expect(output).toMatch(says);
    // Terraform shows the line of the attribute.
    expect(output).toMatch(new RegExp(`on main\\.tf line \\d+, in resource "${given.type}" "it".* \\d+: .*${at}`));
    expect(await succeed(ws.run('state', 'list'))).toBe('');
  });
});
