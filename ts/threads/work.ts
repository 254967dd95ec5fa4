/**
 * What a worker does for a thread: finds its function, runs it, says how it ended.
 *
 * Role: a worker of the workshop, between two duties.
 */
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer, Kind, ThreadOutcome } from "../runtime/core/core-things.js";
import { busy, type Member } from "../runtime/core/member.js";
import { setCurrent } from "../runtime/crew/seat.js";
import type { Ref } from "../runtime/protocol.js";
import { type Handle, letGo } from "../sync/thing.js";
import { isExit } from "./exit.js";
import { fill } from "./freight.js";
import { callHook, inheritHook } from "./hook.js";
import { type Luggage, unpack } from "./luggage.js";
import { find, loadExport } from "./target.js";
import { handleOfThread, reviveThread, Thread } from "./thread.js";
import { afterwards } from "./timer.js";

/** Runs a thread to its end. */
export async function runThread(member: Member, ref: Ref): Promise<void> {
  const grip = member.call(() => member.core.thingGrasp(ref.address, ref.id, Kind.THREAD)) >>> 0;
  if (grip === Answer.STALE) return;
  if (grip < LEAST_ADDRESS) throw busy();
  try {
    // It was ended before it began.
    if (member.settle(() => member.core.threadRun(grip)) !== Answer.OK) return;
    const block = member.words[member.blockAt]! >>> 0;
    setCurrent(ref);
    const { outcome, exitCode } = await run(member, handleOfThread(member, ref), block);
    member.settle(() => member.core.threadFinish(grip, outcome, exitCode));
  } finally {
    setCurrent(undefined);
    letGo(member, grip);
  }
}

interface Ending {
  readonly outcome: number;
  readonly exitCode: number;
}

async function run(member: Member, handle: Handle, block: number): Promise<Ending> {
  inheritHook(null);
  let thread: Thread | undefined;
  try {
    const packed = unpack(member, block);
    inheritHook(packed.hook);
    const luggage =
      packed.holey === undefined ? packed : { ...packed, args: (await fill(member, packed.holey)) as unknown[] };
    if (luggage.self === null) {
      thread = Thread.from(handle);
      await runTarget(luggage);
    } else {
      const { self, args } = luggage;
      const target = luggage.target === null ? undefined : await find(luggage.target);
      const made = (await loadExport(self.url, self.name)) as typeof Thread;
      thread = reviveThread(member, handle, made, { fields: self.fields, target, args });
      await thread.run(...args);
    }
    return { outcome: ThreadOutcome.RETURNED, exitCode: 0 };
  } catch (error) {
    if (isExit(error)) return { outcome: ThreadOutcome.RETURNED, exitCode: error.code };
    thread ??= Thread.from(handle);
    await callHook({ error, thread, name: thread.name, ident: thread.ident ?? 0 });
    return { outcome: ThreadOutcome.THREW, exitCode: 1 };
  }
}

async function runTarget({ target, args, timer }: Luggage): Promise<void> {
  const act = async (): Promise<void> => {
    if (target !== null) await (await find(target))(...args);
  };
  await (timer === undefined ? act() : afterwards(timer, act));
}
