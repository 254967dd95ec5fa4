/**
 * local: an object whose properties each thread has for itself. Python's `threading.local`.
 *
 * Threads share no JavaScript, so a module's variables are each worker's own already. But workers outlive threads, and the next thread on the same worker finds what the former has left there: not here.
 *
 * Role: any thread.
 */
import { checkFunction } from "../checks.js";
import { currentDuty } from "../runtime/crew/seat.js";

/**
 * An object of which each thread sees its own. To be made where every thread finds it: at the top of a module.
 *
 * @param make makes a thread's own, when that thread first looks. Default: an empty object
 * @returns stands for the thread's own: reads, writes, deletes, `in`, `Object.keys` are that one's. It cannot travel
 * @throws {ArgumentError}
 * @example
 *   // count.js
 *   const mine = local(() => ({ calls: 0 }));
 *   export const count = task(import.meta.url, "count", () => ++mine.calls);   // 1, 2, … on each thread
 */
export function local<T extends object = Record<string, unknown>>(make: () => T = () => ({}) as T): T {
  checkFunction("make", make);
  let owner = -1;
  let content: T;
  const own = (): T => {
    const duty = currentDuty();
    if (owner !== duty) {
      content = make();
      owner = duty;
    }
    return content;
  };
  return new Proxy({} as T, {
    get: (_, key) => Reflect.get(own(), key),
    set: (_, key, value) => Reflect.set(own(), key, value),
    has: (_, key) => Reflect.has(own(), key),
    deleteProperty: (_, key) => Reflect.deleteProperty(own(), key),
    ownKeys: () => Reflect.ownKeys(own()),
    getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(own(), key),
    defineProperty: (_, key, descriptor) => Reflect.defineProperty(own(), key, descriptor),
    getPrototypeOf: () => Reflect.getPrototypeOf(own()),
  });
}
