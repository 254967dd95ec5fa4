/**
 * One run of a program: its threads take turns on this thread, as a director says, each an instance of its own on one memory.
 *
 * Source: M. Musuvathi, S. Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs" (PLDI 2007), for what a run is: a
 *         course, and where it departs from it. Sleepers wake first come, first woken, as the WebAssembly threads proposal has it.
 *
 * A thread that is put aside is a promise that has not settled. A death is an exception that nobody in the module catches: the thread's code is unwound,
 * nothing is undone by that, and the memory is what a terminated worker leaves.
 */
import { type Choice, COURSE, type Director, type Entry, fair, MISFIT, type Run } from "./director.js";
import { GLOBAL, NOT_EQUAL, SLEEPS, SLEEPS_A_WHILE, type TestImports } from "./instrument.js";
import { placeName } from "./places.js";
import { CutOff, type Exports, type Fate, type PastCall, type Program, type Thread } from "./program.js";
import { CALL, END, isOfHost, RECOVERED, RETURN, SLEEP, SLEPT, YIELD } from "./sites.js";
import type { Target } from "./subject.js";
import { promising, suspending } from "./suspend.js";
import { DEAD, ENDED, PARKED, RUNNABLE, RUNNING, Task } from "./task.js";
import { isChange, NEVER, Trace } from "./trace.js";

const DEFAULT_STEPS = 20_000;

/** How often the memory is compared with what it should be: it is undone step by step. */
const RUNS_BETWEEN_LOOKS = 4096;

/** Steps that `check` may take, beyond those of the run. */
const CHECK_STEPS = 100_000;

const PAGE_BYTES = 65536;

/** Unwinds a dead thread. */
const DEATH = new Error("a thread died");

export class Scheduler<E = Exports> {
  readonly trace: Trace;
  /** How many there are before anybody dies, and at most. */
  readonly threads: number;
  readonly most: number;
  private readonly memory: WebAssembly.Memory;
  private readonly sane: E;
  private readonly tasks: Task[];
  /** How many of `tasks` are in this run. */
  private count = 0;
  /** Sleepers, in the order in which they went to sleep. */
  private parked: Task[] = [];
  private current: Task | null = null;
  private director: Director = COURSE;
  private entries: Entry[] = [];
  private deaths: number[] = [];
  private calls: PastCall[] = [];
  private failure: string | null = null;
  private isOver = false;
  private unwinding = 0;
  private finish: () => void = () => {};
  private runs = 0;
  /** The memory at the beginning of every run. */
  private readonly fresh: Uint8Array<ArrayBuffer>;
  private readonly limit: number;
  /** Numbers of sites that should change nothing. */
  private readonly idle: ReadonlySet<number>;

  constructor(
    readonly program: Program<E>,
    readonly target: Target,
  ) {
    this.limit = program.steps ?? DEFAULT_STEPS;
    const { idle = () => false } = program;
    this.idle = new Set(target.sites.filter((site) => idle(site)).map(({ number }) => number));
    this.threads = program.threads.length;
    const start = Math.ceil(program.bytes / PAGE_BYTES) * PAGE_BYTES;
    const pages = Math.ceil((start + Trace.bytes(this.limit + CHECK_STEPS + 1)) / PAGE_BYTES);
    this.memory = new WebAssembly.Memory({ initial: pages });
    this.trace = new Trace(this.memory, start, target.sites);
    this.sane = this.saneInstance();
    const view = new DataView(this.memory.buffer, 0, program.bytes);
    this.begin(NEVER);
    program.setup(this.sane, view);
    const recoverers = program.recover === undefined ? 0 : program.bound + 1;
    this.most = this.threads + recoverers;
    this.tasks = Array.from({ length: this.most }, (_, number) => this.makeTask(number));
    // What they wrote so far is where every run begins.
    this.trace.reset();
    this.fresh = new Uint8Array(this.memory.buffer.slice(0, program.bytes));
  }

  /** Runs once. The director's word decides; the same words, the same run. */
  async run(director: Director): Promise<Run> {
    this.trace.undo();
    if (this.runs++ % RUNS_BETWEEN_LOOKS === 1) this.expectFresh();
    this.begin(0);
    this.director = director;
    const over = new Promise<void>((resolve) => {
      this.finish = resolve;
    });
    this.choose();
    await over;
    const steps = this.trace.step;
    const failure = this.failure ?? this.judge();
    return { failure, steps, entries: this.entries, calls: this.calls };
  }

  private expectFresh(): void {
    const now = new Uint8Array(this.memory.buffer, 0, this.program.bytes);
    const at = now.findIndex((byte, index) => byte !== this.fresh[index]);
    if (at < 0) return;
    throw new Error(
      `expected the memory as setup left it, got something else at ${at}: it was written without a step, by check perhaps`,
    );
  }

  private begin(stop: number): void {
    this.trace.reset();
    this.trace.stop = stop;
    this.count = this.threads;
    this.parked = [];
    this.current = null;
    this.entries = [];
    this.deaths = [];
    this.calls = [];
    this.failure = null;
    this.isOver = false;
    this.unwinding = 0;
    for (const task of this.tasks ?? []) task.reset();
  }

  // Instances

  private instance(module: WebAssembly.Module, imports: TestImports, isThread: boolean): WebAssembly.Exports {
    const { pause, wait, ...rest } = imports;
    const test = isThread ? { ...rest, pause: suspending(pause), wait: suspending(wait) } : imports;
    return new WebAssembly.Instance(module, {
      env: { memory: this.memory },
      test: test as unknown as WebAssembly.ModuleImports,
    }).exports;
  }

  private imports(thread: number): TestImports {
    return {
      trace: this.trace.start,
      thread,
      pause: () => this.interrupt(this.tasks[thread] as Task, true),
      wait: (address, _, timeoutNs) => this.park(this.tasks[thread] as Task, address, timeoutNs >= 0n),
      wake: (address, count) => this.wake(address, count >>> 0),
      bulk: (to, from, bytes) => this.trace.beginBulk(to >>> 0, from >>> 0, bytes >>> 0),
      bulkDone: () => this.trace.endBulk(),
      runaway: () => {
        throw new Error("a loop goes round for ever");
      },
    };
  }

  /** @returns what a step changed that should change nothing, if it did */
  busyAt(step: number): string | null {
    const record = this.trace.at(step);
    const site = this.trace.siteOf(record);
    if (!this.idle.has(site.number) || !isChange(this.trace, record)) return null;
    return `expected no change by ${site.name}, step ${step}`;
  }

  private saneInstance(): E {
    const imports: TestImports = {
      ...this.imports(-1),
      pause: () => {
        throw new Error(`expected setup and check to take fewer than ${CHECK_STEPS} steps`);
      },
      wait: () => {
        throw new Error("expected setup and check not to sleep");
      },
      wake: () => 0,
    };
    return this.instance(this.target.sane, imports, false) as E;
  }

  private makeTask(number: number): Task {
    const exports = this.instance(this.target.module, this.imports(number), true);
    this.program.attach?.(exports as E, number);
    const calls = new Map<string, (...args: unknown[]) => Promise<unknown>>();
    const globals: WebAssembly.Global[] = [];
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === "function") calls.set(name, promising(value));
      else if (value instanceof WebAssembly.Global && name.startsWith(GLOBAL)) globals.push(value);
    }
    return new Task(
      number,
      calls,
      globals,
      globals.map(({ value }) => value),
    );
  }

  // Who runs

  /** Somebody has to go on, and it is not the thread that ran. */
  private choose(choice = this.choice(this.current?.number ?? -1)): void {
    if (this.isOver || (choice.runnable | choice.timeouts) === 0) {
      this.end();
      return;
    }
    const { action, thread } = this.director.choose(choice);
    const mask = action === "timeout" ? choice.timeouts : choice.runnable;
    if ((mask & (1 << thread)) === 0) this.abort(`${MISFIT}: ${choice.step}:${action}${thread} cannot be`);
    this.entries.push({ step: choice.step, action, thread, choice });
    this.resume(this.tasks[thread] as Task);
  }

  private choice(last: number): Choice {
    let [runnable, timeouts] = [0, 0];
    for (let number = 0; number < this.count; number++) {
      const task = this.tasks[number] as Task;
      if (task.state === RUNNABLE) runnable |= 1 << number;
      else if (task.state === PARKED && task.canTimeOut) timeouts |= 1 << number;
    }
    runnable = fair(runnable, (number) => this.tasks[number]?.yieldsTo ?? 0);
    return { step: this.trace.step, last, runnable, timeouts, isInside: false };
  }

  private resume(task: Task): void {
    const isTimeout = task.state === PARKED;
    if (isTimeout) this.parked = this.parked.filter((each) => each !== task);
    task.state = RUNNING;
    task.yieldsTo = 0;
    for (const each of this.tasks) each.yieldsTo &= ~(1 << task.number);
    this.current = task;
    this.trace.stop = Math.min(this.limit, this.director.next(this.trace.step));
    const { resolve } = task;
    task.resolve = null;
    task.reject = null;
    if (resolve !== null) resolve(isTimeout ? TIMED_OUT : OK);
    else if (!task.hasStarted) queueMicrotask(() => void this.start(task));
    else throw new Error(`expected thread ${task.number} to be put aside`);
  }

  /** The running thread is about to take a step that the director wants to be asked about. @throws what unwinds it */
  private interrupt(task: Task, isInside = false): Promise<number> | undefined {
    const { step } = this.trace;
    if (step >= this.limit) {
      this.isOver = true;
      this.failure = `goes on for more than ${this.limit} steps, ${this.nameOf(task)} last`;
      throw DEATH;
    }
    const choice = { ...this.choice(task.number), isInside: isInside && task.isInside };
    const answer = this.director.interrupt(choice);
    if (answer === null) {
      this.trace.stop = Math.min(this.limit, this.director.next(step + 1));
      return undefined;
    }
    const { action, thread } = answer;
    const own = 1 << task.number;
    const mask = { run: choice.runnable, timeout: choice.timeouts, die: own, cut: choice.isInside ? own : 0 }[action];
    if ((mask & (1 << thread)) === 0) {
      this.isOver = true;
      this.failure = `${MISFIT}: ${step}:${action}${thread} cannot be, ${this.nameOf(task)} runs`;
      throw DEATH;
    }
    this.entries.push({ step, action, thread, choice, interrupted: true });
    if (action === "die") {
      this.die(task);
      throw DEATH;
    }
    if (action === "cut") {
      this.trace.stop = Math.min(this.limit, this.director.next(step));
      throw new CutOff();
    }
    task.state = RUNNABLE;
    const aside = this.putAside(task);
    this.resume(this.tasks[thread] as Task);
    return aside;
  }

  private putAside(task: Task): Promise<number> {
    return new Promise((resolve, reject) => {
      task.resolve = resolve;
      task.reject = reject;
    });
  }

  private park(task: Task, address: number, canTimeOut: boolean): Promise<number> {
    task.state = PARKED;
    task.sleepsAt = address >>> 0;
    task.canTimeOut = canTimeOut;
    this.parked.push(task);
    const aside = this.putAside(task);
    this.choose();
    return aside;
  }

  private wake(address: number, count: number): number {
    let woken = 0;
    this.parked = this.parked.filter((task) => {
      if (woken === count || task.sleepsAt !== address >>> 0) return true;
      task.state = RUNNABLE;
      woken++;
      return false;
    });
    return woken;
  }

  private die(task: Task): void {
    task.state = DEAD;
    this.deaths.push(task.number);
    if (this.program.recover === undefined) return;
    const active = this.tasks.find(
      ({ number, state }) => number >= this.threads && number < this.count && state < ENDED,
    );
    // Whoever died first is recovered last: a recoverer that died may stand in the way of its own work.
    const dead = task.number >= this.threads ? [task.number, ...task.dead] : [task.number];
    const recoverer = active ?? this.tasks[this.count++];
    if (recoverer === undefined) throw new Error(`expected at most ${this.program.bound} deaths`);
    recoverer.dead.push(...dead);
    this.entries.push({
      step: this.trace.step,
      action: "recover",
      thread: recoverer.number,
      dead: [...recoverer.dead],
    });
  }

  // What a thread does

  private async start(task: Task): Promise<void> {
    task.hasStarted = true;
    const thread = this.threadOf(task);
    try {
      if (task.number < this.threads) await this.program.threads[task.number]?.(thread);
      else await this.recoverAll(task, thread);
    } catch (error) {
      this.abort(`${this.nameOf(task)} threw ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    task.state = ENDED;
    this.trace.write(END, task.number, 0, 0);
    this.choose();
  }

  private async recoverAll(task: Task, thread: Thread<E>): Promise<void> {
    while (task.dead.length > 0) {
      const isDone = await this.program.recover?.(thread, task.dead[0] as number);
      // Not yet: the others first, dead and alive.
      const first = task.dead.shift() as number;
      if (isDone !== false) {
        this.trace.write(RECOVERED, task.number, 0, first);
        continue;
      }
      task.dead.push(first);
      await thread.yield();
    }
  }

  private threadOf(task: Task): Thread<E> {
    return {
      number: task.number,
      call: ((name: string, ...args: (number | bigint)[]) => this.call(task, name, args)) as Thread<E>["call"],
      sleep: (address, expected, timeoutNs = -1n) => this.sleep(task, address, expected, timeoutNs >= 0n),
      yield: () => this.yield(task),
      log: (fact) => void task.facts.push(fact),
    };
  }

  private async call(task: Task, name: string, args: readonly (number | bigint)[]): Promise<unknown> {
    const run = task.exports.get(name);
    if (run === undefined) throw new Error(`expected an export, got "${name}"`);
    let value: number | bigint | undefined;
    let thrown: unknown;
    const past: PastCall = { thread: task.number, name, args, begin: 0 };
    try {
      if (this.trace.step === this.trace.stop) await this.interrupt(task);
      past.begin = this.trace.step;
      this.calls.push(past);
      this.trace.write(CALL, task.number, 0, 0);
      task.isInside = !isOfHost(name);
      value = (await run(...args)) as typeof value;
      if (this.trace.step === this.trace.stop) await this.interrupt(task);
    } catch (error) {
      if (error === DEATH) return this.bury();
      thrown = error;
    }
    past.end = this.trace.step;
    past.value = value;
    this.trace.write(RETURN, task.number, 0, thrown === undefined ? 0 : 1, ...this.bitsOf(task, value));
    if (thrown !== undefined) throw thrown;
    return value;
  }

  /** A value, and what the instance knows after the call, as two words: equal ones mean that the thread goes on in the same way. */
  private bitsOf(task: Task, value: number | bigint | undefined): [low: number, high: number] {
    let [low, high] = bits(value);
    for (const { value: known } of task.globals) {
      const [a, b] = bits(known);
      low = Math.imul(low ^ a, 0x01000193) + b;
      high = Math.imul(high ^ b, 0x01000193) + a;
    }
    return [low | 0, high | 0];
  }

  private async sleep(task: Task, address: number, expected: number, canTimeOut: boolean) {
    try {
      if (this.trace.step === this.trace.stop) await this.interrupt(task);
      const isEqual = this.trace.words[address >> 2] === expected;
      this.trace.write(SLEEP, task.number, address, isEqual ? (canTimeOut ? SLEEPS_A_WHILE : SLEEPS) : NOT_EQUAL);
      if (!isEqual) return "not-equal" as const;
      const result = await this.park(task, address, canTimeOut);
      if (this.trace.step === this.trace.stop) await this.interrupt(task);
      this.trace.write(SLEPT, task.number, address, result);
      return result === OK ? ("ok" as const) : ("timed-out" as const);
    } catch (error) {
      if (error === DEATH) return this.bury();
      throw error;
    }
  }

  private async yield(task: Task): Promise<void> {
    try {
      if (this.trace.step === this.trace.stop) await this.interrupt(task);
      this.trace.write(YIELD, task.number, 0, 0);
      const choice = this.choice(task.number);
      if (choice.runnable === 0) return;
      task.state = RUNNABLE;
      task.yieldsTo = choice.runnable;
      const aside = this.putAside(task);
      this.choose(choice);
      await aside;
    } catch (error) {
      if (error === DEATH) return this.bury();
      throw error;
    }
  }

  // Ends

  /** The code of a dead thread is unwound. What awaits it never goes on. */
  private bury(): Promise<never> {
    if (this.unwinding > 0) {
      if (--this.unwinding === 0) this.finish();
    } else this.choose();
    return new Promise<never>(() => {});
  }

  private abort(failure: string): void {
    this.failure ??= failure;
    this.isOver = true;
    this.end();
  }

  /** Nobody goes on: unwinds whoever is still put aside, so that their instances can be used again. */
  private end(): void {
    this.isOver = true;
    this.current = null;
    const aside = this.tasks.filter(({ reject }) => reject !== null);
    this.unwinding = aside.length;
    if (aside.length === 0) this.finish();
    for (const { reject } of aside) reject?.(DEATH);
  }

  private judge(): string | null {
    const asleep = this.parked.map(({ number }) => number);
    if (asleep.length > 0 && !this.program.mayEndAsleep?.(asleep)) {
      const where = this.parked.map(
        (task) => `${this.nameOf(task)} at ${placeName(this.program.places, task.sleepsAt)}`,
      );
      return `sleeps for ever: ${where.join(", ")}`;
    }
    const fate = ({ state }: Task): Fate => (state === DEAD ? "dead" : state === PARKED ? "asleep" : "ended");
    const first = this.trace.step;
    this.trace.stop = first + CHECK_STEPS;
    try {
      this.program.check({
        exports: this.sane,
        memory: new DataView(this.memory.buffer, 0, this.program.bytes),
        threads: this.tasks.slice(0, this.count).map((task) => ({ fate: fate(task), facts: task.facts })),
        deaths: this.deaths,
        calls: this.calls,
      });
      for (let step = first; step < this.trace.step; step++) {
        const busy = this.busyAt(step);
        if (busy !== null) return busy;
      }
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private nameOf({ number }: Task): string {
    return number < this.threads ? `thread ${number}` : `recoverer ${number}`;
  }
}

const OK = 0;
const TIMED_OUT = 2;

const NUMBER = new Float64Array(1);
const WORDS = new Int32Array(NUMBER.buffer);

function bits(value: number | bigint | undefined): [low: number, high: number] {
  if (value === undefined) return [0, 0x7ff80001];
  if (typeof value === "bigint") return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
  NUMBER[0] = value;
  return [WORDS[0] as number, WORDS[1] as number];
}
