// @timeout 120
/** Rules of several variables whose rounds are shared by workers: the bits of the calling thread alone, whatever dies; aborts, failures, ends by the time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SeveralOptions } from "../../ts/index.js";
import { whileKilling } from "../runtime/killing.js";
import { computeHere, failureOf, inContext, shareAll, until } from "../runtime/library.js";

const KILLS = process.env.STRESS === "1" ? 300 : 8;
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));

/** All of a result that must not depend on who computed. */
function essence(result: object): unknown {
  const { elapsed, startup, threads, mode, modeReason, restarts, ...rest } = result as Record<string, unknown>;
  return rest;
}

type Case = readonly [
  f: never,
  box: Readonly<Record<string, readonly [number, number | string]>>,
  options?: SeveralOptions,
];

const SQUARE = { x: [0, 1], y: [0, 1] } as const;
const FIVE = { a: [0, 1], b: [0, 2], c: [-1, 1], d: [0, Number.POSITIVE_INFINITY], g: [0, "a"] } as const;
const FEW = { maximumEvaluations: 100_000, relativeTolerance: 1e-12 };

const CASES = [
  ["x^2+y^2 < 1 ? 4 : 0", SQUARE, FEW],
  ["exp(x*y)", SQUARE, { breakPoints: { x: [0.3, 0.5] }, seed: 5 }],
  ["sin(a*b)*c^2*exp(-d)*g", FIVE, FEW],
  [["x*y", "sin(x+y)", "abs(x-y)"], SQUARE, FEW],
  [{ re: "cos(x*y)", im: "sin(x*y)" }, SQUARE, FEW],
  [(x: number, y: number) => Math.fround(x) * Math.exp(-y), SQUARE, { maximumEvaluations: 40_000 }],
  ["sqrt(x-y)", SQUARE, FEW],
] as unknown as readonly Case[];
const RULES = ["genz-malik", "quasi-monte-carlo", "vegas"] as const;

test("the bits of the calling thread alone, for any number of workers", () =>
  inContext({ threads: 5 }, async (heddle) => {
    for (const rule of RULES) {
      computeHere(heddle);
      const expected = CASES.map(([f, box, options]) => essence(heddle.integrateSync(f, box, { ...options, rule })));
      shareAll(heddle);
      await heddle.start(5);
      for (const threads of [1, 2, 3, 5]) {
        for (const [index, [f, box, options]] of CASES.entries()) {
          const result = await heddle.integrate(f, box, { ...options, rule, threads });
          assert.equal(essence(result), expected[index], `${rule}, ${String(f)}, ${threads} threads`);
          assert.ok(result.threads >= 1 && result.threads <= threads, `${result.threads} of ${threads} threads`);
          const blocking = heddle.integrateSync(f, box, { ...options, rule, threads });
          assert.equal(essence(blocking), expected[index], `${rule}, ${String(f)}, ${threads} threads, blocking`);
        }
      }
    }
  }));

test("components by themselves and factors of products are shared as the call says, and told of", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const asked = new Set<number | undefined>();
    heddle["house"].sharingOf = ({ threads }) => {
      asked.add(threads);
      return { threads: threads ?? 2, guess: 1, isWorth: () => true };
    };
    const each = await heddle.integrate(["1/sqrt(x)", "x"], 0, 1, { threads: 1 });
    const product = await heddle.integrate("exp(-x^2-y^2)", SQUARE, { threads: 1 });
    assert.equal([each.alone, product.rule], [[0], "product"]);
    for (const { mode, modeReason, threads } of [each, product]) {
      assert.equal([mode, threads], ["threads", 1]);
      assert.match(modeReason, /long enough to share, and one thread/);
    }
    assert.equal([...asked], [1]);
    const doubled = await heddle.integrate(["1/sqrt(x)", "x"], 0, 1, { rule: "tanh-sinh" });
    assert.equal([doubled.mode, doubled.modeReason], ["inline", "no round of it was long enough to share"]);
  }));

test("the same bits when workers are killed at random moments, and memory comes back", () =>
  inContext(
    { threads: 3 },
    async (heddle) => {
      const [f, box] = CASES[2]!;
      const options = { maximumEvaluations: 1_500_000, relativeTolerance: 1e-12 };
      computeHere(heddle);
      const expected = RULES.map((rule) => essence(heddle.integrateSync(f, box, { ...options, rule })));
      const { used } = heddle.info().memory;
      shareAll(heddle);
      await heddle.start(3);
      await whileKilling(heddle, { seed: SEED, kills: KILLS, within: 20 }, async (kill, next) => {
        const all = { ...options, rule: RULES[kill % RULES.length]!, threads: 3 };
        const result = next() < 0.5 ? await heddle.integrate(f, box, all) : heddle.integrateSync(f, box, all);
        assert.equal(essence(result), expected[kill % RULES.length], `seed ${SEED}, kill ${kill}`);
        return result.restarts;
      });
      await until(() => heddle.info().memory.used <= used + 1000);
    },
    110,
  ));

test("what fails on a worker rejects with its error; aborts and closing reject", () =>
  inContext({ threads: 2 }, async (heddle) => {
    shareAll(heddle);
    await heddle.start(2);
    const thrower = (x: number, y: number): number => {
      if (x * y > 0.9) throw new Error("too far");
      return Math.fround(x);
    };
    for (const rule of RULES) {
      const failure = (await failureOf(heddle.integrate(thrower, SQUARE, { rule }))) as Error & { code: string };
      assert.is(failure.code, "ERR_INTEGRAND");
      assert.match(failure.message, /too far/);
      const controller = new AbortController();
      const { signal } = controller;
      const long = { rule, maximumEvaluations: 5e8, relativeTolerance: 0 };
      const running = failureOf(heddle.integrate("x^2+y^2 < 1 ? 4 : 0", SQUARE, { ...long, signal, maximumTime: 1e6 }));
      await until(() => heddle["context"].heap.core.jobsOpen() > 0);
      controller.abort("enough");
      assert.is(await running, "enough");
    }
    const late = await heddle.integrate("x^2+y^2 < 1 ? 4 : 0", SQUARE, {
      rule: "quasi-monte-carlo",
      maximumEvaluations: 1e9,
      relativeTolerance: 0,
      maximumTime: 30,
    });
    assert.is(late.status, "budget");
    assert.match(late.reason, /the time is over/);
    const running = failureOf(
      heddle.integrate("x^2+y^2 < 1 ? 4 : 0", SQUARE, { rule: "vegas", maximumEvaluations: 5e8, relativeTolerance: 0 }),
    );
    await until(() => heddle["context"].heap.core.jobsOpen() > 0);
    await heddle.close();
    assert.is(((await running) as { code?: string }).code, "ERR_CLOSED");
  }));

test.run();
