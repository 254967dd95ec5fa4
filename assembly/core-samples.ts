/**
 * The core's exports for integrals by points that are drawn: quasi-Monte Carlo. A thread computes a unit of a round by
 *
 *   quasiUnit(quasi, unit, bench); while (quasiStep(quasi, bench)) points(list of the bench, 1)
 *
 * and the thread that made the integral calls `quasiDecide` when all of them are done, until it says that there is no other round.
 */
import { badPlace, beginBlock, stepBlock } from "./quad/blocks";
import { Bench, Quasi, benchBytes, layOutQuasi, quasiBytes } from "./quad/quasi";
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
export function quasiDesk(quasi: Quasi): u32 {
  return benchBytes(quasi.dimensions, quasi.components);
}

export function quasiUnit(quasi: Quasi, unit: i32, bench: Bench): void {
  beginBlock(quasi, unit, bench);
}

/** @returns 1: evaluate what the bench lists; 0: the unit is done */
export function quasiStep(quasi: Quasi, bench: Bench): i32 {
  return i32(stepBlock(quasi, bench));
}

/** Address of the coordinates, 16 bytes apart, of the first point where a value was not finite. */
export function quasiBad(quasi: Quasi, bench: Bench): usize {
  return badPlace(quasi, bench);
}

/** @returns 1: there is another round; 0: the integral has its status */
export function quasiDecide(quasi: Quasi): i32 {
  return i32(decideQuasi(quasi));
}
