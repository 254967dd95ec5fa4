/**
 * Tails that oscillate, as that of sin(x)/x: lobe by lobe, from zero to zero of f, and the limit of their sums.
 *
 *   suspect   most panels of the end of a far piece are not resolved after the first pass; or the shells towards a point are not
 *   scan      f at even steps of u, where x = e ± scale u in far pieces, x = e ± 1/u towards a point: the stretch of u is made longer, or shorter, until there are enough
 *             changes of sign, with eight samples between neighbours on the average at least
 *   refine    the first LOBES + 1 zeros, each by cutting its bracket into 33 parts, six times
 *   settle    the sums of lobes are accelerated. The tail is their limit if lobes alternate and shrink, and the error fits a part of the tolerance
 *
 * Lobes that do not shrink have no sum, though the algorithm would name one (Abel's): they are refused.
 *
 * Source: I. M. Longman, "Note on a method for computing infinite integrals of oscillatory functions", Proc. Cambridge Phil. Soc. 52 (1956), with Wynn's epsilon
 *         algorithm for Euler's.
 * Role:   the thread that computes the integral, between two rounds.
 */
import { accelerate } from "./epsilon";
import { Run, UNIT, VECTORS } from "../desk";
import { EVALUATING, Integral, Piece, ask, deskOf, panelOf, pieceOf, writePanel } from "./integral";
import { DISTANCE, FAR, LINE, TOWARDS, isByDistance, place, writeAnchor } from "./maps";

export const NO_WAVE: i32 = 0;
export const SCANNING: i32 = 1;
export const REFINING: i32 = 2;
export const LOBING: i32 = 3;

/** `stuck` of the panels whose sum is known by other means: the first of them has it, the others have nothing. */
export const SUMMED: i32 = i32.MAX_VALUE >> 1;

/** Points at a time. */
const POINTS: i32 = 2 * VECTORS * UNIT;
const LOBES: i32 = 43;
/** Changes of sign per scan at most: eight samples between neighbours. */
const CHANGES_MAXIMUM: i32 = POINTS / 8;
const SCANS: i32 = 20;
/** The first stretch, of the first u: 2^-12. */
const SHORTEST: f64 = 0.000244140625;
/** Points within a bracket, and how often: 5 bits each. */
const SECTIONS: i32 = POINTS / (LOBES + 1);
const REFINEMENTS: i32 = 6;
/** Of a far piece what lies beyond t = 2^-20 is looked at. */
const TAIL: f64 = 9.5367431640625e-7;
/** How fast lobes must shrink, as a power of 1/u. */
const DECAY: f64 = 0.05;
/** A panel is not resolved when its error is more than this part of its l1. */
const UNRESOLVED: f64 = 0.1;
const EPSILON: f64 = 2.220446049250313e-16;

/** Starts on a far piece that seems to oscillate, each once. Before any panel was halved. @returns whether there is one */
export function findWave(integral: Integral): bool {
  for (let index = 0; index < integral.pieces; index++) {
    const piece = pieceOf(integral, index);
    if (piece.kind != FAR || piece.triesHigh != 0) continue;
    piece.triesHigh = 1;
    let panels = 0;
    let unresolved = 0;
    for (let slot = 0; slot < integral.panels; slot++) {
      const panel = panelOf(integral, slot);
      if (panel.piece != index || panel.lo >= TAIL || panel.l1 == 0) continue;
      panels++;
      // Lobes alternate: where f keeps its sign, as its integral being that of |f| shows to the bit, there are none.
      if (panel.error > UNRESOLVED * panel.l1 && abs(panel.value) < panel.l1) unresolved++;
    }
    if (2 * unresolved < panels || unresolved == 0) continue;
    const wave = begin(integral, -1, index, 1);
    wave.kind = LINE;
    wave.anchor = piece.anchor;
    wave.sign = piece.sign;
    wave.scale = piece.scale;
    return true;
  }
  return false;
}

/** Starts on the panel in `slot`, which stands at 0, if its shells seem to oscillate. */
export function tryWave(integral: Integral, slot: i32, shells: i32, first: i32, count: i32): bool {
  const piece = pieceOf(integral, shells);
  if (piece.kind != DISTANCE) return false;
  let unresolved = 0;
  for (let k = 0; k < count; k++) {
    const shell = panelOf(integral, first + k);
    if (shell.error > UNRESOLVED * shell.l1) unresolved++;
  }
  if (2 * unresolved < count) return false;
  const panel = panelOf(integral, slot);
  const wave = begin(integral, slot, panel.piece, 1 / (panel.hi - panel.lo));
  wave.kind = piece.anchor == 0 ? FAR : TOWARDS;
  wave.anchor = piece.anchor;
  wave.sign = piece.sign;
  wave.scale = 1;
  return true;
}

/** Between a stretch that was too long and one that was too short lies the next. */
function shorten(integral: Integral): void {
  integral.waveLong = integral.waveLength;
  integral.waveLength = integral.waveShort > 0 ? 0.5 * (integral.waveShort + integral.waveLong) : 0.25 * integral.waveLength;
}

function lengthen(integral: Integral): void {
  integral.waveShort = integral.waveLength;
  integral.waveLength = integral.waveLong > 0 ? 0.5 * (integral.waveShort + integral.waveLong) : 4 * integral.waveLength;
}

function begin(integral: Integral, slot: i32, piece: i32, from: f64): Piece {
  integral.wave = SCANNING;
  integral.waveSlot = slot;
  integral.waveOf = piece;
  integral.waveTurns = 0;
  integral.waveFrom = from;
  // From short to long: samples further apart than zeros are would find too few.
  integral.waveLength = SHORTEST * from;
  integral.waveShort = 0;
  integral.waveLong = 0;
  return pieceOf(integral, integral.pieces);
}

/** Goes on. @returns 1 where there are points to evaluate, 2 where they are distances; if 0, the lobes are asked for, or it was given up: `wave` tells */
export function stepWave(integral: Integral): i32 {
  if (integral.wave == SCANNING) {
    if (integral.waveTurns > 0) {
      const changes = countChanges(integral);
      const isOver = integral.waveTurns == SCANS;
      if (changes > CHANGES_MAXIMUM) shorten(integral);
      else if (changes <= LOBES) lengthen(integral);
      else {
        collect(integral);
        integral.wave = REFINING;
        integral.waveTurns = 0;
        cutBrackets(integral);
        return hand(integral);
      }
      if (isOver) {
        integral.wave = NO_WAVE;
        return 0;
      }
    }
    integral.waveTurns += 1;
    const step = integral.waveLength / <f64>POINTS;
    for (let i = 0; i < POINTS; i++) {
      store<f64>(deskOf(integral).weights + ((<u32>i) << 3), integral.waveFrom + (<f64>i + 0.5) * step);
    }
    return hand(integral);
  }
  narrowBrackets(integral);
  integral.waveTurns += 1;
  if (integral.waveTurns < REFINEMENTS) {
    cutBrackets(integral);
    return hand(integral);
  }
  layLobes(integral);
  return 0;
}

/** Points to evaluate: those u that stand in `weights`. */
function hand(integral: Integral): i32 {
  const piece = pieceOf(integral, integral.pieces);
  const desk = deskOf(integral);
  memory.copy(desk.x, desk.weights, (<usize>POINTS) << 3);
  // The map's weights go where the values will be.
  place(integral, piece, desk.x, desk.y, POINTS >> 1);
  const run = changetype<Run>(desk.list);
  run.parameters = integral.parameters;
  run.x = desk.x;
  run.y = desk.y;
  run.slots = 0;
  run.points = POINTS;
  integral.evaluations += <f64>POINTS;
  if (!isByDistance(integral, piece)) return 1;
  writeAnchor(integral, desk, piece.anchor, piece.sign);
  return 2;
}

// @ts-ignore: decorator
@inline
function valueAt(integral: Integral, index: i32): f64 {
  return load<f64>(deskOf(integral).y + ((<u32>index) << 3));
}

// @ts-ignore: decorator
@inline
function pointAt(integral: Integral, index: i32): f64 {
  return load<f64>(deskOf(integral).weights + ((<u32>index) << 3));
}

/** Brackets of zeros in scratch: left end, right end, sign at the left one. */
// @ts-ignore: decorator
@inline
function bracket(integral: Integral, index: i32): usize {
  return integral.scratch + <u32>index * 24;
}

function changesAt(integral: Integral, index: i32): bool {
  return valueAt(integral, index - 1) > 0 != valueAt(integral, index) > 0;
}

function countChanges(integral: Integral): i32 {
  let changes = 0;
  for (let index = 1; index < POINTS; index++) if (changesAt(integral, index)) changes++;
  return changes;
}

function collect(integral: Integral): void {
  let found = 0;
  for (let index = 1; found <= LOBES; index++) {
    if (!changesAt(integral, index)) continue;
    const at = bracket(integral, found);
    store<f64>(at, pointAt(integral, index - 1));
    store<f64>(at, pointAt(integral, index), 8);
    store<f64>(at, valueAt(integral, index - 1) > 0 ? 1 : -1, 16);
    found++;
  }
}

function cutBrackets(integral: Integral): void {
  for (let index = 0; index <= LOBES; index++) {
    const at = bracket(integral, index);
    const left = load<f64>(at);
    const width = load<f64>(at, 8) - left;
    for (let k = 0; k < SECTIONS; k++) {
      const share = <f64>(k + 1) / <f64>(SECTIONS + 1);
      store<f64>(deskOf(integral).weights + ((<u32>(index * SECTIONS + k)) << 3), left + width * share);
    }
  }
}

function narrowBrackets(integral: Integral): void {
  for (let index = 0; index <= LOBES; index++) {
    const at = bracket(integral, index);
    const isPositive = load<f64>(at, 16) > 0;
    for (let k = 0; k < SECTIONS; k++) {
      const point = index * SECTIONS + k;
      if (valueAt(integral, point) > 0 == isPositive) store<f64>(at, pointAt(integral, point));
      else {
        store<f64>(at, pointAt(integral, point), 8);
        break;
      }
    }
  }
}

/** Asks for the part before the first zero, and the lobes. */
function layLobes(integral: Integral): void {
  integral.pending = 0;
  integral.next = 0;
  let from = integral.waveFrom;
  for (let index = 0; index <= LOBES; index++) {
    const at = bracket(integral, index);
    const to = 0.5 * load<f64>(at) + 0.5 * load<f64>(at, 8);
    writePanel(integral, integral.panels + index, integral.pieces, from, to, 0);
    ask(integral, integral.panels + index);
    from = to;
  }
  integral.wave = LOBING;
  integral.phase = EVALUATING;
}

/** The lobes are there: takes their limit, if there is one to be trusted. @param tolerance what the whole integral may be off, relatively and absolutely */
export function settleWave(integral: Integral, relative: f64, absolute: f64): void {
  integral.wave = NO_WAVE;
  const sums = <usize>integral.scratch;
  const first = integral.panels;
  let sum: f64 = 0;
  let error: f64 = 0;
  let l1: f64 = 0;
  for (let k = 0; k <= LOBES; k++) {
    const lobe = panelOf(integral, first + k);
    if (lobe.bad > 0) return;
    sum += lobe.value;
    error += lobe.error;
    l1 += lobe.l1;
    store<f64>(sums + ((<usize>k) << 3), sum);
  }
  for (let k = LOBES - 20; k <= LOBES; k++) {
    const lobe = panelOf(integral, first + k).value;
    const before = panelOf(integral, first + k - 1).value;
    if (lobe > 0 == before > 0 || abs(lobe) >= abs(before)) return;
  }
  // Lobes of more and more equal size would shrink as well: they must as u^-0.05 does at least.
  const one = panelOf(integral, first + LOBES - 20);
  const last = panelOf(integral, first + LOBES);
  if (abs(last.value) > (1 - DECAY * (1 - one.hi / last.hi)) * abs(one.value)) return;
  accelerate(integral, LOBES - 5);
  const before = integral.limit;
  accelerate(integral, LOBES + 1);
  const limit = integral.limit;
  const off = 10 * max(integral.limitError, abs(limit - before)) + error;
  // Of the whole, the part that is not this tail.
  let rest = limit;
  for (let slot = 0; slot < first; slot++) if (!isOf(integral, slot)) rest += panelOf(integral, slot).value;
  const tolerance = max(absolute, relative * abs(rest));
  if (!(off <= max(0.3 * tolerance, 60 * EPSILON * l1))) return;
  let isFirst = true;
  for (let slot = 0; slot < first; slot++) {
    if (!isOf(integral, slot)) continue;
    const panel = panelOf(integral, slot);
    panel.value = isFirst ? limit : 0;
    panel.error = isFirst ? off : 0;
    panel.l1 = isFirst ? l1 : 0;
    panel.bad = 0;
    panel.stuck = SUMMED;
    isFirst = false;
  }
}

/** Whether the panel is a part of the tail. */
function isOf(integral: Integral, slot: i32): bool {
  return integral.waveSlot < 0 ? panelOf(integral, slot).piece == integral.waveOf : slot == integral.waveSlot;
}
