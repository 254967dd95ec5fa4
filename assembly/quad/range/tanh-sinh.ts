/**
 * The double-exponential rule: each part of the range, between break points, is mapped onto a line over which the integrand falls doubly exponentially, and there
 * the trapezoidal rule is summed, with half the step from level to level.
 *
 *   u(t) = π/2 sinh t
 *   finite         x = lo + w q, or hi - w q,  q = 1/(1 + e^(2u)),  t >= 0     dx = w 2 u' q (1 - q) dt      tanh-sinh, in the distance from the nearer end
 *   half a line    x = end ± s e^u                                            dx = s e^u u' dt              exp-sinh
 *   the line       x = center ± s sinh u,  t >= 0                             dx = s cosh u u' dt           sinh-sinh
 *
 *   level 0   t = 0, 1, 2 …; level m the odd multiples of 2^-m between. Each part has two sides, t >= 0 and t < 0, of which either is cut where what is left is next
 *             to nothing: in time no side goes much further than the last of its terms that was more than 2^-60 of the sum.
 *   error     what the last halving changed, or or a hundredth of what the one before changed, if that is more; and the terms at the cuts, where a side ended because doubles do.
 *             Once halving helps, the error after it is about the square of that change: so this is far above it.
 *
 * The distance goes down to 2^-1000 where f is computed from it (maps.ts) and at 0, else to 2^-51 of the end.
 *
 * Source: H. Takahasi, M. Mori, "Double exponential formulas for numerical integration", Publ. RIMS 9 (1974). e^u is computed here, from ln 2 in two parts and
 *         Taylor's polynomial: the rule needs few digits of where its nodes are, but the same bits everywhere.
 * Bounds: none are proved. test/quad/range/tanh-sinh.test.ts counts on the battery that no claim is wrong.
 * Role:   whoever computes and decides.
 */
import { Run, UNIT, VECTORS } from "../desk";
import {
  BEGINNING,
  DECIDING,
  DISTANCE_ALWAYS,
  DISTANCE_POSSIBLE,
  DISTANCE_READY,
  DONE,
  EVALUATING,
  Integral,
  NEEDS_DISTANCE,
  NEEDS_ROOM,
  Panel,
  Piece,
  deskOf,
  panelOf,
  pieceOf,
  writePanel,
} from "./integral";
import { BUDGET, CONVERGED, DIVERGENT, NOT_FINITE, ROUND_OFF, TOLERANCE_NOT_REACHED } from "../status";
import { PLAIN, writeAnchor } from "./maps";

const EPSILON: f64 = 2.220446049250313e-16;
const HALF_PI: f64 = 1.5707963267948966;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const PER_LN2: f64 = 1.4426950408889634;

/** Points at a time. */
const POINTS: i32 = 2 * VECTORS * UNIT;
/** The last level; the first that may be the last with the most effort. */
const LAST_LEVEL: i32 = 12;
const MOST_LEVEL: i32 = 10;
/** No double is further out: u(6.5) is beyond 700. */
const FURTHEST: f64 = 6.5;
/** The largest exponents of e: of distances. */
const LOGARITHM_MOST: f64 = 690;
/** Of an end that is not 0, the part within which x would be rounded to the end; and 2^-1000. */
const NEAREST: f64 = 4.440892098500626e-16;
const LEAST: f64 = 9.332636185032189e-302;
/** Part of the sum of all that is next to nothing. */
const SPENT: f64 = 8.673617379884035e-19;
/** How many ratios are looked at for divergence, and which counts as 1. */
const GROWING: i32 = 7;
const EQUAL: f64 = 1 - 1.0 / 65536;
/** Error that rounding leaves, in units of the integral of |f|, and where it is the end. */
const ROUND_OFF_UNIT: f64 = 50 * EPSILON;
const ROUNDINGS: f64 = 60 * EPSILON;

const FINITE: i32 = 0;
const UPWARDS: i32 = 1;
const DOWNWARDS: i32 = 2;
const LINE: i32 = 3;

/** What a panel is for the other rule is here a part of the range; its record has what came of it, and this one, behind them all, how far it is. */
@unmanaged
class Part {
  /** Of the terms of all levels: sum, what its roundings lost, sum of absolute values. */
  sum: f64;
  rest: f64;
  absolute: f64;
  /** What the last level changed. */
  change: f64;
  /** By side: the t beyond which nothing matters; how far this level's terms did; the last term, in size. */
  reach0: f64;
  reach1: f64;
  seen0: f64;
  seen1: f64;
  last0: f64;
  last1: f64;
  kind: i32;
  isOver: i32;
  /** Bits by side: what the last node says of divergence there. */
  grows: i32;
  /** Nodes where f is not finite, though it is not next to nothing beside them. No node further out is looked at. */
  bad: i32;
}

/** Records of panels that a part's two take. */
const SLOTS: i32 = 3;

function partOf(integral: Integral, index: i32): Part {
  return changetype<Part>(changetype<usize>(panelOf(integral, integral.panels + (SLOTS - 1) * index)));
}

/** e^x for |x| <= 700. */
function exponential(x: f64): f64 {
  const k = floor(x * PER_LN2 + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum: f64 = 1;
  for (let n: f64 = 14; n > 0; n -= 1) sum = 1 + (sum * r) / n;
  return sum * reinterpret<f64>((<u64>(<i64>k + 1023)) << 52);
}

/** 2^-level. */
function stepOf(level: i32): f64 {
  return reinterpret<f64>((<u64>(1023 - level)) << 52);
}

/** Goes on, as the step of adaptive.ts does. @returns 0: look at the status; 1: points to evaluate; 2: distances */
export function stepTanhSinh(integral: Integral): i32 {
  while (true) {
    if (integral.phase == EVALUATING) {
      digest(integral);
      const points = prepare(integral);
      if (points != 0) return points;
      integral.phase = DECIDING;
    } else if (integral.phase == DECIDING) {
      if (!decide(integral)) return 0;
    } else if (integral.phase == BEGINNING) {
      if (!begin(integral)) return 0;
    } else {
      return 0;
    }
  }
}

function begin(integral: Integral): bool {
  if (integral.distance == DISTANCE_POSSIBLE) {
    integral.status = NEEDS_DISTANCE;
    return false;
  }
  const count = integral.breaks;
  const room = SLOTS * (count + 1);
  if (room > integral.capacity) {
    integral.capacity = room;
    integral.status = NEEDS_ROOM;
    return false;
  }
  const piece = pieceOf(integral, 0);
  memory.fill(changetype<usize>(piece), 0, offsetof<Piece>());
  piece.kind = PLAIN;
  integral.pieces = 1;
  let at = integral.lo;
  let parts = 0;
  for (let index = 0; index <= count; index++) {
    const next = index < count ? load<f64>(integral.breakAt + ((<u32>index) << 3)) : integral.hi;
    if (next > at) writePanel(integral, parts++, 0, at, next, 0);
    at = next;
  }
  integral.panels = parts;
  for (let index = 0; index < parts; index++) {
    const panel = panelOf(integral, index);
    const part = partOf(integral, index);
    memory.fill(changetype<usize>(part), 0, offsetof<Part>());
    part.change = Infinity;
    part.reach0 = FURTHEST;
    part.reach1 = FURTHEST;
    if (panel.lo == -Infinity) part.kind = panel.hi == Infinity ? LINE : DOWNWARDS;
    else part.kind = panel.hi == Infinity ? UPWARDS : FINITE;
  }
  integral.level = 0;
  start(integral);
  return true;
}

/** At the first node of the level. */
function start(integral: Integral): void {
  integral.part = 0;
  integral.side = 0;
  integral.node = 0;
  integral.nodes = 0;
  integral.phase = EVALUATING;
}

/** A level's node number `index`; t = 0, which both sides have, belongs to side 0. */
function nodeAt(level: i32, side: i32, index: i32): f64 {
  return level == 0 ? <f64>(index + side) : <f64>(2 * index + 1) * stepOf(level);
}

/** How many nodes the level has on a side at most. */
function nodesOf(part: Part, level: i32, side: i32): i32 {
  const reach = side == 0 ? part.reach0 : part.reach1;
  return level == 0 ? <i32>reach + 1 - side : <i32>((reach / stepOf(level) + 1) * 0.5);
}

/** The end that distances of the side are from. */
function anchorOf(panel: Panel, part: Part, side: i32): f64 {
  if (part.kind == FINITE) return side == 0 ? panel.lo : panel.hi;
  return part.kind == UPWARDS ? panel.lo : panel.hi;
}

/** Whether x comes near the anchor on this side. */
function isNear(part: Part, side: i32): bool {
  return part.kind == FINITE || (part.kind != LINE && side == 1);
}

function isByDistance(integral: Integral, anchor: f64, part: Part, side: i32): bool {
  if (!isNear(part, side)) return false;
  return integral.distance == DISTANCE_ALWAYS || (integral.distance == DISTANCE_READY && anchor != 0);
}

/** Writes the next points. @returns 0 when the level is over, 1 for points, 2 for distances */
function prepare(integral: Integral): i32 {
  while (integral.part < integral.panels) {
    const part = partOf(integral, integral.part);
    const rest = nodesOf(part, integral.level, integral.side) - integral.node;
    if (part.isOver == 0 && rest > 0) {
      const points = write(integral, part, min(POINTS, rest));
      if (points != 0) return points;
    }
    // The side is over.
    integral.node = 0;
    if (part.isOver == 0) endSide(integral, part);
    if (part.isOver == 0 && integral.side == 0) integral.side = 1;
    else {
      integral.side = 0;
      integral.part += 1;
    }
  }
  return 0;
}

/** The first level that may be the last, by effort. */
function leastOf(integral: Integral): i32 {
  return integral.first >= 8192 ? MOST_LEVEL : integral.first >= 1024 ? 8 : integral.first >= 64 ? 5 : 3;
}

function endSide(integral: Integral, part: Part): void {
  // Of zeros nobody knows which of them are next to something.
  if (integral.level < leastOf(integral) - 1 || integral.l1 == 0) return;
  // What lies between the nodes of this level may matter a little further out.
  const further = 4 * stepOf(integral.level);
  if (integral.side == 0) part.reach0 = min(part.reach0, max(1, part.seen0 + further));
  else part.reach1 = min(part.reach1, max(1, part.seen1 + further));
}

/** Writes the side's next points, `count` at most. @returns 0 where doubles end, 1 for points, 2 for distances */
function write(integral: Integral, part: Part, count: i32): i32 {
  const desk = deskOf(integral);
  const panel = panelOf(integral, integral.part);
  const side = integral.side;
  const level = integral.level;
  const anchor = part.kind == LINE ? integral.center : anchorOf(panel, part, side);
  const distance = isByDistance(integral, anchor, part, side);
  const isUp = part.kind == UPWARDS || ((part.kind == FINITE || part.kind == LINE) && side == 0);
  const sign: f64 = isUp ? 1 : -1;
  const width = panel.hi - panel.lo;
  const least = isNear(part, side) ? (distance ? LEAST : max(LEAST, NEAREST * abs(anchor))) : 0;
  let points = 0;
  for (; points < count; points++) {
    const grown = exponential(nodeAt(level, side, integral.node + points));
    const u = HALF_PI * 0.5 * (grown - 1 / grown);
    const slope = HALF_PI * 0.5 * (grown + 1 / grown);
    let reach: f64;
    let weight: f64;
    if (part.kind == FINITE) {
      if (2 * u > LOGARITHM_MOST) break;
      const small = exponential(-2 * u);
      reach = width * (small / (1 + small));
      weight = (2 * slope * reach) / (1 + small);
    } else {
      if (u > LOGARITHM_MOST) break;
      if (part.kind == LINE) {
        const large = exponential(u);
        reach = integral.scale * (0.5 * (large - 1 / large));
        weight = integral.scale * (0.5 * (large + 1 / large)) * slope;
      } else {
        reach = integral.scale * exponential(side == 0 ? u : -u);
        weight = reach * slope;
      }
    }
    if (reach < least || !(weight > 0) || weight == Infinity) break;
    store<f64>(<usize>desk.x + ((<usize>points) << 3), distance ? reach : anchor + sign * reach);
    store<f64>(<usize>desk.weights + ((<usize>points) << 3), weight);
  }
  if (points == 0) return 0;
  // Of points there must be an even number.
  if ((points & 1) != 0) {
    store<f64>(<usize>desk.x + ((<usize>points) << 3), load<f64>(<usize>desk.x + ((<usize>(points - 1)) << 3)));
  }
  const run = changetype<Run>(desk.list);
  run.parameters = integral.parameters;
  run.x = desk.x;
  run.y = desk.y;
  run.slots = 0;
  run.points = (points + 1) & ~1;
  integral.evaluations += <f64>points;
  integral.nodes = points;
  if (!distance) return 1;
  writeAnchor(integral, desk, anchor, sign);
  return 2;
}

/** Adds what was evaluated. */
function digest(integral: Integral): void {
  if (integral.nodes == 0) return;
  const desk = deskOf(integral);
  const part = partOf(integral, integral.part);
  const side = integral.side;
  const level = integral.level;
  let last = side == 0 ? part.last0 : part.last1;
  let seen = side == 0 ? part.seen0 : part.seen1;
  if (integral.node == 0) {
    last = Infinity;
    seen = 0;
  }
  let isCut = false;
  let index = 0;
  for (; index < integral.nodes; index++) {
    const offset = (<usize>index) << 3;
    const term = load<f64>(<usize>desk.y + offset) * load<f64>(<usize>desk.weights + offset);
    if (term - term != 0) {
      isCut = true;
      // Where f was next to nothing some part of it may overflow further out.
      if (!(last <= SPENT * part.absolute)) note(integral, part, offset);
      break;
    }
    const sum = part.sum + term;
    const share = sum - part.sum;
    part.rest += part.sum - (sum - share) + (term - share);
    part.sum = sum;
    part.absolute += abs(term);
    last = abs(term);
    if (last > SPENT * part.absolute) seen = nodeAt(level, side, integral.node + index);
  }
  if (index > 0) noteGrowth(integral, part, index - 1);
  if (side == 0) {
    part.last0 = last;
    part.seen0 = seen;
    if (isCut) part.reach0 = nodeAt(level, 0, integral.node + index);
  } else {
    part.last1 = last;
    part.seen1 = seen;
    if (isCut) part.reach1 = nodeAt(level, 1, integral.node + index);
  }
  integral.node = isCut ? i32.MAX_VALUE >> 1 : integral.node + integral.nodes;
  integral.nodes = 0;
}

/** Notes whether f times the distance grows to the last node, or does not fall, and keeps its sign: then there is no integral of it. */
function noteGrowth(integral: Integral, part: Part, last: i32): void {
  let grows = last >= GROWING;
  let after = growthAt(integral, last);
  for (let index = last - 1; grows && index >= last - GROWING; index--) {
    const here = growthAt(integral, index);
    // NaN, where both are 0, compares false.
    if (!(after / here >= EQUAL)) grows = false;
    after = here;
  }
  const bit = 1 << integral.side;
  part.grows = grows ? part.grows | bit : part.grows & ~bit;
}

function growthAt(integral: Integral, index: i32): f64 {
  const desk = deskOf(integral);
  const offset = (<usize>index) << 3;
  const grown = exponential(nodeAt(integral.level, integral.side, integral.node + index));
  return (load<f64>(<usize>desk.y + offset) * load<f64>(<usize>desk.weights + offset)) / (grown + 1 / grown);
}

function note(integral: Integral, part: Part, offset: usize): void {
  part.bad += 1;
  if (integral.bad == 0) {
    const desk = deskOf(integral);
    const x = load<f64>(<usize>desk.x + offset);
    const run = changetype<Run>(desk.list);
    const anchor = <usize>desk.parameters + ((<usize>integral.parameterCount) << 3);
    integral.badX = run.parameters == desk.parameters ? load<f64>(anchor) + load<f64>(anchor, 8) * x : x;
  }
  integral.bad += 1;
}

function finish(integral: Integral, status: i32): bool {
  integral.status = status;
  integral.phase = DONE;
  return false;
}

/** The level is over: what it came to, and which parts go on. */
function decide(integral: Integral): bool {
  const level = integral.level;
  const step = stepOf(level);
  integral.rounds += 1;
  if (integral.evaluations == 0) {
    // All parts are narrower than the nearest node to an end: nothing is known.
    integral.error = Infinity;
    return finish(integral, TOLERANCE_NOT_REACHED);
  }
  let value: f64 = 0;
  let error: f64 = 0;
  let l1: f64 = 0;
  let bad = 0;
  let grows = false;
  for (let index = 0; index < integral.panels; index++) {
    const part = partOf(integral, index);
    const panel = panelOf(integral, index);
    if (part.isOver == 0) {
      const now = (part.sum + part.rest) * step;
      const change = level == 0 ? Infinity : abs(now - panel.value);
      const cut = part.last0 + part.last1;
      panel.value = now;
      panel.l1 = part.absolute * step;
      panel.depth = <i16>level;
      // A change that is small by chance follows one that is not.
      const off = 4 * max(change, 0.01 * min(part.change, panel.l1)) + (cut < Infinity ? cut : 0);
      panel.error = part.bad > 0 && cut == Infinity ? f64.MAX_VALUE : max(off, ROUND_OFF_UNIT * panel.l1);
      part.change = change;
    }
    value += panel.value;
    error += panel.error;
    l1 += panel.l1;
    bad += part.bad;
  }
  integral.value = value;
  integral.error = error;
  integral.l1 = l1;
  if (value - value != 0 || l1 - l1 != 0) return finish(integral, NOT_FINITE);
  const tolerance = max(integral.absolute, integral.relative * abs(value));
  for (let index = 0; index < integral.panels; index++) {
    const part = partOf(integral, index);
    if (part.grows != 0 && part.last0 + part.last1 > tolerance) grows = true;
  }
  const least = leastOf(integral);
  // Where all is 0 there may be something between.
  if (level >= (l1 == 0 ? MOST_LEVEL : least)) {
    if (error <= tolerance) return finish(integral, CONVERGED);
    if (error <= ROUNDINGS * l1) return finish(integral, ROUND_OFF);
    if (grows && level > least + 1) return finish(integral, DIVERGENT);
  }
  const failure = bad > 0 ? NOT_FINITE : TOLERANCE_NOT_REACHED;
  if (level == LAST_LEVEL) return finish(integral, failure);
  const enough = (0.5 * tolerance) / <f64>integral.panels;
  let wanted: f64 = 0;
  let isOver = true;
  for (let index = 0; index < integral.panels; index++) {
    const part = partOf(integral, index);
    if (level >= least && l1 > 0 && panelOf(integral, index).error <= enough) part.isOver = 1;
    if (part.isOver == 0) {
      isOver = false;
      wanted += <f64>(nodesOf(part, level + 1, 0) + nodesOf(part, level + 1, 1));
    }
  }
  if (isOver) return finish(integral, failure);
  if (wanted > integral.maximum - integral.evaluations) return finish(integral, BUDGET);
  integral.level = level + 1;
  start(integral);
  return true;
}
