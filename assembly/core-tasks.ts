/**
 * The core's exports for pools and threads: each operation for the thread of this instance. Answers and waiters are as in core-things.ts.
 */
import { base, me } from "./instance";
import { ARENA_LEAST_ADDRESS } from "./memory/arena";
import { Thread, threadAt } from "./memory/layout";
import { closeGrip } from "./recovery/close";
import { empty, anyHand, take, valueHand } from "./sync/hands";
import { enrol, enterRegistry, grasp, leaveRegistry, make } from "./sync/registry";
import { OK } from "./sync/status";
import { Grip, SERVES, TASKS, THREAD } from "./sync/thing";
import { DEFINITION_BYTES, Mailbox, TASKS_BYTES, TASK_BYTES, Task, Tasks } from "./tasks/records";
import * as tasks from "./tasks/tasks";
import * as threads from "./tasks/thread";

/** @param maxsize tasks that may wait at most, 0: as many as the memory holds */
export function tasksMake(maxsize: u32, spin: i32): usize {
  const status = make(me(), TASKS, TASKS_BYTES, spin);
  if (status != OK) return status;
  changetype<Tasks>(me().hand).maxsize = maxsize;
  return enrol(me());
}

/** A block for a task with so many bytes of arguments, in the value hand, its record cleared. @returns its address, or a status */
export function taskPrepare(bytes: u32): usize {
  const status = take(me(), valueHand(me()), TASK_BYTES + bytes);
  if (status != OK) return status;
  memory.fill(me().handValue, 0, TASK_BYTES);
  return me().handValue;
}

/** `thingGrasp` for a thread that is going to run the tasks: its grip keeps nothing open. */
export function tasksServe(address: u32, identity: u32): usize {
  const grip = grasp(me(), address, identity, TASKS);
  if (grip < ARENA_LEAST_ADDRESS) return grip;
  let status = enterRegistry(me());
  if (status != OK) return status;
  changetype<Grip>(grip).role = SERVES;
  const served = tasks.tasksOf(changetype<Grip>(grip));
  tasks.setServer(served, me().number, true);
  const isOver = !tasks.hasClients(served, -1);
  leaveRegistry(me());
  // The last of them may have gone a moment ago, when this grip looked like one of theirs.
  if (isOver) status = tasks.shutdown(me(), changetype<Grip>(grip), false);
  return status == OK ? grip : status;
}

export function tasksSubmit(grip: Grip, waiter: usize, task: u32, priority: f64): i32 {
  return tasks.submit(me(), grip, waiter, task, priority);
}

export function tasksLook(grip: Grip): void {
  tasks.look(me(), grip);
}

export function mailboxLook(mailbox: Mailbox): bool {
  return tasks.lookInto(mailbox);
}

export function tasksTake(grip: Grip, waiter: usize): i32 {
  return tasks.take(me(), grip, waiter);
}

export function tasksFinish(grip: Grip, task: Task, state: i32, tag: i32, block: u32, number: f64): i32 {
  return tasks.finish(me(), grip, task, state, tag, block, number);
}

export function tasksReap(grip: Grip, mailbox: Mailbox): i32 {
  return tasks.reap(me(), grip, mailbox);
}

/** Frees what `tasksReap` handed over. */
export function tasksDrop(): i32 {
  const status = empty(me(), valueHand(me()));
  return status == OK ? empty(me(), anyHand(me())) : status;
}

export function tasksCancel(grip: Grip, task: Task): i32 {
  return tasks.cancel(me(), grip, task);
}

export function tasksDoom(grip: Grip, task: Task): i32 {
  return tasks.doom(me(), grip, task);
}

export function tasksShutdown(grip: Grip, immediate: bool): i32 {
  return tasks.shutdown(me(), grip, immediate);
}

export function tasksJoin(grip: Grip, waiter: usize): i32 {
  return tasks.join(me(), grip, waiter);
}

export function tasksQueued(grip: Grip): u32 {
  return tasks.queued(grip);
}

export function tasksRunning(grip: Grip): u32 {
  return tasks.running(grip);
}

export function tasksBegun(grip: Grip): i32 {
  return tasks.begun(me(), grip);
}

export function tasksAnnounceDeath(grip: Grip): i32 {
  return tasks.announceDeath(me(), grip);
}

export function tasksDeaths(grip: Grip): u32 {
  return tasks.deaths(grip);
}

/** @returns its address, or a status */
export function mailboxOpen(grip: Grip): usize {
  return tasks.openMailbox(me(), grip);
}

export function mailboxClose(grip: Grip, mailbox: Mailbox): i32 {
  return tasks.closeMailbox(me(), grip, mailbox);
}

/** A block for a text of so many bytes, behind a record, in the value hand. @returns its address, or a status */
export function definitionPrepare(bytes: u32): usize {
  const status = take(me(), valueHand(me()), DEFINITION_BYTES + bytes);
  if (status != OK) return status;
  store<u32>(me().handValue, bytes, 8);
  store<u32>(me().handValue, 0, 12);
  return me().handValue;
}

export function tasksDefine(grip: Grip): i32 {
  return tasks.define(me(), grip);
}

/** Of a text in the value hand, as for `tasksDefine`. */
export function tasksBreak(grip: Grip): i32 {
  return tasks.breakDown(me(), grip);
}

/** Number of the definition that says why no task will be run any more, 0: none. */
export function tasksBroken(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<Tasks>("broken"));
}

export function tasksDefinition(grip: Grip, key: u32): i32 {
  return tasks.definitionOf(me(), grip, key);
}

/** How many threads have had this number: which of them is meant. */
export function threadGeneration(number: i32): i32 {
  return atomic.load<i32>(changetype<usize>(threadAt(base, number)), offsetof<Thread>("generation"));
}

/** A thread that has not begun; its name is in the value hand. */
export function threadMake(nameBytes: u32): usize {
  const status = make(me(), THREAD, threads.THREAD_THING_BYTES, 0);
  if (status != OK) return status;
  const grip = enrol(me());
  if (grip < ARENA_LEAST_ADDRESS) return grip;
  const named = threads.rename(me(), changetype<Grip>(grip), nameBytes);
  if (named == OK) return grip;
  closeGrip(me(), changetype<Grip>(grip));
  return named;
}

export function threadRename(grip: Grip, bytes: u32): i32 {
  return threads.rename(me(), grip, bytes);
}

export function threadName(grip: Grip, target: usize, room: u32): i32 {
  return threads.nameOf(me(), grip, target, room);
}

export function threadStart(grip: Grip, isDaemon: bool): i32 {
  return threads.start(me(), grip, isDaemon);
}

export function threadRun(grip: Grip): i32 {
  return threads.run(me(), grip);
}

export function threadFinish(grip: Grip, outcome: u32, exitCode: i32): i32 {
  return threads.finishThread(me(), grip, outcome, exitCode);
}

export function threadFail(grip: Grip, bytes: u32): i32 {
  return threads.failThread(me(), grip, bytes);
}

export function threadReason(grip: Grip, target: usize, room: u32): i32 {
  return threads.reasonOf(me(), grip, target, room);
}

export function threadAbandon(grip: Grip): i32 {
  return threads.abandonThread(me(), grip);
}

export function threadJoin(grip: Grip, waiter: usize): i32 {
  return threads.joinThread(me(), grip, waiter);
}

/** NEW 0, STARTED 1, RUNNING 2, ENDED 3 */
export function threadPhase(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<threads.ThreadThing>("state"));
}

export function threadIdent(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<threads.ThreadThing>("ident"));
}

export function threadIsDaemon(grip: Grip): bool {
  return atomic.load<u32>(grip.thing, offsetof<threads.ThreadThing>("isDaemon")) != 0;
}

/** Number of the worker that runs it, -1 while none does. */
export function threadRunner(grip: Grip): i32 {
  return atomic.load<i32>(grip.thing, offsetof<threads.ThreadThing>("runner")) - 1;
}

/** RETURNED 0, THREW 1, DIED 2, NEVER_BEGAN 3; means something once it is ENDED. */
export function threadOutcome(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<threads.ThreadThing>("outcome"));
}

export function threadExitCode(grip: Grip): i32 {
  return atomic.load<i32>(grip.thing, offsetof<threads.ThreadThing>("exitCode"));
}

export function threadsList(target: usize, room: u32): i32 {
  return threads.listThreads(me(), -1, target, room);
}

/** Those that a thread has started, and nobody has taken up. */
export function threadsStartedBy(number: i32, target: usize, room: u32): i32 {
  return threads.listThreads(me(), number, target, room);
}

export function threadsLively(): i32 {
  return threads.countLively(me());
}
