/** Functions as integrands: those that are arithmetic have the bits of their texts, the others those of plain JavaScript in the same order. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ArgumentError,
  evaluate,
  FunctionError,
  type IntegrandError,
  integrate,
  integrateSync,
  type Rule,
} from "../../ts/index.js";
import type { AnyFunction } from "../../ts/inline-function.js";
import { integrandOfFunction } from "../../ts/integrate/function-integrand.js";
import { integrandOf } from "../../ts/integrate/integrand.js";
import type { IntegrandFunction } from "../../ts/types.js";
import { failureOf, inContext, inContextFor, LEISURELY, onDeath, resultBits, until, WAYS } from "../runtime/library.js";

const STRESS = process.env.STRESS === "1";
const RUNS = STRESS ? 2000 : 150;

/** The ten of the bench, in both spellings. */
const TEN: readonly (readonly [text: string, f: IntegrandFunction])[] = [
  ["x^2", (x) => x ** 2],
  ["1/(1+x^2)", (x) => 1 / (1 + x ** 2)],
  ["sin(x)", (x) => Math.sin(x)],
  ["exp(-x^2)", (x) => Math.exp(-(x ** 2))],
  ["log(1+x)", (x) => Math.log(1 + x)],
  ["sqrt(x)", (x) => Math.sqrt(x)],
  ["x^3*exp(-x)", (x) => x ** 3 * Math.exp(-x)],
  ["sin(x)*cos(3*x)/(1+x)", (x) => (Math.sin(x) * Math.cos(3 * x)) / (1 + x)],
  ["x^2.5", (x) => x ** 2.5],
  ["tanh(x)", (x) => Math.tanh(x)],
];

for (const [text, f] of TEN) {
  test(`functions: ${f} is compiled to what the text ${text} is`, () => {
    const result = integrateSync(f, 0, 10, { points: 100_000 });
    assert.is(resultBits(result), resultBits(integrateSync(text, 0, 10, { points: 100_000 })));
    assert.equal(result.integrand, { kind: "compiled" });
    assert.is(integrandOfFunction(f, [], false), integrandOf(text, "x", []), "one module for both");
  });
}

test("functions: names of parameters may be those of the language", () => {
  const parameters = { e: 2, sin: 3, pi: 4, _$: 5 };
  const f = (x: number, { e, sin, pi, _$ }: typeof parameters) => e * x + sin + pi * _$;
  assert.is(integrateSync(f, 0, 1, { points: 64, parameters }).value, 24);
  assert.equal(evaluate(f, [1, 2], { parameters }), new Float64Array([25, 27]));
});

test("functions: `variable` is for texts", () => {
  const error = errorOf(() => integrateSync((x: number) => x, 0, 1, { points: 1, variable: "x" }));
  assert.instance(error, ArgumentError);
  assert.match(error.message, "whose first argument is the variable");
});

test("functions: what is closed over is named, and how to pass it", async () => {
  const k = 3;
  const error = (await failureOf(integrate((x) => k * x, 0, 1, { points: 10 }))) as Error;
  assert.instance(error, ArgumentError);
  assert.match(error.message, "refers to `k`, which stands outside it");
  assert.match(error.message, "(x, { k }) => …, with `parameters: { k }`");
});

/** Loops make them callbacks; exact operations, so that the text has the same bits. */
const CALLBACKS: readonly (readonly [text: string, f: IntegrandFunction])[] = [
  ["x*x", (x) => { let y = 1; for (let i = 0; i < 2; i++) y *= x; return y; }],
  ["1/(1+x*x)", (x) => { let y = x; y *= x; return 1 / (1 + y); }],
  ["1/x", (x) => { const y = [x]; return 1 / y[0]!; }],
  ["sqrt(x)", (x) => [x].map((each) => Math.sqrt(each))[0]!],
  ["(x-0.3)*(x+7)/(x*x+0.01)", (x) => { let y = 1; y *= x - 0.3; y *= x + 7; return y / (x * x + 0.01); }],
]; // biome-ignore format: one each line

const RULES: readonly Rule[] = [
  "left",
  "right",
  "midpoint",
  "trapezoid",
  "simpson",
  "boole",
  { gauss: 1 },
  { gauss: 5 },
];

/** All that both promise. */
function compare([text, f]: (typeof CALLBACKS)[number], rule: Rule, a: number, b: number, points: number): void {
  const expected = integrateSync(text, a, b, { points, rule });
  const got = integrateSync(f, a, b, { points, rule });
  const what = `${text}, ${JSON.stringify(rule)}, ${a} to ${b}, N = ${points}`;
  assert.is(resultBits(got), resultBits(expected), what);
  assert.equal(
    [got.nonFinite, got.status, got.reason, got.evaluations],
    [expected.nonFinite, expected.status, expected.reason, expected.evaluations],
    what,
  );
}

for (const rule of RULES) {
  test(`callbacks: ${JSON.stringify(rule)} at every boundary of N`, () => {
    for (const points of [1, 2, 3, 15, 16, 17, 31, 33, 4095, 4096, 4097, 16_384, 16_385, 40_001]) {
      for (const integrand of CALLBACKS) compare(integrand, rule, -1, 1.5, points);
      compare(CALLBACKS[2]!, rule, 0, 1, points);
    }
  });
}

test("callbacks: narrow ranges, wide ones, any", () => {
  for (const rule of RULES) {
    for (const [a, b] of [[1, 1 + 2 ** -52], [1, 1 + 2 ** -40], [-1e300, 1e300], [0, 1e-320], [3, -2]] as const) {
      for (const points of [1, 16, 5000]) compare(CALLBACKS[1]!, rule, a, b, points);
    }
  } // biome-ignore format: short
  const bound = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom(...CALLBACKS),
      fc.constantFrom(...RULES),
      bound,
      bound,
      fc.integer({ min: 1, max: 9000 }),
      compare,
    ),
    { numRuns: RUNS },
  );
});

for (const [way, options] of WAYS) {
  test(`callbacks: the same bits ${way}, with parameters that differ from call to call`, () =>
    inContextFor(way, async (heddle) => {
      const f = (x: number, { a, b }: { a: number; b: number }) => {
        let y = a;
        y *= x * x;
        return y + b;
      };
      for (const parameters of [
        { a: 2, b: 1 },
        { b: -1, a: 0.5 },
        { a: 3, b: 0 },
      ]) {
        const points = 200_000;
        const result = await heddle.integrate(f, 0, 4, { ...options, points, parameters });
        assert.is(resultBits(result), resultBits(integrateSync("a*(x*x) + b", 0, 4, { points, parameters })));
        assert.equal(result.integrand, { kind: "callback", reason: "`y *= x * x;` does more than to compute a value" });
      }
    }));

  test(`callbacks: an error of the function rejects the call ${way}, and the next one works`, () =>
    inContextFor(way, async (heddle) => {
      const used = heddle.info().memory.used;
      for (const [f, message] of FAILURES) {
        const call = heddle.integrate(f as IntegrandFunction, 0, 10, { ...options, points: 100_000 });
        const error = (await failureOf(call)) as IntegrandError;
        assert.is(error.name, "IntegrandError", String(f));
        assert.is(error.code, "ERR_INTEGRAND");
        assert.match(error.message, message);
        assert.type(error.x, "number");
        assert.ok(error.message.includes(`x = ${error.x}`), error.message);
      }
      const good = await heddle.integrate((x) => Math.max(...[x]), 0, 2, { ...options, points: 1024 });
      assert.is(good.value, 2);
      assert.is(good.restarts, 0);
      // What stays is a buffer for each thread that has called back.
      const threads = way === "on threads" ? 2 : 1;
      await until(() => heddle.info().memory.used <= used + threads * 16_400);
    }));
}

test("callbacks: workers killed under way: the same bits, and what they had comes back", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const used = heddle.info().memory.used;
    const options = { points: 40_000, threads: 2 };
    let deaths = 0;
    onDeath(heddle, () => deaths++);
    const victims = [...heddle.info().workers];
    // When they are at it.
    const onProgress = () => {
      for (const worker of victims.splice(0)) heddle.killWorker(worker);
    };
    const result = await heddle.integrate(LEISURELY, 0, 4, { ...options, onProgress });
    assert.is(resultBits(result), resultBits(integrateSync("x*x", 0, 4, options)));
    assert.is(deaths, 2);
    assert.ok(result.restarts > 0);
    // The buffers of the two that are there now.
    await until(() => heddle.info().memory.used <= used + 2 * 16_400);
  }));

const FAILURES: readonly (readonly [f: (x: number) => unknown, message: RegExp])[] = [
  [(x) => { if (x > 5) throw new TypeError("no more"); return x; }, /^the integrand threw TypeError: no more, at x = /],
  [(x) => { if (x > 5) throw "text"; return x; }, /^the integrand threw "text", at x = /],
  [(x) => (JSON.parse("null") as { y: number }).y + x, /threw TypeError: Cannot read/],
  [function deep(x): number { return deep(x) + 1; }, /threw RangeError: Maximum call stack/],
  [(x) => { for (;;) if (x > 5) return undefined; else return x; }, /got undefined at x = .*is a `return` missing/],
  [(x) => [x > 5][0], /got (true|false) at x = .*write `condition \? 1 : 0`/],
  [(x) => String(x), /got "/],
  [(x) => BigInt(Math.trunc(x)), /got \d+n at/],
  [(x) => Promise.resolve(x), /got a promise at x = .*nobody waits/],
]; // biome-ignore format: one each line

test("callbacks: on the calling thread the error has its cause", async () => {
  const error = (await failureOf(
    integrate(FAILURES[0]![0] as IntegrandFunction, 0, 10, { points: 10 }),
  )) as IntegrandError;
  assert.instance(error.cause, TypeError);
});

test("callbacks: parameters are frozen, so that no point can depend on another", () => {
  const f = (x: number, p: { a: number }) => {
    p.a += 1;
    return x;
  };
  const error = errorOf(() => integrateSync(f, 0, 1, { points: 10, parameters: { a: 1 } }));
  assert.match(error.message, /threw TypeError: Cannot assign to read only property 'a'/);
});

test("callbacks: evaluate calls back, for odd counts and for many", () => {
  const f = (x: number) => [x].reduce((sum, each) => sum + each * each, 0);
  assert.equal(evaluate(f, [1, 2, 3]), new Float64Array([1, 4, 9]));
  const many = Float64Array.from({ length: 10_001 }, (_, index) => index);
  assert.equal(
    evaluate(f, many),
    many.map((x) => x * x),
  );
  assert.equal(evaluate(f, []), new Float64Array(0));
});

test("functions: async, built in and bound ones are refused", () => {
  for (const f of [async () => 1, Math.sin, ((x: number) => x).bind(null), class {}]) {
    assert.instance(
      errorOf(() => integrateSync(f as unknown as IntegrandFunction, 0, 1, { points: 1 })),
      FunctionError,
    );
    assert.instance(
      errorOf(() => evaluate(f as unknown as IntegrandFunction, [1])),
      FunctionError,
    );
  }
});

test("functions: each text is read once", () => {
  const of = (f: AnyFunction, names: string[] = []) => integrandOfFunction(f, names, false);
  assert.is(
    of((x: number) => x + 1),
    of((x: number) => x + 1),
  );
  assert.is(
    of((x: number) => [x][0]),
    of((x: number) => [x][0]),
  );
  assert.is.not(
    of((x: number) => [x][0]),
    of((x: number) => [x][0], ["a"]),
  );
});

function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected the call to throw");
}

test.run();
