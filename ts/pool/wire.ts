/**
 * Tasks in shared memory, as the host writes and reads them (assembly/tasks/records.ts).
 *
 * Role: any thread, for tasks that are its own at the moment: in its hand, run by it, or reaped by it.
 */
import { codecOf, decodeBytes } from "../queue/item.js";
import { LEAST_ADDRESS } from "../runtime/core.js";
import { Answer } from "../runtime/core-things.js";
import { busy, type Member } from "../runtime/member.js";
import { DEFINITION_BYTES } from "../runtime/workshop.js";
import { Tag } from "../values/tags.js";

/** Offsets in a task's record. */
const At = {
  STATE: 8,
  RUNNER: 12,
  FLAG: 16,
  MAILBOX: 20,
  DEFINITION: 24,
  SHAPE: 28,
  TAG: 32,
  BYTES: 36,
  NUMBER: 40,
  OUTCOME_TAG: 48,
  OUTCOME_BLOCK: 52,
  OUTCOME_NUMBER: 56,
  QUEUED_AT: 64,
  BEGUN_AT: 72,
  ENDED_AT: 80,
} as const;

const TASK_BYTES = 96;
const NUMBER_BIT = 1 << 8;

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
} as const;

/** Milliseconds since 1970 on every thread. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

const codec = () => codecOf(undefined);

/**
 * Writes a task into the value hand.
 *
 * @returns its address; or BUSY
 * @throws {TransferError} @throws {OutOfMemoryError}
 */
export function writeTask(member: Member, value: unknown, definition: number, shape: number, mailbox: number): number {
  const encoded = codec().encode(value);
  const hasBytes = encoded.tag >= Tag.FIRST_WITH_BYTES;
  const bytes = hasBytes ? encoded.byteLength : 0;
  if (bytes >= 2 ** 31) throw member.outOfMemory(bytes);
  const task = member.call(() => member.core.taskPrepare(bytes)) >>> 0;
  if (task === Answer.NO_MEMORY) throw member.outOfMemory(bytes);
  if (task < LEAST_ADDRESS) {
    encoded.keep();
    return task;
  }
  const { words, floats } = member;
  words[(task + At.MAILBOX) >>> 2] = mailbox;
  words[(task + At.DEFINITION) >>> 2] = definition;
  words[(task + At.SHAPE) >>> 2] = shape;
  words[(task + At.TAG) >>> 2] = encoded.tag | (hasBytes && encoded.number !== 0 ? NUMBER_BIT : 0);
  words[(task + At.BYTES) >>> 2] = bytes;
  floats[(task + At.NUMBER) >>> 3] = encoded.number;
  floats[(task + At.QUEUED_AT) >>> 3] = clock();
  if (hasBytes) encoded.write(member.bytes, task + TASK_BYTES);
  return task;
}

/** What is to be done, of a task that this thread has taken. */
export interface Work {
  readonly task: number;
  readonly definition: number;
  readonly shape: number;
  readonly value: unknown;
}

export function readTask({ words, floats, bytes }: Member, task: number): Work {
  floats[(task + At.BEGUN_AT) >>> 3] = clock();
  const tag = words[(task + At.TAG) >>> 2]!;
  const size = words[(task + At.BYTES) >>> 2]!;
  const start = task + TASK_BYTES;
  const value =
    (tag & 0xff) === Tag.NUMBER
      ? floats[(task + At.NUMBER) >>> 3]
      : (tag & 0xff) < Tag.FIRST_WITH_BYTES
        ? codec().decode(tag & 0xff, floats[(task + At.NUMBER) >>> 3]!, bytes, 0, 0)
        : decodeBytes(codec(), tag, bytes, start, start + size);
  return { task, definition: words[(task + At.DEFINITION) >>> 2]!, shape: words[(task + At.SHAPE) >>> 2]!, value };
}

/** The word that is raised when a task should end. */
export function flagAt(task: number): number {
  return (task + At.FLAG) >>> 2;
}

/** Number of the thread that runs it, -1 while none does: a moment's truth. */
export function runnerOf({ words }: Member, task: number): number {
  return Atomics.load(words, (task + At.RUNNER) >>> 2) - 1;
}

export function stateOf({ words }: Member, task: number): number {
  return Atomics.load(words, (task + At.STATE) >>> 2);
}

/** Ends a task that this thread runs. @returns whether it did: else it was doomed. @throws {TransferError} the outcome cannot travel: then nothing has happened */
export function finishTask(member: Member, grip: number, task: number, state: number, outcome: unknown): boolean {
  const { core, floats } = member;
  const encoded = codec().encode(outcome);
  const hasBytes = encoded.tag >= Tag.FIRST_WITH_BYTES;
  let block = 0;
  if (hasBytes) {
    block = member.call(() => core.valueTake(encoded.byteLength)) >>> 0;
    if (block === Answer.NO_MEMORY) throw member.outOfMemory(encoded.byteLength);
    if (block < LEAST_ADDRESS) throw busy();
    encoded.write(member.bytes, block);
  }
  floats[(task + At.ENDED_AT) >>> 3] = clock();
  const tag = encoded.tag | (hasBytes && encoded.number !== 0 ? NUMBER_BIT : 0);
  const number = hasBytes ? encoded.byteLength : encoded.number;
  return member.call(() => core.tasksFinish(grip, task, state, tag, block, number)) === Answer.OK;
}

/** A task that is over, as its mailbox hears of it. */
export interface Ended {
  readonly task: number;
  readonly state: number;
  readonly queuedAt: number;
  readonly begunAt: number;
  readonly endedAt: number;
}

/** What the hands hold after a `tasksReap`. */
export function readEnded({ words, floats, blockAt }: Member): Ended {
  const task = words[blockAt]! >>> 0;
  return {
    task,
    state: words[(task + At.STATE) >>> 2]!,
    queuedAt: floats[(task + At.QUEUED_AT) >>> 3]!,
    begunAt: floats[(task + At.BEGUN_AT) >>> 3]!,
    endedAt: floats[(task + At.ENDED_AT) >>> 3]!,
  };
}

/** The outcome of a task in the hands. @throws {HandleError} it holds an object of Heddle's that is gone */
export function readOutcome({ words, floats, bytes }: Member, task: number): unknown {
  const tag = words[(task + At.OUTCOME_TAG) >>> 2]!;
  const number = floats[(task + At.OUTCOME_NUMBER) >>> 3]!;
  if ((tag & 0xff) === Tag.NUMBER) return number;
  if ((tag & 0xff) < Tag.FIRST_WITH_BYTES) return codec().decode(tag & 0xff, number, bytes, 0, 0);
  const block = words[(task + At.OUTCOME_BLOCK) >>> 2]! >>> 0;
  return decodeBytes(codec(), tag, bytes, block, block + number);
}

/** Makes a value known to whoever takes tasks. @returns its number. @throws {TransferError} @throws {OutOfMemoryError} */
export function define(member: Member, grip: number, value: object): number {
  const encoded = codec().encode(value);
  const { byteLength } = encoded;
  const block = member.call(() => member.core.definitionPrepare(byteLength)) >>> 0;
  if (block === Answer.NO_MEMORY) throw member.outOfMemory(byteLength);
  if (block < LEAST_ADDRESS) throw busy();
  member.words[(block + 12) >>> 2] = encoded.tag | (encoded.number !== 0 ? NUMBER_BIT : 0);
  encoded.write(member.bytes, block + DEFINITION_BYTES);
  member.settle(() => member.core.tasksDefine(grip));
  return member.count;
}

/** The value of a number; a text where it was said by the workshop. */
export function definitionOf(member: Member, grip: number, key: number): unknown {
  member.settle(() => member.core.tasksDefinition(grip, key));
  const start = member.words[member.blockAt]! >>> 0;
  const end = start + member.count;
  const tag = member.words[(start - 4) >>> 2]!;
  if (tag === 0) return new TextDecoder().decode(member.bytes.slice(start, end));
  return decodeBytes(codec(), tag, member.bytes, start, end);
}
