/**
 * What a worker for threads and pools does all its life: takes its seat, then one duty after the other.
 *
 * Role: the worker's script.
 */
import { platform } from "#platform";
import { serveTasks } from "../pool/work.js";
import { beginDuty, takeSeat } from "../runtime/crew/seat.js";
import type { Duty, HandMessage } from "../runtime/protocol.js";
import { runThread } from "../threads/work.js";
import { keepClasses } from "./classes.js";

/**
 * Makes this Web Worker, or worker thread of Node, one of Heddle's: to be called once by a script that is given as `threadUrl`, when a bundle has to bring its own.
 *
 * @example
 *   // heddle-thread.js, bundled with your own modules
 *   import { serveThread } from "heddle";
 *   serveThread();
 */
export async function serveThread(): Promise<void> {
  keepClasses();
  try {
    const { member, post, listen, duty } = await takeSeat();
    const perform = async (duty: Duty): Promise<void> => {
      beginDuty();
      if (duty.kind === "thread") await runThread(member, duty.thread);
      else await serveTasks(member, duty.pool, duty.plan, () => post({ kind: "fit" } satisfies HandMessage));
      post({ kind: "free" } satisfies HandMessage);
    };
    listen((command) => {
      if (command.kind === "stop") platform.exit();
      else perform(command.duty).catch(die);
    });
    post({ kind: "ready" });
    if (duty !== undefined) perform(duty).catch(die);
  } catch (error) {
    die(error);
  }
}

/** Ends this worker by an error that nobody catches: a rejection would not do, for of those no page hears. */
function die(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
