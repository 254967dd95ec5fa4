/**
 * A pool of JavaScript as a contender: `pool.child.js LIBRARY` answers line by line (tools/serve.ts), `pool.child.js LIBRARY cold WORKERS` prints one such answer and ends.
 */
import { serve } from "../tools/serve.js";
import { spreadOf } from "../tools/statistics.js";
import { batchOf, MAP_LENGTH, type Name, orderOf } from "./config.js";
import { integral } from "./functions.js";
import { type Library, type LibraryName, load, type PoolUnderTest } from "./libraries.js";

/** Runs a batch. @returns its part of the answer */
type Batch = (pool: PoolUnderTest, size: number) => Promise<number>;

const NUMBERS = Array.from({ length: MAP_LENGTH }, (_, i) => i);

const BATCHES: Readonly<Partial<Record<Name, Batch>>> = {
  async empty(pool, size) {
    const results = await Promise.all(Array.from({ length: size }, () => pool.run("nothing")));
    return results.filter((result) => result === undefined).length;
  },
  async map(pool) {
    return sum(await pool.map(NUMBERS));
  },
  async compute(pool, size) {
    return sum((await Promise.all(Array.from({ length: size }, () => pool.run("integral")))) as number[]);
  },
  async objects(pool, size) {
    const results = await Promise.all(Array.from({ length: size }, (_, id) => pool.run("pass", orderOf(id))));
    return sum(results.map((order) => (order as { id: number }).id));
  },
};

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

async function timed(act: () => Promise<number>): Promise<{ seconds: number; value: number }> {
  const begun = performance.now();
  const value = await act();
  return { seconds: (performance.now() - begun) / 1000, value };
}

async function start(open: Library, workers: number): Promise<{ seconds: number; value: number }> {
  let pool: PoolUnderTest | undefined;
  const answer = await timed(async () => {
    pool = open(workers);
    return (await pool.run("nothing")) === undefined ? 1 : 0;
  });
  await pool?.close();
  return answer;
}

/** So many times the median of one task. */
async function oneByOne(pool: PoolUnderTest, items: number): Promise<{ seconds: number; value: number }> {
  const times: number[] = [];
  let value = 0;
  for (let i = 0; i < items; i++) {
    const begun = performance.now();
    if ((await pool.run("nothing")) === undefined) value++;
    times.push(performance.now() - begun);
  }
  return { seconds: (items * spreadOf(times).median) / 1000, value };
}

async function inBatches(pool: PoolUnderTest, name: Name, items: number): Promise<{ seconds: number; value: number }> {
  const batch = BATCHES[name];
  if (batch === undefined) throw new Error(`expected the name of a test, got "${name}"`);
  const size = batchOf(name);
  return timed(async () => {
    let value = 0;
    for (let i = 0; i < items; i += size) value += await batch(pool, size);
    return value;
  });
}

const [library, cold, coldWorkers] = process.argv.slice(2);
if (library === "inline") {
  await serve(`Node ${process.versions.node}`, async (_, items) =>
    timed(async () => sum(Array.from({ length: items }, integral))),
  );
} else {
  const open = await load(library as LibraryName);
  if (cold === "cold") {
    const { seconds, value } = await start(open, Number(coldWorkers));
    console.log(`${seconds} ${value}`);
  } else {
    let pool: PoolUnderTest | undefined;
    await serve(`Node ${process.versions.node}`, async (name, items, workers) => {
      if (name === "start") return start(open, workers);
      pool ??= open(workers);
      return name === "one" ? oneByOne(pool, items) : inBatches(pool, name as Name, items);
    });
    await pool?.close();
  }
}
