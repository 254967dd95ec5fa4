/**
 * A thread's record in shared memory, made and named.
 *
 * Role: any thread.
 */
import { type Core, LEAST_ADDRESS } from "../core/core.js";
import { Answer } from "../core/core-things.js";
import type { Member } from "../core/member.js";
import type { Ref } from "../protocol.js";

/** The longest name, in UTF-16 units. */
export const NAME_MAXIMUM = 200;

/** The longest reason for which one never began, in bytes of UTF-8: what fits into the scratch. */
export const REASON_MAXIMUM = 500;

/** What may help where none can start. */
export const START_ADVICE = "check threadUrl and the page's Content-Security-Policy (worker-src)";

/** Writes a name into the value hand: UTF-16, low byte first. @returns OK, or what the core answered */
function writeName(member: Member, name: string): number {
  const block = member.call(() => member.core.valueTake(2 * name.length + 2)) >>> 0;
  if (block < LEAST_ADDRESS) return block;
  const units = new Uint16Array(member.memory.buffer, block, name.length);
  for (let i = 0; i < name.length; i++) units[i] = name.charCodeAt(i);
  return Answer.OK;
}

/** @returns the maker's grip, or what the core answered */
export function makeThread(member: Member, name: string): number {
  const answer = writeName(member, name);
  return answer === Answer.OK ? member.call(() => member.core.threadMake(2 * name.length)) >>> 0 : answer;
}

export function renameThread(member: Member, grip: number, name: string): number {
  const answer = writeName(member, name);
  return answer === Answer.OK ? member.call(() => member.core.threadRename(grip, 2 * name.length)) : answer;
}

export function nameOfThread(member: Member, grip: number): string {
  const bytes = 2 * NAME_MAXIMUM;
  member.settle(() => member.core.threadName(grip, member.scratch, bytes));
  return String.fromCharCode(...new Uint16Array(member.memory.buffer, member.scratch, member.count / 2));
}

/** Why a thread never began. */
export function reasonOfThread(member: Member, grip: number): string {
  member.settle(() => member.core.threadReason(grip, member.scratch, REASON_MAXIMUM));
  // A copy: not every engine decodes from shared memory.
  return new TextDecoder().decode(member.bytes.slice(member.scratch, member.scratch + member.count));
}

/** The record of the thread that made the context: it runs from the beginning, and is never over. */
export function makeMainThread(member: Member): Ref {
  const { core } = member;
  const grip = makeThread(member, "MainThread");
  if (grip < LEAST_ADDRESS) throw member.outOfMemory(0);
  member.settle(() => core.threadStart(grip, 0));
  member.settle(() => core.threadRun(grip));
  return refOf(core, grip);
}

export function refOf(core: Core, grip: number): Ref {
  return { address: core.thingAddress(grip) >>> 0, id: core.thingIdentity(grip) >>> 0 };
}
