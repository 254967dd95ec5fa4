/**
 * What becomes of the randomisations, between rounds: a value, an error that it lies within, and how many more points there should be, in which cells.
 *
 * Each randomisation gives a value of its own, unbiased; they are independent. Their mean is the result, its error Student's t of 15 degrees of freedom for
 * 99.99 % times the deviation of the mean: claims are to hold in 99 of 100 cases also where the values are not distributed normally, and though a claim is
 * made at the first round that allows it.
 *
 * Where a lattice's error has not fallen by the root of what its length has grown by, Sobol points go on: a jump may lie along the lattice.
 *
 * Rounds: 2^10 points a randomisation at first, 2^12 or 2^14 with more effort, fewer with a small budget; if it is not said which kind, with lattices, then with Sobol points; lattices go on if their variance is at most 0.4 of the other. Each
 * round makes sequences 2 to 8 times as long, lattices 2 to 32 times, by how far the error is from the tolerance, where the variance is at least a 16th of the largest cell's. The
 * last one is the longest that the budget allows.
 *
 * Role: the thread that made the integral, between rounds.
 */
import { BUDGET, COMPUTING, CONVERGED, NOT_FINITE, ROUND_OFF } from "../status";
import { errorInTolerances, scaleOf } from "./errors";
import {
  CHOSEN,
  Cell,
  EITHER,
  LATTICE,
  LATTICE_LONGEST,
  LONGEST,
  PILOT_LATTICE,
  PILOT_SOBOL,
  Quasi,
  REPLICATES,
  SOBOL,
  LATTICE_SHORTEST,
  begunAt,
  blockPoints,
  cellOf,
  slotNumbers,
} from "./quasi";
import { layColumns, layShifts } from "./sobol";

/** Student's t, 15 degrees of freedom, two-sided 99.99 %. */
const STUDENT: f64 = 5.239;
const EPSILON: f64 = 2.220446049250313e-16;
/** Roundings of the integral of |f| in a value: sums of up to 2^16 values, whose roundings are as random as they come. */
const ROUNDINGS: f64 = 16 * EPSILON;
/** Logarithms that a round adds to a sequence's length at most. */
const LEAP_SOBOL: i32 = 3;
const LEAP_LATTICE: i32 = 5;
/** With nothing but zeros so far, sequences of this length are wanted before it is believed. */
const ZEROS: i32 = 15;
/** Lattices are taken for what they are in the pilot if their variance is at most this part of that of Sobol points. */
const MUCH: f64 = 0.4;
/** What part of the largest variance of a cell makes a cell worth more points. */
const WORTH: f64 = 0.0625;

/** Lays out the first round, if the budget allows one. */
export function beginQuasi(quasi: Quasi): void {
  layShifts(quasi);
  quasi.status = COMPUTING;
  quasi.goal = Infinity;
  quasi.sharp = NaN;
  const most = quasi.maximum / <f64>(REPLICATES * quasi.cells);
  if (most < 2) {
    quasi.status = BUDGET;
    return;
  }
  // A budget that is too small for that allows shorter sequences: of Sobol's points, whatever is asked for.
  while (<f64>(1 << quasi.first) > most) quasi.first -= 1;
  if (quasi.first < LATTICE_SHORTEST) quasi.points = SOBOL;
  quasi.pilot = quasi.points == EITHER ? PILOT_LATTICE : CHOSEN;
  quasi.method = quasi.points == SOBOL ? SOBOL : LATTICE;
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    cell.had = -1;
    cell.now = quasi.first;
  }
  layRound(quasi);
}

/** Units of the round that the cells' `now` describe. */
function layRound(quasi: Quasi): void {
  let unit = 0;
  let longest = 0;
  let points: f64 = 0;
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    cell.unit = unit;
    cell.blocks = <i32>(fresh(quasi, cell) / <f64>blockPoints(quasi, cell));
    unit += cell.blocks * REPLICATES;
    points += fresh(quasi, cell) * REPLICATES;
    longest = max(longest, cell.now);
  }
  quasi.units = unit;
  quasi.unitPoints = <i32>(points / <f64>max(1, unit));
  if (quasi.method == SOBOL) layColumns(quasi, longest);
}

/** Points of a randomisation that a cell needs to come from `had` to `now`. */
function fresh(quasi: Quasi, cell: Cell): f64 {
  if (cell.now == cell.had) return 0;
  return <f64>((1 << cell.now) - begunAt(quasi, cell));
}

/** Digests a round. @returns whether there is another */
export function decideQuasi(quasi: Quasi): bool {
  if (quasi.status != COMPUTING) return false;
  quasi.rounds += 1;
  collect(quasi);
  if (quasi.pilot == PILOT_LATTICE) {
    keep(quasi);
    quasi.pilot = PILOT_SOBOL;
    if (quasi.bad == 0 && 2 * quasi.evaluations <= quasi.maximum) {
      estimate(quasi);
      quasi.method = SOBOL;
      for (let index = 0; index < quasi.cells; index++) cellOf(quasi, index).had = -1;
      layRound(quasi);
      return true;
    }
    quasi.pilot = CHOSEN;
  } else if (quasi.pilot == PILOT_SOBOL) {
    // What is not finite ends it, and is looked for among these points.
    if (quasi.bad == 0) choose(quasi);
    quasi.pilot = CHOSEN;
  }
  const off = estimate(quasi);
  quasi.status = verdict(quasi, off);
  if (quasi.status == COMPUTING && !extend(quasi, off)) quasi.status = BUDGET;
  if (quasi.status == COMPUTING) return true;
  quasi.units = 0;
  return false;
}

// @ts-ignore: decorator
@inline
function sumsOf(quasi: Quasi, cell: i32, replicate: i32): usize {
  return quasi.sumAt + ((<u32>((cell * REPLICATES + replicate) * quasi.components)) << 3);
}

/** Adds the slots to the sums, in their order. */
function collect(quasi: Quasi): void {
  const components = quasi.components;
  const numbers = <usize>slotNumbers(components) << 3;
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    if (cell.blocks == 0) continue;
    const points = fresh(quasi, cell);
    const goesOn = cell.had >= 0 && quasi.method == SOBOL;
    let sizes: f64 = 0;
    let slot = <usize>quasi.slotAt + <usize>cell.unit * numbers;
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      const sums = sumsOf(quasi, index, replicate);
      if (!goesOn) memory.fill(sums, 0, <usize>components << 3);
      for (let block = 0; block < cell.blocks; block++) {
        for (let component = 0; component < components; component++) {
          const at = <usize>component << 3;
          store<f64>(sums + at, load<f64>(sums + at) + load<f64>(slot + at));
        }
        sizes += load<f64>(slot + (<usize>components << 3));
        const bad = load<f64>(slot + (<usize>components << 3), 8);
        if (bad > 0 && quasi.bad == 0) {
          quasi.badUnit = cell.unit + replicate * cell.blocks + block;
          quasi.badPoint = load<f64>(slot + (<usize>components << 3), 16);
        }
        quasi.bad += bad;
        slot += numbers;
      }
    }
    quasi.evaluations += points * REPLICATES;
    const mean = (sizes / (points * REPLICATES)) * cell.volume;
    const share = goesOn ? points / <f64>(1 << cell.now) : 1;
    cell.l1 = goesOn ? cell.l1 + (mean - cell.l1) * share : mean;
    cell.had = cell.now;
  }
  let l1: f64 = 0;
  for (let index = 0; index < quasi.cells; index++) l1 += cellOf(quasi, index).l1;
  if (quasi.scale == 0 && l1 > 0) quasi.scale = scaleOf(l1);
  for (let index = 0; index < quasi.cells; index++) {
    if (cellOf(quasi, index).blocks > 0) cellOf(quasi, index).variance = varianceOf(quasi, index);
  }
}

/** Of the mean over randomisations of a cell's part of the value, times `scale`, of the component where it is largest. */
function varianceOf(quasi: Quasi, index: i32): f64 {
  const cell = cellOf(quasi, index);
  const factor = cell.volume / <f64>(1 << cell.had);
  let most: f64 = 0;
  for (let component = 0; component < quasi.components; component++) {
    const at = <usize>component << 3;
    let mean: f64 = 0;
    for (let replicate = 0; replicate < REPLICATES; replicate++) mean += load<f64>(sumsOf(quasi, index, replicate) + at);
    mean /= REPLICATES;
    let squares: f64 = 0;
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      const off = (load<f64>(sumsOf(quasi, index, replicate) + at) - mean) * factor * quasi.scale;
      squares += off * off;
    }
    most = max(most, squares / (REPLICATES * (REPLICATES - 1)));
  }
  return most;
}

/** Puts the pilot's lattices aside. */
function keep(quasi: Quasi): void {
  memory.copy(quasi.keptAt, quasi.sumAt, quasi.keptAt - quasi.sumAt);
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    cell.kept = cell.variance;
    cell.keptL1 = cell.l1;
  }
}

/** Goes on with lattices where their variance is much the smaller: with a jump either may be, by chance, and lattices may stay as bad as they are. */
function choose(quasi: Quasi): void {
  let sobol: f64 = 0;
  let lattice: f64 = 0;
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    sobol += cell.variance;
    lattice += cell.kept;
  }
  if (lattice > MUCH * sobol) return;
  quasi.method = LATTICE;
  memory.copy(quasi.sumAt, quasi.keptAt, quasi.keptAt - quasi.sumAt);
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    cell.variance = cell.kept;
    cell.l1 = cell.keptL1;
  }
}

/** Values and errors. @returns the largest error in units of its tolerance: within it up to 1 */
function estimate(quasi: Quasi): f64 {
  quasi.l1 = 0;
  for (let index = 0; index < quasi.cells; index++) quasi.l1 += cellOf(quasi, index).l1;
  for (let component = 0; component < quasi.components; component++) {
    const at = <u32>component << 3;
    let mean: f64 = 0;
    for (let replicate = 0; replicate < REPLICATES; replicate++) mean += valueOf(quasi, component, replicate);
    mean /= REPLICATES;
    let squares: f64 = 0;
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      const from = (valueOf(quasi, component, replicate) - mean) * quasi.scale;
      squares += from * from;
    }
    const deviation = squares > 0 ? sqrt(squares / (REPLICATES * (REPLICATES - 1))) / quasi.scale : 0;
    const error = STUDENT * deviation + ROUNDINGS * quasi.l1;
    store<f64>(quasi.valueAt + at, mean);
    store<f64>(quasi.errorAt + at, error);
  }
  const scale = quasi.scale > 0 ? quasi.scale : 1;
  return errorInTolerances(
    quasi.errorAt,
    quasi.valueAt,
    quasi.components,
    quasi.isComplex != 0,
    quasi.relative,
    quasi.absolute,
    scale,
  );
}

/** What one randomisation makes of a component: the sum over cells. */
function valueOf(quasi: Quasi, component: i32, replicate: i32): f64 {
  let value: f64 = 0;
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    value += (load<f64>(sumsOf(quasi, index, replicate) + (<usize>component << 3)) / <f64>(1 << cell.had)) * cell.volume;
  }
  return value;
}

function verdict(quasi: Quasi, off: f64): i32 {
  if (quasi.bad > 0 || !isFinite(quasi.l1)) return NOT_FINITE;
  if (quasi.l1 == 0) return cellOf(quasi, 0).had >= ZEROS ? CONVERGED : COMPUTING;
  if (off <= 1) return isConfirmed(quasi) ? CONVERGED : COMPUTING;
  let error: f64 = 0;
  for (let component = 0; component < quasi.components; component++) {
    error = max(error, load<f64>(quasi.errorAt + (<u32>component << 3)));
  }
  return error <= 2 * ROUNDINGS * quasi.l1 ? ROUND_OFF : COMPUTING;
}

/** Without any spread a result has to come twice: counts of a jump along an axis are all the same by chance, once in 300 times. */
function isConfirmed(quasi: Quasi): bool {
  const value = load<f64>(quasi.valueAt);
  const error = load<f64>(quasi.errorAt);
  for (let component = 0; component < quasi.components; component++) {
    if (load<f64>(quasi.errorAt + (<u32>component << 3)) > 2 * ROUNDINGS * quasi.l1) return true;
  }
  const isSame = abs(value - quasi.sharp) <= 2 * error;
  quasi.sharp = value;
  return isSame;
}

/** Lays out the next round. @returns whether the budget allows one */
function extend(quasi: Quasi, off: f64): bool {
  // Errors fall about like n^-1.5. Lattices are computed anew, so small steps are wasted.
  let leap = 1;
  const most = quasi.method == LATTICE ? LEAP_LATTICE : LEAP_SOBOL;
  if (quasi.l1 == 0) leap = most;
  else for (let reach: f64 = 2.8; leap < most && off > reach; reach *= 2.8) leap += 1;
  const left = quasi.maximum - quasi.evaluations;
  if (quasi.method == LATTICE && quasi.points == EITHER && off > quasi.goal && turn(quasi, left)) return true;
  for (; leap > 0; leap--) {
    if (lengthen(quasi, WORTH, leap) <= left) break;
  }
  // Not for all of them: for the worst alone.
  if (leap == 0 && lengthen(quasi, 1, 1) > left) {
    for (let index = 0; index < quasi.cells; index++) cellOf(quasi, index).now = cellOf(quasi, index).had;
    return quasi.method == LATTICE && quasi.points == EITHER && turn(quasi, left);
  }
  quasi.goal = off * sqrt(1 / <f64>(1 << max(1, leap)));
  layRound(quasi);
  return quasi.units > 0;
}

/** Goes over to Sobol points: lattices have not become better as they should, or there are no longer ones. @returns whether the budget allows it */
function turn(quasi: Quasi, left: f64): bool {
  for (let more = 1; more >= 0; more--) {
    let cost: f64 = 0;
    for (let index = 0; index < quasi.cells; index++) cost += <f64>(1 << (cellOf(quasi, index).had + more)) * REPLICATES;
    if (cost > left) continue;
    quasi.method = SOBOL;
    for (let index = 0; index < quasi.cells; index++) {
      const cell = cellOf(quasi, index);
      cell.now = cell.had + more;
      cell.had = -1;
    }
    layRound(quasi);
    return true;
  }
  return false;
}

/** Asks for longer sequences where the variance is at least this part of the largest. @returns how many evaluations that takes; infinite if there are no longer ones */
function lengthen(quasi: Quasi, part: f64, leap: i32): f64 {
  let most: f64 = 0;
  for (let index = 0; index < quasi.cells; index++) most = max(most, cellOf(quasi, index).variance);
  let cost: f64 = 0;
  for (let index = 0; index < quasi.cells; index++) {
    const cell = cellOf(quasi, index);
    cell.now = cell.variance >= part * most ? cell.had + leap : cell.had;
    if (cell.now > (quasi.method == LATTICE ? LATTICE_LONGEST : LONGEST)) return Infinity;
    cost += fresh(quasi, cell) * REPLICATES;
  }
  return cost;
}
