/** The real core, driven by one thread that plays several: deaths between any two exports, seats, the board, thread numbers. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Core,
  instantiateCore,
  JOB_DONE,
  JOB_FAILED,
  JOB_POISONED,
  JOB_RUNNING,
  LEAST_ADDRESS,
  THREAD_STATES,
  WORKERS_MAXIMUM,
} from "../../ts/runtime/core/core.js";
import { coreModule } from "../../ts/runtime/core/modules.js";

const RUNS = process.env.STRESS === "1" ? 3000 : 200;
const BASE = 1024;
const PAGES = 32;
const BOARD_SLOTS = 16;
const KILLS = 3;
const THREADS = WORKERS_MAXIMUM + 1;

/** A context with a host, and cores attached under other numbers. */
class Stage {
  readonly memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  readonly host = this.attach(0);

  constructor() {
    this.host.contextInit(PAGES * 65536 - BASE);
  }

  attach(number: number): Core {
    return instantiateCore(coreModule(), this.memory, BASE, number, true);
  }

  /** A worker that runs, by the next free number. */
  worker(): Actor {
    const number = this.host.threadClaim();
    assert.ok(number > 0, "a free number");
    const core = this.attach(number);
    core.threadReady();
    return new Actor(this, core, number);
  }

  job(chunks: number, seats: number, publish = true): number {
    const job = this.host.jobCreate(1, 0, 0, seats, chunks, chunks) >>> 0;
    assert.ok(job >= LEAST_ADDRESS);
    this.host.jobSetGrid(job, 0, 0, 1, 1 / chunks, 0, 0, 0, chunks, 1);
    this.host.jobSetPass(job, 0, 0.5, 1);
    if (publish) assert.is(this.host.jobPublish(job), 1);
    return job;
  }

  /** Stores what a driver would leave for a chunk: its index plus one. */
  compute(work: number, chunk: number): void {
    new DataView(this.memory.buffer).setFloat64(work + 64, chunk + 1, true);
  }

  /** The whole sum, if every chunk came in once. */
  assertSum(job: number, chunks: number): void {
    assert.is(this.host.jobState(job), JOB_DONE);
    this.host.jobReduce(job);
    assert.is(this.host.jobFine(job), (chunks * (chunks + 1)) / 2);
  }
}

/** A worker in the hands of the test: what it does between two exports is up to us, and so is its death. */
class Actor {
  readonly work: number;
  chunk = -1;

  constructor(
    readonly stage: Stage,
    readonly core: Core,
    readonly number: number,
  ) {
    this.work = core.threadWork() >>> 0;
  }

  /** Enters a job that is known to have something to try; `nextJob` would sleep otherwise. */
  enter(): number {
    return this.core.nextJob() >>> 0;
  }

  take(job: number): number {
    this.chunk = this.core.chunkTake(job, this.work);
    return this.chunk;
  }

  finish(job: number): void {
    this.stage.compute(this.work, this.chunk);
    this.core.chunkFinish(job, this.chunk, this.work);
    this.chunk = -1;
  }

  /** Takes and finishes until there is nothing left. */
  drain(job: number): void {
    while (this.take(job) >= 0) this.finish(job);
  }

  die(): void {
    this.stage.host.threadDied(this.number);
  }

  vacate(): void {
    this.stage.host.threadVacate(this.number);
  }
}

test("smoke: one worker computes a job, the host adds it up and frees it", () => {
  const stage = new Stage();
  const worker = stage.worker();
  const used = stage.host.memoryUsed();
  const job = stage.job(5, 1);
  assert.is(worker.enter(), job);
  worker.drain(job);
  stage.assertSum(job, 5);
  stage.host.jobRetire(job);
  assert.is(stage.host.jobIsTouched(job), 1);
  worker.core.jobLeave();
  assert.is(stage.host.jobIsTouched(job), 0);
  assert.is(stage.host.free(job), 0);
  assert.is(stage.host.memoryUsed(), used);
});

test("mpmc: each chunk goes to exactly one of several workers", () => {
  const stage = new Stage();
  const workers = [stage.worker(), stage.worker(), stage.worker()];
  const job = stage.job(20, 3);
  for (const worker of workers) worker.enter();
  const taken: number[] = [];
  for (let i = 0; i < 20; i++) {
    const worker = workers[(i * i) % 3]!;
    taken.push(worker.take(job));
    worker.finish(job);
  }
  assert.equal(
    taken.sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => i),
  );
  assert.is(workers[0]!.take(job), -1);
  stage.assertSum(job, 20);
});

test("death: after the claim, the chunk is computed by another", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(3, 2);
  dead.enter();
  const lost = dead.take(job);
  dead.die();
  assert.is(heir.enter(), job);
  heir.drain(job);
  assert.is(lost, 0);
  assert.is(stage.host.jobRestarts(job), 1);
  stage.assertSum(job, 3);
});

test("death: with a hold and no claim, nothing is lost and nothing restarted", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(3, 1);
  dead.enter();
  dead.die();
  heir.enter();
  heir.drain(job);
  assert.is(stage.host.jobRestarts(job), 0);
  stage.assertSum(job, 3);
});

test("death: while idle, nobody notices", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  dead.die();
  const job = stage.job(3, 1);
  heir.enter();
  heir.drain(job);
  stage.assertSum(job, 3);
});

test("failure: the first thread alone says why; until it has, the job runs, and nobody enters", () => {
  const stage = new Stage();
  const { host, memory } = stage;
  const [one, other, late] = [stage.worker(), stage.worker(), stage.worker()];
  const job = stage.job(4, 3);
  for (const worker of [one, other]) {
    worker.enter();
    worker.take(job);
  }
  const event = Atomics.load(new Int32Array(memory.buffer), host.jobEventWord(job) >>> 2);
  assert.is(one.core.jobBeginFail(job), 1);
  assert.is(other.core.jobBeginFail(job), 0);
  other.core.jobFail(job);
  assert.is(host.jobState(job), JOB_RUNNING);
  // All chunks done do not end it any more.
  other.finish(job);
  assert.is(host.jobState(job), JOB_RUNNING);
  other.core.jobLeave();
  late.core.threadStop(late.number);
  assert.is(late.enter(), 0, "a job that is about to fail is no work");
  const fault = host.jobFault(job) >>> 0;
  const view = new DataView(memory.buffer);
  assert.ok(Number.isNaN(view.getFloat64(fault, true)), "x is not known until it is written");
  view.setFloat64(fault, 0.5, true);
  one.core.jobFail(job);
  assert.is(host.jobState(job), JOB_FAILED);
  assert.is(Atomics.load(new Int32Array(memory.buffer), host.jobEventWord(job) >>> 2), event + 1);
  one.core.jobLeave();
  host.jobRetire(job);
  assert.is(host.jobIsTouched(job), 0);
});

test("failure: of a job that is done, nobody says anything", () => {
  const stage = new Stage();
  const worker = stage.worker();
  const job = stage.job(2, 1);
  worker.enter();
  worker.drain(job);
  assert.is(worker.core.jobBeginFail(job), 0);
  stage.assertSum(job, 2);
});

test("failure: one that dies before it has said why leaves a job that has failed", () => {
  const stage = new Stage();
  const [dead, other] = [stage.worker(), stage.worker()];
  const job = stage.job(4, 2);
  for (const worker of [dead, other]) {
    worker.enter();
    worker.take(job);
  }
  assert.is(dead.core.jobBeginFail(job), 1);
  dead.die();
  assert.is(stage.host.jobState(job), JOB_FAILED);
  assert.is(stage.host.jobRestarts(job), 0);
  // In a browser it may still go on for a moment.
  dead.core.jobFail(job);
  assert.is(stage.host.jobState(job), JOB_FAILED);
  other.core.jobLeave();
  dead.vacate();
  stage.host.jobRetire(job);
  assert.is(stage.host.jobIsTouched(job), 0);
});

test("buffers: a thread has one, which its death gives back", () => {
  const stage = new Stage();
  const used = stage.host.memoryUsed();
  const worker = stage.worker();
  const buffer = worker.core.threadBuffer(4096) >>> 0;
  assert.ok(buffer >= LEAST_ADDRESS);
  assert.is(buffer % 16, 0);
  assert.is(worker.core.threadBuffer(4096) >>> 0, buffer);
  assert.is.not(stage.host.threadBuffer(4096) >>> 0, buffer);
  worker.die();
  worker.vacate();
  assert.is(stage.host.threadRecover(worker.number), 0);
  assert.is(stage.host.memoryUsed() - used, 4112, "the host's own, and its header");
  assert.is(stage.worker().core.threadBuffer(2 ** 30), 0, "no room is no address");
});

test("death: the block stays until the number is free again", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(2, 2);
  dead.enter();
  dead.take(job);
  dead.die();
  heir.enter();
  heir.drain(job);
  heir.core.jobLeave();
  stage.assertSum(job, 2);
  stage.host.jobRetire(job);
  assert.is(stage.host.jobIsTouched(job), 1, "the dead may still write");
  dead.vacate();
  assert.is(stage.host.jobIsTouched(job), 0);
});

test("death: one that is not quite dead changes nothing, claims nothing more, finds no job", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(3, 2);
  dead.enter();
  assert.is(dead.take(job), 0);
  dead.die();
  heir.enter();
  heir.take(job);
  heir.finish(job);
  // Late by far: the chunk has been done by the heir.
  dead.finish(job);
  dead.chunk = 0;
  dead.finish(job);
  assert.is(dead.take(job), -1);
  assert.is(dead.enter(), 0);
  assert.is(stage.host.jobState(job), JOB_RUNNING);
  heir.drain(job);
  stage.assertSum(job, 3);
});

test("death: a slot stored once more after the sum is there spoils nothing", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(4, 2);
  dead.enter();
  assert.is(dead.take(job), 0);
  dead.die();
  heir.enter();
  heir.drain(job);
  stage.assertSum(job, 4);
  dead.finish(job);
  stage.assertSum(job, 4);
});

test("death: what the dead claimed after its recovery comes back with its number", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(2, 2);
  dead.enter();
  dead.die();
  // It had looked whether it was dead before that was so: the claim of a core that does not know better.
  const state = new Int32Array(stage.memory.buffer, BASE + 256 + 2560 * dead.number, 1);
  const was = state[0]!;
  state[0] = THREAD_STATES.indexOf("READY");
  assert.is(dead.take(job), 0);
  state[0] = was;
  heir.enter();
  heir.drain(job);
  assert.is(stage.host.jobState(job), JOB_RUNNING);
  dead.vacate();
  heir.drain(job);
  stage.assertSum(job, 2);
});

test("death: recovering twice is like recovering once", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(3, 2);
  dead.enter();
  dead.take(job);
  dead.die();
  dead.die();
  dead.vacate();
  dead.vacate();
  assert.is(stage.host.jobRestarts(job), 1);
  heir.enter();
  heir.drain(job);
  stage.assertSum(job, 3);
});

test("death: the last chunk done and not counted is found by recovery", () => {
  const stage = new Stage();
  const dead = stage.worker();
  const job = stage.job(2, 1);
  dead.enter();
  dead.take(job);
  dead.finish(job);
  assert.is(dead.take(job), 1);
  // What chunkFinish does up to the store of the state, and no further.
  const words = new Int32Array(stage.memory.buffer);
  const stateAddress = words[(job >>> 2) + 10]! >>> 0;
  stage.compute(dead.work, 1);
  new Float64Array(stage.memory.buffer, (words[(job >>> 2) + 11]! >>> 0) + 32, 1)[0] = 2;
  words[(stateAddress >>> 2) + 1] = -1;
  assert.is(stage.host.jobState(job), JOB_RUNNING);
  const event = stage.host.jobEventWord(job) >>> 2;
  const before = Atomics.load(words, event);
  dead.die();
  assert.ok(Atomics.load(words, event) !== before, "the host is told");
  stage.assertSum(job, 2);
});

test("death: an unsure hold is not followed, whatever lies there now", () => {
  const stage = new Stage();
  const dead = stage.worker();
  const job = stage.job(2, 1);
  stage.host.jobRetire(job);
  assert.is(stage.host.free(job), 0);
  const other = stage.host.alloc(stage.host.jobSize(1, 0, 0, 1, 2)) >>> 0;
  assert.is(other, job, "the same block again");
  const bytes = new Uint8Array(stage.memory.buffer, other, 256).fill(0x5a);
  // Between the write of the hold and the second look at the slot.
  const hold = new Uint32Array(stage.memory.buffer, BASE + 256 + 2560 * dead.number + 12, 1);
  hold[0] = job + 1;
  assert.is(stage.host.jobIsTouched(other), 1);
  dead.die();
  dead.vacate();
  assert.ok(bytes.every((byte) => byte === 0x5a));
  assert.is(stage.host.jobIsTouched(other), 0);
});

test("poison: the third death on one chunk ends the job, and nobody takes that chunk again", () => {
  const stage = new Stage();
  const job = stage.job(2, 1);
  for (let death = 1; death <= KILLS; death++) {
    assert.is(stage.host.jobState(job), JOB_RUNNING);
    const worker = stage.worker();
    assert.is(worker.enter(), job);
    assert.is(worker.take(job), 0);
    worker.die();
    worker.vacate();
  }
  assert.is(stage.host.jobState(job), JOB_POISONED);
  assert.is(stage.host.jobRestarts(job), KILLS - 1);
  const late = stage.worker();
  assert.is(late.take(job), 1);
  assert.is(late.take(job), -1);
});

test("poison: deaths on different chunks do not add up", () => {
  const stage = new Stage();
  const job = stage.job(4, 1);
  for (let death = 0; death < 4; death++) {
    const worker = stage.worker();
    worker.enter();
    // The chunk of the one before, then the next: to die on.
    if (death > 0) {
      assert.is(worker.take(job), death - 1);
      worker.finish(job);
    }
    assert.is(worker.take(job), death);
    worker.die();
    worker.vacate();
  }
  assert.is(stage.host.jobState(job), JOB_RUNNING);
  assert.is(stage.host.jobRestarts(job), 4);
  stage.worker().drain(job);
  stage.assertSum(job, 4);
});

test("seats: as many threads as there are seats", () => {
  const stage = new Stage();
  const [a, b, c] = [stage.worker(), stage.worker(), stage.worker()];
  const job = stage.job(9, 2);
  assert.is(a.enter(), job);
  assert.is(b.core.jobSit(job), 1);
  assert.is(c.core.jobSit(job), 0);
  a.die();
  assert.is(c.core.jobSit(job), 1, "the seat of the dead");
  assert.is(stage.worker().core.jobSit(job), 0);
});

test("seats: whoever leaves gives its seat back, and may come again", () => {
  const stage = new Stage();
  const [a, b] = [stage.worker(), stage.worker()];
  const job = stage.job(9, 1);
  for (const worker of [a, b, a, a]) {
    assert.is(worker.enter(), job);
    worker.take(job);
    worker.finish(job);
    assert.is(stage.host.jobSit(job), 0, "taken");
    worker.core.jobLeave();
  }
  a.enter();
  a.drain(job);
  stage.assertSum(job, 9);
});

test("seats: whoever leaves early rings for those who found none; at the end nobody rings", () => {
  const stage = new Stage();
  const worker = stage.worker();
  const job = stage.job(2, 1);
  const bell = (): number => Atomics.load(new Int32Array(stage.memory.buffer), (BASE + 8) >>> 2);
  worker.enter();
  worker.take(job);
  worker.finish(job);
  const before = bell();
  worker.core.jobLeave();
  assert.ok(bell() !== before, "there is a chunk and a seat");
  worker.enter();
  worker.drain(job);
  const after = bell();
  worker.core.jobLeave();
  assert.is(bell(), after);
});

test("seats: one that sits down after its recovery keeps seat and hold until its number is free", () => {
  const stage = new Stage();
  const [dead, heir] = [stage.worker(), stage.worker()];
  const job = stage.job(3, 1);
  const state = new Int32Array(stage.memory.buffer, BASE + 256 + 2560 * dead.number, 1);
  dead.die();
  // It had looked whether it was dead before that was so.
  state[0] = THREAD_STATES.indexOf("READY");
  assert.is(dead.enter(), job);
  state[0] = THREAD_STATES.indexOf("DEAD");
  assert.is(dead.take(job), -1);
  dead.core.jobLeave();
  assert.is(dead.enter(), 0);
  assert.is(heir.core.jobSit(job), 0);
  stage.host.jobRetire(job);
  assert.is(stage.host.jobIsTouched(job), 1);
  dead.vacate();
  assert.is(stage.host.jobIsTouched(job), 0);
  assert.is(heir.core.jobSit(job), 1);
  heir.drain(job);
  stage.assertSum(job, 3);
});

test("members: threads that have claimed a chunk, at most as many as there are seats", () => {
  const stage = new Stage();
  const [a, b, c] = [stage.worker(), stage.worker(), stage.worker()];
  const job = stage.job(9, 2);
  const expectAfter = (worker: Actor, threads: number): void => {
    assert.is(worker.enter(), job);
    worker.take(job);
    worker.finish(job);
    assert.is(stage.host.jobThreads(job), threads);
    worker.core.jobLeave();
  };
  a.enter();
  assert.is(stage.host.jobThreads(job), 0, "a seat is not enough");
  a.core.jobLeave();
  expectAfter(a, 1);
  expectAfter(a, 1);
  expectAfter(b, 2);
  expectAfter(c, 2);
});

test("members: every number has a bit of its own, in the record and nowhere else", () => {
  const stage = new Stage();
  const workers = Array.from({ length: WORKERS_MAXIMUM }, () => stage.worker());
  const chosen = [1, 31, 32, 33, 63, 64, 127, 128, 200, 255];
  const job = stage.job(chosen.length + 1, THREADS);
  const host = stage.host.jobWork(job) >>> 0;
  assert.is(stage.host.chunkTake(job, host), 0);
  stage.compute(host, 0);
  stage.host.chunkFinish(job, 0, host);
  assert.is(stage.host.jobThreads(job), 1, "the host has one too");
  for (const [index, number] of chosen.entries()) {
    const worker = workers[number - 1]!;
    assert.is(worker.number, number);
    worker.take(job);
    worker.finish(job);
    assert.is(stage.host.jobThreads(job), index + 2, `number ${number}`);
  }
  stage.assertSum(job, chosen.length + 1);
});

test("seats: the host takes one like anybody", () => {
  const stage = new Stage();
  const worker = stage.worker();
  const job = stage.job(3, 1);
  assert.is(stage.host.jobSit(job), 1);
  assert.is(worker.core.jobSit(job), 0);
});

test("board: holds sixteen jobs, and says so to the seventeenth", () => {
  const stage = new Stage();
  const jobs = Array.from({ length: BOARD_SLOTS }, () => stage.job(1, 1));
  const more = stage.job(1, 1, false);
  assert.is(stage.host.jobPublish(more), 0);
  stage.host.jobRetire(jobs[7]!);
  assert.is(stage.host.jobPublish(more), 1);
});

test("board: workers begin at slots of their own, and find every job", () => {
  const stage = new Stage();
  const jobs = Array.from({ length: BOARD_SLOTS }, () => stage.job(1, 1));
  const found = jobs.map(() => {
    const worker = stage.worker();
    const job = worker.enter();
    worker.drain(job);
    return job;
  });
  assert.equal(
    found.sort((a, b) => a - b),
    jobs.sort((a, b) => a - b),
  );
});

test("board: a worker that comes back goes round the jobs", () => {
  const stage = new Stage();
  const worker = stage.worker();
  const jobs = [stage.job(3, 1), stage.job(2, 1)];
  const visits: number[] = [];
  for (let visit = 0; visit < 5; visit++) {
    const job = worker.enter();
    visits.push(jobs.indexOf(job));
    worker.take(job);
    worker.finish(job);
    worker.core.jobLeave();
  }
  // Number 1 begins behind slot 1, so at slot 0; in the end only one job has something left.
  assert.equal(visits, [0, 1, 0, 1, 0]);
  for (const [index, job] of jobs.entries()) {
    stage.assertSum(job, 3 - index);
    assert.is(stage.host.jobIsTouched(job), 0);
  }
});

test("board: a worker alone with one job comes back to it, and passes over one whose seats are taken", () => {
  const stage = new Stage();
  const [a, b] = [stage.worker(), stage.worker()];
  const [first, second] = [stage.job(9, 1), stage.job(9, 1)];
  assert.is(stage.host.jobsOpen(), 2);
  assert.is(a.enter(), first);
  for (let visit = 0; visit < 3; visit++) {
    assert.is(b.enter(), second);
    b.core.jobLeave();
  }
  stage.host.jobRetire(second);
  assert.is(stage.host.jobsOpen(), 1);
  a.core.jobLeave();
  assert.is(b.enter(), first);
});

test("board: a cancelled, finished or exhausted job is passed over", () => {
  const stage = new Stage();
  const worker = stage.worker();
  const [cancelled, done, exhausted, open] = [stage.job(1, 1), stage.job(1, 1), stage.job(1, 1), stage.job(1, 1)];
  const other = stage.worker();
  stage.host.jobCancel(cancelled!);
  other.drain(done!);
  other.take(exhausted!);
  assert.is(worker.enter(), open);
});

test("threads: a number is vacant, starting, ready, dead, vacant", () => {
  const stage = new Stage();
  const stateOf = (number: number): string => THREAD_STATES[stage.host.threadState(number)]!;
  assert.is(stateOf(1), "VACANT");
  const number = stage.host.threadClaim();
  assert.is(number, 1);
  assert.is(stateOf(number), "STARTING");
  stage.attach(number).threadReady();
  assert.is(stateOf(number), "READY");
  stage.host.threadVacate(number);
  assert.is(stateOf(number), "READY", "only the dead are buried");
  stage.host.threadDied(number);
  assert.is(stateOf(number), "DEAD");
  assert.is(stage.host.threadClaim(), 2, "a dead number is not given out");
  stage.host.threadVacate(number);
  assert.is(stateOf(number), "VACANT");
  assert.is(stage.host.threadClaim(), 1);
});

test("threads: capacity", () => {
  const stage = new Stage();
  for (let number = 1; number <= WORKERS_MAXIMUM; number++) assert.is(stage.host.threadClaim(), number);
  assert.is(stage.host.threadClaim(), 0);
});

test("threads: one that is asked to stop does, even with work on the board", () => {
  const stage = new Stage();
  const worker = stage.worker();
  stage.job(1, 1);
  stage.host.threadStop(worker.number);
  assert.is(worker.enter(), 0);
});

test("jobs: without room there is no job, and nothing has changed", () => {
  const stage = new Stage();
  const used = stage.host.memoryUsed();
  assert.is(stage.host.jobCreate(1, 0, 0, 1, 1e6, 1e6), 0);
  assert.is(stage.host.memoryUsed(), used);
});

type Act = readonly [actor: number, what: "go" | "leave" | "die"];

test("linearizable: any order of steps and deaths gives every chunk once", () => {
  const acts = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.oneof(
        { weight: 6, arbitrary: fc.constant("go" as const) },
        { weight: 2, arbitrary: fc.constant("leave" as const) },
        { weight: 1, arbitrary: fc.constant("die" as const) },
      ),
    ),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), acts, (chunks, script: Act[]) => {
      const stage = new Stage();
      const job = stage.job(chunks, 4);
      const inside = new Set<Actor>();
      const actors = Array.from({ length: 4 }, () => stage.worker());
      for (const [index, what] of script) {
        const actor = actors[index]!;
        if (stage.host.jobState(job) !== JOB_RUNNING) break;
        if (what === "die") {
          actor.die();
          actor.vacate();
          actors[index] = stage.worker();
        } else if (!inside.has(actor)) {
          // Only where it would not sleep: something is left to try.
          if (new Int32Array(stage.memory.buffer)[(job + 64) >>> 2]! >= chunks) continue;
          assert.is(actor.enter(), job);
          inside.add(actor);
        } else if (actor.chunk < 0) {
          if (what === "leave" || actor.take(job) < 0) {
            actor.core.jobLeave();
            inside.delete(actor);
          }
        } else {
          actor.finish(job);
        }
      }
      // The rest by one who lives on; those who were under way come to their end as well.
      for (const actor of actors) if (actor.chunk >= 0) actor.finish(job);
      const last = stage.worker();
      last.drain(job);
      if (stage.host.jobState(job) === JOB_POISONED) return;
      stage.assertSum(job, chunks);
    }),
    { numRuns: RUNS },
  );
});

test("reduction: the tree of neighbours, whatever the number of chunks", () => {
  for (const chunks of [1, 2, 3, 5, 7, 8, 13, 100, 1023]) {
    const stage = new Stage();
    const worker = stage.worker();
    const job = stage.job(chunks, 1);
    const view = new DataView(stage.memory.buffer);
    const values: number[] = [];
    for (let chunk = worker.take(job); chunk >= 0; chunk = worker.take(job)) {
      // Numbers of very different sizes: another order would give another sum.
      values.push((chunk % 2 === 0 ? 1 : -1) * 3 ** ((chunk * 7) % 40));
      view.setFloat64(worker.work + 64, values.at(-1)!, true);
      worker.core.chunkFinish(job, chunk, worker.work);
    }
    stage.host.jobReduce(job);
    const sum = (list: readonly number[]): number => {
      if (list.length === 1) return list[0]!;
      let half = 1;
      while (half * 2 < list.length) half *= 2;
      return sum(list.slice(0, half)) + sum(list.slice(half));
    };
    assert.is(stage.host.jobFine(job), sum(values), `${chunks} chunks`);
  }
});

test.run();
