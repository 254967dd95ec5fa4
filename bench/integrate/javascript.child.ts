/**
 * Plain JavaScript as a contender: a loop with the expression written into it, on the main thread, or the same loop
 * in as many worker threads as asked for, which stay alive between samples.
 *
 * This file is the main thread and, when loaded as a worker, a worker.
 */
import { once } from "node:events";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { serve } from "../tools/serve.js";
import { HIGH, LOW, problemNamed } from "./config.js";

/** Panels from `from` to `to`, `to` excluded. */
interface Share {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

type Loop = (from: number, to: number, low: number, step: number) => number;

/** A loop per problem: one for all would be optimised for none. */
const loops = new Map<string, Loop>();

function sum({ name, from, to, step }: Share): number {
  let loop = loops.get(name);
  if (loop === undefined) {
    loop = makeLoop(problemNamed(name).javascript);
    loops.set(name, loop);
  }
  return loop(from, to, LOW, step);
}

/** Blocks keep the inner counter a small integer, for which V8 has the better code, however many panels there are. */
function makeLoop(expression: string): Loop {
  const body = `
    let total = 0;
    for (let block = from; block < to; block += 65536) {
      const panels = Math.min(65536, to - block);
      const base = low + (block + 0.5) * step;
      for (let j = 0; j < panels; j++) {
        const x = base + j * step;
        total += ${expression};
      }
    }
    return total;`;
  return new Function("from", "to", "low", "step", body) as Loop;
}

const workers: Worker[] = [];

async function sumInWorker(index: number, share: Share): Promise<number> {
  const worker = workers[index] ?? new Worker(new URL(import.meta.url));
  workers[index] = worker;
  worker.postMessage(share);
  const [result] = (await once(worker, "message")) as [number];
  return result;
}

async function time(name: string, points: number, threads: number): Promise<{ seconds: number; value: number }> {
  const step = (HIGH - LOW) / points;
  const begun = performance.now();
  let total: number;
  if (threads === 1) {
    total = sum({ name, from: 0, to: points, step });
  } else {
    const bound = (k: number): number => Math.floor((points * k) / threads);
    const shares = Array.from({ length: threads }, (_, k) => ({ name, from: bound(k), to: bound(k + 1), step }));
    const sums = await Promise.all(shares.map((share, k) => sumInWorker(k, share)));
    total = sums.reduce((a, b) => a + b, 0);
  }
  return { seconds: (performance.now() - begun) / 1000, value: total * step };
}

if (isMainThread) {
  await serve(`Node ${process.versions.node}, V8 ${process.versions.v8}`, time);
  await Promise.all(workers.map((worker) => worker.terminate()));
} else {
  parentPort?.on("message", (share: Share) => parentPort?.postMessage(sum(share)));
}
