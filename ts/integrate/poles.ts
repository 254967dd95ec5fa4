/**
 * The option `principalValue`: where the poles are, and the window around each.
 *
 * A window is half as wide as it is far to whatever is next: an end, another pole (of that the half), a break point; of an infinite range as wide as `scale` at most.
 */
import { refuse, show } from "../checks.js";
import { ArgumentError } from "../errors.js";

export const POLES_MAXIMUM = 16;
/** A corner this near to a pole, relatively, is that pole. */
const SAME = 2 ** -36;
/** Least half width of a window, in units of the pole's place: distances from it down to 2^-32 of it are looked at. */
const LEAST = 2 ** -20;

export interface Window {
  readonly center: number;
  readonly half: number;
}

/** Ascending. @throws {ArgumentError} they are no numbers, or not within the range */
export function checkPoles(option: unknown, lo: number, hi: number): readonly number[] {
  if (option === undefined) return [];
  const list: unknown = typeof option === "number" ? [option] : option;
  if (!Array.isArray(list) || list.length === 0 || list.length > POLES_MAXIMUM) {
    refuse("principalValue", `the place of a pole, or an array of 1 to ${POLES_MAXIMUM} of them`, option);
  }
  for (const pole of list as unknown[]) {
    if (typeof pole !== "number" || !Number.isFinite(pole)) refuse("principalValue", "a finite number", pole);
    if (!(pole > lo && pole < hi)) {
      throw new ArgumentError(
        `\`principalValue\` must lie between the bounds, got ${show(pole)} for ${show(lo)} to ${show(hi)}; at a bound a pole has no principal value`,
        "principalValue",
        option,
      );
    }
  }
  return [...new Set(list as number[])].sort((one, other) => one - other);
}

/** What cuts the range besides the poles: not those that are one of them. */
export function withoutPoles(breaks: readonly number[], poles: readonly number[]): readonly number[] {
  return breaks.filter((point) => !poles.some((pole) => Math.abs(point - pole) <= SAME * Math.abs(pole)));
}

/** @param breaks without the poles; @throws {ArgumentError} a pole is too near to something else */
export function windowsOf(
  poles: readonly number[],
  breaks: readonly number[],
  lo: number,
  hi: number,
  scale: number,
): readonly Window[] {
  const isBounded = Number.isFinite(lo) && Number.isFinite(hi);
  return poles.map((center, index) => {
    const distances = [...breaks, lo, hi].map((point) => Math.abs(point - center));
    for (const other of [poles[index - 1], poles[index + 1]]) {
      if (other !== undefined) distances.push(0.5 * Math.abs(other - center));
    }
    const most = isBounded ? Number.POSITIVE_INFINITY : 2 * scale;
    const half = 0.5 * Math.min(most, ...distances);
    if (!(half > LEAST * Math.abs(center))) {
      throw new ArgumentError(
        `the pole at ${show(center)} is too near to a bound, a break point or another pole: move the origin there, x = ${show(center)} + t`,
        "principalValue",
        center,
      );
    }
    return { center, half };
  });
}
