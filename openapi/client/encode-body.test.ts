import { describe, expect, it } from '@jest/globals';

import { encodeBody } from './encode-body.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the body of a request', () => {
  it.each([
    { name: 'is JSON', body: { a: [1] }, want: { content: '{"a":[1]}', type: 'application/json' } },
    { name: 'is empty', body: undefined, want: { content: undefined, type: 'application/json' } },
    { name: 'is bytes', body: bytes('x'), want: { content: bytes('x'), type: 'application/octet-stream' } },
  ])('$name', ({ body, want }) => {
    expect(encodeBody(body)).toEqual(want);
  });

  it('is a form that any server reads, where there are bytes in it', async () => {
    const { content, type } = encodeBody({ importFile: bytes('--x\r\ny: ü'), note: 'n', none: undefined });
    const form = await new Response(content as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': type },
    }).formData(); // as: made of bytes
    const file = form.get('importFile');
    expect(file instanceof Blob ? await file.text() : file).toBe('--x\r\ny: ü');
    expect(form.get('note')).toBe('n');
    expect([...form.keys()]).toEqual(['importFile', 'note']);
  });
});
