/**
 * Singular ends, the quick way: a panel at an end of its piece, of which halving does not do away with the error, is integrated over by the double-exponential rule,
 * before shells (shells.ts) are tried. 66 nodes do for algebraic and logarithmic singularities.
 *
 *   x = end ± w d(t),   d = 1/(1 + exp(-π sinh t)),   t = -4.75, -4.625 … 3.375
 *
 *   nodes     are computed as if they were three panels, with 22 nodes each, of a piece of their own; of the two in a vector the first has an even number
 *   sums      of all, of those at multiples of 1/4, and of those at multiples of 1/2: three trapezoidal rules in t
 *   error     ten times what the last halving of the step has changed, for the sum has twice as many right digits as the one before; and the terms at t = -4.75, of
 *             which those that are left out are less than double
 *   settled   as shells are: the error must be within 0.3 of the tolerance. Sums that do not get closer are refused, and so are values that are not finite
 *
 * Source: H. Takahasi, M. Mori, "Double exponential formulas for numerical integration", Publ. RIMS 9 (1974). Nodes and weights: scripts/coefficients/ends.py.
 * Bounds: none are proved. test/battery counts that no claim is wrong.
 * Role:   nodes and sums: any thread. Choosing and settling: whoever decides between rounds.
 */
import { NODES, VECTORS } from "../desk";
import {
  DISTANCE_NONE,
  END_RULE,
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
import { END, PLAIN, place } from "./maps";

/** Panels that stand for the nodes. */
export const END_PANELS: i32 = 3;
const WEIGHTS: usize = 66 << 3;
const EPSILON: f64 = 2.220446049250313e-16;
/** What halving leaves of the error at a singularity, at least: of x^3 log(x) still this much. */
const SLOW: f64 = 1.0 / 16;
/** And at most: of x^-0.67 that much. More is left where something else is not resolved, as a peak, and at singularities that are for shells. */
const FAST: f64 = 0.8;
/** What the other half has of it at most, in parts of that. */
const SHARE: f64 = 1.0 / 64;
/** Of Panel.notFinite. */
const COUNT_SHIFT: i32 = 5;

/** Whether halving a panel has left much of its error in the half at the end of the piece, and nearly all of what is left. @param before its error */
export function noteEnds(piece: Piece, left: Panel, right: Panel, before: f64): void {
  if (left.lo == piece.lo) note(piece, LOW_END, isSlow(left.error, right.error, before));
  if (right.hi == piece.hi) note(piece, HIGH_END, isSlow(right.error, left.error, before));
}

function isSlow(error: f64, other: f64, before: f64): bool {
  return error > SLOW * before && error < FAST * before && other < SHARE * error;
}

function note(piece: Piece, end: i32, slow: bool): void {
  piece.slow = slow ? piece.slow | end : piece.slow & ~end;
}

/** Whether it is time to try it at this end of a piece, at which the panel stands. After a wide first pass that is at once. */
export function isEndDue(integral: Integral, panel: Panel, piece: Piece, end: i32): bool {
  if (piece.kind != PLAIN || (piece.tried & end) != 0) return false;
  // Its nodes come as near to the other end of the panel as to this one: that must not be an end of the piece.
  if (panel.lo == piece.lo && panel.hi == piece.hi) return false;
  if ((end == LOW_END ? piece.lo : piece.hi) != 0 && integral.distance == DISTANCE_NONE) return false;
  return (piece.slow & end) != 0 || (integral.first > 1 && panel.depth == 0);
}

/** The next group is one of such nodes for the panel in `slot`. */
export function addEnd(integral: Integral, slot: i32, end: i32): void {
  const panel = panelOf(integral, slot);
  const piece = pieceOf(integral, panel.piece);
  piece.tried |= end;
  const group = groupOf(integral, integral.groups);
  group.panel = slot;
  group.count = END_PANELS;
  group.piece = integral.pieces + integral.groups;
  const nodes = pieceOf(integral, group.piece);
  nodes.kind = END;
  nodes.ends = 0;
  nodes.anchor = end == LOW_END ? piece.lo : piece.hi;
  nodes.sign = end == LOW_END ? 1 : -1;
  nodes.lo = 0;
  nodes.hi = panel.hi - panel.lo;
  integral.groups += 1;
  if (!integral.hasRule) writeEndRule(integral.rule);
}

/** Asks for the nodes, behind the panels that there are. `lo` says which third of them it is. */
export function layEnd(integral: Integral, group: Group, free: i32): void {
  for (let part = 0; part < END_PANELS; part++) {
    writePanel(integral, free + part, group.piece, <f64>part, 0, 0);
    ask(integral, free + part);
  }
}

export function prepareEnd(integral: Integral, piece: Piece, panel: Panel, x: usize): void {
  const width = f64x2.splat(piece.hi);
  const rule = <usize>integral.rule + END_RULE + <usize>(<i32>panel.lo * (VECTORS << 4));
  for (let k: usize = 0; k < (<usize>VECTORS) << 4; k += 16) v128.store(x + k, f64x2.mul(width, v128.load(rule + k)));
  place(integral, piece, x, 0, VECTORS);
}

/** Sums of the terms: all in `value`, at multiples of 1/4 in `error`, of 1/2 in `reference`; of their absolutes in `l1`; the first two absolutes in `hi`. */
export function digestEnd(integral: Integral, panel: Panel, y: usize): void {
  const part = <i32>panel.lo;
  const rule = <usize>integral.rule + END_RULE + <usize>(part * (VECTORS << 4)) + WEIGHTS;
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let sizes = f64x2.splat(0);
  for (let k: usize = 0; k < <usize>VECTORS; k++) {
    const term = f64x2.mul(v128.load(rule + (k << 4)), v128.load(y + (k << 4)));
    if ((k & 1) == 0) even = f64x2.add(even, term);
    else odd = f64x2.add(odd, term);
    sizes = f64x2.add(sizes, f64x2.abs(term));
  }
  const all = f64x2.add(even, odd);
  const halves = (part & 1) == 0 ? odd : even;
  const first = f64x2.abs(f64x2.mul(v128.load(rule), v128.load(y)));
  const l1 = f64x2.extract_lane(sizes, 0) + f64x2.extract_lane(sizes, 1);
  panel.value = f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1);
  panel.error = f64x2.extract_lane(all, 0);
  panel.reference = f64x2.extract_lane(halves, 0);
  panel.l1 = l1;
  panel.hi = f64x2.extract_lane(first, 0) + f64x2.extract_lane(first, 1);
  const notFinite = l1 - l1 == 0 ? 0 : countNotFinite(y);
  panel.bad = l1 - l1 == 0 ? 0 : <i16>NODES;
  panel.notFinite = <i16>notFinite;
}

/** As Panel.notFinite has it. */
function countNotFinite(y: usize): i32 {
  let bad = 0;
  let first = 0;
  for (let i = 0; i < 2 * VECTORS; i++) {
    const value = load<f64>(y + ((<usize>i) << 3));
    if (value - value == 0) continue;
    if (bad == 0) first = i;
    bad++;
  }
  return first | (bad << COUNT_SHIFT);
}

/** The nodes are there: whether the panel has its value by them. @param tolerance what the whole integral may be off */
export function settleEnd(integral: Integral, group: Group, tolerance: f64): bool {
  // A node more than a panel has.
  integral.evaluations += <f64>END_PANELS;
  let all: f64 = 0;
  let quarters: f64 = 0;
  let halves: f64 = 0;
  let sizes: f64 = 0;
  for (let part = 0; part < END_PANELS; part++) {
    const nodes = panelOf(integral, group.first + part);
    if (nodes.bad > 0) return false;
    all += nodes.value;
    quarters += nodes.error;
    halves += nodes.reference;
    sizes += nodes.l1;
  }
  const step = 0.125 * pieceOf(integral, group.piece).hi;
  const value = all * step;
  const l1 = sizes * step;
  const change = abs(value - quarters * (2 * step));
  const changeBefore = abs(quarters * (2 * step) - halves * (4 * step));
  const rounding = 50 * EPSILON * l1;
  if (change > 0.25 * changeBefore && change > rounding) return false;
  const error = max(10 * change + 2 * step * panelOf(integral, group.first).hi, rounding);
  if (!(error <= max(0.3 * tolerance, 60 * EPSILON * l1))) return false;
  const panel = panelOf(integral, group.panel);
  panel.value = value;
  panel.error = error;
  panel.l1 = l1;
  panel.bad = 0;
  return true;
}

/** Writes d (66) and weights dd/dt (66), behind the rule of panels. */
export function writeEndRule(rule: usize): void {
  const at = rule + END_RULE;
  store<f64>(at, 1.4310992096293757e-79);
  store<f64>(at, 2.6399890613051272e-70, 8);
  store<f64>(at, 3.971510659611058e-62, 16);
  store<f64>(at, 6.541361684265904e-55, 24);
  store<f64>(at, 1.529845067682225e-48, 32);
  store<f64>(at, 6.390554490469022e-43, 40);
  store<f64>(at, 5.838244487549305e-38, 48);
  store<f64>(at, 1.3947335811447089e-33, 56);
  store<f64>(at, 1.0201501971762472e-29, 64);
  store<f64>(at, 2.6257732365097877e-26, 72);
  store<f64>(at, 2.6892457956968446e-23, 80);
  store<f64>(at, 1.2214686395426087e-20, 88);
  store<f64>(at, 2.7076114119036155e-18, 96);
  store<f64>(at, 3.18743924752222e-16, 104);
  store<f64>(at, 2.1470805279391204e-14, 112);
  store<f64>(at, 8.839173464193602e-13, 120);
  store<f64>(at, 2.3571775911611286e-11, 128);
  store<f64>(at, 4.2864745391083867e-10, 136);
  store<f64>(at, 5.562167559007666e-9, 144);
  store<f64>(at, 5.360919379080905e-8, 152);
  store<f64>(at, 3.976314426436678e-7, 160);
  store<f64>(at, 2.3419793897357848e-6, 168);
  store<f64>(at, 1.1261403769203567e-5, 176);
  store<f64>(at, 4.530765242800008e-5, 184);
  store<f64>(at, 0.00015586798582339548, 192);
  store<f64>(at, 0.0004674017721070768, 200);
  store<f64>(at, 0.0012425717713878065, 208);
  store<f64>(at, 0.0029722466842989283, 216);
  store<f64>(at, 0.006479719746311554, 224);
  store<f64>(at, 0.013016565902161275, 232);
  store<f64>(at, 0.024316017963626528, 240);
  store<f64>(at, 0.042560368367712695, 248);
  store<f64>(at, 0.07021547065505168, 256);
  store<f64>(at, 0.10969628050839986, 264);
  store<f64>(at, 0.1628642538757821, 272);
  store<f64>(at, 0.2304266473060161, 280);
  store<f64>(at, 0.31139513091798293, 288);
  store<f64>(at, 0.4028214983375323, 296);
  store<f64>(at, 0.5, 304);
  store<f64>(at, 0.5971785016624677, 312);
  store<f64>(at, 0.6886048690820171, 320);
  store<f64>(at, 0.7695733526939839, 328);
  store<f64>(at, 0.8371357461242179, 336);
  store<f64>(at, 0.8903037194916001, 344);
  store<f64>(at, 0.9297845293449483, 352);
  store<f64>(at, 0.9574396316322873, 360);
  store<f64>(at, 0.9756839820363735, 368);
  store<f64>(at, 0.9869834340978387, 376);
  store<f64>(at, 0.9935202802536884, 384);
  store<f64>(at, 0.997027753315701, 392);
  store<f64>(at, 0.9987574282286122, 400);
  store<f64>(at, 0.999532598227893, 408);
  store<f64>(at, 0.9998441320141767, 416);
  store<f64>(at, 0.999954692347572, 424);
  store<f64>(at, 0.9999887385962308, 432);
  store<f64>(at, 0.9999976580206102, 440);
  store<f64>(at, 0.9999996023685573, 448);
  store<f64>(at, 0.9999999463908062, 456);
  store<f64>(at, 0.9999999944378325, 464);
  store<f64>(at, 0.9999999995713525, 472);
  store<f64>(at, 0.9999999999764282, 480);
  store<f64>(at, 0.999999999999116, 488);
  store<f64>(at, 0.9999999999999786, 496);
  store<f64>(at, 0.9999999999999997, 504);
  store<f64>(at, 1.0, 512);
  store<f64>(at, 1.0, 520);

  store<f64>(at, 2.5984891900449277e-77, 528);
  store<f64>(at, 4.230344365548107e-68, 536);
  store<f64>(at, 5.61635267274346e-60, 544);
  store<f64>(at, 8.163853665899746e-53, 552);
  store<f64>(at, 1.6850284270209632e-46, 560);
  store<f64>(at, 6.212073785308026e-41, 568);
  store<f64>(at, 5.0087083920331264e-36, 576);
  store<f64>(at, 1.0560616717686127e-31, 584);
  store<f64>(at, 6.8175516538188075e-28, 592);
  store<f64>(at, 1.5488269850586773e-24, 600);
  store<f64>(at, 1.4001575509887945e-21, 608);
  store<f64>(at, 5.613765714090776e-19, 616);
  store<f64>(at, 1.09853961814899e-16, 624);
  store<f64>(at, 1.1417463351306978e-14, 632);
  store<f64>(at, 6.790892137269546e-13, 640);
  store<f64>(at, 2.4689269388315963e-11, 648);
  store<f64>(at, 5.815582907127891e-10, 656);
  store<f64>(at, 9.343641134368205e-9, 664);
  store<f64>(at, 1.071560227847152e-7, 672);
  store<f64>(at, 9.13166029685533e-7, 680);
  store<f64>(at, 5.99185068158536e-6, 688);
  store<f64>(at, 3.1241279620372044e-5, 696);
  store<f64>(at, 0.00013310025687635846, 704);
  store<f64>(at, 0.00047497340214173436, 712);
  store<f64>(at, 0.0014512588739506568, 720);
  store<f64>(at, 0.0038713005130321205, 728);
  store<f64>(at, 0.009171583494963921, 736);
  store<f64>(at, 0.01958750274680039, 744);
  store<f64>(at, 0.03819287178541615, 752);
  store<f64>(at, 0.06871105386658387, 760);
  store<f64>(at, 0.11501119725739434, 768);
  store<f64>(at, 0.18023070923467183, 776);
  store<f64>(at, 0.265539137714027, 784);
  store<f64>(at, 0.3687189241807739, 792);
  store<f64>(at, 0.4829882897061506, 800);
  store<f64>(at, 0.5967315129245785, 808);
  store<f64>(at, 0.6948073796236282, 816);
  store<f64>(at, 0.7616418593173526, 824);
  store<f64>(at, 0.7853981633974483, 832);
  store<f64>(at, 0.7616418593173526, 840);
  store<f64>(at, 0.6948073796236282, 848);
  store<f64>(at, 0.5967315129245785, 856);
  store<f64>(at, 0.4829882897061506, 864);
  store<f64>(at, 0.3687189241807739, 872);
  store<f64>(at, 0.265539137714027, 880);
  store<f64>(at, 0.18023070923467183, 888);
  store<f64>(at, 0.11501119725739434, 896);
  store<f64>(at, 0.06871105386658387, 904);
  store<f64>(at, 0.03819287178541615, 912);
  store<f64>(at, 0.01958750274680039, 920);
  store<f64>(at, 0.009171583494963921, 928);
  store<f64>(at, 0.0038713005130321205, 936);
  store<f64>(at, 0.0014512588739506568, 944);
  store<f64>(at, 0.00047497340214173436, 952);
  store<f64>(at, 0.00013310025687635846, 960);
  store<f64>(at, 3.1241279620372044e-5, 968);
  store<f64>(at, 5.99185068158536e-6, 976);
  store<f64>(at, 9.13166029685533e-7, 984);
  store<f64>(at, 1.071560227847152e-7, 992);
  store<f64>(at, 9.343641134368205e-9, 1000);
  store<f64>(at, 5.815582907127891e-10, 1008);
  store<f64>(at, 2.4689269388315963e-11, 1016);
  store<f64>(at, 6.790892137269546e-13, 1024);
  store<f64>(at, 1.1417463351306978e-14, 1032);
  store<f64>(at, 1.09853961814899e-16, 1040);
  store<f64>(at, 5.613765714090776e-19, 1048);
}
