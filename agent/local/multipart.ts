/** Forms as browsers and curl send files (RFC 7578), read as they come: a part is never held in memory whole. */
import { LocalError } from './local-error.ts';

export interface FormPart {
  /** Of the field. */
  readonly name: string;
  /** To be read before the next part is asked for; what is left of it then is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

const MAX_HEADERS = 8 * 1024;
const MAX_PREAMBLE = 1024;
const MAX_EPILOGUE = 1024;
const MAX_PARTS = 16;
const HEADERS_END = Buffer.from('\r\n\r\n');

/** What parts of a form of this type end with; undefined for a body of another type. @throws LocalError */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw wrong('it names no boundary');
  return boundary;
}

/** The parts, one after the other; the source is read to its end. @throws LocalError when it is no form, or ends early */
export async function* formParts(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPart, void, undefined> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // Not `for await`: that would end the source with the first part that is not read to its end.
  const chunks = source[Symbol.asyncIterator]();
  // The first boundary follows no line.
  let rest: Buffer = Buffer.from('\r\n');
  const more = async (): Promise<void> => {
    const next = await chunks.next();
    if (next.done === true) throw wrong('it ends early');
    rest = Buffer.concat([rest, next.value]);
  };
  const have = async (count: number): Promise<void> => {
    while (rest.length < count) await more();
  };
  const upToBoundary = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const at = rest.indexOf(delimiter);
      const end = at < 0 ? rest.length - delimiter.length + 1 : at;
      const content = rest.subarray(0, Math.max(0, end));
      rest = rest.subarray(content.length + (at < 0 ? 0 : delimiter.length));
      if (content.length > 0) yield content;
      if (at >= 0) return;
      await more();
    }
  };

  let preamble = 0;
  for await (const chunk of upToBoundary()) {
    preamble += chunk.length;
    if (preamble > MAX_PREAMBLE) throw wrong('its first part does not begin');
  }
  for (let count = 0; ; count++) {
    await have(2);
    if (rest.subarray(0, 2).equals(Buffer.from('--'))) break;
    if (count >= MAX_PARTS) throw wrong(`it has more than ${MAX_PARTS} parts`);
    let end = rest.indexOf(HEADERS_END);
    for (; end < 0; end = rest.indexOf(HEADERS_END)) {
      if (rest.length > MAX_HEADERS) throw wrong('the headers of a part are too long');
      await more();
    }
    const headers = rest.subarray(0, end).toString('utf8');
    // The line break that ends the last header may begin the boundary of a part that is empty.
    rest = rest.subarray(end + 2);
    const part = upToBoundary();
    yield { name: nameIn(headers), content: withoutFirstBreak(part) };
    while ((await part.next()).done !== true);
  }
  // A body that is not read to its end counts as one that does not come.
  for (let epilogue = rest.length; ;) {
    if (epilogue > MAX_EPILOGUE) throw wrong('it goes on after its last part');
    const next = await chunks.next();
    if (next.done === true) return;
    epilogue += next.value.length;
  }
}

/** Leaves the part where its reader stops, for the rest to be skipped; `for await` would end it. */
async function* withoutFirstBreak(part: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let left = 2;
  for (let next = await part.next(); next.done !== true; next = await part.next()) {
    const shorter = next.value.subarray(left);
    left -= next.value.length - shorter.length;
    if (shorter.length > 0) yield shorter;
  }
}

function nameIn(headers: string): string {
  const disposition = /(?:^|\r\n)content-disposition:\s*form-data\s*;([^\r\n]*)/i.exec(headers)?.[1] ?? '';
  const [, quoted, plain] = /(?:^|;|\s)name=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(disposition) ?? [];
  const name = quoted ?? plain;
  if (name === undefined) throw wrong('a part has no name');
  return name;
}

function wrong(why: string): LocalError {
  return new LocalError(400, 'BadRequest', `the form cannot be read: ${why}`);
}
