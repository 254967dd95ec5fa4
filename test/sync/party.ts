/**
 * A memory with several members on one thread: what several threads do, in an order that the test says. And the internal lock of an object
 * held by nobody in particular, so that the object is busy for a page's thread.
 */
import { instantiateCore } from "../../ts/runtime/core/core.js";
import { BASE, Heap } from "../../ts/runtime/core/heap.js";
import { Member } from "../../ts/runtime/core/member.js";
import { coreModule } from "../../ts/runtime/core/modules.js";
import type { Handle, Thing } from "../../ts/sync/thing.js";
import { watchdog } from "../tools/watchdog.js";

/** Where a thing has its internal lock (assembly/sync/thing.ts). */
const LOCK_OFFSET = 80;
/** Number + 1 of a thread that is not there. */
const SOMEBODY = 201;
const SECONDS = 20;

export interface Party {
  /** For constructors: thread 0. */
  readonly context: { readonly member: Member };
  /** Another thread of the same memory. */
  guest(number: number): { readonly member: Member };
  /** Thread 0 may not sleep from now on, as on a page. */
  becomePage(): void;
  /** Somebody has the internal lock of what the handle is of, until the function returned is called. */
  occupy(thing: { readonly handle: Handle }): () => void;
  /** Bytes in use. */
  used(): number;
  /** That thread dies, and what it held comes back. */
  kill(guest: { readonly member: Member }): void;
}

/** Runs a test under a watchdog, in a memory of its own. */
export function withParty(test: (party: Party) => unknown, bytes = 1 << 20): () => Promise<void> {
  return async () => {
    const heap = new Heap(bytes);
    const { member, core, words } = heap;
    const things: string[] = [];
    const dog = watchdog(SECONDS, () => `objects occupied: ${things.join(", ") || "none"}`);
    try {
      await test({
        context: { member },
        guest(number) {
          return {
            member: new Member(
              member.id,
              number,
              instantiateCore(coreModule(), heap.memory, BASE, number, true),
              heap.memory,
            ),
          };
        },
        becomePage() {
          core.attach(BASE, 0, 0);
          Object.defineProperty(member, "mayBlock", { value: false });
        },
        occupy({ handle: { type, address } }) {
          const at = (address + LOCK_OFFSET) >>> 2;
          if (Atomics.compareExchange(words, at, 0, SOMEBODY) !== 0) throw new Error(`the lock of a ${type} is taken`);
          things.push(type);
          return () => {
            things.splice(things.indexOf(type), 1);
            Atomics.store(words, at, 0);
          };
        },
        used: () => heap.use().used,
        kill({ member: { number } }) {
          core.threadDied(number);
          while (core.threadRecover(number) !== 0);
        },
      });
    } finally {
      dog.clear();
    }
  };
}

/** Lets timers run for some milliseconds: not a synchronisation, but the time for something that must not happen. */
export function moment(milliseconds = 5): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Resolves when so many wait on `thing`. */
export async function waiting(thing: Thing, count: number, waitingOn: (thing: Thing) => number): Promise<void> {
  while (waitingOn(thing) !== count) await moment(1);
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected a rejection");
}

/** What a call throws. */
export function thrown(call: () => unknown): Error & { code?: string } {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected an error");
}
