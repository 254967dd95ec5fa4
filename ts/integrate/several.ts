/**
 * Integrals in several variables, and of several components: from the arguments of a call to what a rule is asked.
 *
 * Role: the thread that calls `integrate`.
 */
import { ArgumentError } from "../errors.js";
import { canonical, parse } from "../expr/index.js";
import type { Parameters } from "../types.js";
import { mapAxis, type Region } from "./several-axes.js";
import { type AxisOptions, readBox } from "./several-box.js";
import { type Component, integrandOfSeveral, type SeveralIntegrand } from "./several-integrand.js";

/** What is to be integrated over which region, before anybody has chosen a rule. */
export interface SeveralIntegral {
  readonly integrand: SeveralIntegrand;
  readonly variables: readonly string[];
  readonly region: Region;
  /** The parameter record. */
  readonly parameters: readonly number[];
  /** -1 when an odd number of ranges came in descending order; 0 when a range is empty: then there is no region. */
  readonly sign: number;
}

/**
 * @param sources one text for each component
 * @throws {ArgumentError} @throws {ExpressionError}
 */
export function severalOf(
  sources: readonly string[],
  box: unknown,
  options: AxisOptions & { readonly parameters?: Parameters; readonly relaxed?: boolean } = {},
): SeveralIntegral {
  const values = options.parameters ?? {};
  const names = Object.keys(values).sort();
  const axes = readBox(box, options, names, values);
  const variables = axes.map(({ name }) => name);
  const components = sources.map((source) => componentOf(source, variables, names));
  const mapped = axes.map(mapAxis);
  if (components.length === 0) throw new ArgumentError("expected one integrand at least, got none", "f", sources);
  return {
    integrand: integrandOfSeveral(components, mapped, names, options.relaxed ?? false),
    variables,
    region: {
      lo: mapped.map(({ lo }) => lo),
      hi: mapped.map(({ hi }) => hi),
      breaks: mapped.map(({ breaks }) => breaks),
    },
    parameters: [...names.map((name) => values[name]!), ...mapped.flatMap((axis) => axis.values)],
    sign: mapped.reduce((sign, axis) => sign * axis.sign, 1),
  };
}

function componentOf(source: string, variables: readonly string[], parameters: readonly string[]): Component {
  return canonical(parse(source, { variable: undefined, variables, parameters }).nodes);
}
