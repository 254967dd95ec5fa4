/**
 * The plan of a fixed-step integral: its grids and chunks. It depends on the problem alone, never on threads or time.
 */
import type { GridSpec } from "../runtime/job.js";
import { divide, twoDifference, twoProduct, twoSum } from "./double-double.js";

/** Fewest panels per chunk: at 0.2 ns a point the claim of a chunk must still cost little. */
const CHUNK_MINIMUM = 2 ** 14;
/** Most chunks of one grid; both grids of a job together stay below 2^16. */
const CHUNKS_MAXIMUM = 2 ** 15;
/** The coarse grid of the error estimate has this many times fewer panels. */
const COARSENING = 64;

/** Panels per chunk: a power of two, by N alone. */
export function chunkPanels(panels: number): number {
  let size = CHUNK_MINIMUM;
  while (size * CHUNKS_MAXIMUM < panels) size *= 2;
  return size;
}

/** The range cut into panels. lo < hi, both finite, hi - lo finite. */
export function makeGrid(lo: number, hi: number, panels: number): GridSpec {
  const [step, stepLow] = divide(twoDifference(hi, lo), [panels, 0]);
  // Widths near the largest double overflow in the exact product; there the plain quotient must do.
  const exact = Number.isFinite(stepLow) && Number.isFinite(step);
  return {
    lo,
    hi,
    step: exact ? step : (hi - lo) / panels,
    stepLow: exact ? stepLow : 0,
    panels,
    chunkPanels: chunkPanels(panels),
  };
}

/** Panels of the coarse grid; null for a single panel, which has nothing coarser. */
export function coarsePanels(panels: number): number | null {
  return panels === 1 ? null : Math.ceil(panels / COARSENING);
}

/** A compensated sum times the panel width: both are pairs, the product is rounded once. */
export function scaleSum([sum, compensation]: readonly [number, number], grid: GridSpec): number {
  const [total, rest] = twoSum(sum, compensation);
  const [high, low] = twoProduct(total, grid.step);
  const value = high + (low + (total * grid.stepLow + rest * grid.step));
  return Number.isFinite(value) ? value : total * grid.step;
}
