/**
 * A first pass of one panel, of integrals that may well be done with it: looked at without the records of an integral.
 *
 * Most integrals of a sweep with the least effort end there, or are of a kind that does, and then laying out records takes longer than the evaluations. So the panel is
 * asked for by itself; what is enough is written down, and of others the records are laid out after all.
 *
 * Bounds: the bits are those of adaptive.ts: a finite range without break points is one piece, its first pass one panel from end to end, its sums are those of the
 *         panel, and the first thing that is decided is whether the error is small enough. test/quad/range/first-look.test.ts holds it to integrals by themselves.
 * Role:   the thread that has the unit of the sweep.
 */
import { NODES, PANEL_POINTS_BYTES, PANEL_SUMS_BYTES, Run, VECTORS } from "../desk";
import { halveWhole } from "./adaptive";
import { EVALUATING, GAUSS_KRONROD, Integral, Panel } from "./integral";
import { apply } from "./kronrod";
import { applyTwo } from "./kronrod-pairs";
import { layWhole } from "./pieces";

/** The panel; its parameters are behind it. */
@unmanaged
export class Look extends Panel {}

/** Bytes of a look. */
export function lookBytes(parameters: i32): u32 {
  return (offsetof<Look>() + ((<u32>parameters) << 3) + 15) & ~15;
}

// @ts-ignore: decorator
@inline
export function parametersOf(look: Look): usize {
  return changetype<usize>(look) + offsetof<Look>();
}

/** Whether what is asked of all integrals allows for it. */
export function mayLook(asked: Integral): bool {
  return asked.first == 1 && asked.method == GAUSS_KRONROD && asked.folds == 0;
}

/** Asks for the panel. @param run whose x, y, sums and rule are those of the desk's part */
export function ask(look: Look, run: Run, lo: f64, hi: f64): void {
  look.lo = lo;
  look.hi = hi;
  look.piece = 0;
  look.seamLow = 0;
  look.seamHigh = 0;
  run.parameters = <u32>parametersOf(look);
  // The list of panels has one number, which is 0: any such word will do.
  run.slots = <u32>changetype<usize>(look) + offsetof<Look>("piece");
  run.panels = <u32>changetype<usize>(look);
  run.stride = 0;
  run.points = 2 * VECTORS;
}

/** Makes of the values what the rule makes of them; `bad` says whether all are finite. @param y, @param sums what the driver has written */
export function judge(look: Look, rule: usize, y: usize, sums: usize): void {
  if (!apply(rule, look, y, sums, 0)) look.bad = <i16>NODES;
}

/** The same for two whose values stand side by side. */
export function judgeTwo(one: Look, other: Look, rule: usize, y: usize, sums: usize): void {
  if (applyTwo(rule, one, other, y, sums)) return;
  judge(one, rule, y, sums);
  judge(other, rule, y + PANEL_POINTS_BYTES, sums + PANEL_SUMS_BYTES);
}

/** Whether the panel is all that is needed: then its value and error are the results. */
export function isEnough(look: Look, asked: Integral): bool {
  const tolerance = max(asked.absolute, asked.relative * abs(look.value));
  if (!(look.bad == 0 && look.l1 > 0 && look.error <= tolerance)) return false;
  // Sums begin at 0, and are never -0.
  if (look.value == 0) look.value = 0;
  return true;
}

/**
 * It is not: puts an integral that has not begun to where it would be if it had asked for the panel itself.
 *
 * @returns whether its values are to be digested, for not all are finite
 */
export function goOn(look: Look, integral: Integral): bool {
  const panel = layWhole(integral);
  panel.value = look.value;
  panel.error = look.error;
  panel.l1 = look.l1;
  integral.evaluations = <f64>NODES;
  integral.phase = EVALUATING;
  if (look.bad == 0 && halveWhole(integral, panel)) return false;
  integral.next = 1;
  integral.heap = -1;
  return look.bad != 0;
}
