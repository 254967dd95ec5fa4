/**
 * What an integral knows of its range, panel by panel, in x: for whoever wants to see where the errors lie, or where it was refined.
 *
 * The panels of a tail that was summed lobe by lobe are one segment, and so are those of the window of a pole. In the midst of a round, where the time may end an integral, panels that are being halved
 * still count as one, with what was known of it; in the midst of the first pass nothing is known.
 *
 * Role: the thread that computes the integral, when it goes on no more: it writes over the scratch.
 */
import { Integral, Panel, Piece, panelOf, pendingOf, pieceOf, splitOf } from "./integral";
import { FAR, FOLD, PLAIN } from "./maps";
import { LOBING, SUMMED } from "./waves";

/** Segments that are written at a time: four doubles each. */
export const SEGMENTS: i32 = 256;

/** Slots of panels that `writeSegments` knows something of. */
export function segmentCount(integral: Integral): i32 {
  if (integral.rounds == 0) return 0;
  // Again the first pass, a wider one.
  if (integral.heap < 0 && integral.pending > 0 && integral.wave != LOBING) return 0;
  // The right halves stand behind all.
  return integral.panels - integral.splits;
}

/** Where t is in x. */
function placeIn(piece: Piece, t: f64): f64 {
  if (piece.kind == PLAIN) return t;
  // At t = 0 without the anchor: that may be infinite as well.
  if (piece.kind == FAR) return t == 0 ? piece.sign * Infinity : piece.anchor + piece.sign * (piece.scale / t);
  return piece.anchor + piece.sign * t;
}

function write(at: usize, piece: Piece, lo: f64, hi: f64, value: f64, error: f64): void {
  const one = placeIn(piece, lo);
  const other = placeIn(piece, hi);
  store<f64>(at, min(one, other));
  store<f64>(at, max(one, other), 8);
  store<f64>(at, value, 16);
  store<f64>(at, error, 24);
}

/**
 * Writes what is known of the slots from `first` on, as many as SEGMENTS: x from, x to, value, error. Slots whose part another one stands for get NaN.
 *
 * @returns where they are
 */
export function writeSegments(integral: Integral, first: i32): usize {
  const target = <usize>integral.scratch;
  const end = min(first + SEGMENTS, segmentCount(integral));
  for (let slot = first; slot < end; slot++)
    writePanel(integral, panelOf(integral, slot), target + ((<usize>(slot - first)) << 5));
  for (let index = 0; index < integral.splits; index++) {
    const slot = pendingOf(integral, 2 * index);
    if (slot < first || slot >= end) continue;
    const left = panelOf(integral, slot);
    const right = panelOf(integral, pendingOf(integral, 2 * index + 1));
    const before = splitOf(integral, index);
    const piece = pieceOf(integral, left.piece);
    if (piece.kind == FOLD) continue;
    write(target + ((<usize>(slot - first)) << 5), piece, left.lo, right.hi, before.value, before.error);
  }
  return target;
}

function writePanel(integral: Integral, panel: Panel, at: usize): void {
  const piece = pieceOf(integral, panel.piece);
  if (piece.kind == FOLD) {
    writeWindow(integral, panel, piece, at);
    return;
  }
  if (panel.stuck != SUMMED || piece.kind != FAR) {
    write(at, piece, panel.lo, panel.hi, panel.value, panel.error);
  } else if (panel.l1 == 0) {
    store<f64>(at, NaN);
  } else {
    write(at, piece, piece.lo, piece.hi, panel.value, panel.error);
  }
}

/** The outermost panel stands for all of a window. */
function writeWindow(integral: Integral, panel: Panel, piece: Piece, at: usize): void {
  store<f64>(at, NaN);
  if (panel.hi != piece.hi) return;
  let value: f64 = 0;
  let error: f64 = 0;
  for (let slot = 0; slot < integral.panels; slot++) {
    const other = panelOf(integral, slot);
    if (other.piece != panel.piece) continue;
    value += other.value;
    error += other.error;
  }
  store<f64>(at, piece.anchor - piece.hi);
  store<f64>(at, piece.anchor + piece.hi, 8);
  store<f64>(at, value, 16);
  store<f64>(at, error, 24);
}
