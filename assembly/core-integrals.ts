/**
 * The core's exports for integrals to a tolerance. A thread computes one with `integralStep` and a driver in turns:
 *
 *   while ((points = integralStep(integral)) != 0) (points == 1 ? runs : runs of the form in the distance)(integralRun(integral), 1)
 *
 * and asks for its status after (quad/range/integral.ts).
 */
import { Integral, deskOf, giveRoom, integralBytes, layOutIntegral, panelBytes } from "./quad/range/integral";
import { advance, step } from "./quad/range/adaptive";
import { segmentCount, writeSegments } from "./quad/range/segments";

/** Bytes of the block that `integralCreate` divides. */
export function integralSize(parameters: i32, breaks: i32): u32 {
  return integralBytes(parameters, breaks);
}

export function integralCreate(integral: Integral, parameters: i32, breaks: i32): void {
  layOutIntegral(integral, parameters, breaks);
}

/** Which rule: 0 panels, 1 tanh-sinh. */
export function integralMethod(integral: Integral, method: i32): void {
  integral.method = method;
}

/** There are so many poles, up to 16. @returns address of the first one's window: place, half width; the next ones' 64 bytes further each */
export function integralFolds(integral: Integral, count: i32): usize {
  integral.folds = count;
  return integral.foldAt;
}

/** Bytes of a block for so many panels. */
export function integralRoomSize(panels: i32): u32 {
  return panelBytes(panels);
}

/** Gives the integral a block for panels; what was in the one before moves. */
export function integralRoom(integral: Integral, block: usize, panels: i32): void {
  giveRoom(integral, block, panels);
}

/** Address of the parameters; behind the break points' that of the run that `integralStep` wrote. */
export function integralParameters(integral: Integral): usize {
  return integral.parameters;
}

export function integralBreaks(integral: Integral): usize {
  return integral.breakAt;
}

export function integralRun(integral: Integral): usize {
  return deskOf(integral).list;
}

/** @returns 0: look at the status; 1: points to evaluate; 2: distances */
export function integralStep(integral: Integral): i32 {
  return step(integral);
}

/** What is known of the range, when the integral goes on no more: slots that `integralSegments` has something of. */
export function integralSegmentCount(integral: Integral): i32 {
  return segmentCount(integral);
}

/** @returns address of x from, x to, value, error for the slots from `first` on, up to 256 at a time */
export function integralSegments(integral: Integral, first: i32): usize {
  return writeSegments(integral, first);
}

/** The same, but for a round it answers 3 and writes no points: then `integralStep` does, or a job of its units evaluates them (core-units.ts). */
export function integralAdvance(integral: Integral): i32 {
  return advance(integral);
}
