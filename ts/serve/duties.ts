/**
 * What a worker for threads and pools does all its life: takes its seat, then one duty after the other.
 *
 * Role: the worker's script.
 */
import { platform } from "#platform";
import { serveTasks } from "../pool/work.js";
import type { Member } from "../runtime/core/member.js";
import { beginDuty, takeSeat } from "../runtime/crew/seat.js";
import type { Duty, HandMessage, Ref } from "../runtime/protocol.js";

/** What not every duty needs: threads, and with them the classes that handles may be of and the library's own tasks. */
interface Rest {
  runThread(member: Member, ref: Ref): Promise<void>;
}

/** @param rest loads it, when a duty asks for it */
export async function serve(rest: () => Promise<Rest>): Promise<void> {
  try {
    const { member, post, listen, duty } = await takeSeat();
    const perform = async (duty: Duty): Promise<void> => {
      beginDuty();
      if (duty.kind === "thread") await (await rest()).runThread(member, duty.thread);
      else await serveTasks(member, duty.pool, duty.plan, rest, () => post({ kind: "fit" } satisfies HandMessage));
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
