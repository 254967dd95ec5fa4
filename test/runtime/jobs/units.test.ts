// @timeout 120
/** Rounds of an integral as jobs of units: the bits of one thread alone, whatever dies; aborts and failures leave the crew well and the memory as it was. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle } from "../../../ts/index.js";
import { poseToTolerance } from "../../../ts/integrate/tolerance.js";
import { Integral, type IntegralState } from "../../../ts/quad/integral.js";
import { JobKind } from "../../../ts/runtime/core/core-units.js";
import type { Kernel } from "../../../ts/runtime/jobs/run.js";
import { UnitCall } from "../../../ts/runtime/jobs/run-units.js";
import type { ToleranceOptions } from "../../../ts/types.js";
import { whileKilling } from "../killing.js";
import { failureOf, inContext, memoryReturns, until } from "../library.js";

const KILLS = process.env.STRESS === "1" ? 300 : 30;
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));

type Way = "alone" | "on workers" | "blocking";

interface Rounds {
  readonly state: IntegralState;
  readonly restarts: number;
  readonly threads: number;
}

/** One integral, round by round. */
async function rounds(
  heddle: Heddle,
  way: Way,
  f: string | ((x: number) => number),
  a: number,
  b: number,
  options: ToleranceOptions = {},
  threads = 2,
): Promise<Rounds> {
  // Private on purpose; the compiler allows brackets.
  const context = heddle["context"];
  const { heap, drivers } = context;
  const { core } = heap;
  const { integrand, spec } = poseToTolerance(f, a, b, options);
  const kernelOf = ({ bytes, module, use, readsTables }: typeof integrand): Kernel => {
    if (readsTables) heddle.evaluate("exp(x)", [1]);
    return { number: core.kernelNumber(), bytes, module, isForeign: use.kind !== "compiled" };
  };
  const kernel = kernelOf(integrand);
  const runsOf = (one: Kernel) => drivers.get(one.number, () => one.module).runs;
  let distance: Kernel | undefined;
  const { inDistance } = integrand;
  const makeDistance = () => {
    const form = inDistance!();
    distance = kernelOf(form.integrand);
    return { runs: runsOf(distance), isBetterAtZero: form.isBetterAtZero };
  };
  const runs = runsOf(kernel);
  const integral = new Integral(heap, spec, { runs, distance: inDistance && makeDistance });
  const record = integral["record"];
  const call = way === "alone" ? undefined : new UnitCall(context, [kernel], threads, options.signal);
  try {
    if (call === undefined) integral.compute();
    else {
      for (;;) {
        const found = core.integralAdvance(record);
        if (found === 3) {
          const units = core.roundUnits(record);
          const job = { kind: JobKind.ROUND, units, desk: core.roundDesk(record), kernel, distance, record };
          if (way === "blocking") call.runSync(job);
          else await call.run(job);
          core.roundEnd(record);
        } else if (found === 1) runs(core.integralRun(record), 1);
        else if (!integral["answer"]()) break;
      }
    }
    return { state: integral.state(), restarts: call?.restarts ?? 0, threads: call?.count ?? 1 };
  } finally {
    call?.close();
    heap.freeBehind(integral["room"]);
    heap.freeBehind(record);
  }
}

const CASES: readonly [f: string, a: number, b: number, options?: ToleranceOptions][] = [
  ["exp(x)", 0, 1],
  ["abs(sin(x))", 0, 300],
  ["cos(1000*x)", 0, 10],
  ["1/sqrt(x)", 0, 1],
  ["(1-x)^-0.8", 0, 1],
  ["1/sqrt(1-x^2)", -1, 1],
  ["exp(-x)/sqrt(x)", 0, Number.POSITIVE_INFINITY],
  ["sin(x)/x", 0, Number.POSITIVE_INFINITY],
  ["exp(-x^2)", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["sqrt(x)", -1, 1],
  ["x/(x-0.5)", 0, 1, { effort: "fast" }],
  ["sqrt(abs(x-0.3))", 0, 1, { effort: "careful" }],
];

for (const way of ["on workers", "blocking"] as const) {
  test(`${way}: the bits of the calling thread alone, for any number of threads`, () =>
    inContext({ threads: 3 }, async (heddle) => {
      await heddle.start(3);
      const { used } = heddle.info().memory;
      for (const [f, a, b, options] of CASES) {
        const { state } = await rounds(heddle, "alone", f, a, b, options);
        for (const threads of [1, 2, 3]) {
          const shared = await rounds(heddle, way, f, a, b, options, threads);
          assert.equal(shared.state, state, `${f}, ${threads} threads`);
          assert.ok(shared.threads >= 1 && shared.threads <= threads, `${f}: ${shared.threads} of ${threads} threads`);
        }
      }
      await memoryReturns(heddle, used);
    }));
}

test("the same bits when workers are killed at random moments, and memory comes back", () =>
  inContext(
    { threads: 3 },
    async (heddle) => {
      const [f, a, b] = ["abs(sin(x))+sqrt(abs(cos(3*x)))", 0, 100] as const;
      const options = { maximumEvaluations: 2_000_000, effort: "careful" } as const;
      await heddle.start(3);
      const { state } = await rounds(heddle, "alone", f, a, b, options);
      const { used } = heddle.info().memory;
      await whileKilling(heddle, { seed: SEED, kills: KILLS, within: 10 }, async (kill) => {
        const shared = await rounds(heddle, kill % 2 === 0 ? "on workers" : "blocking", f, a, b, options, 3);
        assert.equal(shared.state, state, `seed ${SEED}, kill ${kill}`);
        return shared.restarts;
      });
      await memoryReturns(heddle, used);
      await until(() => heddle.info().workers.length === 3);
    },
    110,
  ));

test("after a death the record is not touched again before the dead, who may go on for a while, hold the job no more", () =>
  inContext({ threads: 1 }, async (heddle) => {
    await heddle.start(1);
    const { heap } = heddle["context"];
    const { core, words } = heap;
    const { state } = await rounds(heddle, "alone", "abs(sin(x))", 0, 300);
    // A thread record that nobody has (assembly/memory/layout.ts): the word with its job.
    const hold = (1024 + 256 + 200 * 2560 + 12) >>> 2;
    let haunted = 0;
    const create = core.unitsCreate;
    // Each job is held by a ghost, and says that somebody died in it.
    const haunt = (job: number, ...others: [number, number, number, number, number, number]): void => {
      create(job, ...others);
      words[(job >>> 2) + 2] = 1;
      words[hold] = job;
    };
    heddle["context"].heap["core" as never] = { ...core, unitsCreate: haunt } as never;
    const lay = setInterval(() => {
      const job = words[hold]!;
      if (job === 0 || core.jobState(job) === 1) return;
      haunted++;
      // It has rested long enough: the round may end.
      words[hold] = 0;
    }, 5);
    let ended = false;
    const shared = rounds(heddle, "on workers", "abs(sin(x))", 0, 300).then((each) => {
      ended = true;
      return each;
    });
    await until(() => haunted > 0);
    assert.not(ended);
    assert.equal((await shared).state, state);
    clearInterval(lay);
    assert.ok(haunted > 1, "each round waits");
    await memoryReturns(heddle, 0);
  }));

test("a failing integrand rejects with its error, an abort with its reason, and the crew works after", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start(2);
    const controller = new AbortController();
    const [f, a, b] = ["abs(sin(x))", 0, 1e6] as const;
    const options = { maximumEvaluations: 1e8, effort: "paranoid" } as const;
    const running = failureOf(rounds(heddle, "on workers", f, a, b, { ...options, signal: controller.signal }));
    await until(() => heddle["context"].heap.core.jobsOpen() > 0);
    controller.abort("enough");
    assert.is(await running, "enough");
    await memoryReturns(heddle, 0);
    // Room for points on their way to a function stays with its thread.
    const thrower = (x: number): number => {
      if (x > 3) throw new Error("too far");
      return Math.fround(x);
    };
    const failure = await failureOf(rounds(heddle, "on workers", thrower, 0, 4));
    assert.is((failure as { code?: string }).code, "ERR_INTEGRAND");
    assert.match((failure as Error).message, /too far/);
    const { state } = await rounds(heddle, "alone", "exp(x)", 0, 1);
    assert.equal((await rounds(heddle, "on workers", "exp(x)", 0, 1)).state, state);
    assert.equal(heddle.info().workers.length, 2);
  }));

test.run();
