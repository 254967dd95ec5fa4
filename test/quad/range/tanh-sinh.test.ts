/** The double-exponential rule: nodes and weights against formulas, what it gets right of the battery, and that it claims nothing that is wrong. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle, type ToleranceOptions } from "../../../ts/index.js";
import { DIVERGENT, INTEGRALS } from "../../battery/index.js";
import { failures, score } from "../../battery/score.js";

const heddle = createHeddle({ threads: 1 });
const RULE = { rule: "tanh-sinh" } as const;

function integrate(f: string, a: number, b: number, options: ToleranceOptions = {}) {
  return heddle.integrateSync(f, a, b, { ...RULE, ...options });
}

for (const effort of ["normal", "careful"] as const) {
  test(`the battery with effort ${effort}: most is right, no claim is wrong`, async () => {
    const counted = await score([...INTEGRALS, ...DIVERGENT], ({ text, range: [a, b], parameters = {} }) =>
      integrate(text, a, b, { effort, parameters }),
    );
    console.log(`${counted.right} of ${counted.asked}, ${counted.wrongClaims} wrong\n${failures(counted)}`);
    assert.is(counted.wrongClaims, 0, failures(counted));
    assert.is(counted.divergentClaims, 0, failures(counted));
    assert.ok(counted.right >= 0.75 * counted.asked, failures(counted));
    assert.ok(counted.honestClaims >= 0.98 * counted.claims, failures(counted));
  });
}

test("the trapezoidal sum of the transformed integrand, on each kind of range", () => {
  const { PI, sinh, cosh, exp, tanh } = Math;
  const u = (t: number): number => (PI / 2) * sinh(t);
  const slope = (t: number): number => (PI / 2) * cosh(t);
  const cases: readonly [
    f: (x: number) => number,
    text: string,
    a: number,
    b: number,
    x: (t: number) => number,
    dx: (t: number) => number,
  ][] = [
    [(x) => 1 / (2 + x), "1/(2+x)", -1, 1, (t) => tanh(u(t)), (t) => slope(t) / cosh(u(t)) ** 2],
    [(x) => exp(-x), "exp(-x)", 0, Number.POSITIVE_INFINITY, (t) => exp(u(t)), (t) => exp(u(t)) * slope(t)],
    [(x) => exp(x), "exp(x)", Number.NEGATIVE_INFINITY, 0, (t) => -exp(u(t)), (t) => exp(u(t)) * slope(t)],
    [
      (x) => exp(-x * x),
      "exp(-x*x)",
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      (t) => sinh(u(t)),
      (t) => cosh(u(t)) * slope(t),
    ],
  ];
  for (const [f, text, a, b, x, dx] of cases) {
    // Two levels only: coarse enough that every node counts.
    const { value, rounds } = integrate(text, a, b, {
      effort: "fast",
      maximumEvaluations: 1e6,
      absoluteTolerance: 1e9,
    });
    const step = 2 ** -(rounds - 1);
    let sum = 0;
    for (let k = Math.round(-4 / step); k <= 4 / step; k++) {
      const term = f(x(k * step)) * dx(k * step);
      if (Number.isFinite(term)) sum += term * step;
    }
    assert.ok(Math.abs(value - sum) < 1e-13 * Math.abs(sum), `${text}: ${value}, ${sum} by the formula`);
  }
});

test("singular at both ends, none of them a fraction of two's powers: the distances are exact", () => {
  const { value, status, rule } = integrate("1/sqrt((x-0.1)*(0.7-x))", 0.1, 0.7);
  assert.is(status, "converged");
  assert.is(rule, "tanh-sinh");
  assert.ok(Math.abs(value - Math.PI) < 1e-14 * Math.PI, String(value));
});

test("break points cut the range into parts", () => {
  const { value, status, panels } = integrate("abs(x-0.3)^-0.5", 0, 1, { breakPoints: [0.5] });
  assert.is(status, "converged");
  // The text's own corner is one more.
  assert.is(panels, 3);
  assert.ok(Math.abs(value - 2 * (Math.sqrt(0.3) + Math.sqrt(0.7))) < 1e-13);
});

test("what grows like the reciprocal of the distance is divergent, at each end", () => {
  for (const [f, a, b] of [
    ["1/x", 0, 1],
    ["1/(1-x)", 0, 1],
    ["1/x", 1, Number.POSITIVE_INFINITY],
    ["1/(x*x)", -1, 0],
  ] as const) {
    assert.is(integrate(f, a, b).status, "divergent", `${f} on ${a} … ${b}`);
  }
});

test("what it cannot do it does not claim: kinks, poles, waves without end; in bounded time", () => {
  for (const [f, a, b] of [
    ["abs(sin(20*x))", 0, 3],
    ["tan(x)", 0, 3],
    ["sin(x)/x", 0, Number.POSITIVE_INFINITY],
  ] as const) {
    const { status, evaluations } = integrate(f, a, b);
    assert.is.not(status, "converged", f);
    assert.ok(evaluations < 200_000, String(evaluations));
  }
});

test("not finite on a part, a small budget, segments", () => {
  assert.is(integrate("sqrt(x)", -1, 1).status, "not-finite");
  assert.is(integrate("exp(x)", 0, 1, { maximumEvaluations: 50 }).status, "budget");
  const { segments } = integrate("exp(x)", 0, 1, { segments: true, breakPoints: [0.5] });
  assert.equal([...segments!.lo], [0, 0.5]);
});

test("a function that is called back: no exact distances, and honest without them", () => {
  const f = (x: number): number => {
    let sum = 0;
    for (const k of [1]) sum += k / Math.sqrt(1 - x);
    return sum;
  };
  const { status, value, error, integrand } = heddle.integrateSync(f, 0, 1, RULE);
  assert.is(integrand.kind, "callback");
  assert.ok(status !== "converged" || Math.abs(value - 2) <= error, `${status} ${value} ${error}`);
});

test.after(() => heddle.close());

test.run();
