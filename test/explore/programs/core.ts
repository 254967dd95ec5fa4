/** What programs over the shipped core share: a small context, a thing in it with a grip for each thread, what a run may leave behind. */

import type { Core } from "../../../ts/runtime/core/core.js";
import { Answer, Kind } from "../../../ts/runtime/core/core-things.js";
import { ARENA_BYTES, HEAD_BYTES } from "../../memory/chain.js";
import { CutOff, type End, type Journal, type Place, type Program, type Thread } from "../program.js";
import { type HostExports, type Subject, shippedCore } from "../subject.js";
import { gripsOn, inLine, isApart, thingsOf } from "./lines.js";

export type Shipped = HostExports & { readonly [Name in keyof Core]: Core[Name] };
export type Body = (thread: Thread<Shipped>, seat: Seat) => Promise<void>;

/** Where a thread sits: its number in the context, its grip, its waiter. */
export interface Seat {
  readonly number: number;
  readonly grip: number;
  readonly waiter: number;
}

const BASE = 1024;
/** assembly/memory/layout.ts. */
const RECORDS = BASE + 256;
const RECORD_BYTES = 2560;
const RECORD_COUNT = 257;
const ITEM = 512;
const OWN_WAITER = 576;
const SECTION = 40;
const LOG_LENGTH = 44;
const LOG = 640;
const SCRATCH = 2048;
const LOG_END = LOG + 88 * 16;
const TABLES_BYTES = 65_536;
const ARENA = RECORDS + RECORD_COUNT * RECORD_BYTES + TABLES_BYTES;
const BYTES = ARENA + 16_384;
/** Every block. */
export const ARENA_PLACE: Place = [ARENA, BYTES];
/** The first block that the arena gives out: the thing of every program. */
const THING = ARENA + ARENA_BYTES + HEAD_BYTES;

const LOCK = "assembly/sync/lock/lock";
const LOOK = "assembly/core-tasks/tasksLook";
/** Looks before a sleep, and of a thread that may not sleep before it gives up: one and two are as good as hundreds, and each is a step. */
const FEW_LOOKS = [
  { within: LOCK, from: 20, to: 1 },
  { within: LOCK, from: 1000, to: 2 },
  { within: LOOK, from: 2000, to: 1 },
];

let subject: Subject | undefined;

export function core(): Subject {
  subject ??= shippedCore(FEW_LOOKS);
  return subject;
}

const recordOf = (number: number): number => RECORDS + RECORD_BYTES * number;

/** The undo log in a thread's record (assembly/sync/section.ts). */
function logOf(thread: number): Journal {
  const record = recordOf(thread + 1);
  const entries = [record + LOG, record + LOG_END] as const;
  return { thread, named: record + SECTION, length: record + LOG_LENGTH, entries, stride: 16 };
}

/**
 * Fills a thread's log with entries that nobody may follow: addresses that no word has. What is beyond the length does not count, whatever an earlier
 * section has left there; an entry that should have been written and was not is a trap.
 */
function spoilLog(exports: Shipped, number: number): void {
  for (let at = LOG; at < LOG_END; at += 4) exports["host.store"](recordOf(number) + at, 0xbad0bad3 | 0);
}

function assertAddress(answer: number): number {
  if (answer < 16) throw new Error(`expected an address, got ${answer}`);
  return answer;
}

function assertOk(what: string, answer: number): void {
  if (answer !== Answer.OK) throw new Error(`expected ${what} to answer OK, got ${answer}`);
}

/** What an operation of thread `number` handed over last. */
export function lastItem(memory: DataView, number: number): Item {
  const item = recordOf(number) + ITEM;
  return {
    tag: memory.getInt32(item, true),
    number: memory.getFloat64(item + 8, true),
    priority: memory.getFloat64(item + 16, true),
  };
}

export interface Item {
  readonly tag: number;
  readonly number: number;
  /** Of a priority queue's. */
  readonly priority: number;
}

/** What it counted. */
export function lastCount(memory: DataView, number: number): number {
  return memory.getUint32(recordOf(number) + ITEM + 24, true);
}

/** Address of what a thread's host and core hand each other. */
export function scratchOf(number: number): number {
  return recordOf(number) + SCRATCH;
}

/** What an operation counted or named, for the thread that has just called it. */
export function countOf(thread: Thread<Shipped>, seat: Seat): Promise<number> {
  return thread.call("host.load", recordOf(seat.number) + ITEM + 24);
}

/** The address or number that an operation handed over beside the count, likewise. */
export function blockOf(thread: Thread<Shipped>, seat: Seat): Promise<number> {
  return thread.call("host.load", recordOf(seat.number) + ITEM + 4);
}

/** Tries, sleeps while it must wait, tries again: what a host's blocking call does. @returns the last answer */
export async function blocking(
  thread: Thread<Shipped>,
  seat: Seat,
  attempt: (waiter: number) => Promise<number>,
): Promise<number> {
  for (;;) {
    const answer = await attempt(seat.waiter);
    if (answer !== Answer.WAIT) return answer;
    await thread.call("waiterPark", seat.waiter, -1);
  }
}

/** Tries; if it must wait, stands in line with a waiter of the arena, and sleeps until its word changes: what a host's wait by promise does. */
export async function byPromise(
  thread: Thread<Shipped>,
  attempt: (waiter: number) => Promise<number>,
): Promise<number> {
  let answer = await attempt(0);
  if (answer !== Answer.WAIT) return answer;
  const waiter = await thread.call("waiterTake");
  for (;;) {
    answer = await attempt(waiter);
    if (answer !== Answer.WAIT) return answer;
    await thread.sleep(waiter, 0);
  }
}

/** Whatever cuts it off, its own repair too: repairs, leaves the line if it stands in one, as a host's call does, then ends. */
export const repairsItself =
  (body: Body): Body =>
  async (thread, seat) => {
    for (let next = () => body(thread, seat); ; ) {
      try {
        return await next();
      } catch (error) {
        if (!(error instanceof CutOff)) throw error;
        next = async () => {
          while ((await thread.call("threadRepair")) !== Answer.OK) await thread.yield();
          await thread.call("waiterWithdraw", seat.grip, seat.waiter);
        };
      }
    }
  };

export interface Scene {
  readonly name: string;
  readonly bound: number;
  readonly quick?: number;
  readonly deaths?: boolean;
  readonly cuts?: boolean;
  readonly kind: number;
  /** Offsets of words in the thing that are looked at without its lock: any value that they had will do. */
  readonly glanced?: readonly number[];
  /** More words on which threads may race with plain accesses. */
  readonly racy?: readonly Place[];
  /** Makes the thing: the grip of thread 0, who only sets up and looks at what is left. */
  make(exports: Shipped): number;
  readonly threads: readonly Body[];
  /** Whether a thread that sleeps in the end had reason to. Default: nobody has. */
  mayStayAsleep?(exports: Shipped, grip: number, end: End<Shipped>): void;
  check?(end: End<Shipped>, grip: number, seats: readonly Seat[]): void;
}

/** The thing is in order, and who sleeps stands in line, unless it sleeps on something else. */
function expectTidy({ memory, threads }: End<Shipped>, seats: readonly Seat[], kind: number): void {
  const things = thingsOf(memory, BASE);
  if (things.join() !== String(THING)) throw new Error(`expected one thing at ${THING}, got ${things}`);
  const ofThreads = (among: (fate: string) => boolean): string =>
    seats.flatMap(({ number }, i) => (among(threads[i]?.fate ?? "") ? [number] : [])).join();
  const sorted = (numbers: number[]): string => numbers.sort((one, other) => one - other).join();
  const grips = sorted(gripsOn(memory, THING));
  const holders = ["0", ofThreads((fate) => fate !== "dead")].filter((each) => each !== "").join();
  if (grips !== holders) throw new Error(`expected grips of threads ${holders}, got ${grips}`);
  const waiting = sorted(inLine(memory, THING).map(({ thread }) => thread));
  const asleep = ofThreads((fate) => fate === "asleep");
  for (const [i, { number, waiter }] of seats.entries()) {
    if (!isApart(memory, waiter) && threads[i]?.fate !== "asleep")
      throw new Error(`expected thread ${number} in no line`);
  }
  // Those of a pool may sleep until they hear of a task's end.
  if (waiting !== asleep && (kind !== Kind.TASKS || waiting !== "")) {
    throw new Error(`expected threads ${asleep || "none"} in line, got ${waiting || "none"}`);
  }
}

/** A program on one thing. Whatever happens in it, in the end nothing is locked and no memory is lost. */
export function scene({
  kind,
  glanced = [],
  racy = [],
  make,
  threads,
  mayStayAsleep,
  check,
  ...rest
}: Scene): Program<Shipped> {
  let host = 0;
  let used = 0;
  let seats: Seat[] = [];
  return {
    ...rest,
    deaths: rest.deaths === true,
    bytes: BYTES,
    // A block that is freed twice, or never was one: hands.ts forgives it, and it may be another's by now.
    idle: ({ text, line }) => line.startsWith("assembly/sync/hands.ts") && text === "store<u32>(hand, 0);",
    racy: [...racy, ...glanced.map((offset) => THING + offset)],
    // Recoverers have one as well.
    journals: Array.from({ length: threads.length + rest.bound + 1 }, (_, thread) => logOf(thread)),
    places: {
      thing: [THING, THING + 256],
      registry: BASE + 16,
      ...Object.fromEntries(threads.map((_, i) => [`thread ${i}`, [recordOf(i + 1), recordOf(i + 2)] as const])),
      arena: [ARENA, BYTES],
    },
    setup: (exports) => {
      exports.attach(BASE, 0, 1);
      if (exports.contextInit(BYTES - BASE) !== 1) throw new Error("expected room for a context");
      used = exports.memoryUsed();
      host = assertAddress(make(exports));
      const address = exports.thingAddress(host);
      if (address !== THING) throw new Error(`expected the thing at ${THING}, got ${address}`);
      const identity = exports.thingIdentity(host);
      seats = threads.map((_, i) => {
        exports.attach(BASE, i + 1, 1);
        const grip = assertAddress(exports.thingGrasp(address, identity, kind));
        return { number: i + 1, grip, waiter: recordOf(i + 1) + OWN_WAITER };
      });
      exports.attach(BASE, 0, 1);
      for (let number = 0; number <= threads.length + rest.bound + 1; number++) spoilLog(exports, number);
    },
    // Whoever recovers the dead may not sleep.
    attach: (exports, number) => exports.attach(BASE, number + 1, number < threads.length ? 1 : 0),
    threads: threads.map((body, i) => (thread) => body(thread, seats[i] as Seat)),
    ...(rest.deaths === true
      ? { recover: async (thread, dead) => (await thread.call("threadRecover", dead + 1)) === Answer.OK }
      : {}),
    mayEndAsleep: () => mayStayAsleep !== undefined,
    check: (end) => {
      const { exports } = end;
      expectTidy(end, seats, kind);
      exports.attach(BASE, 0, 1);
      if (end.threads.some(({ fate }) => fate === "asleep")) mayStayAsleep?.(exports, host, end);
      check?.(end, host, seats);
      const waiting = inLine(end.memory, THING);
      for (const [i, seat] of seats.entries()) {
        if (end.deaths.includes(i)) continue;
        exports.attach(BASE, seat.number, 1);
        for (const { waiter, thread } of waiting) if (thread === seat.number) exports.waiterWithdraw(seat.grip, waiter);
        assertOk("thingClose", exports.thingClose(seat.grip));
      }
      exports.attach(BASE, 0, 1);
      assertOk("thingClose", exports.thingClose(host));
      assertOk("thingsTidy", exports.thingsTidy());
      if (exports.memoryUsed() !== used) {
        throw new Error(`expected ${used} bytes in use when all is closed, got ${exports.memoryUsed()}`);
      }
    },
  };
}
