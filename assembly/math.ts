/**
 * The math provider: elementary functions of two points at a time.
 *
 * Source: each family's file names the method, the special cases and the error bound; test/math holds them.
 * Role:   any thread, one instance each. The module imports nothing: its tables, read-only, lie in a small private memory,
 *         so that no address of the shared memory is taken.
 *
 * Each function is (v128) -> v128, or (v128, v128) -> v128, on lanes f64x2; lanes do not influence each other.
 * The names are those of the expression language (ts/expr/functions.ts); what is a single instruction is not here.
 */
export { cos, cosDoubt, cosFast, sin, sinDoubt, sinFast } from "./math/circular";
export {
  exp,
  exp2,
  exp2Doubt,
  exp2Fast,
  expDoubt,
  expFast,
  expm1,
  expm1Doubt,
  expm1Fast,
} from "./math/exponential";
export {
  cosh,
  coshDoubt,
  coshFast,
  sinh,
  sinhDoubt,
  sinhFast,
  tanh,
  tanhFast,
} from "./math/hyperbolic";
export {
  acosh,
  acoshDoubt,
  acoshFast,
  asinh,
  asinhDoubt,
  asinhFast,
  atanh,
  atanhDoubt,
  atanhFast,
} from "./math/inverse-hyperbolic";
export { acos, acosFast, asin, asinFast } from "./math/inverse-sine";
export { atan, atan2, atan2Doubt, atan2Fast, atanFast } from "./math/inverse-tangent";
export {
  log,
  log10,
  log10Doubt,
  log10Fast,
  log1p,
  log1pDoubt,
  log1pFast,
  log2,
  log2Doubt,
  log2Fast,
  logDoubt,
  logFast,
} from "./math/logarithm";
export { pow, powDoubt, powFast } from "./math/power";
export { cbrt, cbrtDoubt, cbrtFast, hypot, hypotDoubt, hypotFast } from "./math/roots";
export { erf, erfc, erfcDoubt, erfcFast, erfFast } from "./math/error-function";
export { j0, j1 } from "./math/bessel";
export { gamma, lgamma } from "./math/gamma";
export { tables } from "./math/tables";
export { sinc, sincDoubt, sincFast, tan, tanDoubt, tanFast } from "./math/sine-quotients";
