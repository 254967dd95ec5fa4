// @timeout 1200
/**
 * Gets and puts that wait by promise, many at a time on one thread, with aborts, time-outs, changes of the bound and the end between them: each comes to what
 * a plain model says, in its turn, and nothing is left. No real time passes.
 *
 *   RUNS  sequences; default 600, with STRESS=1 30,000
 */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Queue } from "../../ts/index.js";
import { loadLibrary } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";
import { Failure } from "./queue-model.js";
import { VirtualTime } from "./virtual-time.js";
import { WaitersModel } from "./waiters-model.js";

const RUNS = Number(process.env.RUNS ?? (process.env.STRESS === "1" ? 30_000 : 600));
/** Turns of the event loop in which anything that should not come would come. */
const TURNS = 3;

const library = await loadLibrary();
const heddle = library.createHeddle({ memory: 4 * 2 ** 20 });
test.after(() => heddle.close());

/** One sequence on its way. */
class Run {
  readonly model: WaitersModel;
  readonly queue: Queue;
  readonly outcomes = new Map<number, unknown>();
  private readonly controllers = new Map<number, AbortController>();
  private waits = 0;

  constructor(
    type: "Queue" | "SimpleQueue",
    maxsize: number,
    private readonly time: VirtualTime,
  ) {
    const context = { context: heddle };
    this.queue = (
      type === "Queue" ? new library.Queue({ ...context, maxsize }) : new library.SimpleQueue(context)
    ) as Queue;
    this.model = new WaitersModel(type === "Queue" ? maxsize : 0);
  }

  get(timeout: number): void {
    const id = this.begin((signal) => this.queue.get({ timeout, signal }));
    this.model.get(id, timeout);
  }

  put(value: unknown, timeout: number): void {
    const id = this.begin((signal) => this.queue.put(value, { timeout, signal }));
    this.model.put(id, value, timeout);
  }

  private begin(wait: (signal: AbortSignal) => Promise<unknown>): number {
    const id = this.waits++;
    const controller = new AbortController();
    this.controllers.set(id, controller);
    wait(controller.signal).then(
      (value) => this.outcomes.set(id, value),
      (error) => this.outcomes.set(id, failureOf(error)),
    );
    return id;
  }

  now(action: (queue: Queue) => unknown, expected: unknown): void {
    let found: unknown;
    try {
      found = action(this.queue);
    } catch (error) {
      found = failureOf(error);
    }
    assert.ok(isDeepStrictEqual(found, expected), `expected ${fc.stringify(expected)}, got ${fc.stringify(found)}`);
  }

  /** Aborts one of those that wait. */
  abort(which: number): void {
    const { pending } = this.model;
    const id = pending[which % pending.length];
    if (id === undefined) return;
    this.model.abort(id, "aborted");
    this.controllers.get(id)!.abort("aborted");
  }

  advance(milliseconds: number): void {
    this.time.advance(milliseconds);
    this.model.advance(milliseconds);
  }

  /** Lets all who wait look. */
  async settle(): Promise<void> {
    this.model.settle();
    await this.compare();
    assert.is(this.queue.qsize(), this.model.size);
    assert.is(library.waitingOn(this.queue), this.model.pending.length);
  }

  private async compare(): Promise<void> {
    const expected = this.model.outcomes;
    while (this.outcomes.size < expected.size) await turn();
    for (let i = 0; i < TURNS; i++) await turn();
    for (const [id, outcome] of this.outcomes) {
      const wanted = expected.get(id);
      assert.ok(expected.has(id), `wait ${id} came to ${fc.stringify(outcome)}, and should go on`);
      assert.ok(
        isDeepStrictEqual(outcome, wanted),
        `wait ${id} came to ${fc.stringify(outcome)}, expected ${fc.stringify(wanted)}`,
      );
    }
  }

  /** Closes it with all that still waits. */
  async end(): Promise<void> {
    for (const id of this.model.pending) this.model.abort(id, new Failure("ERR_CLOSED"));
    this.queue.close();
    await this.compare();
  }
}

function failureOf(error: unknown): unknown {
  const { code, put } = error as { code?: string; put?: number };
  if (error !== "aborted" && code === undefined) throw error;
  return code === undefined ? error : new Failure(code, put);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Step {
  readonly text: string;
  /** It may come between somebody's being woken and its look: an abort, the end of a time. */
  readonly interrupts: boolean;
  run(run: Run): void | Promise<void>;
  /** How a report shows it. */
  [fc.toStringMethod](): string;
}

function step(text: string, run: (run: Run) => void | Promise<void>, interrupts = false): Step {
  return { text, run, interrupts, [fc.toStringMethod]: () => text };
}

const value = fc.oneof(fc.integer({ min: 0, max: 999 }), fc.string({ minLength: 20, maxLength: 40 }));
const timeout = fc.oneof(
  { weight: 4, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const gets = timeout.map((t) => step(`get ${t}`, (run) => run.get(t)));
const puts = fc.tuple(value, timeout).map(([v, t]) => step(`put ${fc.stringify(v)} ${t}`, (run) => run.put(v, t)));
const common = [
  { weight: 10, arbitrary: gets },
  { weight: 10, arbitrary: puts },
  {
    weight: 4,
    arbitrary: fc.constant(step("getNowait", (run) => run.now((queue) => queue.getNowait(), run.model.getNow()))),
  },
  {
    weight: 4,
    arbitrary: value.map((v) =>
      step(`putNowait ${fc.stringify(v)}`, (run) => run.now((queue) => queue.putNowait(v), run.model.putNow(v))),
    ),
  },
  { weight: 4, arbitrary: fc.nat(20).map((which) => step(`abort ${which}`, (run) => run.abort(which), true)) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 15 }).map((ms) => step(`advance ${ms}`, (run) => run.advance(ms), true)),
  },
  { weight: 8, arbitrary: fc.constant(step("settle", (run) => run.settle())) },
] as const;
const bounded = [
  ...common,
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 4 }).map((maxsize) =>
      step(`maxsize = ${maxsize}`, (run) => {
        run.queue.maxsize = maxsize;
        run.model.setMaxsize(maxsize);
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map((immediate) =>
      step(`shutdown ${immediate}`, (run) => {
        run.queue.shutdown({ immediate });
        run.model.shutdown(immediate);
      }),
    ),
  },
] as const;

/**
 * What holds in any case, however steps and looks fall: nothing is lost or comes twice, what is put in order comes in order, and nobody waits for what is
 * there.
 */
class LooseRun {
  readonly queue: Queue<number>;
  private readonly got: number[] = [];
  private readonly put: number[] = [];
  private gets = 0;
  private puts = 0;
  private maxsize: number;
  private isShut = false;
  private readonly controllers: AbortController[] = [];
  private settled = 0;

  constructor(
    maxsize: number,
    private readonly time: VirtualTime,
  ) {
    this.maxsize = maxsize;
    this.queue = new library.Queue<number>({ context: heddle, maxsize });
  }

  step(kind: number, amount: number): void {
    const { queue } = this;
    const timeout = amount % 3 === 0 ? amount : Number.POSITIVE_INFINITY;
    const value = this.controllers.length;
    switch (kind) {
      case 0:
        this.wait("gets", (signal) => queue.get({ timeout, signal }).then((item) => void this.got.push(item)));
        break;
      case 1:
        this.wait("puts", (signal) => queue.put(value, { timeout, signal }).then(() => void this.put.push(value)));
        break;
      case 2:
        this.controllers.push(new AbortController());
        this.attempt(
          () => queue.putNowait(value),
          () => this.put.push(value),
        );
        break;
      case 3:
        this.attempt(
          () => this.got.push(queue.getNowait()),
          () => {},
        );
        break;
      case 4:
        this.controllers[amount % (this.controllers.length || 1)]?.abort("aborted");
        break;
      case 5:
        this.time.advance(amount);
        break;
      case 6:
        this.maxsize = amount % 4;
        queue.maxsize = this.maxsize;
        break;
      default:
        this.isShut = true;
        queue.shutdown();
    }
  }

  private wait(kind: "gets" | "puts", begin: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController();
    this.controllers.push(controller);
    this[kind]++;
    begin(controller.signal)
      .catch((error) => void failureOf(error))
      .finally(() => {
        this[kind]--;
        this.settled++;
      });
  }

  private attempt(action: () => void, then: () => void): void {
    try {
      action();
      then();
    } catch (error) {
      failureOf(error);
    }
  }

  async settle(): Promise<void> {
    for (let before = -1, still = 0; still < TURNS; still = before === this.settled ? still + 1 : 0) {
      before = this.settled;
      await turn();
    }
    const { queue } = this;
    const size = queue.qsize();
    assert.is(this.put.length - this.got.length, size);
    assert.is(new Set(this.got).size, this.got.length, "nothing comes twice");
    const ins = new Set(this.put);
    assert.ok(
      this.got.every((item) => ins.has(item)),
      "nothing comes that was not put",
    );
    assert.is(library.waitingOn(queue), this.gets + this.puts);
    if (this.gets > 0) assert.is(size, 0, "nobody waits for what is there");
    if (this.puts > 0) assert.ok(this.maxsize > 0 && size >= this.maxsize, "nobody waits for room that is there");
    if (this.isShut) assert.is(this.gets + this.puts, 0);
  }

  async end(): Promise<void> {
    this.queue.close();
    while (this.gets + this.puts > 0) await turn();
  }
}

test(`nothing is lost and nobody forgotten, in ${RUNS} sequences in which others come between a wake-up and its look`, async () => {
  const time = new VirtualTime();
  const dog = watchdog(1000, () => "a loose sequence");
  time.install();
  try {
    const kind = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(0, 1) },
      { weight: 4, arbitrary: fc.constantFrom(2, 3) },
      { weight: 2, arbitrary: fc.constantFrom(4, 5) },
      { weight: 1, arbitrary: fc.constantFrom(6, 7, 8, 8, 8) },
    );
    const steps = fc.array(fc.tuple(kind, fc.nat(20)), { maxLength: 80, size: "max" });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 1, 1, 2, 3), steps, async (maxsize, sequence) => {
        const used = heddle.info().memory.used;
        const run = new LooseRun(maxsize, time);
        try {
          for (const [step, amount] of sequence) {
            if (step === 8) await run.settle();
            else run.step(step, amount);
          }
          await run.settle();
        } finally {
          await run.end();
        }
        assert.is(heddle.info().memory.used, used);
      }),
      { numRuns: RUNS, includeErrorInReport: true },
    );
  } finally {
    time.remove();
    dog.clear();
  }
});

for (const [type, steps] of [
  ["Queue", fc.oneof(...bounded)],
  ["SimpleQueue", fc.oneof(...common)],
] as const) {
  test(`${type}: those who wait are served in their turn, in ${RUNS} sequences`, async () => {
    const time = new VirtualTime();
    let at = "the beginning";
    const dog = watchdog(1000, () => at);
    time.install();
    try {
      const sequences = fc.tuple(fc.constantFrom(0, 1, 1, 2, 3), fc.array(steps, { maxLength: 60, size: "max" }));
      await fc.assert(
        fc.asyncProperty(sequences, async ([maxsize, sequence]) => {
          const used = heddle.info().memory.used;
          const run = new Run(type, maxsize, time);
          at = sequence.map(({ text }) => text).join(", ");
          try {
            for (const { run: make, interrupts } of sequence) {
              if (!interrupts && !run.model.isSettled) await run.settle();
              await make(run);
            }
            await run.settle();
          } finally {
            await run.end();
          }
          assert.is(heddle.info().memory.used, used);
        }),
        { numRuns: RUNS, includeErrorInReport: true },
      );
    } finally {
      time.remove();
      dog.clear();
    }
  });
}

test.run();
