/** Several integrands of one variable, and complex ones: together where that converges, by themselves where not. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ArgumentError,
  type ComponentsOptions,
  compile,
  createHeddle,
  type SeveralProgress,
} from "../../../ts/index.js";
import { computeHere } from "../../runtime/library.js";

const heddle = createHeddle({ threads: 1 });
computeHere(heddle);
const { POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY } = Number;

type Component = readonly [f: string, exact: number];

const RIGHT: readonly [list: readonly Component[], a: number, b: number, alone: readonly number[], options?: ComponentsOptions][] = [
  [[["cos(x)", 1], ["sin(x)", 1]], 0, Math.PI / 2, []],
  [[["cos(x)", -1], ["sin(x)", -1]], Math.PI / 2, 0, []],
  [[["a*x^2", 18], ["a", 6], ["x^0", 3]], 0, 3, [], { parameters: { a: 2 } }],
  [[["exp(-x^2)", Math.sqrt(Math.PI)], ["1/(1+x^2)", Math.PI], ["exp(-abs(x))", 2]], NEGATIVE_INFINITY, INFINITY, []],
  [[["exp(-x)", 1], ["1/(1+x)^2", 1], ["1/(1+x)^1.01", 100]], 0, INFINITY, [0, 1, 2]],
  [[["exp(x)", 1], ["exp(2*x)", 0.5]], NEGATIVE_INFINITY, 0, []],
  [[["abs(x-1/3)", 5 / 18], ["x < 0.7 ? 1 : 0", 0.7], ["abs(x-c)", 0.25]], 0, 1, [], { parameters: { c: 0.5 } }],
  [[["x^-0.99", 100], ["cos(x)", Math.sin(1)], ["log(x)", -1]], 0, 1, [0]],
  [[["1/sqrt(x)", 2], ["cos(x)", Math.sin(1)], ["log(x)", -1]], 0, 1, [0]],
  [[["x^-0.95", 20], ["x^2", 1 / 3]], 0, 1, [0]],
  [[["1/sqrt(1-x^2)", Math.PI / 2], ["x", 0.5]], 0, 1, [0]],
  [[["sin(x)/x", Math.PI / 2], ["exp(-x)", 1]], 0, INFINITY, [0]],
]; // biome-ignore format: a row each

for (const [list, a, b, alone, options] of RIGHT) {
  test(`${list.map(([f]) => f).join(", ")} from ${a} to ${b}`, () => {
    const result = heddle.integrateSync(
      list.map(([f]) => f),
      a,
      b,
      options,
    );
    assert.is(result.status, "converged", result.reason);
    for (const [c, [f, exact]] of list.entries()) {
      const [value, error] = [result.values[c]!, result.errors[c]!];
      assert.ok(
        Math.abs(value - exact) <= error + 4e-16 * Math.abs(exact),
        `${f}: ${value} ± ${error}, expected ${exact}`,
      );
      assert.ok(error <= 1e-10 * Math.abs(value), `${f}: ± ${error}`);
    }
    assert.equal(result.alone, alone);
    // Each double-exponential by itself.
    const others = heddle.integrateSync(
      list.map(([f]) => f),
      a,
      b,
      { ...options, rule: "tanh-sinh" },
    );
    assert.equal(
      others.alone,
      list.map((_, c) => c),
    );
    assert.is(others.rule, "tanh-sinh");
  });
}

test("one that diverges leaves the others as they are, and is named", () => {
  const { values, errors, statuses, status, reason } = heddle.integrateSync(["exp(-x)", "1/x", "x"], 0, 1);
  assert.equal(statuses, ["converged", "divergent", "converged"]);
  assert.is(status, "divergent");
  assert.match(reason, /^integrand 1: /);
  assert.ok(Math.abs(values[0]! - (1 - Math.exp(-1))) < 1e-15 && values[2] === 0.5);
  assert.ok(Number.isNaN(values[1]!) && errors[1] === INFINITY);
});

test("complex integrands: the modulus counts", async () => {
  const { value, error, status } = await heddle.integrate({ re: "cos(x)", im: "sin(x)" }, 0, Math.PI);
  assert.is(status, "converged");
  assert.ok(Math.hypot(value.re, value.im - 2) <= error && error < 2e-10);
  // Gauss's, of an oscillating tail: both parts need themselves.
  const fresnel = heddle.integrateSync({ re: "cos(x^2)", im: "sin(x^2)" }, 0, INFINITY);
  const exact = Math.sqrt(Math.PI / 8);
  assert.is(fresnel.status, "converged", fresnel.reason);
  assert.ok(Math.hypot(fresnel.value.re - exact, fresnel.value.im - exact) <= fresnel.error);
  assert.equal(fresnel.alone, [0, 1]);
  const singular = heddle.integrateSync({ re: "x^-0.95", im: "0" }, 0, 1);
  assert.is(singular.status, "converged", singular.reason);
  assert.ok(Math.abs(singular.value.re - 20) <= singular.error && singular.value.im === 0);
});

test("functions, compiled integrands and texts beside each other", () => {
  const f = compile("exp(-a*x)", { parameters: ["a"] });
  const called = (x: number): number => [x, x].reduce((p, q) => p * q, 1);
  const { values, integrand } = heddle.integrateSync([f, (x, { a }) => a * x, called, "a"], 0, 1, {
    parameters: { a: 2 },
  });
  assert.is(integrand.kind, "callback");
  for (const [c, exact] of [(1 - Math.exp(-2)) / 2, 1, 1 / 3, 2].entries())
    assert.ok(Math.abs(values[c]! - exact) < 1e-14);
  const { value } = heddle.integrateSync({ re: (t: number) => t, im: "t^2" }, 0, 1, { variable: "t" });
  assert.ok(Math.abs(value.re - 0.5) < 1e-15 && Math.abs(value.im - 1 / 3) < 1e-15);
});

test("at once and in stretches, and progress: the same", async () => {
  const list = ["sqrt(abs(sin(50*x)))", "log(x)", "1/sqrt(x)"];
  const seen: SeveralProgress[] = [];
  const result = await heddle.integrate(list, 0, 1, { onProgress: (now) => seen.push(now) });
  const sync = heddle.integrateSync(list, 0, 1);
  assert.equal([sync.values, sync.errors, sync.evaluations], [result.values, result.errors, result.evaluations]);
  assert.equal(seen.at(-1)!.values, result.values);
});

test("equal bounds, and what is wrong", () => {
  assert.equal(heddle.integrateSync(["1/x", "x"], 2, 2).values, new Float64Array(2));
  const refused = (call: () => unknown, message: RegExp): void =>
    assert.throws(call, (error: unknown) => error instanceof ArgumentError && message.test(error.message));
  refused(() => heddle.integrateSync(["x"], 0, Number.NaN), /`b` must be a number, Infinity included/);
  refused(() => heddle.integrateSync(["x"], -1.7e308, 1.7e308), /split the range/);
  refused(() => heddle.integrateSync([], 0, 1), /1 to 64 integrands/);
  refused(
    () => heddle.integrateSync(["x"], 0, 1, { rule: "genz-malik" as "auto" }),
    /one for 1 variables|one for one variable/,
  );
  refused(() => heddle.integrateSync(["x"], 0, 1, { seed: 1 } as ComponentsOptions), /unknown option `seed`/);
});

test.after(() => heddle.close());

test.run();
