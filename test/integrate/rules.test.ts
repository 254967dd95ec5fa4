/** What the table of docs/numerics.md promises of each rule: the degree it is exact for, its order, its evaluations. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrateSync, type Rule } from "../../ts/index.js";
import { GAUSS_POINTS_MAXIMUM } from "../../ts/integrate/gauss.js";
import { evaluationsOf, passesOf, RULE_NAMES } from "../../ts/integrate/rules.js";

/** Degree, order of the error, evaluations of N panels: the table, typed again. */
const TABLE: Record<Extract<Rule, string>, { degree: number; order: number; evaluations: (n: number) => number }> = {
  left: { degree: 0, order: 1, evaluations: (n) => n },
  right: { degree: 0, order: 1, evaluations: (n) => n },
  midpoint: { degree: 1, order: 2, evaluations: (n) => n },
  trapezoid: { degree: 1, order: 2, evaluations: (n) => n + 1 },
  simpson: { degree: 3, order: 4, evaluations: (n) => 2 * n + 1 },
  boole: { degree: 5, order: 6, evaluations: (n) => 4 * n + 1 },
};

/** Powers of t beside powers of (1 - t): polynomials of degree d in [0, 1] without cancellation. Exact value: p! q! / (p + q + 1)! */
function beta(p: number, q: number): number {
  let value = 1 / (p + q + 1);
  for (let k = 1; k <= p; k++) value *= k / (q + k);
  return value;
}

/** x^n by repeated products, as a text. */
function power(base: string, n: number): string {
  return n === 0 ? "1" : Array.from({ length: n }, () => base).join("*");
}

/** |got - expected| in units of 2^-52 of the expected value. */
function ulps(got: number, expected: number): number {
  return Math.abs(got - expected) / Math.abs(expected) / 2 ** -52;
}

test("rules: the table has every rule", () => {
  assert.equal([...RULE_NAMES].sort(), Object.keys(TABLE).sort());
});

for (const [name, { degree, order, evaluations }] of Object.entries(TABLE)) {
  const rule = name as Extract<Rule, string>;

  test(`rules: ${name} is exact to degree ${degree} and not beyond`, () => {
    for (const points of [1, 3, 16, 50]) {
      for (let p = 0; p <= degree; p++) {
        const q = degree - p;
        const text = `${power("x", p)}*${power("(1-x)", q)}`;
        const { value } = integrateSync(text, 0, 1, { points, rule });
        assert.ok(ulps(value, beta(p, q)) <= 8, `${text}, N = ${points}: ${ulps(value, beta(p, q))} ulps off`);
      }
    }
    const beyond = integrateSync(power("x", degree + 1), 0, 1, { points: 1, rule }).value;
    assert.ok(ulps(beyond, 1 / (degree + 2)) > 1e9, `x^${degree + 1} must not come out exact, got ${beyond}`);
  });

  test(`rules: the error of ${name} falls as N^-${order}`, () => {
    const exact = Math.E - 1;
    const errorOf = (points: number): number => Math.abs(integrateSync("exp(x)", 0, 1, { points, rule }).value - exact);
    const [from, to] = order >= 6 ? [2, 8] : [8, 32];
    const measured = Math.log(errorOf(from) / errorOf(to)) / Math.log(to / from);
    assert.ok(Math.abs(measured - order) < 0.1, `measured ${measured}`);
  });

  test(`rules: ${name} costs what the table says`, () => {
    for (const points of [1, 2, 3, 100, 16385, 1e6]) {
      assert.is(evaluationsOf(passesOf(rule), points), evaluations(points));
      const coarse = points === 1 ? 0 : evaluations(Math.ceil(points / 64));
      assert.is(integrateSync("x", 0, 1, { points, rule }).evaluations, evaluations(points) + coarse);
      // Each evaluation of 1/0 is counted, so the count is a measurement.
      assert.is(integrateSync("1/0 + x", 0, 1, { points, rule }).nonFinite?.count, evaluations(points));
    }
  });

  test(`rules: the weights of ${name} add up to one panel`, () => {
    const { passes, endLow, endHigh } = passesOf(rule);
    // In one panel a node that is shared belongs to no neighbour.
    const inner = passes.filter(({ shift }) => shift !== 1).reduce((sum, { weight }) => sum + weight, 0);
    assert.ok(Math.abs(inner + endLow + endHigh - 1) < 1e-15);
    // In many, the shared nodes weigh as much as both ends.
    const shared = passes.find(({ shift }) => shift === 1)?.weight ?? 0;
    assert.ok(Math.abs(shared - endLow - endHigh) < 1e-16);
  });
}

test("rules: the trapezoid is the mean of left and right", () => {
  for (const points of [1, 2, 17, 1000, 16385]) {
    const of = (rule: Rule): number => integrateSync("exp(x)", -1, 2, { points, rule }).value;
    assert.ok(ulps(of("trapezoid"), (of("left") + of("right")) / 2) <= 2, `N = ${points}`);
  }
});

test("rules: Simpson is a third of the trapezoid and two of the midpoint", () => {
  for (const points of [1, 2, 17, 1000]) {
    const of = (rule: Rule): number => integrateSync("exp(x)", -1, 2, { points, rule }).value;
    assert.ok(ulps(of("simpson"), of("trapezoid") / 3 + (of("midpoint") * 2) / 3) <= 4, `N = ${points}`);
  }
});

test("rules: { gauss: 1 } is the midpoint rule to the last bit", () => {
  for (const points of [1, 2, 17, 1000, 16385]) {
    const of = (rule: Rule): number => integrateSync("exp(x)", -1, 2, { points, rule }).value;
    assert.is(of({ gauss: 1 }), of("midpoint"));
  }
});

test("rules: Gauss with n points is exact to degree 2n - 1, for every n", () => {
  for (let n = 1; n <= GAUSS_POINTS_MAXIMUM; n++) {
    const degree = 2 * n - 1;
    for (const p of new Set([0, 1, n - 1, n, degree - 1, degree])) {
      for (const q of new Set([0, Math.min(3, degree - p), degree - p])) {
        const text = `${power("x", p)}*${power("(1-x)", q)}`;
        const { value } = integrateSync(text, 0, 1, { points: 1, rule: { gauss: n } });
        const off = ulps(value, beta(p, q));
        // Each of 2n - 1 products and the node itself may round: x^(2n-1) at a node one ulp off is off by 2n - 1.
        assert.ok(off <= 4 * n + 8, `n = ${n}, x^${p} (1-x)^${q}: ${off} ulps`);
      }
    }
  }
});

test("rules: Gauss with n points is not exact to degree 2n", () => {
  // From n = 12 on the defect, about 4^-2n, is lost in rounding.
  for (let n = 1; n <= 11; n++) {
    const { value } = integrateSync(power("x", 2 * n), 0, 1, { points: 1, rule: { gauss: n } });
    assert.ok(ulps(value, 1 / (2 * n + 1)) > 8 * n, `n = ${n}: ${value}`);
  }
});

test("rules: Gauss with n points costs n N evaluations", () => {
  for (const gauss of [1, 2, 5, 64]) {
    const { evaluations } = integrateSync("x", 0, 1, { points: 130, rule: { gauss } });
    assert.is(evaluations, gauss * (130 + 3));
    assert.is(integrateSync("1/0 + x", 0, 1, { points: 130, rule: { gauss } }).nonFinite?.count, gauss * 130);
  }
});

test.run();
