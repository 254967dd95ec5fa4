/**
 * The driver of rules that write their points themselves: f at lists of points, each with its parameters.
 *
 * Where the points are those of panels, and sums are asked for (desk.ts), a stretch is a panel, and its values are added up while they are at hand: the processor
 * does that beside the next panel's divisions and roots.
 *
 * Other points are computed by stretches of 64, by the integrand's fast form; a stretch with doubt in it again by its careful form, as in grid.ts. Stretches
 * count from the beginning of a run.
 *
 * Role: any thread. It takes no lock and never waits.
 */
import { PANEL_POINTS_BYTES, Run } from "../desk";
import { sumUp } from "../panel-sums";
import { careful, doubt, evaluate, prologue } from "./integrand";

/** Bytes of points per stretch. */
const STRETCH: usize = 64 << 3;

/** @param list address of `count` runs, one behind the other; their points lie at multiples of 16 bytes, and are even in number */
export function runs(list: usize, count: i32): void {
  for (let index = 0; index < count; index++) {
    const run = changetype<Run>(list + <usize>index * offsetof<Run>());
    prologue(run.parameters);
    const x = <usize>run.x;
    const offset = <usize>run.y - x;
    const end = x + ((<usize>run.points) << 3);
    if (run.sums != 0) {
      const toSums = <usize>run.sums - x;
      for (let from = x; from < end; from += PANEL_POINTS_BYTES) {
        v128.store(from + offset, evaluate(v128.load(from, 160)), 160);
        const last = from + 160;
        for (let at = from; at < last; at += 32) {
          v128.store(at + offset, evaluate(v128.load(at)));
          v128.store(at + offset, evaluate(v128.load(at, 16)), 16);
        }
        if (v128.any_true(doubt())) again(run.parameters, from, from + PANEL_POINTS_BYTES, offset);
        sumUp(run.rule, from + offset, from + toSums);
      }
      continue;
    }
    for (let from = x; from < end; ) {
      const to = min(end, from + STRETCH);
      let at = from;
      for (; at + 16 < to; at += 32) {
        v128.store(at + offset, evaluate(v128.load(at)));
        v128.store(at + offset, evaluate(v128.load(at, 16)), 16);
      }
      if (at < to) v128.store(at + offset, evaluate(v128.load(at)));
      if (v128.any_true(doubt())) again(run.parameters, from, to, offset);
      from = to;
    }
  }
}

// Inlined, its calls would be in reach of the hot loop, and what lives in registers there would move to the stack.
// @ts-ignore: decorator
@noinline
function again(parameters: usize, from: usize, to: usize, offset: usize): void {
  for (let at = from; at < to; at += 16) v128.store(at + offset, careful(v128.load(at), parameters));
}
