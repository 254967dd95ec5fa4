/**
 * The core's exports for integrals by points that are drawn: quasi-Monte Carlo. A thread computes a unit of a round with `quasiStep` and the driver `points` in turns:
 *
 *   while (quasiStep(quasi, unit, bench)) points(bench, 1)
 *
 * and the thread that made the integral calls `quasiDecide` when all of them are done, until it says that there is no other round.
 */
import { stepBlock } from "./quad/blocks";
import { Bench, Quasi, benchBytes, layOutBench, layOutQuasi, quasiBytes } from "./quad/quasi";
import { beginQuasi, decideQuasi } from "./quad/replicates";

/** Bytes of the block that `quasiCreate` divides. */
export function quasiSize(dimensions: i32, components: i32, cells: i32, parameters: i32): u32 {
  return quasiBytes(dimensions, components, cells, parameters);
}

/** The host then fills what is its own, and calls `quasiBegin`. */
export function quasiCreate(quasi: Quasi, dimensions: i32, components: i32, cells: i32, parameters: i32): void {
  layOutQuasi(quasi, dimensions, components, cells, parameters);
}

export function quasiBegin(quasi: Quasi): void {
  beginQuasi(quasi);
}

/** Bytes of a thread's bench. */
export function quasiBenchSize(dimensions: i32, components: i32): u32 {
  return benchBytes(dimensions, components);
}

export function quasiBenchCreate(bench: Bench, quasi: Quasi): void {
  layOutBench(bench, quasi.parameters, quasi.dimensions, quasi.components);
}

/** @returns 1: points to evaluate; 0: the unit is done */
export function quasiStep(quasi: Quasi, unit: i32, bench: Bench): i32 {
  return i32(stepBlock(quasi, unit, bench));
}

/** @returns 1: there is another round; 0: the integral has its status */
export function quasiDecide(quasi: Quasi): i32 {
  return i32(decideQuasi(quasi));
}
