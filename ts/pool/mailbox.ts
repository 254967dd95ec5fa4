/**
 * A mailbox: where one thread hears of the ends of the tasks that it has put into a pool.
 *
 *   idle      nothing is outstanding
 *   waiting   for its word in shared memory to change, by promise or asleep; then it reaps all that is over. Before the first wait it looks for a moment: an empty task
 *             is over in less time than it takes to wait for it
 *
 * Role: one thread.
 */
import { platform } from "#platform";
import type { ClosedError } from "../errors.js";
import { Answer } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { wordChange } from "../runtime/waiting/wait.js";
import { keepAlive } from "../sync/wait.js";
import { ringAlarms } from "./alarms.js";
import { isLost, MAILBOX_SERIAL, MAILBOX_WORD, readOutcome, stateOf } from "./wire.js";

/** One of so many waits begins with a look, though the last was in vain. */
const QUICK_EVERY = 16;
/** Turns in a row after which events have theirs: whoever awaits task after task, each over at once, would never let them run. */
const TURNS_MOST = 64;

/** Who hears of one task's end. */
export interface Addressee {
  /** Whose it is: all of somebody's are dismissed together. */
  readonly owner: object;
  /**
   * @param state   how it has ended
   * @param outcome reads what came of it: to be called before anything else is done, if at all
   */
  over(state: number, outcome: () => unknown): void;
  /** The worker that ran it has died: nothing can be expected of it, but that its end is heard of. */
  lost(): void;
  /** Its end will not be heard of. @param error why */
  gone(error: ClosedError | null): void;
}

/** Milliseconds between two looks whether those that wait for room can go in, while this thread sleeps for an outcome: it cannot sleep for both. */
const LOOK = 2;

export class Mailbox {
  /** Tells the core which mailbox a task's end goes to. */
  readonly serial: number;
  private readonly address: number;
  private readonly outstanding = new Map<number, Addressee>();
  private isWaiting = false;
  private turns = 0;
  /** Whether the last look was worth it. */
  private isQuick = true;
  /** Times that it did not look. */
  private waits = 0;
  private isClosed = false;
  /** The task whose outcome is in the hands, 0 when there is none. */
  private task = 0;
  /** Deaths that were looked into. */
  private deaths = 0;
  private sleep: () => void = () => {};
  /** What looks whether there is room, of tasks that wait for it, in the order of their calls. */
  readonly inLine = new Set<() => void>();

  /** @param onRest called when nothing is outstanding any more */
  constructor(
    private readonly member: Member,
    private readonly grip: number,
    private readonly onRest: () => void,
  ) {
    this.address = member.address(() => member.core.mailboxOpen(grip));
    this.serial = member.words[(this.address + MAILBOX_SERIAL) >>> 2]! >>> 0;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Tasks whose end has not been heard of. */
  get size(): number {
    return this.outstanding.size;
  }

  /** A task was put in. */
  expect(task: number, addressee: Addressee): void {
    this.outstanding.set(task, addressee);
    if (this.outstanding.size === 1) this.sleep = keepAlive();
    if (this.isWaiting) return;
    this.isWaiting = true;
    // When all is put in that is put in together.
    queueMicrotask(this.look);
  }

  private readonly look = (): void => {
    if (this.isClosed) return;
    // Tasks that take longer would make each look a waste; now and then they may have become shorter.
    if (this.isQuick || ++this.waits % QUICK_EVERY === 0) {
      this.isQuick = this.member.core.mailboxLook(this.address) !== 0;
    }
    this.listen();
  };

  /** Its end will not be heard of. */
  forget(task: number): void {
    this.outstanding.delete(task);
    this.rest();
  }

  /** The ends of somebody's tasks will not be heard of. */
  dismiss(owner: object, error: ClosedError): void {
    for (const [task, addressee] of this.outstanding) {
      if (addressee.owner !== owner) continue;
      this.outstanding.delete(task);
      addressee.gone(error);
    }
    this.rest();
  }

  private rest(): void {
    if (this.outstanding.size > 0) return;
    this.sleep();
    this.sleep = () => {};
    this.onRest();
  }

  /** Waits for the next end, by promise. */
  private listen(): void {
    if (this.isClosed) return;
    if (++this.turns % TURNS_MOST === 0) {
      void platform.breathe().then(() => this.listen());
      return;
    }
    const seen = this.reapAll();
    this.lookForLost();
    if (this.outstanding.size === 0 || this.isClosed) {
      this.isWaiting = false;
      return;
    }
    if (seen === null) setTimeout(() => this.listen(), 1);
    else wordChange(this.member.words, (this.address + MAILBOX_WORD) >>> 2, seen).then(() => this.listen());
  }

  /** Tells of all that is over. @returns the word's value to wait on; null when the lock could not be had, or who was told has closed the mailbox */
  private reapAll(): number | null {
    const { member, grip, address } = this;
    for (;;) {
      if (this.isClosed) return null;
      const answer = member.call(() => member.core.tasksReap(grip, address));
      if (answer === Answer.WAIT) return member.words[member.countAt]!;
      if (answer !== Answer.OK) return null;
      this.deliver();
    }
  }

  /** Tells of the tasks whose worker has died, if that is known before its recovery. */
  private lookForLost(): void {
    const { member, grip } = this;
    if (this.isClosed) return;
    const deaths = member.core.tasksDeaths(grip) >>> 0;
    if (deaths === this.deaths) return;
    this.deaths = deaths;
    for (const [task, addressee] of this.outstanding) if (isLost(member, task)) addressee.lost();
  }

  private deliver(): void {
    const { member, outstanding } = this;
    const task = member.words[member.blockAt]! >>> 0;
    const addressee = outstanding.get(task);
    outstanding.delete(task);
    this.task = task;
    addressee?.over(stateOf(member, task), this.outcome);
    this.drop();
    this.rest();
  }

  /** What came of the task in the hands. */
  private readonly outcome = (): unknown => {
    try {
      return readOutcome(this.member, this.task);
    } finally {
      this.drop();
    }
  };

  /** Empties the hands, if that was not done. */
  private drop(): void {
    if (this.task === 0) return;
    this.task = 0;
    this.member.core.tasksDrop();
  }

  /** Tells of ends, sleeping between them, until `isDone` or the time is over. For threads that may block. */
  waitFor(isDone: () => boolean, timeout: number): void {
    const deadline = performance.now() + timeout;
    const { member } = this;
    const address = this.address + MAILBOX_WORD;
    while (!isDone() && !this.isClosed) {
      const seen = this.reapAll();
      this.lookForLost();
      for (const look of this.inLine) look();
      const rest = Math.min(deadline - performance.now(), ringAlarms());
      if (isDone() || deadline <= performance.now()) return;
      if (seen === null) continue;
      const nap = Math.max(0, this.inLine.size > 0 ? Math.min(LOOK, rest) : rest);
      member.asleep(address, () => Atomics.wait(member.words, address >>> 2, seen, nap));
    }
  }

  /** Tells of all that is over at this moment. */
  async catchUp(): Promise<void> {
    // A page's thread may need some tries.
    while (!this.isClosed && this.reapAll() === null) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** The same on a thread that may block. */
  catchUpSync(): void {
    this.reapAll();
  }

  /** From now on nobody hears of anything. @param error why, @param then called when the grip is not needed any more */
  close(error: ClosedError | null, then: () => void): void {
    this.isClosed = true;
    const left = [...this.outstanding.values()];
    this.outstanding.clear();
    this.rest();
    for (const addressee of left) addressee.gone(error);
    this.letGo(then);
  }

  private letGo(then: () => void): void {
    const { member, grip, address } = this;
    const isDone = member.isLeft || member.call(() => member.core.mailboxClose(grip, address)) === Answer.OK;
    if (isDone) then();
    else setTimeout(() => this.letGo(then), 1);
  }
}
