/**
 * The pools of JavaScript, each behind the same few methods. A library is imported when it is asked for, so that a cold start pays for no other.
 */
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { childProgram } from "../tools/programs.js";
import { CHUNKS_PER_WORKER } from "./config.js";
import type * as functions from "./functions.js";

type Functions = typeof functions;

export interface PoolUnderTest {
  run(name: keyof Functions, argument?: unknown): PromiseLike<unknown>;
  /** 2 * x of each. */
  map(numbers: readonly number[]): Promise<readonly number[]>;
  close(): Promise<unknown>;
}

export type Library = (workers: number) => PoolUnderTest;

export type LibraryName = "heddle" | "piscina" | "piscina-8" | "tinypool" | "workerpool" | "port";

const FILE = childProgram("pool", "work");

/** Imports a library. */
export function load(name: LibraryName): Promise<Library> {
  // Its workers inherit it.
  process.env.HEDDLE_BENCH_POOL = name;
  return LOADERS[name]();
}

const LOADERS: Readonly<Record<LibraryName, () => Promise<Library>>> = {
  async heddle() {
    const { Pool } = await import("heddle");
    const url = pathToFileURL(FILE);
    // Places that are made once, as a program's are.
    const places = new Map<string, { url: URL; export: string }>();
    const place = (name: string) => {
      const known = places.get(name) ?? { url, export: name };
      places.set(name, known);
      return known;
    };
    return (workers) => {
      const pool = new Pool(workers);
      return {
        run: (name, ...args) => pool.submit(place(name), ...args),
        map: (numbers) => pool.map(place("double"), numbers) as Promise<number[]>,
        close: () => pool.shutdown(),
      };
    };
  },
  piscina: () => piscina(1),
  "piscina-8": () => piscina(8),
  async tinypool() {
    const { Tinypool } = await import("tinypool");
    return (workers) => {
      const pool = new Tinypool({ filename: FILE, minThreads: workers, maxThreads: workers });
      return byHand(workers, {
        run: (name, argument) => pool.run(argument, { name }),
        close: () => pool.destroy(),
      });
    };
  },
  async workerpool() {
    const { default: workerpool } = await import("workerpool");
    return (workers) => {
      const pool = workerpool.pool(FILE, { minWorkers: workers, maxWorkers: workers, workerType: "thread" });
      return byHand(workers, {
        run: (name, argument) => pool.exec(name, argument === undefined ? [] : [argument]),
        close: async () => pool.terminate(),
      });
    };
  },
  async port() {
    return (workers) => byHand(workers, ports(workers));
  },
};

async function piscina(concurrentTasksPerWorker: number): Promise<Library> {
  const { Piscina } = await import("piscina");
  return (workers) => {
    const options = { filename: FILE, minThreads: workers, maxThreads: workers, concurrentTasksPerWorker };
    const pool = new Piscina(options);
    return byHand(workers, {
      run: (name, argument) => pool.run(argument, { name }),
      close: () => pool.destroy(),
    });
  };
}

/** What one would write oneself: messages in turn to workers, numbered promises; no queue, no limits, no care for errors or deaths. */
function ports(workers: number): Omit<PoolUnderTest, "map"> {
  const waiting = new Map<number, (value: unknown) => void>();
  const hands = Array.from({ length: workers }, () => {
    const worker = new Worker(FILE);
    worker.on("message", ([id, value]: [number, unknown]) => {
      waiting.get(id)?.(value);
      waiting.delete(id);
    });
    return worker;
  });
  let ids = 0;
  return {
    run: (name, argument) =>
      new Promise((resolve) => {
        const id = ids++;
        waiting.set(id, resolve);
        hands[id % workers]?.postMessage([id, name, argument]);
      }),
    close: () => Promise.all(hands.map((worker) => worker.terminate())),
  };
}

/** A map in chunks, for pools that have none: as quick as it can be written. */
function byHand(workers: number, pool: Omit<PoolUnderTest, "map">): PoolUnderTest {
  return {
    ...pool,
    async map(numbers) {
      const size = Math.ceil(numbers.length / (CHUNKS_PER_WORKER * workers));
      const chunks: PromiseLike<unknown>[] = [];
      for (let i = 0; i < numbers.length; i += size) {
        chunks.push(pool.run("doubleAll", Float64Array.from(numbers.slice(i, i + size))));
      }
      const results: number[] = [];
      for (const chunk of (await Promise.all(chunks)) as Float64Array[]) {
        for (const number of chunk) results.push(number);
      }
      return results;
    },
  };
}
