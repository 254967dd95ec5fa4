/**
 * An axis: where a value stands, where the ticks are, and what they are called.
 *
 * Labels must stay short and apart over every range that doubles have. So an axis far from 1 is labelled in units of a power of
 * ten, and one whose width is small against its distance from 0 is labelled by the difference to its start; the caption says so:
 *
 *   range                       labels               caption
 *   0 … 10                      0 2 4 6 8 10         x
 *   0 … 3e20                    0 1 2 3              x (× 10²⁰)
 *   1 … 1 + 1e-12               0 0.2 … 1            x − 1 (× 10⁻¹²)
 */
import type { scaleLinear as makeScale, ScaleLinear } from "d3-scale";
import { textWidth } from "./svg.js";

export const TICK_SIZE = 12;

/** Least room between the labels of two ticks, in pixels. */
const GAP = 14;
/** Ticks to try, most first, until the labels have room. */
const TICK_COUNTS = [10, 8, 6, 5, 4, 3, 2] as const;
/** Labels of plain numbers from 0.001 to below a million are short enough. */
const PLAIN_LEAST = 1e-3;
const PLAIN_MOST = 1e6;
/** A range narrower than this part of its values' size would need too many digits. */
const NARROW = 1e-4;

export interface Tick {
  /** In pixels. */
  readonly at: number;
  readonly label: string;
}

export interface Axis {
  /** Pixels of a value. Values outside the axis stand outside. */
  readonly place: (value: number) => number;
  readonly ticks: readonly Tick[];
  /** How to read the labels: "", "(× 10⁶)" or "− 1 (× 10⁻¹²)"; stands behind the name of what is measured. */
  readonly unit: string;
}

/**
 * @param low  @param high  the values at the ends, finite, low < high
 * @param from @param to    where those stand, in pixels; from > to for an axis that goes up
 * @param scaleLinear       of d3-scale, which is loaded by plots alone
 */
export function makeAxis(low: number, high: number, from: number, to: number, scaleLinear: typeof makeScale): Axis {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const offset = high - low < NARROW * size ? low : 0;
  const reach = Math.max(Math.abs(low - offset), Math.abs(high - offset));
  const exponent = reach >= PLAIN_LEAST && reach < PLAIN_MOST ? 0 : Math.floor(Math.log10(reach));
  // In two steps: a power of ten below 10^-308 has lost digits of its own.
  const half = Math.trunc(exponent / 2);
  const reduce = (value: number): number => (value - offset) / 10 ** half / 10 ** (exponent - half);
  const scale = scaleLinear()
    .domain([reduce(low), reduce(high)])
    .range([from, to]);
  return {
    place: (value) => scale(reduce(value)),
    ticks: chooseTicks(scale, from > to),
    unit: [offset === 0 ? "" : signed(-offset), exponent === 0 ? "" : `(× 10${superscript(exponent)})`]
      .filter((part) => part !== "")
      .join(" "),
  };
}

function chooseTicks(scale: ScaleLinear<number, number>, isVertical: boolean): Tick[] {
  for (const count of TICK_COUNTS) {
    const name = scale.tickFormat(count);
    const ticks = scale
      .ticks(count)
      .map((value) => ({ at: scale(value), label: name(value) }))
      // Where doubles are scarce, neighbours may carry one name.
      .filter(({ label }, index, all) => index === 0 || label !== all[index - 1]?.label);
    if (haveRoom(ticks, isVertical)) return ticks;
  }
  return [];
}

function haveRoom(ticks: readonly Tick[], isVertical: boolean): boolean {
  return ticks.every((tick, index) => {
    const before = ticks[index - 1];
    if (before === undefined) return true;
    const widths = isVertical ? TICK_SIZE : (textWidth(before.label, TICK_SIZE) + textWidth(tick.label, TICK_SIZE)) / 2;
    return Math.abs(tick.at - before.at) >= widths + GAP;
  });
}

/** "− 1" or "+ 1": what is done to a value before it is read off the axis. */
function signed(value: number): string {
  return `${value < 0 ? "−" : "+"} ${Math.abs(value)}`;
}

function superscript(exponent: number): string {
  return String(exponent).replace(/[-\d]/g, (character) =>
    character === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(character)] as string),
  );
}
