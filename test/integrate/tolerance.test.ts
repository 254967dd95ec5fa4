/** Integrals to a tolerance through the front door: right where they say so, and honest where they do not. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ArgumentError,
  createHeddle,
  IntegrandError,
  type ToleranceOptions,
  type ToleranceStatus,
} from "../../ts/index.js";
import { computeHere } from "../runtime/library.js";

const heddle = createHeddle({ threads: 1 });
// The bundle of a test has no workers beside it.
computeHere(heddle);
const { POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY } = Number;

/** Integrals with closed forms. Those of QUADPACK's book are marked Q, with their number there. */
const RIGHT: readonly [f: string, a: number, b: number, exact: number, options?: ToleranceOptions][] = [
  ["exp(x)", 0, 1, Math.E - 1],
  ["exp(x)", 1, 0, 1 - Math.E],
  ["a*x^2", 0, 3, 18, { parameters: { a: 2 } }],
  ["x^0.1*log(1/x)", 0, 1, 1.1 ** -2], // Q 1
  ["4^-3/((x-pi/4)^2+16^-3)", 0, 1, Math.atan((4 - Math.PI) * 16) + Math.atan(Math.PI * 16)], // Q 2
  ["abs(x-1/3)^0.5", 0, 1, ((2 / 3) ** 1.5 + (1 / 3) ** 1.5) / 1.5], // Q 5
  ["1/sqrt(x)", 0, 1, 2],
  ["x^-0.99", 0, 1, 100],
  ["x^-0.999", 0, 1, 1000],
  ["log(x)/sqrt(x)", 0, 1, -4],
  ["1/(x*log(x)^2)", 0, 0.5, 1 / Math.LN2],
  ["1/sqrt(abs(x^2-0.5))", 0, 1, Math.PI / 2 + Math.log(1 + Math.SQRT2)],
  ["1/(x*log(x)^2)", 2, INFINITY, 1 / Math.LN2],
  ["1/sqrt(1-x^2)", -1, 1, Math.PI],
  ["log(1-x)", 0, 1, -1],
  ["(1-x)^-0.8", 0, 1, 5],
  ["(1-x)^-0.99", 0, 1, 100],
  ["(b-x)^-0.9*(x-a)^-0.9", 2, 3, 19.71463948905016, { parameters: { a: 2, b: 3 } }],
  ["abs(x-1/3)^-0.8", 0, 1, 5 * ((1 / 3) ** 0.2 + (2 / 3) ** 0.2)],
  ["abs(x-c)^-0.9", 0, 1, 10 * (0.3 ** 0.1 + 0.7 ** 0.1), { parameters: { c: 0.3 } }],
  ["x<c?0:1", 0, 1, 0.7, { parameters: { c: 0.3 }, effort: "fast" }],
  ["1/sqrt(abs(x^2-0.25))", 0, 1, Math.PI / 2 + Math.acosh(2)],
  ["x^2*exp(x)/(exp(x)-1)^2", 0, INFINITY, Math.PI ** 2 / 3],
  ["exp(-x^2)", NEGATIVE_INFINITY, INFINITY, Math.sqrt(Math.PI)],
  ["exp(-(x-800)^2/2)", NEGATIVE_INFINITY, INFINITY, Math.sqrt(2 * Math.PI)],
  ["1/(1+x^2)", 0, INFINITY, Math.PI / 2],
  ["exp(x)", NEGATIVE_INFINITY, 0, 1],
  ["x^-1.01", 1, INFINITY, 100],
  ["1/(sqrt(x)*(1+x))", 0, INFINITY, Math.PI],
  ["exp(-x)/sqrt(x)", 0, INFINITY, Math.sqrt(Math.PI)],
  ["x^3/(exp(x)-1)", 0, INFINITY, Math.PI ** 4 / 15],
  ["sin(x)/x", 0, INFINITY, Math.PI / 2],
  ["sin(x)/x", NEGATIVE_INFINITY, INFINITY, Math.PI],
  ["sin(x)/x", 0, INFINITY, Math.PI / 2, { effort: "fast" }],
  ["sin(x)/x", 0, INFINITY, Math.PI / 2, { effort: "careful" }],
  ["sin(1000*x)/x", 0, INFINITY, Math.PI / 2],
  ["sin(x/1000)/x", 0, INFINITY, Math.PI / 2],
  ["cos(x^2)", 0, INFINITY, Math.sqrt(Math.PI / 8)],
  ["cos(x)/(1+x^2)", NEGATIVE_INFINITY, INFINITY, Math.PI / Math.E],
  ["cos(pi*x/2)/sqrt(x)", 0, INFINITY, 1],
  ["sin(1/x)/x", 0, 1, 0.6247132564277136],
  ["log(1/x)^-0.9", 0, 1, 9.51350769866873],
  ["floor(x)", 0, 10, 45],
  ["floor(x)", 0, 10, 45, { breakPoints: [1, 2, 3, 4, 5, 6, 7, 8, 9] }],
  ["exp(-1e6*(x-0.5)^2)", 0, 1, Math.sqrt(Math.PI) / 1e3],
  ["exp(-((x-1e6)/3)^2)", NEGATIVE_INFINITY, INFINITY, 3 * Math.sqrt(Math.PI), { center: 1e6 }],
  ["exp(-abs(x)/1e9)", NEGATIVE_INFINITY, INFINITY, 2e9, { scale: 1e9 }],
  ["cos(100*x)", 0, 1, Math.sin(100) / 100, { effort: "fast" }],
  ["cos(100*x)", 0, 1, Math.sin(100) / 100, { effort: "careful" }],
  ["cos(100*x)", 0, 1, Math.sin(100) / 100, { effort: "paranoid" }],
];

for (const [f, a, b, exact, options] of RIGHT) {
  test(`${f} from ${a} to ${b} ${options === undefined ? "" : JSON.stringify(options)}`, () => {
    const { value, error, status, l1, evaluations } = heddle.integrateSync(f, a, b, options);
    assert.is(status, "converged");
    assert.ok(Math.abs(value - exact) <= error + 1e-14 * l1, `${value}, off by ${value - exact}, error ${error}`);
    assert.ok(error <= 1e-10 * Math.abs(value));
    assert.ok(evaluations > 0);
  });
}

const REFUSED: readonly [f: string, a: number, b: number, status: ToleranceStatus][] = [
  ["1/x", 0, 1, "divergent"],
  ["1/x^2", 0, 1, "divergent"],
  ["1/(x-0.3)", 0, 1, "divergent"],
  ["tan(x)", 0, 3, "divergent"],
  ["1/x", 1, INFINITY, "divergent"],
  ["1", 0, INFINITY, "divergent"],
  ["1/(x*log(x)*log(log(x))^2)", 20, INFINITY, "tolerance-not-reached"],
  ["1/(x*log(x))", 0, 0.5, "tolerance-not-reached"],
  ["exp(x)", 0, INFINITY, "not-finite"],
  ["sqrt(x)", -1, 1, "not-finite"],
  ["sin(x)", 0, INFINITY, "budget"],
  ["x*cos(x)", 0, INFINITY, "budget"],
  ["sin(x)*(1+1/x)", 1, INFINITY, "budget"],
  ["sin(x)^2/x", 1, INFINITY, "budget"],
  ["sin(1e15*x)", 0, 1, "budget"],
  ["x", -1, 1, "round-off-limit"],
];

for (const [f, a, b, expected] of REFUSED) {
  test(`${f} from ${a} to ${b}: ${expected}`, () => {
    const { value, error, status, reason } = heddle.integrateSync(f, a, b, { maximumEvaluations: 100_000 });
    assert.is(status, expected, reason);
    const isLost = status === "divergent" || status === "not-finite";
    assert.is(Number.isNaN(value), isLost);
    if (isLost) assert.is(error, INFINITY);
  });
}

test("waves towards points other than 0, and faster and faster ones", () => {
  for (const [f, a, b, exact] of [
    ["sin(1/(1-x))", 0, 1, 0.5040670619069284],
    ["cos(1/(x-2))", 2, 3, -0.08441095055957389],
    ["sin(1/(2-x))/sqrt(2-x)", 1, 2, 0.5714732926457052],
    ["cos(x^3)", 0, INFINITY, 0.7733429420779898],
  ] as const) {
    const { value, error, status } = heddle.integrateSync(f, a, b);
    assert.is(status, "converged", f);
    assert.ok(Math.abs(value - exact) <= Math.max(error, 1e-15), `${f}: ${value}, ${exact} is exact`);
  }
});

test("what is 0 at all points of the first pass is looked at near the ends, too", () => {
  const line: [number, number] = [Number.NEGATIVE_INFINITY, INFINITY];
  for (const [f, a, b, exact] of [
    ["exp(-1e12*x)", 0, INFINITY, 1e-12],
    ["exp(-x*x*1e20)", ...line, Math.sqrt(Math.PI) * 1e-10],
  ] as const) {
    for (const effort of ["fast", "normal"] as const) {
      const { value, status } = heddle.integrateSync(f, a, b, { effort });
      assert.is(status, "converged", f);
      assert.ok(Math.abs(value - exact) < 1e-9 * exact, `${f}: ${value}`);
    }
  }
  assert.equal(heddle.integrateSync("0*x", ...line).value, 0);
});

test("at once and in stretches: the same bits, and progress that ends with the result", async () => {
  for (const [f, a, b, , options] of RIGHT) {
    const seen: number[] = [];
    const result = await heddle.integrate(f, a, b, {
      ...options,
      onProgress: ({ value, evaluations }) => seen.push(value, evaluations),
    });
    const again = heddle.integrateSync(f, a, b, options);
    assert.is(result.value, again.value);
    assert.is(result.error, again.error);
    assert.equal(seen.slice(-2), [result.value, result.evaluations]);
  }
});

test("functions and texts give the same; functions that are called back are integrated too", () => {
  const text = heddle.integrateSync("exp(-a*x)", 0, INFINITY, { parameters: { a: 2 } });
  const fn = heddle.integrateSync((x, { a }) => Math.exp(-a * x), 0, INFINITY, { parameters: { a: 2 } });
  assert.is(fn.value, text.value);
  const called = heddle.integrateSync(
    (x) => {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += x ** k;
      return sum;
    },
    0,
    1,
  );
  assert.is(called.integrand.kind, "callback");
  assert.ok(Math.abs(called.value - 11 / 6) < 1e-14);
});

test("what a callback throws ends the call, and the next one is well", () => {
  const thrower = (x: number): number => {
    if (x > 0.5) throw new RangeError("too far");
    return x;
  };
  assert.throws(
    () => heddle.integrateSync(thrower, 0, 1),
    (error: unknown) => error instanceof IntegrandError,
  );
  assert.is(heddle.integrateSync(thrower, 0, 0.5).status, "converged");
});

test("equal bounds are 0, with nothing evaluated", async () => {
  const { value, evaluations, status } = heddle.integrateSync("1/x", 0, 0);
  assert.equal([value, evaluations, status], [0, 0, "converged"]);
  assert.is((await heddle.integrate("1/x", 0, 0)).value, 0);
});

test("an odd integrand ends by rounding; an absolute tolerance makes it converge", () => {
  const odd = heddle.integrateSync("sin(x)", -1, 1);
  assert.is(odd.status, "round-off-limit");
  assert.match(odd.reason, "give it an `absoluteTolerance`");
  const steep = heddle.integrateSync("exp(x)", 0, 1, { relativeTolerance: 0 });
  assert.is(steep.status, "round-off-limit");
  assert.not.match(steep.reason, "absoluteTolerance");
  assert.is(heddle.integrateSync("sin(x)", -1, 1, { absoluteTolerance: 1e-10 }).status, "converged");
});

test("the budget of evaluations is kept, but for the first pass", () => {
  for (const maximumEvaluations of [1, 2000, 30_000]) {
    const { evaluations, status } = heddle.integrateSync("sin(1e15*x)", 0, 1, { maximumEvaluations });
    assert.is(status, "budget");
    assert.ok(evaluations <= Math.max(maximumEvaluations, 64 * 21) + 4 * 60 * 21, String(evaluations));
  }
});

test("a function that seems to be 0 is looked at closely, or the budget is over", () => {
  for (const maximumEvaluations of [1, 2000, 5000, 100_000]) {
    const { evaluations, status, value } = heddle.integrateSync("0*x", 0, 1, { maximumEvaluations });
    assert.ok(evaluations <= Math.max(maximumEvaluations, 64 * 21), `${evaluations} of ${maximumEvaluations}`);
    assert.equal([status, value], ["budget", 0]);
  }
  assert.is(heddle.integrateSync("0*x", 0, 1).status, "converged");
});

test("a sum too large for a double is not finite, whatever the rule", () => {
  for (const [f, a, b] of [
    ["x", 0, Number.MAX_VALUE],
    ["log(abs(x))", -4e307, 4e307],
    ["log(x)", 1e308, 1.7e308],
  ] as const) {
    for (const rule of ["gauss-kronrod", "tanh-sinh"] as const) {
      const { status, value, error, reason } = heddle.integrateSync(f, a, b, { rule });
      assert.equal([status, value, error], ["not-finite", Number.NaN, INFINITY], `${f} by ${rule}`);
      assert.match(reason, /larger than a double can hold|not finite/);
    }
  }
});

test("tanh-sinh: what is 0 all over has converged, after a look between the nodes", () => {
  for (const [a, b] of [
    [0, 1],
    [0, INFINITY],
    [NEGATIVE_INFINITY, INFINITY],
  ] as const) {
    const { status, value, error, suspects } = heddle.integrateSync("0*x", a, b, { rule: "tanh-sinh" });
    assert.equal([status, value, error, suspects.length], ["converged", 0, 0, 0]);
  }
  const far = heddle.integrateSync("exp(-1e4*(x-0.01)^2)", 0, 1, { rule: "tanh-sinh", effort: "fast" });
  assert.is(far.status, "converged");
});

test("tanh-sinh: a range too narrow for any node is no success, and nothing is known of it", () => {
  const { status, error, evaluations } = heddle.integrateSync("1e200", 0, 1e-305, { rule: "tanh-sinh" });
  assert.equal([status, error, evaluations], ["tolerance-not-reached", INFINITY, 0]);
});

test("time that is over gives what there is", async () => {
  const options = { maximumTime: 1e-6, maximumEvaluations: 1e9 };
  const { status, reason } = heddle.integrateSync("sin(1e15*x)", 0, 1, options);
  assert.is(status, "budget");
  assert.match(reason, /time/);
  assert.is((await heddle.integrate("sin(1e15*x)", 0, 1, options)).status, "budget");
});

test("an abort rejects with its reason, and the context is well after", async () => {
  const controller = new AbortController();
  const call = heddle.integrate("sin(1e15*x)", 0, 1, { maximumEvaluations: 1e9, signal: controller.signal });
  const reason = new Error("no longer wanted");
  setTimeout(() => controller.abort(reason), 20);
  try {
    await call;
    assert.unreachable();
  } catch (error) {
    assert.is(error, reason);
  }
  assert.is((await heddle.integrate("x", 0, 2)).value, 2);
});

const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  relativeTolerance: [-1, Number.NaN, "1e-6", null, INFINITY, 1n],
  absoluteTolerance: [-1, Number.NaN, "1e-6", null, INFINITY],
  maximumEvaluations: [0, -1, 1.5, 1e10, "100", null, Number.NaN],
  maximumTime: [0, -1, Number.NaN, "5", null],
  breakPoints: [3, "0.5", {}, null, new Set([1])],
  "breakPoints[1]": [
    [0.5, "1"],
    [0.5, Number.NaN],
    [0.5, null],
  ].map((list) => ({ list })),
  scale: [0, -1, INFINITY, Number.NaN, "1", null],
  center: [INFINITY, Number.NaN, "0", null],
  effort: ["", "Fast", "toString", 64, null],
  rule: ["midpoint", "double-exponential", "", null, { gauss: 3 }],
};

for (const [name, values] of Object.entries(WRONG)) {
  test(`${name}: what it cannot be is refused by name`, () => {
    for (const value of values) {
      const option = name.replace("[1]", "");
      const given = name === option ? value : (value as { list: unknown }).list;
      try {
        heddle.integrateSync("x", 0, 1, { [option]: given });
        assert.unreachable(`${name} ${String(given)}`);
      } catch (error) {
        assert.instance(error, ArgumentError);
        assert.is((error as ArgumentError).argument, name);
      }
    }
  });
}

test("bounds may be infinite, but no NaN, and their distance finite", () => {
  for (const bound of [Number.NaN, "1", null, undefined]) {
    assert.throws(() => heddle.integrateSync("x", 0, bound as number), /must be a number/);
  }
  assert.throws(() => heddle.integrateSync("x", -1.7e308, 1.7e308), /split the range/);
});

test("break points outside, doubled, unordered", () => {
  const breakPoints = new Float64Array([0.7, 0.3, 0.3, -1, 5, INFINITY]);
  const { value, panels } = heddle.integrateSync("x", 0, 1, { breakPoints, effort: "fast" });
  assert.ok(Math.abs(value - 0.5) < 1e-15);
  assert.is(panels, 3);
});

test("an infinite range is cut at the corners that the text shows, too", () => {
  const exact = 0.234 + 2 * Math.exp(-1.234);
  const { value, evaluations } = heddle.integrateSync("abs(x - 1.234)*exp(-x)", 0, INFINITY);
  assert.ok(Math.abs(value - exact) < 4e-16 * 2 * exact, `${value - exact}`);
  // No panel has had to be halved towards the corner.
  assert.ok(evaluations < 2450, String(evaluations));
});

test.after(() => heddle.close());

test.run();
