/**
 * Thread: a function that runs beside this one, on a worker of its own.
 *
 * Source: CPython's `threading.Thread` for the meaning; where we differ stands at the method.
 * Role:   any thread that takes part in a context, but guests cannot start one.
 */

import { checkOptions, refuse } from "../checks.js";
import { ThreadError, UnsupportedError, WorkerError } from "../errors.js";
import { Answer, Kind, ThreadOutcome, ThreadPhase } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { currentRef } from "../runtime/crew/seat.js";
import {
  makeThread,
  NAME_MAXIMUM,
  nameOfThread,
  reasonOfThread,
  refOf,
  renameThread,
  START_ADVICE,
} from "../runtime/crew/thread-record.js";
import type { Ref } from "../runtime/protocol.js";
import {
  type Handle,
  isRevival,
  memberFor,
  type Revival,
  receive,
  Thing,
  type ThingOptions,
  teach,
} from "../sync/thing.js";
import type { Claim, WaitOptions, WaitSyncOptions } from "../sync/wait.js";
import { known, nextName, refHere, remember } from "./current.js";
import { freightOf } from "./freight.js";
import { currentHook } from "./hook.js";
import { type Luggage, pack } from "./luggage.js";
import { type AnyFunction, assertLoaded, find, nameOfTarget, specOf, type Target } from "./target.js";

const THREAD_OPTIONS = ["target", "args", "name", "daemon", "context"];

export interface ThreadOptions<F extends AnyFunction = AnyFunction> extends Omit<ThingOptions, "spin"> {
  /** What it runs: a function that uses its arguments only, a `task`, a module's URL (its default export), or `{ url, export }`. */
  readonly target?: Target<F>;
  /** Its arguments: values that can travel, Heddle's own objects among them. They are packed when it starts. */
  readonly args?: Readonly<Parameters<F>> | readonly unknown[];
  /** Default "Thread-1" and up, with the target's name. */
  readonly name?: string;
  /** Whether the program may end while it runs. Default: as the thread that makes it. */
  readonly daemon?: boolean;
}

/**
 * A thread.
 *
 * @example
 *   const thread = new Thread({ target: (n) => console.log(`counted to ${n}`), args: [3] });
 *   thread.start();
 *   await thread.join();   // prints: counted to 3
 */
export class Thread<F extends AnyFunction = AnyFunction> extends Thing {
  protected override readonly kind = Kind.THREAD;
  protected override readonly type = "Thread";
  readonly #target: Target<F> | undefined;
  readonly #args: unknown[];
  #daemon: boolean;
  /** Fields that every thread has: the others are a subclass's, and go with it. */
  readonly #common: readonly string[];

  /** @throws {ArgumentError} @throws {FunctionError} the target cannot travel */
  constructor(options: ThreadOptions<F> | Revival = {}) {
    const revival = isRevival(options) ? receive(options.handle, [Kind.THREAD], options) : undefined;
    if (revival === undefined) checkOptions(options, THREAD_OPTIONS);
    const { target, args = [], name, daemon } = options as ThreadOptions<F>;
    if (revival === undefined) {
      if (target !== undefined) specOf(target);
      if (typeof args !== "object" || args === null || !(Symbol.iterator in args)) refuse("args", "an array", args);
      if (name !== undefined && typeof name !== "string") refuse("name", "a string", name);
    }
    // An object for a thread that is there takes no number.
    const label = revival === undefined ? name || nextName(target === undefined ? "" : nameOfTarget(target)) : "";
    super(
      revival?.member ?? memberFor(options),
      revival?.make ?? ((member) => makeThread(member, label.slice(0, NAME_MAXIMUM))),
    );
    this.#target = target;
    this.#args = [...args];
    this.#daemon = daemon ?? (revival === undefined && isDaemonHere(this.member));
    this.#common = Object.keys(this);
    remember(this, this.member.id, this.identity);
  }

  /** What it runs: on its own thread, found there, a function. */
  protected get target(): Target<F> | undefined {
    return this.#target;
  }

  /** A copy of what the constructor was given. */
  protected get ownArgs(): unknown[] {
    return this.#args;
  }

  /** The thread of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Thread {
    return threadOf(handle, options);
  }

  protected override state(): Readonly<Record<string, unknown>> {
    const { name, ident, daemon } = this;
    const state = this.isAlive ? "started" : ident === null ? "initial" : "stopped";
    return { name, state, ident, daemon };
  }

  private get identity(): number {
    return this.member.core.thingIdentity(this.live()) >>> 0;
  }

  /** May be changed at any time; it identifies nothing. */
  get name(): string {
    return nameOfThread(this.member, this.live());
  }

  set name(name: string) {
    if (typeof name !== "string") refuse("name", "a string", name);
    const grip = this.live();
    const { member } = this;
    if (renameThread(member, grip, name.slice(0, NAME_MAXIMUM)) !== Answer.OK) throw member.outOfMemory(0);
  }

  /** A number of its own from its start on, and for ever; null before. */
  get ident(): number | null {
    return this.member.core.threadIdent(this.live()) || null;
  }

  /** Whether the program may end while it runs. @throws {ThreadError} set after the start */
  get daemon(): boolean {
    return this.phase === ThreadPhase.NEW ? this.#daemon : this.member.core.threadIsDaemon(this.live()) !== 0;
  }

  set daemon(daemon: boolean) {
    if (this.phase !== ThreadPhase.NEW)
      throw new ThreadError("expected a thread that was not started; set `daemon` before start()");
    this.#daemon = Boolean(daemon);
  }

  private get phase(): number {
    return this.member.core.threadPhase(this.live());
  }

  /** Whether it was started and is not over. */
  get isAlive(): boolean {
    const { phase } = this;
    return phase === ThreadPhase.STARTED || phase === ThreadPhase.RUNNING;
  }

  /** How it ended: 0 it returned, 1 it threw, -1 it was ended by force or died, else what `ThreadExit` said; null before. */
  get exitCode(): number | null {
    const grip = this.live();
    const { core } = this.member;
    if (core.threadPhase(grip) !== ThreadPhase.ENDED) return null;
    switch (core.threadOutcome(grip)) {
      case ThreadOutcome.RETURNED:
        return core.threadExitCode(grip);
      case ThreadOutcome.THREW:
        return 1;
      default:
        return -1;
    }
  }

  /**
   * Starts it, on a warm worker if there is one. From here on it is alive, has an `ident`, and is listed.
   *
   * @throws {ThreadError} it was started before
   * @throws {TransferError} an argument cannot travel
   * @throws {FunctionError} a thread is loading the module for its own target, and has come to this call: put it under `if (currentThread() === mainThread())`
   * @throws {UnsupportedError} threads cannot be had here
   */
  start(): void {
    const grip = this.live();
    const { member } = this;
    const { workshop } = member;
    if (workshop === undefined) {
      throw new UnsupportedError(
        "expected a thread that Heddle has started, or the one that made the context; a guest can join threads, and not start them",
      );
    }
    if (this.phase !== ThreadPhase.NEW)
      throw new ThreadError("expected a thread that was not started, threads can be started once");
    const main = workshop.main();
    const luggage = this.luggage();
    for (const place of [luggage.self, luggage.target]) {
      if (place !== null && "url" in place) assertLoaded(place.url, place.name);
    }
    const freight = freightOf(member, luggage.args);
    pack(member, freight === null ? luggage : { ...luggage, args: [], holey: freight.holey });
    const answer = member.settle(() => member.core.threadStart(grip, Number(this.#daemon)));
    if (answer === Answer.REFUSED)
      throw new ThreadError("expected a thread that was not started, threads can be started once");
    const duty = { kind: "thread", thread: refOf(member.core, grip), daemon: this.#daemon } as const;
    workshop.order({ kind: "hire", duty, hands: 1, main });
    freight?.send({ ...duty.thread, kind: Kind.THREAD });
  }

  /** What it is to run. Subclasses of the house add to it. */
  protected luggage(): Luggage {
    const target = this.#target === undefined ? null : specOf(this.#target);
    return { target, args: this.#args, self: selfOf(this, this.#fields()), hook: currentHook() };
  }

  /** What the constructors of subclasses have made. */
  #fields(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this).filter(([name]) => !this.#common.includes(name)));
  }

  /**
   * What the thread does: calls the target. Classes that override it are called there, with the constructor's `args`. Whoever calls it himself runs the target on
   * his own thread.
   *
   * @param args for the target; none: the constructor's
   * @returns what the target returns, a promise of it where the target has to be found first
   */
  run(...args: unknown[]): unknown {
    const target: unknown = this.#target;
    if (target === undefined) return undefined;
    const given = args.length > 0 ? args : this.#args;
    if (typeof target === "function") return (target as AnyFunction)(...given);
    return find(specOf(target)).then((fn) => fn(...given));
  }

  /**
   * Waits for its end. What it threw is not thrown here: see `setExcepthook`.
   *
   * @returns true: it is over; false: out of time
   * @throws {ThreadError} it was not started, it is this thread, or the main one: nothing tells when that has done its part
   * @throws {WorkerError} it never began, for no worker could start
   */
  async join(options?: WaitOptions): Promise<boolean> {
    return this.joined(await this.obtain(this.joinClaim(), options));
  }

  /** `join`, blocking. */
  joinSync(options?: WaitSyncOptions): boolean {
    return this.joined(this.obtainSync(this.joinClaim(), options, "join"));
  }

  private joined(answer: number): boolean {
    if (answer !== Answer.OK) return false;
    const grip = this.live();
    const { member } = this;
    if (member.core.threadOutcome(grip) === ThreadOutcome.NEVER_BEGAN) {
      throw new WorkerError(
        `expected a worker to start for ${this.name}, but none could: ${reasonOfThread(member, grip)}; ${START_ADVICE}`,
      );
    }
    return true;
  }

  protected override assertMayBlock(name: string): void {
    this.member.assertMaySleepForWorkers(`${this.type}.${name}Sync`, `${this.type}.${name}`);
  }

  private joinClaim(): Claim {
    const grip = this.live();
    const { member } = this;
    if (this.phase === ThreadPhase.NEW)
      throw new ThreadError("expected a thread that was started, before it is joined");
    if (this.identity === refHere(member)?.id)
      throw new ThreadError("expected another thread, a thread cannot join itself");
    if (this.identity === member.workshop?.main().id)
      throw new ThreadError("expected a thread that ends; the main thread ends with the program");
    return { member, grip, attempt: (waiter) => member.call(() => member.core.threadJoin(grip, waiter)) };
  }

  /**
   * Ends it by force: at whatever instruction it is, without `finally`, without the hook. What it held comes back with the marks of a death. On a thread that is
   * over it does nothing.
   *
   * @throws {ThreadError} it was not started
   */
  terminate(): void {
    const grip = this.live();
    const { member } = this;
    const { core } = member;
    if (this.phase === ThreadPhase.NEW) throw new ThreadError("expected a thread that was started, before it is ended");
    // It may be about to begin: then it finds that it is over.
    for (;;) {
      const number = core.threadRunner(grip);
      if (number > 0) {
        const generation = core.threadGeneration(number);
        // Still the same: so the generation is that of its worker.
        if (core.threadRunner(grip) !== number) continue;
        member.end({ kind: "end", number, generation, thread: this.identity });
        return;
      }
      if (core.threadPhase(grip) !== ThreadPhase.STARTED) return;
      if (member.settle(() => core.threadAbandon(grip)) !== Answer.REFUSED) return;
    }
  }
}

/** Where the class of a thread is found, and what its constructor has made. @throws {ThreadError} */
function selfOf(thread: Thread, fields: Record<string, unknown>): Luggage["self"] {
  const made = thread.constructor as typeof Thread & { readonly url?: string | URL; readonly exportName?: string };
  if (HOUSE.has(made)) return null;
  if (made.url === undefined) {
    // There is nothing to be found there but what every thread does.
    if ([...HOUSE].some(({ prototype }) => prototype.run === thread.run)) return null;
    throw new ThreadError(
      `expected class ${made.name} to say where it is exported, so that its thread can find it: static url = import.meta.url`,
    );
  }
  return { url: String(made.url), name: made.exportName ?? made.name, fields };
}

/** Classes that every thread knows. */
const HOUSE = new Set<Pick<typeof Thread, "prototype">>([Thread]);

/** Says that a class is one of these. */
export function isOfTheHouse(made: Pick<typeof Thread, "prototype">): void {
  HOUSE.add(made);
}

/** A thread object of a record that somebody else has made; of that class, with what it is to run. */
export function reviveThread(
  member: Member,
  handle: Handle,
  made: typeof Thread,
  { fields, target, args }: { fields: object; target: AnyFunction | undefined; args: readonly unknown[] },
): Thread {
  const thread = Reflect.construct(Thread, [{ handle, context: { member }, target, args }], made) as Thread;
  return Object.assign(thread, fields);
}

const revive = teach("Thread", (revival) => new Thread(revival));

/** The object that stands for it here already, or another. */
function threadOf(handle: Handle, options?: ThingOptions): Thread {
  return (known(handle.heddle, handle.id) as Thread | undefined) ?? revive(handle, options);
}

export function handleOfThread(member: Member, { address, id }: Ref): Handle {
  return { heddle: member.id, type: "Thread", kind: Kind.THREAD, address, id };
}

/** Whether the thread that runs here is a daemon; the main one is none. */
function isDaemonHere(member: Member): boolean {
  const ref = currentRef(member.id);
  return ref !== undefined && threadOf(handleOfThread(member, ref)).daemon;
}
