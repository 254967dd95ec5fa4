/**
 * The plan of a fixed-step integral: its grids and chunks. It depends on the problem alone, never on threads or time.
 */
import type { GridSpec } from "../runtime/core/job.js";
import { type DoubleDouble, twoDifference, twoProduct, twoSum } from "./double-double.js";

/** Fewest panels per chunk: at 0.2 ns a point the claim of a chunk must still cost little. */
const CHUNK_MINIMUM = 2 ** 14;
/** Most chunks of one grid; both grids of a job together stay below 2^16. */
const CHUNKS_MAXIMUM = 2 ** 15;
/** The coarse grid of the error estimate has this many times fewer panels. */
const COARSENING = 64;

/**
 * Between these, products of doubles can be had exactly as pairs. Beyond, a factor overflows when it is split, or the low half underflows: there
 * plain arithmetic must do. That is part of the contract (docs/numerics.md).
 */
const LARGEST = 2 ** 900;
const SMALLEST = 2 ** -900;

/** Panels per chunk: a power of two, by N alone. */
export function chunkPanels(panels: number): number {
  let size = CHUNK_MINIMUM;
  while (size * CHUNKS_MAXIMUM < panels) size *= 2;
  return size;
}

/** The range cut into panels. lo < hi, both finite, hi - lo finite. */
export function makeGrid(lo: number, hi: number, panels: number): GridSpec {
  const plain = (hi - lo) / panels;
  const exact = hi - lo <= LARGEST && plain >= SMALLEST;
  const [step, stepLow] = exact ? quotient(twoDifference(hi, lo), panels) : [plain, 0];
  return {
    lo,
    hi,
    step,
    stepLow,
    panels,
    chunkPanels: chunkPanels(panels),
  };
}

/**
 * The double nearest to `width` / `panels`, and the double nearest to what that leaves: long division. What a rounded quotient leaves is a double,
 * so each remainder is exact; only ties closer than 2^-104 could go astray.
 */
function quotient([width, widthLow]: DoubleDouble, panels: number): DoubleDouble {
  const first = width / panels;
  const [rest, restLow] = twoSum(remainder(width, first, panels), widthLow);
  const second = rest / panels;
  const third = (remainder(rest, second, panels) + restLow) / panels;
  const [high, low] = twoSum(first, second);
  return [high, low + third];
}

/** dividend - quotient × divisor, exactly, for the rounded quotient. */
function remainder(dividend: number, quotient: number, divisor: number): number {
  const [product, productLow] = twoProduct(quotient, divisor);
  return dividend - product - productLow;
}

/** Panels of the coarse grid; null for a single panel, which has nothing coarser. */
export function coarsePanels(panels: number): number | null {
  return panels === 1 ? null : Math.ceil(panels / COARSENING);
}

/** A compensated sum times the panel width: both are pairs, the product is rounded once. */
export function scaleSum(
  [sum, compensation]: readonly [number, number],
  { step, stepLow }: Pick<GridSpec, "step" | "stepLow">,
): number {
  const [total, rest] = twoSum(sum, compensation);
  const plain = total * step;
  const size = Math.abs(plain);
  if (!(size >= SMALLEST && size <= LARGEST && Math.abs(total) <= LARGEST && step <= LARGEST)) return plain;
  const [high, low] = twoProduct(total, step);
  return high + (low + (total * stepLow + rest * step));
}
