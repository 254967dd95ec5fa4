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
 * Role: any thread in the job, with a desk of its own. It never waits.
 */
import { DISTANCES, POINTS, ROUND_LAID, advance, digestUnit, prepareUnit, step, unitEnd } from "./range/adaptive";
import { Desk, NODES, PANEL_POINTS_BYTES, Run, UNIT, deskBytes, layOutDesk } from "./desk";
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
  rule: u32;
  scratch: u32;
  /** Addresses of the lanes that the runs are of. */
  partAt: u32;
  laneAt: u32;
  laneBytes: u32;
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
  /** Its panels on the desk: the first in its round's list, how many, where their points are. */
  first: i32;
  panels: i32;
  offset: u32;
}

const IDLE: i32 = 0;
const ACTIVE: i32 = 1;
const HARD: i32 = 2;

/** Besides what units.ts says: the host is to give a larger room. */
export const UNIT_ROOM: i32 = 5;

const LANE_BYTES: u32 = 32;
const RUN_BYTES: u32 = offsetof<Run>();
const INTEGRAL_BYTES: u32 = (offsetof<Integral>() + 15) & ~15;

function align16(size: u32): u32 {
  return (size + 15) & ~15;
}

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
  desk.laneAt = at;
  desk.laneBytes = laneBytes(sweep.parameters, sweep.capacity, sweep.breaks);
  for (let index = 0; index < sweep.lanes; index++) {
    changetype<Lane>(at).state = IDLE;
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
  if (desk.alone == 0) digestParts(desk);
  while (true) {
    if (desk.alone != 0) {
      const answer = stepAlone(sweep, desk);
      if (answer != 0) return answer;
    }
    if (desk.draining) {
      desk.alone = firstHard(sweep, desk);
      if (desk.alone != 0) continue;
      desk.draining = 0;
    }
    if (fill(sweep, desk)) return POINTS;
    if (desk.hard == 0) return 0;
    desk.draining = 1;
  }
}

/** Panels of all lanes that were evaluated. */
function digestParts(desk: SweepDesk): void {
  const points = changetype<Desk>(desk.desk);
  for (let part = 0; part < desk.count; part++) {
    const lane = changetype<Lane>(load<u32>(desk.partAt + ((<u32>part) << 2)));
    points.y = desk.y + lane.offset;
    points.weights = desk.weights + lane.offset;
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
  let at = desk.laneAt;
  for (let index = 0; index < sweep.lanes && panels < UNIT; index++, at += desk.laneBytes) {
    const lane = changetype<Lane>(at);
    if (lane.state == HARD) continue;
    const integral = integralOf(lane);
    const offset = <u32>panels * PANEL_POINTS_BYTES;
    points.list = desk.runs + <u32>parts * RUN_BYTES;
    points.x = desk.x + offset;
    points.y = desk.y + offset;
    points.weights = desk.weights + offset;
    while (true) {
      if (lane.state == IDLE && !startNext(sweep, desk, lane)) break;
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
        lane.offset = offset;
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
  desk.list = desk.runs;
  desk.count = parts;
  return parts > 0;
}

function makeHard(desk: SweepDesk, lane: Lane): void {
  lane.state = HARD;
  desk.hard += 1;
}

function firstHard(sweep: Sweep, desk: SweepDesk): u32 {
  let at = desk.laneAt;
  for (let index = 0; index < sweep.lanes; index++, at += desk.laneBytes) {
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
  points.x = desk.x;
  points.y = desk.y;
  points.weights = desk.weights;
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

/** Begins the unit's next set whose range is not empty. @returns whether there is one */
function startNext(sweep: Sweep, desk: SweepDesk, lane: Lane): bool {
  while (desk.next < desk.end) {
    const set = desk.next;
    desk.next = set + 1;
    lane.set = set;
    const offset = (<u32>set) << 3;
    const integral = integralOf(lane);
    for (let word: usize = 0; word < INTEGRAL_BYTES; word += 16) {
      v128.store(changetype<usize>(integral) + word, v128.load(<usize>sweep.template + word));
    }
    integral.lo = load<f64>(sweep.lo + (sweep.shared & SHARED_LO ? 0 : offset));
    integral.hi = load<f64>(sweep.hi + (sweep.shared & SHARED_HI ? 0 : offset));
    if (integral.lo == integral.hi) {
      integral.status = CONVERGED;
      end(sweep, lane);
      continue;
    }
    let at = <u32>changetype<usize>(integral) + INTEGRAL_BYTES;
    integral.parameters = at;
    integral.parameterCount = sweep.parameters;
    integral.grain = UNIT;
    const column = align16((<u32>sweep.sets) << 3);
    let from = sweep.columns;
    for (let index = 0; index < sweep.parameters; index++, from += column) {
      const place = load<i32>(sweep.common + ((<u32>index) << 2)) ? from : from + offset;
      store<f64>(at + ((<u32>index) << 3), load<f64>(place));
    }
    at += align16((<u32>sweep.parameters) << 3);
    integral.rule = desk.rule;
    integral.hasRule = 1;
    integral.desk = desk.desk;
    integral.scratch = desk.scratch;
    const own = sweep.shared & SHARED_BREAKS ? 0 : offset >> 1;
    integral.breaks = load<i32>(sweep.breakCount + own);
    integral.breakAt = sweep.breakAt + (load<u32>(sweep.breakFrom + own) << 3);
    layOutPieces(integral, at, sweep.breaks);
    at += align16(pieceBytes(sweep.breaks));
    giveRoom(integral, at, sweep.capacity);
    lane.state = ACTIVE;
    return true;
  }
  return false;
}

/** Writes what came of a set; its lane is free. */
function end(sweep: Sweep, lane: Lane): void {
  const integral = integralOf(lane);
  const offset = (<u32>lane.set) << 3;
  const status = integral.status;
  const isLost = status == DIVERGENT || status == NOT_FINITE;
  const value = isLost ? NaN : integral.value;
  store<f64>(sweep.values + offset, value);
  store<f64>(sweep.errors + offset, value - value == 0 ? integral.error : Infinity);
  store<f64>(sweep.evaluations + offset, integral.evaluations);
  store<i32>(sweep.statuses + (offset >> 1), status);
  lane.state = IDLE;
}
