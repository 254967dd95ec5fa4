/**
 * The oracle of integrals by regions: docs/numerics.md in plain JavaScript, slow and obvious. Objects stand in for records, sorted lists for the heap.
 *
 * Sums are added as the contract says: orbit by orbit, even pairs and odd pairs, the two points of a pair by themselves.
 */
import type { SeveralSpec, SeveralState } from "../../../ts/quad/several-rule.js";

type F = (x: readonly number[]) => readonly number[];

const EPSILON = 2 ** -52;
const OFFSET = 0.05;
const P = 0.99;
const E = 0.4707;

/** Points of each orbit as t, one of each two that are opposite. */
interface Orbit {
  readonly points: number;
  readonly halves: readonly (readonly number[])[];
}

interface Rule {
  readonly orbits: readonly Orbit[];
  readonly value: readonly number[];
  /** Two that are 0 up to degree 3, three up to 5, two up to 7. */
  readonly nulls: readonly (readonly number[])[];
  readonly ratio: number;
}

function squares(): { a: number; b: number; c: number } {
  const a = 4 / (15 - 5 / E);
  let t = (1 - a / E) / 27;
  const b = (5 - 7 * a - 35 * t) / (7 - (35 * a) / 3 - (35 * t) / E);
  t = (t * (1 - b / E)) / 3;
  const c = (7 - 9 * (b + a) + (63 * b * a) / 5 - 63 * t) / (9 - (63 * (b + a)) / 5 + 21 * b * a - (63 * t) / E);
  return { a, b, c };
}

function orbitsOf(d: number): readonly Orbit[] {
  const { a, b, c } = squares();
  const [ra, rb, rc, re] = [a, b, c, E].map(Math.sqrt) as [number, number, number, number];
  const axes = Array.from({ length: d }, (_, axis) => axis);
  const point = (...entries: readonly (readonly [axis: number, t: number])[]): number[] => {
    const t = new Array<number>(d).fill(0);
    for (const [axis, value] of entries) t[axis] = value;
    return t;
  };
  const orbit = (halves: readonly (readonly number[])[]): Orbit => ({ points: 2 * halves.length, halves });
  const alone = (t: number): Orbit => orbit(axes.map((i) => point([i, t])));
  const after = (i: number): number[] => axes.slice(i + 1);
  const signs = [1, -1];
  return [
    { points: 1, halves: [point()] },
    alone(ra),
    alone(rb),
    alone(rc),
    alone(P),
    orbit(axes.flatMap((i) => after(i).flatMap((k) => signs.map((s) => point([i, ra], [k, s * ra]))))),
    orbit(
      axes.flatMap((i) => axes.filter((k) => k !== i).flatMap((k) => signs.map((s) => point([i, ra], [k, s * rb])))),
    ),
    orbit(
      axes.flatMap((i) =>
        after(i).flatMap((k) =>
          after(k).flatMap((l) => signs.flatMap((t) => signs.map((s) => point([i, ra], [k, s * ra], [l, t * ra])))),
        ),
      ),
    ),
    orbit(
      Array.from({ length: 2 ** (d - 1) }, (_, bits) => axes.map((i) => (i > 0 && (bits >> (i - 1)) & 1 ? -re : re))),
    ),
  ];
}

/** Powers, in the order in which each is made orthogonal to those before it; from the third on they are null rules. */
const POWERS: readonly (readonly number[])[] = [
  [0, 0, 0],
  [2, 0, 0],
  [4, 0, 0],
  [2, 2, 0],
  [6, 0, 0],
  [4, 2, 0],
  [2, 2, 2],
  [8, 0, 0],
  [4, 4, 0],
];

export function ruleOf(d: number): Rule {
  const { b } = squares();
  const orbits = orbitsOf(d);
  const value = weightsOfValue(d, orbits);
  const product = (one: readonly number[], other: readonly number[]): number =>
    orbits.reduce((sum, { points }, index) => sum + points * one[index]! * other[index]!, 0);
  const length = Math.sqrt(product(value, value));
  const rules: (readonly number[])[] = [];
  for (const powers of POWERS) {
    let rule = orbits.map(({ halves }) => meanOf(halves, powers));
    if (d === 2 && powers[2]! > 0) rule = rule.map(() => 0);
    else {
      for (const other of [...rules, ...rules]) {
        const by = -product(rule, other) / (length * length);
        rule = rule.map((weight, index) => weight + by * other[index]!);
      }
      const by = length / Math.sqrt(product(rule, rule));
      rule = rule.map((weight) => by * weight);
    }
    rules.push(rule);
  }
  return { orbits, value, nulls: rules.slice(2), ratio: (P * P) / b };
}

/** Of x1^p x2^q x3^r over an orbit's points. */
function meanOf(halves: readonly (readonly number[])[], powers: readonly number[]): number {
  if (halves.length === 0) return 0;
  const raised = (t: number, power: number): number => (power === 0 ? 1 : raised(t, power - 2) * (t * t));
  const sum = halves.reduce(
    (part, t) =>
      part + powers.reduce((all, power, axis) => (power === 0 && axis > 0 ? all : all * raised(t[axis]!, power)), 1),
    0,
  );
  return sum / halves.length;
}

/** The value's weights: moments up to degree 9. */
function weightsOfValue(d: number, orbits: readonly Orbit[]): readonly number[] {
  const { a, b, c } = squares();
  const whole = 1 / (81 * E * E * E * E);
  const w8 = whole / 2 ** d;
  const w7 = d > 2 ? (1 / 27 - whole * E * E * E) / (8 * a * a * a) : 0;
  const third = (d - 2) * 8 * w7;
  const m11 = 1 / 9 - whole * E * E - third * a * a;
  const m21 = 1 / 15 - whole * E * E * E - third * a * a * a;
  const v = (m21 - a * m11) / (0.5 * b * (b - a));
  const u = (m11 - v * b) / a;
  const w5 = u / (4 * a);
  const w6 = v / (8 * a);
  const fromA = 4 * (d - 1) * (w5 + w6) + 4 * (d - 1) * (d - 2) * w7;
  const fromB = 4 * (d - 1) * w6;
  const r1 = 1 / 3 - whole * E - fromA * a - fromB * b;
  const r2 = 1 / 5 - whole * E * E - fromA * a * a - fromB * b * b;
  const r3 = 1 / 7 - whole * E * E * E - fromA * a * a * a - fromB * b * b * b;
  const w1 = (r3 - (b + c) * r2 + b * c * r1) / (2 * a * (a - b) * (a - c));
  const w2 = (r3 - (a + c) * r2 + a * c * r1) / (2 * b * (b - a) * (b - c));
  const w3 = (r3 - (a + b) * r2 + a * b * r1) / (2 * c * (c - a) * (c - b));
  const weights = [0, w1, w2, w3, 0, w5, w6, w7, w8];
  weights[0] = weights.reduce((rest, weight, index) => (index === 0 ? rest : rest - orbits[index]!.points * weight), 1);
  return weights;
}

const NODES = [
  0.9956571630258081, 0.9739065285171717, 0.9301574913557082, 0.8650633666889845, 0.7808177265864169,
  0.6794095682990244, 0.5627571346686047, 0.4333953941292472, 0.2943928627014602, 0.14887433898163122,
];
const WEIGHTS = [
  0.011694638867371874, 0.032558162307964725, 0.054755896574351995, 0.07503967481091996, 0.0931254545836976,
  0.10938715880229764, 0.12349197626206584, 0.13470921731147334, 0.14277593857706009, 0.14773910490133849,
];
const MIDDLE_WEIGHT = 0.1494455540029169;
const GAUSS_WEIGHTS = [
  0.06667134430868814, 0.1494513491505806, 0.21908636251598204, 0.26926671930999635, 0.29552422471475287,
];

interface Part {
  value: number;
  error: number;
  l1: number;
  noise: number;
}

interface Region {
  readonly slot: number;
  lo: number[];
  hi: number[];
  parts: Part[];
  axis: number;
  bad: number;
  firstBad: readonly number[] | undefined;
  key: number;
  reference: number;
  stuck: number;
  isLive: boolean;
  /** What was cut off it, in order. */
  readonly children: { readonly axis: number; readonly right: Region }[];
  isAsked: boolean;
}

const modulus = (a: number, b: number): number => {
  const large = Math.max(Math.abs(a), Math.abs(b));
  const small = Math.min(Math.abs(a), Math.abs(b));
  const ratio = large > 0 ? small / large : 0;
  return large * Math.sqrt(1 + ratio * ratio);
};

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

/** The sum of pairs: even ones and odd ones, then the lanes. */
function sumOf(pairs: readonly (readonly [number, number])[], of: (y: number) => number): number {
  const lanes = [0, 1].map((lane) => {
    let [even, odd] = [0, 0];
    pairs.forEach((pair, index) => {
      if (index % 2 === 0) even += of(pair[lane]!);
      else odd += of(pair[lane]!);
    });
    return even + odd;
  });
  return lanes[0]! + lanes[1]!;
}

/** The whole. */
export function cubatureSlowly(f: F, spec: SeveralSpec): SeveralState {
  const d = spec.lo.length;
  const m = spec.components;
  const rule = d > 1 ? ruleOf(d) : undefined;
  const halves = rule === undefined ? [[0], ...NODES.map((t) => [t])] : rule.orbits.flatMap(({ halves }) => halves);
  const nodes = 2 * halves.length - 1;
  const components = Array.from({ length: m }, (_, k) => k);
  const regions: Region[] = [];
  let rounds = 0;
  let scales: number[] = [];

  const evaluate = (region: Region): void => {
    const { lo, hi } = region;
    const places: number[][] = [];
    const pairs = halves.map((t) => {
      return [1, -1].map((side) => {
        const x = lo.map((from, axis) => {
          const half = 0.5 * hi[axis]! - 0.5 * from;
          return 0.5 * from + 0.5 * hi[axis]! + side * half * t[axis]!;
        });
        places.push(x);
        return f(x);
      });
    });
    // The center counts once.
    const isBad = (y: readonly number[]): boolean => !y.every(Number.isFinite);
    const flat = pairs.flat();
    const bad = flat.map((y, index) => index !== 1 && isBad(y));
    region.bad = bad.filter(Boolean).length;
    region.firstBad = places[bad.indexOf(true)];
    const clean = pairs.map((pair) => pair.map((y) => (isBad(y) ? y.map(() => 0) : y)));
    const of = (k: number): [number, number][] => clean.map(([one, other]) => [one![k]!, other![k]!]);
    region.parts = components.map((k) => (rule === undefined ? onLine(of(k), region) : inBox(of(k), region, rule)));
    region.axis = rule === undefined ? 0 : axisOf(components.map(of), region, rule);
  };

  const inBox = (y: readonly [number, number][], { lo, hi, bad }: Region, { orbits, value, nulls }: Rule): Part => {
    const volume = lo.reduce((product, from, axis) => product * (hi[axis]! - from), 1);
    let from = 0;
    const sums = { value: 0, signed: 0, absolute: 0 };
    const differences = nulls.map(() => 0);
    orbits.forEach((orbit, index) => {
      const own = y.slice(from, from + orbit.halves.length);
      from += orbit.halves.length;
      const sum = index === 0 ? own[0]![0] : sumOf(own, (each) => each);
      const size = index === 0 ? Math.abs(sum) : sumOf(own, Math.abs);
      sums.value += value[index]! * sum;
      sums.signed += value[index]! * size;
      nulls.forEach((weights, k) => {
        differences[k]! += weights[index]! * sum;
      });
      sums.absolute += Math.abs(value[index]!) * size;
    });
    if (!Number.isFinite(sums.absolute)) return { value: 0, error: Number.MAX_VALUE, l1: 0, noise: 0 };
    const integral = sums.value * volume;
    const l1 = Math.max(Math.abs(integral), Math.abs(sums.signed * volume));
    const noise = 50 * EPSILON * sums.absolute * volume;
    const [x4, xy4, x6, xy6, xyz6, x8, xy8] = differences as [number, number, number, number, number, number, number];
    const e3 = modulus(x4, xy4);
    const e5 = modulus(modulus(x6, xy6), xyz6);
    const expected = e5 < e3 ? e5 * (e5 / e3) : e5;
    let error = volume * Math.max(3 * modulus(x8, xy8), 0.5 * expected);
    if (bad > 0) error = Math.max(error, l1);
    return { value: integral, error: Math.max(error, noise), l1, noise };
  };

  const onLine = (y: readonly [number, number][], { lo: [lo], hi: [hi], bad }: Region): Part => {
    const half = 0.5 * hi! - 0.5 * lo!;
    const middle = y[0]![0];
    const rest = y.slice(1);
    const lanes = (first: number, term: (value: number, index: number) => number): number => {
      let [one, other] = [first, 0];
      rest.forEach((pair, index) => {
        one += term(pair[0], index);
        other += term(pair[1], index);
      });
      return one + other;
    };
    const sum = lanes(MIDDLE_WEIGHT * middle, (value, index) => WEIGHTS[index]! * value);
    const absolute =
      lanes(Math.abs(MIDDLE_WEIGHT * middle), (value, index) => Math.abs(WEIGHTS[index]! * value)) * half;
    if (!Number.isFinite(absolute)) return { value: 0, error: Number.MAX_VALUE, l1: 0, noise: 0 };
    const gauss = [0, 1].map((lane) =>
      GAUSS_WEIGHTS.reduce((total, weight, index) => total + weight * rest[2 * index + 1]![lane]!, 0),
    );
    const mean = 0.5 * sum;
    const variation = lanes(
      MIDDLE_WEIGHT * Math.abs(middle - mean),
      (value, index) => WEIGHTS[index]! * Math.abs(value - mean),
    );
    const spread = variation * half;
    let error = Math.abs((sum - (gauss[0]! + gauss[1]!)) * half);
    if (spread !== 0 && error !== 0) {
      const ratio = (200 * error) / spread;
      error = ratio < 1 ? spread * (ratio * Math.sqrt(ratio)) : spread;
    }
    const value = sum * half;
    const rounding = 0.5 * EPSILON * Math.max(Math.abs(lo!), Math.abs(hi!)) * variation;
    const noise = Math.max(absolute > 1e-290 ? 50 * EPSILON * absolute : 0, rounding);
    if (bad > 0) error = Math.max(error, Math.abs(value), absolute);
    return { value, error: Math.max(error, noise), l1: absolute, noise };
  };

  const axisOf = (y: readonly (readonly [number, number][])[], region: Region, { ratio }: Rule): number => {
    const differences = region.lo.map((_, axis) => {
      const sizes = y.map((values) => {
        const second = (index: number): number => values[index]![0] + values[index]![1] - 2 * values[0]![0];
        return Math.abs(second(1 + 3 * d + axis) - ratio * second(1 + d + axis));
      });
      if (m === 1) return sizes[0]!;
      return sizes.reduce((sum, size, k) => {
        const { noise } = region.parts[k]!;
        return sum + (rounds > 0 ? scales[k]! : noise > 0 ? 1 / noise : 0) * size;
      }, 0);
    });
    const least = 0.999 * Math.max(0, ...differences);
    let best = 0;
    let widest = -1;
    differences.forEach((difference, axis) => {
      const width = (region.hi[axis]! - region.lo[axis]!) / (spec.hi[axis]! - spec.lo[axis]!);
      if (!(difference >= least) || width <= widest * 1.0000001) return;
      widest = width;
      best = axis;
    });
    return best;
  };

  /** Cuts of each axis for a first pass of `first` regions. */
  const gridOf = (wanted: number): number[][] => {
    const affordable = Math.max(1, Math.floor(spec.maximum / (2 * nodes)));
    const first = Math.min(wanted, affordable);
    const most = Math.max(first, Math.min(4096, affordable));
    let total = 1;
    const planes = spec.lo.map((_, axis) => {
      const own = spec.breaks[axis] ?? [];
      if (total * (own.length + 1) > most) return [];
      total *= own.length + 1;
      return own;
    });
    const parts = spec.lo.map(() => 1);
    for (;;) {
      const cells = planes.map((own, axis) => (own.length + 1) * parts[axis]!);
      const thin = cells.indexOf(Math.min(...cells));
      const next = (total / parts[thin]!) * (parts[thin]! + 1);
      if (!(next <= first)) break;
      total = next;
      parts[thin]!++;
    }
    return spec.lo.map((from, axis) => {
      const ends = [from, ...planes[axis]!, spec.hi[axis]!];
      const n = parts[axis]!;
      return [
        ...ends.slice(1).flatMap((hi, piece) =>
          Array.from({ length: n }, (_, part) => {
            const share = (part + OFFSET) / (n + 2 * OFFSET);
            return part === 0 ? ends[piece]! : (1 - share) * ends[piece]! + share * hi;
          }),
        ),
        spec.hi[axis]!,
      ];
    });
  };

  const add = (lo: number[], hi: number[]): Region => {
    const region: Region = {
      slot: regions.length,
      lo,
      hi,
      parts: [],
      axis: 0,
      bad: 0,
      firstBad: undefined,
      key: 0,
      reference: 0,
      stuck: 0,
      isLive: true,
      children: [],
      isAsked: false,
    };
    regions.push(region);
    return region;
  };
  /** Cuts a region in two at the break plane that is nearest to its middle, or there. */
  const cutOff = (region: Region, axis: number): Region => {
    const [lo, hi] = [region.lo[axis]!, region.hi[axis]!];
    const middle = 0.5 * lo + 0.5 * hi;
    const inside = (spec.breaks[axis] ?? []).filter((plane) => plane > lo && plane < hi);
    inside.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle) || one - other);
    const right = add([...region.lo], [...region.hi]);
    right.lo[axis] = inside[0] ?? middle;
    region.hi[axis] = right.lo[axis];
    Object.assign(right, { reference: region.reference, stuck: region.stuck, axis: region.axis, isLive: false });
    region.children.push({ axis, right });
    return right;
  };
  const isNarrow = ({ lo, hi, axis }: Region): boolean => {
    const [from, to] = [lo[axis]!, hi[axis]!];
    return to - from < 2 ** -1000 || to - from < 2048 * EPSILON * Math.max(Math.abs(from), Math.abs(to));
  };
  const widths = ({ lo, hi }: Region): number[] => lo.map((from, axis) => hi[axis]! - from);
  const volumeOf = (region: Region): number => widths(region).reduce((product, width) => product * width, 1);
  /** Whether the point just outside of the middle of a face lies right of a plane across axis k. */
  const isBeyond = ({ lo, hi }: Region, axis: number, isRight: boolean, k: number, plane: number): boolean => {
    if (k !== axis) return 0.5 * lo[k]! + 0.5 * hi[k]! >= plane;
    return isRight ? hi[k]! >= plane : lo[k]! > plane;
  };
  /** The regions next to small ones with much in them, which have next to nothing, cut towards these. */
  const lookAgain = (most: number, tolerance: (k: number) => number): Region[] => {
    const asked: Region[] = [];
    const contentOf = ({ parts }: Region): number => Math.max(0, ...parts.map(({ l1 }, k) => l1 / tolerance(k)));
    const ask = (region: Region): void => {
      if (!region.isAsked) asked.push(region);
      region.isAsked = true;
    };
    for (const region of [...regions]) {
      const content = contentOf(region);
      if (region.isAsked || !(content >= 1 / 64)) continue;
      for (let side = 0; side < 2 * d; side++) {
        const [axis, isRight] = [side >> 1, side % 2 === 1];
        if (isRight ? region.hi[axis] === spec.hi[axis] : region.lo[axis] === spec.lo[axis]) continue;
        let near = grid.find(({ lo, hi }) =>
          lo.every(
            (from, k) =>
              (from === spec.lo[k] || isBeyond(region, axis, isRight, k, from)) &&
              (hi[k] === spec.hi[k] || !isBeyond(region, axis, isRight, k, hi[k]!)),
          ),
        )!.region;
        for (;;) {
          const next = near.children.find(({ axis: k, right }) => isBeyond(region, axis, isRight, k, right.lo[k]!));
          if (next === undefined) break;
          near = next.right;
        }
        if (near.stuck >= 3 || isNarrow(near) || contentOf(near) > content / 16) continue;
        while (asked.length + 2 <= most && volumeOf(near) >= 8 * volumeOf(region)) {
          const own = widths(region);
          const ratios = widths(near).map((width, k) => width / own[k]!);
          const k = ratios.indexOf(Math.max(...ratios));
          const right = cutOff(near, k);
          right.parts = near.parts.map((part) => ({ ...part, l1: 0 }));
          ask(near);
          ask(right);
          if (isBeyond(region, axis, isRight, k, right.lo[k]!)) near = right;
        }
      }
    }
    return asked;
  };
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  const l1Of = (region: Region): number => sum(region.parts.map(({ l1 }) => l1));
  const keyOf = ({ parts }: Region): number => {
    if (spec.isComplex) return modulus(parts[0]!.error, parts[1]!.error);
    if (m === 1) return parts[0]!.error;
    return Math.max(0, ...parts.map(({ error }, k) => error * scales[k]!));
  };

  let first = spec.first;
  let evaluations = 0;
  let badCount = 0;
  let badPoint: readonly number[] | null = null;
  const dead = components.map(() => 0);
  let isHollow = false;
  let wasNarrow = false;
  let isLook = false;
  let isUnconfirmed = d > 1;
  let grid: { lo: number[]; hi: number[]; region: Region }[] = [];
  let isFirst = true;
  let splits: { before: readonly Part[]; axis: number; halves: readonly [Region, Region] }[] = [];
  const layFirst = (): Region[] => {
    regions.length = 0;
    const cuts = gridOf(first);
    let cells: { lo: number[]; hi: number[] }[] = [{ lo: [], hi: [] }];
    for (const own of cuts) {
      cells = cells.flatMap(({ lo, hi }) =>
        own.slice(1).map((to, index) => ({ lo: [...lo, own[index]!], hi: [...hi, to] })),
      );
    }
    isFirst = true;
    grid = cells.map(({ lo, hi }) => ({ lo: [...lo], hi: [...hi], region: add(lo, hi) }));
    return grid.map(({ region }) => region);
  };
  let pending = layFirst();
  for (;;) {
    for (const region of pending) evaluate(region);
    evaluations += pending.length * nodes;
    rounds++;
    for (const { bad, firstBad } of pending) {
      badCount += bad;
      if (bad > 0) badPoint ??= firstBad!;
    }
    if (isFirst) {
      scales = components.map((k) => {
        const goal = Math.max(spec.absolute, spec.relative * sum(regions.map(({ parts }) => parts[k]!.l1)));
        return goal > 0 ? 1 / goal : 0;
      });
      for (const region of regions) Object.assign(region, { reference: l1Of(region), key: keyOf(region) });
      isFirst = false;
    }
    for (const { before, axis, halves } of splits) {
      let isStuck = halves[0].bad + halves[1].bad === 0;
      const keys = halves.map(keyOf);
      before.forEach((was, k) => {
        const [one, other] = [halves[0].parts[k]!, halves[1].parts[k]!];
        const now = one.value + other.value;
        const change = Math.abs(was.value - now);
        if (!(change <= 1e-5 * Math.abs(now) && one.error + other.error >= 0.99 * was.error)) isStuck = false;
        if (d > 1) for (const part of [one, other]) part.error = Math.max(part.error, 0.25 * change);
      });
      const stuck = isStuck ? halves[0].stuck + 1 : 0;
      halves.forEach((half, index) => {
        const key = keyOf(half);
        Object.assign(half, { key, stuck, isLive: true, axis: key > keys[index]! ? axis : half.axis });
      });
    }
    splits = [];
    if (isLook)
      for (const region of pending) Object.assign(region, { key: keyOf(region), isLive: true, isAsked: false });
    const values = components.map((k) => neumaier(regions.map(({ parts }) => parts[k]!.value)));
    const errors = components.map((k) => sum(regions.map(({ parts }) => parts[k]!.error)));
    const noises = components.map((k) => sum(regions.map(({ parts }) => parts[k]!.noise)));
    const l1 = sum(components.map((k) => sum(regions.map(({ parts }) => parts[k]!.l1))));
    const size = (list: readonly number[], k: number): number =>
      spec.isComplex ? modulus(list[0]!, list[1]!) : Math.abs(list[k]!);
    const tolerance = (k: number): number => Math.max(spec.absolute, spec.relative * size(values, k));
    const end = (status: SeveralState["status"]): SeveralState => ({
      status,
      values,
      errors,
      l1,
      evaluations,
      rounds,
      regions: regions.length,
      nonFinite: badCount === 0 ? null : { count: badCount, point: badPoint },
    });
    if (regions.some(({ bad }) => bad === nodes)) return end("not-finite");
    if (l1 === 0 && first > 1 && first < 8192 && 2 * evaluations < spec.maximum) {
      first = 8192;
      pending = layFirst();
      continue;
    }
    const affordable = (spec.maximum - evaluations) / (2 * nodes);
    const part = isUnconfirmed ? 1 / 8 : 1;
    const isWithin = components.every((k) => size(errors, k) <= tolerance(k));
    const isNoise = (k: number): boolean => size(errors, k) <= 1.2 * size(noises, k);
    if (isWithin && components.every((k) => size(errors, k) <= part * tolerance(k) || isNoise(k))) {
      if (isLook || isUnconfirmed || d === 1) return end("converged");
      pending = lookAgain(Math.trunc(Math.min(2 * affordable, 0.5 * regions.length)), tolerance);
      if (pending.length === 0) return end("converged");
      isLook = true;
      continue;
    }
    if (!isWithin && components.every((k) => size(errors, k) <= tolerance(k) || isNoise(k)))
      return end("round-off-limit");
    if (!(affordable >= 1)) return end(isWithin ? "converged" : "budget");
    isLook = false;
    isUnconfirmed = false;
    const most = Math.trunc(Math.min(Math.max(64, regions.length >> 3), affordable));
    const order = regions
      .filter(({ isLive }) => isLive)
      .sort((one, other) => other.key - one.key || one.slot - other.slot);
    const rest = components.map((k) => errors[k]! - dead[k]!);
    pending = [];
    for (const region of order) {
      if (splits.length >= most || !components.some((k) => size(rest, k) > 0.5 * part * tolerance(k))) break;
      region.isLive = false;
      region.parts.forEach(({ error }, k) => {
        rest[k]! -= error;
      });
      const { axis } = region;
      const narrow = isNarrow(region);
      const isAlone = region.parts.some(({ error }, k) => error > tolerance(k));
      if (narrow && isAlone && l1Of(region) > 0.3 * region.reference) return end("divergent");
      if (narrow || region.stuck >= 3) {
        region.parts.forEach(({ error }, k) => {
          dead[k]! += error;
        });
        if (region.bad > 0) isHollow = true;
        if (narrow) wasNarrow = true;
        continue;
      }
      const before = region.parts.map((part) => ({ ...part }));
      const right = cutOff(region, axis);
      pending.push(region, right);
      splits.push({ before, axis, halves: [region, right] });
    }
    if (pending.length === 0) {
      if (isWithin) return end("converged");
      return end(isHollow ? "not-finite" : wasNarrow ? "tolerance-not-reached" : "round-off-limit");
    }
  }
}
