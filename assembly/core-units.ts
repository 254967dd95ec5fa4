/**
 * The core's exports for jobs of units (pool/units.ts), and for rounds of an integral as such a job.
 *
 * A worker in such a job has a desk, and a room where it needs more: blocks that it takes here, and that go when it leaves the job. The host has its own.
 */
import { ARENA_OUT_OF_MEMORY } from "./memory/arena";
import { me } from "./instance";
import { Job, memberWord } from "./pool/job";
import { layOutUnits, unitJobBytes } from "./pool/units";
import { endRound } from "./quad/range/adaptive";
import { deskBytes } from "./quad/desk";
import { Integral } from "./quad/range/integral";
import { Sweep, giveUnitRoom, layOutSweep, roomWanted, sweepBytes, sweepDeskBytes } from "./quad/sweep";
import { beginUnit, stepUnit } from "./quad/units";
import { deskHand, empty, roomHand, take } from "./sync/hands";
import { NO_MEMORY, OK } from "./sync/status";

// The host

/** Bytes of the block that `unitsCreate` divides. @param extra bytes that the rule wants of it */
export function unitsSize(kernelBytes: u32, distanceBytes: u32, seats: i32, units: i32, extra: u32): u32 {
  return unitJobBytes(kernelBytes, distanceBytes, seats, units, extra);
}

export function unitsCreate(
  job: Job,
  kind: i32,
  kernelBytes: u32,
  distanceBytes: u32,
  seats: i32,
  units: i32,
  desk: u32,
): void {
  layOutUnits(job, kind, kernelBytes, distanceBytes, seats, units);
  job.deskBytes = desk;
}

/** Number of the module in the distance; 0, when there is none. */
export function unitsSetDistance(job: Job, number: i32): void {
  job.distance = number;
}

/** @param record address of what the units are of, if it is not the rule's part of the job's block */
export function unitsSetRecord(job: Job, record: u32): void {
  job.record = record;
}

/** Jobs of one call may have their seats in common: `threads` is said for all of them. @param seats address of as many words, 0 at first */
export function unitsShareSeats(job: Job, seats: u32): void {
  job.seatAddress = seats;
}

/** Whether a thread died in the job: then it may go on for a while, and write what others have written. */
export function jobWasHit(job: Job): bool {
  return atomic.load<i32>(changetype<usize>(job), offsetof<Job>("recount")) != 0;
}

/** Address of 32 bytes, a bit for each thread number that has taken part. */
export function jobMembers(job: Job): usize {
  return memberWord(job, 0);
}

/** Bytes of a desk for rounds. */
export function roundDesk(integral: Integral): u32 {
  return deskBytes(integral.parameterCount);
}

/** Units of what is left of the round that is to be evaluated now; 0 when there is none. */
export function roundUnits(integral: Integral): i32 {
  const grain = integral.grain;
  if (integral.next >= integral.pending) return 0;
  return (integral.pending + grain - 1) / grain - integral.next / grain;
}

/** Before it begins: panels in a unit, an even number up to 64. Less than that is for integrands whose values do not depend on what is evaluated with them. */
export function roundGrain(integral: Integral, grain: i32): void {
  integral.grain = grain;
}

/** Panels of the round that are to be evaluated yet. */
export function roundPanels(integral: Integral): i32 {
  return integral.pending - integral.next;
}

/** All units of the round are done. */
export function roundEnd(integral: Integral): void {
  endRound(integral);
}

// Any thread in the job

/** 0 for a grid; else the kind of its units (pool/job.ts). */
export function jobKind(job: Job): i32 {
  return job.kind;
}

/** Address of the record that the units are of. */
export function jobRecord(job: Job): usize {
  return job.record;
}

export function jobDesk(job: Job): u32 {
  return job.deskBytes;
}

export function jobDistance(job: Job): i32 {
  return job.distance;
}

export function jobDistanceAddress(job: Job): usize {
  return job.distanceAddress;
}

export function jobDistanceBytes(job: Job): u32 {
  return job.distanceBytes;
}

/** A unit that this thread has claimed. */
export function unitBegin(job: Job, unit: i32, desk: usize): void {
  beginUnit(job, unit, desk);
}

/** @returns 0: it is done; 1, 2: evaluate what the desk lists, in the distance if 2; 4: the job is cancelled; 5: a larger room is wanted */
export function unitStep(job: Job, unit: i32, desk: usize): i32 {
  return stepUnit(job, unit, desk);
}

// Workers: their desks

/** A desk for as long as this thread is in the job. @returns its address, or as `alloc` */
export function threadDesk(size: u32): usize {
  return taken(deskHand(me()), size);
}

function taken(hand: usize, size: u32): usize {
  const status = take(me(), hand, size);
  if (status == OK) return load<u32>(hand);
  return status == NO_MEMORY ? ARENA_OUT_OF_MEMORY : status;
}

/** A larger room for the set that `unitStep` asked one for, by 5: it frees nothing. @returns as `alloc` */
export function threadRoom(size: u32): usize {
  // What is in the one is copied before it goes.
  return taken(roomHand(me(), me().handRoom != 0 ? 1 : 0), size);
}

/** Frees a room. */
export function threadRoomDrop(room: u32): void {
  empty(me(), roomHand(me(), me().handRoom == room ? 0 : 1));
}

// Sweeps

/** Bytes of the record of a sweep. @param breaks break points of all its sets together */
export function sweepSize(sets: i32, parameters: i32, breaks: i32): u32 {
  return sweepBytes(sets, parameters, breaks);
}

export function sweepCreate(sweep: Sweep, sets: i32, parameters: i32, breaks: i32): void {
  layOutSweep(sweep, sets, parameters, breaks);
}

/** Bytes of a desk for its units. @param breaks break points of a set, at most */
export function sweepDesk(parameters: i32, lanes: i32, capacity: i32, breaks: i32): u32 {
  return sweepDeskBytes(parameters, lanes, capacity, breaks);
}

/** Panels that the room must have which `unitStep` asked for. */
export function unitRoomWanted(desk: usize): i32 {
  return roomWanted(desk);
}

/** The answer to it: what the set has done so far moves there. */
export function unitRoomGive(desk: usize, room: usize, panels: i32): void {
  giveUnitRoom(desk, room, panels);
}
