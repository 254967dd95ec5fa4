/** Guests for tests: Workers of a user's own that attach a share and run a text. They use the core itself: what is tested here lies below the classes. */
import { once } from "node:events";
import { Worker, type WorkerOptions } from "node:worker_threads";
import type { Heddle, Share } from "../../../ts/index.js";
import { Kind } from "../../../ts/runtime/core/core-things.js";
import { LIBRARY_URL } from "../library.js";

/** A lock from the core's side: this thread's grip, and what another thread needs for one of its own. */
export interface CoreLock {
  readonly grip: number;
  readonly handle: readonly [address: number, identity: number, kind: number];
}

/** A free lock in the memory of `heddle`. */
export function makeLock({ member: { core } }: Heddle): CoreLock {
  const grip = core.mutexMake(0, 0) >>> 0;
  return { grip, handle: [core.thingAddress(grip) >>> 0, core.thingIdentity(grip) >>> 0, Kind.LOCK] };
}

/** Asks for the lock, and sleeps until it is there, as a `…Sync` call would. @returns the core's answer; -1 when it took longer than `seconds` */
export function acquireSync({ member: { core, ownWaiter } }: Heddle, { grip }: CoreLock, seconds: number): number {
  for (;;) {
    const answer = core.mutexAcquire(grip, ownWaiter, -1);
    if (answer !== 3) return answer;
    if (!core.waiterPark(ownWaiter, 1000 * seconds)) return -1;
  }
}

/** Numbers of threads that are not free, and their states. */
export function takenNumbers({ member: { core } }: Heddle): Record<number, string> {
  const states = ["VACANT", "STARTING", "READY", "DEAD"];
  const taken: Record<number, string> = {};
  for (let number = 1; number < 256; number++) {
    const state = core.threadState(number);
    if (state !== 0) taken[number] = states[state] ?? String(state);
  }
  return taken;
}

/** What a guest's text finds in its scope. */
export const GUEST_SCOPE = `
  const { parentPort, workerData } = require("node:worker_threads");
  const tell = (message) => parentPort.postMessage(message);
  /** Resolves with the next message. */
  const hear = () => new Promise((resolve) => parentPort.once("message", resolve));
  /** Takes the lock for this thread, sleeping until it is there. */
  const acquire = (member, handle) => {
    const grip = member.core.thingGrasp(...handle) >>> 0;
    while (member.core.mutexAcquire(grip, member.ownWaiter, -1) === 3) member.core.waiterPark(member.ownWaiter, -1);
    return grip;
  };
  /** Waits for what keeps no thread alive. */
  const awake = async (promise) => {
    const life = setInterval(() => {}, 1000);
    return promise.finally(() => clearInterval(life));
  };
  process.on("unhandledRejection", (error) => { throw error; });
`;

export interface Guest {
  readonly worker: Worker;
  /** The next message of the guest. @throws what it died of */
  next(): Promise<unknown>;
  /** Resolves when it is gone. */
  readonly gone: Promise<unknown>;
}

/**
 * Starts a guest. Its text is the body of an async function that finds `library`, `share`, `data`, and GUEST_SCOPE.
 *
 * @param share goes along with its transfer list; null: none
 */
export function startGuest(share: Share | null, text: string, data: object = {}, options: WorkerOptions = {}): Guest {
  const source = `${GUEST_SCOPE}
    import(${JSON.stringify(LIBRARY_URL)}).then(async (library) => {
      const { share, data } = workerData;
      ${text}
    });`;
  const worker = new Worker(source, {
    eval: true,
    ...options,
    workerData: { share, data },
    transferList: share === null ? [] : share.transfer,
  });
  const gone = once(worker, "exit").catch(() => new Promise((resolve) => worker.once("exit", resolve)));
  const messages: unknown[] = [];
  const waiting: { resolve: (message: unknown) => void; reject: (error: unknown) => void }[] = [];
  let death: unknown;
  worker.on("message", (message) => {
    const first = waiting.shift();
    if (first === undefined) messages.push(message);
    else first.resolve(message);
  });
  const end = (error: unknown): void => {
    death ??= error;
    for (const { reject } of waiting.splice(0)) reject(death);
  };
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`the guest ended with code ${code}`)));
  return {
    worker,
    gone,
    next: () => {
      if (messages.length > 0) return Promise.resolve(messages.shift());
      if (death !== undefined) return Promise.reject(death);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
  };
}
