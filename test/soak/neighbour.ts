/**
 * A neighbour: another thread that tries, when it is asked, whether everything is free for others.
 *
 *   word 0   asked: counts up     word 1   answered: the same number     word 2   what was wrong
 */
import type { Handle, Share } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";

export interface NeighbourOrder {
  readonly library: string;
  readonly share: Share;
  readonly words: SharedArrayBuffer;
  readonly queue: Handle;
  readonly lock: Handle;
}

/** What the neighbour does until its thread is ended. */
export async function beNeighbour(order: NeighbourOrder): Promise<void> {
  const library = (await import(order.library)) as Library;
  await library.attach(order.share);
  const words = new Int32Array(order.words);
  const queue = library.PriorityQueue.from<unknown>(order.queue);
  const lock = library.Lock.from(order.lock);
  for (let turn = 0; ; ) {
    Atomics.wait(words, 0, turn);
    const asked = Atomics.load(words, 0);
    if (asked === turn) continue;
    turn = asked;
    queue.putNowait([-1, "the neighbour's"]);
    const entry = queue.getNowait();
    const guard = lock.tryAcquire();
    guard?.release();
    Atomics.store(words, 2, Number(guard === null) + 2 * Number(String(entry) !== "-1,the neighbour's"));
    Atomics.store(words, 1, turn);
    Atomics.notify(words, 1);
  }
}

/** Asks the neighbour, and waits for the answer. @returns 0: all is free; else what is not, -1: nothing came */
export function askNeighbour(words: Int32Array): number {
  const turn = Atomics.add(words, 0, 1) + 1;
  Atomics.notify(words, 0);
  for (;;) {
    const answered = Atomics.load(words, 1);
    if (answered === turn) return Atomics.load(words, 2);
    if (Atomics.wait(words, 1, answered, 10_000) === "timed-out") return -1;
  }
}
