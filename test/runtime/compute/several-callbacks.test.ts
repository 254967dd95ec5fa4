/** Functions and exports of several variables that are called back, on workers: the bits of the calling thread alone, and errors with their places. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, SeveralOptions } from "../../../ts/index.js";
import { assemble } from "../../wasm/wat.js";
import { computeHere, inContext } from "../library.js";

const BOX = { x: [0, 1], y: ["x", Number.POSITIVE_INFINITY] } as const;
const OPTIONS: SeveralOptions = { relativeTolerance: 1e-12, maximumEvaluations: 30_000, parameters: { a: 2 } };
const RULES = ["genz-malik", "quasi-monte-carlo", "vegas"] as const;

/** No arithmetic: it has a loop. */
const called = (x: number, y: number, { a }: { a: number }): number => {
  let sum = 0;
  for (let k = 1; k < 3; k++) sum += Math.exp(-a * k * y) * x;
  return sum;
};

function share(heddle: Heddle): void {
  heddle["house"].sharingOf = ({ threads = 2 }) => ({ threads, guess: 1, isWorth: () => true });
}

test("functions, exports and texts beside each other", async () => {
  const bytes = await assemble(
    `(module (func (export "f") (param f64 f64) (result f64) (f64.div (local.get 0) (f64.add (f64.const 1) (f64.mul (local.get 1) (f64.mul (local.get 1) (local.get 1)))))))`,
  );
  const lists = [
    [called, "x*exp(-a*y)"],
    [{ module: bytes, export: "f" }],
    ["x/(1 + y^3)", { module: new WebAssembly.Module(bytes), export: "f" }],
  ];
  const expected: unknown[] = [];
  await inContext({ threads: 1 }, async (heddle) => {
    computeHere(heddle);
    for (const rule of RULES) {
      for (const list of lists) {
        const { values, errors, evaluations } = heddle.integrateSync(list, BOX, { ...OPTIONS, rule });
        expected.push([values, errors, evaluations]);
      }
    }
  });
  await inContext({ threads: 3 }, async (heddle) => {
    share(heddle);
    let index = 0;
    for (const rule of RULES) {
      for (const list of lists) {
        const wanted = expected[index++];
        const shared = await heddle.integrate(list, BOX, { ...OPTIONS, rule, threads: 3 });
        assert.equal([shared.values, shared.errors, shared.evaluations], wanted, rule);
        assert.is(shared.mode, "threads");
        const blocking = heddle.integrateSync(list, BOX, { ...OPTIONS, rule, threads: 2 });
        assert.equal([blocking.values, blocking.errors, blocking.evaluations], wanted, rule);
      }
    }
  });
});

test("what one throws on a worker rejects the call, and the next is well", async () => {
  await inContext({ threads: 2 }, async (heddle) => {
    share(heddle);
    for (const f of [(x: number) => JSON.parse(`{${x}`), (_: number, y: number) => [String(y)][0]]) {
      let got: unknown;
      try {
        await heddle.integrate(f as () => number, { x: [0, 1], y: [0, 1] }, OPTIONS);
      } catch (error) {
        got = error;
      }
      assert.is((got as Error).name, "IntegrandError", String(got));
      assert.match((got as Error).message, /at x = 0\.\d+, y = 0\.\d+/);
    }
    assert.is((await heddle.integrate(called, BOX, OPTIONS)).mode, "threads");
  });
});

test.run();
