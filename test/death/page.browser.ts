/** The page that makes the contexts, kills and accounts, for the runner that looks on from outside. */
import type { Library } from "../runtime/library.js";
import { within } from "../semantics/within.js";
import type { Body, Crew, Engine } from "./crew.js";
import { LOCKS, type LockName } from "./lock-loads.js";
import { drawLockRound, lockRound } from "./lock-round.js";
import { QUEUES, type QueueName } from "./queue-loads.js";
import { drawQueueRound, queueRound } from "./queue-round.js";

/** A round that hangs is known after so many seconds. */
const SECONDS = 110;

const LIBRARY = new URL("/browser.js", location.href).href;
const library = (await import(LIBRARY)) as Library;

const engine: Engine = {
  library: LIBRARY,
  endings: ["terminate", "terminate", "exit"],
  spawn: () => bodyOf(new Worker(new URL("/death-worker.js", location.href), { type: "module" })),
};

/** Nothing tells of an end here: it is over when it was ordered. The library takes it for dead some seconds later. */
function bodyOf(worker: Worker): Body {
  let exit = (): void => {};
  return {
    post: (order, transfer) => worker.postMessage(order, [...transfer]),
    listen(onMessage, onError, onExit) {
      exit = onExit;
      worker.addEventListener("message", ({ data }) => {
        onMessage(data);
        if (data.kind === "over" || data.kind === "dying") onExit();
      });
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        onError(new Error(`a worker failed: ${event.message}`));
      });
    },
    terminate: () => {
      worker.terminate();
      exit();
    },
  };
}

/** One round, in a context of its own. @returns its report */
async function runRound(type: QueueName | LockName, deaths: number, within_: number, seed: number): Promise<object> {
  const heddle = library.createHeddle();
  let crew: Crew | undefined;
  const onCrew = (it: Crew): void => {
    crew = it;
  };
  const memoryIsBack = async (used: number): Promise<void> => {
    while (heddle.info().memory.used !== used) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const isQueue = (name: string): name is QueueName => QUEUES.includes(name as QueueName);
  const round: Promise<object> = isQueue(type)
    ? queueRound(library, heddle, engine, drawQueueRound(type, deaths, within_, seed), onCrew, memoryIsBack)
    : lockRound(library, heddle, engine, drawLockRound(type, deaths, within_, seed), onCrew, memoryIsBack);
  const report = await within(SECONDS, () => `${type}, seed ${seed}: ${crew?.describe()}`, round);
  await heddle.close();
  return report;
}

Object.assign(globalThis, { runRound, TYPES: [...QUEUES, ...LOCKS] });
