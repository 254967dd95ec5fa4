/**
 * Where cases run: a thread with the library, and other threads for it to ask. Runs one case at a time, and looks afterwards at what it left.
 */
import type { Library, Shared } from "./library.js";
import { RemoteError } from "./messages.js";
import { type Engine, Thread } from "./threads.js";
import { within } from "./within.js";
import {
  type Case,
  CODES,
  classOf,
  type ErrorName,
  type Failure,
  HOSTS,
  type OtherThread,
  type Where,
  type World,
} from "./world.js";

/** Idle threads that are there before a case begins: it may ask one and block at once, and starting one takes an event loop. */
const READY = 3;
/** Seconds after which a case that awaits has hung. A death in Chromium takes up to eight of them: five are the library's, to be sure of it. */
const LIMIT = 30;
/** Seconds within which what a case left must be gone. */
const TIDY_LIMIT = 15;

export class Stage {
  private readonly idle: Thread[] = [];
  private readonly rejections: unknown[] = [];

  constructor(
    private readonly heddle: Library,
    private readonly where: Where,
    private readonly engine: Engine,
  ) {
    engine.onRejection((reason) => this.rejections.push(reason));
  }

  /** Runs a case. @throws what is wrong; other threads are new after that, so that one failure does not make the next. */
  async run(subject: Case): Promise<void> {
    const needsWorkers = this.engine.spawn !== undefined && subject.places !== HOSTS;
    while (needsWorkers && this.idle.length < READY) this.idle.push(await Thread.start(this.heddle, this.engine));
    // Those of a case that failed come late.
    this.rejections.length = 0;
    // Asked first: the main thread gets its record with it, and keeps it.
    let threads = 0;
    await until(
      () => {
        threads = this.heddle.activeCount();
        return true;
      },
      () => false,
    );
    const before = this.used();
    const visit = new Visit(this.heddle, this.where, this.engine, this.idle);
    try {
      await within(
        LIMIT,
        () => visit.describe(),
        Promise.resolve().then(() => subject.run(visit.world)),
      );
      await visit.tidy();
      // What arguments became on a worker that goes on is left to its garbage collector, so memory tells nothing there.
      if (subject.places === HOSTS) {
        await visit.soon(
          () => this.heddle.activeCount() === threads,
          () => `expected as many threads as before, found ${this.heddle.enumerate().join(", ")}`,
        );
      }
      // Less is fine: what a case before this one had left to the garbage collector may have gone meanwhile.
      else
        await visit.soon(
          () => this.used() <= before,
          () => `expected no more memory in use than before, ${this.used() - before} bytes stay`,
        );
      if (this.rejections.length > 0) {
        throw new Error(`a rejection that nobody handled: ${this.rejections.map(describeError).join("; ")}`);
      }
    } catch (error) {
      await visit.abandon();
      await this.close();
      throw error;
    } finally {
      visit.end();
    }
  }

  /** Ends all other threads. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((thread) => thread.kill()));
  }

  private used(): number {
    return this.engine.used();
  }
}

/** One case's stay on the stage. */
class Visit {
  private readonly owned: Shared[] = [];
  /** All that it asked, and those that it has for itself. */
  private readonly asked = new Set<Thread>();
  private readonly reserved = new Set<Thread>();
  private isOver = false;
  readonly world: World;

  constructor(
    private readonly heddle: Library,
    where: Where,
    private readonly engine: Engine,
    private readonly idle: Thread[],
  ) {
    this.world = {
      heddle,
      where,
      own: (object) => {
        this.owned.push(object);
        return object;
      },
      inThread: (name, ...args) => this.inThread(name, args) as never,
      thread: () => this.thread(),
      target: (name) => ({ url: engine.targets, export: name }),
      library: engine.library,
      used: () => this.engine.used(),
      until: (isTrue) => until(isTrue, () => this.isOver),
      waiting: (object, count) =>
        until(
          () => heddle.waitingOn(object) === count,
          () => this.isOver,
        ),
      fails: (action, name) => this.fails(action, name),
    };
  }

  /** What the case is waiting for, as far as one can see. */
  describe(): string {
    const waits = this.owned.map((object) => `${classOf(this.heddle, object)} ${this.waitingOn(object)}`);
    const busy = [...this.asked].filter(({ busy }) => busy > 0).length;
    return `waiting: ${waits.join(", ") || "on nothing"}; other threads busy: ${busy} of ${this.asked.size}`;
  }

  /** Closes everything. @throws when somebody still waits, here or in another thread */
  async tidy(): Promise<void> {
    await this.soon(() => [...this.asked].every(({ busy }) => busy === 0));
    // What a dead thread waited for is put in order one after the other.
    await this.soon(
      () => this.owned.every((object) => this.waitingOn(object) === 0),
      () => `expected nobody to wait after the case; ${this.describe()}`,
    );
    await Promise.all([...this.asked, ...this.reserved].map((thread) => thread.ask({ do: "tidy" })));
    for (const object of this.owned) object.close();
    this.idle.push(...this.reserved);
  }

  /** Resolves when `isTrue()`. @throws when that takes long */
  soon(isTrue: () => boolean, describe = () => this.describe()): Promise<void> {
    return within(
      TIDY_LIMIT,
      describe,
      until(isTrue, () => this.isOver),
    );
  }

  /** Nothing of it goes on. */
  end(): void {
    this.isOver = true;
  }

  /** After a failure: nothing may disturb the next case. */
  async abandon(): Promise<void> {
    for (const thread of [...this.asked, ...this.reserved]) {
      const at = this.idle.indexOf(thread);
      if (at >= 0) this.idle.splice(at, 1);
      await thread.kill();
    }
    for (const object of this.owned) {
      try {
        object.close();
      } catch {
        // The failure that brought us here says more.
      }
    }
  }

  /** A case may have closed what it owned: nobody waits on that. */
  private waitingOn(object: Shared): number {
    try {
      // A pool's workers wait for tasks.
      return object instanceof this.heddle.Pool ? 0 : this.heddle.waitingOn(object);
    } catch (error) {
      if ((error as Partial<Failure>).code === CODES.ClosedError) return 0;
      throw error;
    }
  }

  /** Not async: when a thread is idle the message must be on its way before the caller blocks. */
  private inThread(name: string, args: readonly unknown[]): Promise<unknown> {
    const thread = this.idle.pop();
    const call =
      thread === undefined
        ? Thread.start(this.heddle, this.engine).then((fresh) => this.runOn(fresh, name, args))
        : this.runOn(thread, name, args);
    // Until the case looks at it, its failure is nobody's.
    call.catch(() => {});
    return call;
  }

  private async runOn(thread: Thread, name: string, args: readonly unknown[]): Promise<unknown> {
    this.asked.add(thread);
    try {
      return await thread.run(name, args);
    } finally {
      if (!this.isOver) this.idle.push(thread);
    }
  }

  private async thread(): Promise<OtherThread> {
    const thread = this.idle.pop() ?? (await Thread.start(this.heddle, this.engine));
    this.reserved.add(thread);
    return {
      run: (name, ...args) => {
        const call = thread.run(name, args);
        // Of a thread that is to die nobody awaits the last call.
        call.catch(() => {});
        return call as never;
      },
      kill: () => {
        this.reserved.delete(thread);
        return thread.kill();
      },
    };
  }

  private async fails(action: (() => unknown) | Promise<unknown>, name: ErrorName): Promise<Failure> {
    let result: unknown;
    try {
      result = await (typeof action === "function" ? action() : action);
    } catch (thrown) {
      const found = thrown as Failure;
      const code = CODES[name];
      if (found?.code !== code || (found.name !== name && !isKin(found.name, name))) {
        throw new Error(`expected ${name} (${code}), got ${describeError(thrown)}`, { cause: thrown });
      }
      if (!(found instanceof RemoteError)) this.checkClass(found, name);
      return found;
    }
    throw new Error(`expected ${name}, got the result ${show(result)}`);
  }

  private checkClass(found: Failure, name: ErrorName): void {
    const Class = (this.heddle as unknown as Record<string, unknown>)[name];
    if (typeof Class !== "function") throw new Error(`expected the library to export ${name}`);
    if (!(found instanceof Class)) throw new Error(`expected an instance of ${name}, got ${describeError(found)}`);
    const Parent = name === "TimeoutRangeError" ? RangeError : this.heddle.HeddleError;
    if (!(found instanceof Parent)) throw new Error(`expected ${name} to be a ${Parent.name}`);
    if (found.message.length < 10) throw new Error(`expected ${name} to say what and how, got "${found.message}"`);
  }
}

/** Both say ERR_ARGUMENT, and a case that expects either names the general one. */
function isKin(found: string, expected: ErrorName): boolean {
  return expected === "ArgumentError" && found === "TimeoutRangeError";
}

function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${show(thrown)}, thrown`;
  return `${thrown.name} (${String((thrown as Partial<Failure>).code)}): ${thrown.message}`;
}

/** Short: some objects reach the whole memory. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, 10).map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "object"}`;
  return String(value).slice(0, 200);
}

/**
 * Looks once per turn of the event loop: only there can what this thread waits for happen. A page may find an object in use by a thread that does not
 * run just now, and is told to try again.
 *
 * @throws when `isOver()` first
 */
async function until(isTrue: () => boolean, isOver: () => boolean): Promise<void> {
  const holds = (): boolean => {
    try {
      return isTrue();
    } catch (error) {
      if ((error as { code?: unknown }).code === "ERR_BUSY") return false;
      throw error;
    }
  };
  while (!holds()) {
    if (isOver()) throw new Error("the case is over");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
