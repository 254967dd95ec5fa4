/**
 * What threads and pools are asked to run, found by URL and name: the way that any policy allows. Bundled alone; imports the library when it is loaded.
 *
 * Role: threads and pool workers; the cases' own threads import it for its classes.
 */
import type { Event, HookArguments, Library, Pool, Queue, Thread } from "./library.js";

/** Put in by the bundler. */
declare const LIBRARY: string;

const heddle = (await import(LIBRARY)) as Library;
/** How many tasks this worker has run for its pool, and what the pool's initializer has left. Workers that are free again serve others: hence `local`. */
const mine = heddle.local(() => ({ runs: 0, prepared: undefined as unknown }));

export type TargetName = Exclude<keyof typeof import("./targets.js"), "Weaver" | "Plain" | "Repeated">;

/** Puts its other arguments into a queue. */
export function put(queue: Queue, ...values: unknown[]): void {
  for (const value of values) queue.putNowait(value);
}

/** Blocks until an event is set. */
export function wait(event: Event): void {
  event.waitSync();
}

/** Sets the first event, then blocks until the second is set. */
export function pass(reached: Event, gate: Event): void {
  reached.set();
  gate.waitSync();
}

/** Awaits an event. */
export async function waitAsync(event: Event): Promise<void> {
  await event.wait();
}

export function fail(message = "mine"): never {
  throw new RangeError(message);
}

export async function failLater(event: Event, message = "later"): Promise<never> {
  await event.wait();
  throw new RangeError(message);
}

/** Throws any value. */
export function throwThis(value: unknown): never {
  throw value;
}

export function exit(code?: number): never {
  throw new heddle.ThreadExit(code);
}

/** Ends its worker without a word. */
export function die(): never {
  const { process, close } = globalThis as { process?: NodeJS.Process; close?: () => void };
  if (process?.exit !== undefined) process.exit(3);
  // Not `close`, after which code goes on: the page is told by an error that nobody catches.
  close?.();
  for (;;);
}

export function spin(): never {
  for (;;);
}

/** What a thread knows of itself, and of the main one. */
export function facts(queue: Queue): void {
  const thread = heddle.currentThread() as Thread;
  const main = heddle.mainThread() as Thread;
  queue.putNowait({
    name: thread.name,
    ident: thread.ident,
    isAlive: thread.isAlive,
    daemon: thread.daemon,
    isSame: thread === heddle.currentThread(),
    isListed: heddle.enumerate().includes(thread),
    main: main.name,
    isMain: thread === main,
  });
}

async function nameOfFailure(action: () => unknown): Promise<string> {
  try {
    await action();
    return "nothing";
  } catch (error) {
    return (error as Error).name;
  }
}

export async function joinSelf(queue: Queue): Promise<void> {
  const thread = heddle.currentThread() as Thread;
  queue.putNowait([await nameOfFailure(() => thread.join()), await nameOfFailure(() => thread.joinSync())]);
}

export async function joinMain(queue: Queue): Promise<void> {
  queue.putNowait(await nameOfFailure(() => heddle.mainThread()?.join({ timeout: 0 })));
}

/** Whether threads that are made here are daemons. */
export function childIsDaemon(queue: Queue): void {
  for (const options of [{}, { daemon: true }, { daemon: false }]) {
    const child = new heddle.Thread(options);
    queue.putNowait(child.daemon);
    child.close();
  }
}

/** A thread that starts others and sees them to their ends. */
export async function parent(queue: Queue, url: string): Promise<void> {
  const child = new heddle.Thread({ target: { url, export: "put" }, args: [queue, "child"] });
  child.start();
  await child.join();
  queue.putNowait("parent");
}

/** Fails in a thread of its own. */
export async function failingParent(url: string): Promise<void> {
  const child = new heddle.Thread({ target: { url, export: "fail" }, name: "grandchild" });
  child.start();
  await child.join();
}

/** A hook that tells of an error to a queue, and of its thread at that moment. */
export function hook({ error, name, ident, thread }: HookArguments, queue: Queue): void {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const { isAlive } = thread;
  queue.putNowait({ text, name, ident, isAlive, isCurrent: Object.is(thread, heddle.currentThread()) });
}

/** A hook that fails. */
export function badHook(): never {
  throw new TypeError("the hook's own");
}

/** Fails after it has seen to it that the next report on this worker's console goes into a queue. */
export function failReported(queue: Queue, reports: number): never {
  const { error: usual } = console;
  let left = reports;
  console.error = (...texts: unknown[]) => {
    queue.putNowait(texts.join(" "));
    if (--left === 0) console.error = usual;
  };
  throw new RangeError("mine");
}

/** A class with a `run` of its own, a field, and a method. */
export class Weaver extends heddle.Thread {
  static readonly url = import.meta.url;
  readonly colour: string;
  constructor(queue: Queue, colour: string) {
    super({ args: [queue], name: "weaver" });
    this.colour = colour;
  }
  override run(queue: Queue): void {
    queue.putNowait(`${this.name}: ${this.describe()}`);
  }
  describe(): string {
    return `a ${this.colour} thread`;
  }
}

/** A class that leaves the work to the target that it was given, and does something before and after. */
export class Plain extends heddle.Thread {
  static readonly url = import.meta.url;
  override async run(queue: Queue, ...rest: unknown[]): Promise<void> {
    queue.putNowait("before");
    await super.run(queue, ...rest);
    queue.putNowait("after");
  }
}

/** The timer that goes off again and again, as Python's tutorials write it. */
export class Repeated extends heddle.Timer {
  static readonly url = import.meta.url;
  override async run(): Promise<void> {
    const act = this.function as (...args: unknown[]) => unknown;
    while (!(await this.finished.wait({ timeout: this.interval }))) await act(...this.args);
  }
}

/** Cancels the timer that runs it. */
export function cancelled(finished: Event, queue: Queue): void {
  queue.putNowait(finished.isSet());
  finished.set();
}

/** What a hook set in the thread itself, too late for its start, does for it. */
export function failAfterSetting(url: string, queue: Queue): never {
  heddle.setExcepthook({ url, export: "hook" }, queue);
  throw new RangeError("mine");
}

const fresh = heddle.local<{ made: number[]; name?: number }>(() => ({ made: [1, 2] }));

/** What a thread finds in a `local`, before and after it has put something there. */
export function localFacts(queue: Queue, name: number): void {
  const before = Object.keys(fresh);
  const missing = fresh.name;
  fresh.name = name;
  queue.putNowait({ before, made: [...fresh.made], missing, after: Object.keys(fresh), name: fresh.name });
  fresh.made.push(3);
}

// For pools.

export function square(x: number): number {
  return x * x;
}

export function add(a: number, b: number): number {
  return a + b;
}

export function give(...values: unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}

export async function giveLater(event: Event, value: unknown): Promise<unknown> {
  await event.wait();
  return value;
}

/** Gives a value when a gate is set, and says so. */
export async function giveTold(told: { gate: Event; value: unknown; queue?: Queue }): Promise<unknown> {
  told.queue?.putNowait(told.value);
  await told.gate.wait();
  return told.value;
}

/** Fails for some elements, and says which it was given. */
export function failAt(queue: Queue, bad: readonly number[], x: number): number {
  queue.putNowait(x);
  if (bad.includes(x)) throw new RangeError(`at ${x}`);
  return x;
}

/** Fails for negative numbers. */
export function root(x: number): number {
  if (x < 0) throw new RangeError(`of ${x}`);
  return Math.sqrt(x);
}

export async function rootLater(x: number): Promise<number> {
  await null;
  return root(x);
}

/** Fails at once for odd numbers, later for negative ones. */
export function mixed(x: number): number | Promise<number> {
  if (x % 2 !== 0) throw new RangeError(`odd: ${x}`);
  return rootLater(x);
}

let inside = 0;

/** How many of it are under way on this worker. */
export async function crowd(_: unknown): Promise<number> {
  inside++;
  await new Promise((resolve) => setTimeout(resolve));
  const seen = inside;
  inside--;
  return seen;
}

/** A function cannot travel. */
export function giveFunction(): unknown {
  return () => 1;
}

/** An error with something that cannot travel. */
export function failUntransferable(): never {
  throw Object.assign(new RangeError("mine"), { callback: () => 1 });
}

export function failWithAll(): never {
  throw Object.assign(new RangeError("mine", { cause: new TypeError("why") }), { code: "E_MINE", extra: [1, 2] });
}

/** Which task of its worker this is, from 1. */
export function count(): number {
  return ++mine.runs;
}

export function prepare(value: unknown): void {
  mine.prepared = value;
}

export function readPrepared(): unknown {
  return mine.prepared;
}

/** An initializer that comes through on some workers, and fails on others when it is told to. */
export function prepareOr(roles: Queue, failing: Event): void {
  if (roles.getNowait() === "fit") return;
  failing.waitSync();
  throw new RangeError("no licence");
}

/** A pool that another thread has made. */
export async function useElsewhere(pool: Pool, queue: Queue, url: string): Promise<void> {
  const square = { url, export: "square" };
  const one = await pool.submit(square, 5);
  const more = await pool.map(square, [1, 2, 3]);
  await pool.shutdown();
  queue.putNowait([one, more, await nameOfFailure(() => pool.submit(square, 3))]);
}

/** A task that gives its pool another one. */
export async function nested(pool: Pool, url: string, x: number): Promise<unknown> {
  return pool.submit({ url, export: "square" }, x);
}

/** A task that waits for one that waits for one, so deep. */
export async function deep(pool: Pool, url: string, depth: number): Promise<number> {
  if (depth === 0) return 0;
  return 1 + ((await pool.submit({ url, export: "deep" }, pool, url, depth - 1)) as number);
}

/** Whether this is a thread of Heddle's, as it knows. */
export function whoAmI(): string {
  return heddle.currentThread()?.name ?? "nobody";
}
