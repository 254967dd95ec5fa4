/**
 * Ends of pieces where f is singular: instead of halving towards them, all shells [w/2^(k+1), w/2^k] of the panel that stands there at once, and the limit of
 * their partial sums.
 *
 *   proposed   a panel at an end keeps a part of the error that matters though it has been halved 4 times (10, 24: each end has three tries)
 *   settled    the panel's value is the limit, and it is not halved any more, if the sums are sure to converge and the error, ten times that of the limit
 *              and what the shells have, is small against the tolerance
 *   divergent  the last shells are of one sign and do not shrink: 1/x has shells of equal size
 *   refused    anything else; the panel is halved as others are
 *
 * Sums that converge like those of 1/k² (an integrand like 1/(x log(x)²)), where the ratio of neighbours tends to 1, are no matter for the algorithm: their tail is
 * computed from how fast it does.
 *
 * Source: E. de Doncker, "An adaptive extrapolation algorithm for automatic integration", SIGNUM 13 (1978), which halves one panel at a time.
 * Role:   whoever decides between rounds.
 */
import { accelerate } from "./epsilon";
import {
  DISTANCE_NONE,
  GROUPS,
  Group,
  HIGH_END,
  Integral,
  LOW_END,
  Panel,
  Piece,
  ask,
  groupOf,
  panelOf,
  pieceOf,
  writePanel,
} from "./integral";
import { END_PANELS, addEnd, isEndDue, layEnd, settleEnd } from "./ends";
import { DISTANCE, END, FAR, FOLD, PLAIN } from "./maps";

/** What part of all errors a panel must have. */
const PART: f64 = 0.02;
/** Shells of the three tries. A far piece and one in the distance can have as many as doubles allow. */
const SHELLS: i32 = 60;
const SHELLS_MORE: i32 = 400;
const SHELLS_MOST: i32 = 900;

/** The distance below which x, rounded, says too little about the distance. */
const ROUNDING_BITS: i32 = 32;
/** Exponents of the smallest t: of a distance, and of a far piece, whose weights are 1/t². */
const LEAST_DISTANCE: i32 = -1000;
const LEAST_FAR: i32 = -480;

/** Shells that are looked at for divergence, and from where on a ratio counts as 1. */
const LAST: i32 = 12;
const EQUAL: f64 = 1 - 1.0 / 65536;
const STEADY: f64 = 0.9999;
/** What a ratio may fall over half of the shells and be called constant; shells after which it does not matter. */
const CONSTANT: f64 = 0.001;
const MANY: i32 = 300;
/** Shells like k^-p have no sum for p = 1. */
const LEAST_POWER: f64 = 1.05;
const EPSILON: f64 = 2.220446049250313e-16;

/** The exponent of a positive double, roughly. */
function exponent(x: f64): i32 {
  return <i32>((reinterpret<u64>(x) >> 52) & 0x7ff) - 1023;
}

/** The end of the piece that the panel stands at, if there may be something: LOW_END, HIGH_END or 0. */
function endOf(panel: Panel, piece: Piece): i32 {
  if ((piece.ends & LOW_END) != 0 && panel.lo == piece.lo) return LOW_END;
  if ((piece.ends & HIGH_END) != 0 && panel.hi == piece.hi) return HIGH_END;
  return 0;
}

/** Whether it is time to try shells. @param tries how often that was done */
function isShellDue(panel: Panel, tries: i32): bool {
  return tries <= 2 && panel.depth >= (tries == 0 ? 4 : tries == 1 ? 10 : 24);
}

/** Whether a form of the integrand in the distance is of use in the next round: it is asked for before anything is chosen, so that nothing depends on what it takes. */
export function wantsDistance(integral: Integral): bool {
  const least = PART * integral.error;
  for (let slot = 0; slot < integral.panels; slot++) {
    const panel = panelOf(integral, slot);
    if (!(panel.error >= least)) continue;
    const piece = pieceOf(integral, panel.piece);
    const end = piece.kind == PLAIN ? endOf(panel, piece) : 0;
    if (end == 0) continue;
    if (isEndDue(integral, panel, piece, end)) return true;
    if (isShellDue(panel, end == LOW_END ? piece.triesLow : piece.triesHigh)) return true;
  }
  return false;
}

/**
 * Whether shells are to stand for the panel in the next round, or the nodes of ends.ts, as it is time to try. They are laid when all panels of the round are known.
 *
 * @param errors the sum of all errors
 */
export function propose(integral: Integral, slot: i32, errors: f64): bool {
  if (integral.groups == GROUPS) return false;
  const panel = panelOf(integral, slot);
  const index = panel.piece;
  const piece = pieceOf(integral, index);
  const end = endOf(panel, piece);
  if (end == 0 || panel.error < PART * errors) return false;
  if (isEndDue(integral, panel, piece, end)) {
    addEnd(integral, slot, end);
    return true;
  }
  const tries = end == LOW_END ? piece.triesLow : piece.triesHigh;
  // Those with many shells come one at a time: scratch has room for one.
  if (!isShellDue(panel, tries) || (tries > 0 && integral.groups > 0)) return false;

  const width = panel.hi - panel.lo;
  const wanted = tries == 0 ? SHELLS : tries == 1 ? SHELLS_MORE : SHELLS_MOST;
  const isFold = piece.kind == FOLD;
  const anchor = isFold ? piece.anchor : end == LOW_END ? piece.lo : piece.hi;
  let count: i32;
  if (piece.kind == FAR) {
    count = min(wanted, exponent(width) - LEAST_FAR);
  } else {
    count = min(wanted, exponent(width) - LEAST_DISTANCE);
    if (anchor != 0 && integral.distance == DISTANCE_NONE) {
      count = min(min(SHELLS, count), exponent(width) - exponent(abs(anchor)) + ROUNDING_BITS);
    }
  }
  if (end == LOW_END) piece.triesLow += 1;
  else piece.triesHigh += 1;
  if (count < LAST) return false;

  const group = groupOf(integral, integral.groups);
  group.panel = slot;
  group.count = count;
  group.piece = index;
  group.isLast = i32(tries == 2);
  if (piece.kind != FAR) {
    group.piece = integral.pieces + integral.groups;
    const shells = pieceOf(integral, group.piece);
    shells.kind = isFold ? FOLD : DISTANCE;
    shells.ends = 0;
    shells.anchor = anchor;
    shells.scale = 0;
    shells.sign = end == LOW_END ? 1 : -1;
    shells.lo = 0;
    shells.hi = width;
  }
  integral.groups += 1;
  return true;
}

/** Shells of all groups of the round. */
export function shellsOf(integral: Integral): i32 {
  let shells = 0;
  for (let index = 0; index < integral.groups; index++) shells += groupOf(integral, index).count;
  return shells;
}

/** Writes the shells of the groups behind the panels that there are, and asks for them. */
export function layShells(integral: Integral): void {
  let free = integral.panels;
  for (let index = 0; index < integral.groups; index++) {
    const group = groupOf(integral, index);
    const panel = panelOf(integral, group.panel);
    group.first = free;
    if (pieceOf(integral, group.piece).kind == END) {
      layEnd(integral, group, free);
      free += END_PANELS;
      continue;
    }
    let hi = panel.hi - panel.lo;
    for (let k = 0; k < group.count; k++) {
      const lo = 0.5 * hi;
      writePanel(integral, free, group.piece, lo, hi, 0);
      ask(integral, free);
      free++;
      hi = lo;
    }
  }
}

/** Nothing came of it. */
export const REFUSED: i32 = 0;
export const SETTLED: i32 = 1;
export const DIVERGES: i32 = 2;
/** As well as it can be had: the panel is not halved any more, and its error stays. */
export const HELD: i32 = 3;

/** @param tolerance what the whole integral may be off */
export function settle(integral: Integral, group: Group, tolerance: f64): i32 {
  if (pieceOf(integral, group.piece).kind == END) return settleEnd(integral, group, tolerance) ? SETTLED : REFUSED;
  const sums = <usize>integral.scratch;
  let count = group.count;
  while (count > 0 && panelOf(integral, group.first + count - 1).value == 0) count--;
  let sum: f64 = 0;
  let rest: f64 = 0;
  let error: f64 = 0;
  let l1: f64 = 0;
  for (let k = 0; k < group.count; k++) {
    const shell = panelOf(integral, group.first + k);
    if (shell.bad > 0) return REFUSED;
    const total = sum + shell.value;
    const part = total - sum;
    rest += sum - (total - part) + (shell.value - part);
    sum = total;
    store<f64>(sums + ((<usize>k) << 3), sum + rest);
    error += shell.error;
    l1 += shell.l1;
  }
  const panel = panelOf(integral, group.panel);
  if (count < LAST) {
    // Nothing is left of f a few shells on: it ends there, or falls like exp(-1/x).
    if (group.count - count < 8) return REFUSED;
    return take(panel, sum + rest, error, l1, tolerance);
  }

  let isSteady = true;
  let isDivergent = true;
  for (let k = count - LAST + 1; k < count; k++) {
    const ratio = panelOf(integral, group.first + k).value / panelOf(integral, group.first + k - 1).value;
    if (!(abs(ratio) < STEADY)) isSteady = false;
    if (!(ratio >= EQUAL)) isDivergent = false;
  }
  const middle = count >> 1;
  if (isDivergent) {
    // With a logarithm among its factors the ratio falls for long, perhaps below 1: more shells will tell.
    const now = panelOf(integral, group.first + count - 1).value / panelOf(integral, group.first + count - 2).value;
    const then = panelOf(integral, group.first + middle).value / panelOf(integral, group.first + middle - 1).value;
    return count > MANY || then - now < CONSTANT * now ? DIVERGES : REFUSED;
  }
  if (!isSteady) return REFUSED;
  const last = panelOf(integral, group.first + count - 1).value;
  const ratio = abs(last / panelOf(integral, group.first + count - 2).value);
  const earlier = abs(
    panelOf(integral, group.first + middle).value / panelOf(integral, group.first + middle - 1).value,
  );
  // Like 1/k², where the distance of the ratio from 1 halves on twice the way.
  if (ratio > 0.9 && 1 - ratio < 0.7 * (1 - earlier)) {
    return takeSlow(integral, group, count, sum + rest, error, l1, tolerance);
  }

  accelerate(integral, count - 6);
  const before = integral.limit;
  accelerate(integral, count);
  let limit = integral.limit;
  let limitError = max(integral.limitError, abs(limit - before));
  if (ratio < 0.9) {
    const tail = (abs(last) * ratio) / (1 - ratio);
    if (!(limitError < tail)) {
      limit = sum + rest;
      limitError = tail;
    }
  }
  return take(panel, limit, 10 * limitError + error, max(l1, abs(limit)), tolerance);
}

/**
 * Sums that converge like those of k^-p: what is missing is taken from p and the place where k would be 0, which two ratios tell, the last one and that in the middle;
 * ten times what those at the end and at a quarter say otherwise is the error. If that is too much when there are no more shells, it is what doubles can say.
 */
function takeSlow(integral: Integral, group: Group, count: i32, sum: f64, error: f64, l1: f64, tolerance: f64): i32 {
  const panel = panelOf(integral, group.panel);
  const missing = missingBehind(integral, group, count, count >> 1);
  const other = missingBehind(integral, group, count, count >> 2);
  const off = error + 10 * abs(missing - other);
  const most = max(l1 + abs(missing), abs(sum + missing));
  // NaN, where there is no such p, compares false.
  if (!(off < Infinity)) return REFUSED;
  if (take(panel, sum + missing, off, most, tolerance) == SETTLED) return SETTLED;
  if (!group.isLast) return REFUSED;
  panel.value = sum + missing;
  panel.error = off;
  panel.l1 = most;
  panel.bad = 0;
  return HELD;
}

/** @param middle a shell before the last. @returns what all shells behind the last come to; NaN if they have no sum */
function missingBehind(integral: Integral, group: Group, count: i32, middle: i32): f64 {
  const end = count - 1;
  const last = panelOf(integral, group.first + end).value;
  // 1/(1 - ratio) is s/p + (p - 1)/(2 p), where s is the place of the second of two shells.
  const now = 1 / (1 - last / panelOf(integral, group.first + end - 1).value);
  const before = panelOf(integral, group.first + middle - 1).value;
  const then = 1 / (1 - panelOf(integral, group.first + middle).value / before);
  const p = <f64>(end - middle) / (now - then);
  if (!(p > LEAST_POWER)) return NaN;
  const place = p * now - 0.5 * (p - 1);
  // From half a shell further on.
  return (last * place * (1 + (0.5 * (1 - p)) / place)) / (p - 1);
}

function take(panel: Panel, value: f64, error: f64, l1: f64, tolerance: f64): i32 {
  if (!(error <= max(0.3 * tolerance, 60 * EPSILON * l1))) return REFUSED;
  panel.value = value;
  panel.error = error;
  panel.l1 = l1;
  panel.bad = 0;
  return SETTLED;
}
