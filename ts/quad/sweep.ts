/**
 * A sweep from the side of the thread that made it: sets stream through the arena in tiles, each a job of units (assembly/quad/sweep.ts has the record), and their
 * results into arrays of the caller.
 *
 * Which sets make a tile depends on how fast they are computed. No result does: each integral is computed by itself.
 *
 * Role: the host.
 */
import { show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import type { Context } from "../runtime/context.js";
import { JobKind } from "../runtime/core/core-units.js";
import type { Kernel } from "../runtime/jobs/run.js";
import type { UnitJob, UnitSpec } from "../runtime/jobs/unit-job.js";
import { DISTANCE_POSSIBLE, distanceState, type IntegralSpec, NEEDS_DISTANCE, writeSpec } from "./integral.js";
import type { Distance } from "./run-integral.js";

/** A number for all sets, or one for each. */
export type Column = number | Float64Array;

export interface SweepSpec {
  readonly count: number;
  /** What all integrals have in common. */
  readonly common: Omit<IntegralSpec, "lo" | "hi" | "parameters" | "breaks" | "poles">;
  /** In the order of the parameter record. */
  readonly parameters: readonly Column[];
  readonly a: Column;
  readonly b: Column;
  /** Break points of all sets, or of one. */
  readonly breaks: readonly number[] | ((set: number) => readonly number[]);
}

/** Sets that a tile is about: those from `from` on, or those of a list. */
interface Sets {
  readonly from: number;
  readonly count: number;
  readonly list: readonly number[] | undefined;
}

/** A tile on its way. */
export interface Tile {
  readonly sets: Sets;
  readonly job: UnitJob;
  readonly begun: number;
}

/** Words of the record. */
const Word = {
  ROW: 1,
  LANES: 3,
  CAPACITY: 4,
  BREAKS: 5,
  DISTANCE: 6,
  SHARED: 7,
  TEMPLATE: 8,
  COLUMNS: 9,
  LO: 10,
  HI: 11,
  BREAK_FROM: 12,
  BREAK_COUNT: 13,
  BREAK_AT: 14,
  VALUES: 15,
  ERRORS: 16,
  EVALUATIONS: 17,
  STATUSES: 18,
  COMMON: 19,
} as const;

/** What all sets have in common. */
const Shared = { BREAKS: 1, LO: 2, HI: 4 } as const;

/** Sets in a unit at most. */
const ROW_MOST = 64;
/** Units that a tile should have for each thread, so that all are done at about the same time. */
const UNITS_PER_THREAD = 4;
/** Sets in the first tile, for each thread, and in a later one at most; bytes of a tile at most. */
const FIRST = 64;
const MOST = 8192;
const BYTES_MOST = 2 ** 19;
/** Milliseconds that a tile should take: more than handing it out costs by far; little enough for news of it to come in time. */
const SHORT = 4;
const LONG = 16;
/** Lanes of a desk where the first pass is of one panel, and panels of a lane; break points of a set with which there are so many. */
const LANES = 16;
const LANE_PANELS = 32;
const LANE_BREAKS = 4;
const LANE_PANELS_MOST = 4096;
/** Part of the memory that all desks may take, and that a tile may. */
const MEMORY_SHARE = 4;
const TILE_SHARE = 16;

export class Sweeping {
  readonly values: Float64Array;
  readonly errors: Float64Array;
  /** 0 and up, as TOLERANCE_STATUSES. */
  readonly statuses: Uint8Array;
  evaluations = 0;
  /** Sets with a result. */
  done = 0;
  private readonly tiles = new Set<Tile>();
  private shown = 0;
  private next = 0;
  /** Sets that wanted a form in the distance when it was not made yet. */
  private readonly again: number[] = [];
  private form: { readonly kernel: Kernel; readonly isBetterAtZero: boolean } | undefined;
  /** Sets in the next tile, of the least and the most. */
  private size: number;
  private readonly most: number;
  /** Whether no range is known to go down. */
  private readonly isAscending: boolean;

  constructor(
    private readonly context: Context,
    readonly kernel: Kernel,
    private readonly distance: Distance | undefined,
    private readonly spec: SweepSpec,
    /** Threads that compute. */
    readonly threads: number,
  ) {
    const { count, parameters, a, b } = spec;
    this.isAscending = typeof a === "number" && typeof b === "number" && a <= b;
    this.values = new Float64Array(count);
    this.errors = new Float64Array(count);
    this.statuses = new Uint8Array(count);
    const bytes = 8 * (parameters.length + 7);
    const allowed = Math.min(BYTES_MOST, (context.heap.core.memoryTotal() >>> 0) / TILE_SHARE);
    this.most = Math.max(1, Math.min(MOST, Math.floor(allowed / bytes)));
    this.size = Math.min(FIRST * threads, this.most);
  }

  /**
   * Takes the next sets, and makes a job of them; undefined when there are none now.
   *
   * @param make a job that is not published yet
   * @throws {OutOfMemoryError} and leaves the sets where they are. @throws {ArgumentError} arrays have changed since the call began
   */
  take(make: (spec: UnitSpec) => UnitJob): Tile | undefined {
    const sets = this.takeSets();
    if (sets === undefined) return undefined;
    try {
      return this.tileOf(sets, make);
    } catch (error) {
      if (sets.list === undefined) this.next = sets.from;
      else this.again.unshift(...sets.list);
      throw error;
    }
  }

  private tileOf(sets: Sets, make: (spec: UnitSpec) => UnitJob): Tile {
    const { spec, form } = this;
    const { heap } = this.context;
    const { core, words } = heap;
    const { parameters, common } = spec;
    const breaks = this.breaksOf(sets);
    const isEasy = common.first === 1 && breaks.most <= LANE_BREAKS;
    const capacity = isEasy ? LANE_PANELS : Math.min(LANE_PANELS_MOST, 4 * common.first);
    const deskOf = (lanes: number): number => core.sweepDesk(parameters.length, lanes, capacity, breaks.most) >>> 0;
    const allowed = (core.memoryTotal() >>> 0) / (MEMORY_SHARE * (this.threads + 1));
    let lanes = isEasy ? LANES : 1;
    while (lanes > 1 && deskOf(lanes) > allowed) lanes >>= 1;
    const job = make({
      kind: JobKind.SWEEP,
      units: Math.ceil(sets.count / this.rowOf(sets)),
      desk: deskOf(lanes),
      kernel: this.kernel,
      distance: form?.kernel,
      record: { bytes: core.sweepSize(sets.count, parameters.length, breaks.total) >>> 0 },
    });
    core.sweepCreate(job.record, sets.count, parameters.length, breaks.total);
    const at = job.record >>> 2;
    words[at + Word.ROW] = this.rowOf(sets);
    words[at + Word.LANES] = lanes;
    words[at + Word.CAPACITY] = capacity;
    words[at + Word.BREAKS] = breaks.most;
    words[at + Word.DISTANCE] = form === undefined ? DISTANCE_POSSIBLE : distanceState(form);
    const template = words[at + Word.TEMPLATE]! >>> 0;
    writeSpec(heap, template, { ...common, lo: 0, hi: 0 }, this.distance !== undefined);
    try {
      this.writeSets(at, sets, breaks.lists);
    } catch (error) {
      job.retire();
      throw error;
    }
    const tile = { sets, job, begun: performance.now() };
    this.tiles.add(tile);
    return tile;
  }

  /** Part that is done, 0 to 1, tiles on their way included; it does not fall. */
  get fraction(): number {
    let sets = this.done;
    for (const tile of this.tiles) sets += tile.job.fraction * tile.sets.count;
    this.shown = Math.max(this.shown, sets / this.spec.count);
    return this.spec.count === 0 ? 1 : Math.min(1, this.shown);
  }

  private takeSets(): Sets | undefined {
    const { again, form, spec, size } = this;
    if (again.length > 0 && form !== undefined) {
      const list = again.splice(0, this.most);
      return { from: 0, count: list.length, list };
    }
    const from = this.next;
    const count = Math.min(size, spec.count - from);
    if (count === 0) return undefined;
    this.next = from + count;
    return { from, count, list: undefined };
  }

  /** Sets in a unit of a tile. */
  private rowOf({ count }: Sets): number {
    return Math.max(1, Math.min(ROW_MOST, Math.ceil(count / (UNITS_PER_THREAD * this.threads))));
  }

  private breaksOf(sets: Sets): { lists: readonly (readonly number[])[]; total: number; most: number } {
    const { breaks } = this.spec;
    if (typeof breaks !== "function") return { lists: [breaks], total: breaks.length, most: breaks.length };
    const lists = Array.from({ length: sets.count }, (_, index) => breaks(setAt(sets, index)));
    let total = 0;
    let most = 0;
    for (const { length } of lists) {
      total += length;
      most = Math.max(most, length);
    }
    return { lists, total, most };
  }

  /** An array whose buffer was transferred is empty, and one that was resized may be shorter. */
  private assertWhole(column: Column): void {
    const { count } = this.spec;
    if (typeof column === "number" || column.length === count) return;
    throw changed(`${count} numbers`, column.length);
  }

  private writeSets(at: number, sets: Sets, lists: readonly (readonly number[])[]): void {
    const { words, member } = this.context.heap;
    const { floats } = member;
    const { count } = sets;
    const { parameters, a, b } = this.spec;
    for (const column of [...parameters, a, b]) this.assertWhole(column);
    let place = (words[at + Word.COLUMNS]! >>> 0) >>> 3;
    const common = (words[at + Word.COMMON]! >>> 0) >>> 2;
    parameters.forEach((column, index) => {
      words[common + index] = writeColumn(floats, place, sets, column) ? 1 : 0;
      place += count + (count & 1);
    });
    const lo = (words[at + Word.LO]! >>> 0) >>> 3;
    const hi = (words[at + Word.HI]! >>> 0) >>> 3;
    const isLow = writeColumn(floats, lo, sets, a);
    const isHigh = writeColumn(floats, hi, sets, b);
    let shared: number = lists.length === 1 ? Shared.BREAKS : 0;
    if (this.isAscending) shared |= Shared.LO | Shared.HI;
    else {
      // Bounds of a set may change places: each has both.
      if (isLow) floats.fill(floats[lo]!, lo, lo + count);
      if (isHigh) floats.fill(floats[hi]!, hi, hi + count);
    }
    words[at + Word.SHARED] = shared;
    for (let index = 0; !this.isAscending && index < count; index++) {
      const low = floats[lo + index]!;
      const high = floats[hi + index]!;
      if (low <= high) continue;
      if (!(low > high)) throw changed("a number for each bound", Number.NaN);
      floats[lo + index] = high;
      floats[hi + index] = low;
    }
    const from = (words[at + Word.BREAK_FROM]! >>> 0) >>> 2;
    const counts = (words[at + Word.BREAK_COUNT]! >>> 0) >>> 2;
    const breakAt = (words[at + Word.BREAK_AT]! >>> 0) >>> 3;
    let begin = 0;
    if (lists.length === 1) {
      floats.set(lists[0]!, breakAt);
      words[from] = 0;
      words[counts] = lists[0]!.length;
      return;
    }
    lists.forEach((list, index) => {
      floats.set(list, breakAt + begin);
      words[from + index] = begin;
      words[counts + index] = list.length;
      begin += list.length;
    });
  }

  /** What came of a tile, all of whose units are done. @throws as the form in the distance, if it is to be made */
  put(tile: Tile): void {
    const { sets, job, begun } = tile;
    this.tiles.delete(tile);
    const { words, member } = this.context.heap;
    const { floats } = member;
    const at = job.record >>> 2;
    const values = (words[at + Word.VALUES]! >>> 0) >>> 3;
    const errors = (words[at + Word.ERRORS]! >>> 0) >>> 3;
    const evaluations = (words[at + Word.EVALUATIONS]! >>> 0) >>> 3;
    const statuses = (words[at + Word.STATUSES]! >>> 0) >>> 2;
    const { from, count, list } = sets;
    // What is usual is copied at once; the others are looked at one by one.
    let isUsual = list === undefined && this.isAscending;
    let spent = 0;
    for (let index = 0; isUsual && index < count; index++) {
      const status = words[statuses + index]!;
      this.statuses[from + index] = status - 1;
      spent += floats[evaluations + index]!;
      isUsual = status !== NEEDS_DISTANCE;
    }
    if (isUsual) {
      this.values.set(floats.subarray(values, values + count), from);
      this.errors.set(floats.subarray(errors, errors + count), from);
      this.evaluations += spent;
      this.done += count;
    } else {
      for (let index = 0; index < count; index++) {
        const set = setAt(sets, index);
        const status = words[statuses + index]!;
        if (status === NEEDS_DISTANCE) {
          this.again.push(set);
          continue;
        }
        const value = floats[values + index]!;
        this.values[set] = this.signOf(set) * value;
        this.errors[set] = floats[errors + index]!;
        this.statuses[set] = status - 1;
        this.evaluations += floats[evaluations + index]!;
        this.done++;
      }
    }
    if (this.again.length > 0) this.form ??= this.distance?.();
    const elapsed = performance.now() - begun;
    if (sets.list !== undefined) return;
    if (elapsed < SHORT) this.size = Math.min(this.most, Math.max(this.size, 2 * sets.count));
    else if (elapsed > LONG) this.size = Math.max(1, Math.min(this.size, sets.count >> 1));
  }

  private signOf(set: number): number {
    const { a, b } = this.spec;
    return numberAt(a, set) > numberAt(b, set) ? -1 : 1;
  }
}

/** An array of the caller's is another one now: what the core would make of that nobody knows. */
function changed(expected: string, got: unknown): ArgumentError {
  return new ArgumentError(
    `expected arrays that stay as they are until the call is over, with ${expected}, got ${show(got)}; pass copies`,
    "parameters",
    got,
  );
}

function setAt({ from, list }: Sets, index: number): number {
  return list === undefined ? from + index : list[index]!;
}

function numberAt(column: Column, set: number): number {
  return typeof column === "number" ? column : column[set]!;
}

/** @returns whether the first number stands for all sets */
function writeColumn(floats: Float64Array, place: number, { from, count, list }: Sets, column: Column): boolean {
  if (typeof column === "number") floats[place] = column;
  else if (list === undefined) floats.set(column.subarray(from, from + count), place);
  else for (let index = 0; index < count; index++) floats[place + index] = column[list[index]!]!;
  return typeof column === "number";
}
