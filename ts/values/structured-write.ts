/**
 * Writing a value in the structured format (structured-format.ts).
 *
 * The bytes are made in private memory, in one pass: only when they are there does anybody know how many they are, and
 * nothing of the queue is touched until then. A value that cannot travel ends the pass with its path.
 *
 * Role: a codec's own; not while it is writing already (an accessor of the value may come back to the codec).
 */
import { HeddleError, TransferError } from "../errors.js";
import { type Binary, bytesOf, refuseBinary } from "./binary.js";
import { errorClassOf, errorFields } from "./error-values.js";
import { Kind, kindOf } from "./kinds.js";
import { LeafWriter } from "./leaf-writer.js";
import { EntryStep, pathOf, type Step } from "./path.js";
import { PropertyStack } from "./property-stack.js";
import { type Refusal, refuseInstance, refusePrimitive, refuseShared, unreadable } from "./refusals.js";
import { Seen } from "./seen.js";
import { HASH_BYTES, WrittenShapes } from "./shapes.js";
import { HAS_REFERENCES, MAX_DEPTH, MAX_HOLES, Marker } from "./structured-format.js";

/** Gives the handle of an object that has one, else undefined. */
export type ToHandle = (value: object) => unknown | undefined;

/** A container whose contents come at the end. */
interface PutOff {
  readonly value: object;
  readonly kind: number;
  /** The way to it from the container that was put off before, or from the root. */
  readonly steps: readonly Step[];
  readonly parent: PutOff | null;
}

const EMPTY: object = {};

export class Writer extends LeafWriter {
  private readonly shapes = new WrittenShapes();
  private isUsed = false;
  private hasReferences = false;
  /** Object.prototype has no enumerable properties, as always but for pages that give it some. */
  private isBare = true;
  private readonly seen = new Seen();
  /**
   * steps[0, depth) lead to the value that is being written, from the root or from `current`. Null is a step that is not
   * made: the container itself is looked at.
   */
  private readonly steps: Step[] = [];
  private depth = 0;
  private hasEntrySteps = false;
  private readonly properties = new PropertyStack();
  private putOff: PutOff[] = [];
  /** The one that is being written now; null before the root has ended. */
  private current: PutOff | null = null;

  constructor(private readonly toHandle: ToHandle) {
    super();
  }

  /**
   * Writes a message.
   *
   * @throws {TransferError} something in the value cannot travel, or reading it threw (then with a `cause`)
   */
  message(value: unknown): void {
    // Only when the stack ended in the midst of the last `forget`.
    if (this.isUsed) this.forget();
    this.isUsed = true;
    this.length = 1;
    this.isBare = true;
    for (const _ in EMPTY) this.isBare = false;
    try {
      this.write(value);
      for (const item of this.putOff) {
        this.current = item;
        this.steps[0] = null;
        this.depth = 1;
        this.writeContents(item.value, item.kind);
      }
      this.bytes[0] = this.hasReferences ? HAS_REFERENCES : 0;
    } catch (error) {
      // Errors of the house say what is wrong already, such as a closed queue that was asked for its handle.
      if (error instanceof HeddleError) throw error;
      throw unreadable(error, this.path());
    } finally {
      this.forget();
    }
  }

  private write(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.writeString(value);
        break;
      case "number":
        this.writeNumber(value);
        break;
      case "object":
        if (value === null) this.mark(Marker.NULL);
        else this.writeObject(value);
        break;
      case "boolean":
        this.mark(value ? Marker.TRUE : Marker.FALSE);
        break;
      case "undefined":
        this.mark(Marker.UNDEFINED);
        break;
      case "bigint":
        this.writeBigint(value);
        break;
      default:
        throw this.refusal(refusePrimitive(value));
    }
  }

  private writeObject(value: object): void {
    const number = this.seen.numberOf(value);
    if (number >= 0) {
      this.mark(Marker.REFERENCE);
      this.writeCount(number);
      this.hasReferences = true;
      return;
    }
    const kind = kindOf(value);
    switch (kind) {
      case Kind.OBJECT:
      case Kind.OBJECT_OF_ANOTHER_REALM:
        this.writeContainer(value, kind, Marker.OBJECT);
        break;
      case Kind.ARRAY:
        this.writeContainer(value, kind, Marker.ARRAY);
        break;
      case Kind.NULL_OBJECT:
        this.writeContainer(value, kind, Marker.NULL_OBJECT);
        break;
      case Kind.MAP:
        this.writeContainer(value, kind, Marker.MAP);
        break;
      case Kind.SET:
        this.writeContainer(value, kind, Marker.SET);
        break;
      case Kind.ERROR:
        this.writeContainer(value, kind, Marker.ERROR);
        break;
      case Kind.DATE:
        this.mark(Marker.DATE);
        this.reserve(8);
        this.view.setFloat64(this.length, (value as Date).getTime(), true);
        this.length += 8;
        break;
      case Kind.REGEXP:
        this.mark(Marker.REGEXP);
        this.writeString((value as RegExp).source);
        this.writeString((value as RegExp).flags);
        break;
      case Kind.BOXED:
        this.mark(Marker.BOXED);
        this.write(value.valueOf());
        break;
      case Kind.SHARED_BUFFER:
        throw this.refusal(refuseShared("SharedArrayBuffer"));
      case Kind.UNKNOWN:
        this.writeHandle(value);
        break;
      default:
        this.writeBinary(value as Binary, kind);
        break;
    }
  }

  private writeHandle(value: object): void {
    const handle = this.toHandle(value);
    if (handle === undefined) throw this.refusal(refuseInstance(value));
    this.mark(Marker.HANDLE);
    this.write(handle);
  }

  private writeBinary(value: Binary, tag: number): void {
    const refusal = refuseBinary(value, tag);
    if (refusal !== null) throw this.refusal(refusal);
    this.mark(Marker.BINARY);
    this.mark(tag);
    this.writeBytes(bytesOf(value));
  }

  private writeContainer(value: object, kind: number, marker: number): void {
    const isDeep = this.depth === MAX_DEPTH;
    if (isDeep) this.mark(Marker.PUT_OFF);
    this.mark(marker);
    if (kind === Kind.ERROR) this.writeErrorClass(value as Error);
    if (isDeep) {
      this.putOff.push({ value, kind, steps: this.steps.slice(0, this.depth), parent: this.current });
      return;
    }
    this.steps[this.depth++] = null;
    this.writeContents(value, kind);
    this.depth--;
  }

  private writeContents(value: object, kind: number): void {
    switch (kind) {
      case Kind.ARRAY:
        this.writeElements(value as unknown[]);
        break;
      case Kind.MAP:
        this.writeEntries(value as Map<unknown, unknown>);
        break;
      case Kind.SET:
        this.writeMembers(value as Set<unknown>);
        break;
      case Kind.ERROR:
        this.writeErrorFields(value as Error);
        break;
      default:
        this.writeProperties(value as Record<string, unknown>, kind);
        break;
    }
  }

  private writeProperties(value: Record<string, unknown>, kind: number): void {
    const { properties, steps } = this;
    const step = this.depth - 1;
    const start = properties.top;
    const end = this.readProperties(value, kind);
    const { names, values } = properties;
    const run = end > start ? this.shapes.find(names, start, end) : null;
    if (run !== null) {
      this.writeRun(run);
    } else {
      this.mark(0);
      this.writeCount(end - start);
    }
    for (let i = start; i < end; i++) {
      const name = names[i]!;
      steps[step] = name;
      if (run === null) this.writeString(name);
      this.write(values[i]);
    }
    properties.top = start;
  }

  /** Puts an object's properties on the stack. Returns its new top. */
  private readProperties(value: Record<string, unknown>, kind: number): number {
    const { properties } = this;
    try {
      return properties.push(value, kind === Kind.OBJECT_OF_ANOTHER_REALM || (kind === Kind.OBJECT && !this.isBare));
    } catch (error) {
      this.steps[this.depth - 1] = properties.unreadable;
      throw error;
    }
  }

  private writeRun(run: Uint8Array): void {
    const size = run.length;
    this.reserve(1 + size);
    const { bytes } = this;
    let { length } = this;
    bytes[length++] = size - HASH_BYTES;
    for (let i = 0; i < size; i++) bytes[length + i] = run[i]!;
    this.length = length + size;
  }

  private writeElements(array: readonly unknown[]): void {
    const { steps } = this;
    const step = this.depth - 1;
    const { length } = array;
    this.writeCount(length);
    for (let i = 0; i < length; i++) {
      steps[step] = i;
      const element = array[i];
      if (element !== undefined || Object.hasOwn(array, i)) {
        this.write(element);
      } else if (length - i <= MAX_HOLES) {
        this.mark(Marker.HOLE);
      } else {
        // new Array(4e9) is an array too: only its keys can say in good time what else there is.
        this.writeRest(array, i);
        return;
      }
    }
  }

  /** The elements from `from` on that are there. */
  private writeRest(array: readonly unknown[], from: number): void {
    const { length } = array;
    const indices: number[] = [];
    for (const key of Object.keys(array)) {
      const index = Number(key);
      if (index >= from && index < length && String(index) === key) indices.push(index);
    }
    this.mark(Marker.REST_OF_HOLES);
    this.writeCount(indices.length);
    for (const index of indices) {
      this.steps[this.depth - 1] = index;
      this.writeCount(index);
      this.write(array[index]);
    }
  }

  private writeEntries(map: ReadonlyMap<unknown, unknown>): void {
    const { steps } = this;
    const step = this.depth - 1;
    const place = this.placeOfCount();
    this.hasEntrySteps = true;
    let count = 0;
    for (const [key, value] of map) {
      steps[step] = new EntryStep("key", count, key);
      this.write(key);
      steps[step] = new EntryStep("value", count, key);
      this.write(value);
      count++;
    }
    this.view.setUint32(place, count, true);
  }

  private writeMembers(set: ReadonlySet<unknown>): void {
    const { steps } = this;
    const step = this.depth - 1;
    const place = this.placeOfCount();
    this.hasEntrySteps = true;
    let count = 0;
    for (const member of set) {
      steps[step] = new EntryStep("member", count, member);
      this.write(member);
      count++;
    }
    this.view.setUint32(place, count, true);
  }

  private writeErrorClass(error: Error): void {
    const name = errorClassOf(Object.getPrototypeOf(error))!;
    this.writeString(name);
    if (name !== "DOMException") return;
    this.writeString(error.message);
    this.writeString(error.name);
  }

  private writeErrorFields(error: Error): void {
    const fields = errorFields(error, errorClassOf(Object.getPrototypeOf(error))!);
    this.writeCount(fields.length);
    for (const { key, enumerable, value } of fields) {
      this.steps[this.depth - 1] = key;
      this.writeString(key);
      this.mark(enumerable ? 1 : 0);
      this.write(value);
    }
  }

  private refusal({ got, reason }: Refusal): TransferError {
    return new TransferError(reason, this.path(), got);
  }

  private path(): string {
    const parts: (readonly Step[])[] = [this.steps.slice(0, this.depth)];
    for (let item = this.current; item !== null; item = item.parent) parts.push(item.steps);
    return pathOf("value", parts.reverse().flat());
  }

  /** Lets go of everything of the caller's, and is ready for the next message. */
  private forget(): void {
    this.hasReferences = false;
    this.seen.forget();
    this.properties.forget();
    this.depth = 0;
    // Steps into Maps and Sets hold what they lead to.
    if (this.hasEntrySteps) this.steps.length = 0;
    this.hasEntrySteps = false;
    if (this.putOff.length > 0) this.putOff = [];
    this.current = null;
    this.isUsed = false;
  }
}
