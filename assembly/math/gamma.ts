/**
 * gamma and lgamma, lane by lane.
 *
 * Method:        - |x| < 10: x = n + u with whole n and |u| <= 1/2; gamma(2 + u) from a polynomial; the factors between 2 + u and x, which are exact but for
 *                  1 + u, are multiplied in pairs of doubles. lgamma: the logarithm of that product, and a polynomial for lgamma(2 + u), so that
 *                  nothing is lost near the zeros below 0; near them, at 1 and 2, polynomials have them as factors.
 *                - x >= 10: Stirling's series, (x - 1/2)(log x - 1) with log x as the sum of two doubles (power-parts.ts).
 *                - x <= -10: pi/(sin(pi x) gamma(1 - x)), where pi u/sin(pi u) is a polynomial in u^2.
 * Source:        Abramowitz, Stegun, 6.1.15 (recurrence), 6.1.17 (reflection), 6.1.40 (Stirling); coefficients: scripts/coefficients/gamma.py.
 * Special cases: gamma(+-0) = +-inf, gamma of a negative whole number and of -inf is NaN; lgamma is log |gamma|: inf at 0, at the negative whole
 *                numbers, and of -inf. lgamma(1) = lgamma(2) = 0. NaN gives NaN.
 * Accuracy:      gamma 2.6 ulp below -10, 1.8 to 10, 0.56 above; lgamma 2.4 ulp, below 0 1.3 of the larger of 1 and its size; over 1e7 points. The bounds
 *                are 3 (ts/expr/bounds.ts, `npm run bench -- ulp`).
 * Role:          any thread.
 */
import {
  GAMMA,
  GAMMA_PAIRS,
  LOG_GAMMA_MIDDLE,
  LOG_GAMMA_MIDDLE_PAIRS,
  LOG_GAMMA_ONE,
  LOG_GAMMA_ONE_PAIRS,
  LOG_GAMMA_TWO,
  LOG_GAMMA_TWO_PAIRS,
  SINE,
  SINE_PAIRS,
  STIRLING,
  STIRLING_PAIRS,
} from "./gamma-coefficients";
import { high, low, pair } from "./lanes";
import { log } from "./logarithm";
import { cutNumber, exponential, logarithmFirst, logarithmSecond } from "./power-parts";

/** From here on Stirling's series. */
const LARGE: f64 = 10;
/** Below this gamma(x) is 1/x, and lgamma(x) is -log |x|. */
const SMALL: f64 = 1.1102230246251565e-16; // 2^-53
/** Above the first gamma is beyond the largest double, above the second lgamma. Below the third gamma is 0. */
const GAMMA_OVERFLOW: f64 = 171.7;
const LOG_GAMMA_OVERFLOW: f64 = 2.5599833278516387e305;
const UNDERFLOW: f64 = -186;
/** log(2 pi)/2 - 1/2 and log(2 pi)/2 + 1/2, in two parts. */
const BELOW: f64 = 0.4189385332046727;
const BELOW_REST: f64 = 1.6728209650585413e-17;
const ABOVE: f64 = 1.4189385332046727;
const ABOVE_REST: f64 = 7.223936088184323e-17;
/** Powers of 2, by which results near both ends of the range are computed too low or too high. */
const LIFT: f64 = 128;
const UP: f64 = 3.402823669209385e38;
const DOWN: f64 = 2.938735877055719e-39;

/** What `multiply`, `approach` and `stirling` return beside their first result. */
let rest: f64 = 0;

/** The gamma function. */
export function gamma(x: v128): v128 {
  return pair(gammaOf(low(x)), gammaOf(high(x)));
}

/** log |gamma(x)|. */
export function lgamma(x: v128): v128 {
  return pair(logGammaOf(low(x)), logGammaOf(high(x)));
}

function gammaOf(x: f64): f64 {
  const size = abs<f64>(x);
  if (!(size < Infinity)) return x > 0 ? x : NaN;
  if (size < SMALL) return 1 / x;
  if (x > GAMMA_OVERFLOW) return Infinity;
  if (x >= LARGE) {
    const exponent = stirling(x, -0.5);
    return x > 140 ? exponential(exponent, rest, -LIFT) * UP : exponential(exponent, rest, 0);
  }
  const whole = nearest<f64>(x);
  const u = x - whole;
  if (u == 0 && x < 0) return NaN;
  return x > -LARGE ? gammaWithin(x, whole, u) : gammaBelow(-x, -u);
}

/** Between -10 and 10. */
function gammaWithin(x: f64, whole: f64, u: f64): f64 {
  const q = u * polynomial(GAMMA, GAMMA_PAIRS, u);
  const product = multiply(x, whole, u);
  const lack = rest;
  const one = 1 + q;
  if (whole >= 2) return product + (product * q + lack * one);
  // (1 + q)/(product + lack), the quotient with the remainder of its division
  const quotient = one / product;
  const remainder = productError(quotient, product, one) - (1 - one + q);
  return quotient - (remainder + quotient * lack) / product;
}

/** gamma(-a), a >= 10 and not whole; u what a is from the nearest whole number. */
function gammaBelow(a: f64, u: f64): f64 {
  const isOdd = (<i64>nearest<f64>(a) & 1) != 0;
  const sign: f64 = isOdd == u > 0 ? 1 : -1;
  if (a > -UNDERFLOW) return sign * 0;
  const exponent = stirling(a, 0.5);
  const lift: f64 = a > 140 ? LIFT : 0;
  const value = exponential(-exponent, -rest, lift);
  const whole = (value + value * cosecant(u)) / abs<f64>(u);
  return sign * (a > 140 ? whole * DOWN : whole);
}

function logGammaOf(x: f64): f64 {
  const size = abs<f64>(x);
  if (!(size < Infinity)) return size;
  if (size < SMALL) return -low(log(f64x2.splat(size)));
  if (x >= LARGE) return x > LOG_GAMMA_OVERFLOW ? Infinity : stirling(x, -0.5) + rest;
  if (x == 1) return 0;
  if (x >= 0.5 && x <= 2.5) return logGammaNearby(x);
  const whole = nearest<f64>(x);
  const u = x - whole;
  if (u == 0 && x < 0) return Infinity;
  return x > -LARGE ? logGammaWithin(x, whole, u) : logGammaBelow(size, abs<f64>(u));
}

/** Between 1/2 and 2.5, where the zeros 1 and 2 are. */
function logGammaNearby(x: f64): f64 {
  if (x < 0.8) {
    const first = logarithmFirst(x);
    const next = polynomial(LOG_GAMMA_MIDDLE, LOG_GAMMA_MIDDLE_PAIRS, x - 0.5);
    return next - logarithmSecond(x, first) - first;
  }
  if (x < 1.25) return (x - 1) * polynomial(LOG_GAMMA_ONE, LOG_GAMMA_ONE_PAIRS, x - 1);
  if (x < 1.7) return polynomial(LOG_GAMMA_MIDDLE, LOG_GAMMA_MIDDLE_PAIRS, x - 1.5);
  return (x - 2) * polynomial(LOG_GAMMA_TWO, LOG_GAMMA_TWO_PAIRS, x - 2);
}

/** Between -10 and 1/2, or 2.5 and 10. */
function logGammaWithin(x: f64, whole: f64, u: f64): f64 {
  const start = u * polynomial(LOG_GAMMA_TWO, LOG_GAMMA_TWO_PAIRS, u);
  const product = multiply(x, whole, u);
  const lack = rest / product;
  const size = abs<f64>(product);
  const first = logarithmFirst(size);
  const second = logarithmSecond(size, first) + lack;
  return whole >= 2 ? first + (second + start) : start - second - first;
}

/** At -a, a >= 10 and not whole; u how far the nearest whole number is. */
function logGammaBelow(a: f64, u: f64): f64 {
  const exponent = stirling(a, 0.5);
  const further = rest;
  const quotient = (1 + cosecant(u)) / u;
  const first = logarithmFirst(quotient);
  return first - exponent + (logarithmSecond(quotient, first) - further);
}

/** The factors between 2 + u and x = whole + u: what gamma(2 + u) is multiplied with, or, where x is below, divided by. */
function multiply(x: f64, whole: f64, u: f64): f64 {
  let product: f64 = 1;
  let lack: f64 = 0;
  // From whole - 1 down to 2, or from `whole` up to 0: all exact.
  const up: f64 = whole < 2 ? 1 : -1;
  const count = <i32>(whole < 2 ? 1 - whole : whole - 2);
  let factor = whole < 2 ? x : x - 1;
  for (let i = 0; i < count; i++) {
    const next = product * factor;
    lack = lack * factor - productError(product, factor, next);
    product = next;
    factor += up;
  }
  if (whole < 2) {
    const last = 1 + u;
    const next = product * last;
    lack = lack * last - productError(product, last, next) + product * (1 - last + u);
    product = next;
  }
  rest = lack;
  return product;
}

/** (x + half)(log x - 1) + log(2 pi)/2 + half + Stirling's series, half 1/2 or -1/2: the sum of the result and of `rest`. */
function stirling(x: f64, half: f64): f64 {
  const y = x + half;
  const first = logarithmFirst(x);
  const second = logarithmSecond(x, first);
  const factor = first - 1;
  const y1 = cutNumber(y);
  const product = y1 * factor;
  const constant = half > 0 ? ABOVE : BELOW;
  const constantRest = half > 0 ? ABOVE_REST : BELOW_REST;
  const sum = product + constant;
  const series = polynomial(STIRLING, STIRLING_PAIRS, 1 / (x * x)) / x;
  rest = product - sum + constant + ((y - y1 + (x - y + half)) * factor + y * second + (series + constantRest));
  return sum;
}

/** pi u/sin(pi u) - 1. */
function cosecant(u: f64): f64 {
  const square = u * u;
  return square * polynomial(SINE, SINE_PAIRS, square);
}

/** product - a b, where `product` is a b rounded: T. Dekker (1971). */
function productError(a: f64, b: f64, product: f64): f64 {
  const a1 = cutNumber(a);
  const b1 = cutNumber(b);
  const a2 = a - a1;
  const b2 = b - b1;
  return product - a1 * b1 - a1 * b2 - a2 * b1 - a2 * b2;
}

/** c0 + c1 u + …: even and odd powers side by side. */
function polynomial(table: usize, pairs: i32, u: f64): f64 {
  const square = f64x2.splat(u * u);
  let at = table + ((<usize>(pairs - 1)) << 4);
  let sum = v128.load(at);
  while (at > table) {
    at -= 16;
    sum = f64x2.add(f64x2.mul(sum, square), v128.load(at));
  }
  return low(sum) + u * high(sum);
}
