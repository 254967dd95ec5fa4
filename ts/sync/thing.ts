/**
 * Thing: what every lock, queue and their like have in common on this side: a grip on a record in shared memory, a handle, an end.
 *
 * Role: one thread. The same record may have other objects of this class, on this thread and on others.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { ArgumentError, ClosedError, HandleError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core.js";
import { Answer } from "../runtime/core-things.js";
import { busy, defaultMember, type HasMember, type Member, memberOf } from "../runtime/member.js";
import {
  type Claim,
  claimSync,
  readSignal,
  readTimeout,
  type WaitOptions,
  type WaitSyncOptions,
  waitFor,
} from "./wait.js";

/** Tells other threads which object is meant. A plain object: post it, put it into a queue, pass it as an argument. */
export interface Handle {
  /** Identity of the context. */
  readonly heddle: string;
  /** Name of its class. */
  readonly type: string;
  /** What the record is: the core's kind. */
  readonly kind: number;
  readonly address: number;
  readonly id: number;
}

/** Options of every constructor. */
export interface ThingOptions {
  /** Where it lives: a context made by `createHeddle`, or one joined by `attach`. Default: the thread's own. */
  readonly context?: HasMember;
  /** How many times a call that blocks looks before it goes to sleep. Default: it adapts to what has been worth it. */
  readonly spin?: number;
}

/** What to do when the last reference to an object is gone, and nobody has closed it. */
const forgotten = new FinalizationRegistry<{ readonly member: Member; readonly grip: number }>(({ member, grip }) => {
  letGo(member, grip);
});

/** Grips that could not be let go of at once, because a page's thread did not get the lock. */
function letGo(member: Member, grip: number): void {
  if (member.call(() => member.core.thingClose(grip)) === Answer.BUSY) setTimeout(letGo, 1, member, grip);
}

export abstract class Thing {
  /** Where it lives. */
  protected readonly member: Member;
  /** This object's grip; 0 once it is closed. */
  protected grip: number;
  /** Ends of the waits that go on through this object. */
  readonly #waits = new Set<(error: Error) => void>();
  /** `close`, for `using`, where the engine has that symbol. */
  declare readonly [Symbol.dispose]: () => void;

  /** @param make makes the record, or takes another grip on one: the answer of the core */
  protected constructor(member: Member, make: (member: Member) => number) {
    member.assertOpen();
    const grip = member.call(() => make(member)) >>> 0;
    if (grip < LEAST_ADDRESS) throw refusal(member, grip);
    this.member = member;
    this.grip = grip;
    forgotten.register(this, { member, grip }, this);
  }

  /** The core's kind. */
  protected abstract readonly kind: number;
  /** Name of the class, a literal: minifiers rename the classes themselves. */
  protected abstract readonly type: string;

  /** What another thread makes an object of the same class from, with `from`. It does not keep the record alive: somebody must. */
  get handle(): Handle {
    const grip = this.live();
    const { core, id } = this.member;
    return {
      heddle: id,
      type: this.type,
      kind: this.kind,
      address: core.thingAddress(grip) >>> 0,
      id: core.thingIdentity(grip) >>> 0,
    };
  }

  /** Whether this object was closed. */
  get closed(): boolean {
    return this.grip === 0;
  }

  /**
   * Gives up this object: its waits reject with `ClosedError`, later calls throw it. The record is freed when the last object on any thread is closed. Calling
   * it again does nothing.
   */
  close(): void {
    const { grip, member } = this;
    if (grip === 0) return;
    this.grip = 0;
    forgotten.unregister(this);
    for (const end of [...this.#waits]) end(this.closedError());
    // A wait that could not leave at once, because a page's thread did not get the lock, still needs the grip.
    const end = (): void => {
      if (this.#waits.size > 0) setTimeout(end, 1);
      else letGo(member, grip);
    };
    end();
  }

  /** The grip. @throws {ClosedError} */
  protected live(): number {
    if (this.grip === 0) throw this.closedError();
    if (this.member.isClosed) this.member.assertOpen();
    return this.grip;
  }

  /** Waits by promise, for as long as this object is open. */
  protected wait(claim: Claim, options: WaitOptions | undefined): Promise<number> {
    const timeout = readTimeout(options?.timeout);
    const signal = readSignal(options?.signal);
    return waitFor(claim, { timeout, signal, ref: options?.ref !== false }, (end) => {
      this.#waits.add(end);
      return () => void this.#waits.delete(end);
    });
  }

  /** Waits by sleeping. @param name of the method, and of its twin for threads that may not */
  protected waitSync(claim: Claim, options: WaitSyncOptions | undefined, name: string): number {
    const timeout = readTimeout(options?.timeout);
    this.member.assertMayBlock(`${this.type}.${name}Sync`, `${this.type}.${name}`);
    return claimSync(claim, timeout);
  }

  private closedError(): ClosedError {
    return new ClosedError(`expected an open ${this.type}, this one was closed`);
  }
}

if (typeof Symbol.dispose === "symbol") {
  Object.defineProperty(Thing.prototype, Symbol.dispose, {
    value(this: Thing): void {
      this.close();
    },
  });
}

function refusal(member: Member, answer: number): Error {
  if (answer === Answer.NO_MEMORY) return member.outOfMemory(0);
  if (answer === Answer.STALE) {
    return new HandleError(
      "expected the handle of something that lives, it was closed by all who had it; keep it open until it is received",
    );
  }
  return busy();
}

/** The member that options name. @throws {ArgumentError} */
export function memberFor(options: ThingOptions | undefined): Member {
  const context = options?.context;
  if (context === undefined) return defaultMember();
  const { member } = context;
  if (member === undefined) {
    throw new ArgumentError(
      "`context` must be a context of createHeddle() or attach(), got something else",
      "context",
      context,
    );
  }
  return member;
}

/** `spin` as the core takes it: negative for "adapts". @throws {ArgumentError} */
export function spinOf(options: ThingOptions | undefined): number {
  const spin = options?.spin;
  if (spin === undefined) return ADAPTS;
  if (!Number.isInteger(spin) || spin < 0 || spin > 1e9) {
    throw new ArgumentError(
      `\`spin\` must be a whole number of looks from 0 to 1e9, got ${String(spin)}`,
      "spin",
      spin,
    );
  }
  return spin;
}

/** The complement of the average that it begins with. */
const ADAPTS = ~100;

/**
 * Where a handle's record lives, and how to take a grip on it.
 *
 * @param kinds what the class can revive
 * @throws {HandleError} it is none, it is of another kind, or of a context that this thread has no part in
 */
export function receive(
  handle: unknown,
  kinds: readonly number[],
  options: ThingOptions | undefined,
): { readonly member: Member; readonly make: (member: Member) => number; readonly kind: number } {
  const { heddle, type, kind, address, id } = isHandle(handle) ? handle : refuseHandle(handle);
  if (!kinds.includes(kind)) {
    throw new HandleError(`expected a handle of this class, got one of a ${type}; revive it with ${type}.from(handle)`);
  }
  const member = options?.context === undefined ? memberOf(heddle) : memberFor(options);
  if (member?.id !== heddle) {
    throw new HandleError(
      "expected a handle of a context that this thread has a part in, got one of another memory; join it first: attach(share)",
    );
  }
  return { member, make: ({ core }) => core.thingGrasp(address, id, kind), kind };
}

export function isHandle(value: unknown): value is Handle {
  if (typeof value !== "object" || value === null) return false;
  const { heddle, type, kind, address, id } = value as Record<string, unknown>;
  return typeof heddle === "string" && typeof type === "string" && isCount(kind) && isCount(address) && isCount(id);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}

function refuseHandle(value: unknown): never {
  throw new HandleError(`expected a handle, as \`.handle\` gives it, got ${value === null ? "null" : typeof value}`);
}

const revivers = new Map<string, (handle: Handle) => Thing>();

/** Says how objects of a class are revived from handles that arrive inside other values. */
export function teach(type: string, revive: (handle: Handle) => Thing): void {
  revivers.set(type, revive);
}

/** The object that a handle stands for, of the class that it had. @throws {HandleError} */
export function revive(handle: unknown): Thing {
  const known = isHandle(handle) ? handle : refuseHandle(handle);
  const from = revivers.get(known.type);
  if (from === undefined)
    throw new HandleError(`expected a handle of a class of this package, got one of ${known.type}`);
  return from(known);
}
