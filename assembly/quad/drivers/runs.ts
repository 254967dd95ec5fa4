/**
 * The driver of rules in one variable: f at lists of points, each with its parameters.
 *
 * Nodes of plain panels (desk.ts) are made here, as they are needed, and stand nowhere; a panel's values are added up while they are at hand. The processor does both
 * beside the divisions and roots of neighbours.
 *
 * Other points are computed by stretches of as many as a panel has. A stretch with doubt in it is computed again by the integrand's careful form, as in grid.ts.
 *
 * Role: any thread. It takes no lock and never waits.
 */
import { PANEL_POINTS_BYTES, PANEL_SUMS_BYTES, Run } from "../desk";
import { centerOf, nodesAt, reachOf, writeNodes } from "../panel-nodes";
import { sumUp } from "../panel-sums";
import { careful, doubt, evaluate, prologue } from "./integrand";

/** Bytes of the rule's nodes. */
const NODES_BYTES: usize = 80;

/** @param list address of `count` runs, one behind the other; their points lie at multiples of 16 bytes, and are even in number */
export function runs(list: usize, count: i32): void {
  for (let index = 0; index < count; index++) {
    const run = changetype<Run>(list + <usize>index * offsetof<Run>());
    prologue(run.parameters);
    const y = <usize>run.y;
    const end = y + ((<usize>run.points) << 3);
    if (run.slots != 0) {
      const rule = <usize>run.rule;
      const last = rule + NODES_BYTES;
      let slot = <usize>run.slots;
      let sums = <usize>run.sums;
      for (let from = y; from < end; from += PANEL_POINTS_BYTES) {
        const ends = v128.load(<usize>run.panels + load<u32>(slot) * run.stride);
        const center = centerOf(ends);
        const reach = reachOf(ends);
        v128.store(from, evaluate(center), 160);
        for (let node = rule, at = from; node < last; node += 16, at += 32) {
          v128.store(at, evaluate(nodesAt(center, reach, node)));
          v128.store(at, evaluate(nodesAt(center, reach, node + 8)), 16);
        }
        if (v128.any_true(doubt())) {
          writeNodes(rule, ends, from);
          again(run.parameters, from, from + PANEL_POINTS_BYTES, 0);
        }
        sumUp(rule, from, sums);
        slot += 4;
        sums += PANEL_SUMS_BYTES;
      }
      continue;
    }
    const offset = <usize>run.x - y;
    for (let from = y; from < end; ) {
      const to = min(end, from + PANEL_POINTS_BYTES);
      let at = from;
      for (; at + 16 < to; at += 32) {
        v128.store(at, evaluate(v128.load(at + offset)));
        v128.store(at, evaluate(v128.load(at + offset, 16)), 16);
      }
      if (at < to) v128.store(at, evaluate(v128.load(at + offset)));
      if (v128.any_true(doubt())) again(run.parameters, from, to, offset);
      from = to;
    }
  }
}

// Two call it, so the compiler leaves it a function: inlined, its calls would be in reach of the hot loop, and what lives in registers there would move to the stack.
function again(parameters: usize, from: usize, to: usize, offset: usize): void {
  for (let at = from; at < to; at += 16) v128.store(at, careful(v128.load(at + offset), parameters));
}
