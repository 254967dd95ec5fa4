/**
 * From a box to the regions of the first pass: a grid.
 *
 * Each axis is cut at its break planes, axis after axis, while the regions are not too many: 4096, or what half of the budget pays for, or those of the first pass,
 * if that is more. Planes that this leaves out are where their axis is cut when a region is halved (cubature.ts).
 *
 * Then the parts between planes are cut evenly, one more part each time in the axis with the fewest cells, up to the number of the first pass. But not into equal
 * parts: the first and the last one are a little larger, so that cuts are not at simple fractions, where corners and jumps of f like to be.
 *
 * Role: the thread that made the integral, once, or twice.
 */
import { Cubature, Region, ask, at, hiOf, loOf, regionOf } from "./regions";

/** The cuts of n parts stand at (i + OFFSET) / (n + 2 OFFSET). */
const OFFSET: f64 = 0.05;
/** Regions that break planes may make, whatever the first pass. */
const PLANES_MOST: f64 = 4096;

/** Planes that cut, parts between two of them, cells. */
// @ts-ignore: decorator
@inline
function grid(c: Cubature, kind: i32, axis: i32): usize {
  return c.gridAt + ((<u32>(kind * c.dimensions + axis)) << 2);
}

// @ts-ignore: decorator
@inline
function firstPlane(c: Cubature, axis: i32): i32 {
  return load<i32>(c.breakIndexAt + ((<u32>axis) << 2));
}

function planes(c: Cubature, axis: i32): i32 {
  return firstPlane(c, axis + 1) - firstPlane(c, axis);
}

/** Lays out the grid. @returns how many regions it has */
export function planGrid(c: Cubature): i32 {
  const d = c.dimensions;
  const affordable = max(1, floor(c.maximum / <f64>(2 * c.nodes)));
  const first = min(<f64>c.first, affordable);
  const most = max(first, min(PLANES_MOST, affordable));
  let total: f64 = 1;
  for (let axis = 0; axis < d; axis++) {
    const parts = planes(c, axis) + 1;
    const cuts = total * <f64>parts <= most;
    store<i32>(grid(c, 0, axis), cuts ? parts - 1 : 0);
    store<i32>(grid(c, 1, axis), 1);
    store<i32>(grid(c, 2, axis), cuts ? parts : 1);
    if (cuts) total *= <f64>parts;
  }
  while (true) {
    let thin = 0;
    for (let axis = 1; axis < d; axis++) {
      if (load<i32>(grid(c, 2, axis)) < load<i32>(grid(c, 2, thin))) thin = axis;
    }
    const parts = load<i32>(grid(c, 1, thin));
    const next = (total / <f64>parts) * <f64>(parts + 1);
    if (!(next <= first)) return <i32>total;
    total = next;
    store<i32>(grid(c, 1, thin), parts + 1);
    store<i32>(grid(c, 2, thin), (load<i32>(grid(c, 0, thin)) + 1) * (parts + 1));
  }
}

/** Where cell `index` of an axis begins. */
function edge(c: Cubature, axis: i32, index: i32): f64 {
  const parts = load<i32>(grid(c, 1, axis));
  const cuts = load<i32>(grid(c, 0, axis));
  const piece = index / parts;
  const part = index - piece * parts;
  const lo = piece == 0 ? at(c.loAt, axis) : at(c.breakAt, firstPlane(c, axis) + piece - 1);
  if (part == 0) return piece > cuts ? at(c.hiAt, axis) : lo;
  const hi = piece == cuts ? at(c.hiAt, axis) : at(c.breakAt, firstPlane(c, axis) + piece);
  const share = (<f64>part + OFFSET) / (<f64>parts + 2 * OFFSET);
  return (1 - share) * lo + share * hi;
}

/** Writes the regions, the last axis fastest, and asks for all of them. There is room. */
export function layGrid(c: Cubature, regions: i32): void {
  const d = c.dimensions;
  c.regions = 0;
  c.pending = 0;
  for (let slot = 0; slot < regions; slot++) {
    const region = regionOf(c, slot);
    let rest = slot;
    for (let axis = d - 1; axis >= 0; axis--) {
      const cells = load<i32>(grid(c, 2, axis));
      const index = rest % cells;
      rest /= cells;
      store<f64>(loOf(region, axis), edge(c, axis, index));
      store<f64>(hiOf(c, region, axis), edge(c, axis, index + 1));
    }
    region.depth = 0;
    region.stuck = 0;
    region.reference = 0;
    region.key = 0;
    beginFamily(region);
    region.cell = slot;
    c.regions += 1;
    ask(c, slot);
  }
}

function beginFamily(region: Region): void {
  region.child = -1;
  region.youngest = -1;
  region.sibling = -1;
  region.isAsked = 0;
}

/** Cuts a region in an axis: its left part keeps the slot, the right one gets a new one. @returns that; there is room */
export function cutOff(c: Cubature, slot: i32, axis: i32): i32 {
  const region = regionOf(c, slot);
  const cut = cutOf(c, region, axis);
  const index = c.regions;
  const right = regionOf(c, index);
  memory.copy(loOf(right, 0), loOf(region, 0), (<usize>c.dimensions) << 4);
  store<f64>(loOf(right, axis), cut);
  store<f64>(hiOf(c, region, axis), cut);
  region.depth += 1;
  region.key = 0;
  right.depth = region.depth;
  right.axis = region.axis;
  right.reference = region.reference;
  right.key = 0;
  right.stuck = region.stuck;
  right.cut = axis;
  beginFamily(right);
  right.cell = region.cell;
  if (region.youngest < 0) region.child = index;
  else regionOf(c, region.youngest).sibling = index;
  region.youngest = index;
  c.regions += 1;
  return index;
}

/**
 * The region on the other side of a face of one: where its middle is. Regions are found by their families: what was cut off one lies right of its own lo, which never
 * moves, in the axis of the cut.
 *
 * @returns its slot; -1 at the faces of the box
 */
export function neighbourOf(c: Cubature, region: Region, axis: i32, isRight: bool): i32 {
  const face = load<f64>(isRight ? hiOf(c, region, axis) : loOf(region, axis));
  if (face == at(isRight ? c.hiAt : c.loAt, axis)) return -1;
  let stride = 1;
  for (let k = axis + 1; k < c.dimensions; k++) stride *= load<i32>(grid(c, 2, k));
  const index = (region.cell / stride) % load<i32>(grid(c, 2, axis));
  let slot = region.cell;
  if (face == edge(c, axis, isRight ? index + 1 : index)) slot += isRight ? stride : -stride;
  let child = regionOf(c, slot).child;
  while (child >= 0) {
    const other = regionOf(c, child);
    if (isBeyond(c, region, axis, isRight, other.cut, load<f64>(loOf(other, other.cut)))) {
      slot = child;
      child = other.child;
    } else {
      child = other.sibling;
    }
  }
  return slot;
}

/** Whether the point just outside of the middle of a region's face lies right of a plane across axis k. */
export function isBeyond(c: Cubature, region: Region, axis: i32, isRight: bool, k: i32, plane: f64): bool {
  const lo = load<f64>(loOf(region, k));
  const hi = load<f64>(hiOf(c, region, k));
  if (k != axis) return 0.5 * lo + 0.5 * hi >= plane;
  return isRight ? hi >= plane : lo > plane;
}

/** Where to halve a region in an axis: at the break plane that is nearest to the middle, or in the middle, when there is none inside. */
function cutOf(c: Cubature, region: Region, axis: i32): f64 {
  const lo = load<f64>(loOf(region, axis));
  const hi = load<f64>(hiOf(c, region, axis));
  const middle = 0.5 * lo + 0.5 * hi;
  const end = firstPlane(c, axis + 1);
  let best = middle;
  let distance = Infinity;
  for (let index = firstPlane(c, axis); index < end; index++) {
    const plane = at(c.breakAt, index);
    if (!(plane > lo && plane < hi && abs(plane - middle) < distance)) continue;
    best = plane;
    distance = abs(plane - middle);
  }
  return best;
}
