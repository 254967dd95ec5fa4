/**
 * The panel rule: Gauss-Kronrod with 10 and 21 points, and QUADPACK's estimate of the error.
 *
 *   K   the value: 21 points, exact for polynomials of degree 31; G, of 10 of them, for degree 19
 *   A   the integral of |f|; R that of |f - mean|
 *   D   |K - G|, which sees the even part of f alone; or, if that is larger, the odd part by the same token: the null rule N on the pairs of nodes, which is 0 for all
 *       polynomials of degree 18, scaled to the length of K - G. A jump or a corner has places that either overlooks, but none that both do
 *   error = R min(1, (200 D / R)^1.5), and not below min(D, 2^-36 R), for D below that is rounding, nor 50 eps A; if |K - G| is no more than that, that it is.
 *           And not below eps |t| R / (2 h): of a peak that is not much wider than units in the last place of t no more is known
 *
 * Between a panel's last node and its end a jump may hide, or a corner. So of two neighbours what the parabolas through their last three nodes are where they meet is
 * compared: if that differs by more than four times what the parabolas differ from straight lines there, f is taken to jump by as much, and what that may do stands
 * in the error of both, as long as they are resolved otherwise, and of what they are halved into.
 *
 * In a vector stand the two nodes c - h t and c + h t; so K, G, A and R are sums by lanes over ten pairs, in order of falling t, to which the lanes are added at
 * the end. The center, alone, stands in both lanes of its vector, and comes first, by its low lane.
 *
 * Nodes where f is not finite count as 0. They are numbered, and the error is not below |K| then, nor below A.
 *
 * Source: R. Piessens, E. de Doncker-Kapenga, C. Überhuber, D. Kahaner, "QUADPACK" (1983), QK21, whose nodes and weights these are, and its estimate.
 *         The null rule: D. P. Laurie, "Sharper error estimates in adaptive quadrature", BIT 23 (1983); scripts/coefficients/null-rule.py.
 *         test/quad/range/adaptive.test.ts holds them to polynomials, and the code to an oracle.
 * Role:   any thread.
 */
import { NODES, PANEL_POINTS_BYTES, PANEL_SUMS_BYTES, VECTORS } from "../desk";
import { Integral, Panel, panelOf, pieceOf } from "./integral";
import { digestEnd, prepareEnd } from "./ends";
import { EPSILON, NODE_ROUNDING, NOISE, ROUND_OFF, TINY, applyTwo, both, sides, sizesOf } from "./kronrod-pairs";
import { writeNodes } from "../panel-nodes";
import { sumUp } from "../panel-sums";
import { END, PLAIN, hasWeights, isByDistance, place } from "./maps";

/** What lies between the last node and the end, in half widths. */
const GAP: f64 = 0.004342836974191974;
/** What parabolas and lines through the last nodes are at the end, from these nodes. */
const PARABOLA_0: f64 = 1.2792064428740275;
const PARABOLA_1: f64 = -0.31875200614739385;
const PARABOLA_2: f64 = 0.039545563273366335;
const LINE_1: f64 = 0.19966484069545382;
/** How much more parabolas differ, and at least 2^-42 of the values; and what error a panel has that is resolved, of its l1: 2^-10. */
const STEEPER: f64 = 4;
const LEVEL: f64 = 2.2737367544323206e-13;
const RESOLVED: f64 = 0.0009765625;
/** Of Panel.notFinite. */
const FIRST_MASK: usize = 31;
const COUNT_SHIFT: i32 = 5;

/** Writes nodes (10), weights of K (11), weights of G (5), of N (10), where `digest` reads them: constants in code would be made anew in each turn of its loop. */
export function writeRule(at: usize): void {
  store<f64>(at, 0.995657163025808080735527280689003);
  store<f64>(at, 0.973906528517171720077964012084452, 8);
  store<f64>(at, 0.930157491355708226001207180059508, 16);
  store<f64>(at, 0.865063366688984510732096688423493, 24);
  store<f64>(at, 0.780817726586416897063717578345042, 32);
  store<f64>(at, 0.679409568299024406234327365114874, 40);
  store<f64>(at, 0.562757134668604683339000099272694, 48);
  store<f64>(at, 0.433395394129247190799265943165784, 56);
  store<f64>(at, 0.294392862701460198131126602103866, 64);
  store<f64>(at, 0.14887433898163121088482600112972, 72);

  store<f64>(at, 0.011694638867371874278064396062192, 80);
  store<f64>(at, 0.03255816230796472747881897245939, 88);
  store<f64>(at, 0.05475589657435199603138130024458, 96);
  store<f64>(at, 0.07503967481091995276704314091619, 104);
  store<f64>(at, 0.093125454583697605535065465083366, 112);
  store<f64>(at, 0.109387158802297641899210590325805, 120);
  store<f64>(at, 0.123491976262065851077958109585166, 128);
  store<f64>(at, 0.134709217311473325928054001771707, 136);
  store<f64>(at, 0.142775938577060080797094273138717, 144);
  store<f64>(at, 0.147739104901338491374841515972068, 152);
  store<f64>(at, 0.149445554002916905664936468389821, 160);

  store<f64>(at, 0.066671344308688137593568809893332, 168);
  store<f64>(at, 0.149451349150580593145863397657697, 176);
  store<f64>(at, 0.219086362515982043995534934228163, 184);
  store<f64>(at, 0.269266719309996355091226921569469, 192);
  store<f64>(at, 0.295524224714752870173815619188769, 200);

  store<f64>(at, 0.023296518008671775257, 208);
  store<f64>(at, -0.066471256014765679958, 216);
  store<f64>(at, 0.10190177744705230396, 224);
  store<f64>(at, -0.12879036514834306241, 232);
  store<f64>(at, 0.14548306658243846717, 240);
  store<f64>(at, -0.14911780788144264437, 248);
  store<f64>(at, 0.13904460003641153161, 256);
  store<f64>(at, -0.11667735739951438302, 264);
  store<f64>(at, 0.084096259086382860518, 272);
  store<f64>(at, -0.044019482326110675239, 280);
}

/** Writes a panel's nodes to x, and, where its piece has them, the weights of the map to `weights`. */
export function prepare(integral: Integral, panel: Panel, x: usize, weights: usize): void {
  const piece = pieceOf(integral, panel.piece);
  if (piece.kind == END) {
    prepareEnd(integral, piece, panel, x);
    return;
  }
  writeNodes(integral.rule, v128.load(changetype<usize>(panel)), x);
  if (piece.kind != PLAIN) place(integral, piece, x, weights, VECTORS);
}

/** What the driver does where it knows the nodes: adds values up, those of mapped pieces times their weights. */
export function sumUpPieces(
  integral: Integral,
  pending: usize,
  count: i32,
  y: usize,
  weights: usize,
  sums: usize,
): void {
  const rule = <usize>integral.rule;
  const end = pending + ((<usize>count) << 2);
  for (; pending < end; pending += 4, sums += PANEL_SUMS_BYTES) {
    if (hasWeights(pieceOf(integral, panelOf(integral, load<i32>(pending)).piece).kind)) weigh(y, weights);
    sumUp(rule, y, sums);
    y += PANEL_POINTS_BYTES;
    weights += PANEL_POINTS_BYTES;
  }
}

/**
 * Makes of the values of panels, and of the sums over them, what the rule makes of them.
 *
 * Each field of a panel is written once, with what it will be: another thread may do the same at the same time, and be ended at any instruction.
 *
 * @param pending address of the panels' numbers
 */
export function digest(integral: Integral, pending: usize, count: i32, y: usize, sums: usize): void {
  const rule = <usize>integral.rule;
  const end = pending + ((<usize>count) << 2);
  const hasEnds = integral.groups > 0;
  // Halves of a panel stand at even places of the round's list, and so do neighbours of a first pass.
  const isEven = ((pending - integral.pendingAt) & 4) == 0;
  for (; pending + 4 < end; pending += 8, y += 2 * PANEL_POINTS_BYTES, sums += 2 * PANEL_SUMS_BYTES) {
    const one = panelOf(integral, load<i32>(pending));
    const other = panelOf(integral, load<i32>(pending, 4));
    if (hasEnds) {
      if (isEnd(integral, one) || isEnd(integral, other)) {
        digestTwo(integral, one, other, y, sums, 0);
        continue;
      }
    }
    let jump: f64 = 0;
    if (isEven) jump = jumpBetween(one, other, y);
    if (jump + one.seamLow + other.seamHigh > 0) {
      digestTwo(integral, one, other, y, sums, jump < Infinity ? jump : 0);
    } else if (!applyTwo(rule, one, other, y, sums)) {
      digestTwo(integral, one, other, y, sums, 0);
    }
  }
  if (pending < end) {
    const one = panelOf(integral, load<i32>(pending));
    digestOne(integral, one, y, sums, one.seamLow, one.seamHigh);
  }
}

/** One after the other, where they cannot go side by side. @param jump between them */
function digestTwo(integral: Integral, one: Panel, other: Panel, y: usize, sums: usize, jump: f64): void {
  digestOne(integral, one, y, sums, one.seamLow, jump);
  digestOne(integral, other, y + PANEL_POINTS_BYTES, sums + PANEL_SUMS_BYTES, jump, other.seamHigh);
}

function isEnd(integral: Integral, panel: Panel): bool {
  return pieceOf(integral, panel.piece).kind == END;
}

/** How far f jumps between two panels, if they are neighbours; 0 if it does not, Infinity where values are too large to tell. */
// @ts-ignore: decorator
@inline
function jumpBetween(one: Panel, other: Panel, y: usize): f64 {
  if (one.hi != other.lo) return 0;
  if (one.piece != other.piece) return 0;
  // The last nodes of the one are in high lanes, the first of the other in low ones.
  const nodes0 = sides(v128.load(y, 8), v128.load(y, PANEL_POINTS_BYTES), false);
  const nodes1 = sides(v128.load(y, 24), v128.load(y, PANEL_POINTS_BYTES + 16), false);
  const nodes2 = sides(v128.load(y, 40), v128.load(y, PANEL_POINTS_BYTES + 32), false);
  const line = f64x2.add(nodes0, f64x2.mul(f64x2.splat(LINE_1), f64x2.sub(nodes0, nodes1)));
  const parabola = f64x2.add(
    f64x2.add(f64x2.mul(f64x2.splat(PARABOLA_0), nodes0), f64x2.mul(f64x2.splat(PARABOLA_1), nodes1)),
    f64x2.mul(f64x2.splat(PARABOLA_2), nodes2),
  );
  const bend = f64x2.abs(f64x2.sub(parabola, line));
  const jump = abs(f64x2.extract_lane(parabola, 0) - f64x2.extract_lane(parabola, 1));
  const size = f64x2.abs(nodes0);
  const least = STEEPER * both(bend) + LEVEL * both(size);
  // NaN compares false.
  return jump > least ? jump : 0;
}

function weigh(y: usize, weights: usize): void {
  for (let k: usize = 0; k < (<usize>VECTORS) << 4; k += 16) {
    v128.store(y + k, f64x2.mul(v128.load(y + k), v128.load(weights + k)));
  }
}

function digestOne(integral: Integral, panel: Panel, y: usize, sums: usize, seamLow: f64, seamHigh: f64): void {
  if (integral.groups > 0 && isEnd(integral, panel)) {
    digestEnd(integral, panel, y);
    return;
  }
  panel.seamLow = seamLow;
  panel.seamHigh = seamHigh;
  if (apply(integral.rule, panel, y, sums, 0)) return;
  const notFinite = clean(y);
  sumUp(integral.rule, y, sums);
  if (apply(integral.rule, panel, y, sums, notFinite)) return;
  // Finite values whose sum is not.
  panel.notFinite = <i16>notFinite;
  panel.bad = <i16>NODES;
  panel.value = 0;
  panel.l1 = 0;
  panel.error = f64.MAX_VALUE;
}

/** @param sums what `sumUp` makes of the values @param notFinite what `clean` said. @returns whether all is finite; if not, nothing is written */
export function apply(rule: usize, panel: Panel, y: usize, sums: usize, notFinite: i32): bool {
  const half = 0.5 * panel.hi - 0.5 * panel.lo;
  const sum = load<f64>(sums);
  const lowest = load<f64>(sums, 16);
  const highest = load<f64>(sums, 24);
  // Of one sign, the terms' absolutes add up to the absolute of their sum, to the last bit. A NaN, or an infinity, among the values is one in the sum.
  const absolute = (lowest >= 0 || highest <= 0 ? abs(sum) : sizesOf(rule, y)) * half;
  if (absolute - absolute != 0) return false;
  const reach = max(abs(panel.lo), abs(panel.hi));
  let error = abs((sum - load<f64>(sums, 8)) * half);
  const floor = absolute > TINY ? ROUND_OFF * absolute : 0;
  // R / h is at most 2 (highest - lowest): where values are resolved, that is mostly enough to know.
  if (error <= floor && 1.05 * EPSILON * reach * (highest - lowest) <= floor && floor > 0) {
    error = floor;
  } else {
    const mean = f64x2.splat(0.5 * sum);
    const middle = f64x2.abs(f64x2.sub(v128.load(y, 160), mean));
    let r = f64x2.mul(v128.load64_splat(rule, 160), f64x2.replace_lane(middle, 1, 0));
    let odd = f64x2.splat(0);
    const end = y + 160;
    for (let at = y, weight = rule; at < end; ) {
      const values = v128.load(at);
      r = f64x2.add(r, f64x2.mul(v128.load64_splat(weight, 80), f64x2.abs(f64x2.sub(values, mean))));
      odd = f64x2.add(odd, f64x2.mul(v128.load64_splat(weight, 208), values));
      at += 16;
      weight += 8;
    }
    const variation = both(r);
    const spread = variation * half;
    if (error > floor) {
      const difference = max(error, abs((f64x2.extract_lane(odd, 1) - f64x2.extract_lane(odd, 0)) * half));
      const ratio = (200 * difference) / spread;
      // Where the values are all the same, but for rounding, that is what is left.
      error = ratio < 1 ? max(spread * (ratio * sqrt(ratio)), min(difference, NOISE * spread)) : spread;
      error = max(error, floor);
    } else {
      error = floor;
    }
    error = max(error, NODE_ROUNDING * reach * variation);
  }
  if (error <= RESOLVED * absolute) error += (panel.seamLow + panel.seamHigh) * (GAP * half);
  const value = sum * half;
  const bad = notFinite >> COUNT_SHIFT;
  if (bad > 0) error = bad == NODES ? f64.MAX_VALUE : max(error, max(abs(value), absolute));
  panel.value = value;
  panel.error = error;
  panel.l1 = absolute;
  panel.bad = <i16>bad;
  panel.notFinite = <i16>notFinite;
  return true;
}

/** Writes 0 in place of the values that are not finite. @returns which is the first, and how many they are, as Panel.notFinite has it */
function clean(y: usize): i32 {
  let bad = 0;
  let first = 0;
  for (let i = 0; i < NODES; i++) {
    const at = y + ((<usize>i) << 3);
    const value = load<f64>(at);
    if (value - value == 0) continue;
    store<f64>(at, 0);
    if (bad == 0) first = i;
    bad++;
  }
  return first | (bad << COUNT_SHIFT);
}

/** Of a panel's nodes, how many there are where f is not finite. */
export function badNodes(panel: Panel): i32 {
  return <i32>panel.notFinite >> COUNT_SHIFT;
}

/** Where f was evaluated for the first of them: the panel's points are written once more, to `x` and `weights`. */
export function badPlace(integral: Integral, panel: Panel, x: usize, weights: usize): f64 {
  prepare(integral, panel, x, weights);
  const piece = pieceOf(integral, panel.piece);
  const at = load<f64>(x + ((<usize>panel.notFinite & FIRST_MASK) << 3));
  return isByDistance(integral, piece) ? piece.anchor + piece.sign * at : at;
}
