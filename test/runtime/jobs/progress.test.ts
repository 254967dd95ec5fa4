/** Progress, and a calling thread that stays free. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, Progress } from "../../../ts/index.js";
import { computeHere, failureOf, inContext, inContextFor, memoryReturns, resultBits, WAYS } from "../library.js";

const F = "exp(-x*x)*sin(3*x)+cos(x)";
const POINTS = 5_000_000;
/** Minutes of work, in chunks of some hundredths of a second: whoever ends before that was told to. */
const ENDLESS = 2 ** 36;

for (const [way, how] of WAYS) {
  test(`${way}: the fraction never falls, the evaluations go with it`, () =>
    inContextFor(way, async (heddle) => {
      const seen: Progress[] = [];
      const controller = new AbortController();
      const onProgress = (progress: Progress) => {
        seen.push(progress);
        if (new Set(seen.map(({ fraction }) => fraction)).size > 3) controller.abort("enough");
      };
      const call = heddle.integrate(F, 0, 4, { points: ENDLESS, ...how, onProgress, signal: controller.signal });
      assert.is(await failureOf(call), "enough");
      let before = 0;
      for (const { fraction, evaluations, evaluationsPerSecond } of seen) {
        assert.ok(fraction >= before && fraction < 1, `${before} -> ${fraction}`);
        assert.is(evaluations, Math.round(fraction * (ENDLESS + ENDLESS / 64)));
        assert.ok(evaluationsPerSecond >= 0 && Number.isFinite(evaluationsPerSecond));
        before = fraction;
      }
    }));

  test(`${way}: the last report is of all`, () =>
    inContextFor(way, async (heddle) => {
      let last: Progress | undefined;
      const onProgress = (progress: Progress) => {
        last = progress;
      };
      const result = await heddle.integrate(F, 0, 4, { points: POINTS, ...how, onProgress });
      assert.is(result.evaluations, POINTS + POINTS / 64);
      assert.equal([last?.fraction, last?.evaluations], [1, result.evaluations]);
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
        const points = nth === "last" ? POINTS : ENDLESS;
        assert.is(await failureOf(heddle.integrate(F, 0, 4, { points, ...how, onProgress })), mine);
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

/** Milliseconds that the calling thread may compute at a stretch. */
const STRETCH_MAXIMUM = 10;
/** A chunk of a grid ends a call of the driver, however much it may compute. */
const CHUNK = 2 ** 14;

/**
 * Makes calls compute on this thread, on a clock on which an evaluation takes `cost` milliseconds and nothing else takes any time, so that the stretches are the same on every
 * machine. @returns the most that the thread computed between two turns of its event loop while `work` was under way, and how many turns there were
 */
async function watch(
  heddle: Heddle,
  cost: number,
  work: () => Promise<unknown>,
): Promise<{ readonly longest: number; readonly turns: number }> {
  computeHere(heddle);
  // No stretch is under way: each begins and ends on one clock.
  const breathe = () => new Promise((resolve) => setImmediate(resolve));
  await breathe();
  const clock = performance.now;
  let now = clock.call(performance);
  const { drivers } = heddle["context"];
  const get = drivers.get.bind(drivers);
  drivers.get = (...args) => {
    const found = get(...args);
    const grid = (record: number, budget: number): number => {
      now += cost * Math.min(budget, CHUNK);
      return found.grid(record, budget);
    };
    return { ...found, grid };
  };
  let before = now;
  let longest = 0;
  let turns = -1;
  let immediate: ReturnType<typeof setImmediate> | undefined;
  const turn = (): void => {
    turns++;
    longest = Math.max(longest, now - before);
    before = now;
    immediate = setImmediate(turn);
  };
  turn();
  performance.now = () => now;
  try {
    await work();
    await breathe();
  } finally {
    performance.now = clock;
    clearImmediate(immediate);
  }
  return { longest: Math.max(longest, now - before), turns };
}

/** Milliseconds an evaluation: of plain arithmetic, and of thousands of functions. */
const PLAIN = 16e-6;
const EXPENSIVE = 0.05;

const STRETCHES: readonly [name: string, cost: number, (heddle: Heddle) => Promise<unknown>][] = [
  ["one long integral", PLAIN, (heddle) => heddle.integrate(F, 0, 4, { points: 2 * POINTS })],
  ["an expensive integrand", EXPENSIVE, (heddle) => heddle.integrate(F, 0, 4, { points: 20_000 })],
  [
    "fifty integrals at a time",
    PLAIN,
    (heddle) => Promise.all(Array.from({ length: 50 }, () => heddle.integrate(F, 0, 4, { points: 300_000 }))),
  ],
  [
    "a chain of a hundred short ones, each awaited",
    PLAIN,
    async (heddle) => {
      for (let i = 0; i < 100; i++) await heddle.integrate(F, 0, 4, { points: 100_000 });
    },
  ],
];

for (const [name, cost, work] of STRETCHES) {
  test(`the calling thread computes at most 10 ms at a stretch: ${name}`, () =>
    inContext({}, async (heddle) => {
      const { longest, turns } = await watch(heddle, cost, () => work(heddle));
      console.log(`${name}: ${turns} turns, the longest stretch was ${longest.toFixed(1)} ms`);
      assert.ok(longest <= STRETCH_MAXIMUM, `${longest} ms`);
      assert.ok(turns > 4, `${turns} turns`);
    }));
}

test("the calling thread is free while threads compute", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const controller = new AbortController();
    // As many turns as one likes, while the work is far from its end.
    let turns = 0;
    const timer = setInterval(() => {
      if (++turns === 20) controller.abort("enough");
    }, 1);
    const call = heddle.integrate(F, 0, 4, { points: ENDLESS, threads: 2, signal: controller.signal });
    assert.is(await failureOf(call), "enough");
    clearInterval(timer);
  }));

test.run();
