/** A thousand dives with each operation, looked at from both sides: by the thread that dives and by a neighbour. */
import type { Entry, Guard, Handle } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";
import { dive } from "./dive.js";
import { askNeighbour } from "./neighbour.js";

export const OPERATIONS = [
  "put a number",
  "put an object",
  "get a number",
  "get an object",
  "acquire",
  "release",
] as const;

export interface DivesOrder {
  readonly words: SharedArrayBuffer;
  readonly queue: Handle;
  readonly lock: Handle;
  readonly times: number;
  readonly operation: (typeof OPERATIONS)[number];
}

/** What came of all dives. */
export interface Dives {
  readonly dives: number;
  readonly overflows: number;
  /** Items that came or went without the operation having returned: one that is taken, and then cannot be read for want of stack, is lost. */
  readonly uncounted: number;
  readonly findings: readonly string[];
}

const OBJECT = { name: "an object", list: [1, 2, 3], text: "".padEnd(200, "-") };

export function makeDives(library: Library, order: DivesOrder): Dives {
  const words = new Int32Array(order.words);
  const queue = library.PriorityQueue.from<unknown, Entry<unknown>>(order.queue);
  const lock = library.Lock.from(order.lock);
  const findings: string[] = [];
  let overflows = 0;
  let uncounted = 0;
  for (let i = 0; i < order.times; i++) {
    if (order.operation === "get a number") queue.putNowait(7);
    if (order.operation === "get an object") queue.putNowait([5, OBJECT]);
    const before = queue.qsize();
    let done = 0;
    let guard: Guard | null = null;
    const get = (): void => {
      // Empty after all: it was lost on the way.
      if (queue.empty()) return;
      queue.getNowait();
      done--;
    };
    const operations = {
      "put a number": () => {
        queue.putNowait(3);
        done++;
      },
      "put an object": () => {
        queue.putNowait([4, OBJECT]);
        done++;
      },
      "get a number": get,
      "get an object": get,
      acquire: () => {
        guard = lock.tryAcquire();
      },
      release: () => guard?.release(),
    };
    if (order.operation === "release") guard = lock.tryAcquire();
    overflows += dive(operations[order.operation], i % 61).overflows;
    if (order.operation === "acquire") (guard as Guard | null)?.release();
    if (queue.qsize() - before !== done) uncounted += Math.abs(queue.qsize() - before - done);
    if (lock.locked()) {
      findings.push(`dive ${i}: the lock stays taken`);
      lock.release();
    }
    const answer = askNeighbour(words);
    if (answer !== 0) findings.push(`dive ${i}: the neighbour says ${answer}`);
    while (!queue.empty()) {
      const entry = queue.getNowait();
      if (!EXPECTED.includes(JSON.stringify(entry))) findings.push(`dive ${i}: got ${JSON.stringify(entry)}`);
    }
  }
  // What a hand may still hold, for want of stack when it was to be emptied, goes with the next operation.
  queue.putNowait([4, OBJECT]);
  queue.getNowait();
  queue.close();
  lock.close();
  return { dives: order.times, overflows, uncounted, findings };
}

const EXPECTED = [3, [4, OBJECT], [5, OBJECT], 7].map((entry) => JSON.stringify(entry));
