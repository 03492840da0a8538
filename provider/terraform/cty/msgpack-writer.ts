/** Writes MessagePack into one growing buffer. */
export interface MsgpackWriter {
  nil(): void;
  bool(value: boolean): void;
  /** An integer in its shortest form, any other number as a double. @throws RangeError for NaN and infinities */
  number(value: number | bigint): void;
  string(value: string): void;
  binary(value: Uint8Array): void;
  array(length: number): void;
  map(length: number): void;
  /** Bytes that are MessagePack already. */
  raw(value: Uint8Array): void;
  finish(): Buffer;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

export function createMsgpackWriter(): MsgpackWriter {
  let buffer = Buffer.allocUnsafe(1024);
  let length = 0;

  const reserve = (bytes: number): void => {
    if (length + bytes <= buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + bytes));
    buffer.copy(grown, 0, 0, length);
    buffer = grown;
  };
  const byte = (value: number): void => {
    reserve(1);
    buffer[length++] = value;
  };
  /** A head byte and a big-endian length of 1, 2 or 4 bytes, whichever is the shortest that the format has. */
  const head = (
    size: number,
    heads: readonly [fix: number | undefined, fixBelow: number, h8: number | undefined, h16: number, h32: number],
  ): void => {
    const [fix, fixBelow, h8, h16, h32] = heads;
    reserve(5);
    if (fix !== undefined && size < fixBelow) buffer[length++] = fix | size;
    else if (h8 !== undefined && size < 0x100) {
      buffer[length++] = h8;
      buffer[length++] = size;
    } else if (size < 0x10000) {
      buffer[length++] = h16;
      length = buffer.writeUInt16BE(size, length);
    } else {
      buffer[length++] = h32;
      length = buffer.writeUInt32BE(size, length);
    }
  };
  const string = (value: string): void => {
    const size = Buffer.byteLength(value);
    head(size, [0xa0, 32, 0xd9, 0xda, 0xdb]);
    reserve(size);
    length += buffer.write(value, length);
  };
  const int64 = (value: bigint): void => {
    byte(0xd3);
    reserve(8);
    length = buffer.writeBigInt64BE(value, length);
  };

  return {
    nil: () => byte(0xc0),
    bool: (value) => byte(value ? 0xc3 : 0xc2),
    number(value) {
      if (typeof value === 'bigint') {
        if (value >= INT64_MIN && value <= INT64_MAX) int64(value);
        else string(value.toString()); // cty reads a text as a number of any size
      } else if (!Number.isFinite(value)) {
        throw new RangeError(`${value} is no number that can be stored`);
      } else if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
        byte(0xcb);
        reserve(8);
        length = buffer.writeDoubleBE(value, length);
      } else if (value >= 0 && value < 0x80) byte(value);
      else if (value < 0 && value >= -32) byte(value & 0xff);
      else int64(BigInt(value));
    },
    string,
    binary(value) {
      head(value.length, [undefined, 0, 0xc4, 0xc5, 0xc6]);
      reserve(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    array: (size) => head(size, [0x90, 16, undefined, 0xdc, 0xdd]),
    map: (size) => head(size, [0x80, 16, undefined, 0xde, 0xdf]),
    raw(value) {
      reserve(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    finish: () => buffer.subarray(0, length),
  };
}
