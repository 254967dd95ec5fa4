/**
 * The records of an integral to a tolerance. They lie in two blocks of the arena: one of a fixed size, and one for panels, which the host replaces by a larger
 * one when it is full.
 *
 *   Integral   what is asked, what came of it, where the rest lies
 *   Piece      a part of the range with a variable t of its own: maps.ts
 *   Panel      an interval of a piece's t, and what the rule made of it
 *   Split      two panels that were one
 *   Group      the shells that stand for one panel for the time being: shells.ts
 *   Desk       points to evaluate: desk.ts
 *
 * Role: the thread that computes the integral; the host reads the results.
 */

import { align16 } from "../../memory/align";
import { Desk, UNIT, deskBytes, layOutDesk } from "../desk";
import { COMPUTING } from "../status";

/** The host reads and writes doubles 0 to 15 and words 0 to 15 behind them by number: ts/quad/integral.ts. */
@unmanaged
export class Integral {
  /** The range, lo < hi; either may be infinite. */
  lo: f64;
  hi: f64;
  relative: f64;
  absolute: f64;
  /** Of infinite ranges: how wide the part is that is not mapped, and where the line is cut when nothing else cuts it. */
  scale: f64;
  center: f64;
  /** Evaluations that may be spent. */
  maximum: f64;
  /** What came of it: the integral, an estimate of its error, the integral of |f|. */
  value: f64;
  error: f64;
  l1: f64;
  /** Evaluations so far; how many were not finite, and the first place of those in the order of evaluation. */
  evaluations: f64;
  bad: f64;
  badX: f64;
  /** What `accelerate` (epsilon.ts) found: the limit and its error. */
  limit: f64;
  limitError: f64;
  /** Where the panel with the largest error lies. */
  suspect: f64;

  /** Panels of the first pass. */
  first: i32;
  status: i32;
  phase: i32;
  rounds: i32;
  panels: i32;
  pieces: i32;
  /** Break points, ascending, within the range. */
  breaks: i32;
  /** Panels that there is room for; after NEEDS_ROOM, that there must be. */
  capacity: i32;
  /** Whether there is a form of the integrand in the distance from a point: the constants below; POSSIBLE is to be asked for. */
  distance: i32;
  /** Panels to evaluate in this round; those of them that were handed out, or more, when a job has done them. */
  pending: i32;
  next: i32;
  /** Panels in a unit: UNIT, or less for integrands whose values do not depend on what is evaluated with them. */
  grain: i32;
  parameterCount: i32;
  /** Panels in the heap; -1 until there is one. */
  heap: i32;
  splits: i32;
  groups: i32;

  /** Whether all nodes and weights stand at `rule`: it may be that of many integrals. */
  hasRule: i32;
  /** Addresses. The desk is that of the thread that decides. */
  parameters: u32;
  rule: u32;
  desk: u32;
  scratch: u32;
  breakAt: u32;
  pieceAt: u32;
  groupAt: u32;
  panelAt: u32;
  heapAt: u32;
  pendingAt: u32;
  splitAt: u32;
  /** Panels that are not halved any more: those that are too narrow, those with values that are not finite. */
  narrow: i32;
  hollow: i32;
  /** A tail that oscillates: what is done about it, for which panel (-1: all of the piece), piece; how often (waves.ts). */
  wave: i32;
  waveSlot: i32;
  waveOf: i32;
  waveTurns: i32;
  waveFrom: f64;
  waveLength: f64;
  /** Lengths that were too short and too long; 0: none yet. */
  waveShort: f64;
  waveLong: f64;
  /** Errors of the panels that are not halved any more. */
  dead: f64;
  /** Panels with smaller errors stay out of the heap until it is empty. */
  cut: f64;
  /** GAUSS_KRONROD or TANH_SINH; of the latter the level, part, side, its first node that is not done, and how many are under way (tanh-sinh.ts). */
  method: i32;
  level: i32;
  part: i32;
  side: i32;
  node: i32;
  nodes: i32;
  /** Windows around poles: how many, where, and how far the look at them has come (folds.ts). */
  folds: i32;
  /** Whether this first pass is graded towards the ends of pieces (pieces.ts). */
  isGraded: i32;
  foldAt: u32;
  foldStep: i32;
}

/** A status too: questions to the host, for a larger block for panels, for a form of the integrand in the distance. */
export const NEEDS_ROOM: i32 = 7;
export const NEEDS_DISTANCE: i32 = 8;

/** Rules. */
export const GAUSS_KRONROD: i32 = 0;
export const TANH_SINH: i32 = 1;

export const BEGINNING: i32 = 0;
export const EVALUATING: i32 = 1;
export const DECIDING: i32 = 2;
export const DONE: i32 = 3;
export const WAVING: i32 = 4;
export const LAYING: i32 = 5;

export const DISTANCE_NONE: i32 = 0;
export const DISTANCE_READY: i32 = 1;
export const DISTANCE_POSSIBLE: i32 = 2;
/** Ready, and better at 0 too, where x is the distance. */
export const DISTANCE_ALWAYS: i32 = 3;

@unmanaged
export class Piece {
  /** maps.ts. */
  kind: i32;
  /** Bits LOW_END, HIGH_END: where a singularity may be. */
  ends: i32;
  /** How often shells were tried there. */
  triesLow: i32;
  triesHigh: i32;
  anchor: f64;
  sign: f64;
  scale: f64;
  lo: f64;
  hi: f64;
  /** Ends at which the last halving left much of the error; at which the rule for them was tried (ends.ts). */
  slow: i32;
  tried: i32;
}

export const LOW_END: i32 = 1;
export const HIGH_END: i32 = 2;

@unmanaged
export class Panel {
  lo: f64;
  hi: f64;
  value: f64;
  error: f64;
  l1: f64;
  /** `l1` of the panel of the first pass that this one is a part of. */
  reference: f64;
  piece: i32;
  depth: i16;
  /** Whether it was left out of the heap, for its error is small. */
  isLeft: i16;
  /** Nodes that say nothing; of those where f is not finite the first, in 5 bits, and above these how many they are. */
  bad: i16;
  notFinite: i16;
  /** How often in a row halving did not help. */
  stuck: i32;
  /** How far f jumps, it seems, between the last node and the end: kronrod.ts. */
  seamLow: f64;
  seamHigh: f64;
}

@unmanaged
export class Split {
  value: f64;
  error: f64;
}

@unmanaged
export class Group {
  /** The panel; the piece and the first panel of its shells; how many. */
  panel: i32;
  piece: i32;
  first: i32;
  count: i32;
  /** Whether there are no more tries. */
  isLast: i32;
}

/** Groups in a round at most. */
export const GROUPS: i32 = 4;

/** Doubles for partial sums and for the table of the epsilon algorithm. */
const SCRATCH: u32 = 1024 + 128;
export const SCRATCH_BYTES: u32 = SCRATCH << 3;
/** Where in the rule's block the nodes and weights of ends.ts are. */
export const END_RULE: usize = 36 << 3;
export const RULE_BYTES: u32 = (36 + 2 * 66) << 3;

const HEADER_BYTES: u32 = (offsetof<Integral>() + 15) & ~15;

/** Windows around poles at most, and bytes of each. */
export const FOLDS_MAXIMUM: i32 = 16;
const FOLD_BYTES: u32 = 64;

/** Pieces that a range with that many break points may come to: of each part two, and of each again two in the distance. */
function pieceRoom(breaks: i32): u32 {
  return 4 * (<u32>breaks + 4);
}

/** Bytes of the fixed block. */
export function integralBytes(parameters: i32, breaks: i32): u32 {
  return (
    HEADER_BYTES +
    align16((<u32>parameters) << 3) +
    align16(RULE_BYTES) +
    deskBytes(parameters) +
    SCRATCH_BYTES +
    align16(<u32>breaks << 3) +
    pieceBytes(breaks) +
    <u32>FOLDS_MAXIMUM * FOLD_BYTES
  );
}

/** Bytes of pieces and groups. */
export function pieceBytes(breaks: i32): u32 {
  return pieceRoom(breaks) * offsetof<Piece>() + <u32>GROUPS * offsetof<Group>();
}

/** @param breaks break points that there may be */
export function layOutPieces(integral: Integral, at: u32, breaks: i32): void {
  integral.pieceAt = at;
  integral.groupAt = at + pieceRoom(breaks) * offsetof<Piece>();
}

/** Divides the fixed block. The host writes what is asked, the parameters and the break points; then it gives room for panels. */
export function layOutIntegral(integral: Integral, parameters: i32, breaks: i32): void {
  let at = <u32>changetype<usize>(integral);
  memory.fill(at, 0, HEADER_BYTES);
  at += HEADER_BYTES;
  integral.parameters = at;
  integral.parameterCount = parameters;
  integral.grain = UNIT;
  at += align16((<u32>parameters) << 3);
  integral.rule = at;
  at += align16(RULE_BYTES);
  integral.desk = at;
  layOutDesk(changetype<Desk>(at), parameters);
  at += deskBytes(parameters);
  integral.scratch = at;
  at += SCRATCH_BYTES;
  integral.breakAt = at;
  integral.breaks = breaks;
  at += align16(<u32>breaks << 3);
  layOutPieces(integral, at, breaks);
  integral.foldAt = at + pieceBytes(breaks);
}

/** Bytes of the block for `capacity` panels: no more than 32 bits can count, which is more than there is. */
export function panelBytes(capacity: i32): u32 {
  const bytes = <u64>capacity * (offsetof<Panel>() + 8 + (offsetof<Split>() >> 1)) + 16;
  return <u32>min(bytes, <u64>u32.MAX_VALUE);
}

/** Gives room for panels: the first, or a larger one, to which those that there are move, with the lists of the next round. */
export function giveRoom(integral: Integral, block: usize, capacity: i32): void {
  const panels = <u32>block;
  const heap = panels + <u32>capacity * offsetof<Panel>();
  const pending = heap + ((<u32>capacity) << 2);
  const splits = (pending + ((<u32>capacity) << 2) + 7) & ~7;
  if (integral.panelAt != 0) {
    memory.copy(panels, integral.panelAt, <u32>integral.panels * offsetof<Panel>());
    if (integral.heap > 0) memory.copy(heap, integral.heapAt, (<u32>integral.heap) << 2);
    memory.copy(pending, integral.pendingAt, (<u32>integral.pending) << 2);
    memory.copy(splits, integral.splitAt, <u32>integral.splits * offsetof<Split>());
  }
  integral.panelAt = panels;
  integral.heapAt = heap;
  integral.pendingAt = pending;
  integral.splitAt = splits;
  integral.capacity = capacity;
  if (integral.status == NEEDS_ROOM) integral.status = COMPUTING;
}

// @ts-ignore: decorator
@inline
export function deskOf(integral: Integral): Desk {
  return changetype<Desk>(integral.desk);
}

// @ts-ignore: decorator
@inline
export function panelOf(integral: Integral, slot: i32): Panel {
  return changetype<Panel>(integral.panelAt + <u32>slot * offsetof<Panel>());
}

// @ts-ignore: decorator
@inline
export function pieceOf(integral: Integral, index: i32): Piece {
  return changetype<Piece>(integral.pieceAt + <u32>index * offsetof<Piece>());
}

// @ts-ignore: decorator
@inline
export function groupOf(integral: Integral, index: i32): Group {
  return changetype<Group>(integral.groupAt + <u32>index * offsetof<Group>());
}

// @ts-ignore: decorator
@inline
export function splitOf(integral: Integral, index: i32): Split {
  return changetype<Split>(integral.splitAt + <u32>index * offsetof<Split>());
}

// @ts-ignore: decorator
@inline
export function pendingOf(integral: Integral, index: i32): i32 {
  return load<i32>(integral.pendingAt + ((<u32>index) << 2));
}

/** Puts a panel onto the list of this round. */
export function ask(integral: Integral, slot: i32): void {
  store<i32>(integral.pendingAt + ((<u32>integral.pending) << 2), slot);
  integral.pending += 1;
}

/** Writes a new panel to `slot`. */
export function writePanel(integral: Integral, slot: i32, piece: i32, lo: f64, hi: f64, depth: i32): Panel {
  const panel = panelOf(integral, slot);
  writeAt(panel, piece, f64x2(lo, hi), depth);
  return panel;
}

/** The same, where it is known. @param ends lo, hi */
// @ts-ignore: decorator
@inline
export function writeAt(panel: Panel, piece: i32, ends: v128, depth: i32): void {
  const at = changetype<usize>(panel);
  v128.store(at, ends);
  // l1, reference; with depth isLeft, with these bad, notFinite, stuck; seamLow, seamHigh: words of them at once.
  v128.store(at, i64x2.splat(0), offsetof<Panel>("l1"));
  store<u64>(at, (<u64>(<u32>piece)) | ((<u64>(<u32>depth)) << 32), offsetof<Panel>("piece"));
  store<u64>(at, 0, offsetof<Panel>("bad"));
  v128.store(at, i64x2.splat(0), offsetof<Panel>("seamLow"));
}
