/**
 * From a range to pieces, and to the panels of the first pass.
 *
 *   finite      cut at the break points
 *   infinite    beyond the outermost point of those that are finite (ends, break points; the center, if there is none): a plain piece as wide as `scale`, and a
 *               far piece for the rest
 *
 * The first pass cuts plain pieces evenly, but not into equal parts: the first and the last panel are a little larger, so that cuts are not at simple fractions,
 * where corners and jumps of f like to be and would be hidden from both rules at once. Far pieces are cut where their t is 1/2, 1/4, 1/8 and so on, forty
 * times, and these parts again: x doubles from part to part, and a peak that is not much narrower than it is far will be seen.
 *
 * Where all this finds nothing but zeros, plain pieces are graded like that towards both of their ends: exp(-x/s) has lost itself long before the first node, when s is
 * small.
 *
 * Role: the thread that computes the integral, once.
 */
import { HIGH_END, Integral, LOW_END, Panel, Piece, ask, panelOf, pieceOf, writeAt, writePanel } from "./integral";
import { layFold, windowAt, writeFound } from "./folds";
import { FAR, FOLD, PLAIN } from "./maps";

/** The cuts of n panels stand at (i + OFFSET) / (n + 2 OFFSET): OFFSET is (√5 - 2) / 2. */
const OFFSET: f64 = 0.1180339887498949;

/** Least width of a panel, in units of the larger of its ends: 2048 units in the last place. */
const LEAST_WIDTH: f64 = 2048 * 2.220446049250313e-16;

/** Parts of a far piece, and how many panels the first 10, the next 10 and the others have, in 64ths of the first pass. */
const PARTS: i32 = 40;
const NEAR_PARTS: i32 = 10;
const MIDDLE_PARTS: i32 = 20;

/** Parts of each half of a piece when it is graded. */
const GRADES: i32 = 960;

function addPiece(integral: Integral, kind: i32, lo: f64, hi: f64, ends: i32): Piece {
  const piece = pieceOf(integral, integral.pieces);
  // Engines call a function for memory.fill: for so few bytes it takes longer than this.
  for (let word: usize = 0; word < offsetof<Piece>(); word += 8) store<u64>(changetype<usize>(piece) + word, 0);
  piece.kind = kind;
  piece.lo = lo;
  piece.hi = hi;
  piece.ends = ends;
  integral.pieces += 1;
  return piece;
}

function addFar(integral: Integral, anchor: f64, sign: f64): void {
  const piece = addPiece(integral, FAR, 0, 1, LOW_END);
  piece.anchor = anchor;
  piece.sign = sign;
  piece.scale = integral.scale;
}

export function layPieces(integral: Integral): void {
  integral.pieces = 0;
  const count = integral.breaks;
  const isOpenLow = integral.lo == -Infinity;
  const isOpenHigh = integral.hi == Infinity;
  let at = integral.lo;
  if (isOpenLow) {
    at = count > 0 ? load<f64>(integral.breakAt) : isOpenHigh ? integral.center : integral.hi;
    addFar(integral, at, -1);
    if (at - integral.scale < at) addPiece(integral, PLAIN, at - integral.scale, at, HIGH_END);
  }
  for (let index = 0; index < count; index++) {
    const next = load<f64>(integral.breakAt + ((<u32>index) << 3));
    if (next > at) addPart(integral, at, next);
    at = next;
  }
  if (isOpenHigh) {
    if (at + integral.scale > at) addPiece(integral, PLAIN, at, at + integral.scale, LOW_END);
    addFar(integral, at, 1);
  } else if (integral.hi > at) {
    addPart(integral, at, integral.hi);
  }
}

/** What layPieces and layPanels come to where the first pass is one panel over a finite range without break points. */
export function layWhole(integral: Integral): Panel {
  integral.pieces = 0;
  addPiece(integral, PLAIN, integral.lo, integral.hi, LOW_END | HIGH_END);
  integral.panels = 1;
  ask(integral, 0);
  return writePanel(integral, 0, 0, integral.lo, integral.hi, 0);
}

/** A part between two points: plain, or the window of a pole. */
function addPart(integral: Integral, lo: f64, hi: f64): void {
  const piece = addPiece(integral, PLAIN, lo, hi, LOW_END | HIGH_END);
  const fold = integral.folds > 0 ? windowAt(integral, lo, hi) : null;
  if (fold != null) layFold(piece, fold, LOW_END);
}

/** Panels of each plain piece. */
function plainPanels(integral: Integral): i32 {
  const isInfinite = integral.hi - integral.lo == Infinity;
  return max(1, isInfinite ? integral.first >> 2 : integral.first / integral.pieces);
}

/** Panels of a far piece's part k. */
function farPanels(integral: Integral, part: i32): i32 {
  const unit = max(1, integral.first >> 6);
  return part < NEAR_PARTS ? 4 * unit : part < MIDDLE_PARTS ? 2 * unit : unit;
}

export function firstPanels(integral: Integral): i32 {
  let far = 1;
  if (integral.first > 1 && integral.hi - integral.lo == Infinity) {
    for (let part = 0; part < PARTS; part++) far += farPanels(integral, part);
  }
  const plain = integral.isGraded ? 2 * GRADES + 2 : plainPanels(integral);
  let count = 0;
  for (let index = 0; index < integral.pieces; index++) count += pieceOf(integral, index).kind == FAR ? far : plain;
  return count + integral.folds;
}

export function layPanels(integral: Integral): void {
  const plain = plainPanels(integral);
  for (let index = 0; index < integral.pieces; index++) {
    const piece = pieceOf(integral, index);
    if (piece.kind == FAR) layFar(integral, index);
    else if (integral.isGraded) grade(integral, index, piece);
    else cut(integral, index, piece.lo, piece.hi, plain);
    if (piece.kind == FOLD && piece.lo > 0) {
      writeFound(integral, integral.panels, index, piece);
      integral.panels += 1;
    }
  }
}

/** Cuts a piece where the distance to an end is 1/2, 1/4, 1/8 and so on, as long as doubles tell the points apart. */
function grade(integral: Integral, index: i32, piece: Piece): void {
  const width = piece.hi - piece.lo;
  let share: f64 = 0.5;
  let low = piece.lo + share * width;
  let high = low;
  for (let k = 0; k < GRADES; k++) {
    share *= 0.5;
    const from = piece.lo + share * width;
    const to = piece.hi - share * width;
    const isLow = low - from > LEAST_WIDTH * abs(low) && from > piece.lo;
    const isHigh = to - high > LEAST_WIDTH * abs(high) && to < piece.hi;
    if (isLow) low = addPanel(integral, index, from, low);
    if (isHigh) {
      addPanel(integral, index, high, to);
      high = to;
    }
    if (!isLow && !isHigh) break;
  }
  addPanel(integral, index, piece.lo, low);
  addPanel(integral, index, high, piece.hi);
}

/** @returns where it begins */
function addPanel(integral: Integral, piece: i32, lo: f64, hi: f64): f64 {
  const slot = integral.panels;
  writePanel(integral, slot, piece, lo, hi, 0);
  integral.panels += 1;
  ask(integral, slot);
  return lo;
}

function layFar(integral: Integral, index: i32): void {
  let hi: f64 = 1;
  if (integral.first > 1) {
    for (let part = 0; part < PARTS; part++) {
      cut(integral, index, 0.5 * hi, hi, farPanels(integral, part));
      hi *= 0.5;
    }
  }
  cut(integral, index, 0, hi, 1);
}

/** Cuts [lo, hi] of a piece into panels: no more than there is room for, so that no node is rounded to an end. */
function cut(integral: Integral, piece: i32, lo: f64, hi: f64, panels: i32): void {
  const room = (hi - lo) / (LEAST_WIDTH * max(abs(lo), abs(hi)));
  const count = room < <f64>panels ? max(1, <i32>room) : panels;
  const low = f64x2.splat(lo);
  const high = f64x2.splat(hi);
  const whole = f64x2.splat(<f64>count + 2 * OFFSET);
  let slot = integral.panels;
  let at = changetype<usize>(panelOf(integral, slot));
  let pending = integral.pendingAt + ((<u32>integral.pending) << 2);
  integral.panels = slot + count;
  integral.pending += count;
  let index = f64x2(1, 2);
  let from = low;
  // Two at a time, for divisions take long.
  for (let left = count; left > 0; left -= 2) {
    const share = f64x2.div(f64x2.add(index, f64x2.splat(OFFSET)), whole);
    let to = f64x2.add(f64x2.mul(f64x2.sub(f64x2.splat(1), share), low), f64x2.mul(share, high));
    if (left <= 2) to = left == 1 ? high : f64x2.replace_lane(to, 1, hi);
    writeAt(changetype<Panel>(at), piece, v128.shuffle<f64>(from, to, 1, 2), 0);
    store<i32>(pending, slot);
    if (left == 1) break;
    writeAt(changetype<Panel>(at + offsetof<Panel>()), piece, to, 0);
    store<i32>(pending, slot + 1, 4);
    from = to;
    index = f64x2.add(index, f64x2.splat(2));
    at += 2 * offsetof<Panel>();
    pending += 8;
    slot += 2;
  }
}
