/**
 * Threads of Node that start together: the frame of every contender that runs in JavaScript.
 *
 * The program's file is both: on the main thread it calls `runCrew`, as a worker `work`. Each worker makes a few passes
 * first, so that the engine has compiled its loops and whoever calls them; then it waits at the gate, and makes the pass
 * that is measured. The main thread sleeps meanwhile.
 */
import { isMainThread, parentPort, type TransferListItem, Worker, workerData } from "node:worker_threads";
import { type Figures, type Kind, WARM_PASSES } from "./config.js";

/** What the bench asks for: `argumentsOf` in config.ts. */
export interface Plan {
  readonly kind: Kind;
  readonly producers: number;
  readonly consumers: number;
  /** Of the measured pass, all threads together. */
  readonly items: number;
  /** Of the passes before. */
  readonly warm: number;
  readonly capacity: number;
  /** The contender's own. */
  readonly options: readonly string[];
}

export type Role = "put" | "get" | "call" | "echo" | "pair";

/** One thread: the index-th of its role. */
export interface Seat {
  readonly role: Role;
  readonly index: number;
}

/** What a pass says: the sum of what arrived, and the percentiles of a caller. */
export interface Pass {
  readonly sum: number;
  readonly p50?: number;
  readonly p99?: number;
}

/** What a worker is started with, besides its seat. */
export interface Luggage {
  readonly data: unknown;
  readonly transfer?: readonly TransferListItem[];
}

interface Bag {
  readonly plan: Plan;
  readonly seat: Seat;
  readonly gate: Int32Array;
  readonly data: unknown;
}

type News = { readonly ready: true } | (Pass & { readonly ready: false; readonly end: string });

/** The plan of this program's command line. */
export function readPlan(): Plan {
  const [kind, producers, consumers, items, warm, capacity, ...options] = process.argv.slice(2);
  const numbers = { producers: Number(producers), consumers: Number(consumers), items: Number(items) };
  return { kind: kind as Kind, ...numbers, warm: Number(warm), capacity: Number(capacity), options };
}

/** The threads that a plan needs. */
export function seatsOf({ kind, producers, consumers }: Plan): Seat[] {
  const some = (role: Role, count: number) => Array.from({ length: count }, (_, index) => ({ role, index }));
  if (kind === "ping-pong") return [...some("call", 1), ...some("echo", 1)];
  if (kind === "priority") return some("pair", producers);
  return [...some("put", producers), ...some("get", consumers)];
}

/**
 * Main thread: runs the plan.
 *
 * @param program  the file of this program, `new URL(import.meta.url)`
 * @param pack     what each worker needs
 */
export async function runCrew(
  program: URL,
  plan: Plan,
  pack: (seat: Seat) => Luggage | Promise<Luggage>,
): Promise<Figures> {
  if (!isMainThread) throw new Error("expected to be called on the main thread");
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const crew = await Promise.all(
    seatsOf(plan).map(async (seat) => {
      const { data, transfer = [] } = await pack(seat);
      const bag: Bag = { plan, seat, gate, data };
      return new Member(new Worker(program, { workerData: bag, transferList: [...transfer] }));
    }),
  );
  await Promise.all(crew.map((member) => member.ready));
  const begun = process.hrtime.bigint();
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  const passes = await Promise.all(crew.map((member) => member.done));
  const end = passes.map((pass) => BigInt(pass.end)).reduce((a, b) => (a > b ? a : b));
  await Promise.all(crew.map((member) => member.worker.terminate()));
  const sums = passes.map(({ sum }) => sum);
  const caller = passes.find(({ p50 }) => p50 !== undefined);
  return {
    seconds: Number(end - begun) / 1e9,
    sum: sums.includes(-1) ? -1 : sums.reduce((a, b) => a + b, 0),
    ...(caller?.p50 === undefined || caller.p99 === undefined ? {} : { p50: caller.p50, p99: caller.p99 }),
  };
}

class Member {
  readonly ready: Promise<void>;
  readonly done: Promise<Pass & { readonly end: string }>;

  constructor(readonly worker: Worker) {
    const failed = new Promise<never>((_, reject) => {
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`a worker ended with exit code ${code}`)));
    });
    // When all is well nobody listens to this one any more.
    failed.catch(() => {});
    const heard = <T>(pick: (news: News) => T | null): Promise<T> =>
      Promise.race([
        failed,
        new Promise<T>((resolve) => {
          worker.on("message", (news: News) => {
            const picked = pick(news);
            if (picked !== null) resolve(picked);
          });
        }),
      ]);
    this.ready = heard((news) => (news.ready ? true : null)).then(() => {});
    this.done = heard((news) => (news.ready ? null : news));
    this.done.catch(() => {});
  }
}

/** Worker: what it was started with. */
export function unpack<T>(): { plan: Plan; seat: Seat; data: T } {
  const { plan, seat, data } = workerData as Bag;
  return { plan, seat, data: data as T };
}

/** Worker: makes all passes. `pass` gets the items that are this thread's. */
export async function work(pass: (items: number, isMeasured: boolean) => Pass | Promise<Pass>): Promise<void> {
  const { plan, seat, gate } = workerData as Bag;
  const threads = { put: plan.producers, get: plan.consumers, pair: plan.producers, call: 1, echo: 1 }[seat.role];
  for (let i = 0; i < WARM_PASSES; i++) await pass(plan.warm / WARM_PASSES / threads, false);
  tell({ ready: true });
  Atomics.wait(gate, 0, 0);
  const result = await pass(plan.items / threads, true);
  tell({ ready: false, end: String(process.hrtime.bigint()), ...result });
}

function tell(news: News): void {
  parentPort?.postMessage(news);
}

/** Prints what the bench reads. */
export function printFigures(figures: Figures): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Times of round trips, in microseconds. */
export class Trips {
  private readonly times: Float64Array;
  private count = 0;

  constructor(trips: number) {
    this.times = new Float64Array(trips);
  }

  /** @param begun @param end of `performance.now()` */
  add(begun: number, end: number): void {
    this.times[this.count++] = 1000 * (end - begun);
  }

  percentiles(): { p50: number; p99: number } {
    const sorted = this.times.slice(0, this.count).sort();
    return { p50: sorted[this.count >> 1] ?? 0, p99: sorted[Math.floor(this.count * 0.99)] ?? 0 };
  }
}
