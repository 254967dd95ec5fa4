/**
 * The driver of rules in several dimensions: f at lists of points, of d coordinates and with m values each, as runs.ts has it for one and one.
 *
 *   coordinate k of the points 2 i and 2 i + 1   at x + 16 (d i + k), a lane each
 *   value c of them                              at y + 16 (m i + c)
 *
 * Points are computed by stretches of 64, by the integrand's fast form; a stretch with doubt in it again by its careful form. Stretches count from the beginning
 * of a run.
 *
 * Role: any thread. It takes no lock and never waits.
 */
import { Run } from "../desk";
import { careful, doubt, evaluate, prologue } from "./point-integrand";

/** Pairs of points per stretch. */
const STRETCH: usize = 32;

/** @param list address of `count` runs, one behind the other; their points lie at multiples of 16 bytes, and are even in number */
export function points(list: usize, count: i32): void {
  for (let index = 0; index < count; index++) {
    const run = changetype<Run>(list + <usize>index * offsetof<Run>());
    prologue(run.parameters);
    const width = (<usize>run.coordinates) << 4;
    const height = (<usize>run.components) << 4;
    let x = <usize>run.x;
    let y = <usize>run.y;
    const end = x + (<usize>run.points >> 1) * width;
    while (x < end) {
      const from = x;
      const to = min(end, x + STRETCH * width);
      const into = y;
      for (; x < to; x += width, y += height) evaluate(x, y);
      if (v128.any_true(doubt())) again(run.parameters, from, to, width, into, height);
    }
  }
}

function again(parameters: usize, x: usize, end: usize, width: usize, y: usize, height: usize): void {
  for (; x < end; x += width, y += height) careful(x, y, parameters);
}
