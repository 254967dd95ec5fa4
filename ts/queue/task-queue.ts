/**
 * What all queues but SimpleQueue can: bounds, tasks and joins, an end, a look inside.
 *
 * Source: CPython's `queue` for the meaning; where we differ stands at the method.
 * Role:   any thread with an object on the queue.
 */
import { checkFlag, checkOptions } from "../checks.js";
import { AbandonedError, QueueShutdownError, TaskDoneError } from "../errors.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import { busy } from "../runtime/core/member.js";
import type { Claim, WaitOptions, WaitSyncOptions } from "../sync/wait.js";
import { readMaxsize } from "./base.js";
import { BatchQueue } from "./batch-queue.js";
import { BARE, decode } from "./item.js";

/** Queues that know what is done: all but SimpleQueue. */
export abstract class TaskQueue<T, Many extends ArrayLike<unknown> = T[]>
  extends BatchQueue<T, Many>
  implements AsyncIterable<T>
{
  /** Items that it holds at most, 0 or less for no bound. May be set, on any thread; puts that wait look again. 1.5 holds 2. */
  get maxsize(): number {
    const bound = this.member.core.queueMaxsize(this.live()) >>> 0;
    // As it was said here, unless another thread has said something else since.
    return readMaxsize(this.said) === bound ? this.said : bound;
  }

  set maxsize(maxsize: number) {
    const grip = this.live();
    const bound = readMaxsize(maxsize);
    this.member.settle(() => this.member.core.queueSetMaxsize(grip, bound));
    this.said = maxsize;
  }

  full(): boolean {
    const bound = this.member.core.queueMaxsize(this.live()) >>> 0;
    return bound > 0 && this.qsize() >= bound;
  }

  get isShutdown(): boolean {
    return this.member.core.queueShut(this.live()) !== 0;
  }

  /** Items put that no `taskDone` was said of yet. */
  get unfinishedTasks(): number {
    return this.member.core.queueUnfinished(this.live()) >>> 0;
  }

  /** Says that an item taken earlier is done with. @throws {TaskDoneError} more often than items were put */
  taskDone(): void {
    const grip = this.live();
    if (this.member.settle(() => this.member.core.queueTaskDone(grip)) === Answer.REFUSED) {
      throw new TaskDoneError("expected taskDone() once for each item, all are done already");
    }
  }

  /**
   * Waits until `taskDone` was said of all items.
   *
   * @returns whether it was in time
   * @throws {AbandonedError} a thread died with items that it had taken and not done
   */
  async join(options?: WaitOptions): Promise<boolean> {
    const claim = this.joinClaim(this.live());
    return this.joined(await this.obtain(claim, options), claim.lost);
  }

  /** `join`, blocking. */
  joinSync(options?: WaitSyncOptions): boolean {
    const claim = this.joinClaim(this.live());
    return this.joined(this.obtainSync(claim, options, "join"), claim.lost);
  }

  private joinClaim(grip: number): Claim & { lost: number } {
    const { member } = this;
    const claim = {
      member,
      grip,
      lost: 0,
      attempt: (waiter: number): number => {
        const answer = member.call(() => member.core.queueJoin(grip, waiter));
        if (answer === Answer.ABANDONED) claim.lost = member.count;
        return answer;
      },
      leave: (waiter: number): number => member.call(() => member.core.queueLeaveJoin(grip, waiter)),
    };
    return claim;
  }

  private joined(answer: number, lost: number): boolean {
    if (answer === Answer.ABANDONED) {
      throw new AbandonedError(
        `expected all items to be done, a thread died with ${lost} that it had taken; put them again if they must be`,
      );
    }
    if (answer === Answer.BUSY) throw busy();
    return answer === Answer.OK;
  }

  /**
   * Ends the queue: puts throw, gets too once it is empty. With `immediate` what is in it is dropped.
   * Calling it again does nothing, but `immediate` may come later.
   */
  shutdown(options: { readonly immediate?: boolean | undefined } = {}): void {
    const grip = this.live();
    checkOptions(options, ["immediate"]);
    const { immediate } = options;
    checkFlag("immediate", immediate);
    this.member.settle(() => this.member.core.queueShutdown(grip, immediate === true ? 1 : 0));
  }

  protected override state(): Readonly<Record<string, unknown>> {
    const { maxsize, isShutdown } = this;
    return { ...super.state(), maxsize, ...(isShutdown ? { shutdown: true } : {}) };
  }

  /** What is in the queue, in the order in which it would leave; copies. Python's `q.queue`. */
  snapshot(): T[] {
    const { bytes, count } = this.copyOut(this.live());
    const cells: { readonly value: T; readonly priority: number; readonly arrival: bigint }[] = [];
    const view = new DataView(bytes.buffer);
    const head = this.kind === Kind.PRIORITY ? 32 : 16;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const tag = view.getInt32(at, true);
      const number = view.getFloat64(at + 8, true);
      const hasBytes = view.getUint32(at + 4, true) !== 0;
      const priority = head === 32 ? view.getFloat64(at + 16, true) : 0;
      const arrival = head === 32 ? view.getBigUint64(at + 24, true) : 0n;
      const start = at + head;
      const end = start + (hasBytes ? number : 0);
      const value = decode(this.codec, tag & ~BARE, number, bytes, start);
      cells.push({ value: this.entry(value, priority, (tag & BARE) !== 0), priority, arrival });
      at = start + Math.ceil((end - start) / 8) * 8;
    }
    if (head === 32) cells.sort((a, b) => a.priority - b.priority || Number(a.arrival - b.arrival));
    return cells.map(({ value }) => value);
  }

  /** All cells and their bytes, in memory of our own: a codec of the caller's may use queues while it reads, and so the hand that they came in. */
  private copyOut(grip: number): { readonly bytes: Uint8Array; readonly count: number } {
    const { member } = this;
    const { core } = member;
    for (let room = 0; ; ) {
      const target = room === 0 ? 0 : member.address(() => core.valueTake(room), room);
      try {
        member.settle(() => core.queueSnapshot(grip, target, room));
        const needed = member.floats[member.numberAt]!;
        if (needed <= room) return { bytes: member.bytes.slice(target, target + needed), count: member.count };
        room = needed;
      } finally {
        member.call(() => core.valueDrop());
      }
    }
  }

  /** What the user sees of an item. */
  protected entry(value: unknown, _priority: number, _isBare: boolean): T {
    return value as T;
  }

  /** Items until the queue is shut down and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      let item: T;
      try {
        item = await this.get();
      } catch (error) {
        if (error instanceof QueueShutdownError) return;
        throw error;
      }
      yield item;
    }
  }
}
