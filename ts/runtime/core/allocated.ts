/**
 * What the core's exports that give out memory answer: an address, or why there is none.
 */
import { BusyError, OutOfMemoryError } from "../../errors.js";
import { type Core, LEAST_ADDRESS } from "./core.js";

/**
 * @param address as `alloc` answers
 * @param needed bytes that were asked for
 * @throws {OutOfMemoryError} @throws {BusyError} a page could not have the lock of the memory
 */
export function assertAllocated(core: Core, address: number, needed: () => number): number {
  if (address >= LEAST_ADDRESS) return address;
  if (address === 0) {
    const free = (core.memoryTotal() >>> 0) - (core.memoryUsed() >>> 0);
    throw new OutOfMemoryError(needed(), free, core.memoryLargestFree() >>> 0);
  }
  throw new BusyError(
    `expected the lock of the shared memory within a millisecond, another thread held it (${address}); nothing has changed, try again`,
  );
}
