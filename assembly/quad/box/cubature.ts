/**
 * An integral over a box to a tolerance, by rounds: a first pass, a grid of regions (first-regions.ts); then, while the errors add up to too much, the regions
 * with the largest errors are halved in the axis that their rule names, all that a round can make use of.
 *
 *   decide   adds up in the order of slots, which is the order in which regions came to be; takes regions from the heap of largest-region.ts
 *
 * What decides is computed from the slots, by one thread, in an order that depends on the problem alone. So no number of threads changes a bit.
 *
 * Rules see nothing between their outermost points and the faces of a region: a jump that halving has moved there would be believed to be gone. So a half's error is
 * not below a quarter of what halving has changed the value by; a half whose error comes from that is halved in the same axis again.
 *
 * A round halves the shortest list of regions, largest errors first, without which half of the tolerance would be kept: but no more than 64, or an eighth of all, if
 * that is more. A region is not halved any more when it is too narrow in its axis, nor when halving it three times in a row has changed neither value nor error.
 *
 * Source: P. van Dooren, L. de Ridder, "An adaptive algorithm for numerical integration over an n-dimensional cube", J. Comp. Appl. Math. 2 (1976); A. C. Genz,
 *         A. A. Malik, the same journal 6 (1980). Many at a time: I. Gladwell (1987).
 * Role:   the thread that made the integral. It takes no lock and never waits.
 */
import { cleanValues } from "./clean-values";
import { cutOff, layGrid, planGrid } from "./first-regions";
import { axisOf, digestBox, prepareBox } from "./genz-malik";
import { Run } from "../desk";
import { BUDGET, CONVERGED, DIVERGENT, NOT_FINITE, ROUND_OFF, TOLERANCE_NOT_REACHED } from "../status";
import { LINE_DOUBLES, LINE_NODES, LINE_PAIRS, digestLine, writeLine } from "./kronrod-regions";
import { popRegion, pushRegion } from "./largest-region";
import {
  BEGINNING,
  Cubature,
  DECIDING,
  DONE,
  LAYING,
  Nook,
  OVER,
  Part,
  ROOM,
  ROUND,
  Region,
  STUCK,
  ask,
  at,
  hiOf,
  isNarrow,
  loOf,
  modulus,
  partOf,
  pendingOf,
  put,
  regionOf,
  sizeOf,
  splitOf,
  toleranceOf,
  unitRegions,
} from "./regions";
import { TABLE_DOUBLES, boxPoints, writeTable } from "./rule-table";
import { lookAgain } from "./second-look";

const EPSILON: f64 = 2.220446049250313e-16;
/** Where the error is no more than this many times what rounding may do, nothing can be gained. */
const ROUNDINGS: f64 = 1.2;
/** What part of the change that halving made is the least error of a half. */
const CHANGE: f64 = 0.25;
/** What part of the integral of |f| over a region of the first pass may be left in one that is too narrow to be halved: at a pole much is left. */
const POLE: f64 = 0.3;
/** What part of the tolerance the error of a first pass may be, which no halving has confirmed. */
const UNCONFIRMED: f64 = 0.125;
/** Regions that a second look may evaluate, in units of those that there are. */
const LOOK: f64 = 0.5;
/** Regions of the first pass with the most effort. */
const MOST: i32 = 8192;
/** Regions that a round may halve whatever their number. */
const LEAST_ROUND: i32 = 64;

/** Bytes of rule and template. */
export function ruleBytes(dimensions: i32): u32 {
  if (dimensions == 1) return (LINE_DOUBLES + LINE_PAIRS) << 3;
  return (TABLE_DOUBLES + <u32>dimensions * <u32>((boxPoints(dimensions) + 1) >> 1)) << 3;
}

/** The block is laid out, and what is asked written. */
export function beginCubature(c: Cubature): void {
  const d = c.dimensions;
  if (d == 1) {
    c.nodes = LINE_NODES;
    c.pairs = LINE_PAIRS;
    c.templateAt = c.ruleAt + (LINE_DOUBLES << 3);
    writeLine(c.ruleAt, c.templateAt);
  } else {
    c.nodes = boxPoints(d);
    c.pairs = (c.nodes + 1) >> 1;
    c.templateAt = c.ruleAt + (TABLE_DOUBLES << 3);
    writeTable(c.ruleAt, c.templateAt, d);
  }
  c.perUnit = unitRegions(c.pairs);
  c.phase = BEGINNING;
}

/** Units of the round. */
export function regionUnits(c: Cubature): i32 {
  return c.phase == OVER ? 0 : (c.pending + c.perUnit - 1) / c.perUnit;
}

/** Digests what the desk has, and writes the next points of its unit. @returns whether there are any */
export function stepRegions(c: Cubature, nook: Nook): bool {
  const x = (<usize>(c.pairs * c.dimensions)) << 4;
  const y = (<usize>(c.pairs * c.components)) << 4;
  for (let index = 0; index < nook.regions; index++) {
    digest(c, regionOf(c, pendingOf(c, nook.first + index)), <usize>nook.y + <usize>index * y, nook.partAt);
  }
  nook.regions = 0;
  if (nook.next >= nook.end) return false;
  nook.first = nook.next;
  nook.regions = nook.end - nook.next;
  nook.next = nook.end;
  for (let index = 0; index < nook.regions; index++) {
    prepareBox(c, regionOf(c, pendingOf(c, nook.first + index)), <usize>nook.x + <usize>index * x);
  }
  changetype<Run>(nook.list).points = 2 * c.pairs * nook.regions;
  return true;
}

/** Makes of a region's values what the rule makes of them: first on the desk, since a word of a region is written once (README.md in pool/). */
function digest(c: Cubature, region: Region, y: usize, parts: usize): void {
  if (apply(c, region, y, parts, false)) {
    region.bad = 0;
  } else {
    cleanValues(c, region, y);
    apply(c, region, y, parts, true);
  }
  memory.copy(changetype<usize>(partOf(c, region, 0)), parts, <usize>c.components * offsetof<Part>());
  region.axis = c.dimensions == 1 ? 0 : axisOf(c, region, y);
}

function apply(c: Cubature, region: Region, y: usize, parts: usize, isCleaned: bool): bool {
  if (c.dimensions == 1) return digestLine(c, region, y, parts, isCleaned);
  return digestBox(c, region, y, parts, isCleaned);
}

function finish(c: Cubature, status: i32): i32 {
  c.status = status;
  c.phase = OVER;
  c.pending = 0;
  return DONE;
}

/** The round is over, or none was: what it came to, and what the next one is. @returns DONE, ROUND, or ROOM, which is to be given before it is called again */
export function decideRegions(c: Cubature): i32 {
  if (c.phase == OVER) return DONE;
  if (c.phase == BEGINNING) {
    c.pending = planGrid(c);
    c.phase = LAYING;
  }
  if (c.phase == LAYING) {
    const regions = c.pending;
    if (!hasRoom(c, regions + LEAST_ROUND)) return ROOM;
    layGrid(c, regions);
    c.heap = -1;
    c.splits = 0;
    c.phase = DECIDING;
    return ROUND;
  }
  if (c.pending > 0) {
    c.evaluations += <f64>c.pending * <f64>c.nodes;
    c.rounds += 1;
    noteBad(c);
    if (c.heap < 0) noteFirst(c);
    noteSplits(c);
    if (c.isLook != 0) noteLook(c);
    addUp(c);
    c.pending = 0;
  }
  if (c.bad > 0 && hasNothingFinite(c)) return finish(c, NOT_FINITE);
  if (c.l1 == 0 && c.first > 1 && c.first < MOST && 2 * c.evaluations < c.maximum) {
    // Nothing but zeros: what there is may be narrow.
    c.first = MOST;
    c.phase = BEGINNING;
    return decideRegions(c);
  }
  const affordable = (c.maximum - c.evaluations) / <f64>(2 * c.nodes);
  const trust = c.heap < 0 && c.dimensions > 1 ? UNCONFIRMED : 1;
  if (isWithin(c, 1, false)) {
    if (isWithin(c, trust, true)) return confirm(c, affordable);
    if (!(affordable >= 1)) return finish(c, CONVERGED);
  } else {
    if (isWithin(c, 1, true)) return finish(c, ROUND_OFF);
    if (!(affordable >= 1)) return finish(c, BUDGET);
  }
  const most = max(LEAST_ROUND, c.regions >> 3);
  if (!hasRoom(c, c.regions + most)) return ROOM;
  c.isLook = 0;
  return choose(c, <i32>min(<f64>most, affordable), trust);
}

/** The errors are within the tolerance, which is believed if nothing speaks against it next to where the integrand was looked at closely: second-look.ts. */
function confirm(c: Cubature, affordable: f64): i32 {
  if (c.isLook != 0 || c.heap < 0 || c.dimensions == 1) return finish(c, CONVERGED);
  const most = <i32>min(2 * affordable, LOOK * <f64>c.regions);
  if (!hasRoom(c, c.regions + most)) return ROOM;
  if (!lookAgain(c, most)) return finish(c, CONVERGED);
  c.isLook = 1;
  return ROUND;
}

function hasRoom(c: Cubature, regions: i32): bool {
  if (regions <= c.capacity) return true;
  c.capacity = max(regions, 2 * c.capacity);
  return false;
}

// Tolerance

/** Whether each component's error is within this part of its tolerance, or, if rounding counts, as small as it may become. */
function isWithin(c: Cubature, part: f64, rounding: bool): bool {
  for (let k = 0; k < c.components; k++) {
    const error = sizeOf(c, c.errorAt, k);
    if (error <= part * toleranceOf(c, k)) continue;
    if (rounding && error <= ROUNDINGS * sizeOf(c, c.noiseAt, k)) continue;
    return false;
  }
  return true;
}

// What a round came to

/** Counts points that were not finite; the first of them is kept. */
function noteBad(c: Cubature): void {
  const d = c.dimensions;
  for (let index = 0; index < c.pending; index++) {
    const region = regionOf(c, pendingOf(c, index));
    if (region.bad == 0) continue;
    if (c.bad == 0) {
      const pair = region.badPoint >> 1;
      for (let axis = 0; axis < d; axis++) {
        const lo = load<f64>(loOf(region, axis));
        const hi = load<f64>(hiOf(c, region, axis));
        const t = load<f64>(c.templateAt + ((<u32>(axis * c.pairs + pair)) << 3));
        const half = 0.5 * hi - 0.5 * lo;
        put(c.badAt, axis, 0.5 * lo + 0.5 * hi + (region.badPoint & 1 ? -half : half) * t);
      }
    }
    c.bad += <f64>region.bad;
  }
}

/** Integral of |f| over a region, all components. */
function l1Of(c: Cubature, region: Region): f64 {
  let l1: f64 = 0;
  for (let k = 0; k < c.components; k++) l1 += partOf(c, region, k).l1;
  return l1;
}

/** What makes errors of components comparable: one over their integrals of |f| in the first pass, or over the absolute tolerance, if that is the larger part. */
function noteFirst(c: Cubature): void {
  for (let k = 0; k < c.components; k++) {
    let l1: f64 = 0;
    for (let slot = 0; slot < c.regions; slot++) l1 += partOf(c, regionOf(c, slot), k).l1;
    const goal = max(c.absolute, c.relative * l1);
    put(c.scaleAt, k, goal > 0 ? 1 / goal : 0);
  }
  for (let slot = 0; slot < c.regions; slot++) {
    const region = regionOf(c, slot);
    region.reference = l1Of(c, region);
    setKey(c, region);
  }
}

/** @returns whether the key became larger */
function setKey(c: Cubature, region: Region): bool {
  let key: f64 = 0;
  if (c.isComplex) key = modulus(partOf(c, region, 0).error, partOf(c, region, 1).error);
  else if (c.components == 1) key = partOf(c, region, 0).error;
  else for (let k = 0; k < c.components; k++) key = max(key, partOf(c, region, k).error * at(c.scaleAt, k));
  const isLarger = key > region.key;
  region.key = key;
  return isLarger;
}

/** The regions of a second look go where all are. */
function noteLook(c: Cubature): void {
  for (let index = 0; index < c.pending; index++) {
    const slot = pendingOf(c, index);
    const region = regionOf(c, slot);
    region.isAsked = 0;
    setKey(c, region);
    pushRegion(c, slot);
  }
}

/** The halves of the last round: their least errors, what halving has shown; puts them into the heap. */
function noteSplits(c: Cubature): void {
  for (let index = 0; index < c.splits; index++) {
    const left = pendingOf(c, 2 * index);
    const right = pendingOf(c, 2 * index + 1);
    const a = regionOf(c, left);
    const b = regionOf(c, right);
    const before = splitOf(c, index);
    const axis = b.cut;
    let isStuck = a.bad + b.bad == 0;
    setKey(c, a);
    setKey(c, b);
    for (let k = 0; k < c.components; k++) {
      const one = partOf(c, a, k);
      const other = partOf(c, b, k);
      const value = load<f64>(before + ((<usize>k) << 4));
      const error = load<f64>(before + ((<usize>k) << 4), 8);
      const sum = one.value + other.value;
      const change = abs(value - sum);
      if (!(change <= 1e-5 * abs(sum) && one.error + other.error >= 0.99 * error)) isStuck = false;
      if (c.dimensions > 1) {
        one.error = max(one.error, CHANGE * change);
        other.error = max(other.error, CHANGE * change);
      }
    }
    if (setKey(c, a)) a.axis = axis;
    if (setKey(c, b)) b.axis = axis;
    a.stuck = isStuck ? a.stuck + 1 : 0;
    b.stuck = a.stuck;
    pushRegion(c, left);
    pushRegion(c, right);
  }
  c.splits = 0;
}

/** Values, errors, l1 of all regions. */
function addUp(c: Cubature): void {
  let l1: f64 = 0;
  for (let k = 0; k < c.components; k++) {
    let value: f64 = 0;
    let rest: f64 = 0;
    let error: f64 = 0;
    let noise: f64 = 0;
    let size: f64 = 0;
    for (let slot = 0; slot < c.regions; slot++) {
      const part: Part = partOf(c, regionOf(c, slot), k);
      const sum = value + part.value;
      const shown = sum - value;
      rest += value - (sum - shown) + (part.value - shown);
      value = sum;
      error += part.error;
      noise += part.noise;
      size += part.l1;
    }
    put(c.valueAt, k, value + rest);
    put(c.errorAt, k, error);
    put(c.noiseAt, k, noise);
    l1 += size;
  }
  c.l1 = l1;
}

/** Whether there is a region without one finite value: then f is not finite on a whole part of the box. */
function hasNothingFinite(c: Cubature): bool {
  for (let slot = 0; slot < c.regions; slot++) if (regionOf(c, slot).bad == c.nodes) return true;
  return false;
}

// The next round

/** Whether what a round leaves of the errors is more than half of this part of the tolerance. */
function isTooMuch(c: Cubature, part: f64): bool {
  for (let k = 0; k < c.components; k++) if (sizeOf(c, c.restAt, k) > 0.5 * part * toleranceOf(c, k)) return true;
  return false;
}

/** Whether a region by itself has too large an error. */
function isAlone(c: Cubature, region: Region): bool {
  for (let k = 0; k < c.components; k++) if (partOf(c, region, k).error > toleranceOf(c, k)) return true;
  return false;
}

/** Adds a region's errors, times `sign`, to a list. */
function addErrors(c: Cubature, region: Region, list: u32, sign: f64): void {
  for (let k = 0; k < c.components; k++) put(list, k, at(list, k) + sign * partOf(c, region, k).error);
}

/** Takes the regions of the next round. @param part of the tolerance that is to be reached */
function choose(c: Cubature, most: i32, part: f64): i32 {
  if (c.heap < 0) {
    c.heap = 0;
    for (let slot = 0; slot < c.regions; slot++) pushRegion(c, slot);
  }
  for (let k = 0; k < c.components; k++) put(c.restAt, k, at(c.errorAt, k) - at(c.deadAt, k));
  while (c.splits < most && c.heap > 0 && isTooMuch(c, part)) {
    const slot = popRegion(c);
    const region = regionOf(c, slot);
    addErrors(c, region, c.restAt, -1);
    const narrow = isNarrow(c, region);
    if (narrow && isAlone(c, region) && l1Of(c, region) > POLE * region.reference) return finish(c, DIVERGENT);
    if (!narrow && region.stuck < STUCK) {
      halve(c, slot);
      continue;
    }
    addErrors(c, region, c.deadAt, 1);
    if (region.bad > 0) c.hollow += 1;
    if (narrow) c.narrow += 1;
  }
  if (c.pending > 0) return ROUND;
  if (isWithin(c, 1, false)) return finish(c, CONVERGED);
  return finish(c, c.hollow > 0 ? NOT_FINITE : c.narrow > 0 ? TOLERANCE_NOT_REACHED : ROUND_OFF);
}

/** Puts two regions in the place of one: the left one in its slot, the right one behind all. */
function halve(c: Cubature, slot: i32): void {
  const region = regionOf(c, slot);
  const split = splitOf(c, c.splits);
  for (let k = 0; k < c.components; k++) {
    const part = partOf(c, region, k);
    store<f64>(split + ((<usize>k) << 4), part.value);
    store<f64>(split + ((<usize>k) << 4), part.error, 8);
  }
  const right = cutOff(c, slot, region.axis);
  ask(c, slot);
  ask(c, right);
  c.splits += 1;
}
