/** The built library, as a program in Node gets it, and what tests of it have in common. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ContextOptions, Heddle, IntegrateResult } from "../../ts/index.js";
import { watchdog } from "../tools/watchdog.js";

export type Library = typeof import("../../ts/index.js");

/** Address of build/node.js: what `import` takes. */
export const LIBRARY_URL = pathToFileURL(join(process.cwd(), "build/node.js")).href;

export function loadLibrary(): Promise<Library> {
  return import(LIBRARY_URL) as Promise<Library>;
}

/**
 * x², in a twentieth of a millisecond: by the clock, so that work of many points takes its time on the fastest machine too. It is called back, and has the bits of the
 * text "x*x".
 */
export const LEISURELY = (x: number): number => {
  const end = performance.now() + 0.05;
  while (performance.now() < end);
  return x * x;
};

/** The 64 bits of a double as 16 hexadecimal digits: what "the same" means here. */
export function bitsOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

/** Bits of value and error, for one assertion on both. */
export function resultBits({ value, error }: Pick<IntegrateResult, "value" | "error">): string {
  return `${bitsOf(value)} ${bitsOf(error)}`;
}

/** Resolves as soon as `isTrue()`; a watchdog around it says when that never comes. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Resolves when the context's memory is as empty as before: the last worker leaves a job a moment after its result is out. */
export function memoryReturns(heddle: Heddle, used: number): Promise<void> {
  return until(() => heddle.info().memory.used === used);
}

/**
 * Runs `body` with a context of its own, under a watchdog that prints what the context is doing; closes it, however `body` ended.
 *
 * @param seconds until the watchdog barks
 */
export async function inContext(
  options: ContextOptions,
  body: (heddle: Heddle) => Promise<void>,
  seconds = 60,
): Promise<void> {
  const { createHeddle } = await loadLibrary();
  const heddle = createHeddle(options);
  const dog = watchdog(seconds, () => JSON.stringify(heddle.info()));
  try {
    await body(heddle);
    await heddle.close();
  } catch (error) {
    // Not awaited: what went wrong is told even if closing hangs. Left open, the context might keep the file from ending.
    void heddle.close().catch(() => {});
    throw error;
  } finally {
    dog.clear();
  }
}

/** How a call computes: on workers, or (while workers are no use for it) on the calling thread. The options are those that choose it. */
export const WAYS = [
  ["on threads", { threads: 2 }],
  ["on the calling thread", {}],
] as const;

/**
 * `inContext` for one of the ways. For the calling thread, calls that say no number of threads compute there however long they are: they are
 * chosen to where they would run if there were no threads.
 */
export function inContextFor(way: (typeof WAYS)[number][0], body: (heddle: Heddle) => Promise<void>): Promise<void> {
  return inContext({ threads: 2 }, async (heddle) => {
    if (way === "on the calling thread") computeHere(heddle);
    await body(heddle);
  });
}

/** Makes calls compute where they would if there were no threads. */
export function computeHere(heddle: Heddle): void {
  // Private on purpose: on a machine with threads nobody wants this. The compiler allows brackets.
  heddle["house"].choose = () => ({ threads: 1, inline: true, reason: "a test wants it" });
  heddle["house"].sharingOf = () => "a test wants it";
}

/** Has all rounds computed by as many workers as the call says, however short they are. */
export function shareAll(heddle: Heddle): void {
  // Private on purpose: nobody but a test wants this. The compiler allows brackets.
  heddle["house"].sharingOf = ({ threads = 2 }) => ({ threads, guess: 1, isWorth: () => true });
}

/** The error that `promise` rejects with; null when it resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error;
  }
}

/** Calls `hear` with the number of each worker of `heddle` that dies from now on. The crew must have been started. */
export function onDeath(heddle: Heddle, hear: (number: number) => void): void {
  // Private on purpose: nobody but a test wants to know. The compiler allows brackets.
  const crew = heddle["context"]["crew"];
  if (crew === undefined) throw new Error("expected a context whose crew was started: await heddle.start() first");
  const before = crew["hear"].bind(crew);
  crew["hear"] = (news) => {
    before(news);
    if (news.kind === "died") hear(news.number);
  };
}
