/** Server-sent events (WHATWG HTML, section 9.2.6): bytes in, messages out. */
export interface SseMessage {
  /** `message` unless the stream names it. */
  readonly event: string;
  readonly data: string;
  /** The id in force: that of this message or of the last one that had one. */
  readonly id: string | undefined;
}

export type SseItem =
  | { readonly kind: 'message'; readonly message: SseMessage }
  | { readonly kind: 'retry'; readonly ms: number };

/** Longest line or message that is accepted, in characters. */
const MAX_LENGTH = 1024 * 1024;

/**
 * Reads messages until the stream ends. A message that the end cuts off is dropped, as the standard says.
 *
 * @throws RangeError for a message longer than 1 Mi characters.
 */
export async function* parseSse(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SseItem> {
  let id: string | undefined;
  let event = '';
  let data: string[] = [];
  let size = 0;
  for await (const line of lines(chunks)) {
    if (line === '') {
      if (data.length > 0) yield { kind: 'message', message: { event: event || 'message', data: data.join('\n'), id } };
      event = '';
      data = [];
      size = 0;
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') {
      size += value.length;
      if (size > MAX_LENGTH) throw new RangeError(`an event is longer than ${MAX_LENGTH} characters`);
      data.push(value);
    } else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) yield { kind: 'retry', ms: Number(value) };
    // A line that starts with a colon is a comment; unknown fields are ignored.
  }
}

/** Lines without their ends: CR LF, LF or CR. */
async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    // A CR at the end may be half of a CR LF: it waits for the next chunk.
    const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const parts = whole.split(/\r\n|\n|\r/);
    rest = (parts.pop() ?? '') + rest.slice(whole.length);
    if (rest.length > MAX_LENGTH) throw new RangeError(`a line is longer than ${MAX_LENGTH} characters`);
    yield* parts;
  }
}
