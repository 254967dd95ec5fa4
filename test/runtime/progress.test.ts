// @serial
// @timeout 300
/** Progress, and a calling thread that stays free. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, Progress } from "../../ts/index.js";
import { computeHere, failureOf, inContext, inContextFor, memoryReturns, resultBits, WAYS } from "./library.js";

const F = "exp(-x*x)*sin(3*x)+cos(x)";
/** Most of a second of one core: reports come each twentieth of a second, and two are wanted of a machine four times as fast, on two threads. */
const POINTS = 50_000_000;
/** The library computes at most 10 ms at a stretch; the rest is for compilers, collectors of garbage, and slow machines. */
const STRETCH_MAXIMUM = 50;

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

/**
 * Milliseconds that this thread has computed: on Linux the kernel's count, which does not grow while others have the processor, so that a busy machine makes
 * no stretch longer; elsewhere the time of day.
 */
function computed(): number {
  if (process.platform !== "linux") return performance.now();
  return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
}

/** The most that this thread computed between two turns of a timer of 1 ms while `work` was under way, in milliseconds, and how many turns there were. */
async function watch(work: () => Promise<unknown>): Promise<{ readonly longest: number; readonly turns: number }> {
  let longest = 0;
  let turns = 0;
  let before = 0;
  const look = (): void => {
    const now = computed();
    longest = Math.max(longest, now - before);
    before = now;
  };
  const timer = setInterval(() => {
    turns++;
    look();
  }, 1);
  await new Promise((resolve) => setTimeout(resolve, 2));
  before = computed();
  longest = turns = 0;
  await work();
  look();
  clearInterval(timer);
  return { longest, turns };
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
      // Compiling is not computing: the engine does it where a function is called for the first time, and takes what it takes.
      if (name.includes("thousands")) await work(heddle);
      const { longest } = await watch(() => work(heddle));
      console.log(`${name}: the longest stretch was ${longest.toFixed(1)} ms`);
      assert.ok(longest < STRETCH_MAXIMUM, `${longest} ms`);
    }));
}

test("the calling thread is free while threads compute", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const { longest, turns } = await watch(() => heddle.integrate(F, 0, 4, { points: 2 * POINTS, threads: 2 }));
    console.log(`on threads: ${turns} turns of the event loop, ${longest.toFixed(1)} ms computed between two of them`);
    assert.ok(turns > 1, `${turns} turns`);
    assert.ok(longest < STRETCH_MAXIMUM, `${longest} ms`);
  }));

test.run();
