/**
 * A context: one shared memory, the core on it, a crew that starts on first use, and places for open jobs.
 *
 *   crew   none -> starting -> warm; replaced member by member; closed with the context
 *
 * What is done in a context stands in jobs/.
 *
 * Role: the thread that made the context.
 */
import { platform } from "#platform";
import { BusyError, ClosedError, OutOfMemoryError, WorkerError } from "../errors.js";
import { DriverCache } from "./compute/compute.js";
import { SUPERVISOR, THREAD_STATES, WORKERS_MAXIMUM } from "./core/core.js";
import { Answer } from "./core/core-things.js";
import { BASE, Heap } from "./core/heap.js";
import { coreModule, mathModule } from "./core/modules.js";
import { Arrivals } from "./crew/arrivals.js";
import { CrewLink } from "./crew/crew-link.js";
import { FirstHand } from "./crew/first-hand.js";
import { Recovery } from "./crew/recovery.js";
import { assertSharing, type Share, Shares } from "./crew/shares.js";
import { makeMainThread } from "./crew/thread-record.js";
import type { HireOrder, Order, Ref } from "./protocol.js";
import { Holders } from "./waiting/holders.js";
import { Line } from "./waiting/line.js";

export interface ContextOptions {
  /** Bytes of the shared memory, a multiple of 65,536 from 1 MiB. Default 64 MiB. It never grows. */
  readonly memory?: number;
  /** Workers for calls that do not say how many, 1 to 255. Default: as many as the machine runs at a time. */
  readonly threads?: number;
  /** Script of the workers that compute integrals: `worker.browser.js` or `worker.node.cjs` of this package under another address. */
  readonly workerUrl?: string | URL;
  /**
   * Script of the workers for threads and pools: `thread.browser.js` or `thread.node.js` of this package under another address, or one of your own that calls
   * `serveThread()`.
   */
  readonly threadUrl?: string | URL;
}

/** Jobs on the board at a time (assembly/memory/layout.ts, BOARD_SLOTS); others wait their turn. */
const OPEN_JOBS_MAXIMUM = 16;

/** Calls with memory of their own that may be under way at a time; bytes that each of them should find; the part of all bytes at which memory is scarce. */
const HOLDERS_MAXIMUM = 16;
const HOLDER_BYTES = 4 * 2 ** 20;
const SCARCE_SHARE = 16;

/** Milliseconds that a worker has to leave a job which was given up, when it runs the user's code. */
const HANGING = 1000;

/** Supervisors that may die at once before it is taken for sure that none can start. */
const STILLBORN_MAXIMUM = 3;

export class Context {
  readonly heap: Heap;
  /** Integrands instantiated for this thread. */
  readonly drivers: DriverCache;
  /** Workers for calls that do not say how many. */
  readonly threads: number;
  private crew: CrewLink | undefined;
  private readonly shares: Shares;
  /** Supervisors in a row that died before they had said a word. */
  private stillborn = 0;
  private closed = false;
  private openJobs = 0;
  private main: Ref | undefined;
  private first: FirstHand | undefined;
  private readonly arrivals = new Arrivals();
  private readonly unwatchEnding = platform.onEnding(() => this.callRoll());
  /** Calls that wait for a place on the board. */
  private readonly turns = new Line();
  /** Calls by promise with memory of their own: an integral may come to ten times what it begins with. */
  private readonly holders: Holders;
  /** Asked after each piece of news from the crew. */
  private readonly watchers = new Set<() => void>();

  constructor(private readonly options: ContextOptions) {
    this.heap = new Heap(options.memory);
    const { core } = this.heap;
    const total = core.memoryTotal() >>> 0;
    this.holders = new Holders(
      Math.min(HOLDERS_MAXIMUM, Math.ceil(total / HOLDER_BYTES)),
      () => core.memoryUsed() >>> 0 > total / SCARCE_SHARE,
    );
    this.shares = new Shares(this.heap.member);
    this.heap.member.workshop = {
      isHere: !platform.supervised,
      order: (order, transfer) => this.order(order, transfer),
      claim: (id, sender) => {
        this.order({ kind: "claim", id, sender });
        return this.arrivals.expect(id);
      },
      main: () => this.mainThread(),
    };
    this.drivers = new DriverCache(this.heap.core, this.heap.memory, mathModule);
    this.threads = options.threads ?? Math.min(platform.parallelism(), WORKERS_MAXIMUM);
  }

  /** Workers that are up. */
  get warm(): number {
    return this.crew?.ready.size ?? 0;
  }

  assertOpen(): void {
    if (this.closed) {
      throw new ClosedError("expected an open context, this one was closed; make another with createHeddle()");
    }
  }

  /** Starts workers without waiting for work. Resolves when all are up, or as many as could start. */
  async start(threads: number): Promise<void> {
    this.assertOpen();
    const { crew, failed } = this.grow(threads);
    crew.hold();
    try {
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (crew.ready.size < threads && crew.failed === failed && !this.closed) return;
          this.watchers.delete(look);
          resolve();
        };
        this.watchers.add(look);
        look();
      });
      this.assertCrew(failed);
    } finally {
      crew.release();
    }
  }

  /** Sees to it that at least `threads` workers are up or starting. `failed` is for `assertCrew`. */
  grow(threads: number): { readonly crew: CrewLink; readonly failed: number } {
    const crew = this.livingCrew();
    return { crew, failed: crew.grow(threads) };
  }

  /** An invitation for a thread that this context does not start. @throws {UnsupportedError} @throws {WorkerError} */
  share(): Share {
    this.assertOpen();
    assertSharing();
    return this.shares.make(this.livingCrew());
  }

  /** A worker may have started a thread that the program should wait for, and the workshop not have said so yet. */
  private callRoll(): void {
    const { member } = this.heap;
    if (this.crew === undefined || this.crew.isOver) return;
    if (member.call(() => member.core.threadsLively()) === Answer.OK && member.count > 0)
      this.order({ kind: "rollCall" });
  }

  /** Has the workshop do something. @throws {UnsupportedError} threads cannot be had here */
  order(order: Order, transfer?: Transferable[]): void {
    this.assertOpen();
    assertSharing();
    if (order.kind === "hire" && this.startFirst(order)) this.livingCrew().order({ ...order, hands: order.hands - 1 });
    else this.livingCrew().order(order, transfer);
  }

  /** Where the supervisor is yet to start, the first worker does beside it. @returns whether it does */
  private startFirst({ duty, main }: HireOrder): boolean {
    if (!platform.supervised || this.crew?.isOver === false || this.first?.isOver === false) return false;
    const { member } = this.heap;
    const { core } = member;
    const number = core.threadClaim();
    if (number === 0) return false;
    const data = { ...this.sharedData(), number, main };
    let first: FirstHand;
    try {
      first = new FirstHand(member, data, duty, this.options.threadUrl?.toString(), () => {
        // Of a supervisor that is gone: nobody has heard of this death.
        if (this.crew !== watching && this.crew?.isOver === false) this.crew.bury(number);
      });
    } catch {
      // The supervisor will say why none can start.
      core.threadDied(number);
      core.threadVacate(number);
      return false;
    }
    this.first = first;
    const watching = this.livingCrew();
    watching.adopt(first);
    return true;
  }

  /** This thread, to those that it makes: a record that runs for as long as the context is open. */
  mainThread(): Ref {
    this.main ??= makeMainThread(this.heap.member);
    return this.main;
  }

  /** The crew: a new one if there is none, or if the supervisor died. */
  private livingCrew(): CrewLink {
    const last = this.crew;
    if (last?.isOver === false) return last;
    if (last !== undefined) this.buryCrew();
    const crew = this.makeCrew(last?.failed ?? 0);
    this.crew = crew;
    this.shares.rewatch(crew);
    return crew;
  }

  /** The supervisor died, and its workers with it, but no guests: nobody was left to give back what they held. */
  private buryCrew(): void {
    this.arrivals.fail("the supervisor thread ended");
    const { core } = this.heap;
    const guests = this.shares.numbers;
    // Not its child: it dies now, and is buried when it is dead.
    this.first?.end();
    const dying = this.first?.isOver === false ? this.first.command.number : 0;
    const dead = [SUPERVISOR];
    for (let number = 1; number <= WORKERS_MAXIMUM; number++) {
      if (number !== dying && !guests.has(number) && THREAD_STATES[core.threadState(number)] !== "VACANT")
        dead.push(number);
    }
    new Recovery(core, { base: BASE, number: 0, mayBlock: platform.mayBlock() }).buryNow(dead);
  }

  /** What every thread of the context receives. */
  private sharedData() {
    const { id } = this.heap.member;
    return { id, memory: this.heap.memory, core: coreModule(), base: BASE };
  }

  private makeCrew(failed: number): CrewLink {
    const { workerUrl, threadUrl } = this.options;
    const data = {
      ...this.sharedData(),
      math: mathModule(),
      workerUrl: workerUrl === undefined ? undefined : String(workerUrl),
      threadUrl: threadUrl === undefined ? undefined : String(threadUrl),
      flags: platform.flags(),
    };
    const crew = new CrewLink(this.heap.core, data, failed, (share) => this.shares.left(share), this.arrivals);
    crew.onChange = () => {
      for (const look of [...this.watchers]) look();
      // The other hands have died with their supervisor.
      if (crew.isOver) this.first?.end();
      if (!crew.isOver || this.closed || this.shares.numbers.size === 0) return;
      // Its supervisor died: the guests live on, and somebody must hear of their deaths.
      this.stillborn = crew.up ? 0 : this.stillborn + 1;
      if (this.stillborn === STILLBORN_MAXIMUM) {
        // No call waits that could reject.
        throw new WorkerError(`expected a supervisor for threads that take part by share(), but ${crew.failure}`);
      }
      this.livingCrew();
    };
    return crew;
  }

  /** Calls `look` after each piece of news from the crew, and when the context is closed. @returns ends that */
  onNews(look: () => void): () => void {
    this.watchers.add(look);
    return () => void this.watchers.delete(look);
  }

  /**
   * @param failed what `grow` said when the caller asked for workers
   * @throws {WorkerError} none could start since, and none is up
   * @throws {ClosedError}
   */
  assertCrew(failed: number): void {
    if (this.closed) throw new ClosedError("the context was closed while the call was under way");
    if (this.crew === undefined || this.crew.failed === failed || this.crew.ready.size > 0) return;
    const { workerUrl } = this.options;
    const where = workerUrl === undefined ? "" : ` from workerUrl ${workerUrl}`;
    throw new WorkerError(
      `expected a worker to start${where}, but none could: ${this.crew.failure}; check workerUrl and the page's Content-Security-Policy (worker-src)`,
    );
  }

  /** Whether a job can go onto the board at once. */
  get hasRoom(): boolean {
    return this.openJobs < OPEN_JOBS_MAXIMUM;
  }

  /** Waits until the board has room for one more job, and takes the place. @throws `signal.reason` when aborted before */
  async takePlace(signal?: AbortSignal): Promise<void> {
    if (this.hasRoom) this.takePlaceNow();
    // Else the place comes from `leavePlace`, which leaves the count as it is.
    else await this.turns.wait(signal);
  }

  /** Takes a place where there is room. */
  takePlaceNow(): void {
    this.openJobs++;
  }

  leavePlace(): void {
    if (!this.turns.next()) this.openJobs--;
  }

  /**
   * Runs a call by promise that takes memory, as soon as memory is not scarce.
   *
   * @param call takes what it needs at first before it waits for anything
   * @throws as the call, and {ClosedError}, `signal.reason` while it waits
   */
  async hold<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    if (!this.holders.tryEnter()) await this.holders.enter(signal);
    try {
      this.assertOpen();
      const result = call();
      this.holders.pass();
      return await result;
    } finally {
      this.holders.leave();
    }
  }

  /**
   * Does something in such a call that needs more memory, as soon as there is some, and its lock can be had.
   *
   * @param attempt is made again after others have given memory back, so it changes nothing where it throws
   * @throws as the attempt; {OutOfMemoryError} nobody is left who would give memory back. @throws {ClosedError} @throws `signal.reason`
   */
  async whenRoom<T>(signal: AbortSignal | undefined, attempt: () => T): Promise<T> {
    for (;;) {
      try {
        return await this.whenFree(signal, attempt);
      } catch (error) {
        if (!(error instanceof OutOfMemoryError) || !(await this.holders.wait(signal))) throw error;
        signal?.throwIfAborted();
        this.assertOpen();
      }
    }
  }

  /** Does something for which a page needs a lock that another thread may have, as soon as it can. @param attempt changes nothing where it throws @throws as `whenRoom` */
  async whenFree<T>(signal: AbortSignal | undefined, attempt: () => T): Promise<T> {
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        if (!(error instanceof BusyError)) throw error;
        await platform.breathe();
        signal?.throwIfAborted();
        this.assertOpen();
      }
    }
  }

  /**
   * Ends, and so replaces, the workers that do not come back from a job which was given up. Integrands of our own look whether they are wanted; the user's
   * may run for ever.
   */
  endHanging(job: number): void {
    if (this.heap.visitors(job).length === 0) return;
    const timer: unknown = setTimeout(() => {
      for (const number of this.heap.visitors(job)) this.crew?.kill(number, 0);
    }, HANGING);
    // Where the process would end, they end with it.
    (timer as { unref?: () => void }).unref?.();
  }

  /** Ends a worker by force after some milliseconds, as a crash would: for tests of recovery. */
  kill(number: number, after: number): void {
    this.crew?.kill(number, after);
  }

  /** Numbers of the workers that are up. */
  workers(): number[] {
    return [...(this.crew?.ready ?? [])].sort((a, b) => a - b);
  }

  /** Rejects what is under way, stops the workers, resolves when they are gone. */
  async close(): Promise<void> {
    this.closed = true;
    this.unwatchEnding();
    this.heap.member.close();
    this.shares.close();
    this.arrivals.fail("the context was closed");
    for (const look of [...this.watchers]) look();
    await this.crew?.close();
  }
}
