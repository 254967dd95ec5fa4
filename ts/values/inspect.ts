/**
 * The walk over a value before it is written: it refuses what cannot travel, and finds what msgpackr would lose.
 *
 * It must be cheap for plain data: no path is put together unless something is refused, and a few objects are remembered
 * in a list.
 *
 * Role: encoding. It runs code of the caller's: accessors and proxies.
 */
import { HeddleError, TransferError } from "../errors.js";
import { type Binary, isOfThisRealm, refuseBinary } from "./binary.js";
import { errorClassOf, errorFields } from "./error-values.js";
import { Kind, kindOf } from "./kinds.js";
import { EntryStep, pathOf, type Step } from "./path.js";
import {
  type Refusal,
  refuseDepth,
  refuseHoles,
  refuseInstance,
  refuseName,
  refusePrimitive,
  refuseShared,
  unreadable,
} from "./refusals.js";
import { type StandIn, standInFor } from "./stand-ins.js";

/** Levels of objects within objects. msgpackr's stack ends at some 1,200 (Node 20, x64). */
export const MAX_DEPTH = 1024;

/** Missing elements of an array, each of which becomes three bytes. */
const MAX_HOLES = 1_000_000;

/** Objects that are remembered in a list: more than these, in a Set, which is slower for a few. */
const FEW = 16;

/** V8 knows this one in a loop over the names of the same object (Node 20), and then it costs nothing; `Object.hasOwn` it does not. */
const owns = Object.prototype.hasOwnProperty;

/** Finds what has no place in the format. @throws {TransferError} with the path to it */
export function inspect(value: object, toHandle: (value: object) => unknown | undefined): Inspection {
  const inspection = new Inspection(toHandle);
  inspection.start(value);
  return inspection;
}

/** What a walk needs of memory: kept for the next one, since most values are small and many. */
class Notes {
  /** steps[0, depth) lead to the object that is looked at. Null is a step that is not made: the object itself is looked at. */
  readonly steps: Step[] = [];
  /** The first objects that it has met. */
  readonly few: (object | null)[] = new Array(FEW).fill(null);
  count = 0;

  /** Keeps nothing of the caller's alive. The steps are gone already, each when the walk came back from it. */
  clear(): void {
    for (let i = 0; i < this.count; i++) this.few[i] = null;
    this.count = 0;
  }
}

/** Of a walk that is over; null while there is one. */
let spare: Notes | null = null;

export class Inspection {
  /** Stand-ins of objects that msgpackr would lose; null when there are none. */
  standIns: Map<object, StandIn> | null = null;
  /** What belongs into them, by number. */
  contents: unknown[][] | null = null;
  /** Where -0 stands, which msgpackr takes for 0: a container (or contents) and its key, each. Null: nowhere. */
  zeros: unknown[] | null = null;
  /** Whether it consists of plain objects and arrays, each once, and of what has no parts. */
  isTree = true;

  private readonly notes: Notes;
  private depth = 0;
  /** All objects that it has met, when they are more than a few. */
  private all: Set<object> | null = null;

  constructor(private readonly toHandle: (value: object) => unknown | undefined) {
    this.notes = spare ?? new Notes();
    spare = null;
  }

  start(value: object): void {
    try {
      this.lookInto(value);
      this.notes.clear();
      spare = this.notes;
    } catch (error) {
      // Errors of the house say what is wrong already, such as a closed queue that was asked for its handle.
      throw error instanceof HeddleError ? error : unreadable(error, this.path());
    }
  }

  /** Looks at what stands in `holder` under `key`. */
  private look(value: unknown, holder: object, key: unknown): void {
    switch (typeof value) {
      case "number":
        if (value === 0 && 1 / value < 0) {
          this.zeros ??= [];
          this.zeros.push(holder, key);
        }
        break;
      case "object":
        if (value !== null) this.lookInto(value);
        break;
      case "bigint":
        this.isTree = false;
        break;
      case "function":
      case "symbol":
        throw this.refusal(refusePrimitive(value));
    }
  }

  private lookInto(value: object): void {
    if (this.hasMet(value)) {
      this.isTree = false;
      return;
    }
    const kind = kindOf(value);
    switch (kind) {
      case Kind.OBJECT:
      case Kind.OBJECT_OF_ANOTHER_REALM:
        this.enter();
        this.lookAtProperties(value as Record<string, unknown>);
        this.leave();
        break;
      case Kind.ARRAY:
        this.enter();
        this.lookAtElements(value as unknown[]);
        this.leave();
        break;
      default:
        this.lookAtOther(value, kind);
        break;
    }
  }

  private hasMet(value: object): boolean {
    const { notes, all } = this;
    if (all !== null) return all.size === all.add(value).size;
    const { few, count } = notes;
    for (let i = 0; i < count; i++) if (few[i] === value) return true;
    if (count < FEW) few[notes.count++] = value;
    else this.all = new Set<object>(few as object[]).add(value);
    return false;
  }

  private enter(): void {
    this.notes.steps[this.depth++] = null;
    if (this.depth > MAX_DEPTH) throw this.refusal(refuseDepth(MAX_DEPTH));
  }

  private leave(): void {
    this.notes.steps[--this.depth] = null;
  }

  private lookAtProperties(value: Record<string, unknown>): void {
    const { steps } = this.notes;
    const step = this.depth - 1;
    for (const name in value) {
      if (!owns.call(value, name)) continue;
      steps[step] = name;
      if (name === "__proto__" || name === "__keys__") throw this.refusal(refuseName(name));
      this.look(value[name], value, name);
    }
  }

  private lookAtElements(array: readonly unknown[]): void {
    const { steps } = this.notes;
    const step = this.depth - 1;
    const { length } = array;
    let holes = 0;
    for (let i = 0; i < length; i++) {
      steps[step] = i;
      const element = array[i];
      if (element === undefined && !(i in array) && ++holes > MAX_HOLES) {
        steps[step] = null;
        throw this.refusal(refuseHoles(MAX_HOLES, length));
      }
      this.look(element, array, i);
    }
  }

  /** All but objects and arrays. What msgpackr does not know gets a stand-in, before what is in it is looked at. */
  private lookAtOther(value: object, kind: number): void {
    this.isTree = false;
    switch (kind) {
      case Kind.NULL_OBJECT:
        this.lookAtBare(value as Record<string, unknown>);
        break;
      case Kind.MAP:
        this.lookAtEntries(value as Map<unknown, unknown>);
        break;
      case Kind.SET:
        this.lookAtMembers(value as Set<unknown>);
        break;
      case Kind.ERROR:
        this.lookAtError(value as Error);
        break;
      case Kind.DATE:
        // Throws when it only looks like one; as `source` does.
        (value as Date).getTime();
        if (value.constructor !== Date) this.standIn(value, kind);
        break;
      case Kind.REGEXP:
        (value as RegExp).source;
        if (value.constructor !== RegExp) this.standIn(value, kind);
        break;
      case Kind.BOXED:
        this.standIn(value, kind);
        break;
      case Kind.SHARED_BUFFER:
        throw this.refusal(refuseShared("SharedArrayBuffer"));
      case Kind.UNKNOWN: {
        const handle = this.toHandle(value);
        if (handle === undefined) throw this.refusal(refuseInstance(value));
        this.standIns ??= new Map();
        this.standIns.set(value, [kind, -1, handle]);
        break;
      }
      default: {
        const refusal = refuseBinary(value as Binary, kind);
        if (refusal !== null) throw this.refusal(refusal);
        if (!isOfThisRealm(value as Binary, kind)) this.standIn(value, kind);
        break;
      }
    }
  }

  private lookAtBare(value: Record<string, unknown>): void {
    const contents = this.standInWithContents(value, Kind.NULL_OBJECT);
    this.enter();
    for (const name in value) {
      this.notes.steps[this.depth - 1] = name;
      const item = value[name];
      this.look(item, contents, contents.push(name, item) - 1);
    }
    this.leave();
  }

  private lookAtEntries(map: ReadonlyMap<unknown, unknown>): void {
    // Not instanceof: msgpackr goes by the constructor.
    const contents = map.constructor === Map ? null : this.standInWithContents(map, Kind.MAP);
    this.enter();
    const step = this.depth - 1;
    let i = 0;
    for (const [key, item] of map) {
      this.notes.steps[step] = new EntryStep("key", i, key);
      this.look(key, map, key);
      this.notes.steps[step] = new EntryStep("value", i, key);
      if (contents === null) this.look(item, map, key);
      else this.look(item, contents, contents.push(key, item) - 1);
      i++;
    }
    this.leave();
  }

  private lookAtMembers(set: ReadonlySet<unknown>): void {
    const contents = set.constructor === Set ? null : this.standInWithContents(set, Kind.SET);
    this.enter();
    let i = 0;
    for (const member of set) {
      this.notes.steps[this.depth - 1] = new EntryStep("member", i++, member);
      this.look(member, set, member);
      contents?.push(member);
    }
    this.leave();
  }

  private lookAtError(error: Error): void {
    const contents = this.standInWithContents(error, Kind.ERROR);
    this.enter();
    for (const { key, enumerable, value } of errorFields(error, errorClassOf(Object.getPrototypeOf(error))!)) {
      this.notes.steps[this.depth - 1] = key;
      this.look(value, contents, contents.push(key, enumerable, value) - 1);
    }
    this.leave();
  }

  private standIn(value: object, kind: number, number = -1): void {
    this.standIns ??= new Map();
    this.standIns.set(value, standInFor(value, kind, number));
  }

  private standInWithContents(value: object, kind: number): unknown[] {
    const contents: unknown[] = [];
    this.contents ??= [];
    this.standIn(value, kind, this.contents.push(contents) - 1);
    return contents;
  }

  private refusal({ got, reason }: Refusal): TransferError {
    return new TransferError(reason, this.path(), got);
  }

  private path(): string {
    return pathOf("value", this.notes.steps.slice(0, this.depth));
  }
}
