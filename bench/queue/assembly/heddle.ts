/**
 * Heddle's core with loops over its queues: what a program in AssemblyScript does that imports the core's sources.
 *
 * Role: threads that may block, each after `attach`.
 */
import { me } from "../../../assembly/instance";
import { Thread } from "../../../assembly/memory/layout";
import { getNumber, putBlocking, putNumber } from "../../../assembly/queue/blocking";
import { NUMBER } from "../../../assembly/queue/queue";
import { Grip } from "../../../assembly/sync/thing";

export * from "../../../assembly/core";

/** Puts in first, first + 1, … Stops at an answer other than OK (0), and returns the last one. */
export function putNumbers(queue: Grip, first: f64, count: i32): i32 {
  const self = me();
  let status = 0;
  for (let i = 0; i < count && status == 0; i++) status = putNumber(self, queue, first + <f64>i);
  return status;
}

/** The sum of the next `count` numbers. */
export function getNumbers(queue: Grip, count: i32): f64 {
  const self = me();
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += getNumber(self, queue);
  return sum;
}

/** Sends `count` numbers from one queue back through another. */
export function echo(from: Grip, to: Grip, count: i32): i32 {
  const self = me();
  let status = 0;
  for (let i = 0; i < count && status == 0; i++) status = putNumber(self, to, getNumber(self, from));
  return status;
}

/** One round trip: what comes back; NaN when something was wrong. */
export function trip(out: Grip, back: Grip, value: f64): f64 {
  const self = me();
  return putNumber(self, out, value) == 0 ? getNumber(self, back) : NaN;
}

/** The state of a stream of priorities (bench/queue/config.ts). Each instance has its own. */
let state: u32 = 0;

export function setStream(stream: u32): void {
  state = (stream + 1) * 0x9e3779b9;
}

function nextPriority(): f64 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return <f64>(state >> 8);
}

/** Puts in the next `count` priorities of the stream. */
export function fill(queue: Grip, count: i32): i32 {
  const self = me();
  let status = 0;
  for (let i = 0; i < count && status == 0; i++) status = putPriority(self, queue, nextPriority());
  return status;
}

/** `count` times the next priority in and the smallest out. @returns the sum of what came out; NaN when something was wrong */
export function pairs(queue: Grip, count: i32): f64 {
  const self = me();
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) {
    if (putPriority(self, queue, nextPriority()) != 0) return NaN;
    sum += getNumber(self, queue);
  }
  return sum;
}

function putPriority(self: Thread, queue: Grip, priority: f64): i32 {
  return putBlocking(self, queue, NUMBER, 0, priority, priority);
}
