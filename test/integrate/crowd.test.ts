/** Many integrals asked for at the same time, of which memory has no room for all: each gets the bits it has alone, and memory comes back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle, type Heddle, integrateSync } from "../../ts/index.js";
import { computeHere } from "../runtime/library.js";

const MEMORY = 8 * 2 ** 20;
const SQUARE = { x: [0, 9], y: [0, 9] } as const;

type Call = (heddle: Pick<Heddle, "integrate">, a: number) => Promise<{ value: number }>;

const CROWDS: readonly [name: string, count: number, call: Call][] = [
  ["easy ones", 500, (heddle, a) => heddle.integrate("exp(-a*x)", 0, 1, { parameters: { a } })],
  ["hard ones", 30, (heddle, a) => heddle.integrate("abs(sin(a*x))", 0, 300, { parameters: { a } })],
  [
    "regions",
    12,
    (heddle, a) =>
      heddle.integrate("abs(sin(a*x*y))", SQUARE, {
        parameters: { a },
        rule: "genz-malik",
        maximumEvaluations: 100_000,
      }),
  ],
  [
    "regions that give way to points",
    12,
    (heddle, a) => heddle.integrate("abs(sin(a*x*y))", SQUARE, { parameters: { a }, maximumEvaluations: 400_000 }),
  ],
  [
    "VEGAS",
    12,
    (heddle, a) =>
      heddle.integrate("exp(-a*x*y)", SQUARE, { parameters: { a }, rule: "vegas", maximumEvaluations: 50_000 }),
  ],
];

const sync: Pick<Heddle, "integrate"> = {
  integrate: (async (...args: Parameters<typeof integrateSync>) => integrateSync(...args)) as never,
};

for (const [name, count, call] of CROWDS) {
  test(`a crowd of ${name}: none is refused for want of memory`, async () => {
    const heddle = createHeddle({ memory: MEMORY });
    computeHere(heddle);
    const numbers = Array.from({ length: count }, (_, k) => 1 + k / 64);
    const found = await Promise.all(numbers.map((a) => call(heddle, a)));
    for (const [k, { value }] of found.entries()) {
      if (k % 7 === 0) assert.is(value, (await call(sync, numbers[k]!)).value, `a = ${numbers[k]}`);
    }
    const one = heddle.info().memory.used;
    await Promise.all(numbers.map((a) => call(heddle, a)));
    assert.ok(heddle.info().memory.used <= one);
    await heddle.close();
  });
}

test("who waits for memory can be aborted, and hears of the closing", async () => {
  const heddle = createHeddle({ memory: MEMORY });
  computeHere(heddle);
  const { signal, abort } = ((controller) => ({ signal: controller.signal, abort: () => controller.abort("enough") }))(
    new AbortController(),
  );
  const how = { maximumEvaluations: 1e8, relativeTolerance: 1e-15 };
  const crowd = Array.from({ length: 60 }, (_, k) =>
    heddle.integrate("abs(sin(1e5*x))", 0, 300, k % 2 === 0 ? { ...how, signal } : how),
  );
  const ends = Promise.allSettled(crowd);
  abort();
  await Promise.allSettled(crowd.filter((_, k) => k % 2 === 0));
  await heddle.close();
  for (const [k, end] of (await ends).entries()) {
    assert.is(end.status, "rejected");
    const { reason } = end as PromiseRejectedResult;
    assert.is(k % 2 === 0 ? reason : reason.code, k % 2 === 0 ? "enough" : "ERR_CLOSED");
  }
});

test("what cannot be had at all is refused, and gives back what it had", async () => {
  const heddle = createHeddle({ memory: 2 ** 21 });
  computeHere(heddle);
  await heddle.integrate("x", 0, 1);
  const { used } = heddle.info().memory;
  for (let k = 0; k < 5; k++) {
    const failure = await heddle
      .integrate("abs(sin(1e4*x))", 0, 300, { effort: "paranoid" })
      .then(() => undefined)
      .catch((error) => error.code);
    assert.is(failure, "ERR_OUT_OF_MEMORY");
    assert.ok(heddle.info().memory.used <= used);
  }
  await heddle.close();
});

test.run();
