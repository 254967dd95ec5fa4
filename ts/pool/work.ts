/**
 * What a worker does for a pool: takes a task, runs it, says what came of it, until the pool is shut down.
 *
 *   take -> run -> finish -> take …    when there is nothing to take: look for a moment, sleep for a moment, then wait and let events run
 *
 * Role: a worker of the workshop, between two duties.
 */
import { platform } from "#platform";
import { FunctionError, HandleError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer, Kind, TaskState } from "../runtime/core/core-things.js";
import { busy, type Member } from "../runtime/core/member.js";
import { breakTasks } from "../runtime/crew/tasks-record.js";
import { refOf } from "../runtime/crew/thread-record.js";
import type { PoolPlan, Ref } from "../runtime/protocol.js";
import { wordChange } from "../runtime/waiting/wait.js";
import { letGo } from "../sync/thing.js";
import { type Claim, waitFor } from "../sync/wait.js";
import { type Freight, fill, freightOf, type Holey } from "../threads/freight.js";
import { type AnyFunction, find, isOwn, isThenable, type Spec } from "../threads/target.js";
import { clock, Tally } from "./tally.js";
import { definitionOf, finishEmpty, finishTask, flagAt, readArguments, readTask, Shape, type Work } from "./wire.js";

/** Milliseconds asleep, when a wake-up is quicker but no event is heard, before waiting as everybody else. */
const DOZE = 10;
/** Milliseconds after which events have a turn although there is work. */
const STRETCH = 20;

/** What a pool's initializer is, as a definition. */
export interface Initializer {
  readonly spec: Spec;
  readonly args: readonly unknown[];
}

/** The task that runs on this thread now: the word that is raised when it should end. */
let current: {
  readonly member: Member;
  readonly flag: number;
  readonly server: Server;
  /** Whether a signal listens to the word. */
  isListening: boolean;
} | null = null;

/**
 * Whether the task that runs here should end: its time is over, or it was aborted. For loops that want to end by themselves before they are ended by force.
 *
 * @returns false outside of a task
 */
export function taskCancelled(): boolean {
  return current !== null && Atomics.load(current.member.words, current.flag) !== 0;
}

/** The same as a signal, for tasks that wait. It never aborts outside of a task. */
export function taskSignal(): AbortSignal {
  const controller = new AbortController();
  const task = current;
  if (task === null) return controller.signal;
  task.isListening = true;
  void wordChange(task.member.words, task.flag, 0).then(() => {
    // The word may be somebody else's by now.
    if (current === task && taskCancelled()) controller.abort();
  });
  return controller.signal;
}

/** The task that runs here, if one does, waits for one of the pool of that grip: when that is its own, somebody else has to run it. */
export function lendPlace({ core }: Member, grip: number): void {
  current?.server.lend(core.thingIdentity(grip) >>> 0);
}

/** Pools that this worker has lent its place in, by identity: it comes back to them as it left. */
const left = new Map<number, Server>();

/** Loads the classes that handles may be of, and the library's own tasks, where a worker starts without them. */
type Rest = () => Promise<unknown>;

/** @param fit called when the worker has come through its initializer, if there is one */
export async function serveTasks(member: Member, ref: Ref, plan: PoolPlan, rest: Rest, fit: () => void): Promise<void> {
  const grip = member.call(() => member.core.tasksServe(ref.address, ref.id)) >>> 0;
  const known = left.get(ref.id);
  left.delete(ref.id);
  if (grip === Answer.STALE) return;
  if (grip < LEAST_ADDRESS) throw busy();
  const server = known ?? new Server(member, ref.id, plan, rest);
  try {
    if (await server.serve(grip, fit)) left.set(ref.id, server);
  } finally {
    letGo(member, grip);
  }
}

class Server {
  private readonly functions = new Map<number, AnyFunction>();
  private grip = 0;
  private tally: Tally | undefined;
  private done = 0;
  private stretchEnd = 0;
  private isFit = false;
  /** Whether somebody else has its place: then it takes nothing more. */
  private hasLent = false;

  constructor(
    private readonly member: Member,
    private readonly pool: number,
    private readonly plan: PoolPlan,
    private readonly rest: Rest,
  ) {}

  /** @returns whether it ended because its place was lent */
  async serve(grip: number, fit: () => void): Promise<boolean> {
    const { member, plan } = this;
    this.grip = grip;
    this.tally = new Tally(member, grip);
    this.hasLent = false;
    this.isFit ||= await this.initialize();
    if (!this.isFit) return false;
    if (plan.initializer !== 0) fit();
    const { core } = member;
    this.stretchEnd = performance.now() + STRETCH;
    for (;;) {
      const answer = member.call(() => core.tasksTake(grip, 0));
      if (answer === Answer.SHUT) return false;
      const work = answer === Answer.OK ? this.taken() : await this.await();
      if (work === null) return false;
      const running = this.perform(work);
      if (running !== undefined) await running;
      this.done++;
      // It has done what it was hired for: another takes its place.
      if (plan.tasks > 0 && this.done >= plan.tasks) exit();
      if (this.hasLent) return true;
      if (performance.now() > this.stretchEnd) {
        await platform.breathe();
        this.stretchEnd = performance.now() + STRETCH;
      }
    }
  }

  /** The task that runs here waits for one of the pool of that identity. */
  lend(pool: number): void {
    if (this.hasLent || pool !== this.pool) return;
    this.hasLent = true;
    const { sender, workshop } = this.member;
    workshop?.order({ kind: "lend", ...sender, pool });
  }

  /** @returns whether it is fit to work: else the pool is broken, and says why */
  private async initialize(): Promise<boolean> {
    const { member, grip, plan } = this;
    if (plan.initializer === 0) return true;
    try {
      const read = () => definitionOf(member, grip, plan.initializer) as Initializer;
      const { spec, args } = await this.whole(read);
      await (await find(spec))(...args);
      return true;
    } catch (error) {
      const reason = `its initializer threw ${error instanceof Error ? error.message : String(error)}`;
      // Without memory for the reason it ends all the same.
      member.call(() => breakTasks(member.core, member.memory, grip, reason));
      member.settle(() => member.core.tasksShutdown(grip, 1));
      return false;
    }
  }

  /** Nothing to take: until there is. @returns the task; null when the pool was shut down */
  private async await(): Promise<Work | null> {
    const { member, grip } = this;
    const { core, ownWaiter } = member;
    core.tasksLook(grip);
    // Asleep for a moment: quicker to wake, but no event is heard.
    let answer = member.call(() => core.tasksTake(grip, ownWaiter));
    if (answer === Answer.WAIT) {
      core.waiterPark(ownWaiter, DOZE);
      answer = member.call(() => core.tasksTake(grip, ownWaiter));
    }
    if (answer === Answer.OK) return this.taken();
    if (answer === Answer.WAIT) member.call(() => core.waiterWithdraw(grip, ownWaiter));
    // Not by the thread's own waiter, which the user's events may need.
    let work: Work | null = null;
    const claim: Claim = {
      member,
      grip,
      attempt: (waiter) => member.call(() => core.tasksTake(grip, waiter)),
      take: () => {
        work = this.taken();
      },
    };
    const options = { timeout: Number.POSITIVE_INFINITY, signal: undefined, ref: true };
    while (work === null && answer !== Answer.SHUT) {
      answer = await waitFor(claim, options, () => () => {});
      // There was no memory to stand in line with.
      if (answer === Answer.NO_MEMORY) await new Promise((resolve) => setTimeout(resolve, DOZE));
    }
    return work;
  }

  /** The task that this thread has just taken. */
  private taken(): Work {
    const { member } = this;
    const work = readTask(member, member.words[member.blockAt]! >>> 0);
    this.tally?.waited(work.begunAt - work.queuedAt);
    return work;
  }

  /** Runs a task and finishes it. @returns undefined when that was done at once */
  private perform(work: Work): Promise<void> | undefined {
    const fn = this.functions.get(work.definition);
    if (fn === undefined) return this.load(work).then((found) => (found === null ? undefined : this.run(found, work)));
    return this.run(fn, work);
  }

  private async load(work: Work): Promise<AnyFunction | null> {
    try {
      const spec = definitionOf(this.member, this.grip, work.definition) as Spec;
      if (isOwn(spec)) await this.rest();
      const fn = await find(spec);
      this.functions.set(work.definition, fn);
      return fn;
    } catch (error) {
      this.finish(work, TaskState.FAILED, error);
      return null;
    }
  }

  private run(fn: AnyFunction, work: Work): Promise<void> | undefined {
    current = { member: this.member, flag: flagAt(work.task), server: this, isListening: false };
    let value: unknown;
    try {
      value = readArguments(this.member, work);
    } catch {
      return this.whole(() => readArguments(this.member, work)).then(
        (whole) => this.act(fn, work, whole),
        (error: unknown) => this.finish(work, TaskState.FAILED, error),
      );
    }
    return this.act(fn, work, value);
  }

  /** What `read` finds. Where that holds an object of a class that is not here, once more when it is. */
  private async whole<T>(read: () => T): Promise<T> {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof HandleError)) throw error;
      await this.rest();
      return read();
    }
  }

  private act(fn: AnyFunction, work: Work, value: unknown): Promise<void> | undefined {
    try {
      const { shape } = work;
      const result =
        (shape & Shape.MOVED) === 0
          ? apply(fn, shape, value)
          : fill(this.member, value as Holey).then((filled) => apply(fn, shape & ~Shape.MOVED, filled));
      if (!isThenable(result)) {
        this.finish(work, TaskState.DONE, result);
        return undefined;
      }
      return Promise.resolve(result).then(
        (settled) => this.finish(work, TaskState.DONE, settled),
        (error: unknown) => this.finish(work, TaskState.FAILED, error),
      );
    } catch (error) {
      this.finish(work, TaskState.FAILED, error);
      return undefined;
    }
  }

  private finish({ task, begunAt }: Work, state: number, outcome: unknown): void {
    const { member, grip } = this;
    // Who listens to the flag would go on doing so when the word is somebody else's.
    if (current?.isListening) Atomics.notify(member.words, current.flag);
    current = null;
    // Before whoever waits for it hears of it, and asks.
    this.tally?.ran(clock() - begunAt);
    let isFinished: boolean;
    let freight: Freight | null = null;
    try {
      freight = freightOf(member, outcome);
      isFinished = finishTask(member, grip, task, state, freight?.holey ?? outcome, freight !== null);
    } catch (error) {
      freight = null;
      isFinished = finishInstead(member, grip, task, describe(error, outcome, state));
    }
    if (isFinished) freight?.send({ ...refOf(member.core, grip), kind: Kind.TASKS });
    // Somebody has given it up, and may be about to end this thread: it must take nothing more.
    if (!isFinished) exit();
  }
}

/** Ends this thread. What it ran is reported as lost, and another takes its place. */
function exit(): never {
  platform.exit();
  throw new Error("the thread is about to end");
}

/** The task fails with an error of ours; without memory for that, with the word that there was none. */
function finishInstead(member: Member, grip: number, task: number, error: unknown): boolean {
  try {
    return finishTask(member, grip, task, TaskState.FAILED, error);
  } catch {
    return finishEmpty(member, grip, task);
  }
}

/** An outcome cannot travel: what can be said of it. */
function describe(error: unknown, outcome: unknown, state: number): unknown {
  if (state === TaskState.DONE) return error;
  const { name, message, stack } = outcome instanceof Error ? outcome : new Error(String(outcome));
  return Object.assign(new FunctionError(message, { cause: error instanceof Error ? error.message : undefined }), {
    name,
    stack,
  });
}

function apply(fn: AnyFunction, shape: number, value: unknown): unknown {
  switch (shape) {
    case Shape.APPLY:
      return fn(...(value as unknown[]));
    case Shape.NONE:
      return fn();
    case Shape.ONE:
      return fn(value);
    case Shape.MAP:
      return each(value as ArrayLike<unknown>, fn);
    default:
      return each(value as ArrayLike<Iterable<unknown>>, (args) => fn(...args));
  }
}

/** Results of a function for each element; a Float64Array where all are numbers, which is how they travel fastest. */
function each<T>(values: ArrayLike<T>, fn: (value: T) => unknown): unknown {
  const { length } = values;
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const result = fn(values[i] as T);
    if (typeof result !== "number") return eachOther(values, fn, numbers, i, result);
    numbers[i] = result;
  }
  return numbers;
}

function eachOther<T>(
  values: ArrayLike<T>,
  fn: (value: T) => unknown,
  numbers: Float64Array,
  done: number,
  first: unknown,
): unknown {
  const results: unknown[] = Array.from(numbers.subarray(0, done));
  let result = first;
  for (let i = done; !isThenable(result); ) {
    results.push(result);
    if (++i === values.length) return results;
    result = fn(values[i] as T);
  }
  return eachInTurn(values, fn, results, result);
}

/** One at a time, as those that return at once: what follows a failure is not begun, and no more run than the pool has workers. */
async function eachInTurn<T>(
  values: ArrayLike<T>,
  fn: (value: T) => unknown,
  results: unknown[],
  first: unknown,
): Promise<unknown[]> {
  results.push(await first);
  for (let i = results.length; i < values.length; i++) results.push(await fn(values[i] as T));
  return results;
}
