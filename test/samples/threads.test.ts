// @timeout 300
/** Samples in shared memory: the same bits by any number of workers, whatever becomes of them; and what happens to calls that end early. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, SamplesResult, SamplesRule } from "../../ts/index.js";
import { bitsOf, failureOf, inContext, loadLibrary, memoryReturns, resultBits, until } from "../runtime/library.js";
import { random } from "../tools/random.js";

const { createHeddle, cumulateSamples, cumulateSamplesSync, integrateSamples, integrateSamplesSync } =
  await loadLibrary();

const RULES = ["trapezoid", "simpson"] as const;
/** Seven chunks and a bit. */
const N = 7 * 65_536 + 12_346;
/** Rounds of calls during which workers are ended. */
const ROUNDS = process.env.STRESS === "1" ? 200 : 12;
/** Of those calls: long enough for a worker to be ended in the midst of one. */
const LONG = 2 ** 21;

function doubles(n: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * n));
}

function samples(n: number, seed: number): { y: Float64Array; x: Float64Array } {
  const next = random(seed);
  const [y, x] = [doubles(n), doubles(n)];
  let place = 5;
  for (let i = 0; i < n; i++) {
    y[i] = 2 * next() - 0.75;
    place -= 0.1 + next();
    x[i] = place;
  }
  return { y, x };
}

function assertSame(found: Float64Array, expected: Float64Array, what: string): void {
  assert.is(found.length, expected.length, what);
  const wrong = found.findIndex((value, i) => !Object.is(value, expected[i]));
  assert.is(wrong, -1, `${what}: result ${wrong} is ${found[wrong]}, expected ${expected[wrong]}`);
}

test("1, 2, 3 and 7 workers give the bits of the calling thread", async () => {
  const { y, x } = samples(N, 1);
  await inContext({}, async (context) => {
    for (const rule of RULES) {
      for (const where of [{ x }, { dx: 0.3 }]) {
        const expected = resultBits(integrateSamplesSync(y, { ...where, rule }));
        const running = cumulateSamplesSync(y, { ...where, rule, initial: 2 });
        for (const threads of [1, 2, 3, 7]) {
          const result = await integrateSamples(y, { ...where, rule, threads, context });
          const what = `${rule}, ${Object.keys(where)}, ${threads} threads`;
          assert.is(resultBits(result), expected, what);
          assert.is(result.mode, "threads", what);
          assert.ok(result.threads >= 1 && result.threads <= threads, what);
          assert.is(result.modeReason, "the call says how many threads");
          const found = await cumulateSamples(y, { ...where, rule, initial: 2, threads, context });
          assertSame(found, running, what);
          assert.instance(found.buffer, SharedArrayBuffer);
        }
      }
    }
  });
});

test("romberg, too", async () => {
  const y = samples(2 ** 18 + 1, 2).y;
  await inContext({}, async (context) => {
    const expected = resultBits(integrateSamplesSync(y, { rule: "romberg" }));
    const result = await integrateSamples(y, { rule: "romberg", threads: 3, context });
    assert.is(resultBits(result), expected);
    assert.is(result.mode, "threads");
  });
});

test("wrong samples and places are found by workers", async () => {
  const { y, x } = samples(N, 3);
  await inContext({}, async (context) => {
    y[N - 3] = Number.NaN;
    const result = await integrateSamples(y, { threads: 2, context });
    assert.equal(result.nonFinite, { count: 1, index: N - 3 });
    const running = await cumulateSamples(y, { threads: 2, context });
    assert.ok(Number.isFinite(running[N - 4]) && running.slice(N - 3).every(Number.isNaN));
    x[300_000] = x[299_999]! + 1;
    for (const call of [integrateSamples, cumulateSamples]) {
      const error = await failureOf(call(y, { x, threads: 2, context }) as Promise<unknown>);
      assert.match(String(error), /`x\[300000\]` must be below/);
    }
  });
});

test("ordinary samples are summed on the calling thread, which goes on living", async () => {
  const y = Float64Array.from(samples(2 ** 22, 4).y);
  let turns = 0;
  // A clock that runs fast: every look at it finds a stretch at its end, however fast the machine is.
  const clock = performance.now;
  let lookedAt = clock.call(performance);
  performance.now = () => (lookedAt += 20);
  const turn = () => {
    turns++;
    immediate = setImmediate(turn);
  };
  let immediate = setImmediate(turn);
  const result = await integrateSamples(y, { threads: 4, x: Float64Array.from(y, (_, i) => i) });
  performance.now = clock;
  clearImmediate(immediate);
  assert.equal([result.threads, result.mode, result.restarts], [1, "inline", 0]);
  assert.match(result.modeReason, "shared memory");
  assert.ok(turns > 0);
  assert.ok((await cumulateSamples(y, { threads: 4 })).buffer instanceof ArrayBuffer);
});

test("few samples are not worth a worker", async () => {
  const { modeReason, mode } = await integrateSamples(samples(1000, 5).y);
  assert.is(mode, "inline");
  assert.match(modeReason, "less time");
});

test("into is where results go, whatever memory it is", async () => {
  const { y, x } = samples(N, 6);
  await inContext({}, async (context) => {
    for (const into of [doubles(N), new Float64Array(N)]) {
      const found = await cumulateSamples(y, { x, rule: "simpson", threads: 2, context, into });
      assert.is(found, into);
      assertSame(found, cumulateSamplesSync(y, { x, rule: "simpson" }), "into");
    }
  });
});

test("no worker can start: the calling thread does it", async () => {
  const { y, x } = samples(N, 7);
  await inContext({ threadUrl: "file:///nowhere/thread.js" }, async (context) => {
    const result = await integrateSamples(y, { x, threads: 2, context });
    assert.is(resultBits(result), resultBits(integrateSamplesSync(y, { x })));
    assert.equal([result.mode, result.threads], ["inline", 1]);
    assert.match(result.modeReason, /no worker could/);
    const running = await cumulateSamples(y, { x, threads: 2, context });
    assertSame(running, cumulateSamplesSync(y, { x }), "running");
  });
});

/** Ends all workers of the workshop that are up. */
function endWorkers(heddle: Heddle): void {
  const { core, workshop } = heddle.member;
  const ready = 2;
  for (let number = 1; number < 32; number++) {
    if (core.threadState(number) !== ready || heddle.info().workers.includes(number)) continue;
    workshop?.order({ kind: "end", number, generation: core.threadGeneration(number) });
  }
}

test("workers die: others, or the calling thread, do what is left, to the same bits", async () => {
  const { y, x } = samples(LONG, 8);
  const options = { x, rule: "simpson" } as const;
  const expected = resultBits(integrateSamplesSync(y, options));
  const running = cumulateSamplesSync(y, options);
  const into = doubles(LONG);
  const next = random(9);
  let restarts = 0;
  await inContext(
    {},
    async (context) => {
      for (let round = 0; round < ROUNDS; round++) {
        const end = setTimeout(() => endWorkers(context), 12 * next());
        const result = await integrateSamples(y, { ...options, threads: 2, context });
        assert.is(resultBits(result), expected, `round ${round}`);
        restarts += result.restarts;
        clearTimeout(end);
        const again = setTimeout(() => endWorkers(context), 20 * next());
        assertSame(await cumulateSamples(y, { ...options, threads: 2, context, into }), running, `round ${round}`);
        clearTimeout(again);
      }
    },
    200,
  );
  console.log(`${restarts} workers died while they summed`);
});

test("an abort ends the call with its reason, and the next one is right", async () => {
  const { y, x } = samples(LONG, 10);
  const expected = resultBits(integrateSamplesSync(y, { x }));
  await inContext({}, async (context) => {
    for (const some of [
      { y, x },
      { y: Float64Array.from(y), x: Float64Array.from(x) },
    ]) {
      for (const call of [integrateSamples, cumulateSamples]) {
        const reason = new Error("enough");
        const before = failureOf(call(some.y, { x: some.x, threads: 2, context, signal: AbortSignal.abort(reason) }));
        assert.is(await before, reason);
        const controller = new AbortController();
        const during = failureOf(call(some.y, { x: some.x, threads: 2, context, signal: controller.signal }));
        controller.abort(reason);
        assert.is(await during, reason);
      }
    }
    assert.is(resultBits(await integrateSamples(y, { x, threads: 2, context })), expected);
  });
});

test("closing the context ends the call", async () => {
  const { y } = samples(LONG, 11);
  const context = createHeddle();
  const call = failureOf(integrateSamples(y, { threads: 2, context }));
  await context.close();
  assert.is(((await call) as Error).name, "ClosedError");
  assert.is(((await failureOf(integrateSamples(y, { threads: 2, context }))) as Error).name, "ClosedError");
});

test("calls at the same time, and no memory of the context stays behind", async () => {
  const { y, x } = samples(N, 12);
  const rules: SamplesRule[] = ["trapezoid", "simpson"];
  await inContext({}, async (context) => {
    await integrateSamples(y, { threads: 2, context });
    // What a context has for its own thread stays.
    await until(() => context.info().memory.used < 512);
    const { used } = context.info().memory;
    const calls = rules.flatMap((rule) => [
      integrateSamples(y, { x, rule, threads: 2, context }),
      integrateSamples(y, { rule, threads: 3, context }),
    ]);
    const results = (await Promise.all(calls)) as SamplesResult[];
    const expected = rules
      .flatMap((rule) => [{ x, rule }, { rule }])
      .map((options) => integrateSamplesSync(y, options));
    assert.equal(results.map(resultBits), expected.map(resultBits));
    await memoryReturns(context, used);
  });
});

test("a call is over before its samples may change", async () => {
  const y = samples(N, 13).y;
  await inContext({}, async (context) => {
    const first = await integrateSamples(y, { threads: 2, context });
    y.fill(1);
    const second = await integrateSamples(y, { threads: 2, context });
    assert.is(bitsOf(second.value), bitsOf(N - 1));
    assert.is.not(first.value, second.value);
  });
});

test.run();
