/**
 * Sweeps: an integral for each set of parameters. A unit is a row of sets; each of its integrals is run to its end by the thread that has the unit, in memory of that
 * thread alone, and takes the same steps as it would by itself (range/adaptive.ts): so it has the same bits.
 *
 *   Sweep       what is asked and what came of it, in the job's block: parameters, bounds, break points by set; values, errors, evaluations, statuses by set
 *   SweepDesk   a thread's desk: points for 64 panels, and lanes
 *   Lane        an integral under way, with pieces and room for a few panels
 *
 * Easy integrals are computed side by side: the driver is called for the panels of all lanes at once, a run for each, and a lane whose integral is done takes the
 * next set. What is not easy waits until the lanes are empty, and is run alone then: integrals that need more panels than a lane has room for (they move to a
 * larger room), a form in the distance, or the whole desk for a tail that oscillates.
 *
 * Where the first pass is of one panel, a lane begins with a look at that alone (range/first-look.ts).
 *
 * Role: any thread in the job, with a desk of its own. It never waits.
 */
import { align16 } from "../memory/align";
import { DISTANCES, POINTS, ROUND_LAID, advance, digestUnit, prepareUnit, step, unitEnd } from "./range/adaptive";
import { Desk, NODES, PANEL_POINTS_BYTES, PANEL_SUMS_BYTES, Run, UNIT, deskBytes, layOutDesk } from "./desk";
import {
  DISTANCE_POSSIBLE,
  Integral,
  NEEDS_DISTANCE,
  NEEDS_ROOM,
  RULE_BYTES,
  SCRATCH_BYTES,
  giveRoom,
  layOutPieces,
  panelBytes,
  pieceBytes,
} from "./range/integral";
import { COMPUTING, CONVERGED, DIVERGENT, NOT_FINITE } from "./status";
import { Look, ask, goOn, isEnough, judge, judgeTwo, lookBytes, mayLook, parametersOf } from "./range/first-look";
import { writeEndRule } from "./range/ends";
import { writeRule } from "./range/kronrod";

/** The host writes and reads words by number: ts/quad/sweep.ts. */
@unmanaged
export class Sweep {
  sets: i32;
  /** Sets in a unit. */
  row: i32;
  parameters: i32;
  /** Lanes of a desk, and panels that a lane has room for. */
  lanes: i32;
  capacity: i32;
  /** Break points of a set, at most. */
  breaks: i32;
  /** What is answered when a form in the distance is asked for; DISTANCE_POSSIBLE: it is not made yet, the set ends as NEEDS_DISTANCE. */
  distance: i32;
  /** Bits: what all sets have in common stands in the place of the first: break points, lo, hi; of columns see `common`. */
  shared: i32;
  /** Addresses. An integral's record, whose block ends where its addresses begin: what is asked of each. Columns of doubles: parameter by parameter; bounds. */
  template: u32;
  columns: u32;
  lo: u32;
  hi: u32;
  /** By set: first break point, and how many. The break points. */
  breakFrom: u32;
  breakCount: u32;
  breakAt: u32;
  /** Results by set: doubles, and a word. */
  values: u32;
  errors: u32;
  evaluations: u32;
  statuses: u32;
  /** By column a word, not 0 when all sets have its first number in common. */
  common: u32;
}

const SHARED_BREAKS: i32 = 1;
const SHARED_LO: i32 = 2;
const SHARED_HI: i32 = 4;

@unmanaged
class SweepDesk {
  /** As Desk. */
  list: u32;
  count: i32;
  /** The desk of the integral whose turn it is: what it has of the points moves from lane to lane. */
  desk: u32;
  runs: u32;
  x: u32;
  y: u32;
  weights: u32;
  sums: u32;
  rule: u32;
  scratch: u32;
  /** Addresses of the lanes that the runs are of; looks, of which run k has the k-th, and how large they are; 0: there are none. */
  partAt: u32;
  lookAt: u32;
  lookBytes: u32;
  laneAt: u32;
  laneBytes: u32;
  /** Addresses of the lanes that have a set, or may get one, and how many these are. */
  liveAt: u32;
  live: i32;
  /** Sets of the unit that were not begun: from `next` to before `end`. */
  next: i32;
  end: i32;
  /** Lanes that wait to be alone, whether it is their turn, and which is alone: an address, 0 when none. */
  hard: i32;
  draining: i32;
  alone: u32;
  /** A larger room, 0 when there is none; panels that it must have. */
  room: u32;
  roomPanels: i32;
  wanted: i32;
}

@unmanaged
class Lane {
  set: i32;
  state: i32;
  /** Its panels on the desk: the first in its round's list, how many, which place on the desk is the first one's. */
  first: i32;
  panels: i32;
  place: i32;
}

const IDLE: i32 = 0;
const ACTIVE: i32 = 1;
const HARD: i32 = 2;
const LOOKING: i32 = 3;

/** Besides what units.ts says: the host is to give a larger room. */
export const UNIT_ROOM: i32 = 5;

const LANE_BYTES: u32 = 32;
const RUN_BYTES: u32 = offsetof<Run>();
const INTEGRAL_BYTES: u32 = (offsetof<Integral>() + 15) & ~15;

/** Bytes of the record. @param breaks break points of all sets together */
export function sweepBytes(sets: i32, parameters: i32, breaks: i32): u32 {
  const column = align16((<u32>sets) << 3);
  return (
    align16(offsetof<Sweep>()) +
    INTEGRAL_BYTES +
    (<u32>parameters + 5) * column +
    align16((<u32>breaks) << 3) +
    3 * align16((<u32>sets) << 2) +
    align16((<u32>parameters) << 2)
  );
}

/** Divides the record, and clears what says what is asked. */
export function layOutSweep(sweep: Sweep, sets: i32, parameters: i32, breaks: i32): void {
  const column = align16((<u32>sets) << 3);
  const words = align16((<u32>sets) << 2);
  let at = <u32>changetype<usize>(sweep);
  memory.fill(at, 0, align16(offsetof<Sweep>()) + INTEGRAL_BYTES);
  sweep.sets = sets;
  sweep.parameters = parameters;
  at += align16(offsetof<Sweep>());
  sweep.template = at;
  at += INTEGRAL_BYTES;
  sweep.columns = at;
  at += <u32>parameters * column;
  sweep.lo = at;
  at += column;
  sweep.hi = at;
  at += column;
  sweep.values = at;
  at += column;
  sweep.errors = at;
  at += column;
  sweep.evaluations = at;
  at += column;
  sweep.breakAt = at;
  at += align16((<u32>breaks) << 3);
  sweep.breakFrom = at;
  at += words;
  sweep.breakCount = at;
  at += words;
  sweep.statuses = at;
  at += words;
  sweep.common = at;
}

function laneBytes(parameters: i32, capacity: i32, breaks: i32): u32 {
  return (
    LANE_BYTES +
    INTEGRAL_BYTES +
    align16((<u32>parameters) << 3) +
    align16(pieceBytes(breaks)) +
    align16(panelBytes(capacity))
  );
}

/** Bytes of a desk. @param breaks break points of a set, at most */
export function sweepDeskBytes(parameters: i32, lanes: i32, capacity: i32, breaks: i32): u32 {
  return (
    align16(offsetof<SweepDesk>()) +
    deskBytes(parameters) +
    align16(<u32>UNIT * RUN_BYTES) +
    align16((<u32>UNIT) << 2) +
    align16(RULE_BYTES) +
    SCRATCH_BYTES +
    align16((<u32>lanes) << 2) +
    <u32>lanes * lookBytes(parameters) +
    <u32>lanes * laneBytes(parameters, capacity, breaks)
  );
}

/** Lays out the desk for a unit. */
export function beginSweep(sweep: Sweep, unit: i32, address: usize): void {
  const desk = changetype<SweepDesk>(address);
  let at = <u32>address + align16(offsetof<SweepDesk>());
  const points = changetype<Desk>(at);
  layOutDesk(points, sweep.parameters);
  desk.desk = at;
  desk.x = points.x;
  desk.y = points.y;
  desk.weights = points.weights;
  desk.sums = points.sums;
  at += deskBytes(sweep.parameters);
  desk.runs = at;
  at += align16(<u32>UNIT * RUN_BYTES);
  desk.partAt = at;
  at += align16((<u32>UNIT) << 2);
  desk.rule = at;
  writeRule(at);
  writeEndRule(at);
  at += align16(RULE_BYTES);
  desk.scratch = at;
  at += SCRATCH_BYTES;
  desk.liveAt = at;
  desk.live = sweep.lanes;
  at += align16((<u32>sweep.lanes) << 2);
  desk.lookAt = at;
  desk.lookBytes = mayLook(changetype<Integral>(sweep.template)) ? lookBytes(sweep.parameters) : 0;
  at += <u32>sweep.lanes * lookBytes(sweep.parameters);
  desk.laneAt = at;
  desk.laneBytes = laneBytes(sweep.parameters, sweep.capacity, sweep.breaks);
  for (let index = 0; index < sweep.lanes; index++) {
    changetype<Lane>(at).state = IDLE;
    store<u32>(desk.liveAt + ((<u32>index) << 2), at);
    at += desk.laneBytes;
  }
  desk.count = 0;
  desk.next = unit * sweep.row;
  desk.end = min(desk.next + sweep.row, sweep.sets);
  desk.hard = 0;
  desk.draining = 0;
  desk.alone = 0;
  desk.room = 0;
  desk.roomPanels = 0;
}

// @ts-ignore: decorator
@inline
function integralOf(lane: Lane): Integral {
  return changetype<Integral>(changetype<usize>(lane) + LANE_BYTES);
}

/** Takes the values on the desk and writes the next points there. @returns POINTS, DISTANCES, UNIT_ROOM, or 0 when the unit is done */
export function stepSweep(sweep: Sweep, address: usize): i32 {
  const desk = changetype<SweepDesk>(address);
  if (desk.alone == 0) digestParts(sweep, desk);
  while (true) {
    if (desk.alone != 0) {
      const answer = stepAlone(sweep, desk);
      if (answer != 0) return answer;
    }
    if (desk.draining) {
      desk.alone = firstHard(desk);
      if (desk.alone != 0) continue;
      desk.draining = 0;
    }
    if (fill(sweep, desk)) return POINTS;
    if (desk.hard == 0) return 0;
    desk.draining = 1;
  }
}

/** What is on the desk from panel number `place` on is the integral's whose turn it is. */
// @ts-ignore: decorator
@inline
function turnTo(desk: SweepDesk, points: Desk, place: i32): void {
  const offset = <u32>place * PANEL_POINTS_BYTES;
  points.x = desk.x + offset;
  points.y = desk.y + offset;
  points.weights = desk.weights + offset;
  points.sums = desk.sums + <u32>place * PANEL_SUMS_BYTES;
}

/** Panels of all lanes that were evaluated. */
function digestParts(sweep: Sweep, desk: SweepDesk): void {
  const points = changetype<Desk>(desk.desk);
  if (desk.lookBytes != 0) judgeLooks(desk);
  for (let part = 0; part < desk.count; part++) {
    const lane = partOf(desk, part);
    turnTo(desk, points, lane.place);
    if (lane.state == LOOKING) {
      endLook(sweep, desk, lane, lookOf(desk, part), points);
      continue;
    }
    points.first = lane.first;
    points.panels = lane.panels;
    digestUnit(integralOf(lane), points);
  }
  desk.count = 0;
}

/** Fills the desk with the next panels of as many lanes as there is room for. @returns whether there are any */
function fill(sweep: Sweep, desk: SweepDesk): bool {
  const points = changetype<Desk>(desk.desk);
  let panels = 0;
  let parts = 0;
  let live = 0;
  for (let index = 0; index < desk.live; index++) {
    const at = load<u32>(desk.liveAt + ((<u32>index) << 2));
    store<u32>(desk.liveAt + ((<u32>live) << 2), at);
    live++;
    const lane = changetype<Lane>(at);
    if (lane.state == HARD || panels == UNIT) continue;
    const integral = integralOf(lane);
    points.list = desk.runs + <u32>parts * RUN_BYTES;
    turnTo(desk, points, panels);
    while (true) {
      if (lane.state == IDLE) {
        if (!takeSet(sweep, desk, lane)) {
          live--;
          break;
        }
        if (mayLookAt(sweep, desk, lane.set)) {
          look(sweep, desk, lane, parts, points);
          lane.place = panels;
          panels++;
          store<u32>(desk.partAt + ((<u32>parts) << 2), at);
          parts++;
          break;
        }
        start(sweep, desk, lane);
      }
      const found = advance(integral, true);
      if (found == ROUND_LAID) {
        // As much as it would be by itself, or nothing now: the desk has room for one at least.
        const most = unitEnd(integral, integral.next) - integral.next;
        if (panels + most > UNIT) break;
        if (prepareUnit(integral, points, integral.next, most) == DISTANCES) {
          points.panels = 0;
          makeHard(desk, lane);
          break;
        }
        lane.first = points.first;
        lane.panels = points.panels;
        lane.place = panels;
        integral.next += lane.panels;
        integral.evaluations += <f64>(lane.panels * NODES);
        panels += lane.panels;
        store<u32>(desk.partAt + ((<u32>parts) << 2), at);
        parts++;
        points.panels = 0;
        break;
      }
      if (found != 0 || integral.status == NEEDS_ROOM || integral.status == NEEDS_DISTANCE) {
        makeHard(desk, lane);
        break;
      }
      end(sweep, lane);
    }
  }
  desk.live = live;
  desk.list = desk.runs;
  desk.count = parts;
  return parts > 0;
}

function makeHard(desk: SweepDesk, lane: Lane): void {
  lane.state = HARD;
  desk.hard += 1;
}

function firstHard(desk: SweepDesk): u32 {
  for (let index = 0; index < desk.live; index++) {
    const at = load<u32>(desk.liveAt + ((<u32>index) << 2));
    if (changetype<Lane>(at).state == HARD) return at;
  }
  return 0;
}

/** The integral that has the desk for itself. @returns as `stepSweep`, 0 when it is done */
function stepAlone(sweep: Sweep, desk: SweepDesk): i32 {
  const lane = changetype<Lane>(desk.alone);
  const integral = integralOf(lane);
  const points = changetype<Desk>(desk.desk);
  points.list = desk.runs;
  turnTo(desk, points, 0);
  while (true) {
    // What it asked for last, first: `step` takes for granted that it has got it.
    if (integral.status == NEEDS_ROOM) {
      if (desk.room == 0 || desk.roomPanels < integral.capacity) {
        desk.wanted = integral.capacity;
        return UNIT_ROOM;
      }
      giveRoom(integral, desk.room, desk.roomPanels);
    } else if (integral.status == NEEDS_DISTANCE && sweep.distance != DISTANCE_POSSIBLE) {
      integral.distance = sweep.distance;
      integral.status = COMPUTING;
    } else if (integral.status != COMPUTING) {
      break;
    }
    const found = step(integral);
    if (found != 0) {
      desk.list = desk.runs;
      desk.count = 1;
      return found;
    }
  }
  end(sweep, lane);
  desk.count = 0;
  desk.hard -= 1;
  desk.alone = 0;
  return 0;
}

/** Panels that the room which UNIT_ROOM asks for must have. */
export function roomWanted(address: usize): i32 {
  return changetype<SweepDesk>(address).wanted;
}

/** The answer to UNIT_ROOM. What was in the room before moves. */
export function giveUnitRoom(address: usize, room: usize, panels: i32): void {
  const desk = changetype<SweepDesk>(address);
  desk.room = <u32>room;
  desk.roomPanels = panels;
  giveRoom(integralOf(changetype<Lane>(desk.alone)), room, panels);
}

// @ts-ignore: decorator
@inline
function loOf(sweep: Sweep, set: i32): f64 {
  return load<f64>(sweep.lo + (sweep.shared & SHARED_LO ? 0 : (<u32>set) << 3));
}

// @ts-ignore: decorator
@inline
function hiOf(sweep: Sweep, set: i32): f64 {
  return load<f64>(sweep.hi + (sweep.shared & SHARED_HI ? 0 : (<u32>set) << 3));
}

// @ts-ignore: decorator
@inline
function breaksOf(sweep: Sweep, set: i32): i32 {
  return load<i32>(sweep.breakCount + (sweep.shared & SHARED_BREAKS ? 0 : (<u32>set) << 2));
}

/** Copies the parameters of a set. */
function writeParameters(sweep: Sweep, set: i32, to: usize): void {
  const column = align16((<u32>sweep.sets) << 3);
  let from = sweep.columns;
  for (let index = 0; index < sweep.parameters; index++, from += column, to += 8) {
    const isCommon = load<i32>(sweep.common + ((<u32>index) << 2));
    store<f64>(to, load<f64>(isCommon ? from : from + ((<u32>set) << 3)));
  }
}

/** Gives the lane the unit's next set whose range is not empty. @returns whether there is one */
function takeSet(sweep: Sweep, desk: SweepDesk, lane: Lane): bool {
  while (desk.next < desk.end) {
    const set = desk.next;
    desk.next = set + 1;
    lane.set = set;
    if (loOf(sweep, set) != hiOf(sweep, set)) return true;
    write(sweep, set, 0, 0, 0, CONVERGED);
  }
  return false;
}

function mayLookAt(sweep: Sweep, desk: SweepDesk, set: i32): bool {
  return desk.lookBytes != 0 && breaksOf(sweep, set) == 0 && hiOf(sweep, set) - loOf(sweep, set) < Infinity;
}

/** Asks for the first panel of the lane's set. */
function look(sweep: Sweep, desk: SweepDesk, lane: Lane, part: i32, points: Desk): void {
  const look = lookOf(desk, part);
  const run = changetype<Run>(points.list);
  run.x = points.x;
  run.y = points.y;
  run.sums = points.sums;
  run.rule = desk.rule;
  ask(look, run, loOf(sweep, lane.set), hiOf(sweep, lane.set));
  writeParameters(sweep, lane.set, parametersOf(look));
  lane.state = LOOKING;
}

// @ts-ignore: decorator
@inline
function lookOf(desk: SweepDesk, part: i32): Look {
  return changetype<Look>(desk.lookAt + <u32>part * desk.lookBytes);
}

// @ts-ignore: decorator
@inline
function partOf(desk: SweepDesk, part: i32): Lane {
  return changetype<Lane>(load<u32>(desk.partAt + ((<u32>part) << 2)));
}

/** What became of the looks on the desk, of neighbours two at a time. */
function judgeLooks(desk: SweepDesk): void {
  const points = changetype<Desk>(desk.desk);
  for (let part = 0; part < desk.count; part++) {
    const lane = partOf(desk, part);
    if (lane.state != LOOKING) continue;
    turnTo(desk, points, lane.place);
    if (part + 1 < desk.count && partOf(desk, part + 1).state == LOOKING) {
      judgeTwo(lookOf(desk, part), lookOf(desk, part + 1), desk.rule, points.y, points.sums);
      part++;
    } else {
      judge(lookOf(desk, part), desk.rule, points.y, points.sums);
    }
  }
}

/** Writes the result, if the look was enough; lays out the integral and goes on with it, if not. */
function endLook(sweep: Sweep, desk: SweepDesk, lane: Lane, look: Look, points: Desk): void {
  if (isEnough(look, changetype<Integral>(sweep.template))) {
    write(sweep, lane.set, look.value, look.error, <f64>NODES, CONVERGED);
    lane.state = IDLE;
    return;
  }
  start(sweep, desk, lane);
  const integral = integralOf(lane);
  if (!goOn(look, integral)) return;
  points.first = 0;
  points.panels = 1;
  digestUnit(integral, points);
}

/** Lays out the integral of the lane's set. */
function start(sweep: Sweep, desk: SweepDesk, lane: Lane): void {
  const set = lane.set;
  const integral = integralOf(lane);
  for (let word: usize = 0; word < INTEGRAL_BYTES; word += 16) {
    v128.store(changetype<usize>(integral) + word, v128.load(<usize>sweep.template + word));
  }
  integral.lo = loOf(sweep, set);
  integral.hi = hiOf(sweep, set);
  let at = <u32>changetype<usize>(integral) + INTEGRAL_BYTES;
  integral.parameters = at;
  integral.parameterCount = sweep.parameters;
  integral.grain = UNIT;
  writeParameters(sweep, set, at);
  at += align16((<u32>sweep.parameters) << 3);
  integral.rule = desk.rule;
  integral.hasRule = 1;
  integral.desk = desk.desk;
  integral.scratch = desk.scratch;
  integral.breaks = breaksOf(sweep, set);
  const from = load<u32>(sweep.breakFrom + (sweep.shared & SHARED_BREAKS ? 0 : (<u32>set) << 2));
  integral.breakAt = sweep.breakAt + (from << 3);
  layOutPieces(integral, at, sweep.breaks);
  at += align16(pieceBytes(sweep.breaks));
  giveRoom(integral, at, sweep.capacity);
  lane.state = ACTIVE;
}

/** Writes what came of the lane's integral; the lane is free. */
function end(sweep: Sweep, lane: Lane): void {
  const integral = integralOf(lane);
  const status = integral.status;
  const isLost = status == DIVERGENT || status == NOT_FINITE;
  write(sweep, lane.set, isLost ? NaN : integral.value, integral.error, integral.evaluations, status);
  lane.state = IDLE;
}

/** Writes what came of a set. */
function write(sweep: Sweep, set: i32, value: f64, error: f64, evaluations: f64, status: i32): void {
  const offset = (<u32>set) << 3;
  store<f64>(sweep.values + offset, value);
  store<f64>(sweep.errors + offset, value - value == 0 ? error : Infinity);
  store<f64>(sweep.evaluations + offset, evaluations);
  store<i32>(sweep.statuses + (offset >> 1), status);
}
