import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { boundaryOf, formParts } from './multipart.ts';

async function* inPieces(body: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

const text = (content: Uint8Array): string => Buffer.from(content).toString('latin1');

async function read(
  body: Uint8Array | string,
  boundary = 'b',
  size = 7,
): Promise<readonly (readonly [string, string])[]> {
  const found: [string, string][] = [];
  for await (const { name, content } of formParts(inPieces(Buffer.from(body), size), boundary)) {
    let all = '';
    for await (const chunk of content) all += text(chunk);
    found.push([name, all]);
  }
  return found;
}

const part = (name: string, content: string): string =>
  `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${name}.tgz"\r\ncontent-type: application/gzip\r\n\r\n${content}\r\n`;

describe('a form', () => {
  it('is read part by part, whatever is in it, however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            name: fc.stringMatching(/^[a-zA-Z]{1,8}$/),
            content: fc.array(
              fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom('\r\n', '--b', '\r\n--', '-')),
              {
                maxLength: 6,
              },
            ),
          }),
          { maxLength: 5 },
        ),
        fc.integer({ min: 1, max: 64 }),
        async (given, size) => {
          const parts = given.map(({ name, content }) => ({
            name,
            content: Buffer.concat(content.map((piece) => Buffer.from(piece))),
          }));
          // As a sender does: one that occurs in no part.
          const boundary = 'boundary-that-does-not-occur';
          const body = Buffer.concat([
            ...parts.flatMap(({ name, content }) => [
              Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
              content,
              Buffer.from('\r\n'),
            ]),
            Buffer.from(`--${boundary}--\r\n`),
          ]);
          expect(await read(body, boundary, size)).toEqual(parts.map(({ name, content }) => [name, text(content)]));
        },
      ),
    );
  });

  it('is read as fetch writes it', async () => {
    const form = new FormData();
    form.append('uploadFile', new Blob(['content\r\n--']), 'shop.bundle');
    form.append('signature', 'sig');
    const request = new Request('https://localhost/', { method: 'POST', body: form });
    const boundary = boundaryOf(request.headers.get('content-type') ?? '') ?? '';
    expect(await read(new Uint8Array(await request.arrayBuffer()), boundary)).toEqual([
      ['uploadFile', 'content\r\n--'],
      ['signature', 'sig'],
    ]);
  });

  it('goes on after a part that nobody read to its end', async () => {
    const names: string[] = [];
    const body = Buffer.from(`${part('a', 'x'.repeat(1_000))}${part('b', 'y'.repeat(1_000))}--b--`);
    for await (const { name, content } of formParts(inPieces(body, 10), 'b')) {
      names.push(name);
      if (name === 'a') await content[Symbol.asyncIterator]().next();
    }
    expect(names).toEqual(['a', 'b']);
  });

  it('loses no part after one whose reader stops with its last piece', async () => {
    const found: string[] = [];
    const body = Buffer.from(`${part('a', 'x')}${part('b', 'y')}${part('c', 'z')}--b--`);
    for await (const { name, content } of formParts(inPieces(body, body.length), 'b')) {
      const { value } = await content[Symbol.asyncIterator]().next();
      found.push(`${name} ${text(value ?? new Uint8Array())}`);
    }
    expect(found).toEqual(['a x', 'b y', 'c z']);
  });

  it('is read to its end, whatever follows the last part', async () => {
    let isEnded = false;
    const source = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield* inPieces(Buffer.from(`${part('a', 'x')}--b--`), 7);
      yield Buffer.from('\r\nepilogue');
      isEnded = true;
    };
    for await (const { name } of formParts(source(), 'b')) expect(name).toBe('a');
    expect(isEnded).toBe(true);
  });

  it.each([
    {
      name: 'that does not end',
      body: `${part('a', 'x')}--b--${'x'.repeat(5_000)}`,
      want: 'goes on after its last part',
    },
    { name: 'that ends early', body: `${part('a', 'x')}--b`, want: 'it ends early' },
    { name: 'that ends within a part', body: part('a', 'x').slice(0, -3), want: 'it ends early' },
    { name: 'that is none', body: 'x'.repeat(5_000), want: 'its first part does not begin' },
    { name: 'with a part of no name', body: '--b\r\ncontent-type: a/b\r\n\r\nx\r\n--b--', want: 'a part has no name' },
    {
      name: 'with endless headers',
      body: `--b\r\n${'h: v\r\n'.repeat(3_000)}`,
      want: 'headers of a part are too long',
    },
    { name: 'with parts without number', body: `${part('a', 'x').repeat(20)}--b--`, want: 'more than 16 parts' },
  ])('$name is refused', async ({ body, want }) => {
    await expect(read(body)).rejects.toThrow(want);
  });

  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b"', 'a b'],
    ['application/octet-stream', undefined],
    ['multipart/form-data-of-ours; boundary=abc', undefined],
  ])('of type %s has the boundary %s', (type, want) => {
    expect(boundaryOf(type)).toBe(want);
  });

  it('that names no boundary is refused', () => {
    expect(() => boundaryOf('multipart/form-data')).toThrow('names no boundary');
  });
});
