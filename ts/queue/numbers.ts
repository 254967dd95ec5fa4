/**
 * Runs of numbers, which go between here and the core in one piece.
 *
 * They lie in the thread's scratch, or in a block in its value hand, from just before the core's call until just after it: code of the caller's, which may use
 * both, never runs in between.
 *
 * Role: any thread with a grip on a queue that is not by priority.
 */
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer, SCRATCH_BYTES } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";

/** Numbers that one call of the core moves at most. */
const MOST = 1024;
/** Those that the scratch has room for. A run that was taken and is shorter is all that there was. */
export const FEW = SCRATCH_BYTES / 8;

/** How many of so many a try is worth: what can go in at once, at most. */
export function worthTrying({ core }: Member, grip: number, count: number): number {
  if (count <= FEW) return count;
  const bound = core.queueMaxsize(grip) >>> 0;
  return Math.min(count, MOST, bound === 0 ? MOST : bound);
}

/**
 * Puts from[start, start + count) in, as many as there is room for.
 *
 * @param from runs nobody's code: when more than FEW are asked for, whatever is asked of it, else by index
 * @returns the core's answer; with OK `member.count` says how many
 */
export function putNumbers(
  member: Member,
  grip: number,
  waiter: number,
  from: Float64Array | readonly unknown[],
  start: number,
  count: number,
): number {
  const { core, floats, scratch } = member;
  const block = blockFor(member, count);
  const source = block === 0 ? scratch : block;
  const room = block === 0 ? Math.min(count, FEW) : count;
  const at = source >>> 3;
  if (room > FEW && from instanceof Float64Array) floats.set(from.subarray(start, start + room), at);
  else for (let i = 0; i < room; i++) floats[at + i] = from[start + i] as number;
  try {
    return member.call(() => core.queuePutMany(grip, waiter, source, room));
  } finally {
    drop(member, block);
  }
}

/**
 * Takes the numbers that would leave next.
 *
 * @returns them: none when something else would; or the core's answer when it is not OK
 */
export function takeNumbers(member: Member, grip: number, waiter: number, most: number): Float64Array | number {
  const { core, floats, scratch } = member;
  // No block for a thousand where there are ten: nothing is there while one waits.
  const count = most <= FEW ? most : Math.min(most, MOST, Math.max(FEW, core.queueSize(grip) >>> 0));
  const block = blockFor(member, count);
  const target = block === 0 ? scratch : block;
  const room = block === 0 ? Math.min(count, FEW) : count;
  try {
    const answer = member.call(() => core.queueGetMany(grip, waiter, target, room));
    if (answer !== Answer.OK) return answer;
    return floats.slice(target >>> 3, (target >>> 3) + member.count);
  } finally {
    drop(member, block);
  }
}

/**
 * A block for so many numbers, in the value hand; 0: the scratch must do, since they are few, or the memory has no room for more. Who empties a full queue
 * must not need memory to do so.
 */
function blockFor(member: Member, count: number): number {
  if (count <= FEW) return 0;
  const block = member.call(() => member.core.valueTake(8 * count)) >>> 0;
  return block < LEAST_ADDRESS ? 0 : block;
}

function drop(member: Member, block: number): void {
  if (block !== 0) member.call(() => member.core.valueDrop());
}
