import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compile } from "../../ts/expr/compile.js";
import { evaluate } from "../../ts/expr/evaluate.js";
import { Library } from "../../ts/expr/library.js";
import { parse } from "../../ts/expr/parser.js";
import { encode } from "../../ts/wasm/encode.js";
import { EMPTY } from "../wasm/empty.js";
import { functionOf, functions, instantiate, library, listing } from "./kernel.js";
import { doubles, printFewest, SCOPE, trees } from "./tree.js";

const RUNS = process.env.STRESS ? 20_000 : 1_000;

/** Knows no fast form: what is called stays a call. */
const BARE = new Library(() => EMPTY);

function kernelOf(source: string, parameters: readonly string[] = []) {
  return compile(parse(source, { variable: "x", parameters }), BARE);
}

function bodyOf(source: string, parameters: readonly string[] = []): string {
  return listing(functionOf(kernelOf(source, parameters), "integrand").body);
}

for (const relaxed of [false, true]) {
  test(`random expressions: careful and evaluated values agree bit for bit${relaxed ? "" : ", and the fast ones without doubt"}`, () => {
    const property = fc.property(trees, doubles, doubles, doubles, doubles, (tree, x0, x1, a, b) => {
      const expression = parse(printFewest(tree), SCOPE);
      const compiled = compile(expression, library, { relaxed });
      if (relaxed && !WebAssembly.validate(encode(compiled.kernel))) return;
      const { fast, careful, doubt } = instantiate(compiled)([a, b], x0, x1);
      const parameters = { a, b };
      for (const lane of [0, 1] as const) {
        const expected = evaluate(expression, { variable: [x0, x1][lane]!, parameters }, functions);
        const isFast = relaxed || doubt[lane] || Object.is(fast[lane], expected);
        if (Object.is(careful[lane], expected) && isFast) continue;
        throw new Error(`${expression.source}: expected ${expected}, got ${careful[lane]} and ${fast[lane]}`);
      }
    });
    fc.assert(property, { numRuns: RUNS });
  });
}

// Read by eye. `global.get` of the body: what the prologue left, in order of the globals.
const BODIES: readonly (readonly [source: string, body: string])[] = [
  ["x", "local.get 0"],
  ["x^2", "local.get 0; local.get 0; f64x2.mul"],
  ["x*x", "local.get 0; local.get 0; f64x2.mul"],
  ["x^2.5", "local.get 0; local.get 0; f64x2.mul; local.get 0; f64x2.sqrt; f64x2.mul"],
  ["sqrt(x)", "local.get 0; f64x2.sqrt"],
  ["x^(1/2)", "local.get 0; f64x2.sqrt"],
  ["x^-1", "global.get 1; local.get 0; f64x2.div"],
  ["1/(1+x*x)", "global.get 1; global.get 1; local.get 0; local.get 0; f64x2.mul; f64x2.add; f64x2.div"],
  ["x^4", "local.get 0; local.get 0; f64x2.mul; local.tee 1; local.get 1; f64x2.mul"],
  ["exp(-x^2)", "local.get 0; local.get 0; f64x2.mul; f64x2.neg; call 0"],
  ["sin(x)/x", "local.get 0; call 0; local.get 0; f64x2.div"],
  ["2*pi*x", "global.get 1; local.get 0; f64x2.mul"],
  ["x^0 + pi", "global.get 1"],
  ["x < 0 ? -x : x", "local.get 0; f64x2.neg; local.get 0; local.get 0; global.get 1; f64x2.lt; v128.bitselect"],
  ["x > 0", "local.get 0; global.get 2; f64x2.gt; global.get 3; v128.and"],
  ["!(x < 1 && x)", "local.get 0; global.get 2; f64x2.lt; local.get 0; f64x2.abs; global.get 3; f64x2.gt; v128.and; v128.not; global.get 2; v128.and"],
  ["min(x, 1, 2)", "local.get 0; global.get 2; f64x2.min; global.get 3; f64x2.min"],
  ["round(x)", "local.get 0; f64x2.ceil; local.tee 1; local.get 1; global.get 2; f64x2.sub; local.get 0; f64x2.gt; global.get 3; v128.and; f64x2.sub"],
  ["sin(x)^2 + sin(x)", "local.get 0; call 0; local.tee 1; local.get 1; f64x2.mul; local.get 1; f64x2.add"],
  ["atan2(x, 2)", "local.get 0; global.get 1; call 0"],
]; // biome-ignore format: one listing per line

for (const [source, body] of BODIES) {
  test(`body of ${source}`, () => assert.is(bodyOf(source), body));
}

test("parameters and what depends on them alone are computed in the prologue", () => {
  const { kernel, parameters } = kernelOf("exp(-a*b)*x + b", ["b", "a", "unused"]);
  assert.equal(parameters, ["b", "a", "unused"]);
  assert.is(
    listing(kernel.functions[0]!.body),
    "local.get 0; v128.load64_splat offset=0; global.set 0; " +
      "local.get 0; v128.load64_splat offset=8; f64x2.neg; global.get 0; f64x2.mul; call 0; global.set 1",
  );
  assert.is(listing(kernel.functions[1]!.body), "global.get 1; local.get 0; f64x2.mul; global.get 0; f64x2.add");
  assert.is(kernel.globals.length, 2);
});

test("imports only what is used", () => {
  const names = (source: string) =>
    kernelOf(source, ["a"]).kernel.imports.map(({ module, name }) => `${module}.${name}`);
  assert.equal(names("x^2 + 1"), []);
  assert.equal(names("a*x"), ["env.memory"]);
  assert.equal(names("sin(x) + sin(2*x) + atan2(x, a)"), ["env.memory", "math.sin", "math.atan2"]);
  // x^0 is 1: what stands in x is not called.
  assert.equal(names("cos(x)^0"), []);
});

test("has no prologue when nothing is left for the body", () => {
  assert.equal(
    kernelOf("x^2").kernel.exports.map(({ name }) => name),
    ["integrand", "careful"],
  );
});

test("every mutable global is read by the body, every immutable one by the prologue", () => {
  const property = fc.property(trees, (tree) => {
    const compiled = compile(parse(printFewest(tree), SCOPE), library);
    const { globals, imports } = compiled.kernel;
    const imported = imports.filter(({ kind }) => kind === "global").length;
    const read = (name: string) =>
      new Set(
        functionOf(compiled, name)
          .body.filter(([name]) => name === "global.get")
          .map(([, global]) => global),
      );
    globals.forEach(({ mutable }, index) => {
      if (!read(mutable ? "integrand" : "prologue").has(imported + index))
        throw new Error(`global ${index} is never read`);
    });
  });
  fc.assert(property, { numRuns: RUNS / 4 });
});

test("an expression without the variable has one value in both lanes", () => {
  const run = instantiate(kernelOf("a*2 + sin(1)", ["a"]));
  const value = 3 * 2 + functions.sin(1);
  assert.equal(run([3], 0, 1).fast, [value, value]);
  // The record is read again at each prologue.
  assert.equal(run([4], 0, 1).fast[0], 4 * 2 + functions.sin(1));
});

test("the largest expressions compile: a long sum, and many roundings", () => {
  const sum = instantiate(kernelOf(`x${"+x".repeat(8_191)}`));
  assert.equal(sum([], 1, 0.5).fast, [8192, 4096]);
  const rounded = instantiate(kernelOf(Array.from({ length: 3_000 }, (_, index) => `round(x+${index})`).join("+")));
  assert.is(rounded([], 0.25, 0).fast[0], (2_999 * 3_000) / 2);
});

test("equal expressions give equal bytes", () => {
  assert.equal(encode(kernelOf("a*x^2+sin(x)", ["a"]).kernel), encode(kernelOf(" a * x**2 + sin( x )", ["a"]).kernel));
});

test("operations tell cheap from dear", () => {
  assert.is(kernelOf("x^2").operations, 1);
  assert.is(kernelOf("1/(1+x*x)").operations, 7);
  assert.is(kernelOf("exp(-x^2)").operations, 22);
  assert.is(kernelOf("exp(2)").operations, 0);
});

test.run();
