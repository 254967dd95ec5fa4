/**
 * A job: one submitted task, as the thread that has put it in sees it.
 *
 *   apart -> in the pool -> over: its future has the outcome
 *                        -> given up, out of time or aborted: out of the pool, or asked to end, and after a while ended by force
 *
 * Role: the thread that submits.
 */
import { type BrokenPoolError, ClosedError, TimeoutError, WorkerLostError } from "../errors.js";
import { Answer, Kind, TaskState } from "../runtime/core-things.js";
import type { Member } from "../runtime/member.js";
import { refOf } from "../runtime/thread-record.js";
import { after, keepAlive } from "../sync/wait.js";
import { type Freight, fill, Incoming } from "../threads/freight.js";
import { type Caller, withCaller } from "./caller.js";
import { type Bringer, Future } from "./future.js";
import type { Addressee, Mailbox } from "./mailbox.js";
import { runnerOf, stateOf } from "./wire.js";

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
  /** As a future's bringer has it. */
  readonly wait: Bringer["wait"];
}

/** Ten thousand may be under way: what only few of them need is made when it is needed. */
export class Job implements Addressee, Bringer {
  readonly future: Future<unknown>;
  readonly wait: Bringer["wait"];
  private task = 0;
  /** Whether its result is under way, by message. */
  needsEvents = false;
  private freight: Freight | undefined;
  private endTimer: (() => void) | undefined;
  private abort: (() => void) | undefined;
  /** Of one that waits for room: ends that, and when its time is over. */
  private stop: (() => void) | undefined;
  private deadline: number | undefined;
  private isDropped = false;

  constructor(
    private readonly place: JobPlace,
    readonly timeout: number,
    readonly signal: AbortSignal | undefined,
    private readonly caller: Caller | undefined,
  ) {
    this.wait = place.wait;
    this.future = new Future<unknown>(this);
  }

  isRunning(): boolean {
    return this.task !== 0 && stateOf(this.place.member, this.task) === TaskState.RUNNING;
  }

  /** It did not come to an end in time. */
  late(): unknown {
    return withCaller(new TimeoutError(`expected the task's end within ${this.timeout} ms`), this.caller);
  }

  /** An error of ours. */
  private fail(error: unknown): void {
    this.future.setException(withCaller(error, this.caller));
  }

  /** There is no room for it: it waits. @param stop ends that */
  beginWaiting(stop: () => void): void {
    this.deadline = performance.now() + this.timeout;
    this.stop = stop;
  }

  /** @returns whether it waited for room */
  private stopWaiting(): boolean {
    const { stop } = this;
    this.stop = undefined;
    stop?.();
    return stop !== undefined;
  }

  /** It is in the pool. @param freight what of it goes by message */
  begin(task: number, freight: Freight | null): void {
    this.task = task;
    this.stop = undefined;
    if (freight !== null) {
      const { member, grip } = this.place;
      this.freight = freight;
      freight.send({ ...refOf(member.core, grip), kind: Kind.TASKS });
    }
    this.place.mailbox.expect(task, this);
    if (this.timeout !== Number.POSITIVE_INFINITY) {
      const rest = this.deadline === undefined ? this.timeout : Math.max(0, this.deadline - performance.now());
      this.endTimer = after(rest, true, () => this.giveUp(this.late()));
    }
    const { signal } = this;
    if (signal !== undefined) {
      this.abort = () => this.giveUp(signal.reason);
      signal.addEventListener("abort", this.abort);
    }
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
    if (this.future.done) return;
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
        (error: unknown) => {
          if (!this.future.done) this.fail(error);
        },
      )
      .finally(sleep);
  }

  gone(): void {
    this.task = 0;
    this.leave();
    if (!this.future.done) {
      this.fail(new ClosedError("expected the pool open until its tasks are done, it was closed before"));
    }
  }

  private leave(): void {
    this.endTimer?.();
    if (this.abort !== undefined) this.signal?.removeEventListener("abort", this.abort);
  }

  /** @returns whether it will not run */
  cancel(): boolean {
    if (this.isDropped) return true;
    const { task } = this;
    if (task === 0) return this.stopWaiting();
    const { member, grip, mailbox } = this.place;
    if (member.settle(() => member.core.tasksCancel(grip, task)) !== Answer.OK) return false;
    this.task = 0;
    mailbox.forget(task);
    this.freight?.giveUp();
    this.leave();
    return true;
  }

  /** Its time is over, or it was aborted: out of the pool; if it runs, it is asked to end, and after a while ended. */
  private giveUp(reason: unknown): void {
    const { task, future } = this;
    this.leave();
    if (future.done || task === 0) return;
    const isCancelled = this.cancel();
    future.setException(reason);
    if (!isCancelled) after(this.place.grace, true, () => this.end(task));
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
    if (member.settle(() => core.tasksDoom(grip, task)) !== Answer.OK || member.count !== number) return;
    member.workshop?.order({ kind: "end", number, generation });
  }
}
