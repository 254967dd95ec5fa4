/**
 * The core's exports for integrals by regions of a box. The thread that made one calls `cubatureDecide`, which answers what is to be done; a thread computes a
 * unit of a round by
 *
 *   cubatureUnit(cubature, unit, desk); while (cubatureStep(cubature, desk)) points(list of the desk, 1)
 */
import { beginCubature, decideRegions, regionUnits, ruleBytes, stepRegions } from "./quad/box/cubature";
import {
  Cubature,
  Nook,
  beginRegions,
  cubatureBytes,
  giveRegions,
  layOutCubature,
  nookBytes,
  regionBytes,
} from "./quad/box/regions";

/** Bytes of the block that `cubatureCreate` divides. */
export function cubatureSize(dimensions: i32, components: i32, parameters: i32, breaks: i32): u32 {
  return cubatureBytes(dimensions, components, parameters, breaks, ruleBytes(dimensions));
}

/** The host then writes what is asked. */
export function cubatureCreate(
  cubature: Cubature,
  dimensions: i32,
  components: i32,
  parameters: i32,
  breaks: i32,
): void {
  layOutCubature(cubature, dimensions, components, parameters, breaks);
  beginCubature(cubature);
}

/** Bytes of a block for so many regions. */
export function cubatureRoomSize(cubature: Cubature, regions: i32): u32 {
  return regionBytes(cubature, regions);
}

/** Gives a block for regions; what was in the one before moves. */
export function cubatureRoom(cubature: Cubature, block: usize, regions: i32): void {
  giveRegions(cubature, block, regions);
}

/** Bytes of a thread's desk. */
export function cubatureDesk(cubature: Cubature): u32 {
  return nookBytes(cubature);
}

/** Units of the round. */
export function cubatureUnits(cubature: Cubature): i32 {
  return regionUnits(cubature);
}

export function cubatureUnit(cubature: Cubature, unit: i32, desk: Nook): void {
  beginRegions(cubature, unit, desk);
}

/** @returns 1: evaluate what the desk lists; 0: the unit is done */
export function cubatureStep(cubature: Cubature, desk: Nook): i32 {
  return i32(stepRegions(cubature, desk));
}

/** @returns 0: the integral has its status; 1: there is a round; 2: give room for more regions, and ask again */
export function cubatureDecide(cubature: Cubature): i32 {
  return decideRegions(cubature);
}
