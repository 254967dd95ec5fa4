/**
 * The box of an integral in several variables, and the options that are per axis: everything checked, texts read.
 *
 *   { x: [0, 1], y: [0, "x"] }    keys are the variables, from the outside in; bounds are numbers, infinite ones too, or expressions of what is before
 *
 * Role: the thread that calls `integrate`.
 */
import { refuse, show } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import type { Parameters } from "../../types.js";
import { checkList } from "../arguments.js";
import type { Axis, Bound } from "./axes.js";
import { readBound } from "./bounds.js";

const AXES_MAXIMUM = 64;
const BREAKS_MAXIMUM = 1000;
/** A point sorts the break points that are expressions: their number squared, in instructions. */
const MOVING_BREAKS_MAXIMUM = 16;

/** Options that are per axis, as they came. */
export interface AxisOptions {
  readonly breakPoints?: unknown;
  readonly scale?: unknown;
  readonly center?: unknown;
}

/** Names that texts may use. */
interface Names {
  readonly variables: readonly string[];
  /** In the order of the parameter record. */
  readonly parameters: readonly string[];
  readonly values: Parameters;
}

/** Whether this is a box, with options behind it, and no bound with another behind it. */
export function isBox(a: unknown, b: unknown): boolean {
  return typeof a === "object" && a !== null && typeof b !== "number";
}

/**
 * @param names of the parameters, in the order of their record, @param values theirs
 * @throws {ArgumentError} @throws {ExpressionError}
 */
export function readBox(
  box: unknown,
  options: AxisOptions,
  names: readonly string[],
  values: Parameters,
): readonly Axis[] {
  if (typeof box !== "object" || box === null || Array.isArray(box)) {
    refuse("box", "an object of ranges such as { x: [0, 1], y: [0, 1] }", box);
  }
  const variables = Object.keys(box);
  if (variables.length === 0 || variables.length > AXES_MAXIMUM) {
    throw new ArgumentError(`expected 1 to ${AXES_MAXIMUM} variables in \`box\`, got ${variables.length}`, "box", box);
  }
  const known: Names = { variables, parameters: names, values };
  const perAxis = {
    breakPoints: checkPerAxis("breakPoints", options.breakPoints, variables),
    scale: checkPerAxis("scale", options.scale, variables),
    center: checkPerAxis("center", options.center, variables),
  };
  return variables.map((name, index) => {
    const range = (box as Record<string, unknown>)[name];
    if (!Array.isArray(range) || range.length !== 2) {
      refuse(`box.${name}`, "a range of two bounds such as [0, 1]", range);
    }
    const [lo, hi] = range.map((bound, k) => checkBound(`box.${name}[${k}]`, bound, index, known)) as [Bound, Bound];
    checkWidth(name, lo, hi);
    return {
      name,
      lo,
      hi,
      breaks: checkBreaks(`breakPoints.${name}`, perAxis.breakPoints[name], index, known),
      scale: checkScale(`scale.${name}`, perAxis.scale[name]),
      center: checkCenter(`center.${name}`, perAxis.center[name]),
    };
  });
}

function checkBound(what: string, bound: unknown, index: number, names: Names): Bound {
  if (typeof bound === "string") {
    return readBound(bound, what, names.variables, index, names.parameters, names.values);
  }
  if (typeof bound !== "number" || Number.isNaN(bound)) {
    refuse(what, "a number, Infinity included, or an expression of the variables before", bound);
  }
  return bound;
}

function checkWidth(name: string, lo: Bound, hi: Bound): void {
  if (typeof lo !== "number" || typeof hi !== "number" || !Number.isFinite(lo) || !Number.isFinite(hi)) return;
  if (Number.isFinite(hi - lo)) return;
  throw new ArgumentError(
    `the width of \`box.${name}\` must be a finite number, or a bound infinite, got ${show(lo)} to ${show(hi)}; split the range`,
    `box.${name}`,
    [lo, hi],
  );
}

function checkPerAxis(option: string, value: unknown, variables: readonly string[]): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    const example = option === "breakPoints" ? "[0.5]" : "1";
    refuse(option, `an object by variable, such as { ${variables[0]}: ${example} }`, value);
  }
  for (const name of Object.keys(value)) {
    if (variables.includes(name)) continue;
    throw new ArgumentError(
      `\`${option}\` must be of variables of the box (${variables.join(", ")}), got \`${name}\``,
      option,
      value,
    );
  }
  return value as Record<string, unknown>;
}

function checkBreaks(what: string, list: unknown, index: number, names: Names): readonly Bound[] {
  if (list === undefined) return [];
  const bounds = checkList(what, list, BREAKS_MAXIMUM, "numbers or expressions").map((each, k) =>
    checkBound(`${what}[${k}]`, each, index, names),
  );
  if (bounds.length > MOVING_BREAKS_MAXIMUM && bounds.some((each) => typeof each === "object")) {
    refuse(what, `at most ${MOVING_BREAKS_MAXIMUM} break points, where some are expressions`, list);
  }
  return bounds;
}

function checkScale(what: string, scale: unknown = 1): number {
  if (typeof scale !== "number" || !(scale > 0 && scale < Number.POSITIVE_INFINITY))
    refuse(what, "a positive number", scale);
  return scale;
}

function checkCenter(what: string, center: unknown = 0): number {
  if (typeof center !== "number" || !Number.isFinite(center)) refuse(what, "a finite number", center);
  return center;
}
