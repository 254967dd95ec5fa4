/**
 * Repair: an operation of a thread that lives on was cut off (a trap, a stack overflow): undoes it.
 *
 * Role: the thread itself, before its next operation.
 */
import { ARENA_NOT_INSIDE, arenaRepair } from "../memory/arena-repair";
import { ARENA_OFFSET, Context, Thread, contextOf } from "../memory/layout";
import { EVERYONE, futexWake } from "../sync/futex";
import { lockOwner, unlock } from "../sync/lock";
import { enterRegistry, leaveRegistry } from "../sync/registry";
import { undo } from "../sync/section";
import { OK } from "../sync/status";
import { TASKS, Thing, begin, completeRelease, end, givers, joiners, takers } from "../sync/thing";
import { Tasks } from "../tasks/records";
import { wakeMailboxes } from "../tasks/tasks";
import { List, WOKEN, Waiter, notify } from "../sync/waiter";

/** @returns OK; BUSY: the sections are repaired, but not all sleepers could be woken: call again */
export function repair(me: Thread): i32 {
  const context = contextOf(me);
  const arena = context + ARENA_OFFSET;
  const registry = context + offsetof<Context>("registryLock");
  const section = me.section;
  // Also when it was not inside: the cut may lie between the release of that lock and its notify.
  const wasInArena = arenaRepair(arena, me.number, section) != ARENA_NOT_INSIDE;
  if (!wasInArena && section != 0 && lockOwner(section) == me.number) {
    undo(me);
    if (section != <u32>registry) completeRelease(changetype<Thing>(section - offsetof<Thing>("lock")));
    unlock(section, me.number);
  } else if (section != 0) {
    // The cut may lie between the release of that lock and its notify.
    futexWake(section, EVERYONE);
  }
  // While it recovers another thread it holds both.
  if (lockOwner(registry) == me.number) unlock(registry, me.number);
  futexWake(registry, EVERYONE);
  me.section = 0;
  return wakeWoken(me);
}

/** Wakes again whoever was woken: the cut may lie between the section and its notify. */
function wakeWoken(me: Thread): i32 {
  let status = enterRegistry(me);
  if (status != OK) return status;
  let address = load<u32>(contextOf(me), offsetof<Context>("things"));
  while (address != 0 && status == OK) {
    const thing = changetype<Thing>(address);
    address = thing.next;
    status = begin(me, thing);
    if (status != OK) break;
    wakeOf(takers(thing));
    wakeOf(givers(thing));
    wakeOf(joiners(thing));
    end(me, thing);
    if (thing.kind == TASKS) status = wakeMailboxes(me, changetype<Tasks>(thing));
  }
  leaveRegistry(me);
  return status;
}

function wakeOf(list: List): void {
  for (let address = list.first; address != 0; address = changetype<Waiter>(address).next) {
    if (changetype<Waiter>(address).word == WOKEN) notify(address);
  }
}
