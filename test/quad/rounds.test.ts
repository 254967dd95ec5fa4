// @timeout 120
/**
 * Integrals to a tolerance whose rounds are shared by workers: the bits of the calling thread alone, on every path of the method, whatever dies; aborts, failures,
 * ends by the time.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, IntegrandSource, ToleranceOptions, ToleranceProgress, ToleranceResult } from "../../ts/index.js";
import { whileKilling } from "../runtime/killing.js";
import { computeHere, failureOf, inContext, shareAll, until } from "../runtime/library.js";

const KILLS = process.env.STRESS === "1" ? 300 : 12;
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
const { POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY } = Number;

/** Of type (f64) -> f64, 1 / x: `f`, which is spliced into the loop, and `g`, which reads its memory and so is called. */
const MODULE = Buffer.from(
  "AGFzbQEAAAABBgFgAXwBfAMDAgAABQMBAAEHCQIBZgAAAWcAAQolAg4ARAAAAAAAAPA/IACjCxQAQQAoAgAaRAAAAAAAAPA/IACjCw==",
  "base64",
);

/** All of a result that must not depend on who computed. */
function essence({ elapsed, startup, threads, mode, modeReason, restarts, ...rest }: ToleranceResult): unknown {
  return rest;
}

/** Bytes in use when a block waits for the next integral, as it does after one that nobody was in. */
function usedBy(heddle: Heddle): number {
  heddle.integrateSync("x", 0, 1, { effort: "fast" });
  return heddle.info().memory.used;
}

/** Bytes that eight threads keep which have called a function back; less than those of one integral. */
const BUFFERS = 8 * 16_400;

/** Resolves when no integral, and no job, is left. */
function memoryReturns(heddle: Heddle, used: number): Promise<void> {
  return until(() => usedBy(heddle) <= used + BUFFERS);
}

type Case = readonly [f: IntegrandSource, a: number, b: number, options?: ToleranceOptions];

const CASES: readonly Case[] = [
  ["exp(x)", 0, 1],
  ["exp(x)", 1, 0, { effort: "paranoid" }],
  ["abs(sin(x))", 0, 300],
  ["cos(1000*x)", 0, 10, { effort: "fast", maximumEvaluations: 50_000 }],
  ["cos(1e18*x)", 0, 10, { effort: "careful", maximumEvaluations: 50_000 }],
  ["1/sqrt(x)", 0, 1, { effort: "careful" }],
  ["x^-0.99", 0, 1],
  ["(1-x)^-0.8", 0, 1],
  ["(1-x)^-0.8*sin(1e5/(1-x))", 0, 1, { maximumEvaluations: 50_000 }],
  ["(b-x)^-0.9*(x-a)^-0.9", 2, 3, { parameters: { a: 2, b: 3 } }],
  ["abs(x-c)^-0.9", 0, 1, { parameters: { c: 0.3 }, breakPoints: [0.5] }],
  ["exp(-x)/sqrt(x)", 0, INFINITY],
  ["exp(-x^2)", NEGATIVE_INFINITY, INFINITY, { effort: "careful" }],
  ["sin(x)/x", 0, INFINITY],
  ["sin(1/x)/x", 0, 1],
  ["cos(x)/(1+x^2)", NEGATIVE_INFINITY, INFINITY],
  ["sqrt(x)", -1, 1],
  ["1/x", 0, 1],
  ["x/(x-0.5)", 0, 1, { effort: "fast" }],
  ["1/sqrt(abs(x-cos(x)))", 0, 1],
  ["sin(x)*(2+cos(3*x))/x", 0, INFINITY, { maximumEvaluations: 50_000 }],
  ["sqrt(abs(x-0.3))", 0, 1, { effort: "careful" }],
  [(x: number) => Math.fround(x) * Math.exp(-x), 0, 10, { effort: "careful", maximumEvaluations: 50_000 }],
  [(x: number) => (x > 0.7 ? Number.NaN : Math.fround(x)), 0, 1],
  [{ module: MODULE, export: "f" }, 0, 1],
  [{ module: MODULE, export: "f" }, 1, 1000, { effort: "careful" }],
  [{ module: MODULE, export: "g" }, 1, 1000, { effort: "careful" }],
  [{ module: new WebAssembly.Module(MODULE), export: "g" }, 1, 1000, { effort: "careful" }],
];

function name(f: IntegrandSource): string {
  return typeof f === "object" ? "an export" : String(f);
}

test("the bits of the calling thread alone, for any number of workers", () =>
  inContext({ threads: 7 }, async (heddle) => {
    computeHere(heddle);
    const expected = CASES.map(([f, a, b, options]) => {
      const result = heddle.integrateSync(f, a, b, { ...options, segments: true });
      assert.is(result.mode, "inline");
      return essence(result);
    });
    shareAll(heddle);
    await heddle.start(7);
    const used = usedBy(heddle);
    for (const threads of [1, 2, 3, 7]) {
      for (const [index, [f, a, b, options]] of CASES.entries()) {
        const result = await heddle.integrate(f, a, b, { ...options, segments: true, threads });
        assert.equal(essence(result), expected[index], `${name(f)}, ${threads} threads`);
        assert.is(result.mode, "threads");
        assert.ok(result.threads >= 1 && result.threads <= threads, `${result.threads} of ${threads} threads`);
        const blocking = heddle.integrateSync(f, a, b, { ...options, segments: true, threads });
        assert.equal(essence(blocking), expected[index], `${name(f)}, ${threads} threads, blocking`);
      }
    }
    await memoryReturns(heddle, used);
  }));

test("several at a time have the bits of one", () =>
  inContext({ threads: 3 }, async (heddle) => {
    shareAll(heddle);
    const expected = await Promise.all(CASES.map(([f, a, b, options]) => heddle.integrate(f, a, b, options)));
    computeHere(heddle);
    CASES.forEach(([f, a, b, options], index) => {
      assert.equal(essence(heddle.integrateSync(f, a, b, options)), essence(expected[index]!), name(f));
    });
  }));

test("the same bits when workers are killed at random moments, and memory comes back", () =>
  inContext(
    { threads: 3 },
    async (heddle) => {
      const cases: readonly Case[] = [
        ["abs(sin(x))+sqrt(abs(cos(3*x)))", 0, 100, { maximumEvaluations: 200_000, effort: "careful" }],
        [(x: number) => Math.fround(Math.abs(Math.sin(20 * x))), 0, 10, { maximumEvaluations: 50_000 }],
        ["(b-x)^-0.9*(x-a)^-0.9", 2, 3, { parameters: { a: 2, b: 3 }, effort: "paranoid" }],
      ];
      computeHere(heddle);
      const expected = cases.map(([f, a, b, options]) => essence(heddle.integrateSync(f, a, b, options)));
      shareAll(heddle);
      await heddle.start(3);
      const used = usedBy(heddle);
      await whileKilling(heddle, { seed: SEED, kills: KILLS, within: 10 }, async (kill, next) => {
        const index = kill % cases.length;
        const [f, a, b, options] = cases[index]!;
        const all = { ...options, threads: 3 };
        const result = next() < 0.5 ? await heddle.integrate(f, a, b, all) : heddle.integrateSync(f, a, b, all);
        assert.equal(essence(result), expected[index], `seed ${SEED}, kill ${kill}`);
        return result.restarts;
      });
      await memoryReturns(heddle, used);
      await until(() => heddle.info().workers.length === 3);
    },
    110,
  ));

test("what fails on a worker rejects with its error, and the crew works after", () =>
  inContext({ threads: 2 }, async (heddle) => {
    shareAll(heddle);
    await heddle.start(2);
    const used = usedBy(heddle);
    const thrower = (x: number): number => {
      if (x > 3) throw new Error("too far");
      return Math.fround(x);
    };
    const failure = (await failureOf(heddle.integrate(thrower, 0, 4, { effort: "careful" }))) as Error & {
      code: string;
    };
    assert.is(failure.code, "ERR_INTEGRAND");
    assert.match(failure.message, /too far/);
    assert.throws(() => heddle.integrateSync(thrower, 0, 4, { effort: "careful" }), /too far/);
    const text = ((x: number) => String(Math.fround(x))) as unknown as (x: number) => number;
    assert.match(String(await failureOf(heddle.integrate(text, 0, 4))), /expected a number from the integrand/);
    assert.is((await heddle.integrate("exp(x)", 0, 1)).value, heddle.integrateSync("exp(x)", 0, 1).value);
    await memoryReturns(heddle, used);
    assert.is(heddle.info().workers.length, 2);
  }));

test("an abort in the midst of a round rejects with its reason", () =>
  inContext({ threads: 2 }, async (heddle) => {
    shareAll(heddle);
    await heddle.start(2);
    const used = usedBy(heddle);
    const LONG = { maximumEvaluations: 1e8, effort: "paranoid" } as const;
    for (const maximumTime of [INFINITY, 1e6]) {
      const controller = new AbortController();
      const { signal } = controller;
      const running = failureOf(heddle.integrate("abs(sin(x))", 0, 1e6, { ...LONG, signal, maximumTime }));
      await until(() => heddle["context"].heap.core.jobsOpen() > 0);
      controller.abort("enough");
      assert.is(await running, "enough");
    }
    assert.is((await heddle.integrate("exp(x)", 0, 1)).status, "converged");
    await memoryReturns(heddle, used);
  }));

test("a slow function lets events run between a few of its points", () =>
  inContext({ threads: 1 }, async (heddle) => {
    computeHere(heddle);
    let turns = 0;
    const turn = setInterval(() => turns++, 0);
    // A tenth of a millisecond for each of 1408 points, in stretches of six milliseconds: were it a stretch of all, hardly an event would run.
    const slow = (x: number): number => {
      const end = performance.now() + 0.1;
      while (performance.now() < end) {}
      return Math.cos(x);
    };
    const { value, evaluations } = await heddle.integrate(slow, 0, 1);
    clearInterval(turn);
    assert.is(evaluations, 1344);
    assert.ok(turns >= 10, `${turns} turns`);
    assert.is(value, heddle.integrateSync(slow, 0, 1).value);
  }));

test("a function that is slow has the bits of the same in one go, whatever was integrated before", () =>
  inContext({ threads: 1 }, async (heddle) => {
    computeHere(heddle);
    const cases = CASES.filter(([f]) => typeof f !== "string");
    for (const [f, a, b, options] of cases) {
      // Leaves other values where those of the next integral will be.
      heddle.integrateSync("exp(x)", 0, 1, { effort: "careful" });
      const sliced = essence(await heddle.integrate(f, a, b, options));
      heddle.integrateSync("exp(x)", 0, 1, { effort: "careful" });
      assert.equal(essence(heddle.integrateSync(f, a, b, options)), sliced, name(f));
    }
  }));

test("ends by the time in the midst of a round, with what was known then", () =>
  inContext({ threads: 2 }, async (heddle) => {
    shareAll(heddle);
    await heddle.start(2);
    const used = usedBy(heddle);
    const slow = (x: number): number => {
      const end = performance.now() + 0.05;
      while (performance.now() < end) {}
      return Math.abs(Math.sin(1000 * x));
    };
    const result = await heddle.integrate(slow, 0, 10, { segments: true, maximumTime: 1000, effort: "fast" });
    assert.is(result.status, "budget");
    assert.match(result.reason, /the time is over/);
    const { lo, hi, value } = result.segments!;
    assert.is(lo[0], 0);
    assert.is(hi.at(-1), 10);
    assert.ok(Math.abs(value.reduce((sum, each) => sum + each) - result.value) <= 1e-12 * result.l1);
    await memoryReturns(heddle, used);
  }));

test("a context that is closed meanwhile rejects", () =>
  inContext({ threads: 2 }, async (heddle) => {
    shareAll(heddle);
    const running = failureOf(heddle.integrate("abs(sin(x))", 0, 1e6, { maximumEvaluations: 1e8, effort: "paranoid" }));
    await until(() => heddle["context"].heap.core.jobsOpen() > 0);
    await heddle.close();
    assert.is(((await running) as { code?: string }).code, "ERR_CLOSED");
  }));

test("progress tells each round, while others compute", () =>
  inContext({ threads: 2 }, async (heddle) => {
    shareAll(heddle);
    const seen: ToleranceProgress[] = [];
    const result = await heddle.integrate("abs(sin(x))", 0, 300, { onProgress: (progress) => seen.push(progress) });
    const { value, error, evaluations, rounds } = result;
    assert.equal(seen.at(-1), { value, error, evaluations, rounds });
    const told = seen.slice(0, -1).map((each) => each.rounds);
    assert.equal(
      told,
      [...new Set(told)].sort((one, other) => one - other),
    );
  }));

test("where no worker can start a call that needs one rejects, one that blocks computes alone", () =>
  inContext({ threads: 2, workerUrl: "file:///nowhere/worker.js" }, async (heddle) => {
    computeHere(heddle);
    const { value } = heddle.integrateSync("abs(sin(x))", 0, 300);
    shareAll(heddle);
    const failure = (await failureOf(heddle.integrate("abs(sin(x))", 0, 300))) as Error & { code: string };
    assert.is(failure.code, "ERR_WORKER");
    assert.match(failure.message, /nowhere/);
    assert.is(heddle.integrateSync("abs(sin(x))", 0, 300).value, value);
  }));

test("short rounds wake nobody, long ones do; one thread that blocks is the calling one", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const short = await heddle.integrate("exp(x)", 0, 1, { threads: 2 });
    assert.equal([short.mode, short.threads], ["inline", 1]);
    assert.match(short.modeReason, /long enough/);
    assert.equal(heddle.info().workers, []);
    const slow = (x: number): number => {
      const end = performance.now() + 0.01;
      while (performance.now() < end) {}
      return Math.abs(Math.sin(100 * x));
    };
    const long = await heddle.integrate(slow, 0, 10, { maximumEvaluations: 20_000, threads: 2 });
    assert.is(long.mode, "threads");
    const alone = heddle.integrateSync(slow, 0, 10, { maximumEvaluations: 20_000, threads: 1 });
    assert.equal([alone.mode, alone.threads, alone.restarts], ["inline", 1, 0]);
    assert.match(alone.modeReason, /the calling one/);
    assert.equal(essence(long), essence(alone));
  }));

test("the first pass of a slow function is shared as soon as it shows how slow", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start(2);
    const slow = (x: number): number => {
      const end = performance.now() + 0.02;
      while (performance.now() < end) {}
      return Math.cos(x);
    };
    const alone = heddle.integrateSync(slow, 0, 1, { threads: 1 });
    assert.equal([alone.rounds, alone.evaluations], [1, 1344]);
    for (const result of [await heddle.integrate(slow, 0, 1), heddle.integrateSync(slow, 0, 1)]) {
      assert.is(result.mode, "threads");
      assert.equal(essence(result), essence(alone));
    }
  }));

test.run();
