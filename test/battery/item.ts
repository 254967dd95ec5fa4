/**
 * What the battery is made of: integrals of the literature, as data.
 *
 * Every number of an entry is the double that it is read as (0.1, pi in a text, a bound Math.PI), the operations between them are exact: a reference is the
 * integral of just what an integrator is asked for. (In several dimensions a bound of pi is pi: nothing there is right to 16 digits.)
 *
 * Role: tests, and the scripts of scripts/battery/, which read the entries as JSON.
 */

/** What makes an integrand hard; the first of these that applies. Tables count by it. */
export type Kind =
  /** Analytic in the range and not far from polynomials. */
  | "smooth"
  | "peak"
  | "oscillation"
  | "kink"
  | "jump"
  | "end singularity"
  | "inner singularity"
  /** One end, or both, at infinity; the integrand keeps its sign or decays fast. */
  | "infinite range"
  /** It swings for ever, towards infinity or a point, and decays slowly or not at all. */
  | "oscillating tail";

interface Named {
  /** Unique. A family's members carry their parameter: `quadpack-1 alpha=-0.9`. */
  readonly name: string;
  /** Author, title or journal, year, number there. */
  readonly source: string;
  /** The integrand in Heddle's language: docs/expressions.md. */
  readonly text: string;
  readonly parameters?: Readonly<Record<string, number>>;
}

interface Valued {
  readonly kind: Kind;
  /**
   * The closed form, as Python's mpmath computes it: its functions, the parameters, the bounds `a` and `b`, `PI` for the double next to pi. `^` is a power.
   * Without one, the reference rests on two numerical ways: scripts/battery/references.py.
   */
  readonly exact?: string;
  /**
   * How far the value moves when a bound moves by half a unit in its last place, where that is more than rounding: the integrand is singular just beyond
   * a bound that is no double, and who extrapolates towards it (and so includes what is not asked for) is not dishonest.
   */
  readonly uncertainty?: number;
}

/** An integral over a range, in the variable x. */
export interface Entry extends Named, Valued {
  readonly range: readonly [a: number, b: number];
  /** Where the published set gives them, or where an integrand has its kinks, jumps and singular points. Ascending, inside the range. */
  readonly breakPoints?: readonly number[];
}

/** A bound of a range among several: a number, or an expression in the variables that stand before it. */
export type Bound = number | string;

/** An integral over several variables. The first of `ranges` is the outermost. */
export interface BoxEntry extends Named, Valued {
  readonly ranges: Readonly<Record<string, readonly [Bound, Bound]>>;
  /** By variable. */
  readonly breakPoints?: Readonly<Record<string, readonly number[]>>;
}

/** What has no value, and must not be called converged. */
export interface Divergent extends Named {
  readonly range: readonly [a: number, b: number];
  readonly why: string;
}

/** The value of an entry. */
export interface Reference {
  /** 20 digits. */
  readonly reference: string;
  /** The double nearest to it. */
  readonly value: number;
}

export type Integral = Entry & Reference;
export type BoxIntegral = BoxEntry & Reference;

/** One entry for each value of a parameter, named after it. */
export function family<Shape extends Named>(
  entry: Shape,
  parameter: string,
  values: readonly number[],
): readonly Shape[] {
  return values.map((value) => ({
    ...entry,
    name: `${entry.name} ${parameter}=${value}`,
    parameters: { ...entry.parameters, [parameter]: value },
  }));
}
