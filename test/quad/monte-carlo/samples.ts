/** Rules of points that are drawn, in the test's hands: an integrand in JavaScript in place of the driver, units in any order. */

import type { SeveralRule, SeveralSpec } from "../../../ts/quad/several-rule.js";
import type { Heap } from "../../../ts/runtime/core/heap.js";

export type Integrand = (x: readonly number[]) => readonly number[];

export const USUAL = {
  breaks: [],
  components: 1,
  isComplex: false,
  relative: 1e-3,
  absolute: 0,
  maximum: 6e4,
  first: 64,
  seed: 1,
  parameters: [],
};

/** The unit cube. */
export function unit(dimensions: number): Pick<SeveralSpec, "lo" | "hi"> {
  return { lo: new Array(dimensions).fill(0), hi: new Array(dimensions).fill(1) };
}

export interface Ways {
  /** Gives the units of a round in the order in which they are computed. */
  order?(units: number): number[];
  /** Is told each point. */
  seen?(x: readonly number[]): void;
}

/** Computes all rounds, and closes the rule. */
export function compute<State>(
  heap: Heap,
  rule: Pick<SeveralRule, "units" | "compute" | "decide" | "close"> & { state(): State },
  f: Integrand,
  { order, seen }: Ways = {},
): State {
  const points = driver(heap, f, seen);
  do {
    const { units } = rule;
    for (const index of order?.(units) ?? Array.from({ length: units }, (_, index) => index))
      rule.compute(index, points);
  } while (rule.decide());
  const state = rule.state();
  rule.close();
  return state;
}

/** Backwards, and a third of them twice. */
export function backwards(units: number): number[] {
  const list = Array.from({ length: units }, (_, index) => units - 1 - index);
  return [...list.filter((index) => index % 3 === 0), ...list];
}

function driver(heap: Heap, f: Integrand, seen: Ways["seen"]): (list: number) => void {
  return (list) => {
    const { floats, words } = heap.member;
    const [, x, y, points, d, m] = words.subarray(list >>> 2, (list >>> 2) + 6) as unknown as number[];
    for (let i = 0; i < points!; i++) {
      const pair = i >> 1;
      const lane = i & 1;
      const place = Array.from({ length: d! }, (_, k) => floats[(x! >>> 3) + 2 * (d! * pair + k) + lane]!);
      seen?.(place);
      f(place).forEach((value, c) => {
        floats[(y! >>> 3) + 2 * (m! * pair + c) + lane] = value;
      });
    }
  };
}
