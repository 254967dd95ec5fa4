/** Aborting: with the signal's own reason, at any moment, and nobody else notices. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { IntegrateOptions } from "../../../ts/index.js";
import { failureOf, inContext, inContextFor, memoryReturns, resultBits, until, WAYS } from "../library.js";

const ABORTS = process.env.STRESS === "1" ? 2000 : 100;
const F = "exp(-x*x)*sin(3*x)+cos(x)";
/** A minute of work: whoever ends before that was aborted. More would not fit into the memory forty times. */
const LONG: IntegrateOptions = { points: 2 ** 32 };
const SHORT: IntegrateOptions = { points: 200_000 };

for (const [way, how] of WAYS) {
  test(`${way}: a signal that is aborted already rejects at once, and nothing is computed`, () =>
    inContextFor(way, async (heddle) => {
      const reason = { custom: "reason" };
      assert.is(
        await failureOf(heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: AbortSignal.abort(reason) })),
        reason,
      );
      const failure = await failureOf(heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: AbortSignal.abort() }));
      assert.is((failure as DOMException).name, "AbortError");
      // Bad arguments are told first: aborted or not, the call is wrong.
      const wrong = await failureOf(heddle.integrate(F, 0, Number.NaN, { ...LONG, signal: AbortSignal.abort() }));
      assert.is((wrong as { code?: string }).code, "ERR_ARGUMENT");
      assert.equal(heddle.info().workers, []);
      assert.is(heddle.info().memory.peak, 0);
    }));

  test(`${way}: aborted under way, it rejects with the signal's reason and the pool works after`, () =>
    inContextFor(way, async (heddle) => {
      await heddle.start();
      const expected = resultBits(await heddle.integrate(F, 0, 4, { ...SHORT, ...how }));
      await memoryReturns(heddle, 0);
      for (const reason of [new RangeError("mine"), "a text", 0]) {
        const controller = new AbortController();
        let begun = 0;
        const onProgress = () => {
          begun = performance.now();
          controller.abort(reason);
        };
        const failure = await failureOf(
          heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: controller.signal, onProgress }),
        );
        const latency = performance.now() - begun;
        console.log(`${way}: rejected ${latency.toFixed(1)} ms after the abort`);
        assert.is(failure, reason);
        assert.is(resultBits(await heddle.integrate(F, 0, 4, { ...SHORT, ...how })), expected);
      }
      await memoryReturns(heddle, 0);
      assert.equal(heddle.info().workers, [1, 2]);
    }));

  test(`${way}: aborted before the first event of the loop`, () =>
    inContextFor(way, async (heddle) => {
      const controller = new AbortController();
      const failure = failureOf(heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: controller.signal }));
      controller.abort("at once");
      assert.is(await failure, "at once");
      await memoryReturns(heddle, 0);
    }));

  test(`${way}: ${ABORTS} aborts in a row`, () =>
    inContextFor(way, async (heddle) => {
      await heddle.start();
      const expected = resultBits(await heddle.integrate(F, 0, 4, { ...SHORT, ...how }));
      for (let i = 0; i < ABORTS; i++) {
        const controller = new AbortController();
        const failure = failureOf(heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: controller.signal }));
        // Each at another moment, counted in turns of the event loop.
        let turns = i % 7;
        const step = (): unknown => (turns-- > 0 ? setImmediate(step) : controller.abort(i));
        step();
        assert.is(await failure, i);
      }
      assert.is(resultBits(await heddle.integrate(F, 0, 4, { ...SHORT, ...how })), expected);
      await memoryReturns(heddle, 0);
    }));

  test(`${way}: the abort of one call leaves the other's bits right`, () =>
    inContextFor(way, async (heddle) => {
      const options = { points: 3_000_000, ...how };
      const expected = resultBits(heddle.integrateSync(F, 0, 4, { points: 3_000_000 }));
      const controller = new AbortController();
      const aborted = failureOf(heddle.integrate("sin(x)", 0, 4, { ...LONG, ...how, signal: controller.signal }));
      const onProgress = () => controller.abort();
      const other = await heddle.integrate(F, 0, 4, { ...options, onProgress });
      assert.is(resultBits(other), expected);
      assert.is(((await aborted) as DOMException).name, "AbortError");
    }));

  test(`${way}: one signal for many calls, most of which wait for their turn`, () =>
    inContextFor(way, async (heddle) => {
      const controller = new AbortController();
      const calls = Array.from({ length: 40 }, () =>
        failureOf(heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: controller.signal })),
      );
      await new Promise((resolve) => setImmediate(resolve));
      const begun = performance.now();
      controller.abort("all");
      assert.equal([...new Set(await Promise.all(calls))], ["all"]);
      console.log(`${way}: 40 calls rejected ${(performance.now() - begun).toFixed(1)} ms after the abort`);
      await memoryReturns(heddle, 0);
      assert.is((await heddle.integrate("x", 0, 2, { points: 1024, ...how })).value, 2);
    }));

  test(`${way}: a call that waits for its turn is aborted without waiting for it`, () =>
    inContextFor(way, async (heddle) => {
      const others = new AbortController();
      const running = Array.from({ length: 16 }, () =>
        failureOf(heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: others.signal })),
      );
      const own = new AbortController();
      const waiting = failureOf(heddle.integrate(F, 0, 4, { ...LONG, ...how, signal: own.signal }));
      const last = heddle.integrate("x", 0, 2, { points: 1024, ...how });
      await new Promise((resolve) => setImmediate(resolve));
      own.abort("own");
      assert.is(await waiting, "own");
      others.abort("others");
      assert.equal([...new Set(await Promise.all(running))], ["others"]);
      assert.is((await last).value, 2);
      await memoryReturns(heddle, 0);
    }));

  test(`${way}: listeners are taken off the signal`, () =>
    inContextFor(way, async (heddle) => {
      const controller = new AbortController();
      const count = { added: 0, removed: 0 };
      let most = 0;
      const { signal } = controller;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: Parameters<typeof add>) => {
        most = Math.max(most, ++count.added - count.removed);
        add(...args);
      };
      signal.removeEventListener = (...args: Parameters<typeof remove>) => {
        count.removed++;
        remove(...args);
      };
      await Promise.all(
        Array.from({ length: 20 }, () => heddle.integrate(F, 0, 4, { points: 1_000_000, ...how, signal })),
      );
      assert.ok(count.added > 0);
      assert.is(count.added, count.removed);
      // From the eleventh on Node prints a warning.
      assert.is(most, 1);
    }));
}

test("aborting when the result is out changes nothing", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const controller = new AbortController();
    const { value } = await heddle.integrate("x", 0, 2, { points: 1024, threads: 2, signal: controller.signal });
    controller.abort();
    assert.is(value, 2);
    assert.is((await heddle.integrate("x", 0, 2, { points: 1024, threads: 2 })).value, 2);
  }));

test("aborting while the workers still start rejects without waiting for them", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const controller = new AbortController();
    const failure = failureOf(heddle.integrate(F, 0, 4, { ...LONG, threads: 2, signal: controller.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(heddle.info().workers, []);
    controller.abort("early");
    assert.is(await failure, "early");
    await until(() => heddle.info().workers.length === 2);
    await memoryReturns(heddle, 0);
  }));

test.run();
