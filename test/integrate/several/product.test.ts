/** Integrals that the text shows to be products: nearly all digits in any number of dimensions; what is none goes the other way. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle, type SeveralOptions } from "../../../ts/index.js";
import { computeHere } from "../../runtime/library.js";

const heddle = createHeddle({ threads: 1 });
// The bundle of a test has no workers beside it.
computeHere(heddle);
const INFINITY = Number.POSITIVE_INFINITY;

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index + 1}`);
type Ranges = Record<string, [number, number]>;
const cube = (count: number, lo = 0, hi = 1): Ranges =>
  Object.fromEntries(names(count).map((name) => [name, [lo, hi] as [number, number]]));

const KNOWN: readonly [string, Ranges, number, SeveralOptions?][] = [
  ["exp(-(x^2+y^2))", { x: [-INFINITY, INFINITY], y: [-INFINITY, INFINITY] }, Math.PI],
  ["x*y", { x: [1, 0], y: [0, 1] }, -0.25],
  ["x*y", { x: [1, 0], y: [2, 0] }, 1],
  [`cos(${names(32).join("+")})`, cube(32), (Math.sin(0.5) / 0.5) ** 32 * Math.cos(16)],
  [
    names(64)
      .map((name) => `(1+a*(${name}-0.5))`)
      .join("*"),
    cube(64),
    1,
    { parameters: { a: 0.7 } },
  ],
  [
    names(12)
      .map((name) => `sqrt(abs(${name}-1/3))`)
      .join("*"),
    cube(12),
    ((2 / 3) * ((1 / 3) ** 1.5 + (2 / 3) ** 1.5)) ** 12,
  ],
  ["x > 0.3 || y > 0.6 ? 0 : exp(x+y)*z", { x: [0, 1], y: [0, 1], z: [0, 2] }, 2 * Math.expm1(0.3) * Math.expm1(0.6)],
  [
    "exp(-x)*sin(y+w)/sqrt(x)",
    { x: [0, INFINITY], y: [0, Math.PI] },
    2 * Math.sqrt(Math.PI) * Math.cos(0.4),
    { parameters: { w: 0.4 } },
  ],
  [names(8).join("+"), cube(8), 4],
];

for (const [text, box, value, options] of KNOWN) {
  test(`is right to 1e-12: ${text.slice(0, 50)}`, () => {
    const result = heddle.integrateSync(text, box, options);
    assert.is(result.rule, "product");
    assert.is(result.status, "converged");
    assert.ok(Math.abs(result.value - value) <= 1e-12 * Math.abs(value), `${result.value}, not ${value}`);
    assert.ok(Math.abs(result.value - value) <= result.error);
  });
}

test("equal factors are computed once", () => {
  const one = heddle.integrateSync("exp(x1)*exp(x2)", cube(2));
  const many = heddle.integrateSync(
    names(20)
      .map((name) => `exp(${name})`)
      .join("*"),
    cube(20),
  );
  assert.is(many.evaluations, one.evaluations);
  assert.is(many.rounds, 1);
});

test("lists and complex numbers", () => {
  const list = heddle.integrateSync(["x*y", "x+y"], cubeOf("x", "y"));
  assert.is(list.rule, "product");
  assert.ok(Math.abs(list.values[0]! - 0.25) < 1e-14 && Math.abs(list.values[1]! - 1) < 1e-14);
  const wave = heddle.integrateSync({ re: "cos(x+y)", im: "sin(x+y)" }, cubeOf("x", "y"));
  assert.is(wave.rule, "product");
  const half = Math.sin(0.5) / 0.5;
  assert.ok(Math.hypot(wave.value.re - half * half * Math.cos(1), wave.value.im - half * half * Math.sin(1)) < 1e-14);
});

function cubeOf(...list: string[]): Ranges {
  return Object.fromEntries(list.map((name) => [name, [0, 1] as [number, number]]));
}

test("functions of the program, too, where they are arithmetic", async () => {
  const result = await heddle.integrate((x: number, y: number) => Math.exp(x) * y, cubeOf("x", "y"));
  assert.is(result.rule, "product");
  assert.ok(Math.abs(result.value - Math.expm1(1) / 2) < 1e-14);
});

test("what is no product, is asked for otherwise, or has a factor that fails is left to other rules", () => {
  const ruleOf = (text: string, options?: SeveralOptions): string =>
    heddle.integrateSync(text, cubeOf("x", "y"), { maximumEvaluations: 1e5, ...options }).rule;
  assert.is(ruleOf("exp(x*y)"), "genz-malik");
  assert.is(ruleOf("x*y", { rule: "genz-malik" }), "genz-malik");
  assert.is(ruleOf("x*y", { rule: "vegas" }), "vegas");
  assert.is(heddle.integrateSync("x*y", { x: [0, 1], y: [0, "x"] }).rule, "genz-malik");
  const divergent = heddle.integrateSync("y/x", cubeOf("x", "y"), { maximumEvaluations: 1e5 });
  assert.is.not(divergent.rule, "product");
  assert.is.not(divergent.status, "converged");
});

test("the same bits, asked twice and by an other thread count", async () => {
  const [text, box, , options] = KNOWN[7]!;
  const one = heddle.integrateSync(text, box, options);
  const other = await heddle.integrate(text, box, { ...options, threads: 2 });
  assert.equal([other.value, other.error], [one.value, one.error]);
});

test.after(() => heddle.close());

test.run();
