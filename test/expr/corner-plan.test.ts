/** Points for many sets of parameters: those of corners.ts, each time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cornerPlanOf } from "../../ts/expr/corner-plan.js";
import { corners } from "../../ts/expr/corners.js";
import { parse } from "../../ts/expr/parser.js";

const TEXTS = [
  "abs(x-a)",
  "1/(1+a*x^2)+1/(x^2-b)",
  "1/(a+(x-0.3)^2)",
  "sqrt(a*x+b)*log(a*x^2+b*x-3)",
  "floor(a*x)+round(b-x)+ceil(x/4)",
  "asin(a*x)+acos(x/b)",
  "x < a ? b*x : min(x, a, b*x-1)",
  "max(x^2, a)/(sqrt(2)*x-b)",
  "abs((a-x)*(b+x))^-0.5",
  "(x-1)^2.5*(x+a)^3/(-x-b)",
  "a/b*abs(x*a-x*b+2)",
  "abs(a)*cbrt(sin(x)+a)*tan(b)",
];
const VALUES = [-3.7, -1, 0, 1e-3, 0.5, 1, 2, 7.25];

for (const text of TEXTS) {
  test(text, () => {
    const { nodes } = parse(text, { variable: "x", parameters: ["a", "b"] });
    const plan = cornerPlanOf(nodes, 2);
    for (const a of VALUES) {
      for (const b of VALUES) {
        for (const [lo, hi] of [
          [-10, 10],
          [0, 1],
        ] as const) {
          // Of zero there is one.
          const expected = corners(nodes, [a, b], lo, hi).map((x) => x + 0);
          assert.equal(
            plan?.points([a, b], lo, hi).map((x) => x + 0),
            expected,
            `${a}, ${b}`,
          );
        }
      }
    }
  });
}

test("some texts have nothing that points may come from", () => {
  const isEmpty = (text: string) => cornerPlanOf(parse(text, { variable: "x", parameters: ["a"] }).nodes, 1)?.isEmpty;
  assert.is(isEmpty("1/(1+a*x^4)"), true);
  assert.is(isEmpty("log(exp(x)+a)"), true);
  assert.is(isEmpty("1/(1+a*x^2)"), false);
});

test("exponents that are parameters are not for it", () => {
  const { nodes } = parse("(x-1)^a", { variable: "x", parameters: ["a"] });
  assert.is(cornerPlanOf(nodes, 1), undefined);
});

test.run();
