import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';

import { readHelmIndex, type IndexStep } from './helm-index.ts';

/** Bytes in pieces of any size, as a network gives them. */
async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 4096): Promise<IndexStep[]> {
  const steps: IndexStep[] = [];
  for await (const step of readHelmIndex(inPieces(text, size))) steps.push(step);
  return steps;
}

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
const entry = fc.record({
  apiVersion: fc.constant('v2'),
  description: fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  version: fc.stringMatching(/^[0-9]\.[0-9]{1,2}\.[0-9]$/),
  keywords: fc.array(name, { maxLength: 3 }),
  maintainers: fc.array(fc.record({ name }), { maxLength: 2 }),
  urls: fc.array(fc.webUrl(), { minLength: 1, maxLength: 2 }),
});

describe('reading an index', () => {
  it('finds what is written, in YAML of any indentation and in JSON, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, fc.array(entry, { minLength: 1, maxLength: 3 }), { maxKeys: 4, noNullPrototype: true }),
        fc.constantFrom('yaml', 'indented', 'json'),
        fc.integer({ min: 1, max: 300 }),
        async (charts, form, size) => {
          const entries = Object.fromEntries(
            Object.entries(charts).map(([chart, versions]) => [
              chart,
              versions.map((one) => ({ ...one, name: chart })),
            ]),
          );
          const index = { apiVersion: 'v1', entries, generated: '2026-01-01T00:00:00Z' };
          const text =
            form === 'json'
              ? JSON.stringify(index)
              : stringify(index, {
                  // Helm quotes what YAML 1.1 takes for something else, such as a chart of the name n.
                  version: '1.1',
                  indentSeq: form === 'indented',
                  indent: form === 'indented' ? 4 : 2,
                });
          expect(await read(text, size)).toEqual(
            Object.values(entries).flatMap((versions) =>
              versions.map(({ name, version, description, urls }) => ({
                kind: 'entry',
                entry: { name, version, description, urls },
              })),
            ),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('reads texts over several lines, comments and quoted names', async () => {
    const text = `# made by hand
apiVersion: v1
entries:
  "web":
  # the newest
  - name: web
    version: 1.0.0
    description: |
      - not an entry

      # no comment
    urls: [web-1.0.0.tgz]
  other: []
  last:
    - {name: last, version: 2, urls: [last.tgz]}
generated: "2026-01-01T00:00:00Z"
`;
    expect(await read(text, 7)).toMatchObject([
      { kind: 'entry', entry: { name: 'web', description: '- not an entry\n\n# no comment\n' } },
      { kind: 'entry', entry: { name: 'last', version: '2' } },
    ]);
  });

  it('tells what is broken and goes on', async () => {
    const good = '  good:\n  - name: good\n    version: 1.0.0\n    urls:\n    - good.tgz\n';
    const text = `entries:\n  bad:\n  - name: [\n  - name: bad\n    version: 1.0.0\n${good}`;
    expect(await read(text)).toMatchObject([
      { kind: 'broken', what: 'bad', reason: expect.stringContaining('cannot be read') },
      { kind: 'broken', what: 'bad', reason: expect.stringContaining('urls') },
      { kind: 'entry', entry: { name: 'good' } },
    ]);
  });

  it.each(['entries: {}\n', 'apiVersion: v1\nentries:\n', '{"entries":{}}'])('finds nothing in %j', async (text) => {
    expect(await read(text)).toEqual([]);
  });

  it.each(['', 'hello', '<html></html>', '{', '{"a":1}', 'entries: [a, b]\n', '[]'])(
    'says that %j is none',
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({ code: 'RegistryBadAnswer' });
    },
  );

  it('never fails in another way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            'entries:',
            '  web:',
            '  - name: web',
            '    version: 1',
            '    urls: [x]',
            '- ',
            '\t',
            'x: &a [*a]',
            '{',
            '"',
          ),
        ),
        async (lines) => {
          const outcome = await read(lines.join('\n')).catch((error: unknown) => error);
          if (!Array.isArray(outcome)) expect(outcome).toMatchObject({ name: 'RegistryError' });
        },
      ),
    );
  });

  const long = 60_000;
  it.each([
    { name: 'a key that many spaces follow', text: `entries:\n  web:${' '.repeat(long)}x\n` },
    { name: 'a list of nothing with many spaces', text: `entries:\n  web:${' '.repeat(long)}[${' '.repeat(long)}x\n` },
    { name: 'entries that many spaces follow', text: `entries:${' '.repeat(long)}x\n` },
    {
      name: 'an entry of very many keys',
      text: `entries:\n  web:\n  - name: web\n${Array.from({ length: 12_000 }, (_, key) => `    k${key}:\n`).join('')}`,
    },
    { name: 'an entry that is nested without end', text: `entries:\n  web:\n  - name: ${'? '.repeat(10_000)}\n` },
  ])('is not held up by $name', async ({ text }) => {
    const started = performance.now();
    await read(text).catch(() => undefined);
    expect(performance.now() - started).toBeLessThan(2_500);
  });

  it('keeps the size of one entry in memory, not that of the index', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('entries:\n  web:\n  - name: web\n    description: |\n');
      for (let line = 0; line < 4000; line++) yield Buffer.from(`      ${'x'.repeat(1000)}\n`);
    };
    const steps: IndexStep[] = [];
    for await (const step of readHelmIndex(endless())) steps.push(step);
    expect(steps).toMatchObject([{ kind: 'broken', reason: expect.stringContaining('longer than') }]);
  });
});
