/**
 * The workshop: workers for threads and pools, hired when there is a duty, kept warm when it is over.
 *
 *   hand     starting -> idle -> busy -> idle …; ended when too many are idle, or with the workshop
 *   duty     waits for a hand -> done by one; a thread's once, a pool's again by another whenever its hand dies
 *   loan     a hand whose task waits for another task of its pool: a further hand has its place, for good
 *   failure  when no hand can start (staff.ts) the duties that wait are given up. The next duty tries anew
 *
 * Role: the supervisor thread in Node; the page in browsers. Like the crew, it must not be blocked, for it hears of deaths.
 */
import { platform } from "#platform";
import type { Core } from "../core/core.js";
import { LEAST_ADDRESS } from "../core/core.js";
import { Answer, ItemAt, Kind, SCRATCH_BYTES, ThreadOutcome, ThreadPhase } from "../core/core-things.js";
import type {
  AdoptCommand,
  CrewNews,
  Delivery,
  Duty,
  EndOrder,
  HandCommand,
  HandData,
  HandMessage,
  Order,
  Ref,
  Sender,
} from "../protocol.js";
import { adopt } from "./first-hand.js";
import { withGrip } from "./grasp.js";
import { Parcels } from "./parcels.js";
import type { Recovery } from "./recovery.js";
import { type Hand, Staff } from "./staff.js";
import { breakTasks } from "./tasks-record.js";
import { REASON_MAXIMUM, START_ADVICE } from "./thread-record.js";

/** Hands that are kept though there is nothing for them to do: as many as run at a time, and some for programs with few cores. */
const IDLE_LEAST = 4;

/** How often in a row hands may die before they begin a thread, or before they have come through a pool's initializer. */
const DEATHS_MOST = 3;

export class Workshop {
  private readonly staff: Staff;
  private readonly idle = new Set<Hand>();
  /** Duties that are being done. */
  private readonly duties = new Map<Hand, Duty>();
  /** Hands that have not come through the initializer of their pool. */
  private readonly unfit = new Set<Hand>();
  /** Duties without a hand. */
  private readonly waiting: Duty[] = [];
  /** Pools that were ended by force: their duties are not taken up again. */
  private readonly ended = new Set<number>();
  /** Hands whose place in their pool another has: when they are done, or die, nobody need follow. */
  private readonly lent = new Set<Hand>();
  /** The one that the host has spawned, and must end. */
  private first: Hand | undefined;
  /** Hands that were told to end: they may still say that they are free, and are given nothing more. */
  private readonly doomed = new WeakSet<Hand>();
  /** Deaths in a row before a thread began, or in a pool's initializer, by their identities. */
  private readonly deaths = new Map<number, number>();
  private closing = false;
  /** The thread that made the context. */
  private main: Ref | undefined;
  /** Threads that keep the program alive. */
  private lively = 0;
  /** The host's orders so far. */
  private heard = 0;
  private readonly idleMost = Math.max(IDLE_LEAST, platform.parallelism());
  private onEmpty: () => void = () => {};
  private readonly parcels: Parcels;

  constructor(
    private readonly core: Core,
    recovery: Recovery,
    private readonly data: Omit<HandData, "number" | "main" | "first">,
    threadUrl: string | undefined,
    flags: readonly string[],
    private readonly tell: (news: CrewNews, transfer?: Transferable[]) => void,
  ) {
    this.parcels = new Parcels(core, ({ number, generation }) => {
      return number === 0 || (this.staff.get(number) !== undefined && core.threadGeneration(number) === generation);
    });
    this.staff = new Staff(
      core,
      recovery,
      (number, events) => {
        const handData: HandData = { ...data, number, main: this.main as Ref };
        return platform.spawn("thread", threadUrl, handData, events, flags);
      },
      {
        // The first has begun with its duty.
        onReady: (hand) => this.duties.has(hand) || this.rest(hand),
        onMessage: (hand, message) => this.hear(hand, message as HandMessage),
        onDeath: (hand) => this.replace(hand),
        onFailed: (reason) => this.giveUp(reason),
      },
    );
  }

  /** Numbers have become free. */
  onVacant(): void {
    this.spawnForWaiting();
  }

  /** @param hand whose order it is; none: the host's, who wants to know that it came */
  obey(order: Order, hand?: Hand): void {
    if (hand === undefined) this.heard++;
    if (order.kind === "bring" || order.kind === "claim" || order.kind === "giveUp") {
      this.parcels.obey(order, (delivery) => this.deliver(delivery, hand));
    } else if (order.kind === "end" || order.kind === "endPool") {
      this.obeyEnd(order);
    } else if (order.kind === "lend") {
      const lender = this.handOf(order);
      const duty = lender === undefined ? undefined : this.duties.get(lender);
      if (lender !== undefined && duty?.kind === "pool" && duty.pool.id === order.pool) this.lend(lender, duty);
    } else if (order.kind === "hire") {
      this.main = order.main;
      for (let i = 0; i < order.hands; i++) this.begin(order.duty);
    }
    if (hand === undefined) this.tell({ kind: "lively", count: this.lively, heard: this.heard });
  }

  private deliver(delivery: Delivery, hand: Hand | undefined): void {
    const transfer = "transfer" in delivery ? delivery.transfer : [];
    if (hand === undefined) this.tell(delivery, transfer);
    else hand.worker?.post(delivery satisfies HandCommand, transfer);
  }

  private handOf({ number, generation }: Sender): Hand | undefined {
    return this.core.threadGeneration(number) === generation ? this.staff.get(number) : undefined;
  }

  private end(hand: Hand): void {
    this.doomed.add(hand);
    const duty = this.duties.get(hand);
    // It may take its time to die: its pool has another meanwhile.
    if (hand === this.first && duty?.kind === "pool" && !this.lent.has(hand)) this.lend(hand, duty);
    hand.worker?.terminate();
  }

  private lend(hand: Hand, duty: PoolDuty): void {
    this.lent.add(hand);
    if (!this.ended.has(duty.pool.id)) this.begin(duty);
  }

  private runs(hand: Hand, thread: number): boolean {
    const duty = this.duties.get(hand);
    return duty?.kind === "thread" && duty.thread.id === thread;
  }

  /** Ends somebody by force. */
  obeyEnd(order: EndOrder): void {
    if (order.kind === "endPool") {
      this.endPool(order.pool);
      return;
    }
    const { thread } = order;
    const meant = this.handOf(order);
    // It may have gone on to another duty meanwhile, which is not to be hit.
    if (meant !== undefined && (thread === undefined || this.runs(meant, thread))) this.end(meant);
  }

  private endPool(pool: Ref): void {
    this.ended.add(pool.id);
    for (const [hand, duty] of this.duties) if (isOf(pool, duty)) this.end(hand);
    for (const duty of this.waiting.splice(0)) if (!isOf(pool, duty)) this.waiting.push(duty);
  }

  /** Has the hand that the host has spawned, and its duty. */
  adopt(command: AdoptCommand): void {
    const { number, duty } = command;
    const words = new Int32Array(this.data.memory.buffer);
    const hand = this.staff.adopt(number, (events) => adopt(command, words, events));
    this.first = hand;
    this.count(duty);
    this.engage(hand, duty);
  }

  private begin(duty: Duty): void {
    this.count(duty);
    const [idle] = this.idle;
    if (idle !== undefined) {
      this.give(idle, duty);
      return;
    }
    this.waiting.push(duty);
    this.staff.retry();
    this.spawnForWaiting();
  }

  private count(duty: Duty): void {
    if (duty.kind === "thread" && !duty.daemon) this.lively++;
  }

  private engage(hand: Hand, duty: Duty): void {
    this.duties.set(hand, duty);
    if (duty.kind === "pool" && duty.plan.initializer !== 0) this.unfit.add(hand);
  }

  private give(hand: Hand, duty: Duty): void {
    this.idle.delete(hand);
    this.engage(hand, duty);
    hand.worker?.post({ kind: "duty", duty } satisfies HandCommand);
  }

  /** A hand for each duty that has none, as far as there are numbers. */
  private spawnForWaiting(): void {
    while (this.coming < this.waiting.length && this.staff.spawn());
  }

  /** Hands that are starting and have no duty yet. */
  private get coming(): number {
    let count = 0;
    for (const hand of this.staff) if (!hand.isReady && !this.duties.has(hand)) count++;
    return count;
  }

  private hear(hand: Hand, message: HandMessage): void {
    if (message.kind === "order") {
      this.obey(message.order, hand);
    } else if (message.kind === "fit") {
      const duty = this.duties.get(hand);
      if (duty?.kind === "pool") this.deaths.delete(duty.pool.id);
      this.unfit.delete(hand);
    } else if (message.kind === "free") {
      this.unfit.delete(hand);
      const duty = this.over(hand);
      if (duty?.kind === "thread") this.deaths.delete(duty.thread.id);
      if (!this.doomed.has(hand)) this.rest(hand);
    }
  }

  /** A hand has nothing to do: the next duty, or a rest. */
  private rest(hand: Hand): void {
    const next = this.waiting.shift();
    if (next !== undefined) this.give(hand, next);
    else if (this.closing || this.idle.size >= this.idleMost) hand.worker?.post({ kind: "stop" } satisfies HandCommand);
    else this.idle.add(hand);
  }

  /** Its duty is over. @returns which it was */
  private over(hand: Hand): Duty | undefined {
    const duty = this.duties.get(hand);
    this.duties.delete(hand);
    this.lent.delete(hand);
    if (duty?.kind === "thread" && !duty.daemon) this.rested();
    return duty;
  }

  private rested(): void {
    this.lively--;
    this.tell({ kind: "lively", count: this.lively, heard: this.heard });
  }

  /** A hand has died: what it did for a thread is over, what it did for a pool another does. */
  private replace(hand: Hand): void {
    this.idle.delete(hand);
    this.parcels.onDeath();
    const isUnfit = this.unfit.delete(hand);
    const isLent = this.lent.has(hand);
    const duty = this.over(hand);
    if (duty?.kind === "thread") {
      this.replaceThread(duty);
    } else if (duty?.kind === "pool") {
      // What it held comes back much later where it has an afterlife: who waits for its task is told at once.
      if (platform.afterlife > 0) {
        withGrip(this.core, duty.pool, Kind.TASKS, (grip) => this.core.tasksAnnounceDeath(grip));
      }
      // The next would die the same way, and so on for ever.
      if (isUnfit && !this.closing && this.countDeath(duty.pool) >= DEATHS_MOST) {
        this.breakPool(duty.pool, `${DEATHS_MOST} workers in a row died in its initializer`);
      } else if (!isLent && !this.closing && !this.ended.has(duty.pool.id)) this.begin(duty);
    }
    this.endOrphans(hand.number, this.core.threadGeneration(hand.number));
    if (!this.closing) this.spawnForWaiting();
    else if (this.staff.size === 0) this.onEmpty();
  }

  /** Threads that a hand had started when it died, and not ordered yet: nobody will run them. */
  private endOrphans(number: number, generation: number): void {
    const { core } = this;
    const target = core.threadScratch() >>> 0;
    if (core.threadsStartedBy(number, target, SCRATCH_BYTES >>> 3) === Answer.BUSY) {
      setTimeout(() => {
        // Else the number is another's by now.
        if (core.threadGeneration(number) === generation) this.endOrphans(number, generation);
      }, 1);
      return;
    }
    const words = new Uint32Array(this.data.memory.buffer);
    const count = words[((core.threadItem() >>> 0) + ItemAt.COUNT) >>> 2]!;
    // The newest come first.
    const entries = words.slice(target >>> 2, (target + Math.min(8 * count, SCRATCH_BYTES)) >>> 2);
    for (let i = 0; i < entries.length; i += 2) {
      const thread = { address: entries[i]!, id: entries[i + 1]! };
      if (this.knows(thread.id)) continue;
      withGrip(this.core, thread, Kind.THREAD, (grip) => core.threadFinish(grip, ThreadOutcome.DIED, 0));
    }
  }

  private knows(thread: number): boolean {
    const isMeant = (duty: Duty): boolean => duty.kind === "thread" && duty.thread.id === thread;
    return this.waiting.some(isMeant) || [...this.duties.values()].some(isMeant);
  }

  /** A thread is over with its hand; one that had not begun, for the hand died of what an earlier duty had left behind, another takes up. */
  private replaceThread(duty: ThreadDuty): void {
    const mayBegin = this.countDeath(duty.thread) < DEATHS_MOST && !this.closing;
    withGrip(this.core, duty.thread, Kind.THREAD, (grip) => {
      if (mayBegin && this.core.threadPhase(grip) === ThreadPhase.STARTED) {
        this.begin(duty);
        return Answer.OK;
      }
      this.deaths.delete(duty.thread.id);
      return this.core.threadFinish(grip, ThreadOutcome.DIED, 0);
    });
  }

  /** @returns how many these are in a row */
  private countDeath({ id }: Ref): number {
    const deaths = (this.deaths.get(id) ?? 0) + 1;
    this.deaths.set(id, deaths);
    return deaths;
  }

  /** Nobody will take up the duties that wait: but those of pools that have other hands may wait for better times. */
  private giveUp(reason: Error): void {
    for (const duty of this.waiting.splice(0)) {
      if (duty.kind === "thread") this.failThread(duty, reason.message);
      else if ([...this.duties.values()].some((other) => isOf(duty.pool, other))) this.waiting.push(duty);
      else this.breakPool(duty.pool, `no worker could start, but failed with: ${reason.message}; ${START_ADVICE}`);
    }
  }

  private failThread({ thread, daemon }: ThreadDuty, reason: string): void {
    withGrip(this.core, thread, Kind.THREAD, (grip) => {
      const text = new TextEncoder().encode(reason).subarray(0, REASON_MAXIMUM);
      const block = this.core.valueTake(text.length) >>> 0;
      if (block === Answer.BUSY) return block;
      // Without memory for the reason it is over all the same.
      if (block < LEAST_ADDRESS) return this.core.threadFinish(grip, ThreadOutcome.NEVER_BEGAN, 0);
      new Uint8Array(this.data.memory.buffer).set(text, block);
      return this.core.threadFail(grip, text.length);
    });
    if (!daemon) this.rested();
  }

  private breakPool(pool: Ref, reason: string): void {
    withGrip(this.core, pool, Kind.TASKS, (grip) => {
      const answer = breakTasks(this.core, this.data.memory, grip, reason);
      // Without memory for the reason it ends all the same.
      return answer === Answer.BUSY ? answer : this.core.tasksShutdown(grip, 1);
    });
  }

  /** Ends all hands; `then` is called when the last is gone. */
  close(then: () => void): void {
    this.closing = true;
    this.waiting.length = 0;
    this.onEmpty = then;
    this.staff.close();
    if (this.staff.size === 0) then();
    for (const { worker } of this.staff) worker?.terminate();
  }
}

type ThreadDuty = Duty & { readonly kind: "thread" };
type PoolDuty = Duty & { readonly kind: "pool" };

function isOf(pool: Ref, duty: Duty): boolean {
  return duty.kind === "pool" && duty.pool.id === pool.id;
}
