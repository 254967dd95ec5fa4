/**
 * A thread that holds something, waits until somebody is blocked for want of it, and dies. It tells when, in shared memory.
 *
 * A thread that is to be terminated is started by another one of these: whoever is blocked cannot terminate anybody.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { Handle, Share } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";
import { FIRST_THREAD, SECTION, THREAD_BYTES } from "../tools/state-words.js";

export type Holding =
  | "Lock.acquireSync"
  | "RLock.acquireSync"
  | "Semaphore.acquireSync"
  | "ReadWriteLock.readSync"
  | "ReadWriteLock.writeSync"
  | "Condition.waitSync"
  | "Barrier.waitSync"
  | "Once.callSync"
  | "Queue.joinSync"
  | "Queue.getSync"
  | "Queue.putSync";

export interface HolderOrder {
  readonly library: string;
  readonly share: Share;
  readonly holding: Holding;
  /** `wait`: somebody else will end it. */
  readonly end: "exit" | "throw" | "terminate" | "wait";
  readonly handle: Handle;
  /** Milliseconds of the clock that all threads share, when it died; before that 0. */
  readonly died: SharedArrayBuffer;
}

/** Where a thing's lock is. */
const LOCK = 80;

const order = workerData as HolderOrder;
const died = new Float64Array(order.died);
const never = new Int32Array(new SharedArrayBuffer(4));

/** A clock that all threads of the process share. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

if (order.end === "terminate") {
  const share = order.share;
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { ...order, end: "wait" },
    transferList: share.transfer,
  });
  worker.on("message", (message) => {
    if (message !== "now") {
      parentPort?.postMessage(message);
      return;
    }
    died[0] = clock();
    void worker.terminate();
  });
} else {
  await hold();
}

async function hold(): Promise<void> {
  const library = (await import(order.library)) as Library;
  const attachment = await library.attach(order.share);
  const isBlocked = take(library, attachment.member.words);
  parentPort?.postMessage("held");
  while (!isBlocked()) Atomics.wait(never, 0, 0, 1);
  if (order.end === "wait") {
    parentPort?.postMessage("now");
    for (;;) Atomics.wait(never, 0, 0, 1000);
  }
  died[0] = clock();
  if (order.end === "throw") throw new Error("the end of a holder");
  process.exit();
}

/** Takes what others will want. @returns whether somebody is blocked for want of it */
function take(library: Library, words: Int32Array): () => boolean {
  const { handle, holding } = order;
  const waits = (object: Parameters<Library["waitingOn"]>[0]) => (): boolean => library.waitingOn(object) > 0;
  switch (holding) {
    case "Lock.acquireSync":
    case "RLock.acquireSync": {
      const lock = library[handle.type as "Lock"].from(handle);
      lock.acquireSync();
      return waits(lock);
    }
    case "Semaphore.acquireSync": {
      const semaphore = library.Semaphore.from(handle);
      semaphore.acquireSync();
      return waits(semaphore);
    }
    case "ReadWriteLock.readSync":
    case "ReadWriteLock.writeSync": {
      const lock = library.ReadWriteLock.from(handle);
      if (holding.endsWith("readSync")) lock.writeSync();
      else lock.readSync();
      return waits(lock);
    }
    case "Condition.waitSync": {
      // It notifies and keeps the lock, which the other one has to take again.
      const condition = library.Condition.from(handle);
      return () => {
        if (library.waitingOn(condition) > 0) {
          condition.acquireSync();
          condition.notify();
        }
        return library.waitingOn(condition.lock) > 0;
      };
    }
    case "Barrier.waitSync": {
      // It has arrived, by promise, and two more are missing.
      const barrier = library.Barrier.from(handle);
      barrier.wait().catch(() => {});
      return () => barrier.waiting === 2;
    }
    case "Once.callSync": {
      const once = library.Once.from(handle);
      once.call(() => new Promise(() => {}));
      return waits(once);
    }
    case "Queue.joinSync": {
      const queue = library.Queue.from(handle);
      queue.getSync();
      return waits(queue);
    }
    case "Queue.getSync":
    case "Queue.putSync": {
      // In the queue's own section, as if it had just entered: nobody else comes in.
      const { number, base } = order.share;
      const lock = handle.address + LOCK;
      words[(base + FIRST_THREAD + THREAD_BYTES * number + SECTION) >>> 2] = lock;
      while (Atomics.compareExchange(words, lock >>> 2, 0, number + 1) !== 0);
      // The top bit: somebody sleeps.
      return () => Atomics.load(words, lock >>> 2) < 0;
    }
  }
}
