/**
 * Thing: what every lock, queue and their like have in common on this side: a grip on a record in shared memory, a handle, an end.
 *
 * Role: one thread. The same record may have other objects of this class, on this thread and on others.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { checkOptions, checkWhole, refuse, show } from "../checks.js";
import { describe, inspectAsText } from "../describe.js";
import { ClosedError, HandleError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer } from "../runtime/core/core-things.js";
import { busy, defaultMember, type HasMember, Member, memberOf } from "../runtime/core/member.js";
import {
  type Claim,
  checkSyncOptions,
  claimSync,
  readRef,
  readSignal,
  readTimeout,
  WAIT_OPTIONS,
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
  /** Where it lives: a context made by `createHeddle`, one joined by `attach`, or that of another such object. Default: the thread's own. */
  readonly context?: HasMember | undefined;
  /** How many times a call that blocks looks before it goes to sleep. Default: it adapts to what has been worth it. */
  readonly spin?: number | undefined;
}

/** Their names. */
export const THING_OPTIONS: readonly string[] = ["context", "spin"];

/** What to do when the last reference to an object is gone, and nobody has closed it. */
const forgotten = new FinalizationRegistry<{ readonly member: Member; readonly grip: number }>(({ member, grip }) => {
  letGo(member, grip);
});

/** Lets go of a grip; on a page's thread that does not get the lock, a moment later. */
export function letGo(member: Member, grip: number): void {
  if (member.call(() => member.core.thingClose(grip)) === Answer.BUSY) setTimeout(letGo, 1, member, grip);
}

/** The record of an object that was closed: where it was, for guards that outlive the object. */
interface Former {
  readonly grip: number;
  readonly address: number;
  readonly id: number;
}

let waitingInside: (thing: Thing) => number;

export abstract class Thing {
  /** Where it lives: what `context` of others takes it for. */
  readonly member: Member;
  /** This object's grip; 0 once it is closed. */
  protected grip: number;
  /** Ends of the waits that go on through this object. */
  readonly #waits = new Set<(error: Error) => void>();
  /** Steps under way that need the grip even if the object is closed meanwhile. */
  #steps = 0;
  /** Set by `close`. Its grip is 0 once it has been let go of. */
  #former: Former | undefined;
  /** `close`, for `using`, where the engine has that symbol. */
  declare readonly [Symbol.dispose]: () => void;

  static {
    waitingInside = (thing) => thing.member.core.thingWaiting(thing.live());
  }

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
   * Gives up this object: its waits reject with `ClosedError`, later calls throw it; guards that it gave can still be released. The record is freed when the
   * last object on any thread is closed. Calling it again does nothing.
   */
  close(): void {
    const { grip, member } = this;
    if (grip === 0) return;
    this.grip = 0;
    this.#former = {
      grip,
      // A thread that has left its context has no core to ask, and nothing to give back.
      address: member.isLeft ? 0 : member.core.thingAddress(grip) >>> 0,
      id: member.isLeft ? 0 : member.core.thingIdentity(grip) >>> 0,
    };
    forgotten.unregister(this);
    for (const end of [...this.#waits]) end(this.closedError());
    this.#letGo();
  }

  /** Lets go of the grip of a closed object once nothing goes on through it any more: on a page's thread a wait may need some tries to leave. */
  #letGo(): void {
    const former = this.#former;
    if (former === undefined || former.grip === 0 || this.#steps > 0 || this.#waits.size > 0) return;
    this.#former = { ...former, grip: 0 };
    letGo(this.member, former.grip);
  }

  /** The grip. @throws {ClosedError} */
  protected live(): number {
    if (this.grip === 0) throw this.closedError();
    if (this.member.isClosed) this.member.assertOpen();
    return this.grip;
  }

  /** A step has begun that needs the grip until `endStep`, even if the object is closed meanwhile. */
  protected beginStep(): void {
    this.#steps++;
  }

  protected endStep(): void {
    this.#steps--;
    this.#letGo();
  }

  /**
   * Does what must not get lost, such as the release of a guard: on a page's thread that does not get the lock again and again until it does; on a
   * closed object through another grip, if there still is something to be had.
   *
   * @param operation one call of the core that answers with a status
   * @returns the status; OK when it will be done later, or there is nothing left to do it on
   */
  protected surely(operation: (grip: number) => number): number {
    const { member } = this;
    if (member.isLeft) return Answer.OK;
    const grip = this.grip || this.#former!.grip;
    if (grip === 0) {
      this.#afterwards(operation);
      return Answer.OK;
    }
    const answer = member.call(() => operation(grip));
    if (answer !== Answer.BUSY) return answer;
    this.beginStep();
    persist(member, () => {
      if (member.call(() => operation(grip)) === Answer.BUSY) return false;
      this.endStep();
      return true;
    });
    return Answer.OK;
  }

  /** The object is closed: others may still have a grip on the record, then so can we. */
  #afterwards(operation: (grip: number) => number): void {
    const { member } = this;
    const { address, id } = this.#former!;
    persist(member, () => {
      const grip = member.call(() => member.core.thingGrasp(address, id, this.kind)) >>> 0;
      if (grip < LEAST_ADDRESS) return grip === Answer.STALE;
      persist(member, () => {
        if (member.call(() => operation(grip)) === Answer.BUSY) return false;
        letGo(member, grip);
        return true;
      });
      return true;
    });
  }

  /** Waits by promise, for as long as this object is open. @param names of the options that there are */
  protected obtain(claim: Claim, options: WaitOptions | undefined, names = WAIT_OPTIONS): Promise<number> {
    checkOptions(options, names);
    const timeout = readTimeout(options?.timeout);
    const signal = readSignal(options?.signal);
    const ref = readRef(options?.ref);
    // Reading an option may run code of the caller's, which may close this object: the claim's grip would be none any more.
    this.live();
    const { onClose } = this.member;
    return waitFor(claim, { timeout, signal, ref }, (end) => {
      const close = (): void => end(this.closedError());
      this.#waits.add(end);
      onClose.add(close);
      return () => {
        this.#waits.delete(end);
        onClose.delete(close);
        this.#letGo();
      };
    });
  }

  /**
   * Waits by sleeping.
   *
   * @param name of the method, and of its twin for threads that may not, @param names of the options of that
   */
  protected obtainSync(
    claim: Claim,
    options: WaitSyncOptions | undefined,
    name: string,
    names: readonly string[] = WAIT_OPTIONS,
  ): number {
    checkSyncOptions(options, `${this.type}.${name}`, names);
    const timeout = readTimeout(options?.timeout);
    this.assertMayBlock(name);
    // As in `obtain`.
    this.live();
    return claimSync(claim, timeout);
  }

  /** @param name of the method without `Sync`. @throws {UnsupportedError} */
  protected assertMayBlock(name: string): void {
    this.member.assertMayBlock(`${this.type}.${name}Sync`, `${this.type}.${name}`);
  }

  /** In a line what it is at this moment, for consoles: `Lock { locked: true }`. */
  toString(): string {
    const isClosed = this.closed || this.member.isClosed;
    return describe(this.type, isClosed ? "closed" : this.state());
  }

  /** What `toString` says of it while it is open. */
  protected abstract state(): Readonly<Record<string, unknown>>;

  private closedError(): ClosedError {
    const what = this.grip === 0 ? "this one" : "its context";
    return new ClosedError(`expected an open ${this.type}, ${what} was closed`);
  }
}

inspectAsText(Thing.prototype);

/** How many wait on an object, on all threads: a moment's truth, for tests. */
export function waitingOn(thing: Thing): number {
  return waitingInside(thing);
}

/** Tries now, and every millisecond until it has been done, or the thread has left the context: what it held has come back then. */
function persist(member: Member, attempt: () => boolean): void {
  if (!member.isLeft && !attempt()) setTimeout(persist, 1, member, attempt);
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
  const context: unknown = options?.context;
  if (context === undefined) return defaultMember();
  const member = typeof context === "object" && context !== null ? (context as Partial<HasMember>).member : undefined;
  return member instanceof Member ? member : refuse("context", "one of createHeddle() or attach()", context);
}

/** `spin` as the core takes it: negative for "adapts". @throws {ArgumentError} */
export function spinOf(options: ThingOptions | undefined): number {
  const spin = options?.spin;
  if (spin === undefined) return ADAPTS;
  checkWhole("spin", spin, 0, 1e9);
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
    throw wrongKind(type);
  }
  const member = options?.context === undefined ? memberOf(heddle) : memberFor(options);
  if (member?.id !== heddle) {
    throw new HandleError(
      "expected a handle of a context that this thread has a part in, got one of another memory; join it first: attach(share)",
    );
  }
  return { member, make: ({ core }) => core.thingGrasp(address, id, kind), kind };
}

/** What `from` passes to a constructor. */
export interface Revival extends ThingOptions {
  readonly handle: Handle;
}

/** Whether a constructor was called by `from`. */
export function isRevival<T>(source: T | Revival): source is Revival {
  return typeof source === "object" && source !== null && "handle" in source;
}

/**
 * Where an object comes from: a new record, or another grip on one.
 *
 * @param type name of the class: only handles of objects of the same class revive
 * @param make the core's call for a new record, with looks before sleeping as the core takes them
 * @param names of the options of a new one; those of `from` are checked there
 */
export function originOf(
  source: ThingOptions | Revival | undefined,
  type: string,
  kind: number,
  make: (member: Member, spin: number) => number,
  names = THING_OPTIONS,
): { readonly member: Member; readonly make: (member: Member) => number } {
  const isNew = !isRevival(source);
  if (isNew) checkOptions(source, names);
  const spin = spinOf(source);
  if (!isNew) {
    const origin = receive(source.handle, [kind], source);
    if (source.handle.type === type) return origin;
    throw wrongKind(source.handle.type);
  }
  return { member: memberFor(source), make: (member) => make(member, spin) };
}

function wrongKind(type: string): HandleError {
  return new HandleError(`expected a handle of this class, got one of a ${type}; revive it with ${type}.from(handle)`);
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
  if (value instanceof Thing) {
    const what = value.handle.type;
    throw new HandleError(`expected a handle, got the ${what} itself; pass ${what.toLowerCase()}.handle`);
  }
  throw new HandleError(`expected a handle, as \`.handle\` gives it, got ${show(value)}`);
}

const revivers = new Map<string, (handle: Handle) => Thing>();

/**
 * Says how objects of a class are revived, also from handles that arrive inside other values.
 *
 * @param names of the options of `from`
 * @returns what the class has as `from`. There it is said without the class's own name: a bundler renames a class that names itself in its body.
 */
export function teach<One extends Thing, Options extends ThingOptions = ThingOptions>(
  type: string,
  make: (revival: Options & Revival) => One,
  names = THING_OPTIONS,
): (handle: Handle, options?: Options) => One {
  const from = (handle: Handle, options?: Options): One => {
    checkOptions(options, names);
    return make({ ...(options as Options), handle });
  };
  revivers.set(type, from);
  return from;
}

/** The object that a handle stands for, of the class that it had. @throws {HandleError} */
export function revive(handle: unknown): Thing {
  const known = isHandle(handle) ? handle : refuseHandle(handle);
  const from = revivers.get(known.type);
  if (from === undefined)
    throw new HandleError(`expected a handle of a class of this package, got one of ${known.type}`);
  return from(known);
}
