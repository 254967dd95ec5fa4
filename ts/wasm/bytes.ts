/**
 * Bytes: where they are written, where they are read, and the codecs that everything else is made of.
 *
 * Source: WebAssembly Core Specification 2.0, "Values" and "Conventions" of the binary format (LEB128, vectors, names).
 * Role:   any thread.
 *
 * A codec is a pair: what `write` writes, `read` reads back. Reading trusts nothing: every fault is a `WasmError` with the byte
 * where it happened, and no length is believed before the bytes for it are seen to be there.
 */
import { WasmError } from "../errors.js";

export interface Codec<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

/** A buffer that grows. */
export class Writer {
  private buffer = new Uint8Array(256);
  length = 0;

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
  }

  bytes(values: Uint8Array): void {
    if (this.length + values.length > this.buffer.length) this.grow(values.length);
    this.buffer.set(values, this.length);
    this.length += values.length;
  }

  /** What was written so far: a view, valid until the next write. */
  written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + needed));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

/** A place in some bytes. `end` is where the present section, or the whole, ends. */
export class Reader {
  offset = 0;
  end: number;
  readonly source: Uint8Array;

  constructor(source: Uint8Array) {
    // Node's Buffer is an Uint8Array whose `slice` does not copy; through this view it is as any other.
    this.source = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    this.end = source.length;
  }

  byte(): number {
    // A short source gives undefined here, never a neighbour's byte.
    const value = this.offset < this.end ? this.source[this.offset] : undefined;
    if (value === undefined) throw this.fault("another byte", "the end", this.offset);
    this.offset++;
    return value;
  }

  /** The next byte, left where it is. */
  peek(): number {
    const value = this.byte();
    this.offset--;
    return value;
  }

  /** The next `length` bytes: a copy, so that the source may be changed or dropped. */
  bytes(length: number): Uint8Array {
    if (length > this.end - this.offset) {
      throw this.fault(`${length} more bytes`, `${this.end - this.offset} before the end`, this.offset);
    }
    this.offset += length;
    return this.source.slice(this.offset - length, this.offset);
  }

  /** The error for what stands at `offset`. */
  fault(expected: string, found: string, offset = this.offset): WasmError {
    return new WasmError(
      `not a WebAssembly module that Heddle can read: at byte ${offset}, expected ${expected}, found ${found}`,
    );
  }
}

/** A reader of the same source, elsewhere in it. */
export function readerAt({ source }: Reader, offset: number): Reader {
  const reader = new Reader(source);
  reader.offset = offset;
  return reader;
}

export const byte: Codec<number> = {
  write: (writer, value) => writer.byte(value),
  read: (reader) => reader.byte(),
};

/** 0 to 2^32 - 1, at most five bytes. */
export const u32: Codec<number> = {
  write(writer, value) {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      writer.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    writer.byte(rest);
  },
  read(reader) {
    const start = reader.offset;
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const next = reader.byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    const last = reader.byte();
    if (last > 0x0f) throw reader.fault("an unsigned number of 32 bits", "a longer one", start);
    return (value | (last << 28)) >>> 0;
  },
};

/** Signed LEB128 of `bits` bits, 33 at most: `read` gives -2^(bits-1) to 2^(bits-1) - 1. */
function signed(bits: 32 | 33): Codec<number> {
  const limit = 2 ** (bits - 1);
  return {
    write(writer, value) {
      let rest = value;
      // Plain arithmetic, because the bit operators see 32 bits only.
      while (rest < -0x40 || rest > 0x3f) {
        const low = ((rest % 0x80) + 0x80) % 0x80;
        writer.byte(low | 0x80);
        rest = (rest - low) / 0x80;
      }
      writer.byte(rest & 0x7f);
    },
    read(reader) {
      const start = reader.offset;
      let value = 0;
      for (let scale = 1; scale <= 2 ** 28; scale *= 0x80) {
        const next = reader.byte();
        const low = next & 0x7f;
        if (next >= 0x80) value += low * scale;
        else {
          value += (low >= 0x40 ? low - 0x80 : low) * scale;
          if (value >= -limit && value < limit) return value;
          break;
        }
      }
      throw reader.fault(`a signed number of ${bits} bits`, "a longer one", start);
    },
  };
}

export const s32 = signed(32);
export const s33 = signed(33);

/** -2^63 to 2^63 - 1, at most ten bytes. */
export const s64: Codec<bigint> = {
  write(writer, value) {
    let rest = value;
    while (rest < -0x40n || rest > 0x3fn) {
      writer.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    writer.byte(Number(rest & 0x7fn));
  },
  read(reader) {
    const start = reader.offset;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const next = reader.byte();
      value |= BigInt(next & 0x7f) << shift;
      if (next >= 0x80) continue;
      // The tenth byte has one bit left to say: anything but 0 or all ones is too large.
      if (shift === 63n && next !== 0x00 && next !== 0x7f) break;
      return next & 0x40 ? BigInt.asIntN(64, value | (-1n << (shift + 7n))) : value;
    }
    throw reader.fault("a signed number of 64 bits", "a longer one", start);
  },
};

/** The bit pattern of a float, little-endian. */
export function pattern(size: 4 | 8): Codec<bigint> {
  return {
    write(writer, value) {
      for (let index = 0; index < size; index++) writer.byte(Number((value >> BigInt(8 * index)) & 0xffn));
    },
    read(reader) {
      const view = new DataView(reader.bytes(size).buffer);
      return size === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true);
    },
  };
}

/** Exactly `length` bytes. */
export function fixed(length: number): Codec<Uint8Array> {
  return {
    write: (writer, value) => writer.bytes(value),
    read: (reader) => reader.bytes(length),
  };
}

/** A count, then as many items. */
export function vector<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    write(writer, values) {
      u32.write(writer, values.length);
      for (const value of values) item.write(writer, value);
    },
    read(reader) {
      const start = reader.offset;
      const count = u32.read(reader);
      // Every item takes a byte at least: a larger count is a lie, found out before anything is allocated for it.
      if (count > reader.end - reader.offset) {
        throw reader.fault(`a count of at most ${reader.end - reader.offset}`, String(count), start);
      }
      const values: T[] = [];
      for (let index = 0; index < count; index++) values.push(item.read(reader));
      return values;
    },
  };
}

/** A size in bytes, then a value that takes exactly as many. */
export function sized<T>(content: Codec<T>, what: string): Codec<T> {
  return {
    write(writer, value) {
      const inner = new Writer();
      content.write(inner, value);
      u32.write(writer, inner.length);
      writer.bytes(inner.written());
    },
    read(reader) {
      const size = u32.read(reader);
      const outerEnd = reader.end;
      if (size > outerEnd - reader.offset) {
        throw reader.fault(`${size} bytes of ${what}`, `${outerEnd - reader.offset} before the end`);
      }
      reader.end = reader.offset + size;
      const value = content.read(reader);
      if (reader.offset !== reader.end) {
        throw reader.fault(`the end of ${what}`, `${reader.end - reader.offset} more bytes`);
      }
      reader.end = outerEnd;
      return value;
    },
  };
}

/** A count, then as many bytes. */
export const blob: Codec<Uint8Array> = {
  write(writer, value) {
    u32.write(writer, value.length);
    writer.bytes(value);
  },
  read: (reader) => reader.bytes(u32.read(reader)),
};

const UTF8_OUT = new TextEncoder();
const UTF8_IN = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text in UTF-8. */
export const text: Codec<string> = {
  write(writer, value) {
    // The encoder would put U+FFFD for half a character, and two names could become one.
    if (/\p{Surrogate}/u.test(value)) throw new WasmError(`expected a well-formed name, got ${JSON.stringify(value)}`);
    blob.write(writer, UTF8_OUT.encode(value));
  },
  read(reader) {
    const start = reader.offset;
    const bytes = blob.read(reader);
    try {
      return UTF8_IN.decode(bytes);
    } catch {
      throw reader.fault("a name in UTF-8", "bytes that are not", start);
    }
  },
};
