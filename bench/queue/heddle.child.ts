/**
 * Heddle as a contender: its queues as one uses them from JavaScript, in Workers of one's own.
 *
 *   heddle.child.js PLAN… any|f64|batch [SPIN]
 *
 *   any     `new Queue()`, `new PriorityQueue()`
 *   f64     the same of type "f64"
 *   batch   type "f64", `putManySync` and `getManySync` of 64
 *
 * SPIN is how often a waiting thread looks before it sleeps; without it, it adapts.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { attach, PriorityQueue, Queue, type Share, share } from "heddle";
import {
  ARRAY_LENGTH,
  BATCH,
  type Figures,
  firstState,
  IDLE_GETTERS,
  nextState,
  type Order,
  orderOf,
  priorityOf,
  STORED,
} from "./config.js";
import { type Pass, type Plan, printFigures, readPlan, runCrew, type Seat, Trips, unpack, work } from "./crew.js";

interface Luggage {
  readonly share: Share;
  readonly queue: Queue<unknown>["handle"];
  /** The way back of a ping-pong. */
  readonly back: Queue<unknown>["handle"];
}

function optionsOf({ capacity, options }: Plan) {
  const [how, spin] = options;
  return {
    maxsize: capacity,
    ...(how === "any" ? {} : { type: "f64" as const }),
    ...(spin === undefined ? {} : { spin: Number(spin) }),
  };
}

/** This thread's pass over its items. */
function passOf(plan: Plan, { role, index }: Seat, { queue: handle, back: backHandle }: Luggage) {
  if (role === "pair") return pairs(PriorityQueue.from<never, number>(handle), index + 1);
  const queue = Queue.from<unknown>(handle);
  switch (role) {
    case "put":
      return plan.options[0] === "batch" ? putBatches(queue as Queue<number>) : put(queue, plan.kind);
    case "get":
      return plan.options[0] === "batch" ? getBatches(queue as Queue<number>) : get(queue, plan.kind);
    case "call":
      return call(queue as Queue<number>, Queue.from<number>(backHandle));
    default:
      return echo(queue, Queue.from<unknown>(backHandle));
  }
}

function put(queue: Queue<unknown>, kind: Plan["kind"]): (items: number) => Pass {
  const array = new Float64Array(ARRAY_LENGTH);
  const make = {
    objects: orderOf,
    arrays(number: number): Float64Array {
      // Put in copies it.
      array[0] = number;
      array[ARRAY_LENGTH - 1] = number;
      return array;
    },
  };
  return (items) => {
    if (kind === "objects") for (let i = 1; i <= items; i++) queue.putSync(make.objects(i));
    else if (kind === "arrays") for (let i = 1; i <= items; i++) queue.putSync(make.arrays(i));
    else for (let i = 1; i <= items; i++) queue.putSync(i);
    return { sum: 0 };
  };
}

function get(queue: Queue<unknown>, kind: Plan["kind"]): (items: number) => Pass {
  return (items) => {
    let sum = 0;
    if (kind === "objects") {
      for (let i = 0; i < items; i++) sum += (queue.getSync() as Order).id;
    } else if (kind === "arrays") {
      let isRight = true;
      for (let i = 0; i < items; i++) {
        const array = queue.getSync() as Float64Array;
        sum += array[0] as number;
        isRight &&= array[0] === array[ARRAY_LENGTH - 1];
      }
      if (!isRight) sum = -1;
    } else {
      for (let i = 0; i < items; i++) sum += queue.getSync() as number;
    }
    return { sum };
  };
}

function putBatches(queue: Queue<number>): (items: number) => Pass {
  const batch = new Float64Array(BATCH);
  return (items) => {
    for (let i = 0; i < items; i += BATCH) {
      for (let k = 0; k < BATCH; k++) batch[k] = i + k + 1;
      queue.putManySync(batch);
    }
    return { sum: 0 };
  };
}

function getBatches(queue: Queue<number>): (items: number) => Pass {
  return (items) => {
    let sum = 0;
    for (let i = 0; i < items; ) {
      const batch = queue.getManySync(Math.min(BATCH, items - i));
      for (let k = 0; k < batch.length; k++) sum += batch[k] as number;
      i += batch.length;
    }
    return { sum };
  };
}

function call(out: Queue<number>, back: Queue<number>): (items: number) => Pass {
  return (items) => {
    const trips = new Trips(items);
    let sum = 0;
    for (let i = 1; i <= items; i++) {
      const begun = performance.now();
      out.putSync(i);
      sum += back.getSync();
      trips.add(begun, performance.now());
    }
    return { sum, ...trips.percentiles() };
  };
}

function echo(out: Queue<unknown>, back: Queue<unknown>): (items: number) => Pass {
  return (items) => {
    for (let i = 0; i < items; i++) back.putSync(out.getSync());
    return { sum: 0 };
  };
}

/** The sum of both passes: the queue's contents are checked as a whole. */
function pairs(queue: PriorityQueue<never, number>, stream: number): (items: number) => Pass {
  let state = firstState(stream);
  let sum = 0;
  return (items) => {
    for (let i = 0; i < items; i++) {
      state = nextState(state);
      queue.putSync(priorityOf(state));
      sum += queue.getSync();
    }
    return { sum };
  };
}

async function run(plan: Plan): Promise<Figures> {
  const options = optionsOf(plan);
  const ranked = new PriorityQueue<never, number>(options);
  const [queue, back] = [new Queue(options), new Queue(options)];
  const isRanked = plan.kind === "priority";
  if (isRanked) {
    let state = firstState(0);
    for (let i = 0; i < STORED; i++) {
      state = nextState(state);
      ranked.putSync(priorityOf(state));
    }
  }
  const luggage = (): { data: Luggage; transfer: Share["transfer"] } => {
    const ours = share();
    const data = { share: ours, queue: isRanked ? ranked.handle : queue.handle, back: back.handle };
    return { data, transfer: ours.transfer };
  };
  if (plan.kind === "idle") return idle(plan, queue, luggage);
  const figures = await runCrew(new URL(import.meta.url), plan, luggage);
  if (!isRanked) return figures;
  let rest = 0;
  let last = -1;
  for (let i = 0; i < STORED; i++) {
    const next = ranked.getSync();
    rest = next >= last && rest >= 0 ? rest + next : -1;
    last = next;
  }
  return { ...figures, sum: rest < 0 ? -1 : figures.sum + rest };
}

/** Threads that wait while nothing comes: the processor time of this whole process meanwhile. Then each gets a 1. */
async function idle(
  plan: Plan,
  queue: Pick<Queue<number>, "putSync">,
  luggage: () => { data: Luggage; transfer: Share["transfer"] },
): Promise<Figures> {
  const waiters = Array.from({ length: IDLE_GETTERS }, () => {
    const { data, transfer } = luggage();
    const bag = { idle: data };
    const worker = new Worker(new URL(import.meta.url), { workerData: bag, transferList: transfer });
    const next = () => new Promise<number>((resolve) => worker.once("message", resolve));
    return { worker, next, started: next() };
  });
  await Promise.all(waiters.map(({ started }) => started));
  // Past what starting threads leaves behind: code that is still being compiled, garbage.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = process.cpuUsage();
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, plan.items));
  const { user, system } = process.cpuUsage(before);
  const milliseconds = performance.now() - begun;
  const answers = waiters.map(({ next }) => next());
  for (let i = 0; i < IDLE_GETTERS; i++) queue.putSync(1);
  const sum = (await Promise.all(answers)).reduce((a, b) => a + b, 0);
  await Promise.all(waiters.map(({ worker }) => worker.terminate()));
  return { seconds: milliseconds / 1000, sum, percent: (user + system) / 10 / milliseconds };
}

if (isMainThread) {
  printFigures(await run(readPlan()));
  process.exit();
} else if ("idle" in workerData) {
  const { idle: data } = workerData as { idle: Luggage };
  await attach(data.share);
  parentPort?.postMessage(0);
  parentPort?.postMessage(Queue.from<number>(data.queue).getSync());
} else {
  const { plan, seat, data } = unpack<Luggage>();
  await attach(data.share);
  await work(passOf(plan, seat, data));
}
