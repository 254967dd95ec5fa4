/** Many calls at a time, several contexts, and their ends. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { IntegrateOptions, Rule } from "../../../ts/index.js";
import { failureOf, inContext, loadLibrary, memoryReturns, onDeath, resultBits, until } from "../library.js";

const CALLS = process.env.STRESS === "1" ? 2000 : 100;
const LONG = { points: 2 ** 40, threads: 2 };

const { ClosedError, createHeddle, OutOfMemoryError } = await loadLibrary();

/** Of all sizes: from one panel to dozens of chunks, from the calling thread alone to more threads than the machine has. */
function problem(i: number): [f: string, a: number, b: number, options: IntegrateOptions] {
  const rules: readonly Rule[] = ["left", "right", "midpoint", "trapezoid", "simpson", "boole", { gauss: 3 }];
  const options: IntegrateOptions = {
    points: 1 + ((i * i * 977) % 300_000),
    rule: rules[i % rules.length]!,
    parameters: { k: i },
  };
  return ["cos(k*x)+x^2", -1, 3, i % 5 === 0 ? options : { ...options, threads: 1 + (i % 4) }];
}

test(`${CALLS} integrals at a time, on threads and on the calling thread, give the bits that each gives alone`, () =>
  inContext({ threads: 3 }, async (heddle) => {
    const expected: string[] = [];
    for (let i = 0; i < CALLS; i++) {
      const [f, a, b, options] = problem(i);
      expected.push(resultBits(heddle.integrateSync(f, a, b, { ...options, threads: 1 })));
    }
    await memoryReturns(heddle, 0);
    const results = await Promise.all(Array.from({ length: CALLS }, (_, i) => heddle.integrate(...problem(i))));
    assert.equal(results.map(resultBits), expected);
    await memoryReturns(heddle, 0);
    assert.ok(heddle.info().memory.peak > 0);
  }));

test("integrateSync while as many jobs are open as fit, and more wait, gives the same bits", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const alone = resultBits(heddle.integrateSync("exp(-x)", 0, 4, { points: 500_000, threads: 1 }));
    const calls = Array.from({ length: 20 }, () => heddle.integrate("exp(-x)", 0, 4, { points: 500_000, threads: 2 }));
    await new Promise((resolve) => setImmediate(resolve));
    assert.is(resultBits(heddle.integrateSync("exp(-x)", 0, 4, { points: 500_000, threads: 3 })), alone);
    for (const result of await Promise.all(calls)) assert.is(resultBits(result), alone);
    await memoryReturns(heddle, 0);
  }));

test("a short call does not wait for the end of a long one, whoever has the threads", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const leaving = new AbortController();
    const long = failureOf(heddle.integrate("sin(x)", 0, 1, { ...LONG, signal: leaving.signal }));
    for (const threads of [1, 2]) {
      // It would never come to its end if it had to wait.
      assert.is((await heddle.integrate("x", 0, 2, { points: 2 ** 20, threads })).value, 2);
    }
    leaving.abort();
    assert.is(((await long) as Error).name, "AbortError");
    await memoryReturns(heddle, 0);
  }));

test("two contexts side by side do not know of each other", () =>
  inContext({ threads: 2, memory: 2 ** 20 }, (small) =>
    inContext({ threads: 1 }, async (large) => {
      const options = { points: 400_000, threads: 2 };
      const [a, b] = await Promise.all([
        Promise.all(Array.from({ length: 10 }, () => small.integrate("exp(-x)", 0, 4, options))),
        Promise.all(Array.from({ length: 10 }, () => large.integrate("exp(-x)", 0, 4, options))),
      ]);
      assert.is(new Set([...a, ...b].map(resultBits)).size, 1);
      await until(() => small.info().workers.length === 2 && large.info().workers.length === 2);
      await small.close();
      assert.equal(small.info().workers, []);
      assert.is(resultBits(await large.integrate("exp(-x)", 0, 4, options)), resultBits(a[0]!));
      await memoryReturns(large, 0);
    }),
  ));

test("more integrands than a thread keeps instances of, twice around", () =>
  inContext({ threads: 2 }, async (heddle) => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 150; i++) {
        const { value } = await heddle.integrate(`x+${i}`, 0, 2, { points: 1024, threads: 1 + (i % 2) });
        assert.is(value, 2 + 2 * i);
      }
    }
    await memoryReturns(heddle, 0);
  }));

test("close() rejects what is under way and what waits with ClosedError, and the workers are gone after", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const died: number[] = [];
    onDeath(heddle, (number) => died.push(number));
    // Twenty: four of them wait for a place on the board. The last is on the calling thread.
    const calls = Array.from({ length: 20 }, () => failureOf(heddle.integrate("x", 0, 1, LONG)));
    const start = failureOf(heddle.start(50));
    await new Promise((resolve) => setImmediate(resolve));
    await heddle.close();
    assert.ok(died.includes(1) && died.includes(2), `${died}`);
    assert.equal(heddle.info().workers, []);
    for (const failure of [...(await Promise.all(calls)), await start]) {
      assert.instance(failure, ClosedError);
      assert.is((failure as InstanceType<typeof ClosedError>).code, "ERR_CLOSED");
    }
    await memoryReturns(heddle, 0);
  }));

test("close() rejects what computes on the calling thread", () =>
  inContext({ threads: 2 }, async (heddle) => {
    heddle["house"].choose = () => ({ threads: 1, inline: true, reason: "a test wants it" });
    const calls = Array.from({ length: 3 }, () => failureOf(heddle.integrate("sin(x)", 0, 1, { points: 2 ** 32 })));
    await new Promise((resolve) => setImmediate(resolve));
    await heddle.close();
    for (const failure of await Promise.all(calls)) assert.instance(failure, ClosedError);
    assert.is(heddle.info().memory.used, 0);
  }));

test("a closed context refuses every call, and close() may be called again", () =>
  inContext({ threads: 1 }, async (heddle) => {
    await heddle.start();
    await Promise.all([heddle.close(), heddle.close()]);
    await heddle.close();
    assert.instance(await failureOf(heddle.integrate("x", 0, 1, { points: 10 })), ClosedError);
    assert.instance(await failureOf(heddle.integrate("x", 0, 1, { points: 10, threads: 1 })), ClosedError);
    assert.instance(await failureOf(heddle.start()), ClosedError);
    const isClosed = (error: unknown): boolean => error instanceof ClosedError;
    assert.throws(() => heddle.integrateSync("x", 0, 1, { points: 10 }), isClosed);
    assert.throws(() => heddle.evaluate("x", [1]), isClosed);
    heddle.killWorker(1);
  }));

test("close() of a context that was never used", () => inContext({}, (heddle) => heddle.close()));

test("leaving an `await using` scope closes", async () => {
  // `await using` is a syntax error in Node 20 and 22; this is what it means.
  const heddle = createHeddle({ threads: 1 });
  await heddle[Symbol.asyncDispose]();
  assert.instance(await failureOf(heddle.integrate("x", 0, 1, { points: 10 })), ClosedError);
});

test("configure() comes before the first use of the default context, or is an error", async () => {
  const { ArgumentError, configure, info, integrateSync } = await loadLibrary();
  configure({ threads: 3, memory: 2 ** 21 });
  configure({ threads: 2, memory: 2 ** 20 });
  assert.is(integrateSync("x", 0, 2, { points: 1024 }).value, 2);
  assert.is(info().threads, 2);
  assert.ok(info().memory.total < 2 ** 20);
  assert.throws(
    () => configure({ threads: 1 }),
    (error: unknown) => error instanceof ArgumentError && /createHeddle/.test(error.message),
  );
  assert.is(info().threads, 2);
});

test("close() ends the default context; the next call makes another, which may be configured before", async () => {
  const { close, configure, info, integrate } = await loadLibrary();
  await close();
  await close();
  configure({ threads: 4 });
  assert.is((await integrate("x", 0, 2, { points: 1024 })).value, 2);
  assert.is(info().threads, 4);
  await close();
  configure({});
});

test("a memory of the largest size that is allowed works, the next size is refused", () =>
  inContext({ memory: 2 ** 32 - 2 ** 16 }, (heddle) => {
    assert.is(heddle.integrateSync("x", 0, 2, { points: 1024 }).value, 2);
    assert.throws(
      () => createHeddle({ memory: 2 ** 32 }),
      (error: Error) => error.name === "ArgumentError",
    );
    return Promise.resolve();
  }));

test("is out of memory with both sizes in the message, and goes on after", async () => {
  await inContext({ memory: 2 ** 20 }, async (heddle) => {
    const { total, used } = heddle.info().memory;
    for (const threads of [1, 3]) {
      await memoryReturns(heddle, used);
      const failure = await failureOf(heddle.integrate("x", 0, 1, { points: 2 ** 40, threads }));
      assert.instance(failure, OutOfMemoryError);
      const { neededBytes, freeBytes, message, code } = failure as InstanceType<typeof OutOfMemoryError>;
      assert.is(code, "ERR_OUT_OF_MEMORY");
      assert.ok(neededBytes > 2 ** 20 && freeBytes === total - used);
      assert.ok(message.includes(String(neededBytes)) && message.includes(String(freeBytes)), message);
      assert.throws(
        () => heddle.integrateSync("x", 0, 1, { points: 2 ** 40, threads }),
        (error: unknown) => error instanceof OutOfMemoryError,
      );
      assert.is((await heddle.integrate("x", 0, 2, { points: 1024, threads })).value, 2);
    }
    await memoryReturns(heddle, used);
  });
});

test.run();
