/**
 * Node (and Deno, Bun): worker_threads.
 *
 * Role: any thread.
 */
import { availableParallelism } from "node:os";
import {
  type MessagePort as NodePort,
  parentPort,
  type TransferListItem,
  threadId,
  Worker,
  workerData,
} from "node:worker_threads";
import { UnsupportedError } from "../errors.js";
import type {
  Hold,
  Lifeline,
  LifelineMessage,
  Platform,
  Role,
  Seat,
  SpawnEvents,
  SpawnedWorker,
  WatchEvents,
} from "./types.js";

/** Beside the library (scripts/products.mjs). */
const SCRIPTS: Readonly<Record<Role, string>> = {
  worker: "./worker.node.cjs",
  supervisor: "./supervisor.node.cjs",
  thread: "./thread.node.js",
};

function spawn(
  role: Role,
  url: string | undefined,
  data: object,
  events: SpawnEvents,
  flags: readonly string[] = [],
  transfer: Transferable[] = [],
): SpawnedWorker {
  const script = url ?? new URL(SCRIPTS[role], import.meta.url);
  // Flags such as --import belong to the program, not to workers that run none of it: they would slow each start or fail in it.
  const worker = start(typeof script === "string" ? scriptOf(script) : script, data, flags, transfer);
  worker.on("message", (message) => events.onMessage(message));
  worker.on("messageerror", (error) => events.onError(error));
  worker.on("error", (error) => events.onError(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => events.onDeath());
  let isTerminated = false;
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as TransferListItem[] | undefined),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    terminate: () => {
      // Each call waits for the end with a listener of its own: once is enough.
      if (!isTerminated) void worker.terminate();
      isTerminated = true;
    },
  };
}

/** Flags that a worker cannot be given, since they are the whole process's: it has them already. */
const ofTheProcess = new Set<string>();

/** Which they are, Node says when it refuses them: those of V8 (`--max-old-space-size`) among others, and no list tells them apart. */
const REFUSED = /invalid execArgv flags: (.*)$/;

function start(script: string | URL, workerData: object, flags: readonly string[], transfer: Transferable[]): Worker {
  const execArgv = flags.filter((flag) => !ofTheProcess.has(flag));
  try {
    return new Worker(script, { workerData, execArgv, transferList: transfer as TransferListItem[] });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const refused = code === "ERR_WORKER_INVALID_EXEC_ARGV" ? REFUSED.exec(message)?.[1]?.split(", ") : undefined;
    if (!refused?.some((flag) => execArgv.includes(flag))) throw error;
    for (const flag of refused) ofTheProcess.add(flag);
    return start(script, workerData, flags, transfer);
  }
}

/** `Worker` takes a path, or a URL object: a URL in a string is neither. */
function scriptOf(url: string): string | URL {
  return /^(file|data):/.test(url) ? new URL(url) : url;
}

/**
 * A thread's ports close when its environment is torn down. By then its JavaScript has stopped for good: after `terminate()` in a loop of Wasm or in
 * `Atomics.wait`, after `process.exit()` and whatever its `exit` handlers did, after an error or a normal end. The same goes for a thread that ended before
 * it received the port, and for ports in messages that it never read. Held by test/runtime/crew/share-deaths.test.ts.
 */
function watch({ port }: Lifeline, { onMessage, onDeath }: WatchEvents): () => void {
  const ours = nodePort(port);
  ours.on("close", onDeath);
  // Deno (2.9) tells of the close only those who listen to messages as well.
  ours.on("message", (message) => onMessage(message));
  ours.unref();
  return () => {
    ours.off("close", onDeath);
    ours.close();
  };
}

async function hold({ port }: Lifeline, hear: (message: unknown) => void): Promise<Hold> {
  const ports = [port];
  /** What the watcher is to get, as soon as there is a line to it: the first is the host's. */
  const unsent: unknown[] = [];
  const post = (message: unknown): void => {
    if (ports.length > 1) ports.at(-1)!.postMessage(message);
    else unsent.push(message);
  };
  port.onmessage = ({ data }: { data: LifelineMessage | { kind: "" } }) => {
    if (data.kind === "lifeline") {
      ports.push(data.port);
      for (const message of unsent.splice(0)) data.port.postMessage(message);
    } else {
      hear(data);
    }
  };
  nodePort(port).unref();
  const leave = (): void => {
    for (const each of ports) each.close();
  };
  return { number: undefined, post, leave };
}

/** Flags that say what the program is; of these the first have their value behind them. */
const WITH_VALUE = new Set(["-e", "--eval", "-p", "--print", "-pe"]);
const OF_THE_PROGRAM = /^(--input-type|--eval|--print|-i$|--interactive|-c$|--check|--test|--watch|--run)/;

/** The program's flags that mean something to a module of it: loaders, conditions, memory. */
function flags(): readonly string[] {
  const { execArgv } = process;
  return execArgv.filter(
    (flag, i) => !OF_THE_PROGRAM.test(flag) && !WITH_VALUE.has(flag) && !WITH_VALUE.has(execArgv[i - 1] ?? ""),
  );
}

/** A worker's `exit` event tells of its death. */
async function takeSeat(): Promise<Seat> {
  if (parentPort === null) {
    throw new UnsupportedError(
      "expected serveThread() in a script that Heddle starts as a worker, this one was started as a program; name it by `threadUrl`",
    );
  }
  return {
    data: workerData,
    post: (message, transfer) => parentPort?.postMessage(message, transfer as TransferListItem[] | undefined),
    listen: (hear) => void parentPort?.on("message", hear),
  };
}

const endings = new Set<() => void>();
const lookAtAll = (): void => {
  for (const look of endings) look();
};

/** One listener for all: Node warns of more than ten. */
function onEnding(look: () => void): () => void {
  if (endings.size === 0) process.on("beforeExit", lookAtAll);
  endings.add(look);
  return () => {
    endings.delete(look);
    if (endings.size === 0) process.off("beforeExit", lookAtAll);
  };
}

/** The same object: the page's types are in force outside this file. */
function nodePort(port: MessagePort): NodePort {
  return port as unknown as NodePort;
}

export const platform: Platform = {
  name: "node",
  identity: () => `${process.pid}.${threadId}.${process.hrtime.bigint()}`,
  parallelism: availableParallelism,
  mayBlock: () => true,
  threadsMissing: () => null,
  supervised: true,
  afterlife: 0,
  spawn,
  hearsOfLoss: true,
  watch,
  hold,
  flags,
  takeSeat,
  onEnding,
  exit: () => process.exit(),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};
