/**
 * Guard: what an acquire resolves to. Whoever has it holds the lock, or one permit, until `release`.
 *
 * Role: the thread that acquired. A guard does not travel.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { describe, inspectAsText } from "../describe.js";
import { LockError } from "../errors.js";
import { assertHeadroom } from "./headroom.js";

/**
 * Holds a lock, a level of an RLock, a permit, the right to read or to write. It keeps its object from being collected as garbage.
 *
 * @example
 *   const guard = await lock.acquire();
 *   try {
 *     // nobody else is in here
 *   } finally {
 *     guard.release();
 *   }
 *
 *   // The same where the engine knows `using`:
 *   using held = await lock.acquire();
 */
export class Guard {
  /** `release`, for `using`, where the engine has that symbol. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #giveBack: () => void;
  #isAbandoned: boolean;
  #isReleased = false;

  /** Guards come from acquiring. @param giveBack throws when there is nothing to give back */
  constructor(isAbandoned: boolean, giveBack: () => void) {
    this.#isAbandoned = isAbandoned;
    this.#giveBack = giveBack;
  }

  /**
   * Whether the one who held it before died with it: what the lock guards may be half changed. Told once, to the next who holds it. (It may become true in a
   * `Condition.wait`, which gives the lock up for a while.)
   */
  get abandoned(): boolean {
    return this.#isAbandoned;
  }

  get released(): boolean {
    return this.#isReleased;
  }

  /**
   * Gives back what it stands for, on any thread at once or, on a page whose thread does not get the internal lock, within milliseconds: a release is never
   * lost. After the object was closed it may still be called: then it gives back what others could wait for, and says nothing if that is gone.
   *
   * @throws {LockError} it was released before, or the lock was released past it
   */
  release(): void {
    if (this.#isReleased) {
      throw new LockError("expected a guard that still holds something, this one was released; release it once");
    }
    assertHeadroom();
    this.#giveBack();
    this.#isReleased = true;
  }

  /** In a line what it is, for consoles: `Guard { released: false, abandoned: false }`. */
  toString(): string {
    return describe("Guard", { released: this.released, abandoned: this.abandoned });
  }

  /** For a lock that was taken again after its holder died. */
  protected markAbandoned(): void {
    this.#isAbandoned = true;
  }
}

inspectAsText(Guard.prototype);

if (typeof Symbol.dispose === "symbol") {
  Object.defineProperty(Guard.prototype, Symbol.dispose, {
    value(this: Guard): void {
      this.release();
    },
  });
}
