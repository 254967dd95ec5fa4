/** Special values of the math provider: C99, Annex F.9, which is IEEE 754's recommendation. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROVIDER_BINARY, PROVIDER_UNARY } from "../../ts/expr/functions.js";
import { functions, providerBytes } from "../expr/kernel.js";

const inf = Infinity;
const nan = NaN;
const { PI } = Math;

/** Rows: x, f(x). */
const UNARY: Readonly<Record<(typeof PROVIDER_UNARY)[number], readonly (readonly [number, number])[]>> = {
  sin: [[0, 0], [-0, -0], [inf, nan], [-inf, nan], [nan, nan], [5e-324, 5e-324], [-1e-300, -1e-300]],
  cos: [[0, 1], [-0, 1], [inf, nan], [-inf, nan], [nan, nan], [1e-300, 1]],
  tan: [[0, 0], [-0, -0], [inf, nan], [-inf, nan], [nan, nan], [-5e-324, -5e-324]],
  sinc: [[0, 1], [-0, 1], [inf, 0], [-inf, 0], [nan, nan], [5e-324, 1], [-1e-300, 1]],
  asin: [[0, 0], [-0, -0], [1, PI / 2], [-1, -PI / 2], [1.0000000000000002, nan], [-2, nan], [inf, nan], [nan, nan]],
  acos: [[1, 0], [-1, PI], [0, PI / 2], [1.0000000000000002, nan], [-inf, nan], [nan, nan]],
  atan: [[0, 0], [-0, -0], [inf, PI / 2], [-inf, -PI / 2], [nan, nan]],
  sinh: [[0, 0], [-0, -0], [inf, inf], [-inf, -inf], [711, inf], [-711, -inf], [710.475860073944, inf], [nan, nan], [5e-324, 5e-324]],
  cosh: [[0, 1], [-0, 1], [inf, inf], [-inf, inf], [-711, inf], [710.475860073944, inf], [nan, nan]],
  tanh: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [40, 1], [-40, -1], [nan, nan], [-5e-324, -5e-324]],
  asinh: [[0, 0], [-0, -0], [inf, inf], [-inf, -inf], [nan, nan], [-1e-300, -1e-300]],
  acosh: [[1, 0], [0.9999999999999999, nan], [0, nan], [-1, nan], [-inf, nan], [inf, inf], [nan, nan]],
  atanh: [[0, 0], [-0, -0], [1, inf], [-1, -inf], [1.0000000000000002, nan], [-2, nan], [inf, nan], [nan, nan]],
  exp: [[0, 1], [-0, 1], [inf, inf], [-inf, 0], [709.7827128933841, inf], [-745.1332191019412, 0], [-745.1332191019411, 5e-324], [1e308, inf], [-1e308, 0], [nan, nan]],
  expm1: [[0, 0], [-0, -0], [inf, inf], [-inf, -1], [-1e308, -1], [709.7827128933841, inf], [nan, nan], [5e-324, 5e-324]],
  exp2: [[0, 1], [10, 1024], [-1, 0.5], [1023, 2 ** 1023], [1024, inf], [-1074, 5e-324], [-1075, 0], [inf, inf], [-inf, 0], [nan, nan]],
  log: [[1, 0], [0, -inf], [-0, -inf], [-1, nan], [-inf, nan], [inf, inf], [nan, nan], [-5e-324, nan]],
  log1p: [[0, 0], [-0, -0], [-1, -inf], [-2, nan], [-inf, nan], [inf, inf], [nan, nan], [5e-324, 5e-324]],
  log2: [[1, 0], [8, 3], [0.125, -3], [5e-324, -1074], [0, -inf], [-0, -inf], [-1, nan], [-inf, nan], [inf, inf], [nan, nan]],
  log10: [[1, 0], [1000, 3], [1e22, 22], [0, -inf], [-0, -inf], [-1, nan], [-inf, nan], [inf, inf], [nan, nan]],
  erf: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [nan, nan], [6, 1], [-1e300, -1], [5e-324, 5e-324], [-1e-300, -1.1283791670955126e-300]],
  erfc: [[0, 1], [-0, 1], [5e-324, 1], [-5e-324, 1], [inf, 0], [-inf, 2], [nan, nan], [27.3, 0], [1e300, 0], [27.226017111108362, 5e-324], [-6, 2], [-1e300, 2]],
  gamma: [
    [0, inf], [-0, -inf], [1, 1], [2, 1], [3, 2], [5, 24], [11, 3628800], [23, 1124000727777607700000], [-1, nan], [-2, nan], [-171, nan], [-1e300, nan], [inf, inf], [-inf, nan], [nan, nan],
    [171.7, inf], [172, inf], [1e300, inf], [-186.5, -0], [-187.5, 0], [-4503599627370495.5, 0], [-4503599627370494.5, -0], [5e-324, inf], [-5e-324, -inf], [2 ** -1022, 2 ** 1022], [-(2 ** -1000), -(2 ** 1000)], [-184.5, -0],
  ],
  lgamma: [[0, inf], [-0, inf], [1, 0], [2, 0], [-1, inf], [-2, inf], [-1e300, inf], [inf, inf], [-inf, inf], [nan, nan], [1e308, inf], [5e-324, 744.4400719213812], [-5e-324, 744.4400719213812]],
  j0: [[0, 1], [-0, 1], [5e-324, 1], [1e-9, 1], [inf, 0], [-inf, 0], [nan, nan]],
  j1: [[0, 0], [-0, -0], [inf, 0], [-inf, -0], [nan, nan], [2e-300, 1e-300], [-1e-310, -5e-311]],
  cbrt: [[0, 0], [-0, -0], [27, 3], [-8, -2], [inf, inf], [-inf, -inf], [nan, nan]],
}; // biome-ignore format: one function per line

/** Rows: x, y, f(x, y). */
const BINARY: Readonly<Record<(typeof PROVIDER_BINARY)[number], readonly (readonly [number, number, number])[]>> = {
  pow: [
    [nan, 0, 1], [nan, -0, 1], [1, nan, 1], [1, inf, 1], [1, -inf, 1], [-1, inf, 1], [-1, -inf, 1], [-1, nan, nan], [nan, 1, nan], [2, nan, nan],
    [0, 3, 0], [-0, 3, -0], [-0, 2, 0], [0, -3, inf], [-0, -3, -inf], [-0, -2, inf], [0, -1, inf], [-0, -1, -inf], [0, inf, 0], [0, -inf, inf],
    [-0, 0.5, 0], [-0, -0.5, inf], [0.5, inf, 0], [0.5, -inf, inf], [2, inf, inf], [2, -inf, 0], [-2, inf, inf], [-0.5, inf, 0],
    [inf, 2, inf], [inf, -2, 0], [-inf, 3, -inf], [-inf, 2, inf], [-inf, -3, -0], [-inf, -2, 0], [-inf, 0.5, inf], [-inf, -0.5, 0],
    [-2, 3, -8], [-2, 0.5, nan], [-8, 1 / 3, nan], [2, 1024, inf], [2, -1074, 5e-324], [2, -1076, 0], [-2, 1025, -inf], [10, 2, 100], [9, 0.5, 3],
  ],
  atan2: [
    [0, 1, 0], [-0, 1, -0], [0, -1, PI], [-0, -1, -PI], [0, 0, 0], [-0, 0, -0], [0, -0, PI], [-0, -0, -PI], [1, 0, PI / 2], [-1, -0, -PI / 2],
    [inf, inf, PI / 4], [inf, -inf, (3 * PI) / 4], [-inf, inf, -PI / 4], [-inf, -inf, (-3 * PI) / 4], [inf, 1, PI / 2], [-inf, 1, -PI / 2],
    [1, inf, 0], [-1, inf, -0], [1, -inf, PI], [-1, -inf, -PI], [nan, 1, nan], [1, nan, nan], [0, nan, nan], [nan, inf, nan], [5e-324, 1e308, 0],
  ],
  hypot: [
    [3, 4, 5], [-3, 4, 5], [0, -0, 0], [0, -7, 7], [inf, nan, inf], [nan, -inf, inf], [-inf, 1, inf], [nan, 1, nan], [0, nan, nan],
    [1e308, 1e308, 1.4142135623730951e308], [1.7e308, 1.7e308, inf], [3e-310, 4e-310, 5e-310], [5e-324, 0, 5e-324],
  ],
}; // biome-ignore format: a table

for (const name of PROVIDER_UNARY) {
  test(`${name} at special values`, () => {
    for (const [x, expected] of UNARY[name]) {
      const value = functions[name](x);
      assert.ok(
        Object.is(value, expected),
        `${name}(${Object.is(x, -0) ? "-0" : x}): expected ${expected}, got ${value}`,
      );
    }
  });
}

for (const name of PROVIDER_BINARY) {
  test(`${name} at special values`, () => {
    for (const [x, y, expected] of BINARY[name]) {
      const value = functions[name](x, y);
      assert.ok(Object.is(value, expected), `${name}(${x}, ${y}): expected ${expected}, got ${value}`);
    }
  });
}

test("log2 is exact for powers of 2, log10 for powers of 10 that are normal numbers", () => {
  for (let power = -1074; power <= 1023; power++) assert.is(functions.log2(2 ** power), power);
  for (let power = -307; power <= 308; power++) assert.is(functions.log10(Number(`1e${power}`)), power);
});

test("the module imports nothing, starts nothing, and exports its functions and the base of its tables alone", () => {
  const module = new WebAssembly.Module(providerBytes);
  assert.equal(WebAssembly.Module.imports(module), []);
  const names = [...PROVIDER_UNARY, ...PROVIDER_BINARY];
  const allowed = new Set<string>(names.flatMap((name) => [name, `${name}Fast`, `${name}Doubt`]));
  const exports = WebAssembly.Module.exports(module);
  const functions = exports.filter(({ kind }) => kind === "function").map(({ name }) => name);
  assert.equal(
    functions.filter((name) => !allowed.has(name)),
    [],
  );
  assert.equal(
    names.filter((name) => !functions.includes(name)),
    [],
  );
  assert.equal(
    exports.filter(({ kind }) => kind !== "function"),
    [{ name: "tables", kind: "global" }],
  );
});

test.run();
