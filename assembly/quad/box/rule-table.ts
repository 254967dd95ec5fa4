/**
 * The rule of regions in two dimensions and more, as a table: Genz and Malik's of degree 9 over [-1, 1]^d, made of fully symmetric orbits, and its error's null rules.
 *
 *   orbit                          points               why
 *   0                              1
 *   (a, 0 …), (b …), (c …)         2 d each
 *   (p, 0 …)                       2 d                  p = 0.99: in the null rules only
 *   (a, a, 0 …)                    2 d (d - 1)
 *   (a, b, 0 …)                    4 d (d - 1)
 *   (a, a, a, 0 …)                 4 d (d - 1)(d - 2)/3
 *   (e, e … e)                     2^d
 *
 *   table      9 weights of the value, and their sizes, for sums over orbits; 9 of each null rule; the ratio p²/b² for fourth differences
 *   template   points as t in [-1, 1]^d, one of each pair t, -t: axis after axis, 8 bytes a pair
 *
 * A null rule is a sum of values that is 0 for polynomials, up to a degree, so it is as large as what of higher degree is in the integrand. These are orthonormal in the
 * sum over points, times the length of the rule's own weights: the powers below, each made orthogonal to those before it, and so
 *
 *   0 up to degree 3   x⁴, x² y²
 *   0 up to degree 5   x⁶, x⁴ y², x² y² z²
 *   0 up to degree 7   x⁸, x⁴ y⁴: with them there are as many as orbits, and nothing is left
 *
 * The point p is ours: rules end at 0.96, and a jump between that and the face of a region would not be seen by any of them.
 *
 * Source: A. C. Genz, A. A. Malik, "An imbedded family of fully symmetric numerical integration rules", SIAM J. Numer. Anal. 20 (1983): the orbits, and a², b², c²
 *         for e² = 0.4707, as J. Berntsen, T. O. Espelid, A. Genz have them in "Algorithm 698: DCUHRE", TOMS 17 (1991). Weights are solved for here, from moments.
 *         Orthonormal null rules: J. Berntsen, T. O. Espelid, "Error estimation in automatic quadrature routines", TOMS 17 (1991).
 *         test/quad/box/cubature.test.ts holds degrees and norms.
 * Role:   the thread that made the integral, once.
 */

/** Orbits, in the order of the list above. */
export const ORBITS: i32 = 9;
const NULLS: i32 = 7;
/** Bytes of a list of weights. */
export const LIST: usize = ORBITS << 3;
/** Doubles of the table: weights of the value; their sizes; of the null rules; the ratio. Behind them, while it is made, the two powers that null rules are orthogonal to. */
export const TABLE_DOUBLES: u32 = (2 + <u32>NULLS + 2) * <u32>ORBITS + 1;
const RATIO: usize = (2 + NULLS) * LIST;
const LOW: usize = RATIO + 8;

const SQUARE_E: f64 = 0.4707;
const P: f64 = 0.99;

/** Points of an orbit. */
export function orbitPoints(orbit: i32, d: i32): i32 {
  if (orbit == 0) return 1;
  if (orbit < 5) return 2 * d;
  if (orbit == 5) return 2 * d * (d - 1);
  if (orbit == 6) return 4 * d * (d - 1);
  if (orbit == 7) return (4 * d * (d - 1) * (d - 2)) / 3;
  return 1 << d;
}

export function boxPoints(d: i32): i32 {
  let sum = 0;
  for (let orbit = 0; orbit < ORBITS; orbit++) sum += orbitPoints(orbit, d);
  return sum;
}

/** p²/b². */
// @ts-ignore: decorator
@inline
export function differenceRatio(table: usize): f64 {
  return load<f64>(table + RATIO);
}

/** Solves for the value's weights, orbit by orbit from the last, so that sums of x1^2i x2^2j x3^2k are their moments. */
function solve(to: usize, d: i32, a: f64, b: f64, c: f64): void {
  const e = SQUARE_E;
  // x1² x2² x3² x4²: only the last orbit has it. This is what all its points together weigh.
  const whole = 1 / (81 * e * e * e * e);
  const n = <f64>d;
  store<f64>(to, whole / <f64>(1 << d), 8 << 3);
  // x1² x2² x3²: eight points (±a, ±a, ±a) in these three axes.
  const w7 = d > 2 ? (1.0 / 27 - whole * e * e * e) / (8 * a * a * a) : 0;
  store<f64>(to, w7, 7 << 3);
  // x1² x2² and x1⁴ x2²: u a + v b and u a² + v b (a + b)/2 … in u = 4 w5 a and v = 8 w6 a.
  const third = (n - 2) * 8 * w7;
  const m11 = 1.0 / 9 - whole * e * e - third * a * a;
  const m21 = 1.0 / 15 - whole * e * e * e - third * a * a * a;
  const v = (m21 - a * m11) / (0.5 * b * (b - a));
  const u = (m11 - v * b) / a;
  const w5 = u / (4 * a);
  const w6 = v / (8 * a);
  store<f64>(to, w5, 5 << 3);
  store<f64>(to, w6, 6 << 3);
  // x1², x1⁴, x1⁶: three weights of axes.
  const fromA = 4 * (n - 1) * (w5 + w6) + 4 * (n - 1) * (n - 2) * w7;
  const fromB = 4 * (n - 1) * w6;
  const r1 = 1.0 / 3 - whole * e - fromA * a - fromB * b;
  const r2 = 1.0 / 5 - whole * e * e - fromA * a * a - fromB * b * b;
  const r3 = 1.0 / 7 - whole * e * e * e - fromA * a * a * a - fromB * b * b * b;
  const w1 = (r3 - (b + c) * r2 + b * c * r1) / (2 * a * (a - b) * (a - c));
  const w2 = (r3 - (a + c) * r2 + a * c * r1) / (2 * b * (b - a) * (b - c));
  const w3 = (r3 - (a + b) * r2 + a * b * r1) / (2 * c * (c - a) * (c - b));
  store<f64>(to, w1, 1 << 3);
  store<f64>(to, w2, 2 << 3);
  store<f64>(to, w3, 3 << 3);
  // The orbit p is for null rules alone.
  store<f64>(to, 0, 4 << 3);
  let rest: f64 = 1;
  for (let orbit = 1; orbit < ORBITS; orbit++) {
    rest -= <f64>orbitPoints(orbit, d) * load<f64>(to + ((<usize>orbit) << 3));
  }
  store<f64>(to, rest);
}

/** The sum over points of the product of two lists of weights. */
function product(one: usize, other: usize, d: i32): f64 {
  let sum: f64 = 0;
  for (let orbit = 0; orbit < ORBITS; orbit++) {
    const offset = (<usize>orbit) << 3;
    sum += <f64>orbitPoints(orbit, d) * load<f64>(one + offset) * load<f64>(other + offset);
  }
  return sum;
}

/** Adds one list of weights to another, `by` times. */
function addTo(to: usize, list: usize, by: f64): void {
  for (let offset: usize = 0; offset < LIST; offset += 8) {
    store<f64>(to + offset, load<f64>(to + offset) + by * load<f64>(list + offset));
  }
}

/** Where null rule `index` stands; the two before the first are of the powers 1 and x². */
// @ts-ignore: decorator
@inline
function nullRule(table: usize, index: i32): usize {
  return index < 0 ? table + LOW + <usize>(index + 2) * LIST : table + <usize>(2 + index) * LIST;
}

/** x1^2i x2^2j x3^2k as weights: by orbit its mean over the points; made orthogonal to those before, and as long as `length`. */
function writeNull(table: usize, template: usize, d: i32, index: i32, i: i32, j: i32, k: i32, length: f64): void {
  const to = nullRule(table, index);
  let at = template;
  const axis = <usize>((boxPoints(d) + 1) >> 1) << 3;
  for (let orbit = 0; orbit < ORBITS; orbit++) {
    const pairs = (orbitPoints(orbit, d) + 1) >> 1;
    let sum: f64 = 0;
    for (let pair = 0; pair < pairs; pair++, at += 8) {
      let power = raised(load<f64>(at), i);
      if (j > 0) power *= raised(load<f64>(at + axis), j);
      if (k > 0) power *= raised(load<f64>(at + 2 * axis), k);
      sum += power;
    }
    store<f64>(to + ((<usize>orbit) << 3), pairs == 0 ? 0 : sum / <f64>pairs);
  }
  // Twice: the first time leaves what rounding made of it.
  for (let turn = 0; turn < 2; turn++) {
    for (let other = -2; other < index; other++) {
      const rule = nullRule(table, other);
      addTo(to, rule, -product(to, rule, d) / (length * length));
    }
  }
  const by = length / sqrt(product(to, to, d));
  for (let offset: usize = 0; offset < LIST; offset += 8) store<f64>(to + offset, by * load<f64>(to + offset));
}

/** t^2n */
function raised(t: f64, n: i32): f64 {
  let power: f64 = 1;
  for (; n > 0; n--) power *= t * t;
  return power;
}

export function writeTable(table: usize, template: usize, d: i32): void {
  const e = SQUARE_E;
  const a = 4 / (15 - 5 / e);
  let t = (1 - a / e) / 27;
  const b = (5 - 7 * a - 35 * t) / (7 - (35 * a) / 3 - (35 * t) / e);
  t = (t * (1 - b / e)) / 3;
  const c = (7 - 9 * (b + a) + (63 * b * a) / 5 - 63 * t) / (9 - (63 * (b + a)) / 5 + 21 * b * a - (63 * t) / e);
  writeTemplate(template, d, sqrt(a), sqrt(b), sqrt(c), sqrt(e));
  solve(table, d, a, b, c);
  for (let offset: usize = 0; offset < LIST; offset += 8) {
    store<f64>(table + LIST + offset, abs(load<f64>(table + offset)));
  }
  const length = sqrt(product(table, table, d));
  writeNull(table, template, d, -2, 0, 0, 0, length);
  writeNull(table, template, d, -1, 1, 0, 0, length);
  writeNull(table, template, d, 0, 2, 0, 0, length);
  writeNull(table, template, d, 1, 1, 1, 0, length);
  writeNull(table, template, d, 2, 3, 0, 0, length);
  writeNull(table, template, d, 3, 2, 1, 0, length);
  // In two dimensions it is 0 altogether.
  if (d > 2) writeNull(table, template, d, 4, 1, 1, 1, length);
  else memory.fill(nullRule(table, 4), 0, LIST);
  writeNull(table, template, d, 5, 4, 0, 0, length);
  writeNull(table, template, d, 6, 2, 2, 0, length);
  store<f64>(table + RATIO, (P * P) / b);
}

/** Pairs so far, and where they are written. */
function writeTemplate(template: usize, d: i32, a: f64, b: f64, c: f64, e: f64): void {
  const pairs = <usize>((boxPoints(d) + 1) >> 1);
  const axisBytes = pairs << 3;
  memory.fill(template, 0, <usize>d * axisBytes);
  let at = template + 8;
  for (let orbit = 1; orbit < 5; orbit++) {
    const t = orbit == 1 ? a : orbit == 2 ? b : orbit == 3 ? c : P;
    for (let i = 0; i < d; i++) {
      store<f64>(at + <usize>i * axisBytes, t);
      at += 8;
    }
  }
  for (let i = 0; i < d; i++) {
    for (let k = i + 1; k < d; k++) {
      for (let sign: f64 = 1; sign > -2; sign -= 2) {
        store<f64>(at + <usize>i * axisBytes, a);
        store<f64>(at + <usize>k * axisBytes, sign * a);
        at += 8;
      }
    }
  }
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      if (k == i) continue;
      for (let sign: f64 = 1; sign > -2; sign -= 2) {
        store<f64>(at + <usize>i * axisBytes, a);
        store<f64>(at + <usize>k * axisBytes, sign * b);
        at += 8;
      }
    }
  }
  for (let i = 0; i < d; i++) {
    for (let k = i + 1; k < d; k++) {
      for (let l = k + 1; l < d; l++) {
        for (let signs = 0; signs < 4; signs++) {
          store<f64>(at + <usize>i * axisBytes, a);
          store<f64>(at + <usize>k * axisBytes, signs & 1 ? -a : a);
          store<f64>(at + <usize>l * axisBytes, signs & 2 ? -a : a);
          at += 8;
        }
      }
    }
  }
  for (let signs = 0; signs < 1 << (d - 1); signs++) {
    store<f64>(at, e);
    for (let i = 1; i < d; i++) store<f64>(at + <usize>i * axisBytes, (signs >> (i - 1)) & 1 ? -e : e);
    at += 8;
  }
}
