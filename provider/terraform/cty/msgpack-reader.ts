/** Reads MessagePack from front to back. Every method throws a MsgpackError at bytes that are not what it expects. */
export interface MsgpackReader {
  /** Reads a nil, if there is one. */
  nil(): boolean;
  /** Reads an extension value (cty's unknown values, refined or not), if there is one. */
  extension(): boolean;
  bool(): boolean;
  /** A number that a double holds exactly, a bigint, or the text of a number. */
  number(): number | bigint | string;
  string(): string;
  /** Bytes of a binary or of a string. */
  bytes(): Buffer;
  array(): number;
  map(): number;
  /** @throws MsgpackError when something is left */
  end(): void;
}

export class MsgpackError extends Error {
  readonly code = 'InvalidMsgpack';

  constructor(expected: string, offset: number, byte: number | undefined) {
    super(
      `MessagePack: expected ${expected} at byte ${offset}, got ${byte === undefined ? 'the end' : `0x${byte.toString(16).padStart(2, '0')}`}`,
    );
    this.name = 'MsgpackError';
  }
}

export function createMsgpackReader(bytes: Uint8Array): MsgpackReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  const fail = (expected: string): never => {
    throw new MsgpackError(expected, at, buffer[at]);
  };
  /** Passes over `size` bytes and returns where they began. */
  const skip = (size: number, expected: string): number => {
    if (at + size > buffer.length) throw new MsgpackError(expected, buffer.length, undefined);
    at += size;
    return at - size;
  };
  const uint = (size: 1 | 2 | 4, expected: string): number => buffer.readUIntBE(skip(size, expected), size);
  const container = (expected: string, fix: number, h16: number, h32: number): number => {
    const head = buffer[at] ?? fail(expected);
    if ((head & 0xf0) === fix) {
      at++;
      return head & 0x0f;
    }
    if (head !== h16 && head !== h32) return fail(expected);
    at++;
    return uint(head === h16 ? 2 : 4, expected);
  };
  const bytesAt = (expected: string): Buffer => {
    const head = buffer[at] ?? fail(expected);
    let size: number;
    if ((head & 0xe0) === 0xa0) {
      at++;
      size = head & 0x1f;
    } else {
      const width = lengthWidth(head) ?? fail(expected);
      at++;
      size = uint(width, expected);
    }
    const from = skip(size, expected);
    return buffer.subarray(from, from + size);
  };

  return {
    nil() {
      if (buffer[at] !== 0xc0) return false;
      at++;
      return true;
    },
    extension() {
      const head = buffer[at];
      if (head === undefined) return false;
      if (head >= 0xd4 && head <= 0xd8) {
        at++;
        skip(1 + 2 ** (head - 0xd4), 'an extension');
        return true;
      }
      if (head < 0xc7 || head > 0xc9) return false;
      at++;
      const size = uint(head === 0xc7 ? 1 : head === 0xc8 ? 2 : 4, 'an extension');
      skip(1 + size, 'an extension');
      return true;
    },
    bool() {
      const head = buffer[at];
      if (head !== 0xc2 && head !== 0xc3) return fail('a boolean');
      at++;
      return head === 0xc3;
    },
    number() {
      const head = buffer[at] ?? fail('a number');
      if (head < 0x80 || head >= 0xe0) {
        at++;
        return head < 0x80 ? head : head - 0x100;
      }
      const size = numberWidth(head);
      if (size === undefined) return bytesAt('a number').toString('utf8');
      at++;
      const from = skip(size, 'a number');
      switch (head) {
        case 0xca:
          return buffer.readFloatBE(from);
        case 0xcb:
          return buffer.readDoubleBE(from);
        case 0xcf:
          return narrow(buffer.readBigUInt64BE(from));
        case 0xd3:
          return narrow(buffer.readBigInt64BE(from));
        default: {
          const width = size as 1 | 2 | 4; // as: the 8 byte forms are the cases above
          return head >= 0xd0 ? buffer.readIntBE(from, width) : buffer.readUIntBE(from, width);
        }
      }
    },
    string: () => bytesAt('a string').toString('utf8'),
    bytes: () => bytesAt('bytes'),
    array: () => container('an array', 0x90, 0xdc, 0xdd),
    map: () => container('a map', 0x80, 0xde, 0xdf),
    end() {
      if (at !== buffer.length) fail('the end');
    },
  };
}

/** Width of the length of a string or binary, in bytes. */
function lengthWidth(head: number): 1 | 2 | 4 | undefined {
  if (head === 0xd9 || head === 0xc4) return 1;
  if (head === 0xda || head === 0xc5) return 2;
  return head === 0xdb || head === 0xc6 ? 4 : undefined;
}

/** Width of a number, in bytes. */
function numberWidth(head: number): 1 | 2 | 4 | 8 | undefined {
  if (head === 0xcc || head === 0xd0) return 1;
  if (head === 0xcd || head === 0xd1) return 2;
  if (head === 0xce || head === 0xd2 || head === 0xca) return 4;
  return head === 0xcf || head === 0xd3 || head === 0xcb ? 8 : undefined;
}

function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
