/**
 * Registry: every thing of a context in one list, so that a death can find what the dead had a part in; and the grips on each, so that the last
 * to let go frees it.
 *
 *   thing   made with one grip -> living while it has open grips, or is awaited -> being taken apart by the thread that let go last -> gone
 *   grip    open -> gone, or, when it holds something that is to be given back, shut: until its thread takes another grip, or ends
 *
 * Role: any thread, outside sections.
 */
import { ARENA_OFFSET, Context, Thread, contextOf } from "../memory/layout";
import { arenaTotal } from "../memory/arena";
import { anyHand, empty, take } from "./hands";
import { enter, leave, set } from "./section";
import { OK, STALE } from "./status";
import { AWAITED, GRIP_BYTES, Grip, KEEPS, Thing } from "./thing";

function registryLock(context: usize): usize {
  return context + offsetof<Context>("registryLock");
}

// @ts-ignore: decorator
@inline
export function enterRegistry(me: Thread): i32 {
  return enter(me, registryLock(contextOf(me)));
}

// @ts-ignore: decorator
@inline
export function leaveRegistry(me: Thread): void {
  leave(me, registryLock(contextOf(me)));
}

/**
 * Takes a cleared block for a thing into the hand. The caller fills in what the kind needs, then calls `enrol`.
 *
 * @param bytes of the kind's record; the maker's grip goes behind it
 * @returns OK, BUSY, CUT_OFF or NO_MEMORY
 */
export function make(me: Thread, kind: u32, bytes: u32, spin: i32): i32 {
  const status = take(me, anyHand(me), bytes + GRIP_BYTES);
  if (status != OK) return status;
  const thing = changetype<Thing>(me.hand);
  memory.fill(changetype<usize>(thing), 0, bytes + GRIP_BYTES);
  thing.kind = kind;
  thing.spin = spin;
  thing.bytes = bytes + GRIP_BYTES;
  const grip = changetype<Grip>(changetype<usize>(thing) + bytes);
  grip.thing = me.hand;
  grip.thread = me.number;
  thing.grips = <u32>changetype<usize>(grip);
  return OK;
}

/** Makes the thing in the hand known. @returns address of the maker's grip; or BUSY or CUT_OFF, and the block is freed */
export function enrol(me: Thread): usize {
  const status = enterRegistry(me);
  if (status != OK) {
    empty(me, anyHand(me));
    return status;
  }
  const context = contextOf(me);
  const thing = changetype<Thing>(me.hand);
  const first = load<u32>(context, offsetof<Context>("things"));
  const identity = load<u32>(context, offsetof<Context>("identities")) + 1;
  set(me, context + offsetof<Context>("identities"), identity);
  thing.identity = identity;
  // Cleared by `make`: nothing is before it.
  thing.next = first;
  if (first != 0) set(me, first + offsetof<Thing>("previous"), me.hand);
  set(me, context + offsetof<Context>("things"), me.hand);
  set(me, anyHand(me), 0);
  const grip = thing.grips;
  leaveRegistry(me);
  return grip;
}

/**
 * Another grip on a thing that somebody told us of.
 *
 * @param address, identity, kind from a handle: anything at all may come
 * @returns address of the grip; or STALE, BUSY, CUT_OFF, NO_MEMORY
 */
export function grasp(me: Thread, address: u32, identity: u32, kind: u32): usize {
  if (!mayBeThing(me, address) || identity == 0) return STALE;
  let status = take(me, anyHand(me), GRIP_BYTES);
  if (status != OK) return status;
  status = enterRegistry(me);
  if (status == OK) {
    const thing = changetype<Thing>(address);
    if (thing.identity == identity && thing.kind == kind && thing.closer <= 0) {
      const kept = thing.closer == KEEPS ? keptBy(me, thing) : 0;
      const grip = kept == 0 ? link(me, thing) : reopen(me, thing, changetype<Grip>(kept));
      leaveRegistry(me);
      // What was taken for a grip that is not needed.
      empty(me, anyHand(me));
      return grip;
    }
    leaveRegistry(me);
    status = STALE;
  }
  empty(me, anyHand(me));
  return status;
}

/** Puts the block in the hand in front of the thing's grips. In the registry's section. */
function link(me: Thread, thing: Thing): usize {
  const grip = changetype<Grip>(me.hand);
  grip.thing = <u32>changetype<usize>(thing);
  grip.thread = me.number;
  grip.held = 0;
  grip.shut = 0;
  grip.role = 0;
  grip.previous = 0;
  grip.next = thing.grips;
  // One that is awaited may have none.
  if (thing.grips != 0) set(me, thing.grips + offsetof<Grip>("previous"), me.hand);
  set(me, changetype<usize>(thing) + offsetof<Thing>("grips"), me.hand);
  set(me, anyHand(me), 0);
  return changetype<usize>(grip);
}

/** A grip of this thread that was closed while it held something: with it, what it holds comes back to be given back. */
function keptBy(me: Thread, thing: Thing): usize {
  let address = thing.grips;
  while (address != 0 && (changetype<Grip>(address).shut == 0 || changetype<Grip>(address).thread != me.number)) {
    address = changetype<Grip>(address).next;
  }
  return address;
}

/** To the front again, among those that are open. */
function reopen(me: Thread, thing: Thing, grip: Grip): usize {
  const address = <u32>changetype<usize>(grip);
  takeOut(me, grip);
  set(me, address + offsetof<Grip>("shut"), 0);
  set(me, address + offsetof<Grip>("previous"), 0);
  set(me, address + offsetof<Grip>("next"), thing.grips);
  if (thing.grips != 0) set(me, thing.grips + offsetof<Grip>("previous"), address);
  set(me, changetype<usize>(thing) + offsetof<Thing>("grips"), address);
  return address;
}

function takeOut(me: Thread, grip: Grip): void {
  if (grip.previous == 0) set(me, grip.thing + offsetof<Thing>("grips"), grip.next);
  else set(me, grip.previous + offsetof<Grip>("next"), grip.next);
  if (grip.next != 0) set(me, grip.next + offsetof<Grip>("previous"), grip.previous);
}

/**
 * Closes a grip that holds something, in the registry's section: it stays, behind all that are open, so that what it holds is not forgotten when its thread
 * dies. When none is open any more, the thing is this thread's to take apart.
 *
 * @returns whether it was the last
 */
export function shut(me: Thread, grip: Grip): bool {
  const address = <u32>changetype<usize>(grip);
  const thing = changetype<Thing>(grip.thing);
  let last = address;
  while (changetype<Grip>(last).next != 0) last = changetype<Grip>(last).next;
  if (last != address) {
    takeOut(me, grip);
    set(me, last + offsetof<Grip>("next"), address);
    set(me, address + offsetof<Grip>("previous"), last);
    set(me, address + offsetof<Grip>("next"), 0);
  }
  set(me, address + offsetof<Grip>("shut"), 1);
  set(me, grip.thing + offsetof<Thing>("closer"), KEEPS);
  return closeIfLast(me, thing);
}

/** Whether no grip is open any more: then the thing is this thread's to take apart, unless somebody is at it already. */
function closeIfLast(me: Thread, thing: Thing): bool {
  if (thing.closer > 0 || thing.closer == AWAITED || (thing.grips != 0 && changetype<Grip>(thing.grips).shut == 0)) return false;
  set(me, changetype<usize>(thing) + offsetof<Thing>("closer"), me.number + 1);
  return true;
}

/** So that reading there cannot trap: inside the arena, and aligned as its blocks are. */
function mayBeThing(me: Thread, address: u32): bool {
  const arena = contextOf(me) + ARENA_OFFSET;
  if (address % 16 != 0 || address < <u32>arena) return false;
  return address - <u32>arena < arenaTotal(arena);
}

/**
 * Takes a grip off its thing, in the registry's section. The block, unless it is part of the thing's own, is in the hand then. When it was the
 * last, the thing is this thread's to take apart.
 *
 * @returns whether it was the last
 */
export function unlink(me: Thread, grip: Grip): bool {
  takeOut(me, grip);
  if (!isMakers(grip)) set(me, anyHand(me), <u32>changetype<usize>(grip));
  return closeIfLast(me, changetype<Thing>(grip.thing));
}

/** The maker's grip has no block of its own: it lies within a few hundred bytes of its thing, where no other block can begin. */
function isMakers(grip: Grip): bool {
  const distance = <u32>changetype<usize>(grip) - grip.thing;
  return distance < changetype<Thing>(grip.thing).bytes;
}

/** Takes a thing without grips off the list. Its block is in the hand then. In the registry's section. */
export function strike(me: Thread, thing: Thing): void {
  const address = <u32>changetype<usize>(thing);
  if (thing.previous == 0) set(me, contextOf(me) + offsetof<Context>("things"), thing.next);
  else set(me, thing.previous + offsetof<Thing>("next"), thing.next);
  if (thing.next != 0) set(me, thing.next + offsetof<Thing>("previous"), thing.previous);
  set(me, address + offsetof<Thing>("identity"), 0);
  set(me, anyHand(me), address);
}
