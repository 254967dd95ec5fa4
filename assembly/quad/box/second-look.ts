/**
 * A second look, before errors are believed: at regions with next to nothing in them that border on much smaller ones in which there is a lot.
 *
 * Where a narrow ridge leaves the regions that were halved along it, it passes between the points of the next one, which says with a small error that there is
 * nothing. But what is large at one side of a face is not gone at the other, unless there is a jump in it. Such a neighbour is cut, always in two, towards the middle of the
 * face, until the part there is about as small as the region on this side; all parts are evaluated. If the ridge goes on, this part sees it, and its error is too large
 * to be believed.
 *
 * Role: the thread that made the integral.
 */
import { cutOff, isBeyond, neighbourOf } from "./first-regions";
import { pushRegion } from "./largest-region";
import { Cubature, Region, STUCK, ask, hiOf, isNarrow, loOf, partOf, regionOf, toleranceOf } from "./regions";

/** Integral of |f|, in tolerances, that a region must have to say something about its neighbours. */
const MUCH: f64 = 1.0 / 64;
/** What part of it is next to nothing. */
const LITTLE: f64 = 1.0 / 16;
/** How many times larger such a neighbour is, at least. */
const LARGER: f64 = 8;

/** @param most regions that may be asked for; there is room for them. @returns whether any are */
export function lookAgain(c: Cubature, most: i32): bool {
  const before = c.regions;
  for (let slot = 0; slot < before; slot++) {
    const region = regionOf(c, slot);
    const content = contentOf(c, region);
    if (region.isAsked != 0 || !(content >= MUCH)) continue;
    for (let side = 0; side < 2 * c.dimensions; side++) {
      const axis = side >> 1;
      const isRight = (side & 1) == 1;
      const other = neighbourOf(c, region, axis, isRight);
      if (other < 0) continue;
      const neighbour = regionOf(c, other);
      if (neighbour.stuck >= STUCK || isNarrow(c, neighbour)) continue;
      if (contentOf(c, neighbour) <= LITTLE * content) approach(c, region, axis, isRight, other, most);
    }
  }
  if (c.pending == 0) return false;
  const kept = c.heap;
  c.heap = 0;
  for (let index = 0; index < kept; index++) {
    const slot = load<i32>(c.heapAt + ((<u32>index) << 2));
    if (regionOf(c, slot).isAsked == 0) pushRegion(c, slot);
  }
  return true;
}

/** Cuts a region towards the face of another. */
function approach(c: Cubature, region: Region, axis: i32, isRight: bool, slot: i32, most: i32): void {
  const volume = LARGER * volumeOf(c, region);
  let near = slot;
  while (c.pending + 2 <= most && volumeOf(c, regionOf(c, near)) >= volume) {
    let widest = 0;
    let largest: f64 = 0;
    for (let k = 0; k < c.dimensions; k++) {
      const ratio = widthOf(c, regionOf(c, near), k) / widthOf(c, region, k);
      if (ratio > largest) {
        largest = ratio;
        widest = k;
      }
    }
    const right = cutOff(c, near, widest);
    for (let k = 0; k < c.components; k++) partOf(c, regionOf(c, right), k).l1 = 0;
    look(c, near);
    look(c, right);
    if (isBeyond(c, region, axis, isRight, widest, load<f64>(loOf(regionOf(c, right), widest)))) near = right;
  }
}

function look(c: Cubature, slot: i32): void {
  const region = regionOf(c, slot);
  if (region.isAsked != 0) return;
  region.isAsked = 1;
  ask(c, slot);
}

/** Integral of |f| over a region in tolerances: of the component in which it is the most. */
function contentOf(c: Cubature, region: Region): f64 {
  let most: f64 = 0;
  for (let k = 0; k < c.components; k++) most = max(most, partOf(c, region, k).l1 / toleranceOf(c, k));
  return most;
}

function widthOf(c: Cubature, region: Region, axis: i32): f64 {
  return load<f64>(hiOf(c, region, axis)) - load<f64>(loOf(region, axis));
}

function volumeOf(c: Cubature, region: Region): f64 {
  let volume: f64 = 1;
  for (let axis = 0; axis < c.dimensions; axis++) volume *= widthOf(c, region, axis);
  return volume;
}
