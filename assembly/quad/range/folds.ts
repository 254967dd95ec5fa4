/**
 * Principal values: a window around each pole, folded at the pole.
 *
 *   g(t) = f(c + t) + f(c - t),  0 < t <= h      the pole of f at c cancels; f at both is computed at the same distance, which both doubles have exactly
 *
 *   B     where the pole is not at the double c but δ beside it, as that of tan(x) beside π/2, something like 2 δ r / t² is left of g, r the residue. g is taken for
 *         B/t² + g0 + q t² at three small distances d, 2 d, 4 d; B/t² is subtracted, and its own principal value over the window, -B/h, is added. Below d the rest of
 *         this stands for g
 *   d     of three the one where that foretells g(8 d) best, which d times its error is the error: where d is large g is not that simple, where it is small there is
 *         nothing but rounding
 *   even  where that would be all of g, it is not a pole beside c but one of even order, or something else that does not cancel: then g is integrated as it is, from 0 on,
 *         and is found to be divergent, or not
 *
 * A batch of points is evaluated twice: on the right of c, then on the left, while the values of the first time stand where a map's weights would.
 *
 * Source: A. Cauchy's definition; I. M. Longman, "On the numerical evaluation of Cauchy principal values of integrals", MTAC 12 (1958), for the folding.
 * Role:   `foldBack` and `unfold`: any thread, at its desk. The rest: the thread that computes the integral, before anything else.
 */
import { Desk, Run, VECTORS } from "../desk";
import { Integral, Panel, Piece, deskOf, writePanel } from "./integral";
import { FOLD, isByDistance, writeAnchor } from "./maps";

const EPSILON: f64 = 2.220446049250313e-16;
/** The distances tried, of the half width: 2^-12, 2^-19, 2^-26. */
const TRIES: i32 = 3;
const FIRST_TRY: f64 = 0.000244140625;
const NEXT_TRY: f64 = 0.0078125;
/** Distances of each, and points on a side: an even number. */
const EACH: i32 = 4;
const POINTS: i32 = 12;
/** Part of |f| on both sides that g may keep beside a pole of odd order: 2^-8. */
const KEPT: f64 = 0.00390625;

/** The host writes the first two. */
@unmanaged
export class Fold {
  center: f64;
  /** Half of the window's width. */
  half: f64;
  /** d, 0 if g is integrated as it is; and B. */
  cut: f64;
  excess: f64;
  /** What the part below d and -B/h come to, and how far that may be off. */
  value: f64;
  error: f64;
  pad0: f64;
  pad1: f64;
}

export function foldOf(integral: Integral, index: i32): Fold {
  return changetype<Fold>(integral.foldAt + <u32>index * offsetof<Fold>());
}

/** The window that a part of the range between two cuts is, or null. */
export function windowAt(integral: Integral, lo: f64, hi: f64): Fold | null {
  for (let index = 0; index < integral.folds; index++) {
    const fold = foldOf(integral, index);
    if (fold.center - fold.half == lo && fold.center + fold.half == hi) return fold;
  }
  return null;
}

/** Looks at the poles, one after the other, from both sides. @returns whether there are points to evaluate; 1: points, 2: distances */
export function stepFolds(integral: Integral): i32 {
  const desk = deskOf(integral);
  while (integral.foldStep < 4 * integral.folds) {
    const fold = foldOf(integral, integral.foldStep >> 2);
    const turn = integral.foldStep & 3;
    integral.foldStep += 1;
    if (turn == 0 || turn == 2) return ask(integral, desk, fold, turn == 0 ? 1 : -1);
    if (turn == 1) memory.copy(integral.scratch, desk.y, POINTS << 3);
    else measure(fold, integral.scratch, desk.y);
  }
  return 0;
}

/** Powers of two: so are c ± d, but for a bit. */
function distanceOf(fold: Fold, index: i32): f64 {
  let distance = reinterpret<f64>(reinterpret<u64>(fold.half) & 0x7ff0000000000000) * FIRST_TRY;
  for (let k = 0; k < index / EACH; k++) distance *= NEXT_TRY;
  return distance * <f64>(1 << (index % EACH));
}

function ask(integral: Integral, desk: Desk, fold: Fold, sign: f64): i32 {
  const piece = changetype<Piece>(integral.pieceAt);
  memory.fill(changetype<usize>(piece), 0, offsetof<Piece>());
  piece.kind = FOLD;
  piece.anchor = fold.center;
  const isDistance = isByDistance(integral, piece);
  for (let index = 0; index < POINTS; index++) {
    const distance = distanceOf(fold, index);
    store<f64>(<usize>desk.x + ((<usize>index) << 3), isDistance ? distance : fold.center + sign * distance);
  }
  const run = changetype<Run>(desk.list);
  run.parameters = integral.parameters;
  run.x = desk.x;
  run.y = desk.y;
  run.slots = 0;
  run.points = POINTS;
  integral.evaluations += <f64>POINTS;
  if (!isDistance) return 1;
  writeAnchor(integral, desk, fold.center, sign);
  return 2;
}

/** g at one of the distances. */
function sumAt(right: usize, left: usize, index: i32): f64 {
  const offset = (<usize>index) << 3;
  return load<f64>(right + offset) + load<f64>(left + offset);
}

function measure(fold: Fold, right: usize, left: usize): void {
  fold.cut = 0;
  fold.excess = 0;
  fold.value = 0;
  fold.error = Infinity;
  for (let index = 0; index < TRIES * EACH; index += EACH) {
    const distance = distanceOf(fold, index);
    const one = sumAt(right, left, index);
    const two = sumAt(right, left, index + 1);
    const four = sumAt(right, left, index + 2);
    // In units of g: q d², B/d², g0.
    const square = (one - two - 4 * (two - four)) / 45;
    const excess = (4.0 / 3) * (one - two) + 4 * square;
    const constant = one - excess - square;
    const foretold = excess / 64 + constant + 64 * square;
    const error = abs(sumAt(right, left, index + 3) - foretold) * distance;
    const offset = (<usize>index) << 3;
    const size = abs(load<f64>(right + offset)) + abs(load<f64>(left + offset));
    // NaN compares false.
    if (!(abs(excess) <= KEPT * size && error < fold.error)) continue;
    fold.cut = distance;
    fold.excess = excess * distance * distance;
    fold.value = (constant + square / 3) * distance - fold.excess / fold.half;
    // At least what rounding does to f all the way to h.
    fold.error = max(error, 16 * EPSILON * size * distance);
  }
}

/** The piece of a window. */
export function layFold(piece: Piece, fold: Fold, ends: i32): void {
  piece.kind = FOLD;
  piece.anchor = fold.center;
  piece.sign = 1;
  piece.scale = fold.excess;
  piece.lo = fold.cut;
  piece.hi = fold.half;
  piece.ends = fold.cut == 0 ? ends : 0;
}

/** A panel, which nobody evaluates, for what was found beforehand. */
export function writeFound(integral: Integral, slot: i32, index: i32, piece: Piece): void {
  const fold = windowAt(integral, piece.anchor - piece.hi, piece.anchor + piece.hi)!;
  const panel: Panel = writePanel(integral, slot, index, 0, fold.cut, 0);
  panel.value = fold.value;
  panel.error = fold.error;
  panel.l1 = abs(fold.value);
  panel.stuck = i32.MAX_VALUE >> 1;
}

/** The points on the right of the pole are evaluated: writes those on the left. */
export function foldBack(integral: Integral, desk: Desk, piece: Piece): i32 {
  const bytes = <usize>desk.panels * VECTORS * 16;
  memory.copy(desk.weights, desk.y, bytes);
  if (isByDistance(integral, piece)) {
    store<f64>(<usize>desk.parameters + ((<usize>integral.parameterCount) << 3), -piece.sign, 8);
    return 2;
  }
  const anchor = f64x2.splat(piece.anchor);
  for (let at = <usize>desk.x, end = at + bytes; at < end; at += 16) {
    v128.store(at, f64x2.sub(anchor, f64x2.sub(v128.load(at), anchor)));
  }
  return 1;
}

/** Both sides are evaluated: makes values of g of them. */
export function unfold(integral: Integral, desk: Desk, piece: Piece): void {
  const isDistance = isByDistance(integral, piece);
  const anchor = f64x2.splat(piece.anchor);
  const excess = f64x2.splat(piece.scale);
  const bytes = <usize>desk.panels * VECTORS * 16;
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    const x = v128.load(<usize>desk.x + offset);
    const t = isDistance ? x : f64x2.sub(anchor, x);
    let value = f64x2.add(v128.load(<usize>desk.weights + offset), v128.load(<usize>desk.y + offset));
    if (piece.scale != 0) value = f64x2.sub(value, f64x2.div(excess, f64x2.mul(t, t)));
    v128.store(<usize>desk.y + offset, value);
  }
}
