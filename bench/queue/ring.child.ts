/**
 * The bare ring as a contender: assembly/ring.ts, one instance per thread on one shared memory.
 *
 *   ring.child.js PLAN… PATH wasm|calls|batch SPIN
 *
 *   wasm    loops over items run inside WebAssembly
 *   calls   a call from JavaScript per item
 *   batch   a call from JavaScript per batch of numbers
 */
import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { BATCH } from "./config.js";
import { type Pass, printFigures, readPlan, runCrew, Trips, unpack, work } from "./crew.js";

interface Ring {
  setSpin(looks: number): void;
  ringSize(): number;
  ringInit(ring: number): void;
  push(ring: number, value: number): void;
  pop(ring: number): number;
  pushMany(ring: number, from: number, count: number): void;
  popMany(ring: number, to: number, count: number): number;
  pushNumbers(ring: number, first: number, count: number): void;
  popNumbers(ring: number, count: number): number;
  echo(from: number, to: number, count: number): void;
  trip(out: number, back: number, value: number): number;
}

interface Shared {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
}

/** Where the two rings and each thread's batch lie. */
const OUT = 1024;
const BACK = 33_792;
const BATCHES = 131_072;
/** Items per call of a loop inside WebAssembly: V8 never replaces a running function by its optimised version. */
const SLICE = 4096;

function instantiate({ memory, module }: Shared): Ring {
  const ring = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Ring;
  return ring;
}

/** A thread's pass over its items. */
function passOf(ring: Ring, shared: Shared, how: string): (items: number) => Pass {
  const { seat } = unpack();
  const at = BATCHES + 8 * BATCH * (2 * seat.index + (seat.role === "put" ? 0 : 1));
  const batch = new Float64Array(shared.memory.buffer, at, BATCH);
  switch (`${seat.role} ${how}`) {
    case "put wasm":
      return (items) => {
        for (let i = 0; i < items; i += SLICE) ring.pushNumbers(OUT, i + 1, Math.min(SLICE, items - i));
        return { sum: 0 };
      };
    case "get wasm":
      return (items) => {
        let sum = 0;
        for (let i = 0; i < items; i += SLICE) sum += ring.popNumbers(OUT, Math.min(SLICE, items - i));
        return { sum };
      };
    case "put calls":
      return (items) => {
        for (let i = 1; i <= items; i++) ring.push(OUT, i);
        return { sum: 0 };
      };
    case "get calls":
      return (items) => {
        let sum = 0;
        for (let i = 0; i < items; i++) sum += ring.pop(OUT);
        return { sum };
      };
    case "put batch":
      return (items) => {
        for (let i = 0; i < items; i += BATCH) {
          for (let k = 0; k < BATCH; k++) batch[k] = i + k + 1;
          ring.pushMany(OUT, at, BATCH);
        }
        return { sum: 0 };
      };
    case "get batch":
      return (items) => {
        let sum = 0;
        for (let i = 0; i < items; ) {
          const count = ring.popMany(OUT, at, Math.min(BATCH, items - i));
          for (let k = 0; k < count; k++) sum += batch[k] as number;
          i += count;
        }
        return { sum };
      };
    case "call calls":
      return (items) => {
        const trips = new Trips(items);
        let sum = 0;
        for (let i = 1; i <= items; i++) {
          const begun = performance.now();
          sum += ring.trip(OUT, BACK, i);
          trips.add(begun, performance.now());
        }
        return { sum, ...trips.percentiles() };
      };
    case "echo calls":
      return (items) => {
        for (let i = 0; i < items; i += SLICE) ring.echo(OUT, BACK, Math.min(SLICE, items - i));
        return { sum: 0 };
      };
    default:
      throw new Error(`expected wasm, calls or batch for ${seat.role}, got ${how}`);
  }
}

if (isMainThread) {
  const plan = readPlan();
  const [path = ""] = plan.options;
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
  const shared: Shared = { memory, module: new WebAssembly.Module(readFileSync(path)) };
  const ring = instantiate(shared);
  if (OUT + ring.ringSize() > BACK) throw new Error("the rings overlap");
  ring.ringInit(OUT);
  ring.ringInit(BACK);
  printFigures(await runCrew(new URL(import.meta.url), plan, () => ({ data: shared })));
} else {
  const { plan, data } = unpack<Shared>();
  const [, how = "", spin] = plan.options;
  const ring = instantiate(data);
  ring.setSpin(Number(spin));
  await work(passOf(ring, data, how));
}
