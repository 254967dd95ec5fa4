/**
 * Heddle inside WebAssembly as a contender: the core's sources with loops over its queues (assembly/heddle.ts), a context
 * without a host. What a program in AssemblyScript gets.
 *
 *   core.child.js PLAN… PATH SPIN
 *
 * SPIN is how often a waiting thread looks before it sleeps; -1 adapts.
 */
import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { STORED } from "./config.js";
import { type Pass, type Plan, printFigures, readPlan, runCrew, seatsOf, Trips, unpack, work } from "./crew.js";

/** The exports of assembly/heddle.ts that are called here. */
interface Loops {
  attach(context: number, thread: number, mayBlock: number): void;
  contextInit(size: number): number;
  queueMake(kind: number, maxsize: number, spin: number): number;
  queueSize(grip: number): number;
  thingAddress(grip: number): number;
  thingIdentity(grip: number): number;
  thingGrasp(address: number, identity: number, kind: number): number;
  putNumbers(queue: number, first: number, count: number): number;
  getNumbers(queue: number, count: number): number;
  echo(from: number, to: number, count: number): number;
  trip(out: number, back: number, value: number): number;
  setStream(stream: number): void;
  fill(queue: number, count: number): number;
  pairs(queue: number, count: number): number;
}

interface Handle {
  readonly kind: number;
  readonly address: number;
  readonly identity: number;
}

interface Shared {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly thread: number;
  readonly handles: readonly Handle[];
}

const FIFO = 1;
const PRIORITY = 3;
const PAGES = 1024;
const PAGE_BYTES = 65_536;
/** Of the context, as the host has it. */
const BASE = 1024;
/** Below are statuses, from here on addresses. */
const LEAST_ADDRESS = 16;
/** Items per call of a loop: V8 never replaces a running function by its optimised version. */
const SLICE = 4096;

function instantiate(shared: Omit<Shared, "handles">): Loops {
  const { memory, module, thread } = shared;
  const loops = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Loops;
  loops.attach(BASE, thread, 1);
  return loops;
}

/** @throws when it is a status instead */
function address(answer: number): number {
  if (answer >>> 0 < LEAST_ADDRESS) throw new Error(`expected an address, got status ${answer}`);
  return answer >>> 0;
}

/** @throws when it is another status */
function assertOk(status: number): void {
  if (status !== 0) throw new Error(`expected status 0, got ${status}`);
}

function makeQueue(loops: Loops, kind: number, capacity: number, spin: number): { grip: number; handle: Handle } {
  const grip = address(loops.queueMake(kind, capacity, spin));
  return { grip, handle: { kind, address: loops.thingAddress(grip), identity: loops.thingIdentity(grip) } };
}

/** Calls `act` for slices of `items`, with the first index of each and how many it has. */
function inSlices(items: number, act: (first: number, count: number) => void): void {
  for (let i = 0; i < items; i += SLICE) act(i, Math.min(SLICE, items - i));
}

/** This thread's pass over its items. */
function passOf(loops: Loops, queues: readonly number[]): (items: number) => Pass {
  const { seat } = unpack();
  const [queue = 0, back = 0] = queues;
  switch (seat.role) {
    case "put":
      return (items) => {
        inSlices(items, (first, count) => assertOk(loops.putNumbers(queue, first + 1, count)));
        return { sum: 0 };
      };
    case "get":
      return (items) => {
        let sum = 0;
        inSlices(items, (_, count) => {
          sum += loops.getNumbers(queue, count);
        });
        return { sum };
      };
    case "call":
      return (items) => {
        const trips = new Trips(items);
        let sum = 0;
        for (let i = 1; i <= items; i++) {
          const begun = performance.now();
          sum += loops.trip(queue, back, i);
          trips.add(begun, performance.now());
        }
        return { sum, ...trips.percentiles() };
      };
    case "echo":
      return (items) => {
        inSlices(items, (_, count) => assertOk(loops.echo(queue, back, count)));
        return { sum: 0 };
      };
    case "pair":
      // The sum of both passes: the queue's contents are checked as a whole.
      return ((total) => (items: number) => {
        inSlices(items, (_, count) => {
          total += loops.pairs(queue, count);
        });
        return { sum: total };
      })(0);
  }
}

async function run(plan: Plan): Promise<void> {
  const [path = "", spin] = plan.options;
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const module = new WebAssembly.Module(readFileSync(path));
  const loops = instantiate({ memory, module, thread: 0 });
  if (loops.contextInit(PAGES * PAGE_BYTES - BASE) === 0) throw new Error("the core refused its memory");
  const kind = plan.kind === "priority" ? PRIORITY : FIFO;
  const queues = [0, 1].map(() => makeQueue(loops, kind, plan.capacity, Number(spin)));
  const [{ grip }] = queues as [(typeof queues)[number]];
  if (kind === PRIORITY) {
    loops.setStream(0);
    assertOk(loops.fill(grip, STORED));
  }
  const handles = queues.map(({ handle }) => handle);
  const numbers = new Map(seatsOf(plan).map(({ role, index }, place) => [`${role} ${index}`, place + 1]));
  const figures = await runCrew(new URL(import.meta.url), plan, ({ role, index }) => ({
    data: { memory, module, handles, thread: numbers.get(`${role} ${index}`) ?? 0 } satisfies Shared,
  }));
  if (kind !== PRIORITY) return printFigures(figures);
  let rest = 0;
  let last = -1;
  for (let i = 0; i < STORED; i++) {
    const next = loops.getNumbers(grip, 1);
    rest = next >= last && rest >= 0 ? rest + next : -1;
    last = next;
  }
  printFigures({ ...figures, sum: rest < 0 ? -1 : figures.sum + rest });
}

if (isMainThread) {
  await run(readPlan());
} else {
  const { seat, data } = unpack<Shared>();
  const loops = instantiate(data);
  loops.setStream(seat.index + 1);
  const queues = data.handles.map((handle) => address(loops.thingGrasp(handle.address, handle.identity, handle.kind)));
  await work(passOf(loops, queues));
}
