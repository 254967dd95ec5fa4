/** Everything that callers can get wrong: always an ArgumentError that names the argument and says what was expected and what came. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as heddle from "../../ts/index.js";
import { ArgumentError } from "../../ts/index.js";
import { failureOf } from "../runtime/library.js";

type Loose = (...args: unknown[]) => unknown;
const SYNC = [heddle.integrateSamplesSync, heddle.cumulateSamplesSync] as Loose[];
const ASYNC = [heddle.integrateSamples, heddle.cumulateSamples] as ((...args: unknown[]) => Promise<unknown>)[];
const [integrate, cumulate] = SYNC as [Loose, Loose];
const Y = [1, 2, 4, 8, 16];

function assertArgument(error: unknown, argument: string, pattern: RegExp): void {
  assert.instance(error, ArgumentError, String(error));
  const { code, argument: named, message } = error as ArgumentError;
  assert.is(code, "ERR_ARGUMENT");
  assert.is(named, argument, message);
  assert.match(message, /must be|expected/);
  assert.match(message, /, got |unknown option/);
  assert.match(message, pattern);
}

/** All calls refuse it; or those that are given. */
async function assertRefused(
  y: unknown,
  options: unknown,
  argument: string,
  pattern = /./,
  calls: readonly Loose[] = [...SYNC, ...ASYNC],
): Promise<void> {
  for (const call of calls) {
    const error = await failureOf((async () => call(y, options))());
    assert.ok(error !== null, `${call.name} took it`);
    assertArgument(error, argument, pattern);
  }
}

const NO_NUMBERS = [undefined, null, "1", true, 1n, {}, () => 1, Symbol("s")];

test("samples are an array of numbers, and one at least", async () => {
  for (const wrong of [undefined, null, 5, "12", {}, { length: -1 }, { length: 1.5 }, () => 1, new Map()]) {
    await assertRefused(wrong, {}, "y", /an array of numbers/);
  }
  await assertRefused([], {}, "y", /one sample at least/);
  await assertRefused(new Float64Array(0), {}, "y");
  const moved = new Float64Array(4);
  structuredClone(moved, { transfer: [moved.buffer] });
  await assertRefused(moved, {}, "y", /detached/);
  for (const wrong of NO_NUMBERS) await assertRefused([1, wrong, 3], {}, "y[1]", /a number/);
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
  await assertRefused([1, , 3], {}, "y[1]", /undefined/);
  await assertRefused(new BigInt64Array(3), {}, "y[0]", /0n/);
});

test("options are an object of known names", async () => {
  for (const wrong of [null, 5, "dx", [1]]) await assertRefused(Y, wrong, "options");
  await assertRefused(Y, { spacing: 2 }, "spacing", /unknown option/);
  await assertRefused(Y, { initial: 2 }, "initial", /unknown option/, [integrate, ASYNC[0]!]);
  for (const name of ["threads", "signal", "context"]) {
    await assertRefused(Y, { [name]: 2 }, name, /use integrateSamples$/, [integrate]);
    await assertRefused(Y, { [name]: 2 }, name, /use cumulateSamples$/, [cumulate]);
  }
  assert.is((integrate(Y, { spacing: undefined, threads: undefined }) as { value: number }).value, 22.5);
});

test("dx is a finite number other than 0", async () => {
  for (const wrong of [null, "1", 1n, Number.NaN, Infinity, -Infinity, 0, -0, {}, [1]]) {
    await assertRefused(Y, { dx: wrong }, "dx", /finite number other than 0/);
  }
  assert.is((integrate(Y, { dx: -1 }) as { value: number }).value, -22.5);
});

test("x is as many numbers as there are samples, and excludes dx", async () => {
  for (const wrong of [null, 5, {}]) await assertRefused(Y, { x: wrong }, "x");
  await assertRefused(Y, { x: [1, 2, 3, 4] }, "x", /5, got 4/);
  await assertRefused(Y, { x: [1, 2, "3", 4, 5] }, "x[2]");
  await assertRefused(Y, { x: [1, 2, 3, 4, 5], dx: 1 }, "dx", /either `x` or `dx`/);
});

for (const rule of ["trapezoid", "simpson"] as const) {
  test(`x goes one way, and is finite, ${rule}`, async () => {
    const refuse = (x: number[], argument: string, pattern: RegExp): Promise<void> =>
      assertRefused(Y, { x, rule }, argument, pattern);
    await refuse([0, 1, 3, 2, 4], "x[3]", /above x\[2\], which is 3, since x ascends/);
    await refuse([4, 3, 1, 2, 0], "x[3]", /below x\[2\], which is 1, since x descends/);
    await refuse([0, 1, 2, 4, 3], "x[4]", /sort the samples/);
    await refuse([0, -1, 2, 3, 4], "x[1]", /above/);
    for (const wrong of [Number.NaN, Infinity, -Infinity]) {
      for (let i = 0; i < 5; i++) {
        const x = [0, 1, 2, 3, 4];
        x[i] = wrong;
        await refuse(x, `x[${i}]`, /a finite number/);
      }
    }
  });
}

test("places may be equal for the trapezoid rule alone", async () => {
  assert.is((integrate(Y, { x: [0, 1, 1, 1, 2] }) as { value: number }).value, 13.5);
  assert.is((integrate(Y, { x: [1, 1, 1, 1, 1] }) as { value: number }).value, 0);
  for (const x of [
    [0, 0, 1, 2, 3],
    [0, 1, 1, 2, 3],
    [3, 2, 1, 0, 0],
    [1, 1, 1, 1, 1],
  ]) {
    const same = x.findIndex((place, i) => place === x[i - 1]);
    await assertRefused(Y, { x, rule: "simpson" }, `x[${same}]`, /other than x\[\d\] for Simpson's rule/);
  }
});

test("what is wrong is found in any chunk, and in the last interval", async () => {
  for (const n of [70_000, 70_001]) {
    for (const at of [1, 4096, 65_536, 65_537, n - 2]) {
      const x = Float64Array.from({ length: n }, (_, i) => i);
      x[at] = at + 1.5;
      const y = new Float64Array(n);
      for (const rule of ["trapezoid", "simpson"]) await assertRefused(y, { x, rule }, `x[${at + 1}]`, /above/, SYNC);
    }
  }
});

test("rules are known, and Romberg's takes 2^k + 1 samples at equal spacing", async () => {
  for (const wrong of [null, "Simpson", "midpoint", { gauss: 3 }, 5])
    await assertRefused(Y, { rule: wrong }, "rule", /"simpson"/);
  await assertRefused(Y, { rule: "romberg" }, "rule", /no running form/, [cumulate, ASYNC[1]!]);
  const calls = [integrate, ASYNC[0]!];
  await assertRefused(Y, { rule: "romberg", x: [1, 2, 3, 4, 5] }, "x", /equal spacing/, calls);
  for (const n of [1, 4, 6, 7, 8, 10, 16, 1023, 1026]) {
    await assertRefused(
      new Float64Array(n),
      { rule: "romberg" },
      "y",
      new RegExp(`2\\^k \\+ 1 samples.*got ${n}`),
      calls,
    );
  }
});

test("initial is a number; into is apart, and as long", async () => {
  const calls = [cumulate, ASYNC[1]!];
  for (const wrong of [null, "1", 1n, {}]) await assertRefused(Y, { initial: wrong }, "initial", /a number/, calls);
  for (const wrong of [null, [0, 0, 0, 0, 0], new Float32Array(5), 5]) {
    await assertRefused(Y, { into: wrong }, "into", /a Float64Array/, calls);
  }
  await assertRefused(Y, { into: new Float64Array(4) }, "into", /5, got 4/, calls);
  const memory = new Float64Array(12);
  memory.set(Y);
  const y = memory.subarray(0, 5);
  const places = Float64Array.of(1, 2, 3, 4, 5);
  for (const into of [y, memory.subarray(1, 6), memory.subarray(4, 9)]) {
    await assertRefused(y, { into }, "into", /memory of its own/, calls);
  }
  await assertRefused(y, { x: places, into: places }, "into", /`x`/, calls);
  const into = memory.subarray(5, 10);
  assert.is(cumulate(y, { into }), into);
  assert.equal([...into], [0, 1.5, 4.5, 10.5, 22.5]);
});

test("threads, signal and context are what they should be", async () => {
  for (const wrong of [0, -1, 1.5, 251, "2", Number.NaN]) {
    await assertRefused(Y, { threads: wrong }, "threads", /from 1 to 250/, ASYNC);
  }
  for (const wrong of [null, {}, "signal"]) await assertRefused(Y, { signal: wrong }, "signal", /AbortSignal/, ASYNC);
  for (const wrong of [null, {}, 5]) await assertRefused(Y, { context: wrong }, "context", /createHeddle/, ASYNC);
});

test.run();
