/**
 * Letting go of things: the last grip takes the thing apart.
 *
 * Role: any thread, outside sections.
 */
import { Context, Thread, contextOf } from "../memory/layout";
import { Queue } from "../queue/records";
import { discard } from "../queue/storage";
import { anyHand, empty } from "../sync/hands";
import { enterRegistry, leaveRegistry, shut, strike, unlink } from "../sync/registry";
import { OK } from "../sync/status";
import { Grip, LEAVES, PRIORITY, SERVES, TASKS, THREAD, Thing } from "../sync/thing";
import { Tasks } from "../tasks/records";
import { discardTasks, hasClients, setServer, shutdown } from "../tasks/tasks";
import { ThreadThing, discardThread } from "../tasks/thread";

/**
 * Gives up a grip; frees the thing when it was the last.
 *
 * @returns OK, BUSY, CUT_OFF. With OK the grip is gone; what could not be freed now is freed by the next `tidy`.
 */
export function closeGrip(me: Thread, grip: Grip): i32 {
  const thing = changetype<Thing>(grip.thing);
  let status = thing.kind == TASKS ? lapse(me, grip) : OK;
  if (status == OK) status = empty(me, anyHand(me));
  if (status == OK) status = enterRegistry(me);
  if (status != OK) return status;
  const wasLast = grip.held == 0 ? unlink(me, grip) : shut(me, grip);
  leaveRegistry(me);
  empty(me, anyHand(me));
  if (wasLast) dismantle(me, thing);
  return OK;
}

/** A pool that nobody but its workers has a part in takes no more tasks, and its workers go. @returns OK, BUSY, CUT_OFF: then call again */
function lapse(me: Thread, grip: Grip): i32 {
  const status = enterRegistry(me);
  if (status != OK) return status;
  const tasks = changetype<Tasks>(grip.thing);
  const wasServer = grip.role == SERVES;
  if (wasServer) setServer(tasks, me.number, false);
  // Two that go at a time must not take each other for one that stays.
  grip.role = LEAVES;
  const isOver = !hasClients(tasks, -1);
  leaveRegistry(me);
  return isOver && !wasServer ? shutdown(me, grip, false) : OK;
}

/** Takes a thing apart that nobody has a grip on and that is this thread's to take apart. @returns OK, BUSY, CUT_OFF: then it is not done yet */
function dismantle(me: Thread, thing: Thing): i32 {
  let status = OK;
  if (thing.kind <= PRIORITY) status = discard(me, changetype<Queue>(thing));
  else if (thing.kind == TASKS) status = discardTasks(me, changetype<Tasks>(thing));
  else if (thing.kind == THREAD) status = discardThread(me, changetype<ThreadThing>(thing));
  // Grips that are shut, one section each; then the thing itself.
  for (let isOver = false; status == OK && !isOver; ) {
    status = empty(me, anyHand(me));
    if (status == OK) status = enterRegistry(me);
    if (status != OK) return status;
    isOver = thing.grips == 0;
    if (isOver) strike(me, thing);
    else unlink(me, changetype<Grip>(thing.grips));
    leaveRegistry(me);
  }
  return status == OK ? empty(me, anyHand(me)) : status;
}

/** Takes apart what this thread could not before. @returns OK when nothing is left to do, BUSY, CUT_OFF */
export function tidy(me: Thread): i32 {
  for (;;) {
    let status = empty(me, anyHand(me));
    if (status == OK) status = enterRegistry(me);
    if (status != OK) return status;
    let address = load<u32>(contextOf(me), offsetof<Context>("things"));
    while (address != 0 && changetype<Thing>(address).closer != me.number + 1)
      address = changetype<Thing>(address).next;
    leaveRegistry(me);
    // It is ours to take apart, so nobody else frees it meanwhile.
    if (address == 0) return OK;
    status = dismantle(me, changetype<Thing>(address));
    if (status != OK) return status;
  }
  return OK;
}
