/**
 * The records of an integral over a box, by regions: boxes that are halved where the errors are. They lie in two blocks of the arena: one of a fixed size, and
 * one for regions, which the host replaces by a larger one when it is full.
 *
 *   Cubature     what is asked, what came of it, where the rest lies
 *   f64 × p      parameters
 *   f64 × 2 d    the box: lo of all axes, hi of all axes
 *   i32 × (d+1)  break planes: where those of each axis begin, and where the last ones end
 *   f64 × b      the break planes, ascending in each axis
 *   f64 × 6 m    by component: values, errors, noise, errors of regions that are not halved any more, scales, what a round leaves of the errors
 *   i32 × 3 d    of the first pass, by axis: whether its planes cut, cells between two planes, cells
 *   rule         rule-table.ts
 *
 *   Region       in the other block, one stride each: header, lo × d, hi × d, and by component Part
 *   Split        two regions that were one: what that one was
 *   Nook         a thread's desk: points and values of a unit of regions
 *
 * Role: the thread that computes the integral; the host reads the results.
 */
import { align16 } from "../../memory/align";
import { Run } from "../desk";

/** The host reads and writes doubles 0 to 5 and words by number: ts/quad/cubature.ts. */
@unmanaged
export class Cubature {
  relative: f64;
  absolute: f64;
  /** Evaluations that may be spent, and those so far. */
  maximum: f64;
  evaluations: f64;
  /** Integral of |f|, all components. */
  l1: f64;
  /** Points where a value was not finite. */
  bad: f64;

  dimensions: i32;
  components: i32;
  /** Whether the tolerance is for the modulus of two components. */
  isComplex: i32;
  /** Regions of the first pass. */
  first: i32;
  status: i32;
  phase: i32;
  rounds: i32;
  regions: i32;
  /** Regions that there is room for; after an answer ROOM, that there must be. */
  capacity: i32;
  /** Regions to evaluate in this round. */
  pending: i32;
  splits: i32;
  /** Regions in the heap; -1 until there is one. */
  heap: i32;
  /** Regions that are not halved any more: too narrow; with values that are not finite. */
  narrow: i32;
  hollow: i32;
  /** Evaluations per region; pairs of points that they make; regions per unit. */
  nodes: i32;
  pairs: i32;
  perUnit: i32;
  /** Bytes of a region. */
  stride: i32;
  /** Whether this round is a second look. */
  isLook: i32;
  spare: i32;

  /** Addresses. */
  parameters: u32;
  loAt: u32;
  hiAt: u32;
  breakIndexAt: u32;
  breakAt: u32;
  valueAt: u32;
  errorAt: u32;
  noiseAt: u32;
  deadAt: u32;
  scaleAt: u32;
  restAt: u32;
  gridAt: u32;
  badAt: u32;
  ruleAt: u32;
  templateAt: u32;
  regionAt: u32;
  heapAt: u32;
  pendingAt: u32;
  splitAt: u32;
}

/** What `decide` answers: it is done, there is a round, there must be room for more regions first. */
export const DONE: i32 = 0;
export const ROUND: i32 = 1;
export const ROOM: i32 = 2;

/** Phases. */
export const BEGINNING: i32 = 0;
export const LAYING: i32 = 1;
export const DECIDING: i32 = 2;
export const OVER: i32 = 3;

/** A region; behind it lie lo × d, hi × d and Part × m. */
@unmanaged
export class Region {
  /** What the heap goes by: the error, made comparable among components. */
  key: f64;
  /** Integral of |f| over the region of the first pass that this one is a part of. */
  reference: f64;
  /** The axis to halve. */
  axis: i32;
  depth: i32;
  /** Points with a value that is not finite, and the number of the first of them: pair and lane. */
  bad: i32;
  badPoint: i32;
  /** How often in a row halving did not help. */
  stuck: i32;
  /** The axis in which it was cut off its neighbour. */
  cut: i32;
  /** Slots: of the first and the last region that was cut off this one, and of what was cut off next from the one that this was cut off; -1 for none. */
  child: i32;
  youngest: i32;
  sibling: i32;
  /** Whether a second look has asked for it. */
  isAsked: i32;
  /** The cell of the first pass that it is a part of. */
  cell: i32;
  spare: i32;
}

@unmanaged
export class Part {
  value: f64;
  error: f64;
  l1: f64;
  /** What the error is not below, for rounding. */
  noise: f64;
}

/** Halvings in a row without effect after which a region is left alone. */
export const STUCK: i32 = 3;
/** Least width of a region that may be halved, in units of the larger of its ends: 2048 eps. */
const NARROW: f64 = 2048 * 2.220446049250313e-16;
/** And by itself: 2^-1000. */
const LEAST_WIDTH: f64 = 9.332636185032189e-302;

@unmanaged
export class Nook {
  /** Address of the run, and that it is one. */
  list: u32;
  count: i32;
  x: u32;
  y: u32;
  /** Of the round's list of regions: the first that is under way and how many; from `next` to before `end` those that were not begun. */
  first: i32;
  regions: i32;
  next: i32;
  end: i32;
  /** Where the parts of a region are before they are written to it: Part × m. */
  partAt: u32;
}

const HEADER: u32 = (offsetof<Cubature>() + 15) & ~15;
const REGION_HEADER: u32 = offsetof<Region>();
const NOOK_HEADER: u32 = (offsetof<Nook>() + 15) & ~15;
const RUN_BYTES: u32 = (offsetof<Run>() + 15) & ~15;
const PART_BYTES: u32 = offsetof<Part>();
/** Pairs of points of a unit, if that is a region or more. */
const UNIT_PAIRS: i32 = 704;
/** Lists by component. */
const LISTS: u32 = 6;

/** @param rule bytes that the rule wants */
export function cubatureBytes(dimensions: i32, components: i32, parameters: i32, breaks: i32, rule: u32): u32 {
  return (
    HEADER +
    align16((<u32>parameters) << 3) +
    ((<u32>dimensions) << 4) +
    align16((<u32>dimensions + 1) << 2) +
    align16((<u32>breaks) << 3) +
    align16((LISTS * <u32>components) << 3) +
    align16(3 * ((<u32>dimensions) << 2)) +
    align16((<u32>dimensions) << 3) +
    rule
  );
}

/** Divides the fixed block. The host writes what is asked, the box, the planes and the parameters. */
export function layOutCubature(c: Cubature, dimensions: i32, components: i32, parameters: i32, breaks: i32): void {
  let at = <u32>changetype<usize>(c);
  memory.fill(at, 0, HEADER);
  c.dimensions = dimensions;
  c.components = components;
  at += HEADER;
  c.parameters = at;
  at += align16((<u32>parameters) << 3);
  c.loAt = at;
  c.hiAt = at + ((<u32>dimensions) << 3);
  at += (<u32>dimensions) << 4;
  c.breakIndexAt = at;
  at += align16((<u32>dimensions + 1) << 2);
  c.breakAt = at;
  at += align16((<u32>breaks) << 3);
  const list = (<u32>components) << 3;
  c.valueAt = at;
  c.errorAt = at + list;
  c.noiseAt = at + 2 * list;
  c.deadAt = at + 3 * list;
  c.scaleAt = at + 4 * list;
  c.restAt = at + 5 * list;
  memory.fill(at, 0, LISTS * list);
  at += align16(LISTS * list);
  c.gridAt = at;
  at += align16(3 * ((<u32>dimensions) << 2));
  c.badAt = at;
  at += align16((<u32>dimensions) << 3);
  c.ruleAt = at;
  c.stride = <i32>(REGION_HEADER + ((<u32>dimensions) << 4) + <u32>components * PART_BYTES);
}

/** Regions of which a unit's points are. */
export function unitRegions(pairs: i32): i32 {
  return max(1, UNIT_PAIRS / pairs);
}

/** Bytes of the block for `capacity` regions. */
export function regionBytes(c: Cubature, capacity: i32): u32 {
  // Region, its places in the heap and in the list of the round; half a split. More than 32 bits can count is more than there is.
  const bytes = <u64>capacity * <u64>(<u32>c.stride + 8 + ((<u32>c.components) << 3) + 8) + 32;
  return <u32>min(bytes, <u64>u32.MAX_VALUE);
}

/** Gives room for regions: the first, or a larger one, to which those that there are move. */
export function giveRegions(c: Cubature, block: usize, capacity: i32): void {
  const regions = <u32>block;
  const split = regions + <u32>capacity * <u32>c.stride;
  const heap = split + <u32>((capacity + 1) >> 1) * splitBytes(c);
  const pending = heap + ((<u32>capacity) << 2);
  if (c.regionAt != 0) {
    memory.copy(regions, c.regionAt, <u32>c.regions * <u32>c.stride);
    if (c.heap > 0) memory.copy(heap, c.heapAt, (<u32>c.heap) << 2);
  }
  c.regionAt = regions;
  c.splitAt = split;
  c.heapAt = heap;
  c.pendingAt = pending;
  c.capacity = capacity;
}

/** A split has its region's values and errors, by component. */
// @ts-ignore: decorator
@inline
function splitBytes(c: Cubature): u32 {
  return (<u32>c.components) << 4;
}

// @ts-ignore: decorator
@inline
export function splitOf(c: Cubature, index: i32): usize {
  return c.splitAt + <u32>index * splitBytes(c);
}

// @ts-ignore: decorator
@inline
export function regionOf(c: Cubature, slot: i32): Region {
  return changetype<Region>(c.regionAt + <u32>slot * <u32>c.stride);
}

/** Address of the region's lo of an axis; its hi lies d doubles behind. */
// @ts-ignore: decorator
@inline
export function loOf(region: Region, axis: i32): usize {
  return changetype<usize>(region) + REGION_HEADER + ((<u32>axis) << 3);
}

// @ts-ignore: decorator
@inline
export function hiOf(c: Cubature, region: Region, axis: i32): usize {
  return changetype<usize>(region) + REGION_HEADER + ((<u32>(c.dimensions + axis)) << 3);
}

// @ts-ignore: decorator
@inline
export function partOf(c: Cubature, region: Region, component: i32): Part {
  return partAt(changetype<usize>(region) + REGION_HEADER + ((<u32>c.dimensions) << 4), component);
}

// @ts-ignore: decorator
@inline
export function partAt(parts: usize, component: i32): Part {
  return changetype<Part>(parts + <u32>component * PART_BYTES);
}

// @ts-ignore: decorator
@inline
export function pendingOf(c: Cubature, index: i32): i32 {
  return load<i32>(c.pendingAt + ((<u32>index) << 2));
}

/** Puts a region onto the list of this round. */
export function ask(c: Cubature, slot: i32): void {
  store<i32>(c.pendingAt + ((<u32>c.pending) << 2), slot);
  c.pending += 1;
}

/** The double of a list by component, or by axis. */
// @ts-ignore: decorator
@inline
export function at(list: u32, index: i32): f64 {
  return load<f64>(list + ((<u32>index) << 3));
}

// @ts-ignore: decorator
@inline
export function put(list: u32, index: i32, value: f64): void {
  store<f64>(list + ((<u32>index) << 3), value);
}

/** Of a component; of complex numbers that of the modulus, for both. */
export function toleranceOf(c: Cubature, component: i32): f64 {
  return max(c.absolute, c.relative * sizeOf(c, c.valueAt, component));
}

/** A number of a list: of complex numbers the modulus. */
export function sizeOf(c: Cubature, list: u32, component: i32): f64 {
  if (!c.isComplex) return abs(at(list, component));
  return modulus(at(list, 0), at(list, 1));
}

/** The length of (a, b), whose squares may be beyond doubles. */
export function modulus(a: f64, b: f64): f64 {
  const large = max(abs(a), abs(b));
  const small = min(abs(a), abs(b));
  const ratio = large > 0 ? small / large : 0;
  return large * sqrt(1 + ratio * ratio);
}

/** Whether a region is too narrow to be halved. */
export function isNarrow(c: Cubature, region: Region): bool {
  const lo = load<f64>(loOf(region, region.axis));
  const hi = load<f64>(hiOf(c, region, region.axis));
  const width = hi - lo;
  return width < LEAST_WIDTH || width < NARROW * max(abs(lo), abs(hi));
}

/** Bytes of a desk for units of regions. */
export function nookBytes(c: Cubature): u32 {
  const points = (<u32>(c.perUnit * c.pairs * (c.dimensions + c.components))) << 4;
  return NOOK_HEADER + RUN_BYTES + <u32>c.components * PART_BYTES + points;
}

/** Lays out the desk for a unit that this thread has claimed. */
export function beginRegions(c: Cubature, unit: i32, nook: Nook): void {
  let place = <u32>changetype<usize>(nook) + NOOK_HEADER;
  nook.list = place;
  nook.count = 1;
  const run = changetype<Run>(place);
  place += RUN_BYTES;
  nook.partAt = place;
  place += <u32>c.components * PART_BYTES;
  nook.x = place;
  place += (<u32>(c.perUnit * c.pairs * c.dimensions)) << 4;
  nook.y = place;
  run.parameters = c.parameters;
  run.x = nook.x;
  run.y = nook.y;
  run.points = 0;
  run.coordinates = c.dimensions;
  run.components = c.components;
  nook.regions = 0;
  nook.next = unit * c.perUnit;
  nook.end = min(nook.next + c.perUnit, c.pending);
}
