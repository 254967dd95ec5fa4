/**
 * The inside of a `Thread` that runs cases: gets their numbers from one queue, puts what came of them into another.
 *
 * Role: what `CasesInThread` starts, in Node and in browsers.
 */
import { onRejection } from "./browser-channel.js";
import { CASES } from "./cases/index.js";
import type { Library, Queue, Thread } from "./library.js";
import { type PlainError, plainError } from "./messages.js";
import { Stage } from "./stage.js";
import type { Engine } from "./threads.js";
import type { Where } from "./world.js";

/** A number that no case has: the end. */
export const NO_MORE = -1;

export async function serveCases(
  requests: Queue<number>,
  answers: Queue<PlainError | null>,
  library: string,
  targets: string,
  where: Where,
): Promise<void> {
  const heddle = (await import(library)) as Library;
  const stage = new Stage(heddle, where, {
    library,
    targets,
    share: () => Promise.reject(new Error("expected no worker of a case's own in a thread")),
    used: () => (heddle.currentThread() as Thread)["member"].core.memoryUsed() >>> 0,
    onRejection: hearRejections,
  } satisfies Engine);
  for (let index = await requests.get(); index !== NO_MORE; index = await requests.get()) {
    const failure = await stage.run(CASES[index]!).then(() => null, plainError);
    await answers.put(failure);
  }
}

function hearRejections(hear: (reason: unknown) => void): void {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (process?.on === undefined) onRejection(hear);
  else process.on("unhandledRejection", hear);
}
