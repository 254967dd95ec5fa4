/**
 * The objects that stand for threads here, and which thread this is.
 *
 * Role: any thread that takes part in a context.
 */
import type { Member } from "../runtime/core/member.js";
import { currentRef } from "../runtime/crew/seat.js";
import type { Ref } from "../runtime/protocol.js";
import type { Thing } from "../sync/thing.js";

/** Objects of this thread by what they stand for: there is one for each, as long as somebody has it. */
const objects = new Map<string, WeakRef<Thing>>();
const gone = new FinalizationRegistry<string>((key) => {
  if (objects.get(key)?.deref() === undefined) objects.delete(key);
});

/** @param context identity of the context, @param identity that of the record in it */
function keyOf(context: string, identity: number): string {
  return `${context} ${identity}`;
}

/** An object that stands for the thread with this identity. */
export function remember(thread: Thing, context: string, identity: number): void {
  const key = keyOf(context, identity);
  objects.set(key, new WeakRef(thread));
  gone.register(thread, key);
}

export function known(context: string, identity: number): Thing | undefined {
  const thread = objects.get(keyOf(context, identity))?.deref();
  return thread === undefined || thread.closed ? undefined : thread;
}

let names = 0;

/** The next name that nobody has said. Counted on each thread: a name identifies nothing. */
export function nextName(target: string): string {
  names++;
  return target === "" ? `Thread-${names}` : `Thread-${names} (${target})`;
}

/** The record of the thread that runs here, in the context of `member`: none of a pool's worker, of a guest. */
export function refHere(member: Member): Ref | undefined {
  return currentRef(member.id) ?? (member.number === 0 ? member.workshop?.main() : undefined);
}
