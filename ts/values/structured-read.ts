/**
 * Reading a value in the structured format (structured-format.ts).
 *
 * Role: one reader to a message. It reads memory that may be shared, and what it gives out shares nothing with it.
 */
import { TransferError } from "../errors.js";
import { makeBigint } from "./bigints.js";
import { makeBinary } from "./binary.js";
import { makeError } from "./error-values.js";
import { HASH_BYTES, type ReadShapes } from "./shapes.js";
import { readLatin1, readString } from "./strings.js";
import { HAS_REFERENCES, MAX_SMALL, Marker } from "./structured-format.js";

/** Makes the object of a handle. */
export type FromHandle = (handle: unknown) => object;

/** A container without its contents. */
interface Shell {
  readonly marker: number;
  readonly container: object;
}

/**
 * A whole buffer, seen in two ways. Kept from one message to the next: a view takes 70 ns to make, as long as a small
 * message to read.
 */
export class Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  constructor(readonly buffer: ArrayBufferLike) {
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }
}

export class Reader {
  /** Objects in the order in which they began; null when none comes again. */
  private objects: unknown[] | null = null;
  private putOff: Shell[] | null = null;

  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  /** Reads the message that begins at byte `at` of `memory`. */
  constructor(
    memory: Memory,
    private at: number,
    private readonly shapes: ReadShapes,
    private readonly hooks: { fromHandle: FromHandle },
  ) {
    this.bytes = memory.bytes;
    this.view = memory.view;
  }

  message(): unknown {
    if (this.bytes[this.at++] === HAS_REFERENCES) this.objects = [];
    const value = this.read();
    if (this.putOff !== null) for (const { marker, container } of this.putOff) this.fill(marker, container);
    return value;
  }

  private read(): unknown {
    const marker = this.bytes[this.at++]!;
    if (marker <= MAX_SMALL) return marker;
    if (marker <= Marker.SHORT_STRING + MAX_SMALL) {
      const start = this.at;
      this.at = start + marker - Marker.SHORT_STRING;
      return readLatin1(this.bytes, start, this.at);
    }
    switch (marker) {
      case Marker.UNDEFINED:
        return undefined;
      case Marker.NULL:
        return null;
      case Marker.FALSE:
        return false;
      case Marker.TRUE:
        return true;
      case Marker.INTEGER:
        return this.readUint32() | 0;
      case Marker.FLOAT:
        return this.readFloat();
      case Marker.STRING:
        return this.readString();
      case Marker.BIGINT: {
        const isNegative = this.bytes[this.at++] === 1;
        const start = this.skip(this.readUint32());
        return makeBigint(this.bytes, start, this.at, isNegative);
      }
      case Marker.DATE:
        return this.began(new Date(this.readFloat()));
      case Marker.REGEXP:
        return this.began(new RegExp(this.read() as string, this.read() as string));
      case Marker.BOXED:
        return this.began(Object(this.read()));
      case Marker.BINARY: {
        const tag = this.bytes[this.at++]!;
        const start = this.skip(this.readUint32());
        return this.began(makeBinary(tag, this.bytes, start, this.at) ?? unknown(tag));
      }
      case Marker.HANDLE:
        return this.readHandle();
      case Marker.REFERENCE:
        return this.objects?.[this.readUint32()];
      case Marker.PUT_OFF:
        return this.readPutOff();
      default: {
        const container = this.makeShell(marker);
        this.fill(marker, container);
        return container;
      }
    }
  }

  /** Counts an object that begins. The writer counted it in the same place. */
  private began<T>(value: T): T {
    this.objects?.push(value);
    return value;
  }

  private makeShell(marker: number): object {
    switch (marker) {
      case Marker.OBJECT:
        return this.began({});
      case Marker.ARRAY:
        return this.began([]);
      case Marker.NULL_OBJECT:
        return this.began(Object.create(null) as object);
      case Marker.MAP:
        return this.began(new Map());
      case Marker.SET:
        return this.began(new Set());
      case Marker.ERROR: {
        const name = this.read() as string;
        if (name !== "DOMException") return this.began(makeError(name));
        return this.began(new DOMException(this.read() as string, this.read() as string));
      }
      default:
        return unknown(marker);
    }
  }

  private fill(marker: number, container: object): void {
    switch (marker) {
      case Marker.ARRAY:
        this.fillArray(container as unknown[]);
        break;
      case Marker.MAP:
        this.fillMap(container as Map<unknown, unknown>);
        break;
      case Marker.SET:
        this.fillSet(container as Set<unknown>);
        break;
      case Marker.ERROR:
        this.fillError(container);
        break;
      default:
        this.fillObject(container as Record<string, unknown>);
        break;
    }
  }

  private fillObject(object: Record<string, unknown>): void {
    const size = this.bytes[this.at++]!;
    if (size === 0) {
      this.fillDictionary(object);
      return;
    }
    const start = this.skip(HASH_BYTES + size);
    const { names, isCareful } = this.shapes.find(this.bytes, start, size);
    for (let i = 0; i < names.length; i++) {
      if (isCareful) define(object, names[i]!, this.read(), true);
      else object[names[i]!] = this.read();
    }
  }

  private fillDictionary(object: Record<string, unknown>): void {
    for (let count = this.readUint32(); count > 0; count--) {
      const name = this.read() as string;
      if (name in Object.prototype) define(object, name, this.read(), true);
      else object[name] = this.read();
    }
  }

  private fillArray(array: unknown[]): void {
    const length = this.readUint32();
    for (let i = 0; i < length; i++) {
      const marker = this.bytes[this.at];
      if (marker === Marker.FLOAT) {
        // Here rather than by `read`, whose result would be a number in a box of its own.
        this.at++;
        array[i] = this.view.getFloat64(this.skip(8), true);
      } else if (marker === Marker.HOLE) {
        this.at++;
      } else if (marker === Marker.REST_OF_HOLES) {
        this.at++;
        for (let count = this.readUint32(); count > 0; count--) array[this.readUint32()] = this.read();
        break;
      } else {
        array[i] = this.read();
      }
    }
    // Only when the last are missing: the assignment costs more than an element.
    if (array.length !== length) array.length = length;
  }

  private fillMap(map: Map<unknown, unknown>): void {
    for (let count = this.readUint32(); count > 0; count--) map.set(this.read(), this.read());
  }

  private fillSet(set: Set<unknown>): void {
    for (let count = this.readUint32(); count > 0; count--) set.add(this.read());
  }

  private fillError(error: object): void {
    for (let count = this.readUint32(); count > 0; count--) {
      const name = this.read() as string;
      const isEnumerable = this.bytes[this.at++] === 1;
      define(error, name, this.read(), isEnumerable);
    }
  }

  private readPutOff(): object {
    const marker = this.bytes[this.at++]!;
    const container = this.makeShell(marker);
    this.putOff ??= [];
    this.putOff.push({ marker, container });
    return container;
  }

  private readHandle(): object {
    const { objects } = this;
    // Its number comes before those of the handle's own parts, as when it was written.
    const index = objects === null ? 0 : objects.push(undefined) - 1;
    const object = this.hooks.fromHandle(this.read());
    if (objects !== null) objects[index] = object;
    return object;
  }

  private readString(): string {
    const tag = this.bytes[this.at++]!;
    const start = this.skip(this.readUint32());
    return readString(tag, this.bytes, start, this.at);
  }

  /** Goes over `size` bytes. Returns where they begin. */
  private skip(size: number): number {
    const start = this.at;
    this.at = start + size;
    return start;
  }

  private readUint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  private readFloat(): number {
    return this.view.getFloat64(this.skip(8), true);
  }
}

function define(object: object, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, name, { value, enumerable, writable: true, configurable: true });
}

function unknown(kind: number): never {
  throw new TransferError(
    "this thread's engine, or its version of Heddle, has no such values",
    "value",
    `of kind ${kind}`,
  );
}
