/** The module that workers load: of Heddle, piscina and tinypool by the names of its exports, of workerpool by registration. */
import { parentPort } from "node:worker_threads";
import { double, doubleAll, integral, nothing, pass } from "./functions.js";

export * from "./functions.js";

const functions = { double, doubleAll, integral, nothing, pass };

if (process.env.HEDDLE_BENCH_POOL === "workerpool") {
  const { default: workerpool } = await import("workerpool");
  workerpool.worker(functions);
} else if (process.env.HEDDLE_BENCH_POOL === "port") {
  parentPort?.on("message", ([id, name, argument]: [number, keyof typeof functions, never]) =>
    parentPort?.postMessage([id, functions[name](argument)]),
  );
}
