/**
 * Largest errors of one function at a batch of points.
 *
 * Role: the bench's workers and tests.
 */
import type { Bound } from "../../ts/expr/bounds.js";
import { errorInUlp } from "./error.js";
import type { HardPoint } from "./hard-points.js";
import type { Range, Ranges } from "./ranges.js";
import { type Exact, shifted } from "./reference/exact.js";
import type { Reference } from "./reference/index.js";
import { aroundPoints, type Pair, randomNumbers, seedOf } from "./samples.js";
import { BATCH, type Subject } from "./subject.js";

/** A point and how wrong the function is there. */
export interface Worst {
  readonly ulp: number;
  /** One argument, or two. */
  readonly at: readonly number[];
  readonly value: number;
  /** What it should be, as a double. */
  readonly expected: number;
  /** The range, by its name. */
  readonly range: string;
}

export interface Tally {
  /** Points with a finite exact value, or outside the domain. */
  readonly samples: number;
  /** Those where the fast form does not answer for itself. */
  readonly doubted: number;
  readonly total: Worst | null;
  /** Of the fast form where it is not in doubt; null if there is no such form. */
  readonly fast: Worst | null;
  /** A point where the fast form is not in doubt and has other bits than the total one. */
  readonly differing: Worst | null;
}

export const NOTHING: Tally = { samples: 0, doubted: 0, total: null, fast: null, differing: null };

/** What two batches say together; of equal errors the first. */
export function merged(a: Tally, b: Tally): Tally {
  return {
    samples: a.samples + b.samples,
    doubted: a.doubted + b.doubted,
    total: worse(a.total, b.total),
    fast: worse(a.fast, b.fast),
    differing: a.differing ?? b.differing,
  };
}

function worse(a: Worst | null, b: Worst | null): Worst | null {
  return a === null || (b !== null && b.ulp > a.ulp) ? b : a;
}

/** Points `first` to `first + count` of the `all` of a range. */
export interface Batch {
  /** Its place in the function's ranges; or points, to look around them. */
  readonly range: number | readonly (readonly number[])[];
  readonly first: number;
  readonly count: number;
  readonly all: number;
}

/** The batches of all ranges of a function: `samples` in total, or a few more. */
export function batchesOf({ ranges }: Ranges, samples: number): Batch[] {
  return ranges.flatMap((_, range) => batchesOfRange(range, Math.ceil(samples / ranges.length)));
}

export function batchesOfRange(range: Batch["range"], all: number): Batch[] {
  return Array.from({ length: Math.ceil(all / BATCH) }, (_, index) => {
    const first = index * BATCH;
    return { range, first, count: Math.min(BATCH, all - first), all };
  });
}

/** The points where the largest errors were, the largest first, each once. */
export function worstPoints(tallies: readonly Tally[], count: number): (readonly number[])[] {
  const found = tallies.flatMap(({ total, fast }) => [total, fast]).filter((worst) => worst !== null);
  const sorted = found.sort((a, b) => b.ulp - a.ulp).map(({ at }) => at);
  return [...new Map(sorted.map((at) => [at.join(), at])).values()].slice(0, count);
}

/** How far from a point, at most, to look around it: 2^44 doubles are 1/256 of its size. */
const AROUND_BITS = 44;

/** One batch: the same for the same seed, on whichever thread. */
export function measureBatch(
  subject: Subject,
  ranges: Ranges,
  reference: Reference,
  floor: Bound["floor"],
  { range, first, count, all }: Batch,
  seed: number,
): Tally {
  const random = randomNumbers(seedOf(`${seed} ${subject.name} ${range} ${first}`));
  const { name, draw } =
    typeof range === "number"
      ? (ranges.ranges[range] as Range<number | Pair>)
      : { name: "around the worst", draw: aroundPoints(range, AROUND_BITS) };
  for (let index = 0; index < count; index++) {
    const drawn = draw((first + index + random()) / all, random);
    subject.x[index] = typeof drawn === "number" ? drawn : drawn[0];
    subject.y[index] = typeof drawn === "number" ? 0 : drawn[1];
  }
  const exacts = Array.from({ length: count }, (_, index) => reference(subject.x[index]!, subject.y[index]!));
  return judge(subject, name, exacts, floor);
}

/** The hard points of a function, whose exact values are known beforehand. */
export function measureHardPoints(subject: Subject, points: readonly HardPoint[], floor: Bound["floor"]): Tally {
  points.forEach(({ at }, index) => {
    subject.x[index] = at[0]!;
    subject.y[index] = at[1] ?? 0;
  });
  const exacts = points.map(({ exact }) => exact);
  return judge(subject, "hard points", exacts, floor);
}

/** Holds the results for the subject's arguments against the exact ones. */
function judge(subject: Subject, range: string, exacts: readonly (Exact | null)[], floor: Bound["floor"]): Tally {
  const total = subject.total(exacts.length);
  const fast = subject.fast?.(exacts.length) ?? null;
  const doubt = subject.doubt?.(exacts.length) ?? null;
  const isDoubted = doubt === null ? null : new Uint32Array(doubt.buffer);
  let tally = NOTHING;
  exacts.forEach((exact, index) => {
    if (exact === null) return;
    const x = subject.x[index]!;
    const worst = (value: number): Worst => ({
      ulp: errorInUlp(value, exact, floor?.(x)),
      at: subject.arity === 2 ? [x, subject.y[index]!] : [x],
      value,
      expected: shifted(exact.value.high, exact.exponent),
      range,
    });
    const here = worst(total[index]!);
    const doubted = isDoubted !== null && (isDoubted[2 * index] !== 0 || isDoubted[2 * index + 1] !== 0);
    const theirs = fast === null || doubted ? null : Object.is(fast[index], total[index]) ? here : worst(fast[index]!);
    tally = merged(tally, {
      samples: 1,
      doubted: doubted ? 1 : 0,
      total: here,
      fast: theirs,
      differing: theirs === null || theirs === here ? null : theirs,
    });
  });
  return tally;
}
