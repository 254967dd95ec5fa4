/**
 * The npm package `multithreading` as a contender: its channel, and a queue built from its Mutex and Condvar, both in
 * the blocking form.
 *
 *   multithreading.child.js PLAN… channel|mutex
 *
 * The package expects two things that Node has from version 21 and 22 on, `navigator` and `Promise.withResolvers`. They
 * are given to it here, so that it runs on the same engine as the others.
 */
import { isMainThread } from "node:worker_threads";
import type { Condvar, Mutex, Receiver, Sender } from "multithreading";
import { type Figures, type Order, orderOf } from "./config.js";
import { type Plan, printFigures, readPlan, type Seat, seatsOf, Trips } from "./crew.js";

/** What crosses to a task. The package's objects may only stand on the top level of its arguments, hence an array. */
type Arguments = readonly [program: string, plan: Plan, seat: Seat, gate: Int32Array, ...parts: unknown[]];

/** Words of the gate: whether it is open, and how many threads have come to it. */
const OPEN = 0;
const READY = 1;
/** Of a channel, for its items and the garbage they leave; the default of 64 KiB does not hold a thousand objects. */
const HEAP_BYTES = 2 ** 24;

interface Report {
  readonly sum: number;
  readonly end: string;
  readonly p50?: number;
  readonly p99?: number;
}

interface End {
  put(item: unknown): void;
  get(): unknown;
}

/** The channel's ends; a thread that only puts or only gets has only one. */
function channelEnd(sender: Sender<unknown> | null, receiver: Receiver<unknown> | null): End {
  return {
    put(item) {
      const result = sender?.blockingSend(item);
      if (result?.ok !== true) throw result?.error ?? new Error("expected a sender");
    },
    get() {
      const result = receiver?.blockingRecv();
      if (result?.ok !== true) throw result?.error ?? new Error("expected a receiver");
      return result.value;
    },
  };
}

/** A bounded queue of numbers as one writes it with a lock and two conditions: head, count, then the cells. */
function lockedEnd(mutex: Mutex<Float64Array<SharedArrayBuffer>>, notEmpty: Condvar, notFull: Condvar): End {
  return {
    put(item) {
      const guard = mutex.blockingLock();
      const words = guard.value;
      const capacity = words.length - 2;
      while (words[1] === capacity) notFull.blockingWait(guard);
      words[2 + (((words[0] as number) + (words[1] as number)) % capacity)] = item as number;
      words[1]!++;
      guard.dispose();
      notEmpty.notifyOne();
    },
    get() {
      const guard = mutex.blockingLock();
      const words = guard.value;
      const capacity = words.length - 2;
      while (words[1] === 0) notEmpty.blockingWait(guard);
      const head = words[0] as number;
      const item = words[2 + head];
      words[0] = (head + 1) % capacity;
      words[1]!--;
      guard.dispose();
      notFull.notifyOne();
      return item;
    },
  };
}

/** In a worker: both passes, with the gate between them. */
export function task([, plan, seat, gate, ...parts]: Arguments): Report {
  const threads = seat.role === "put" ? plan.producers : seat.role === "get" ? plan.consumers : 1;
  const ends = endsOf(plan, seat, parts);
  pass(plan, seat, ends, plan.warm / threads);
  Atomics.add(gate, READY, 1);
  Atomics.wait(gate, OPEN, 0);
  const result = pass(plan, seat, ends, plan.items / threads);
  return { ...result, end: String(process.hrtime.bigint()) };
}

function endsOf(plan: Plan, seat: Seat, parts: readonly unknown[]): End[] {
  if (plan.options[0] === "mutex") {
    const [mutex, notEmpty, notFull] = parts as [Mutex<Float64Array<SharedArrayBuffer>>, Condvar, Condvar];
    return [lockedEnd(mutex, notEmpty, notFull)];
  }
  const [first, second] = parts;
  switch (seat.role) {
    case "put":
      return [channelEnd(first as Sender<unknown>, null)];
    case "get":
      return [channelEnd(null, first as Receiver<unknown>)];
    default:
      return [channelEnd(first as Sender<unknown>, null), channelEnd(null, second as Receiver<unknown>)];
  }
}

function pass({ kind }: Plan, { role }: Seat, ends: readonly End[], items: number): Omit<Report, "end"> {
  const [first, second] = ends as [End, End];
  let sum = 0;
  if (role === "put") {
    for (let i = 1; i <= items; i++) first.put(kind === "objects" ? orderOf(i) : i);
    return { sum };
  }
  if (role === "get") {
    for (let i = 0; i < items; i++) {
      const item = first.get();
      sum += kind === "objects" ? (item as Order).id : (item as number);
    }
    return { sum };
  }
  if (role === "echo") {
    for (let i = 0; i < items; i++) first.put(second.get());
    return { sum };
  }
  const trips = new Trips(items);
  for (let i = 1; i <= items; i++) {
    const begun = performance.now();
    first.put(i);
    sum += second.get() as number;
    trips.add(begun, performance.now());
  }
  return { sum, ...trips.percentiles() };
}

async function run(plan: Plan): Promise<Figures> {
  const globals = globalThis as { navigator?: unknown };
  globals.navigator ??= { hardwareConcurrency: 4 };
  const promises = Promise as unknown as { withResolvers?: () => unknown };
  promises.withResolvers ??= withResolvers;
  const { channel, Condvar, initRuntime, move, Mutex, shutdown, spawn } = await import("multithreading");

  const seats = seatsOf(plan);
  initRuntime({ maxWorkers: seats.length });
  const gate = new Int32Array(new SharedArrayBuffer(8));
  let partsOf: (seat: Seat) => unknown[];
  if (plan.options[0] === "mutex") {
    const cells = new Float64Array(new SharedArrayBuffer(8 * (2 + plan.capacity)));
    const [mutex, notEmpty, notFull] = [new Mutex(cells), new Condvar(), new Condvar()];
    partsOf = () => [mutex, notEmpty, notFull];
  } else {
    const [sender, receiver] = channel<unknown>(plan.capacity, { size: HEAP_BYTES });
    const [backSender, backReceiver] = channel<unknown>(plan.capacity, { size: HEAP_BYTES });
    partsOf = ({ role }) => {
      if (role === "put") return [sender.clone()];
      if (role === "get") return [receiver.clone()];
      return role === "call" ? [sender.clone(), backReceiver.clone()] : [backSender.clone(), receiver.clone()];
    };
  }
  const reports = seats.map((seat) =>
    spawn(move(import.meta.url, plan, seat, gate, ...partsOf(seat)), async (...all: unknown[]) => {
      const program = (await import(all[0] as string)) as { task(all: unknown[]): Report };
      return program.task(all);
    }).join(),
  );
  while (Atomics.load(gate, READY) < seats.length) await new Promise((resolve) => setTimeout(resolve, 1));
  const begun = process.hrtime.bigint();
  Atomics.store(gate, OPEN, 1);
  Atomics.notify(gate, OPEN);
  const done = (await Promise.all(reports)).map((result) => {
    if (!result.ok) throw result.error;
    return result.value;
  });
  shutdown();
  const end = done.map((report) => BigInt(report.end)).reduce((a, b) => (a > b ? a : b));
  const caller = done.find(({ p50 }) => p50 !== undefined);
  return {
    seconds: Number(end - begun) / 1e9,
    sum: done.reduce((total, { sum }) => total + sum, 0),
    ...(caller?.p50 === undefined || caller.p99 === undefined ? {} : { p50: caller.p50, p99: caller.p99 }),
  };
}

function withResolvers(): unknown {
  const parts: { resolve?: unknown; reject?: unknown } = {};
  const promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return { promise, ...parts };
}

if (isMainThread) {
  printFigures(await run(readPlan()));
  // Its workers outlive the shutdown for a while.
  process.exit();
}
