/**
 * A job: one submitted task, as the thread that has put it in sees it.
 *
 *   apart -> in the pool -> over: its future has the outcome
 *                        -> given up, out of time or aborted: out of the pool, or asked to end, and after a while ended by force
 *
 * Role: the thread that submits.
 */
import { type BrokenPoolError, ClosedError, TimeoutError, WorkerLostError } from "../errors.js";
import { Answer, Kind, TaskState } from "../runtime/core/core-things.js";
import { busy, type Member } from "../runtime/core/member.js";
import { refOf } from "../runtime/crew/thread-record.js";
import { keepAlive } from "../sync/wait.js";
import { type Freight, fill, Incoming } from "../threads/freight.js";
import { setAlarm } from "./alarms.js";
import { type Caller, withCaller } from "./caller.js";
import { type Bringer, Future } from "./future.js";
import type { Addressee, Mailbox } from "./mailbox.js";
import { runnerOf, stateOf } from "./wire.js";
import { lendPlace } from "./work.js";

/** Where tasks are put in: the same for all of one pool and thread. */
export interface JobPlace {
  readonly member: Member;
  /** The pool's. */
  readonly grip: number;
  readonly mailbox: Mailbox;
  /** Milliseconds that a task gets to end by itself. */
  readonly grace: number;
  /** Why the pool's workers cannot work, if so. */
  whyBroken(): BrokenPoolError | null;
  /** Stands for the pool's object. */
  readonly owner: object;
}

/** Ten thousand may be under way: what only few of them need is made when it is needed. */
export class Job implements Addressee, Bringer {
  readonly future: Future<unknown>;
  /** Its record, while it is in the pool. */
  private task = 0;
  /** Whether its result is under way, by message. */
  needsEvents = false;
  private freight: Freight | undefined;
  /** Leaves the line, while it is in it. */
  private leaveLine: (() => void) | undefined;
  private readonly deadline: number;
  private isWatched = false;
  private isDropped = false;
  private endTimer: (() => void) | undefined;
  private abort: (() => void) | undefined;

  constructor(
    private readonly place: JobPlace,
    private readonly timeout: number,
    private readonly signal: AbortSignal | undefined,
    private readonly caller: Caller | undefined,
  ) {
    this.deadline = timeout === Number.POSITIVE_INFINITY ? timeout : performance.now() + timeout;
    this.future = new Future<unknown>(this);
  }

  get owner(): object {
    return this.place.owner;
  }

  isRunning(): boolean {
    return this.task !== 0 && stateOf(this.place.member, this.task) === TaskState.RUNNING;
  }

  expect(): void {
    const { member, grip } = this.place;
    lendPlace(member, grip);
  }

  /** An error of ours. */
  fail(error: unknown): void {
    if (!this.future.done) this.future.setException(withCaller(error, this.caller));
  }

  /** There is no room for it yet. @param leave gives up waiting for that */
  queue(leave: () => void): void {
    this.leaveLine = leave;
    this.watch();
  }

  /** It is in the pool. @param freight what of it goes by message */
  begin(task: number, freight: Freight | null): void {
    this.leaveLine = undefined;
    this.task = task;
    if (freight !== null) {
      const { member, grip } = this.place;
      this.freight = freight;
      freight.send({ ...refOf(member.core, grip), kind: Kind.TASKS });
    }
    this.place.mailbox.expect(task, this);
    // Given up at the moment at which there was room.
    if (this.future.done) this.withdraw();
    else this.watch();
  }

  /** From here on its time counts. */
  private watch(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    if (this.deadline !== Number.POSITIVE_INFINITY) {
      this.endTimer = setAlarm(this.deadline - performance.now(), () => this.giveUp(this.late()));
    }
    const { signal } = this;
    if (signal === undefined) return;
    this.abort = () => this.giveUp(signal.reason);
    signal.addEventListener("abort", this.abort);
  }

  private leave(): void {
    this.endTimer?.();
    if (this.abort !== undefined) this.signal?.removeEventListener("abort", this.abort);
  }

  /** It did not come to an end in time. */
  private late(): unknown {
    return withCaller(new TimeoutError(`expected the task's end within ${this.timeout} ms`), this.caller);
  }

  over(state: number, outcome: () => unknown): void {
    this.task = 0;
    this.leave();
    const { future } = this;
    if (state !== TaskState.DONE) this.freight?.giveUp();
    if (future.done) {
      if (state === TaskState.DONE) this.drop(outcome);
      return;
    }
    switch (state) {
      case TaskState.DONE:
      case TaskState.FAILED:
        this.settle(state === TaskState.FAILED, outcome);
        break;
      case TaskState.CANCELLED:
        this.dropped();
        break;
      default:
        this.lost();
    }
  }

  lost(): void {
    this.leave();
    this.fail(new WorkerLostError("expected the task to end, the worker that ran it has died; it was not run again"));
  }

  /** The pool was shut down before it began. */
  private dropped(): void {
    const why = this.place.whyBroken();
    if (why !== null) {
      this.fail(why);
      return;
    }
    this.isDropped = true;
    this.future.cancel();
  }

  private settle(hasFailed: boolean, outcome: () => unknown): void {
    let value: unknown;
    try {
      value = outcome();
    } catch (error) {
      this.fail(error);
      return;
    }
    if (value instanceof Incoming) this.await(value);
    else if (hasFailed) this.fail(value);
    else this.future.setResult(value);
  }

  /** A result that nobody wants any more: what of it is under way must not stay there. */
  private drop(outcome: () => unknown): void {
    try {
      const value = outcome();
      if (value instanceof Incoming) fill(this.place.member, value.holey).catch(() => {});
    } catch {
      // It holds what is gone: so is the result.
    }
  }

  /** Something of the result comes by message. */
  private await({ holey }: Incoming): void {
    this.needsEvents = true;
    const sleep = keepAlive();
    fill(this.place.member, holey)
      .then(
        (value) => {
          if (!this.future.done) this.future.setResult(value);
        },
        (error: unknown) => this.fail(error),
      )
      .finally(sleep);
  }

  gone(error: ClosedError | null): void {
    this.leave();
    if (this.task !== 0 && !this.place.member.isLeft) this.tryCancel();
    this.task = 0;
    this.fail(error ?? closed());
  }

  /** Sleeps until it is done, as long as its caller has time. */
  wait(isDone: () => boolean, limit: number): boolean {
    const { mailbox, member } = this.place;
    if (!member.maySleepForWorkers) return false;
    mailbox.waitFor(isDone, limit);
    if (!isDone() && mailbox.closed) this.gone(null);
    return true;
  }

  /** @returns the core's answer: OK, it will not run, and is not heard of; else as `tasksCancel` */
  private tryCancel(): number {
    const { task } = this;
    const { member, grip, mailbox } = this.place;
    const answer = member.call(() => member.core.tasksCancel(grip, task));
    if (answer !== Answer.OK) return answer;
    this.task = 0;
    this.freight?.giveUp();
    this.leave();
    mailbox.forget(task);
    return answer;
  }

  /** @returns whether it will not run. @throws {BusyError} */
  cancel(): boolean {
    if (this.isDropped) return true;
    if (this.task !== 0) {
      const answer = this.tryCancel();
      if (answer === Answer.BUSY) throw busy();
      return answer === Answer.OK;
    }
    const { leaveLine } = this;
    if (leaveLine === undefined) return false;
    this.leave();
    leaveLine();
    return true;
  }

  /** Its time is over, or it was aborted. */
  private giveUp(reason: unknown): void {
    this.leave();
    if (this.future.done) return;
    this.withdraw();
    this.future.setException(reason);
  }

  /** Out of the line, or out of the pool; if it runs, it is asked to end, and after a while ended. */
  private withdraw(): void {
    const { task } = this;
    if (task === 0) {
      this.leaveLine?.();
      return;
    }
    const answer = this.tryCancel();
    if (answer === Answer.BUSY) this.again(() => this.withdraw());
    else if (answer === Answer.WAIT) this.endTimer = setAlarm(this.place.grace, () => this.end(task));
  }

  /** Ends the worker that still runs the task, and no other. */
  private end(task: number): void {
    if (this.task !== task) return;
    const { member, grip } = this.place;
    const { core } = member;
    const number = runnerOf(member, task);
    if (number < 0) return;
    // Before it is doomed: from then on the number stays its worker's until that is dead.
    const generation = core.threadGeneration(number);
    const answer = member.call(() => core.tasksDoom(grip, task));
    if (answer === Answer.BUSY) this.again(() => this.end(task));
    else if (answer === Answer.OK && member.count === number) member.end({ kind: "end", number, generation });
  }

  /** On a page's thread that did not get the lock. */
  private again(step: () => void): void {
    this.endTimer = setAlarm(1, step);
  }
}

/** What becomes of tasks whose pool's object is closed. */
export function closed(): ClosedError {
  return new ClosedError("expected the pool open until its tasks are done, it was closed before");
}
