/**
 * The core's exports for locks and queues as TypeScript sees them (assembly/core-things.ts, export by export), what they answer, and what they leave in
 * the thread's record. Booleans are 0 or 1, and any number but 0 is true where one is expected.
 */
export interface CoreThings {
  queueMake(kind: number, maxsize: number, spin: number): number;
  mutexMake(reentrant: number, spin: number): number;
  conditionMake(spin: number): number;
  semaphoreMake(permits: number, bound: number, spin: number): number;
  eventMake(spin: number): number;
  barrierMake(parties: number, spin: number): number;
  readWriteMake(spin: number): number;
  onceMake(spin: number): number;
  counterMake(value: number): number;
  thingGrasp(address: number, identity: number, kind: number): number;
  thingAddress(grip: number): number;
  thingIdentity(grip: number): number;
  thingClose(grip: number): number;
  thingsTidy(): number;
  thingWaiting(grip: number): number;
  threadItem(): number;
  threadScratch(): number;
  threadWaiter(): number;
  threadValueHand(): number;
  waiterTake(): number;
  valueTake(bytes: number): number;
  valueDrop(): number;
  waiterPark(waiter: number, milliseconds: number): number;
  waiterWithdraw(grip: number, waiter: number): number;
  threadRepair(): number;
  queuePut(grip: number, waiter: number, tag: number, block: number, number: number, priority: number): number;
  queueGet(grip: number, waiter: number): number;
  queuePutMany(grip: number, waiter: number, source: number, count: number): number;
  queueGetMany(grip: number, waiter: number, target: number, most: number): number;
  queueSpinForItem(grip: number): number;
  queueSpinForRoom(grip: number): number;
  queueTaskDone(grip: number): number;
  queueJoin(grip: number, waiter: number): number;
  queueLeaveJoin(grip: number, waiter: number): number;
  queueShutdown(grip: number, immediate: number): number;
  queueShut(grip: number): number;
  queueSize(grip: number): number;
  queueUnfinished(grip: number): number;
  queueMaxsize(grip: number): number;
  queueSetMaxsize(grip: number, maxsize: number): number;
  queueSnapshot(grip: number, target: number, room: number): number;
  queuePutNumber(grip: number, tag: number, number: number): number;
  queueGetNumber(grip: number, tag: number): number;
  queuePutBlocking(grip: number, tag: number, block: number, number: number, priority: number): number;
  queueGetBlocking(grip: number): number;
  mutexAcquire(grip: number, waiter: number, identity: number): number;
  mutexRelease(grip: number, ticket: number): number;
  mutexReleaseAll(grip: number, ticket: number): number;
  mutexReacquire(grip: number, waiter: number, identity: number, ticket: number, depth: number): number;
  mutexIsHeldBy(grip: number, ticket: number): number;
  mutexIsLocked(grip: number): number;
  conditionAwait(grip: number, waiter: number): number;
  conditionSettle(grip: number, hasMutex: number): number;
  conditionNotify(grip: number, count: number): number;
  conditionNotifyAll(grip: number): number;
  semaphoreAcquire(grip: number, waiter: number): number;
  semaphoreRelease(grip: number, count: number): number;
  semaphoreValue(grip: number): number;
  eventSet(grip: number): number;
  eventClear(grip: number): number;
  eventIsSet(grip: number): number;
  eventAwait(grip: number, waiter: number): number;
  barrierArrive(grip: number, waiter: number): number;
  barrierOpen(grip: number, round: number, succeeded: number): number;
  barrierLeave(grip: number, waiter: number, breaks: number): number;
  barrierBreak(grip: number, forGood: number): number;
  barrierParties(grip: number): number;
  barrierWaiting(grip: number): number;
  barrierIsBroken(grip: number): number;
  readAcquire(grip: number, waiter: number): number;
  readRelease(grip: number): number;
  writeAcquire(grip: number, waiter: number): number;
  writeRelease(grip: number, ticket: number): number;
  onceEnter(grip: number, waiter: number): number;
  onceFinish(grip: number, succeeded: number): number;
  onceIsDone(grip: number): number;
  counterAdd(grip: number, n: number): number;
  counterValue(grip: number): number;
  counterSet(grip: number, value: number): void;
  counterExchange(grip: number, expected: number, value: number): number;

  tasksMake(maxsize: number, spin: number): number;
  taskPrepare(bytes: number): number;
  tasksServe(address: number, identity: number): number;
  tasksSubmit(grip: number, waiter: number, task: number, priority: number): number;
  tasksLook(grip: number): void;
  tasksTake(grip: number, waiter: number): number;
  tasksFinish(grip: number, task: number, state: number, tag: number, block: number, number: number): number;
  tasksReap(grip: number, mailbox: number): number;
  tasksDrop(): number;
  tasksCancel(grip: number, task: number): number;
  tasksDoom(grip: number, task: number): number;
  tasksShutdown(grip: number, immediate: number): number;
  tasksJoin(grip: number, waiter: number): number;
  tasksQueued(grip: number): number;
  tasksRunning(grip: number): number;
  tasksBegun(grip: number): number;
  tasksAnnounceDeath(grip: number): number;
  tasksDeaths(grip: number): number;
  mailboxLook(mailbox: number): number;
  mailboxOpen(grip: number): number;
  mailboxClose(grip: number, mailbox: number): number;
  definitionPrepare(bytes: number): number;
  tasksDefine(grip: number): number;
  tasksBreak(grip: number): number;
  tasksBroken(grip: number): number;
  tasksDefinition(grip: number, key: number): number;
  threadGeneration(number: number): number;
  threadMake(nameBytes: number): number;
  threadRename(grip: number, bytes: number): number;
  threadName(grip: number, target: number, room: number): number;
  threadStart(grip: number, isDaemon: number): number;
  threadRun(grip: number): number;
  threadFinish(grip: number, outcome: number, exitCode: number): number;
  threadFail(grip: number, bytes: number): number;
  threadReason(grip: number, target: number, room: number): number;
  threadAbandon(grip: number): number;
  threadJoin(grip: number, waiter: number): number;
  threadPhase(grip: number): number;
  threadIdent(grip: number): number;
  threadIsDaemon(grip: number): number;
  threadRunner(grip: number): number;
  threadOutcome(grip: number): number;
  threadExitCode(grip: number): number;
  threadsList(target: number, room: number): number;
  threadsStartedBy(number: number, target: number, room: number): number;
  threadsLively(): number;
}

/** Answers (assembly/sync/status.ts). */
export const Answer = {
  OK: 0,
  BUSY: 1,
  CUT_OFF: 2,
  WAIT: 3,
  NO_MEMORY: 4,
  SHUT: 5,
  STALE: 6,
  REFUSED: 7,
  BROKEN: 8,
  ABANDONED: 9,
  RUN: 10,
} as const;

/** `waiterWithdraw` answers with this plus the outcome. */
export const WITHDRAWN = 16;
/** Outcomes of a wait from here up are final (assembly/sync/waiter.ts, GRANTED and FAILED). */
export const GRANTED = 1;

/** Kinds of things (assembly/sync/thing.ts). */
export const Kind = {
  FIFO: 1,
  LIFO: 2,
  PRIORITY: 3,
  LOCK: 4,
  RLOCK: 5,
  CONDITION: 6,
  SEMAPHORE: 7,
  EVENT: 8,
  BARRIER: 9,
  READ_WRITE: 10,
  ONCE: 11,
  COUNTER: 12,
  TASKS: 13,
  THREAD: 14,
} as const;

/** States of a task (assembly/tasks/records.ts). */
export const TaskState = { QUEUED: 0, RUNNING: 1, DONE: 2, FAILED: 3, CANCELLED: 4, DOOMED: 5, LOST: 6 } as const;

/** States of a thread, and how it ended (assembly/tasks/thread.ts). */
export const ThreadPhase = { NEW: 0, STARTED: 1, RUNNING: 2, ENDED: 3 } as const;
export const ThreadOutcome = { RETURNED: 0, THREW: 1, DIED: 2, NEVER_BEGAN: 3 } as const;

/** Bytes at `threadScratch()`. */
export const SCRATCH_BYTES = 512;

/** Offsets in the thread's item (assembly/memory/layout.ts, Item). */
export const ItemAt = { TAG: 0, BLOCK: 4, NUMBER: 8, PRIORITY: 16, COUNT: 24 } as const;
