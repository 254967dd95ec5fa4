/**
 * Membership: one thread's part in a context. Its instance of the core, its view of the memory, and what ends with it.
 *
 * Role: the thread that it belongs to.
 */
import { platform } from "#platform";
import { BusyError, ClosedError, OutOfMemoryError, UnsupportedError } from "../../errors.js";
import type { EndOrder, Order, Ref, Sender } from "../protocol.js";
import { type Core, LEAST_ADDRESS } from "./core.js";
import { Answer, ItemAt } from "./core-things.js";

/** A thread's line to the workshop. */
export interface WorkshopLine {
  /** Whether it is on this thread's own event loop: while this thread sleeps, nobody starts workers, or hears of their deaths. */
  readonly isHere: boolean;
  /** @param transfer what of it goes without a copy */
  order(order: Order, transfer?: Transferable[]): void;
  /** A parcel that somebody has sent, or is about to. @throws {TransferError} it does not come */
  claim(id: string, sender: Sender): Promise<unknown>;
  /** The thread that made the context. */
  main(): Ref;
}

/** For a thread that somebody may have to wake besides those that it waits for. */
export interface Alarm {
  /** The address that it sleeps on. */
  readonly bed: Int32Array;
  /** Sees to what it was woken for. */
  look(): void;
}

/** Bytes that nobody asks the core for, which counts in 32 bits. */
const TOO_LARGE = 2 ** 31;

export class Member {
  /** The memory as words, as numbers, as bytes. It never grows, so these views stay good. */
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly bytes: Uint8Array;
  /** Indexes into `words` and `floats` of what an operation hands over. */
  readonly tagAt: number;
  readonly blockAt: number;
  readonly countAt: number;
  readonly numberAt: number;
  readonly priorityAt: number;
  /** Address of SCRATCH_BYTES bytes for what goes into the next operation, or comes out of it. */
  readonly scratch: number;
  /** Index into `words` of the hand that holds an item's bytes. */
  readonly handAt: number;
  /** The waiter of waits that block: its address, which is also that of its word. */
  readonly ownWaiter: number;
  /** Called when the context is closed: waits end, objects refuse. */
  readonly onClose = new Set<() => void>();
  /** Whether this thread may sleep. */
  readonly mayBlock = platform.mayBlock();
  /** Where this thread orders threads and workers of pools; undefined for guests, who cannot. */
  workshop: WorkshopLine | undefined;
  /** Has somebody ended by force: by the workshop, which guests reach on the line that they came by. */
  end: (order: EndOrder) => void = (order) => this.workshop?.order(order);
  /** What only this thread can do, and whom to wake for that while it sleeps (crew/first-hand.ts). */
  alarm: Alarm | undefined;
  /** Bytes that the last operation asked for in vain. */
  private wanted = 0;
  private closed = false;
  private left = false;
  private isCutOff = false;
  private isRepairing = false;

  /**
   * @param id identity of the context, the same on all its threads; handles carry it
   * @param number this thread's
   */
  constructor(
    readonly id: string,
    readonly number: number,
    public core: Core,
    readonly memory: WebAssembly.Memory,
  ) {
    this.words = new Int32Array(memory.buffer);
    this.floats = new Float64Array(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    const item = core.threadItem() >>> 0;
    this.tagAt = (item + ItemAt.TAG) >>> 2;
    this.blockAt = (item + ItemAt.BLOCK) >>> 2;
    this.countAt = (item + ItemAt.COUNT) >>> 2;
    this.numberAt = (item + ItemAt.NUMBER) >>> 3;
    this.priorityAt = (item + ItemAt.PRIORITY) >>> 3;
    this.scratch = core.threadScratch() >>> 0;
    this.handAt = (core.threadValueHand() >>> 0) >>> 2;
    this.ownWaiter = core.threadWaiter() >>> 0;
  }

  /** This thread, told from those that had its number before. */
  get sender(): Sender {
    return { number: this.number, generation: this.core.threadGeneration(this.number) };
  }

  get isClosed(): boolean {
    return this.closed;
  }

  get isLeft(): boolean {
    return this.left;
  }

  assertOpen(): void {
    if (this.closed) {
      throw new ClosedError("expected an open context, this one was closed; make another with createHeddle()");
    }
  }

  /** @throws {UnsupportedError} this thread may not sleep; `twin` may be called instead */
  assertMayBlock(name: string, twin: string): void {
    if (this.mayBlock) return;
    throw new UnsupportedError(
      `expected a thread that may wait, \`${name}\` was called on a page's own; use \`await ${twin}\` there`,
    );
  }

  /** Whether this thread may sleep until threads and tasks have ended. */
  get maySleepForWorkers(): boolean {
    return this.mayBlock && this.workshop?.isHere !== true;
  }

  /** @throws {UnsupportedError} nobody would start them meanwhile; `twin` may be called instead */
  assertMaySleepForWorkers(name: string, twin: string): void {
    this.assertMayBlock(name, twin);
    if (this.maySleepForWorkers) return;
    throw new UnsupportedError(
      `expected a thread that does not start the workers itself, \`${name}\` was called on the browser's Worker that made the context; ` +
        `use \`await ${twin}\` there`,
    );
  }

  /** How many: what the last operation left besides its answer. */
  get count(): number {
    return this.words[this.countAt]! >>> 0;
  }

  /**
   * Calls into the core. If the call is cut off (a stack overflow, most likely), what it had begun is undone before the error goes on; if there is not
   * even room for that, before the next call.
   *
   * @param operation one call of an export that answers with a status, or an address
   */
  call(operation: () => number): number {
    if (this.isCutOff) this.repair();
    let answer: number;
    try {
      answer = operation();
    } catch (error) {
      throw this.cutOff(error);
    }
    if (answer === Answer.CUT_OFF) answer = this.again(operation);
    if (answer === Answer.NO_MEMORY) this.wanted = this.count;
    return answer;
  }

  /** For those who call the core without `call`: undoes what the call had begun. @returns the error, to be thrown on */
  cutOff(error: unknown): unknown {
    this.isCutOff = true;
    try {
      this.repair();
    } catch {
      // No room on the stack: when it has been unwound, or at the next call.
      queueMicrotask(() => {
        if (this.isCutOff) this.repair();
      });
    }
    return error;
  }

  /**
   * Undoes what was cut off. BUSY, on a page's thread: all is undone and calls may go on, but some of those who were to be woken may sleep still, for another
   * thread had the lock of what they wait for. This is seen to in a millisecond: nobody knows when the next call comes.
   */
  private repair(): void {
    this.isCutOff = this.core.threadRepair() !== Answer.OK;
    if (!this.isCutOff || this.isRepairing) return;
    this.isRepairing = true;
    setTimeout(() => {
      this.isRepairing = false;
      if (this.isCutOff) this.repair();
    }, 1);
  }

  private again(operation: () => number): number {
    this.repair();
    return operation();
  }

  /** The same for calls that only answer OK, or BUSY on a page: the lock of the object is held by somebody else all the time. @throws {BusyError} */
  settle(operation: () => number): number {
    const answer = this.call(operation);
    if (answer === Answer.BUSY) throw busy();
    if (answer === Answer.NO_MEMORY) throw this.outOfMemory(0);
    return answer;
  }

  /**
   * The same for calls that answer with an address.
   *
   * @param size as for `outOfMemory`
   * @throws {OutOfMemoryError} @throws {BusyError}
   */
  address(operation: () => number, size = 0): number {
    const answer = this.call(operation) >>> 0;
    if (answer === Answer.NO_MEMORY) throw this.outOfMemory(size);
    if (answer < LEAST_ADDRESS) throw busy();
    return answer;
  }

  /** @param size bytes of the value; what could not be had may be something else, such as room for one more item */
  outOfMemory(size: number): OutOfMemoryError {
    const { core } = this;
    const needed = size < TOO_LARGE ? this.wanted : size;
    const free = (core.memoryTotal() >>> 0) - (core.memoryUsed() >>> 0);
    return new OutOfMemoryError(needed, free, core.memoryLargestFree() >>> 0);
  }

  /** Sleeps: all waits of this thread that block come by here. @param address of the word that `sleep` waits on; it may return for no reason */
  asleep<T>(address: number, sleep: () => T): T {
    const { alarm } = this;
    if (alarm === undefined) return sleep();
    Atomics.store(alarm.bed, 0, address);
    const answer = sleep();
    alarm.look();
    return answer;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const end of [...this.onClose]) end();
  }

  /** Closes for good: another thread may soon have this one's number, so no call may come to the core any more, from finalizers neither. */
  leave(): void {
    this.close();
    this.left = true;
    this.core = NO_CORE;
  }
}

/** Of a thread that has left: nothing is left to close or to repair, everything else refuses. */
const NO_CORE = new Proxy({} as Core, {
  get: (_, name) => (name === "thingClose" || name === "threadRepair" ? () => Answer.OK : refuse),
});

function refuse(): never {
  throw new ClosedError(
    "expected a thread that takes part in the context, this one has left it; attach() another share",
  );
}

export function busy(): BusyError {
  return new BusyError(
    "expected the object's internal lock within a millisecond, another thread had it all the time; nothing has changed, try again",
  );
}

/** What a context's owner and `attach` give: options take it to say where a lock or queue is to live. */
export interface HasMember {
  readonly member: Member;
}

let attached: Member | undefined;
let standard: (() => Member) | undefined;
let beside: (() => Member | undefined) | undefined;

/** From now on this thread's locks and queues are made in `member`, unless they say otherwise. */
export function attachMember(member: Member): void {
  attached = member;
}

/** Undoes that. */
export function detachMember(member: Member): void {
  if (attached === member) attached = undefined;
}

/** Whether this thread's default is a context that another thread made. */
export function isAttached(): boolean {
  return attached !== undefined;
}

/** How to come by the default context's member, where nothing was attached. Said once, by whoever has that context. */
export function provideMember(provide: () => Member): void {
  standard = provide;
}

/** How to come by the member of a thread that Heddle has started, in a copy of the library that did not take part in that. */
export function provideSeat(find: () => Member | undefined): void {
  beside = find;
}

/** The member for objects that do not say where they live. */
export function defaultMember(): Member {
  // Also when it was closed, so that objects refuse: another context instead would be one that nobody shares.
  if (attached !== undefined) return attached;
  const seated = beside?.();
  if (seated !== undefined) return seated;
  if (standard === undefined) {
    throw new ClosedError("expected a context; make one with createHeddle(), or join one with attach()");
  }
  return standard();
}

/** The member of this thread with that identity, for handles. */
const members = new Map<string, WeakRef<Member>>();

export function rememberMember(member: Member): void {
  for (const [id, known] of members) if (known.deref() === undefined) members.delete(id);
  members.set(member.id, new WeakRef(member));
}

export function memberOf(id: string): Member | undefined {
  return members.get(id)?.deref();
}
