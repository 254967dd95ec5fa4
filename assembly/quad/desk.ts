/**
 * The desk: where a thread that computes has the points, values and weights of what it is about, and tells the driver what to evaluate.
 *
 * An integral on the calling thread has a desk in its own block. Threads that share work have one each, a block of their own, and nothing on it outlives a
 * unit: whoever computes a unit lays the desk out anew, so a unit of a thread that died is begun anew by another.
 *
 *   Desk       what it says, its first two words to the host: the list of runs that the driver is to go through
 *   Run        points, or panels, to evaluate: what the driver reads (drivers/runs.ts)
 *   f64 × p    parameters, and the three more that a form of the integrand in the distance reads: a point, a side, and how exact the point is
 *   f64 × 3 n  points, values, weights
 *   f64 × 4 m  sums over panels
 *
 * Rules of another kind have a layout of their own behind the first two words.
 *
 * Role: the one thread whose desk it is.
 */

@unmanaged
export class Run {
  parameters: u32;
  x: u32;
  y: u32;
  /** An even number. */
  points: i32;
  /** Coordinates of a point, components of a value, for integrands of several: drivers/points.ts has the layout. `runs` looks at neither. */
  coordinates: i32;
  components: i32;
  /** Of plain panels: address of their numbers in the order of the round; of the record of number 0, which begins with its ends; bytes between records. 0: the points
   * stand at x. `runs` alone looks at these. */
  slots: u32;
  panels: u32;
  stride: u32;
  /** The rule they are to be evaluated by, and where the sums over each go (panel-sums.ts). */
  rule: u32;
  sums: u32;
}

@unmanaged
export class Desk {
  /** Address of the first run, and how many there are. */
  list: u32;
  count: i32;
  parameters: u32;
  x: u32;
  y: u32;
  weights: u32;
  /** Sums over panels. */
  sums: u32;
  /** Of the round's list of panels: the first that is under way, and how many. */
  first: i32;
  panels: i32;
  /** Of the unit, those that were not begun: from `next` to before `end`. */
  next: i32;
  end: i32;
  /** Whether the panels are windows of a pole of which one side is evaluated: range/folds.ts. */
  isFolded: i32;
}

/** Panels in a unit: what is evaluated at a time. */
export const UNIT: i32 = 64;
/** Vectors of points per panel: ten pairs and the center, which stands in both lanes. */
export const VECTORS: i32 = 11;
/** Evaluations per panel, as they are counted. */
export const NODES: i32 = 21;
export const PANEL_POINTS_BYTES: u32 = (<u32>VECTORS) << 4;
/** Sums over a panel: panel-sums.ts. */
export const PANEL_SUMS_BYTES: u32 = 32;

const POINTS_BYTES: u32 = <u32>UNIT * PANEL_POINTS_BYTES;
const HEADER_BYTES: u32 = (offsetof<Desk>() + 15) & ~15;
const RUN_BYTES: u32 = (offsetof<Run>() + 15) & ~15;

function parameterBytes(parameters: i32): u32 {
  return (((<u32>parameters + 3) << 3) + 15) & ~15;
}

/** Bytes of a desk for units of panels. */
export function deskBytes(parameters: i32): u32 {
  return HEADER_BYTES + RUN_BYTES + parameterBytes(parameters) + 3 * POINTS_BYTES + <u32>UNIT * PANEL_SUMS_BYTES;
}

export function layOutDesk(desk: Desk, parameters: i32): void {
  let at = <u32>changetype<usize>(desk) + HEADER_BYTES;
  desk.list = at;
  desk.count = 1;
  at += RUN_BYTES;
  desk.parameters = at;
  at += parameterBytes(parameters);
  desk.x = at;
  at += POINTS_BYTES;
  desk.y = at;
  at += POINTS_BYTES;
  desk.weights = at;
  at += POINTS_BYTES;
  desk.sums = at;
  desk.panels = 0;
  desk.next = 0;
  desk.isFolded = 0;
  desk.end = 0;
}
