/** `palette pack render` and `palette pack import`, as they are called. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

import { type Outcome, palette as inProcess } from '../profiles/support/command.ts';
import { EXAMPLES, HELM_BUILD_MS, helmPath, temporary } from './support.ts';

let work: Awaited<ReturnType<typeof temporary>>;
beforeAll(async () => {
  await helmPath();
  work = await temporary();
}, HELM_BUILD_MS);
afterAll(async () => work.remove());

const palette = async (...args: readonly string[]): Promise<Outcome> => inProcess('pack', ...args);

const GUARDRAILS = join(EXAMPLES, 'guardrails-1.0.0');
const HELLO = join(EXAMPLES, 'hello-chart-1.0.0');

describe('palette pack render', () => {
  it('prints what an agent would apply, in its order', async () => {
    const { code, out } = await palette(
      'render',
      HELLO,
      '--set',
      'replicas=3',
      '--set',
      'greeting=Hi',
      '--cluster',
      'edge-9',
    );
    expect(code).toBe(0);
    expect(out).toContain('# Layer: hello-chart 1.0.0\napiVersion: v1\nkind: Namespace\n');
    expect(out).toContain('replicas: 3');
    expect(out).toContain('greeting: Hi');
    expect(out).toContain('EDGE-9');
  });
  it('gives JSON and tables, with values and presets', async () => {
    const values = join(work.path, 'values.yaml');
    await writeFile(values, 'manifests:\n  namespaces:\n    names: [only]\n');
    const table = await palette(
      'render',
      GUARDRAILS,
      '--values',
      values,
      '--preset',
      'Isolation:open',
      '--output',
      'table',
    );
    expect(table.err).toBe('');
    expect(table.out).toMatch(/^KIND +NAMESPACE +NAME\nNamespace +guardrails\nNamespace +only\n/);
    expect(table.out).not.toContain('NetworkPolicy');
    const json = await palette('render', GUARDRAILS, '--preset', 'Isolation:closed', '--output', 'json');
    expect([json.code, JSON.parse(json.out || '[]')]).toEqual([
      0,
      expect.arrayContaining([expect.objectContaining({ kind: 'NetworkPolicy' })]),
    ]);
  });
  it.each([
    { name: 'a folder that is not there', args: ['none'], code: 2, want: /none: there is no such folder or archive/ },
    {
      name: 'a preset that is not there',
      args: [GUARDRAILS, '--preset', 'Isolation:none'],
      code: 1,
      want: /has no preset "Isolation:none"; there are /,
    },
    {
      name: 'a variable that nothing reads',
      args: [HELLO, '--set', 'replica=3'],
      code: 2,
      want: /--set replica: nothing in the pack reads/,
    },
    {
      name: 'a variable without value',
      args: [HELLO],
      code: 1,
      want: /values\.yaml:\d+:\d+: .*unknown profile variable/,
    },
    {
      name: 'values of the wrong form, when that matters',
      args: [HELLO, '--set', 'replicas=3', '--set', 'greeting=x', '--values', 'FILE', '--strict'],
      code: 1,
      want: /values-(format|required|readonly)/,
    },
  ])('says what is wrong: $name', async ({ args, code, want }) => {
    const file = join(work.path, 'wrong.yaml');
    await writeFile(file, 'charts:\n  hello:\n    replicas: many\n');
    const ran = await palette('render', ...args.map((arg) => (arg === 'FILE' ? file : arg)));
    expect(ran.err).toMatch(want);
    expect(ran.code).toBe(code);
    expect(ran.out).toBe('');
  });
});

describe('palette pack import', () => {
  it('writes a module that a program uses: right values compile, wrong ones do not', async () => {
    const file = join(process.cwd(), 'test', 'packs', `.imported-${process.pid}.ts`);
    const program = file.replace('.imported', '.program');
    try {
      expect(await palette('import', 'hello-chart', '--packs', EXAMPLES, '--output-file', file)).toMatchObject({
        code: 0,
      });
      await writeFile(
        program,
        `import { variable } from '#profiles/index';
import { helloChart } from './${file.slice(file.lastIndexOf('/') + 1)}';
const count = variable('count', { format: 'number', default: 2 });
export const right = helloChart({ values: { charts: { hello: { replicas: count, greeting: 'x' } } } });
export const wrongType = helloChart({ values: { charts: { hello: { replicas: 'many' } } } });
export const wrongKey = helloChart({ values: { chart: {} } });
`,
      );
      expect(compile([file, program])).toEqual([
        expect.stringMatching(/^5: Type 'string' is not assignable to type 'number/),
        expect.stringMatching(/^6: .*'chart' does not exist/),
      ]);
    } finally {
      await rm(file, { force: true });
      await rm(program, { force: true });
    }
  }, 120_000);
  it('writes the types of a path to standard output, or types alone', async () => {
    const printed = await palette('import', GUARDRAILS, '--output-file', '-');
    expect(printed.out).toContain('export interface GuardrailsPresets {');
    const file = join(work.path, 'guardrails.d.ts');
    await palette('import', GUARDRAILS, '--output-file', file);
    expect(await readFile(file, 'utf8')).not.toContain('function');
  });
  it.each([
    { args: ['none', '--packs', EXAMPLES], want: /there is no pack none\nThere are: guardrails, hello-chart\./ },
    { args: ['hello-chart@9.x', '--packs', EXAMPLES], want: /hello-chart has no version 9\.x; there are 1\.0\.0/ },
  ])('says what is not there: $args', async ({ args, want }) => {
    const { code, err } = await palette('import', ...args);
    expect([code, err]).toEqual([1, expect.stringMatching(want)]);
  });
});

/** Line and message of each error, as a program in a folder of a user's would get it. */
function compile(files: readonly string[]): string[] {
  const compiled = ts.createProgram([...files], {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@palette-iac/source'],
    types: ['node'],
  });
  return ts
    .getPreEmitDiagnostics(compiled)
    .filter(({ file }) => file !== undefined && files.includes(file.fileName))
    .map(({ file, start = 0, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
}
