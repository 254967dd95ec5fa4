// @timeout 180
/** Workers killed at random moments: right answers with the same bits, a crew that heals, memory that comes back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failureOf, inContext, LEISURELY, memoryReturns, onDeath, resultBits, until } from "../library.js";

const RUNS = process.env.STRESS === "1" ? 2000 : 200;
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
const F = "exp(-x*x)*sin(3*x)+cos(x)";
/** Thirty chunks at least, and as many as take one core so many milliseconds: long enough to be hit, short enough to be hit often. */
const POINTS = 490_000;
const CALL = 15;
/** Kills land between the call and a little after its usual end. */
const KILL_WITHIN = 25;
/** Of `LEISURELY`: a second of three threads, by the clock. */
const LEISURELY_POINTS = 60_000;
const THREADS_MAXIMUM = 4;

/** Numbers from 0 up to 1, the same for the same seed (Mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`gives the same bits in ${RUNS} runs whose workers are killed at random moments`, async () => {
  await inContext(
    {},
    async (heddle) => {
      const next = random(SEED);
      const alone = (points: number) => heddle.integrateSync(F, 0, 4, { points, threads: 1 });
      alone(POINTS);
      const points = Math.ceil(POINTS * Math.max(1, CALL / alone(POINTS).elapsed));
      const expected = resultBits(alone(points));
      const used = heddle.info().memory.used;
      await heddle.start(THREADS_MAXIMUM);
      let deaths = 0;
      onDeath(heddle, () => deaths++);
      const restarts = { integrate: 0, integrateSync: 0 };
      for (let run = 0; run < RUNS; run++) {
        const options = { points, threads: 1 + Math.floor(next() * THREADS_MAXIMUM) };
        const victims = Math.floor(next() * 4);
        for (let i = 0; i < victims; i++) {
          const workers = heddle.info().workers;
          const victim = workers[Math.floor(next() * workers.length)];
          if (victim !== undefined) heddle.killWorker(victim, next() < 0.2 ? 0 : next() * KILL_WITHIN);
        }
        const kind = next() < 0.5 ? "integrate" : "integrateSync";
        const result = await (kind === "integrate"
          ? heddle.integrate(F, 0, 4, options)
          : heddle.integrateSync(F, 0, 4, options));
        assert.is(resultBits(result), expected, `seed ${SEED}, run ${run}, ${kind}, ${JSON.stringify(result)}`);
        assert.is(result.status, "done");
        restarts[kind] += result.restarts;
      }
      console.log(`seed ${SEED}: ${deaths} deaths, restarts ${JSON.stringify(restarts)}`);
      assert.ok(restarts.integrate > 0, `seed ${SEED}: no kill hit an integrate`);
      assert.ok(restarts.integrateSync > 0, `seed ${SEED}: no kill hit an integrateSync`);
      await memoryReturns(heddle, used);
      await until(() => heddle.info().workers.length === THREADS_MAXIMUM);
      // Kills that were ordered last may come late; there is an end to them.
      for (let late = 1; late > 0; ) {
        const { restarts: again, ...after } = await heddle.integrate(F, 0, 4, {
          points,
          threads: THREADS_MAXIMUM,
        });
        assert.is(resultBits(after), expected);
        late = again;
      }
    },
    170,
  );
});

for (const kind of ["integrate", "integrateSync"] as const) {
  test(`${kind}: survives the death of all its workers at once`, async () => {
    await inContext({ threads: 3 }, async (heddle) => {
      const options = { points: LEISURELY_POINTS, threads: 3 };
      await heddle.start();
      const expected = resultBits(heddle.integrateSync("x*x", 0, 4, options));
      for (const worker of heddle.info().workers) heddle.killWorker(worker, 200);
      const result = await (kind === "integrate"
        ? heddle.integrate(LEISURELY, 0, 4, options)
        : heddle.integrateSync(LEISURELY, 0, 4, options));
      assert.is(resultBits(result), expected);
      assert.ok(result.restarts > 0, `restarts ${result.restarts}`);
      await until(() => heddle.info().workers.length === 3);
      // What stays is a buffer for each thread that has called back.
      await until(() => heddle.info().memory.used <= 3 * 16_400);
    });
  });
}

test("replaces a worker that dies idle", async () => {
  await inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const died: number[] = [];
    onDeath(heddle, (number) => died.push(number));
    const victim = heddle.info().workers[0]!;
    heddle.killWorker(victim);
    await until(() => died.length === 1);
    assert.equal(died, [victim]);
    await until(() => heddle.info().workers.length === 2);
    const { restarts, threads } = await heddle.integrate(F, 0, 4, { points: POINTS, threads: 2 });
    assert.is(restarts, 0);
    assert.ok(threads >= 1 && threads <= 2);
  });
});

test("goes on when replacements die before they are ready, however often", async () => {
  await inContext({ threads: 2 }, async (heddle) => {
    const expected = resultBits(heddle.integrateSync(F, 0, 4, { points: POINTS, threads: 1 }));
    // Numbers 1 and 2 are the crew's; killed while nobody is up, they are workers that have just begun to start.
    const result = heddle.integrate(F, 0, 4, { points: POINTS, threads: 2 });
    for (let after = 0; after < 60; after += 5) {
      heddle.killWorker(1, after);
      heddle.killWorker(2, after);
    }
    assert.is(resultBits(await result), expected);
  });
});

test("a supervisor that dies takes its workers along; the next call has new ones", () =>
  inContext({ threads: 2 }, async (heddle) => {
    await heddle.start();
    const expected = resultBits(await heddle.integrate(F, 0, 4, { points: POINTS, threads: 2 }));
    for (const wait of ["idle", "under way"]) {
      const call = wait === "idle" ? null : failureOf(heddle.integrate(F, 0, 4, { points: 2 ** 40, threads: 2 }));
      // Private on purpose: nobody but a test wants to. The compiler allows brackets.
      heddle["context"]["crew"]!["supervisor"]!.terminate();
      await until(() => heddle.info().workers.length === 0);
      if (call !== null) assert.is(((await call) as { code?: string }).code, "ERR_WORKER");
      assert.is(resultBits(await heddle.integrate(F, 0, 4, { points: POINTS, threads: 2 })), expected);
      await memoryReturns(heddle, 0);
    }
  }));

test("killing a number that no worker has does nothing", async () => {
  await inContext({ threads: 1 }, async (heddle) => {
    heddle.killWorker(1);
    await heddle.start();
    const died: number[] = [];
    onDeath(heddle, (number) => died.push(number));
    heddle.killWorker(200);
    heddle.killWorker(-1);
    await heddle.integrate(F, 0, 4, { points: POINTS, threads: 1 });
    assert.equal(died, []);
  });
});

test.run();
