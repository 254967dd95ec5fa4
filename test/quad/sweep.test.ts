// @timeout 120
/** Sweeps on threads: the bits of one thread, whatever dies; aborts, failures, memory that is bounded and comes back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, ManyResult } from "../../ts/index.js";
import { CASES, setsOf } from "../integrate/many.js";
import { whileKilling } from "../runtime/killing.js";
import { bitsOf, failureOf, inContext, memoryReturns, until } from "../runtime/library.js";

const STRESS = process.env.STRESS === "1";
const KILLS = STRESS ? 300 : 8;
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
const SETS = 70;
/** In one call. */
const MANY = STRESS ? 1_000_000 : 50_000;

/** All of a result that is promised. */
function bits({ values, errors, statuses, evaluations }: ManyResult): string {
  return [[...values].map(bitsOf), [...errors].map(bitsOf), [...statuses], evaluations].join();
}

for (const effort of ["fast", "normal"] as const) {
  test(`effort ${effort}: the same bits for any number of threads, blocking or not`, () =>
    inContext({ threads: 3 }, async (heddle) => {
      await heddle.start(3);
      for (const [f, a, b, more] of CASES) {
        const options = { ...more, effort, parameters: setsOf(SETS) };
        const expected = bits(heddle.integrateManySync(f, a, b, { ...options, threads: 1 }));
        for (const threads of [1, 2, 3]) {
          const waited = await heddle.integrateMany(f, a, b, { ...options, threads });
          assert.is(bits(waited), expected, `${f}, ${threads} threads`);
          assert.ok(waited.threads >= 1 && waited.threads <= threads);
          assert.is(bits(heddle.integrateManySync(f, a, b, { ...options, threads })), expected, `${f}, blocking`);
        }
      }
      await memoryReturns(heddle, 0);
    }));
}

test("the same bits when workers are killed at random moments", () =>
  inContext(
    { threads: 3 },
    async (heddle) => {
      const [f, a, b] = ["abs(sin(k*x))+1/sqrt(x)", 0, 9] as const;
      const options = { parameters: setsOf(1000), effort: "fast", relativeTolerance: 1e-8 } as const;
      const expected = bits(heddle.integrateManySync(f, a, b, { ...options, threads: 1 }));
      await heddle.start(3);
      await whileKilling(heddle, { seed: SEED, kills: KILLS, within: 15 }, async (kill) => {
        const many = await (kill % 2 === 0
          ? heddle.integrateMany(f, a, b, { ...options, threads: 3 })
          : heddle.integrateManySync(f, a, b, { ...options, threads: 3 }));
        assert.is(bits(many), expected, `seed ${SEED}, kill ${kill}`);
        return many.restarts;
      });
      await memoryReturns(heddle, 0);
      await until(() => heddle.info().workers.length === 3);
    },
    110,
  ));

for (const [way, threads] of [
  ["on threads", 2],
  ["on the calling thread", undefined],
] as const) {
  const how = threads === undefined ? {} : { threads };
  const inWay = (body: (heddle: Heddle) => Promise<void>): Promise<void> =>
    inContext({ threads: 2 }, async (heddle) => {
      // Private on purpose: what a machine without threads chooses.
      if (threads === undefined)
        heddle["house"].choose = () => ({ threads: 1, inline: true, reason: "a test wants it" });
      else await heddle.start();
      await body(heddle);
    });

  test(`${way}: five parameters, ${MANY} sets in one call, a few MiB at any time, news on the way`, () =>
    inWay(async (heddle) => {
      const random = (from: number): Float64Array =>
        Float64Array.from({ length: MANY }, (_, i) => from + ((i * 7919) % 1000) / 1000);
      const parameters = { a: random(0.5), b: random(1), c: random(1.5), d: random(2), g: random(2.5) };
      const fractions: number[] = [];
      const { values, counts } = await heddle.integrateMany("a*exp(-b*x)+c*x^2+d*x+g", 0, 1, {
        parameters,
        effort: "fast",
        ...how,
        onProgress: ({ fraction }) => fractions.push(fraction),
      });
      assert.is(counts.converged, MANY);
      for (const set of [0, 1, 63, 64, MANY >> 1, MANY - 1]) {
        const own = Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, each[set]!]));
        const alone = heddle.integrateSync("a*exp(-b*x)+c*x^2+d*x+g", 0, 1, { parameters: own, effort: "fast" });
        assert.is(values[set], alone.value);
      }
      assert.equal(
        fractions,
        [...fractions].sort((one, other) => one - other),
      );
      assert.is(fractions.at(-1), 1);
      const { peak } = heddle.info().memory;
      assert.ok(peak < 6 * 2 ** 20, `${peak} bytes`);
    }));

  test(`${way}: an abort rejects with its reason, an error in onProgress with itself, and the next call is right`, () =>
    inWay(async (heddle) => {
      const parameters = setsOf(200_000);
      const [f, a, b] = ["abs(sin(300*k*x))", 0, 50] as const;
      const controller = new AbortController();
      const { signal } = controller;
      const aborting = (): void => controller.abort("enough");
      assert.is(
        await failureOf(heddle.integrateMany(f, a, b, { parameters, ...how, signal, onProgress: aborting })),
        "enough",
      );
      assert.is(await failureOf(heddle.integrateMany(f, a, b, { parameters, ...how, signal })), "enough");
      const mine = new RangeError("mine");
      const throwing = (): void => {
        throw mine;
      };
      assert.is(await failureOf(heddle.integrateMany(f, a, b, { parameters, ...how, onProgress: throwing })), mine);
      await memoryReturns(heddle, 0);
      const { values } = await heddle.integrateMany("k*x", 0, 2, { parameters: { k: [1, 2] }, ...how });
      assert.equal([...values], [2, 4]);
    }));

  test(`${way}: an integrand that throws rejects the call`, () =>
    inWay(async (heddle) => {
      const thrower = (x: number, { k }: { k: number }): number => {
        if (k === 77) throw new Error("seventy-seven");
        return Math.fround(k * x);
      };
      const k = Array.from({ length: 100 }, (_, i) => i);
      const failure = await failureOf(
        heddle.integrateMany(thrower, 0, 1, { parameters: { k }, effort: "fast", ...how }),
      );
      assert.is((failure as { code?: string }).code, "ERR_INTEGRAND");
      assert.match((failure as Error).message, /seventy-seven/);
      const blocking = { parameters: { k }, effort: "fast", ...how } as const;
      assert.throws(() => heddle.integrateManySync(thrower, 0, 1, blocking), /seventy-seven/);
      const { values } = heddle.integrateManySync("k*x", 0, 2, { parameters: { k: [1, 2] }, ...how });
      assert.equal([...values], [2, 4]);
    }));

  test(`${way}: in the least memory that a context can have; what does not fit is a typed error`, () =>
    inContext({ threads: 2, memory: 2 ** 20 }, async (heddle) => {
      if (threads === undefined)
        heddle["house"].choose = () => ({ threads: 1, inline: true, reason: "a test wants it" });
      const { counts } = await heddle.integrateMany("exp(k*x)", 0, 1, {
        parameters: setsOf(20_000),
        effort: "fast",
        ...how,
      });
      assert.is(counts.converged, 20_000);
      const failure = await failureOf(
        heddle.integrateMany("abs(sin(1e5*k*x))", 0, 50, { parameters: { k: [1, 2, 3] }, effort: "fast", ...how }),
      );
      assert.is((failure as { code?: string }).code, "ERR_OUT_OF_MEMORY");
      assert.match((failure as Error).message, /createHeddle\({ memory/);
      await memoryReturns(heddle, 0);
    }));
}

test("closing the context rejects a sweep that is under way", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const failure = failureOf(
      heddle.integrateMany("abs(sin(300*k*x))", 0, 50, { parameters: setsOf(100_000), threads: 2 }),
    );
    await until(() => heddle["context"].heap.core.jobsOpen() > 0);
    await heddle.close();
    assert.is(((await failure) as { code?: string }).code, "ERR_CLOSED");
  }));

test.run();
