/**
 * The oracle of integrals to a tolerance: docs/numerics.md in plain JavaScript, slow and obvious. Lists that are sorted stand in for heaps, objects for records.
 *
 * The panel rule adds by lanes, as the contract says: the nodes left of the center in one sum, those right of it in the other.
 */
import type { IntegralSpec } from "../../../ts/quad/integral.js";
import { integrateEnd } from "./ends.js";

export const NODES = [
  0.9956571630258081, 0.9739065285171717, 0.9301574913557082, 0.8650633666889845, 0.7808177265864169,
  0.6794095682990244, 0.5627571346686047, 0.4333953941292472, 0.2943928627014602, 0.14887433898163122,
];
export const WEIGHTS = [
  0.011694638867371874, 0.032558162307964725, 0.054755896574351995, 0.07503967481091996, 0.0931254545836976,
  0.10938715880229764, 0.12349197626206584, 0.13470921731147334, 0.14277593857706009, 0.14773910490133849,
];
export const MIDDLE_WEIGHT = 0.1494455540029169;
export const GAUSS_WEIGHTS = [
  0.06667134430868814, 0.1494513491505806, 0.21908636251598204, 0.26926671930999635, 0.29552422471475287,
];
export const NULL_WEIGHTS = [
  0.023296518008671774, -0.06647125601476568, 0.10190177744705231, -0.12879036514834305, 0.14548306658243848,
  -0.14911780788144263, 0.13904460003641153, -0.11667735739951439, 0.08409625908638287, -0.04401948232611067,
];
/** At the end of a panel, the parabola through its last three nodes, and the line through two. */
const PARABOLA = [1.2792064428740275, -0.31875200614739385, 0.039545563273366335] as const;
const LINE = 0.19966484069545382;
/** From the last node to the end, in half widths. */
const GAP = 0.004342836974191974;
const EPSILON = 2 ** -52;
const OFFSET = 0.1180339887498949;

type F = (x: number) => number;

/** Where t of a piece is, and dx/dt. */
interface Piece {
  readonly far: boolean;
  readonly plain: boolean;
  readonly anchor: number;
  readonly sign: number;
  readonly scale: number;
  readonly lo: number;
  readonly hi: number;
  readonly ends: readonly ("low" | "high")[];
  readonly tries: { low: number; high: number };
  /** Ends where halving does not help; where the double-exponential rule was tried. */
  readonly slow: Set<string>;
  readonly tried: Set<string>;
}

interface Panel {
  piece: number;
  lo: number;
  hi: number;
  value: number;
  error: number;
  l1: number;
  bad: number;
  depth: number;
  stuck: number;
  reference: number;
  /** Whether it takes part in choices. */
  live: boolean;
  seamLow: number;
  seamHigh: number;
}

/** What is to become a panel. */
type Asked = Pick<Panel, "piece" | "lo" | "hi" | "depth" | "seamLow" | "seamHigh">;

export interface Outcome {
  status: string;
  value: number;
  error: number;
  l1: number;
  evaluations: number;
  rounds: number;
  panels: number;
}

/** A sum whose rounding errors are added up beside it. */
function neumaier(values: readonly number[]): number {
  let sum = 0;
  let rest = 0;
  for (const value of values) {
    const total = sum + value;
    const part = total - sum;
    rest += sum - (total - part) + (value - part);
    sum = total;
  }
  return sum + rest;
}

/** One panel by the rule: nodes, values, weights of the map, sums. */
export function applyRule(f: F, piece: Piece, lo: number, hi: number, seam = 0) {
  const center = 0.5 * lo + 0.5 * hi;
  const half = 0.5 * hi - 0.5 * lo;
  let bad = 0;
  const at = (t: number): number => {
    if (piece.plain) return f(t);
    if (!piece.far) return f(piece.anchor + piece.sign * t);
    const reach = piece.scale / t;
    return f(piece.anchor + piece.sign * reach) * (reach / t);
  };
  const clean = (y: number): number => {
    if (Number.isFinite(y)) return y;
    bad++;
    return 0;
  };
  const left = NODES.map((t) => clean(at(center + -half * t)));
  const right = NODES.map((t) => clean(at(center + half * t)));
  const middle = clean(at(center));
  const lanes = (term: (lane: readonly number[], k: number) => number, first: number): number => {
    let [low, high] = [first, 0];
    for (let k = 0; k < 10; k++) {
      low += term(left, k);
      high += term(right, k);
    }
    return low + high;
  };
  const k = lanes((lane, index) => WEIGHTS[index]! * lane[index]!, MIDDLE_WEIGHT * middle);
  const a = lanes((lane, index) => Math.abs(WEIGHTS[index]! * lane[index]!), Math.abs(MIDDLE_WEIGHT * middle)) * half;
  let [low, high] = [0, 0];
  GAUSS_WEIGHTS.forEach((weight, index) => {
    low += weight * left[2 * index + 1]!;
    high += weight * right[2 * index + 1]!;
  });
  const mean = 0.5 * k;
  const variation = lanes(
    (lane, index) => WEIGHTS[index]! * Math.abs(lane[index]! - mean),
    MIDDLE_WEIGHT * Math.abs(middle - mean),
  );
  const spread = variation * half;
  let error = Math.abs((k - (low + high)) * half);
  const floor = a > 1e-290 ? 50 * EPSILON * a : 0;
  if (error > floor) {
    [low, high] = [0, 0];
    NULL_WEIGHTS.forEach((weight, index) => {
      low += weight * left[index]!;
      high += weight * right[index]!;
    });
    const difference = Math.max(error, Math.abs((high - low) * half));
    const ratio = (200 * difference) / spread;
    error = ratio < 1 ? Math.max(spread * (ratio * Math.sqrt(ratio)), Math.min(difference, 2 ** -36 * spread)) : spread;
    error = Math.max(error, floor);
  } else {
    error = floor;
  }
  error = Math.max(error, 0.5 * EPSILON * Math.max(Math.abs(lo), Math.abs(hi)) * variation);
  if (error <= 2 ** -10 * a) error += seam * (GAP * half);
  const value = k * half;
  if (bad > 0) error = Math.max(error, Math.abs(value), a);
  if (bad === 21) error = Number.MAX_VALUE;
  const edge = (side: number): [size: number, parabola: number, bend: number] => {
    const [y0, y1, y2] = [0, 1, 2].map((index) => at(center + side * half * NODES[index]!)) as [number, number, number];
    const parabola = PARABOLA[0] * y0 + PARABOLA[1] * y1 + PARABOLA[2] * y2;
    return [Math.abs(y0), parabola, Math.abs(parabola - (y0 + LINE * (y0 - y1)))];
  };
  return { value, error, l1: a, bad, low: edge(-1), high: edge(1) };
}

/** Wynn's epsilon over the last 9, 15, 25, 40 sums. */
export function epsilon(sums: readonly number[]): { limit: number; error: number } {
  let best = { limit: sums.at(-1) ?? 0, error: Number.POSITIVE_INFINITY };
  for (const size of [9, 15, 25, 40]) {
    if (sums.length < size) continue;
    let before: readonly number[] = new Array(size + 1).fill(0);
    let column: readonly number[] = sums.slice(-size);
    for (let step = 1; column.length > 1; step++) {
      const above = column;
      const next = above.slice(1).map((entry, i) => before[i + 1]! + 1 / (entry - above[i]!));
      if (!next.every(Number.isFinite)) break;
      [before, column] = [column, next];
      if (step % 2 === 0 && next.length >= 3) {
        const [third, second, last] = next.slice(-3) as [number, number, number];
        const change = Math.abs(last - second) + Math.abs(last - third);
        if (change < best.error) best = { limit: last, error: change };
      }
    }
  }
  return best;
}

const exponent = (x: number): number =>
  Number((new BigUint64Array(new Float64Array([x]).buffer)[0]! >> 52n) & 0x7ffn) - 1023;

/** The whole, without a form of f in the distance, and without tails that oscillate. */
export function integrateSlowly(f: F, spec: IntegralSpec, isGraded = false): Outcome {
  const { lo, hi, scale, first } = spec;
  const pieces: Piece[] = [];
  const addPiece = (from: number, to: number, ends: Piece["ends"], rest: Partial<Piece> = {}): void => {
    const usual = { far: false, plain: true, anchor: 0, sign: 0, scale: 0, lo: from, hi: to, ends };
    pieces.push({ ...usual, tries: { low: 0, high: 0 }, slow: new Set(), tried: new Set(), ...rest });
  };
  const addFar = (anchor: number, sign: number): void =>
    addPiece(0, 1, ["low"], { far: true, plain: false, anchor, sign, scale });
  const points = [...(Number.isFinite(lo) ? [lo] : []), ...spec.breaks, ...(Number.isFinite(hi) ? [hi] : [])];
  if (points.length === 0) points.push(spec.center);
  if (lo === Number.NEGATIVE_INFINITY) {
    addFar(points[0]!, -1);
    addPiece(points[0]! - scale, points[0]!, ["high"]);
  }
  for (let i = 1; i < points.length; i++) addPiece(points[i - 1]!, points[i]!, ["low", "high"]);
  if (hi === Number.POSITIVE_INFINITY) {
    addPiece(points.at(-1)!, points.at(-1)! + scale, ["low"]);
    addFar(points.at(-1)!, 1);
  }

  const panels: Panel[] = [];
  let evaluations = 0;
  const pieceAt = (piece: number): Piece =>
    piece < pieces.length ? pieces[piece]! : (shellPieces[piece - pieces.length] as Piece);
  const make = (asked: Asked): Panel => {
    const { piece, lo: from, hi: to, seamLow, seamHigh } = asked;
    const { value, error, l1, bad } = applyRule(f, pieceAt(piece), from, to, seamLow + seamHigh);
    evaluations += 21;
    return { ...asked, value, error, l1, bad, stuck: 0, reference: 0, live: true };
  };
  /** Two at a time, which are compared where they meet. */
  const makeAll = (asked: readonly Asked[]): Panel[] => {
    const seams = asked.map(({ seamLow, seamHigh }) => ({ seamLow, seamHigh }));
    for (let k = 0; k + 1 < asked.length; k += 2) {
      const [one, other] = [asked[k]!, asked[k + 1]!];
      if (one.hi !== other.lo || one.piece !== other.piece) continue;
      const { high } = applyRule(f, pieceAt(one.piece), one.lo, one.hi);
      const { low } = applyRule(f, pieceAt(one.piece), other.lo, other.hi);
      const jump = Math.abs(high[1] - low[1]);
      const isJump = jump > 4 * (high[2] + low[2]) + 2 ** -42 * (high[0] + low[0]) && jump < Number.POSITIVE_INFINITY;
      seams[k]!.seamHigh = seams[k + 1]!.seamLow = isJump ? jump : 0;
    }
    return asked.map((each, k) => make({ ...each, ...seams[k]! }));
  };
  let shellPieces: Piece[] = [];
  const firstPass: Asked[] = [];
  const cut = (piece: number, from: number, to: number, wanted: number): void => {
    const room = (to - from) / (2048 * EPSILON * Math.max(Math.abs(from), Math.abs(to)));
    const count = Math.min(wanted, Math.max(1, Math.trunc(room)));
    let at = from;
    for (let i = 1; i <= count; i++) {
      const share = (i + OFFSET) / (count + 2 * OFFSET);
      const next = i === count ? to : (1 - share) * from + share * to;
      firstPass.push({ piece, lo: at, hi: next, depth: 0, seamLow: 0, seamHigh: 0 });
      at = next;
    }
  };
  /** Towards both ends. */
  const grade = (piece: number, from: number, to: number): void => {
    const add = (lo: number, hi: number): void => {
      firstPass.push({ piece, lo, hi, depth: 0, seamLow: 0, seamHigh: 0 });
    };
    let [share, low] = [0.5, from + 0.5 * (to - from)];
    let high = low;
    const isWide = (width: number, end: number): boolean => width > 2048 * EPSILON * Math.abs(end);
    for (let k = 0; k < 960; k++) {
      share /= 2;
      const left = from + share * (to - from);
      const right = to - share * (to - from);
      const isLow = isWide(low - left, low) && left > from;
      const isHigh = isWide(right - high, high) && right < to;
      if (isLow) add(left, low);
      if (isHigh) add(high, right);
      if (isLow) low = left;
      if (isHigh) high = right;
      if (!isLow && !isHigh) break;
    }
    add(from, low);
    add(high, to);
  };
  const isBounded = Number.isFinite(hi - lo);
  const plain = Math.max(1, Math.trunc(isBounded ? first / pieces.length : first / 4));
  pieces.forEach((piece, index) => {
    if (!piece.far && isGraded) {
      grade(index, piece.lo, piece.hi);
      return;
    }
    if (!piece.far) {
      cut(index, piece.lo, piece.hi, plain);
      return;
    }
    let end = 1;
    const unit = Math.max(1, Math.trunc(first / 64));
    if (first > 1) {
      for (let part = 0; part < 40; part++, end /= 2)
        cut(index, end / 2, end, part < 10 ? 4 * unit : part < 20 ? 2 * unit : unit);
    }
    cut(index, 0, end, 1);
  });
  panels.push(...makeAll(firstPass));

  let rounds = 0;
  let deadErrors = 0;
  let splits: { value: number; error: number; halves: [Panel, Panel] }[] = [];
  let groups: { panel: Panel; shells: Panel[]; isLast: boolean }[] = [];
  let ends: Ending[] = [];
  let isHollow = false;
  let isNarrow = false;
  for (;;) {
    rounds++;
    for (const { value, error, halves } of splits) {
      const now = halves[0].value + halves[1].value;
      const isStuck =
        Math.abs(value - now) <= 1e-5 * Math.abs(now) &&
        halves[0].error + halves[1].error >= 0.99 * error &&
        halves[0].bad + halves[1].bad === 0;
      const stuck = isStuck ? halves[0].stuck + 1 : 0;
      for (const half of halves) Object.assign(half, { stuck, live: true });
      const [left, right] = halves;
      const { slow, ...piece } = pieces[left.piece]!;
      const note = (end: string, near: Panel, other: Panel): void => {
        const isSlow = near.error > error / 16 && near.error < 0.8 * error && other.error < near.error / 64;
        if (isSlow) slow.add(end);
        else slow.delete(end);
      };
      if (left.lo === piece.lo) note("low", left, right);
      if (right.hi === piece.hi) note("high", right, left);
    }
    const total = () => ({
      value: neumaier(panels.map((panel) => panel.value)),
      error: panels.reduce((sum, panel) => sum + panel.error, 0),
      l1: panels.reduce((sum, panel) => sum + panel.l1, 0),
    });
    let sums = total();
    const tolerance = (): number => Math.max(spec.absolute, spec.relative * Math.abs(sums.value));
    const end = (status: string): Outcome => ({ status, ...sums, evaluations, rounds, panels: panels.length });
    let isDivergent = false;
    const allowed = tolerance();
    for (const { panel, shells, isLast } of groups) {
      const verdict = judge(shells, allowed, isLast);
      if (verdict === "divergent") isDivergent = true;
      else if (verdict === "refused") panel.live = true;
      else if ("isHeld" in verdict) {
        const { value, error, l1 } = verdict;
        Object.assign(panel, { value, error, l1, bad: 0 });
        deadErrors += error;
        isNarrow = true;
      } else Object.assign(panel, verdict, { bad: 0 });
    }
    for (const { panel, side, width } of ends) {
      evaluations += 66;
      const found = integrateEnd((distance) => f(side * distance), width, allowed);
      if (found === undefined) panel.live = true;
      else Object.assign(panel, found, { bad: 0 });
    }
    if (isDivergent) return end("divergent");
    sums = total();
    const hollow = panels.filter((panel) => panel.bad === 21);
    for (const panel of hollow) {
      // Nothing but overflow, where f was next to nothing before.
      const nearer = panels.filter((other) => other.piece === panel.piece && other.bad < 21 && other.lo >= panel.hi);
      nearer.sort((one, other) => one.lo - other.lo);
      const isSpent = pieces[panel.piece]!.far && (nearer[0]?.l1 ?? Number.POSITIVE_INFINITY) <= 2 ** -100 * sums.l1;
      if (!isSpent) return end("not-finite");
      Object.assign(panel, { bad: 0, error: 0 });
    }
    sums = total();
    if (sums.l1 === 0 && !isGraded) {
      const isWider = first > 1 && first < 8192;
      const next = { ...spec, first: isWider ? 8192 : 64, maximum: spec.maximum - evaluations };
      const again = integrateSlowly(f, next, !isWider);
      return { ...again, evaluations: evaluations + again.evaluations, rounds: rounds + again.rounds };
    }
    if (sums.error <= tolerance()) return end("converged");
    if (sums.error <= 60 * EPSILON * sums.l1) return end("round-off-limit");
    const affordable = (spec.maximum - evaluations) / 42;
    if (!(affordable >= 1)) return end("budget");

    const most = Math.trunc(Math.min(Math.max(64, panels.length >> 3), affordable));
    const order = panels
      .filter((panel) => panel.live)
      .sort((one, other) => other.error - one.error || one.piece - other.piece || one.lo - other.lo);
    let rest = sums.error - deadErrors;
    splits = [];
    const proposed: Proposal[] = [];
    ends = [];
    for (const panel of order) {
      if (!(rest > 0.5 * tolerance()) || splits.length >= most) break;
      rest -= panel.error;
      panel.live = false;
      const ending = proposeEnd(panel, pieces, sums.error, first, proposed.length + ends.length);
      if (ending !== undefined) {
        ends.push(ending);
        continue;
      }
      const shells = propose(panel, pieces, sums.error, proposed.length + ends.length);
      if (shells !== undefined) {
        proposed.push(shells);
        continue;
      }
      const width = panel.hi - panel.lo;
      const { far } = pieces[panel.piece]!;
      const narrow =
        width < (far ? 2 ** -480 : 2 ** -1000) ||
        width < 2048 * EPSILON * Math.max(Math.abs(panel.lo), Math.abs(panel.hi));
      if (narrow && !far && panel.error > tolerance() && panel.l1 > 0.3 * panel.reference) return end("divergent");
      if (!narrow && panel.stuck < 3) {
        splits.push({ value: panel.value, error: panel.error, halves: [panel, panel] });
        continue;
      }
      deadErrors += panel.error;
      if (panel.bad > 0) isHollow = true;
      if (narrow) isNarrow = true;
    }
    if (splits.length === 0 && proposed.length === 0 && ends.length === 0) {
      return end(isHollow ? "not-finite" : isNarrow ? "tolerance-not-reached" : "round-off-limit");
    }
    for (const split of splits) {
      const [panel] = split.halves;
      const middle = 0.5 * panel.lo + 0.5 * panel.hi;
      const reference = panel.depth === 0 ? panel.l1 : panel.reference;
      const { stuck } = panel;
      const { piece, lo: from, hi: to } = panel;
      const depth = panel.depth + 1;
      const [left, right] = makeAll([
        { piece, lo: from, hi: middle, depth, seamLow: panel.seamLow, seamHigh: 0 },
        { piece, lo: middle, hi: to, depth, seamLow: 0, seamHigh: panel.seamHigh },
      ]) as [Panel, Panel];
      Object.assign(panel, left, { reference, stuck });
      Object.assign(right, { reference, stuck });
      panels.push(right);
      split.halves = [panel, right];
    }
    shellPieces = proposed.map(({ piece }) => piece);
    groups = proposed.map(({ panel, index, count, isLast }, group) => {
      const shells: Panel[] = [];
      let hiEnd = panel.hi - panel.lo;
      for (let k = 0; k < count; k++, hiEnd /= 2) {
        const piece = index >= 0 ? index : pieces.length + group;
        shells.push(make({ piece, lo: hiEnd / 2, hi: hiEnd, depth: 0, seamLow: 0, seamHigh: 0 }));
      }
      return { panel, shells, isLast };
    });
  }
}

/** A panel at 0 of which the double-exponential rule is to try itself; f is told distances times `side`. */
interface Ending {
  readonly panel: Panel;
  readonly side: number;
  readonly width: number;
}

function proposeEnd(
  panel: Panel,
  pieces: readonly Piece[],
  errors: number,
  first: number,
  groups: number,
): Ending | undefined {
  const piece = pieces[panel.piece]!;
  if (groups === 4 || panel.error < 0.02 * errors || !piece.plain) return undefined;
  const isLow = piece.ends.includes("low") && panel.lo === piece.lo;
  const isHigh = piece.ends.includes("high") && panel.hi === piece.hi;
  if (isLow ? panel.hi === piece.hi : !isHigh) return undefined;
  const end = isLow ? "low" : "high";
  if (piece.tried.has(end) || piece[isLow ? "lo" : "hi"] !== 0) return undefined;
  if (!piece.slow.has(end) && !(first > 1 && panel.depth === 0)) return undefined;
  piece.tried.add(end);
  return { panel, side: isLow ? 1 : -1, width: panel.hi - panel.lo };
}

/** Shells that are to stand for a panel; `index` of their piece, -1 for one of their own. */
interface Proposal {
  readonly panel: Panel;
  readonly piece: Piece;
  readonly index: number;
  readonly count: number;
  readonly isLast: boolean;
}

function propose(panel: Panel, pieces: readonly Piece[], errors: number, groups: number): Proposal | undefined {
  const piece = pieces[panel.piece]!;
  const isLow = piece.ends.includes("low") && panel.lo === piece.lo;
  if (groups === 4 || panel.error < 0.02 * errors) return undefined;
  if (!isLow && !(piece.ends.includes("high") && panel.hi === piece.hi)) return undefined;
  const end = isLow ? "low" : "high";
  const tries = piece.tries[end];
  if (tries > 2 || panel.depth < [4, 10, 24][tries]! || (tries > 0 && groups > 0)) return undefined;
  piece.tries[end]++;
  const width = panel.hi - panel.lo;
  const anchor = piece[isLow ? "lo" : "hi"];
  let count = Math.min([60, 400, 900][tries]!, exponent(width) + (piece.far ? 480 : 1000));
  if (!piece.far && anchor !== 0) count = Math.min(60, count, exponent(width) - exponent(Math.abs(anchor)) + 32);
  if (count < 12) return undefined;
  const isLast = tries === 2;
  if (piece.far) return { panel, piece, index: panel.piece, count, isLast };
  const own = { ...piece, plain: false, anchor, sign: isLow ? 1 : -1 };
  return { panel, piece: own, index: -1, count, isLast };
}

/** What the shells say of the panel that they stand for. */
function judge(
  shells: readonly Panel[],
  tolerance: number,
  isLast: boolean,
): "divergent" | "refused" | { value: number; error: number; l1: number; isHeld?: true } {
  if (shells.some((shell) => shell.bad > 0)) return "refused";
  const values = shells.map((shell) => shell.value);
  const count = values.findLastIndex((value) => value !== 0) + 1;
  const sums = values.map((_, k) => neumaier(values.slice(0, k + 1)));
  const error = shells.reduce((sum, shell) => sum + shell.error, 0);
  const l1 = shells.reduce((sum, shell) => sum + shell.l1, 0);
  const take = (value: number, off: number, absolute: number) =>
    off <= Math.max(0.3 * tolerance, 60 * EPSILON * absolute) ? { value, error: off, l1: absolute } : "refused";
  if (count < 12) return values.length - count < 8 ? "refused" : take(sums.at(-1)!, error, l1);
  const ratios = values.map((value, k) => value / values[k - 1]!);
  const last = ratios.slice(count - 11, count);
  if (last.every((ratio) => ratio >= 1 - 1 / 65536)) {
    const now = ratios[count - 1]!;
    return count > 300 || ratios[count >> 1]! - now < 0.001 * now ? "divergent" : "refused";
  }
  if (!last.every((ratio) => Math.abs(ratio) < 0.9999)) return "refused";
  const ratio = Math.abs(ratios[count - 1]!);
  if (ratio > 0.9 && 1 - ratio < 0.7 * (1 - Math.abs(ratios[count >> 1]!))) {
    const missingBehind = (middle: number): number => {
      const now = 1 / (1 - ratios[count - 1]!);
      const p = (count - 1 - middle) / (now - 1 / (1 - ratios[middle]!));
      if (!(p > 1.05)) return Number.NaN;
      const place = p * now - 0.5 * (p - 1);
      return (values[count - 1]! * place * (1 + (0.5 * (1 - p)) / place)) / (p - 1);
    };
    const missing = missingBehind(count >> 1);
    const off = error + 10 * Math.abs(missing - missingBehind(count >> 2));
    if (!Number.isFinite(off)) return "refused";
    const value = sums.at(-1)! + missing;
    const most = Math.max(l1 + Math.abs(missing), Math.abs(value));
    const taken = take(value, off, most);
    return taken === "refused" && isLast ? { value, error: off, l1: most, isHeld: true } : taken;
  }
  const before = epsilon(sums.slice(0, count - 6));
  const found = epsilon(sums.slice(0, count));
  let limit = found.limit;
  let off = Math.max(found.error, Math.abs(found.limit - before.limit));
  const tail = (Math.abs(values[count - 1]!) * ratio) / (1 - ratio);
  if (ratio < 0.9 && !(off < tail)) [limit, off] = [sums.at(-1)!, tail];
  return take(limit, 10 * off + error, Math.max(l1, Math.abs(limit)));
}
