/**
 * Errors against tolerances, and the scale in which they are computed: quasi-Monte Carlo and VEGAS square what they add up.
 *
 * Role: the thread that made the integral.
 */

/** A power of 16 near 1 / size: what is about as large as `size`, times that, has a square that is a double. Roots of it, even fourth ones, scale without rounding. */
export function scaleOf(size: f64): f64 {
  const exponent = (reinterpret<u64>(size) >> 52) & 0x7ff;
  return reinterpret<f64>((2046 - min(2043, exponent | 3)) << 52);
}

/**
 * The largest error in units of its tolerance: within it up to 1. Of a complex number that of the modulus.
 *
 * @param errors @param values addresses of a double for each component @param scale see `scaleOf`
 */
export function errorInTolerances(
  errors: usize,
  values: usize,
  components: i32,
  isComplex: bool,
  relative: f64,
  absolute: f64,
  scale: f64,
): f64 {
  if (isComplex) return inTolerances(modulus(errors, scale), modulus(values, scale), relative, absolute);
  let most: f64 = 0;
  for (let place: usize = 0; place < (<usize>components) << 3; place += 8) {
    most = max(most, inTolerances(load<f64>(errors + place), load<f64>(values + place), relative, absolute));
  }
  return most;
}

function inTolerances(error: f64, value: f64, relative: f64, absolute: f64): f64 {
  return error == 0 ? 0 : error / max(absolute, relative * abs(value));
}

/** Of two doubles, which are the parts of a complex number. */
function modulus(at: usize, scale: f64): f64 {
  const re = scale * load<f64>(at);
  const im = scale * load<f64>(at, 8);
  return sqrt(re * re + im * im) / scale;
}
