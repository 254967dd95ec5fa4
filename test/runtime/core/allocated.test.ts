/** A page's thread that does not get the lock of the memory: calls by promise try again when events have run, blocking ones say so, and both leave nothing behind. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle, HeddleError } from "../../../ts/index.js";
import { Answer } from "../../../ts/runtime/core/core-things.js";
import { random } from "../../tools/random.js";
import { computeHere, inContext, loadLibrary, memoryReturns, shareAll } from "../library.js";

/** Has the core answer as on a page where another thread has the lock, with this probability. @returns how often it did so far */
function haunt(heddle: Heddle, probability: number): { readonly count: number } {
  const { heap } = heddle["context"];
  const { core } = heap;
  const seen = { count: 0 };
  const next = random(7);
  const often = <A extends readonly number[]>(give: (...args: A) => number): ((...args: A) => number) => {
    return (...args) => {
      if (next() >= probability) return give(...args);
      seen.count++;
      return Answer.BUSY;
    };
  };
  heap["core" as never] = { ...core, alloc: often(core.alloc), jobCreate: often(core.jobCreate) } as never;
  return seen;
}

const { createHeddle } = await loadLibrary();
const undisturbed = createHeddle({ threads: 1 });
computeHere(undisturbed);
test.after(() => undisturbed.close());

const BOX = { x: [0, 1], y: [0, 2] } as const;
const SETS = { parameters: { a: Float64Array.from({ length: 100 }, (_, i) => i / 10) } };
const LONG = { maximumEvaluations: 100_000, effort: "careful" } as const;

const CALLS: readonly [name: string, call: (heddle: Heddle) => Promise<unknown>, sync: (heddle: Heddle) => unknown][] =
  [
    [
      "fixed panels",
      async (heddle) => (await heddle.integrate("sin(x)", 0, 1, { points: 1e5 })).value,
      (heddle) => heddle.integrateSync("sin(x)", 0, 1, { points: 1e5 }).value,
    ],
    [
      "a tolerance",
      async (heddle) => (await heddle.integrate("abs(sin(30*x))", 0, 9, LONG)).value,
      (heddle) => heddle.integrateSync("abs(sin(30*x))", 0, 9, LONG).value,
    ],
    [
      "regions",
      async (heddle) => (await heddle.integrate("abs(sin(x*y)-0.3)", BOX, LONG)).value,
      (heddle) => heddle.integrateSync("abs(sin(x*y)-0.3)", BOX, LONG).value,
    ],
    [
      "random points",
      async (heddle) => (await heddle.integrate("sin(x*y)", BOX, { rule: "vegas", maximumEvaluations: 50_000 })).value,
      (heddle) => heddle.integrateSync("sin(x*y)", BOX, { rule: "vegas", maximumEvaluations: 50_000 }).value,
    ],
    [
      "sweeps",
      async (heddle) => [...(await heddle.integrateMany("sin(a*x)", 0, 1, SETS)).values],
      (heddle) => [...heddle.integrateManySync("sin(a*x)", 0, 1, SETS).values],
    ],
  ];

for (const [name, call, sync] of CALLS) {
  for (const where of ["on threads", "on the calling thread"] as const) {
    test(`${name}, ${where}: goes on when the lock can be had`, () =>
      inContext({ threads: 2 }, async (heddle) => {
        await heddle.start(2);
        if (where === "on threads") shareAll(heddle);
        else computeHere(heddle);
        const { heap } = heddle["context"];
        const { core } = heap;
        const seen = haunt(heddle, 0.4);
        assert.equal(await call(heddle), await call(undisturbed));
        assert.ok(seen.count > 0);
        // Of an integral over a range a block waits for the next.
        heap["core" as never] = core as never;
        const { used } = heddle.info().memory;
        await call(heddle);
        await memoryReturns(heddle, used);
      }));
  }

  test(`${name}, blocking: says that it cannot be had, and changes nothing`, () =>
    inContext({ threads: 2 }, async (heddle) => {
      computeHere(heddle);
      const { heap } = heddle["context"];
      const { core } = heap;
      haunt(heddle, 1);
      assert.throws(
        () => sync(heddle),
        (error: unknown) => (error as HeddleError).name === "BusyError" && (error as HeddleError).code === "ERR_BUSY",
      );
      heap["core" as never] = core as never;
      assert.is(heddle.info().memory.used, 0);
      assert.equal(sync(heddle), sync(undisturbed));
    }));
}

test.run();
