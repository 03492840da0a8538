/** Bodies of requests as they go over the wire. */
import { randomUUID } from 'node:crypto';

export interface EncodedBody {
  readonly content: string | Uint8Array | undefined;
  /** Media type. */
  readonly type: string;
}

/** Bytes go as they are, an object with bytes in it as a form (JSON has no bytes), everything else as JSON. */
export function encodeBody(body: unknown, boundary: () => string = randomUUID): EncodedBody {
  if (body instanceof Uint8Array) return { content: body, type: 'application/octet-stream' };
  if (body === undefined) return { content: undefined, type: 'application/json' };
  const parts = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  if (parts.some(([, value]) => value instanceof Uint8Array)) return encodeForm(parts, boundary());
  return { content: JSON.stringify(body), type: 'application/json' };
}

function encodeForm(parts: readonly (readonly [name: string, value: unknown])[], boundary: string): EncodedBody {
  const pieces = parts.flatMap(([name, value]) => {
    if (value === undefined) return [];
    // A part without a file name is no file, and some servers do not look at it.
    const file = value instanceof Uint8Array ? `; filename="${name}"` : '';
    return [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
      value instanceof Uint8Array ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      Buffer.from('\r\n'),
    ];
  });
  return {
    content: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}
