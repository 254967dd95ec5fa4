/** Boxes through the front door: shapes of f and of results, functions and exports, checks, ends. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ArgumentError,
  type Box,
  type ComponentsResult,
  compile,
  createHeddle,
  ExpressionError,
  IntegrandError,
  type SeveralOptions,
  type SeveralProgress,
  type SeveralResult,
  WasmError,
} from "../../../ts/index.js";
import { computeHere } from "../../runtime/library.js";
import { assemble } from "../../wasm/wat.js";

const heddle = createHeddle({ threads: 1 });
computeHere(heddle);
const { POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY } = Number;
const SQUARE: Box = { x: [0, 1], y: [0, 2] };
/** Few points: what is tested here is not the rule. */
const QUICK: SeveralOptions = { rule: "quasi-monte-carlo", relativeTolerance: 1e-4 };

function isRight(result: SeveralResult, exact: number): void {
  assert.is(result.status, "converged", result.reason);
  assert.ok(Math.abs(result.value - exact) <= result.error, `${result.value} ± ${result.error}, expected ${exact}`);
}

/** Each over its box, with the rule that would be chosen and with random points. */
const RIGHT: readonly [f: string, box: Box, exact: number, options?: SeveralOptions][] = [
  ["x*y", SQUARE, 1],
  ["x*y", { x: [1, 0], y: [0, 2] }, -1],
  ["x*y", { x: [1, 0], y: [2, 0] }, 1],
  ["a*x^2 + y", { y: [0, 1], x: [0, 3] }, 9 * 2 + 1.5, { parameters: { a: 2 } }],
  ["exp(-x^2-y^2)", { x: [NEGATIVE_INFINITY, INFINITY], y: [NEGATIVE_INFINITY, INFINITY] }, Math.PI],
  ["x + y", { x: [0, 1], y: ["x^2", "x"] }, 1 / 12 + 1 / 6 - 1 / 10],
  ["exp(-x-y)", { x: [0, INFINITY], y: ["x", INFINITY] }, 0.5],
  ["x*y*z", { x: [0, "a"], y: [0, "x"], z: ["y", "x"] }, 8 / 6, { parameters: { a: 2 } }],
  [
    "cos(x + y + z + u + v)",
    { x: [0, 1], y: [0, 1], z: [0, 1], u: [0, 1], v: [0, 1] },
    Math.cos(2.5) * (2 * Math.sin(0.5)) ** 5,
  ],
  ["abs(x - 0.3) + abs(y - 0.6)", { x: [0, 1], y: [0, 1] }, 0.29 + 0.26],
  ["x < 0.3 && y < 0.6 ? 1 : 0", { x: [0, 1], y: [0, 1] }, 0.18],
  ["abs(x - y)", { x: [0, 1], y: [0, 1] }, 1 / 3, { breakPoints: { y: ["x"] } }],
  ["max(x, y, z)", { x: [0, 1], y: [0, 1], z: [0, 1] }, 3 / 4],
  [
    "exp(-abs(x - y) - x^2)",
    { x: [NEGATIVE_INFINITY, INFINITY], y: [NEGATIVE_INFINITY, INFINITY] },
    2 * Math.sqrt(Math.PI),
  ],
];

for (const [f, box, exact, options] of RIGHT) {
  test(`${f} over ${JSON.stringify(box)}`, () => {
    isRight(heddle.integrateSync(f, box, options), exact);
    isRight(heddle.integrateSync(f, box, { ...options, ...QUICK }), exact);
  });
}

test("jumps along surfaces that the text shows: balls", () => {
  const box = (names: string): Box => Object.fromEntries([...names].map((name) => [name, [-1, 1] as const]));
  isRight(heddle.integrateSync("x^2 + y^2 < a ? 1 : 0", box("xy"), { parameters: { a: 0.5 } }), Math.PI / 2);
  const ball = heddle.integrateSync("x^2 + y^2 + z^2 < 1 ? 1 : 0", box("xyz"));
  isRight(ball, (4 * Math.PI) / 3);
  assert.ok(ball.evaluations < 100_000, String(ball.evaluations));
});

test("one variable in a box is integrated as in a range", () => {
  const { value, error, evaluations, rule } = heddle.integrateSync("1/sqrt(x)", 0, 1);
  const boxed = heddle.integrateSync("1/sqrt(t)", { t: [0, 1] });
  assert.equal([boxed.value, boxed.error, boxed.evaluations, boxed.rule], [value, error, evaluations, rule]);
  isRight(
    heddle.integrateSync("abs(t - a)", { t: [1, 0] }, { parameters: { a: 0.3 }, breakPoints: { t: [0.3] } }),
    -0.29,
  );
  isRight(
    heddle.integrateSync((t) => t * t, { t: [0, "2*a"] }, { parameters: { a: 1 } }),
    8 / 3,
  );
  assert.equal(heddle.integrateSync("sqrt(t - 5)", { t: [0, 1] }).nonFinite?.point?.t !== undefined, true);
});

test("several integrands over a box, and a complex one", async () => {
  const { values, errors, statuses, status, alone } = heddle.integrateSync(["x*y", "x + y", "7"], SQUARE, QUICK);
  assert.is(status, "converged");
  assert.equal(statuses, ["converged", "converged", "converged"]);
  assert.equal(alone, []);
  for (const [c, exact] of [1, 3, 14].entries()) assert.ok(Math.abs(values[c]! - exact) <= errors[c]!);
  const complex = await heddle.integrate({ re: "cos(x + y)", im: "sin(x + y)" }, SQUARE, QUICK);
  const [sine, cosine] = [Math.sin, Math.cos].map((f) => f(1.5) * 2 * Math.sin(0.5) * 2 * Math.sin(1)) as [
    number,
    number,
  ];
  assert.ok(Math.hypot(complex.value.re - cosine, complex.value.im - sine) <= complex.error);
});

test("functions are compiled as texts are, called back where they are no arithmetic, and may be mixed", () => {
  const { value } = heddle.integrateSync(
    "a*x*exp(-y)",
    { x: [0, 1], y: ["x", INFINITY] },
    { ...QUICK, parameters: { a: 3 } },
  );
  const box: Box = { x: [0, 1], y: ["x", INFINITY] };
  const options = { ...QUICK, parameters: { a: 3 } };
  const compiled = heddle.integrateSync((x, y, { a }) => a * x * Math.exp(-y), box, options);
  assert.is(compiled.value, value);
  assert.equal(compiled.integrand, { kind: "compiled" });
  const called = heddle.integrateSync(
    (x, y, { a }) => {
      let product = a;
      for (const factor of [x, Math.exp(-y)]) product *= factor;
      return product;
    },
    box,
    options,
  );
  assert.is(called.integrand.kind, "callback");
  assert.ok(Math.abs(called.value - value) < 1e-14);
  const sum = (x: number, y: number): number => [x, y].reduce((a, b) => a + b, 0);
  const mixed = heddle.integrateSync([sum, "x*y", sum, (x, y) => x - y], SQUARE, QUICK);
  for (const [c, exact] of [3, 1, 3, -1].entries()) assert.ok(Math.abs(mixed.values[c]! - exact) <= mixed.errors[c]!);
});

test("compiled once: over boxes that name the same variables", () => {
  const f = compile("a*x*y", { variables: ["x", "y"], parameters: ["a"] });
  assert.equal([f.variables, f.parameters, f.use], [["x", "y"], ["a"], { kind: "compiled" }]);
  isRight(heddle.integrateSync(f, SQUARE, { ...QUICK, parameters: { a: 3 } }), 3);
  isRight(heddle.integrateSync(f, { x: [0, 1], y: ["x", 1] }, { ...QUICK, parameters: { a: 8 } }), 1);
  isRight(
    heddle.integrateSync(
      compile((x, y) => x + y, { variables: ["x", "y"] }),
      SQUARE,
      QUICK,
    ),
    3,
  );
  isRight(heddle.integrateSync(compile("t^2", { variable: "t" }), { t: [0, 3] }), 9);
  const list = heddle.integrateSync([f, "a + x"], SQUARE, { ...QUICK, parameters: { a: 1 } });
  assert.ok(Math.abs(list.values[0]! - 1) <= list.errors[0]!);
  const refused = (call: () => unknown, message: RegExp): void =>
    assert.throws(call, (error: unknown) => error instanceof ArgumentError && message.test(error.message));
  refused(
    () => heddle.integrateSync(f, { y: [0, 1], x: [0, 1] }, { parameters: { a: 1 } }),
    /expected a box of x, y, .* got one of y, x/,
  );
  refused(() => heddle.integrateSync(f, 0, 1, { parameters: { a: 1 } }), /pass a box, \{ x: \[0, 1\], y: \[0, 1\] \}/);
  refused(() => compile("x", { variables: ["x", "x"] }), /`variables\[1\]`/);
  refused(() => compile("x", { variables: [] }), /1 to 64 variables/);
  assert.throws(() => compile("x*z", { variables: ["x", "y"] }), /unknown name `z`/);
});

test("what a callback throws, or returns, ends the call and names the place", () => {
  const refused = (f: (x: number, y: number) => unknown, message: RegExp): void =>
    assert.throws(
      () => heddle.integrateSync(f as (x: number, y: number) => number, SQUARE, QUICK),
      (error: unknown) => error instanceof IntegrandError && message.test(error.message),
    );
  refused((x) => JSON.parse(`{${x}`), /threw SyntaxError.*, at x = 0\.\d+, y = [01]\.\d+/);
  refused((_x, y) => (y > 1 ? "no" : [0][0]), /got "no" at x = 0\.\d+, y = 1\.\d+/);
  isRight(heddle.integrateSync("x*y", SQUARE, QUICK), 1);
});

test("exports are called", async () => {
  const module = await assemble(`(module
    (func (export "f") (param f64 f64) (result f64) (f64.mul (local.get 0) (local.get 1)))
    (func (export "g") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
    (func (export "one") (param f64) (result f64) (local.get 0)))`);
  const f = { module, export: "f" };
  const result = heddle.integrateSync(f, SQUARE, QUICK);
  isRight(result, 1);
  assert.is(result.integrand.kind, "called");
  isRight(
    heddle.integrateSync({ module: new WebAssembly.Module(module), export: "g" }, { x: [0, 1], y: [0, "2"] }, QUICK),
    3,
  );
  const { values } = heddle.integrateSync([f, { module, export: "g" }, "x - y"], SQUARE, QUICK);
  assert.equal(
    values.map((value) => Math.round(1000 * value)),
    new Float64Array([1000, 3000, -1000]),
  );
  assert.throws(
    () => heddle.integrateSync({ module, export: "one" }, SQUARE),
    (error: unknown) => error instanceof WasmError && /\(f64, f64\) -> f64/.test(error.message),
  );
  assert.throws(
    () => heddle.integrateSync({ module: new WebAssembly.Module(module), export: "one" }, SQUARE),
    /found another/,
  );
  assert.throws(() => heddle.integrateSync({ module, export: "h" }, SQUARE), /"f", "g", "one"/);
});

test("an empty range is 0, with nothing evaluated", async () => {
  const { value, error, evaluations, status } = await heddle.integrate("x/0", { x: [0, 1], y: [3, 3] });
  assert.equal([value, error, evaluations, status], [0, 0, 0, "converged"]);
  assert.equal(heddle.integrateSync(["1", "x"], { x: [0, 1], y: [INFINITY, INFINITY] }).values, new Float64Array(2));
  assert.equal(heddle.integrateSync({ re: "1", im: "x" }, { x: [2, "2"] }).value, { re: 0, im: 0 });
});

test("values that are not finite: a status, and the first place in the caller's variables", () => {
  const result = heddle.integrateSync("sqrt(x + y - 100)", { x: [0, 1], y: ["x", INFINITY] }, QUICK);
  assert.is(result.status, "not-finite");
  assert.ok(Number.isNaN(result.value));
  assert.is(result.error, INFINITY);
  const { x, y } = result.nonFinite!.point as { x: number; y: number };
  assert.ok(x > 0 && x < 1 && y > x && x + y < 100);
  assert.match(result.reason, new RegExp(`x = ${x}, y = ${y}`));
});

test("the budget, and the time, give what there is", () => {
  const hard = "cos(1000*x*y)^2/(x + y)";
  const spent = heddle.integrateSync(hard, SQUARE, { ...QUICK, relativeTolerance: 1e-12, maximumEvaluations: 1e5 });
  assert.is(spent.status, "budget");
  assert.ok(spent.evaluations <= 1e5);
  assert.ok(Number.isFinite(spent.value) && spent.error > 0);
  const late = heddle.integrateSync(hard, SQUARE, {
    ...QUICK,
    relativeTolerance: 1e-15,
    maximumEvaluations: 1e9,
    maximumTime: 20,
  });
  assert.is(late.status, "budget");
  assert.match(late.reason, /20 ms/);
});

test("the same bits at once and in stretches, and progress that ends with the result", async () => {
  const options = { ...QUICK, relativeTolerance: 1e-9, maximumEvaluations: 3e6 };
  const seen: SeveralProgress[] = [];
  const f = "exp(-x*y)/(1 + x + y)";
  const { value, error, evaluations } = await heddle.integrate(
    f,
    { x: [1, 0], y: [0, 2] },
    { ...options, onProgress: (now) => seen.push(now) },
  );
  const sync = heddle.integrateSync(f, { x: [1, 0], y: [0, 2] }, options);
  assert.equal([sync.value, sync.error, sync.evaluations], [value, error, evaluations]);
  const last = seen.at(-1)!;
  assert.equal([last.values[0], last.errors[0], last.evaluations], [value, error, evaluations]);
  for (const { values } of seen) assert.ok(!(values[0]! > 0));
});

test("the same seed, the same bits; another seed, others", () => {
  const value = (seed?: number): number =>
    heddle.integrateSync("exp(x*y)", SQUARE, { ...QUICK, ...(seed === undefined ? {} : { seed }) }).value;
  assert.is(value(), value(0));
  assert.is(value(7), value(7));
  assert.is.not(value(7), value(8));
});

test("an abort rejects with its reason", async () => {
  const reason = new Error("enough");
  const options = { ...QUICK, relativeTolerance: 1e-15, maximumEvaluations: 1e9 };
  const controller = new AbortController();
  const promise = heddle.integrate("cos(100*x*y)", SQUARE, { ...options, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 5);
  let got: unknown;
  try {
    await promise;
  } catch (error) {
    got = error;
  }
  assert.is(got, reason);
  isRight(heddle.integrateSync("x*y", SQUARE, QUICK), 1);
});

const WRONG: readonly [what: string, f: unknown, box: unknown, options: unknown, message: RegExp][] = [
  ["no variables", "1", {}, {}, /1 to 64 variables in `box`, got 0/],
  ["a range that is none", "1", { x: 3 }, {}, /`box\.x` must be a range of two bounds/],
  ["three bounds", "1", { x: [0, 1, 2] }, {}, /`box\.x` must be/],
  ["NaN", "1", { x: [0, Number.NaN] }, {}, /`box\.x\[1\]` must be a number, Infinity included, or an expression/],
  ["a bound that is NaN", "1", { x: [0, "sqrt(-1)"] }, {}, /`box\.x\[1\]` must be a number/],
  ["a bound of no number", "1", { x: [0, {}] }, {}, /`box\.x\[1\]` must be a number/],
  ["too wide", "1", { x: [-1.7e308, 1.7e308] }, {}, /split the range/],
  ["a bound of a later variable", "1", { x: [0, "y"], y: [0, 1] }, {}, /got `y` in "y"; write `y` before `x`/],
  ["a bound of its own variable", "1", { x: [0, "x"] }, {}, /of parameters alone for `box\.x\[1\]`, got `x`/],
  ["a variable that is a constant", "1", { pi: [0, 1] }, {}, /may not be called `pi`/],
  ["a parameter that is a variable", "x", { x: [0, 1], y: [0, 1] }, { parameters: { x: 1 } }, /got `x`/],
  ["break points as a list", "1", SQUARE, { breakPoints: [0.5] }, /an object by variable, such as \{ x: \[0\.5\] \}/],
  ["break points of nothing", "1", SQUARE, { breakPoints: { z: [0.5] } }, /variables of the box \(x, y\), got `z`/],
  ["a scale of nothing", "1", SQUARE, { scale: { x: 0 } }, /`scale\.x` must be a positive number/],
  ["a center nowhere", "1", SQUARE, { center: { x: INFINITY } }, /`center\.x` must be a finite number/],
  ["a rule of fixed panels", "1", SQUARE, { rule: "simpson" }, /"genz-malik"/],
  ["a rule for one variable", "1", SQUARE, { rule: "gauss-kronrod" }, /one for 2 variables/],
  ["a seed", "1", SQUARE, { seed: -1 }, /whole number from 0 to 2\^53 - 1/],
  ["panels", "1", SQUARE, { points: 10 }, /fixed number of panels is for one variable/],
  ["a variable", "1", SQUARE, { variable: "x" }, /the box names the variables/],
  ["no integrand", [], SQUARE, {}, /1 to 64 integrands, got 0/],
  ["a list with nothing in it", ["1", undefined], SQUARE, {}, /`f\[1\]` must be an expression/],
  ["half a complex number", { re: "1" }, SQUARE, {}, /`f\.im` must be an integrand/],
  ["more than a complex number", { re: "1", im: "0", j: "1" }, SQUARE, {}, /got `j` besides/],
  ["a number", 3, SQUARE, {}, /`f` must be an expression/],
  [
    "too many arguments",
    (x: number, y: number, p: object, more: number) => x + y + more + Number(p),
    SQUARE,
    {},
    /takes 4 arguments; write \(x, y, \{ a, b \}\)/,
  ],
  ["an argument taken apart", (_x: number, { y }: { y: number }) => y, SQUARE, {}, /argument 2 is y, a number/],
];

for (const [what, f, box, options, message] of WRONG) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => heddle.integrateSync(f as string, box as Box, options as SeveralOptions),
      (error: unknown) => error instanceof ArgumentError && message.test(error.message),
    );
  });
}

test("an unknown name shows its place; in a bound, too", () => {
  for (const box of [{ x: [0, 1] }, { x: [0, "z"] }] as readonly Box[]) {
    assert.throws(
      () => heddle.integrateSync("x*z", box),
      (error: unknown) => error instanceof ExpressionError && /unknown name `z`/.test(error.message),
    );
  }
});

test("options are read once, and from the object itself", () => {
  const inherited = Object.create({ seed: "nonsense" });
  isRight(heddle.integrateSync("x*y", SQUARE, Object.assign(inherited, QUICK)), 1);
});

test("one text, one function, read before for other variables, parameters and ranges, is read for these", () => {
  const text = "x * y^2 * a";
  const arrow = (x: number, y: number, { a = 0 }) => x * y ** 2 * a;
  for (let again = 0; again < 2; again++) {
    for (const f of [text, arrow]) {
      const integral = (box: Box, a: number): void => {
        const { x, y } = box as Record<string, [number, number]>;
        const [[p, q], [r, s]] = [x!, y!];
        const exact = ((a * (q ** 2 - p ** 2)) / 2) * ((s ** 3 - r ** 3) / 3);
        isRight(heddle.integrateSync(f as string, box, { parameters: { a } }), exact);
      };
      integral({ x: [0, 1], y: [0, 2] }, 1);
      integral({ x: [0, 2], y: [0, 1] }, 3);
      if (f === text) integral({ y: [0, 1], x: [0, 2] }, 1);
    }
    isRight(heddle.integrateSync(text, { x: [0, 1], y: [0, 1], a: [0, 1] }), 1 / 12);
    assert.throws(() => heddle.integrateSync(text, SQUARE), /unknown name `a`/);
    assert.throws(() => heddle.integrateSync(arrow, { x: [0, 1] } as Box), /takes 3 arguments/);
  }
});

test("results of a list are arrays of their own", () => {
  const one: ComponentsResult = heddle.integrateSync(["1"], SQUARE, QUICK);
  one.values[0] = 5;
  assert.is(heddle.integrateSync(["1"], SQUARE, QUICK).values[0], 2);
});

test.after(() => heddle.close());

test.run();
