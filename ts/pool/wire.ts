/**
 * Tasks in shared memory, as the host writes and reads them (assembly/tasks/records.ts).
 *
 * Role: any thread, for tasks that are its own at the moment: in its hand, run by it, or reaped by it.
 */
import { codecOf, decode, numberOf, tagOf } from "../queue/item.js";
import { LEAST_ADDRESS, THREAD_STATES } from "../runtime/core/core.js";
import { Answer, TaskState } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { DEFINITION_BYTES } from "../runtime/crew/tasks-record.js";
import { type Holey, Incoming } from "../threads/freight.js";
import { Tag } from "../values/tags.js";
import { clock } from "./tally.js";

/** Offsets in a task's record. */
const At = {
  STATE: 8,
  RUNNER: 12,
  FLAG: 16,
  MAILBOX: 20,
  DEFINITION: 24,
  SHAPE: 28,
  TAG: 32,
  NUMBER: 40,
  OUTCOME_TAG: 48,
  OUTCOME_BLOCK: 52,
  OUTCOME_NUMBER: 56,
  QUEUED_AT: 64,
  BEGUN_AT: 72,
} as const;

const TASK_BYTES = 80;

/** Offset of the word that a mailbox's thread sleeps on, and of its serial number. */
export const MAILBOX_WORD = 24;
export const MAILBOX_SERIAL = 8;

/** How a function is applied to what came. */
export const Shape = {
  /** Its arguments are the elements of an array. */
  APPLY: 0,
  /** Once for each element: the outcome is the array of results. */
  MAP: 1,
  /** The same, where each element is an array of arguments. */
  STARMAP: 2,
  /** Its one argument is the value. */
  ONE: 3,
  /** It has no arguments, and the value is undefined. */
  NONE: 4,
  /** A bit: the value is a list without what is moved. */
  MOVED: 8,
} as const;

/** A bit of an outcome's tag: likewise. */
const MOVED_OUTCOME = 1 << 10;

const codec = () => codecOf(undefined);

/**
 * Writes a task into the value hand.
 *
 * @returns its address; or BUSY
 * @throws {TransferError} @throws {OutOfMemoryError}
 */
export function writeTask(member: Member, value: unknown, definition: number, shape: number, mailbox: number): number {
  const encoded = codec().encode(value);
  const { byteLength } = encoded;
  // The core counts in 32 bits.
  if (byteLength >= 2 ** 31) throw member.outOfMemory(byteLength);
  const task = member.call(() => member.core.taskPrepare(byteLength)) >>> 0;
  if (task === Answer.NO_MEMORY) throw member.outOfMemory(byteLength);
  if (task < LEAST_ADDRESS) return task;
  const { words, floats } = member;
  words[(task + At.MAILBOX) >>> 2] = mailbox;
  words[(task + At.DEFINITION) >>> 2] = definition;
  words[(task + At.SHAPE) >>> 2] = shape;
  words[(task + At.TAG) >>> 2] = tagOf(encoded);
  floats[(task + At.NUMBER) >>> 3] = numberOf(encoded);
  floats[(task + At.QUEUED_AT) >>> 3] = clock();
  encoded.write(member.bytes, task + TASK_BYTES);
  return task;
}

/** What is to be done, of a task that this thread has taken. */
export interface Work {
  readonly task: number;
  readonly definition: number;
  readonly shape: number;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
  readonly begunAt: number;
}

export function readTask({ words, floats }: Member, task: number): Work {
  const begunAt = clock();
  floats[(task + At.BEGUN_AT) >>> 3] = begunAt;
  return {
    task,
    definition: words[(task + At.DEFINITION) >>> 2]!,
    shape: words[(task + At.SHAPE) >>> 2]!,
    queuedAt: floats[(task + At.QUEUED_AT) >>> 3]!,
    begunAt,
  };
}

/** What the function is to be applied to. @throws {HandleError} it holds an object of Heddle's that is gone */
export function readArguments({ words, floats, bytes }: Member, { task }: Work): unknown {
  const tag = words[(task + At.TAG) >>> 2]!;
  const number = floats[(task + At.NUMBER) >>> 3]!;
  return decode(codec(), tag, number, bytes, task + TASK_BYTES);
}

/** The word that is raised when a task should end. */
export function flagAt(task: number): number {
  return (task + At.FLAG) >>> 2;
}

/** Number of the thread that runs it, -1 while none does: a moment's truth. */
export function runnerOf({ words }: Member, task: number): number {
  return Atomics.load(words, (task + At.RUNNER) >>> 2) - 1;
}

/** Whether the thread that runs it has died. Its number is no other's before the task's end is told. */
export function isLost(member: Member, task: number): boolean {
  const runner = runnerOf(member, task);
  return runner >= 0 && THREAD_STATES[member.core.threadState(runner)] === "DEAD";
}

export function stateOf({ words }: Member, task: number): number {
  return Atomics.load(words, (task + At.STATE) >>> 2);
}

/** Ends a task that this thread runs. @returns whether it did: else it was doomed. @throws {TransferError} the outcome cannot travel: then nothing has happened */
export function finishTask(
  member: Member,
  grip: number,
  task: number,
  state: number,
  outcome: unknown,
  isMoved = false,
): boolean {
  const { core } = member;
  const encoded = codec().encode(outcome);
  const { byteLength } = encoded;
  let block = 0;
  if (encoded.tag >= Tag.FIRST_WITH_BYTES) {
    block = member.address(() => core.valueTake(byteLength), byteLength);
    encoded.write(member.bytes, block);
  }
  const tag = tagOf(encoded) | (isMoved ? MOVED_OUTCOME : 0);
  const number = numberOf(encoded);
  return member.call(() => core.tasksFinish(grip, task, state, tag, block, number)) === Answer.OK;
}

/** Tag of an outcome that there was no memory for. */
const NO_ROOM = -1;

/** The same for a task whose outcome there is no memory for, nor for saying so. */
export function finishEmpty(member: Member, grip: number, task: number): boolean {
  const { core, count } = member;
  return member.call(() => core.tasksFinish(grip, task, TaskState.FAILED, NO_ROOM, 0, count)) === Answer.OK;
}

/** The outcome of a task in the hands; an `Incoming` when something of it is moved. @throws {HandleError} it holds an object of Heddle's that is gone */
export function readOutcome(member: Member, task: number): unknown {
  const { words, floats, bytes } = member;
  const tag = words[(task + At.OUTCOME_TAG) >>> 2]!;
  const number = floats[(task + At.OUTCOME_NUMBER) >>> 3]!;
  const block = words[(task + At.OUTCOME_BLOCK) >>> 2]! >>> 0;
  if (tag === NO_ROOM) return member.outOfMemory(number);
  if ((tag & MOVED_OUTCOME) === 0) return decode(codec(), tag, number, bytes, block);
  return new Incoming(decode(codec(), tag & ~MOVED_OUTCOME, number, bytes, block) as Holey);
}

/** Makes a value known to whoever takes tasks. @returns its number. @throws {TransferError} @throws {OutOfMemoryError} */
export function define(member: Member, grip: number, value: object): number {
  const encoded = codec().encode(value);
  const { byteLength } = encoded;
  const block = member.address(() => member.core.definitionPrepare(byteLength), byteLength);
  member.words[(block + 12) >>> 2] = tagOf(encoded);
  encoded.write(member.bytes, block + DEFINITION_BYTES);
  member.settle(() => member.core.tasksDefine(grip));
  return member.count;
}

/** The value of a number; a text where it was said by the workshop. */
export function definitionOf(member: Member, grip: number, key: number): unknown {
  member.settle(() => member.core.tasksDefinition(grip, key));
  const start = member.words[member.blockAt]! >>> 0;
  const { count } = member;
  const tag = member.words[(start - 4) >>> 2]!;
  if (tag === 0) return new TextDecoder().decode(member.bytes.slice(start, start + count));
  return decode(codec(), tag, count, member.bytes, start);
}
