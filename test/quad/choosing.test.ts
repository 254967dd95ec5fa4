/** Regions or quasi-Monte Carlo: what the trial chooses, that budgets hold, and that nothing depends on the number of threads. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle, type Heddle } from "../../ts/index.js";
import { inContext } from "../runtime/library.js";

const names = (dimensions: number): string[] => Array.from({ length: dimensions }, (_, index) => `x${index + 1}`);
const cube = (dimensions: number): Record<string, [number, number]> =>
  Object.fromEntries(names(dimensions).map((name) => [name, [0, 1] as [number, number]]));
const sum = (dimensions: number): string => names(dimensions).join("+");
const squares = (dimensions: number): string =>
  names(dimensions)
    .map((name) => `${name}^2`)
    .join("+");

const heddle = createHeddle({ threads: 1 });
const BUDGET = { maximumEvaluations: 400_000 };

const CASES: readonly [text: string, dimensions: number, rule: string][] = [
  [`1/(1+${squares(4)})`, 4, "genz-malik"],
  [`log(1+${sum(8)})`, 8, "genz-malik"],
  [`1/(1+${sum(6)})^3`, 6, "genz-malik"],
  [`exp(${squares(5)}) < 3 ? 1 : 0`, 5, "quasi-monte-carlo"],
  [`abs(${sum(8)}-4)`, 8, "quasi-monte-carlo"],
  [names(9).reduce((one, other) => `max(${one},${other})`), 9, "quasi-monte-carlo"],
  [`sqrt(${squares(13)})`, 13, "quasi-monte-carlo"],
];

for (const [text, dimensions, rule] of CASES) {
  test(`${rule}: ${text.slice(0, 40)}`, () => {
    const result = heddle.integrateSync(text, cube(dimensions), BUDGET);
    assert.is(result.rule, rule);
    assert.ok(result.evaluations <= BUDGET.maximumEvaluations, String(result.evaluations));
    assert.ok(result.error < Math.abs(result.value));
  });
}

test("budgets hold, whatever they are; small ones are the regions'", () => {
  for (const maximumEvaluations of [5000, 30_000, 199_999, 200_000, 250_000, 300_000, 1_000_000]) {
    const result = heddle.integrateSync(`exp(${squares(5)}) < 3 ? 1 : 0`, cube(5), { maximumEvaluations });
    assert.ok(result.evaluations <= maximumEvaluations, `${result.evaluations} of ${maximumEvaluations}`);
    if (maximumEvaluations < 200_000) assert.is(result.rule, "genz-malik");
  }
});

test("budgets hold for either rule where the first look is a long one", () => {
  const hard = "abs(x-0.3141*y-0.1*z)^0.3*abs(sin(17*x*y)-z)^0.4*sin(1/(x*y*z+0.01))";
  const peak = "1/((x-0.3)^2+(y-0.2*z)^2+1e-5)";
  const box: Record<string, [number, number]> = { x: [0, 1], y: [0, 1], z: [0, 1] };
  const rules = new Set<string>();
  for (const text of [hard, peak]) {
    for (const effort of ["careful", "paranoid"] as const) {
      for (const maximumEvaluations of [250_000, 600_000, 1_000_000]) {
        const options = { effort, maximumEvaluations, relativeTolerance: 1e-12 };
        const { evaluations, rule } = heddle.integrateSync(text, box, options);
        assert.ok(evaluations <= maximumEvaluations, `${text}, ${effort}: ${evaluations} of ${maximumEvaluations}`);
        assert.ok(evaluations > maximumEvaluations / 2, `${text}, ${effort}: ${evaluations} of ${maximumEvaluations}`);
        rules.add(rule);
      }
    }
  }
  assert.equal([...rules].sort(), ["genz-malik", "quasi-monte-carlo"]);
});

test("the same bits for any number of threads", () =>
  inContext({ threads: 3 }, async (shared: Heddle) => {
    shared["house"].sharingOf = ({ threads = 2 }) => ({ threads, guess: 1, isWorth: () => true });
    for (const [text, dimensions] of CASES) {
      const { value, error, evaluations, rounds, rule } = heddle.integrateSync(text, cube(dimensions), BUDGET);
      for (const threads of [1, 3]) {
        const result = await shared.integrate(text, cube(dimensions), { ...BUDGET, threads });
        assert.equal(
          { value, error, evaluations, rounds, rule },
          {
            value: result.value,
            error: result.error,
            evaluations: result.evaluations,
            rounds: result.rounds,
            rule: result.rule,
          },
        );
      }
    }
  }));

test.after(() => heddle.close());

test.run();
