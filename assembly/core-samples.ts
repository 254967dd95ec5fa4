/**
 * The core's exports for integrals by points that are drawn: quasi-Monte Carlo, and VEGAS in the same way. A thread computes a unit of a round by
 *
 *   quasiUnit(quasi, unit, bench); while (quasiStep(quasi, bench)) points(list of the bench, 1)
 *
 * and the thread that made the integral calls `quasiDecide` when all of them are done, until it says that there is no other round.
 */
import { badPlace, beginBlock, stepBlock } from "./quad/monte-carlo/blocks";
import { Bench, Quasi, benchBytes, layOutQuasi, quasiBytes } from "./quad/monte-carlo/quasi";
import { beginVegas, decideVegas } from "./quad/monte-carlo/iterations";
import { beginQuasi, decideQuasi } from "./quad/monte-carlo/replicates";
import { badSample, beginRow, stepRow } from "./quad/monte-carlo/strata";
import { Shift, Vegas, layOutVegas, shiftBytes, vegasBytes } from "./quad/monte-carlo/vegas";

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

/** Bytes of the block that `vegasCreate` divides. */
export function vegasSize(dimensions: i32, components: i32, parameters: i32): u32 {
  return vegasBytes(dimensions, components, parameters);
}

/** The host then fills what is its own, and calls `vegasBegin`. */
export function vegasCreate(vegas: Vegas, dimensions: i32, components: i32, parameters: i32): void {
  layOutVegas(vegas, dimensions, components, parameters);
}

export function vegasBegin(vegas: Vegas): void {
  beginVegas(vegas);
}

/** Bytes of a thread's shift. */
export function vegasDesk(vegas: Vegas): u32 {
  return shiftBytes(vegas.dimensions, vegas.components);
}

export function vegasUnit(vegas: Vegas, unit: i32, shift: Shift): void {
  beginRow(vegas, unit, shift);
}

export function vegasStep(vegas: Vegas, shift: Shift): i32 {
  return i32(stepRow(vegas, shift));
}

/** Address of the coordinates, 16 bytes apart, of the first sample with a value that was not finite. */
export function vegasBad(vegas: Vegas, shift: Shift): usize {
  return badSample(vegas, shift);
}

export function vegasDecide(vegas: Vegas): i32 {
  return i32(decideVegas(vegas));
}
