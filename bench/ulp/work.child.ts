/** A worker of the bench: measures a batch whenever it is asked to. */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { boundOf } from "./bound.js";
import { readHardPoints } from "./hard-points.js";
import { measureBatch, measureHardPoints, type Tally } from "./measure.js";
import { RANGES } from "./ranges.js";
import { REFERENCES } from "./reference/index.js";
import type { Luggage, Task } from "./run.js";
import { openSubject, type Subject } from "./subject.js";

const { provider, seed } = workerData as Luggage;
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(provider)), {});
const hardPoints = readHardPoints();
const subjects = new Map<string, Subject>();

function run({ name, batch }: Task): Tally {
  const subject = subjects.get(name) ?? openSubject(exports, name);
  subjects.set(name, subject);
  const floor = boundOf(name)?.floor;
  if (batch === null) return measureHardPoints(subject, hardPoints.get(name) ?? [], floor);
  return measureBatch(subject, RANGES[name]!, REFERENCES[name]!, floor, batch, seed);
}

parentPort!.on("message", (task: Task) => parentPort!.postMessage(run(task)));
