/**
 * A thread that dies when it is told to: an instance of the instrumented test module (instrument.ts) and the thread of its fate. And pictures
 * of the memory, to let it die again elsewhere.
 */
import { instrument } from "./instrument.js";
import { compile, instantiate, type MemoryExports } from "./module.js";

const module = await instrument(compile("memory", "release"));

class Death extends Error {}

export interface Wake {
  readonly ptr: number;
  readonly count: number;
}

export interface Mortal {
  readonly exports: MemoryExports;
  /** Calls of `memory.atomic.notify` since the last `dies`. */
  readonly wakes: readonly Wake[];
  /**
   * Runs `work` until the thread dies: before store number `stores`, or before a wake-up.
   *
   * @param stores  counted from 0; "wake" for a death at the first wake-up
   * @returns whether it died; false when `work` came to its end first
   */
  dies(stores: number | "wake", work: (exports: MemoryExports) => void): boolean;
}

/** @param onStore told before each store, on the way to a death */
export function mortal(memory: WebAssembly.Memory, onStore: () => void = () => {}): Mortal {
  const wakes: Wake[] = [];
  let end: number | "wake" = Number.POSITIVE_INFINITY;
  let seen = 0;
  const exports = instantiate(module, memory, {
    step: () => {
      if (seen++ === end) throw new Death("at a store");
      if (end !== Number.POSITIVE_INFINITY) onStore();
    },
    wait: () => {
      throw new Error("expected that nobody sleeps");
    },
    wake: (ptr: number, count: number) => {
      if (end === "wake") throw new Death("at a wake-up");
      wakes.push({ ptr, count });
      return 0;
    },
  });
  return {
    exports,
    wakes,
    dies(stores, work) {
      wakes.length = 0;
      seen = 0;
      end = stores;
      try {
        work(exports);
        return false;
      } catch (error) {
        if (!(error instanceof Death)) throw error;
        return true;
      } finally {
        end = Number.POSITIVE_INFINITY;
      }
    },
  };
}

/** A copy of the whole memory. */
export function picture(memory: WebAssembly.Memory): Uint8Array {
  return new Uint8Array(memory.buffer).slice();
}

/** Puts the memory back to what it was. */
export function restore(memory: WebAssembly.Memory, image: Uint8Array): void {
  new Uint8Array(memory.buffer).set(image);
}

export function isSame(memory: WebAssembly.Memory, image: Uint8Array): boolean {
  return Buffer.compare(new Uint8Array(memory.buffer), image) === 0;
}
