/**
 * An integral to a tolerance, by rounds: a first pass of panels, wide where the effort is; then, while the errors add up to too much, the panels with the
 * largest errors are halved, all that a round can make use of.
 *
 *   begin    the range becomes pieces, the pieces the panels of the first pass
 *   step     digests what was evaluated, decides when a round is over, and prepares the next points
 *   decide   adds up in the order of slots, which is the order in which panels came to be; takes panels from the heap of largest.ts
 *
 * What decides is computed from the slots, by one thread, in an order that depends on the problem alone. So no number of threads changes a bit.
 *
 * A round halves the shortest list of panels, largest errors first, without which half of the tolerance would be kept: but no more than 64, or an eighth of
 * all, if that is more. A panel is not halved any more when its width is below 2048 units in the last place of its ends, lest a node be rounded to an end; nor
 * when halving it three times in a row has changed neither value nor error, for rounding is all that is left.
 *
 * Source: M. A. Malcolm, R. B. Simpson, "Local versus global strategies for adaptive quadrature", TOMS 1 (1975); I. Gladwell, "Vectorisation of one
 *         dimensional quadrature codes" (1987), for halving many at a time.
 * Role:   the thread that computes the integral. It takes no lock and never waits.
 */
import { Desk, NODES, PANEL_POINTS_BYTES, Run, UNIT, VECTORS } from "../desk";
import {
  BEGINNING,
  DECIDING,
  DISTANCE_POSSIBLE,
  DONE,
  EVALUATING,
  Integral,
  LAYING,
  NEEDS_DISTANCE,
  NEEDS_ROOM,
  Panel,
  Piece,
  TANH_SINH,
  WAVING,
  ask,
  deskOf,
  groupOf,
  panelOf,
  pendingOf,
  pieceOf,
  splitOf,
  writePanel,
} from "./integral";
import { BUDGET, CONVERGED, DIVERGENT, NOT_FINITE, ROUND_OFF, TOLERANCE_NOT_REACHED } from "../status";
import { badNodes, badPlace, digest, prepare, sumUpPieces, writeRule } from "./kronrod";
import { hasMore, pop, push, pushAll } from "./largest";
import { noteEnds } from "./ends";
import { END, FAR, FOLD, isByDistance, writeAnchor } from "./maps";
import { firstPanels, layPanels, layPieces } from "./pieces";
import { foldBack, stepFolds, unfold } from "./folds";
import { stepTanhSinh } from "./tanh-sinh";
import { LOBING, NO_WAVE, findWave, settleWave, stepWave, tryWave } from "./waves";
import { DIVERGES, HELD, SETTLED, layShells, propose, settle, shellsOf, wantsDistance } from "./shells";

const EPSILON: f64 = 2.220446049250313e-16;
/** Where the error is no more than this many roundings of the integral of |f|, nothing can be gained: a panel's own is 50 at least. */
const ROUNDINGS: f64 = 60 * EPSILON;
/** Halvings in a row without effect after which a panel is left alone. */
const STUCK: i32 = 3;
/** Least width of a panel that may be halved, in units of the larger of its ends: 2048 units in the last place, so that no node is rounded to an end. */
const NARROW: f64 = 2048 * EPSILON;
/** And by itself: 2^-1000. */
const LEAST_WIDTH: f64 = 9.332636185032189e-302;
/** Of a far piece, whose weights are 1/t²: 2^-480. */
const LEAST_FAR_WIDTH: f64 = 3.2033329522929615e-145;
/** What part of the integral of |f| over a panel of the first pass may be left in a panel that is too narrow to be halved: at a pole much is left. */
const POLE: f64 = 0.3;
/** Part of the integral of |f| that is next to nothing: 2^-100. */
const SPENT: f64 = 7.888609052210118e-31;
/** Panels of the first pass with the most effort. */
const MOST: i32 = 8192;
/** Panels that a round may halve whatever their number. */
const LEAST_ROUND: i32 = 64;

/** No points: the integral has its status. */
export const NO_POINTS: i32 = 0;
/** Points for the integrand, points for its form in the distance. */
export const POINTS: i32 = 1;
export const DISTANCES: i32 = 2;

/** A round is laid out: panels to evaluate, here or by a job of units. */
export const ROUND_LAID: i32 = 3;

/** Goes on, until there is something to evaluate (the points stand in the run), to be answered (`status`), or done. */
export function step(integral: Integral): i32 {
  const found = advance(integral);
  if (found != ROUND_LAID) return found;
  const desk = deskOf(integral);
  const points = prepareUnit(integral, desk, integral.next, unitEnd(integral, integral.next) - integral.next);
  integral.next += desk.panels;
  integral.evaluations += <f64>(desk.panels * NODES);
  return points;
}

/** Where the unit ends that panel `next` of the round is in. Units end at multiples, whoever computes: what the driver gets at a time may change bits (drivers/runs.ts). */
export function unitEnd(integral: Integral, next: i32): i32 {
  const grain = integral.grain;
  const pending = integral.pending;
  return pending <= grain ? pending : min((next / grain + 1) * grain, pending);
}

/** What goes on next wants the desk for itself. */
export const ALONE: i32 = 6;

/**
 * The same, but of a round's panels no points are written: ROUND_LAID says that there are some.
 *
 * @param shared whether points of others may stand on the desk: then it answers ALONE rather than to write there
 */
export function advance(integral: Integral, shared: bool = false): i32 {
  if (integral.method == TANH_SINH) return shared ? ALONE : stepTanhSinh(integral);
  while (true) {
    const phase = integral.phase;
    if (phase == EVALUATING) {
      const again = digestUnit(integral, deskOf(integral));
      if (again != 0) return again;
      if (integral.next < integral.pending) return ROUND_LAID;
      integral.phase = DECIDING;
    } else if (phase == DECIDING) {
      if (!decide(integral)) return NO_POINTS;
    } else if (phase == WAVING) {
      if (shared) return ALONE;
      const waving = stepWave(integral);
      if (waving != 0) return waving;
      if (integral.wave == NO_WAVE) integral.phase = DECIDING;
    } else if (phase == BEGINNING) {
      const looking = integral.distance == DISTANCE_POSSIBLE ? 0 : stepFolds(integral);
      if (looking != 0) return looking;
      if (!begin(integral)) return NO_POINTS;
    } else if (phase == LAYING) {
      if (!lay(integral)) return NO_POINTS;
    } else {
      return NO_POINTS;
    }
  }
}

/** Whether there is room for `panels` panels; asks for it if not. */
function hasRoom(integral: Integral, panels: i32): bool {
  if (panels <= integral.capacity) return true;
  integral.capacity = max(panels, 2 * integral.capacity);
  integral.status = NEEDS_ROOM;
  return false;
}

function begin(integral: Integral): bool {
  if (integral.folds > 0 && integral.distance == DISTANCE_POSSIBLE) {
    integral.status = NEEDS_DISTANCE;
    return false;
  }
  if (!integral.hasRule) writeRule(integral.rule);
  layPieces(integral);
  if (!hasRoom(integral, firstPanels(integral))) return false;
  layPanels(integral);
  integral.heap = -1;
  integral.phase = EVALUATING;
  return true;
}

/**
 * Writes the points of panels of the round, from `first` on, `most` at most: either all are distances from one point, or none is.
 *
 * Any thread, with a desk of its own; it changes nothing but the desk.
 */
export function prepareUnit(integral: Integral, desk: Desk, first: i32, most: i32): i32 {
  const run = changetype<Run>(desk.list);
  run.parameters = integral.parameters;
  run.x = desk.x;
  run.y = desk.y;
  desk.first = first;
  if (isPlain(integral)) {
    run.slots = integral.pendingAt + ((<u32>first) << 2);
    run.panels = integral.panelAt;
    run.stride = offsetof<Panel>();
    run.rule = integral.rule;
    run.sums = desk.sums;
    run.points = 2 * VECTORS * most;
    desk.panels = most;
    desk.isFolded = 0;
    return POINTS;
  }
  const piece = pieceOf(integral, panelOf(integral, pendingOf(integral, first)).piece);
  const distance = isByDistance(integral, piece);
  const isFold = piece.kind == FOLD;
  let x = <usize>desk.x;
  let weights = <usize>desk.weights;
  let count = 0;
  while (count < most) {
    const panel = panelOf(integral, pendingOf(integral, first + count));
    const other = pieceOf(integral, panel.piece);
    if (other != piece && (distance || isByDistance(integral, other) || isFold || other.kind == FOLD)) break;
    prepare(integral, panel, x, weights);
    x += PANEL_POINTS_BYTES;
    weights += PANEL_POINTS_BYTES;
    count++;
  }
  desk.panels = count;
  desk.isFolded = i32(isFold);
  if (distance) {
    writeAnchor(integral, desk, piece.anchor, piece.sign);
  }
  run.slots = 0;
  run.points = 2 * VECTORS * count;
  return distance ? DISTANCES : POINTS;
}

/** Whether all panels of the round are of plain pieces: then the driver makes their nodes, and their sums. */
function isPlain(integral: Integral): bool {
  return (
    integral.groups == 0 && integral.wave == NO_WAVE && integral.folds == 0 && integral.hi - integral.lo < Infinity
  );
}

/**
 * Makes of the values on the desk what the rule makes of them, panel by panel. Any thread; it changes the results of those panels, and nothing else.
 *
 * @returns POINTS or DISTANCES where the same panels have more points to evaluate, 0 where it is done
 */
export function digestUnit(integral: Integral, desk: Desk): i32 {
  if (desk.panels == 0) return NO_POINTS;
  const pending = integral.pendingAt + ((<u32>desk.first) << 2);
  if (!isPlain(integral)) {
    const piece = pieceOf(integral, panelOf(integral, pendingOf(integral, desk.first)).piece);
    if (piece.kind == FOLD) {
      if (desk.isFolded) {
        desk.isFolded = 0;
        return foldBack(integral, desk, piece);
      }
      unfold(integral, desk, piece);
    }
    sumUpPieces(integral, pending, desk.panels, desk.y, desk.weights, desk.sums);
  }
  digest(integral, pending, desk.panels, desk.y, desk.sums);
  desk.panels = 0;
  return NO_POINTS;
}

/** All panels of the round are evaluated, by whomever: `step` goes on with the decision. */
export function endRound(integral: Integral): void {
  integral.evaluations += <f64>(integral.pending - integral.next) * NODES;
  integral.next = integral.pending;
}

/** Counts the nodes of the round where f is not finite, in the order of its panels. */
function noteBad(integral: Integral): void {
  for (let index = 0; index < integral.pending; index++) {
    const panel = panelOf(integral, pendingOf(integral, index));
    // Both sides of a pole were evaluated.
    if (integral.folds > 0 && pieceOf(integral, panel.piece).kind == FOLD) integral.evaluations += <f64>NODES;
    if (panel.notFinite == 0) continue;
    if (integral.bad == 0) {
      const desk = deskOf(integral);
      integral.badX = badPlace(integral, panel, desk.x, desk.weights);
    }
    integral.bad += <f64>badNodes(panel);
  }
}

function finish(integral: Integral, status: i32): bool {
  integral.status = status;
  integral.phase = DONE;
  return false;
}

/** The round is over: what it came to, and what the next one is. @returns false when there is none, or a question is to be answered first */
function decide(integral: Integral): bool {
  if (integral.pending > 0) {
    integral.rounds += 1;
    if (isPlain(integral)) {
      if (addUp(integral)) noteBad(integral);
      // What halving has shown is of no use any more when that was all.
      if (integral.bad == 0 && integral.error <= toleranceOf(integral)) integral.splits = 0;
      else noteSplits(integral);
    } else {
      noteBad(integral);
      // In a round of shells alone no panel has changed.
      const isChanged = integral.splits > 0 || integral.groups == 0;
      noteSplits(integral);
      if (integral.wave == LOBING) settleWave(integral, integral.relative, integral.absolute);
      if (isChanged) addUp(integral);
      if (integral.groups > 0) {
        if (noteGroups(integral) == DIVERGES) return finish(integral, DIVERGENT);
        addUp(integral);
      }
    }
    integral.pending = 0;
  }
  if (integral.bad > 0) {
    if (hasNothingFinite(integral)) return finish(integral, NOT_FINITE);
    addUp(integral);
  }
  const errors = integral.error;
  const tolerance = toleranceOf(integral);
  // The sum of what is finite may be too large for a double.
  if (integral.l1 == Infinity) return finish(integral, NOT_FINITE);
  if (integral.l1 == 0 && !integral.isGraded) {
    // Nothing but zeros: what there is may be narrow, and far out; or near to an end.
    if (integral.first > 1 && integral.first < MOST) integral.first = MOST;
    else {
      integral.isGraded = 1;
      integral.first = LEAST_ROUND;
    }
    if (<f64>firstPanels(integral) * NODES > integral.maximum - integral.evaluations) return finish(integral, BUDGET);
    integral.panels = 0;
    integral.next = 0;
    integral.phase = BEGINNING;
    return true;
  }
  if (errors <= tolerance) return finish(integral, CONVERGED);
  if (errors <= ROUNDINGS * integral.l1) return finish(integral, ROUND_OFF);
  const affordable = (integral.maximum - integral.evaluations) / <f64>(2 * NODES);
  if (!(affordable >= 1)) return finish(integral, BUDGET);
  if (integral.wave != NO_WAVE || (integral.heap < 0 && findWave(integral))) {
    if (!hasRoom(integral, integral.panels + UNIT)) return false;
    integral.phase = WAVING;
    return true;
  }
  if (integral.distance == DISTANCE_POSSIBLE && wantsDistance(integral)) {
    integral.status = NEEDS_DISTANCE;
    return false;
  }
  const most = min(integral.panels, <i32>min(<f64>max(LEAST_ROUND, integral.panels >> 3), affordable));
  if (!hasRoom(integral, integral.panels + most)) return false;
  return choose(integral, tolerance, most);
}

function toleranceOf(integral: Integral): f64 {
  return max(integral.absolute, integral.relative * abs(integral.value));
}

/** Value, error and l1 of all panels. @returns whether there are nodes where f is not finite */
function addUp(integral: Integral): bool {
  // Value and error, side by side; what rounding takes away from the errors is not added to them.
  let both = f64x2.splat(0);
  let rest = f64x2.splat(0);
  let l1: f64 = 0;
  let bad = 0;
  const end = <usize>integral.panelAt + <usize>integral.panels * offsetof<Panel>();
  for (let at = <usize>integral.panelAt; at < end; at += offsetof<Panel>()) {
    const panel = changetype<Panel>(at);
    const next = v128.load(at, offsetof<Panel>("value"));
    const sum = f64x2.add(both, next);
    const part = f64x2.sub(sum, both);
    rest = f64x2.add(rest, f64x2.add(f64x2.sub(both, f64x2.sub(sum, part)), f64x2.sub(next, part)));
    both = sum;
    l1 += panel.l1;
    bad |= panel.notFinite;
  }
  integral.value = f64x2.extract_lane(both, 0) + f64x2.extract_lane(rest, 0);
  integral.error = f64x2.extract_lane(both, 1);
  integral.l1 = l1;
  return bad != 0;
}

/** Puts the halves of the last round into the heap, with what halving them has shown. */
function noteSplits(integral: Integral): void {
  for (let index = 0; index < integral.splits; index++) {
    const left = pendingOf(integral, 2 * index);
    const right = pendingOf(integral, 2 * index + 1);
    const a = panelOf(integral, left);
    const b = panelOf(integral, right);
    const before = splitOf(integral, index);
    const value = a.value + b.value;
    const error = a.error + b.error;
    const isStuck =
      abs(before.value - value) <= 1e-5 * abs(value) && error >= 0.99 * before.error && a.bad + b.bad == 0;
    a.stuck = isStuck ? a.stuck + 1 : 0;
    b.stuck = a.stuck;
    noteEnds(pieceOf(integral, a.piece), a, b, before.error);
    push(integral, left);
    push(integral, right);
  }
  integral.splits = 0;
}

/** @returns what the shells of the last round came to: DIVERGES if any does, SETTLED if any is */
function noteGroups(integral: Integral): i32 {
  let answer = 0;
  const tolerance = toleranceOf(integral);
  for (let index = 0; index < integral.groups; index++) {
    const group = groupOf(integral, index);
    const end = settle(integral, group, tolerance);
    if (end == DIVERGES) answer = DIVERGES;
    if (end == SETTLED) answer = max(answer, SETTLED);
    else if (end == HELD) {
      integral.dead += panelOf(integral, group.panel).error;
      integral.narrow += 1;
    } else {
      push(integral, group.panel);
      if (integral.wave == NO_WAVE && pieceOf(integral, group.piece).kind != END) {
        tryWave(integral, group.panel, group.piece, group.first, group.count);
      }
    }
  }
  integral.groups = 0;
  return answer;
}

/** Whether there is a panel without one finite value: then f is not finite on a whole part of the range. */
function hasNothingFinite(integral: Integral): bool {
  for (let slot = 0; slot < integral.panels; slot++) {
    const panel = panelOf(integral, slot);
    if (panel.bad != NODES) continue;
    if (!isSpent(integral, panel)) return true;
    panel.bad = 0;
    panel.error = 0;
  }
  return false;
}

/**
 * Whether f was next to nothing nearer to the anchor of its far piece: then it is not finite here because some part of it has overflowed, and counts as 0, as
 * x exp(x) / (exp(x) - 1)² beyond 710.
 */
function isSpent(integral: Integral, panel: Panel): bool {
  if (pieceOf(integral, panel.piece).kind != FAR) return false;
  let nearest = Infinity;
  let l1 = Infinity;
  for (let slot = 0; slot < integral.panels; slot++) {
    const other = panelOf(integral, slot);
    if (other.piece != panel.piece || other.bad == NODES || other.lo < panel.hi || other.lo > nearest) continue;
    nearest = other.lo;
    l1 = other.l1;
  }
  return l1 <= SPENT * integral.l1;
}

function isNarrow(piece: Piece, panel: Panel): bool {
  const width = panel.hi - panel.lo;
  return (
    width < (piece.kind == FAR ? LEAST_FAR_WIDTH : LEAST_WIDTH) || width < NARROW * max(abs(panel.lo), abs(panel.hi))
  );
}

/**
 * What `decide` and `choose` come to after a first pass of one plain panel whose error is too large, if nothing else is the matter with it: it is halved. There is
 * room for two; value, error and l1 of the integral are added up when those are known.
 *
 * @returns false when something is: then nothing has changed
 */
export function halveWhole(integral: Integral, panel: Panel): bool {
  const tolerance = max(integral.absolute, integral.relative * abs(panel.value));
  if (!(panel.l1 > 0 && panel.error > tolerance && panel.error > ROUNDINGS * panel.l1)) return false;
  if (integral.maximum - integral.evaluations < <f64>(2 * NODES)) return false;
  if (isNarrow(pieceOf(integral, 0), panel)) return false;
  integral.rounds = 1;
  integral.heap = 0;
  integral.cut = 0.0625 * tolerance;
  integral.pending = 0;
  halve(integral, 0);
  return true;
}

/** Takes the panels of the next round. */
function choose(integral: Integral, tolerance: f64, most: i32): bool {
  if (integral.heap < 0) {
    integral.heap = 0;
    // Together these are less than a round leaves.
    integral.cut = (0.0625 * tolerance) / <f64>integral.panels;
    pushAll(integral);
  }
  const errors = integral.error;
  let rest = errors - integral.dead;
  integral.next = 0;
  while (rest > 0.5 * tolerance && integral.splits < most && hasMore(integral)) {
    const slot = pop(integral);
    const panel = panelOf(integral, slot);
    rest -= panel.error;
    if (propose(integral, slot, errors)) continue;
    const piece = pieceOf(integral, panel.piece);
    const narrow = isNarrow(piece, panel);
    if (narrow && piece.kind != FAR && panel.error > tolerance && panel.l1 > POLE * panel.reference)
      return finish(integral, DIVERGENT);
    if (!narrow && panel.stuck < STUCK) {
      halve(integral, slot);
      continue;
    }
    integral.dead += panel.error;
    if (panel.bad > 0) integral.hollow += 1;
    if (narrow) integral.narrow += 1;
  }
  return lay(integral);
}

/** Lays the shells of the next round, behind the halves; there may be nothing in it. */
function lay(integral: Integral): bool {
  integral.phase = LAYING;
  if (!hasRoom(integral, integral.panels + shellsOf(integral))) return false;
  layShells(integral);
  if (integral.pending == 0) {
    const status = integral.hollow > 0 ? NOT_FINITE : integral.narrow > 0 ? TOLERANCE_NOT_REACHED : ROUND_OFF;
    return finish(integral, status);
  }
  integral.phase = EVALUATING;
  return true;
}

/** Puts two panels in the place of one: the left one in its slot, the right one behind all. */
function halve(integral: Integral, slot: i32): void {
  const panel = panelOf(integral, slot);
  const split = splitOf(integral, integral.splits);
  split.value = panel.value;
  split.error = panel.error;
  const middle = 0.5 * panel.lo + 0.5 * panel.hi;
  const depth = panel.depth + 1;
  const right = writePanel(integral, integral.panels, panel.piece, middle, panel.hi, depth);
  right.reference = panel.depth == 0 ? panel.l1 : panel.reference;
  right.stuck = panel.stuck;
  right.seamHigh = panel.seamHigh;
  panel.seamHigh = 0;
  panel.reference = right.reference;
  panel.hi = middle;
  panel.depth = <i16>depth;
  ask(integral, slot);
  ask(integral, integral.panels);
  integral.panels += 1;
  integral.splits += 1;
}
