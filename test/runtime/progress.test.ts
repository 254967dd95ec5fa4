// @serial
/** Progress, and a calling thread that stays free. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, Progress } from "../../ts/index.js";
import { computeHere, failureOf, inContext, inContextFor, memoryReturns, resultBits, WAYS } from "./library.js";

const F = "exp(-x*x)*sin(3*x)+cos(x)";
/** Some 0.3 s of one core. */
const POINTS = 10_000_000;
/** The library computes at most 10 ms at a stretch; the rest is for machines that are busy with other things. */
const GAP_MAXIMUM = 100;

for (const [way, how] of WAYS) {
  test(`${way}: the fraction never falls and ends with 1, the evaluations go with it`, () =>
    inContextFor(way, async (heddle) => {
      const seen: Progress[] = [];
      const onProgress = (progress: Progress) => seen.push(progress);
      const result = await heddle.integrate(F, 0, 4, { points: POINTS, ...how, onProgress });
      console.log(`${way}: ${seen.length} reports in ${result.elapsed.toFixed(0)} ms`);
      assert.ok(seen.length > 1, `${seen.length} reports`);
      let before = 0;
      for (const { fraction, evaluations, evaluationsPerSecond } of seen) {
        assert.ok(fraction >= before && fraction <= 1, `${before} -> ${fraction}`);
        assert.is(evaluations, Math.round(fraction * result.evaluations));
        assert.ok(evaluationsPerSecond >= 0 && Number.isFinite(evaluationsPerSecond));
        before = fraction;
      }
      assert.is(before, 1);
      assert.is(seen.filter(({ fraction }) => fraction === 1).length >= 1, true);
      assert.is(result.evaluations, POINTS + POINTS / 64);
    }));

  test(`${way}: an exception in onProgress rejects the call with it, whenever it comes`, () =>
    inContextFor(way, async (heddle) => {
      const expected = resultBits(await heddle.integrate(F, 0, 4, { points: 1_000_000, ...how }));
      for (const nth of [1, 2, "last"] as const) {
        const mine = new Error(`report ${nth}`);
        let calls = 0;
        const onProgress = ({ fraction }: Progress) => {
          if (++calls === nth || (nth === "last" && fraction === 1)) throw mine;
        };
        assert.is(await failureOf(heddle.integrate(F, 0, 4, { points: POINTS, ...how, onProgress })), mine);
        assert.is(resultBits(await heddle.integrate(F, 0, 4, { points: 1_000_000, ...how })), expected);
      }
      await memoryReturns(heddle, 0);
    }));

  test(`${way}: a short job reports once, at the end`, () =>
    inContextFor(way, async (heddle) => {
      const seen: number[] = [];
      await heddle.integrate("x", 0, 1, { points: 10, ...how, onProgress: ({ fraction }) => seen.push(fraction) });
      assert.is(seen.at(-1), 1);
    }));
}

/** The longest time that a timer of 1 ms was kept waiting while `work` was under way, in milliseconds. */
async function longestGap(work: () => Promise<unknown>): Promise<number> {
  let gap = 0;
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    gap = Math.max(gap, now - before);
    before = now;
  }, 1);
  await new Promise((resolve) => setTimeout(resolve, 2));
  before = performance.now();
  gap = 0;
  await work();
  gap = Math.max(gap, performance.now() - before);
  clearInterval(timer);
  return gap;
}

/** Thousands of operations, nearly all of them calls of functions: some 20 microseconds an evaluation. */
const EXPENSIVE = Array.from({ length: 1000 }, (_, i) => `sin(${i + 1}*x)`).join("+");

const STRETCHES: readonly [name: string, (heddle: Heddle) => Promise<unknown>][] = [
  ["one long integral", (heddle) => heddle.integrate(F, 0, 4, { points: POINTS })],
  ["an integrand of thousands of operations", (heddle) => heddle.integrate(EXPENSIVE, 0, 4, { points: 20_000 })],
  [
    "fifty integrals at a time",
    (heddle) => Promise.all(Array.from({ length: 50 }, () => heddle.integrate(F, 0, 4, { points: 300_000 }))),
  ],
  [
    "a chain of a hundred short ones, each awaited",
    async (heddle) => {
      for (let i = 0; i < 100; i++) await heddle.integrate(F, 0, 4, { points: 100_000 });
    },
  ],
];

for (const [name, work] of STRETCHES) {
  test(`the calling thread computes at most 10 ms at a stretch: ${name}`, () =>
    inContext({}, async (heddle) => {
      computeHere(heddle);
      // Compiling is not computing: it is done by the first call and takes what the engine takes.
      if (name.includes("thousands")) await heddle.integrate(EXPENSIVE, 0, 4, { points: 1 });
      const gap = await longestGap(() => work(heddle));
      console.log(`${name}: the longest stretch was ${gap.toFixed(1)} ms`);
      assert.ok(gap < GAP_MAXIMUM, `${gap} ms`);
    }));
}

test("the calling thread is free while threads compute", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const gap = await longestGap(() => heddle.integrate(F, 0, 4, { points: 2 * POINTS, threads: 2 }));
    console.log(`on threads: the longest gap was ${gap.toFixed(1)} ms`);
    assert.ok(gap < GAP_MAXIMUM, `${gap} ms`);
  }));

test.run();
