/**
 * What was typed of a sweep over a parameter -> what is to be computed.
 */
import { ArgumentError, ExpressionError } from "../errors.js";
import type { ManyOptions } from "../many-types.js";
import type { Typed } from "./arguments.js";
import { readConstant } from "./constants.js";
import type { Library } from "./library.js";
import { readNamed } from "./named.js";
import { USUAL } from "./request.js";
import { split } from "./split.js";
import { readToleranceOptions, refuseOfPanels } from "./tolerance-request.js";

/** Rows of a file; the library itself takes any number. */
const COUNT_MAXIMUM = 10_000_000;

export interface ManyRequest {
  readonly expression: string;
  readonly a: number | Float64Array;
  readonly b: number | Float64Array;
  /** Name of the parameter, and its values. */
  readonly name: string;
  readonly values: Float64Array;
  readonly options: ManyOptions;
  readonly json: boolean;
  readonly csv: string | undefined;
  readonly progress: boolean | undefined;
}

type Constant = (text: string, what: string) => number;

/** @throws {ArgumentError} @throws {ExpressionError} something that was typed is wrong */
export async function readManyRequest(library: Library, typed: Typed): Promise<ManyRequest> {
  refuseOfPanels(typed, "--sweep-param");
  refuseOfOne(typed);
  const { expression, variable = USUAL.variable, tolerance } = typed;
  const constant: Constant = (text, what) => readConstant(library, text, what, variable);
  const [name, values] = readSweep(tolerance.sweeps, constant);
  const { parameters, ...rest } = readToleranceOptions(library, typed);
  if (parameters !== undefined && name in parameters) {
    throw new ArgumentError(
      `expected ${name} from --sweep-param or from --param, got both; leave one out`,
      "--param",
      name,
    );
  }
  const bound = (text: string, what: string): number | Float64Array => {
    try {
      return constant(text, what);
    } catch (error) {
      // One that uses the parameter is another for each.
      if (!(error instanceof ExpressionError)) throw error;
      return library.evaluate(text, values, { variable: name, ...(parameters === undefined ? {} : { parameters }) });
    }
  };
  const request: ManyRequest = {
    expression,
    name,
    values,
    a: bound(typed.a ?? USUAL.a, "the lower bound"),
    b: bound(typed.b ?? USUAL.b, "the upper bound"),
    options: { ...rest, parameters: { ...parameters, [name]: values } },
    json: typed.json,
    csv: tolerance.csv,
    progress: typed.progress,
  };
  await rehearse(library, request);
  return request;
}

/** `s=0.5:10:1000`: a thousand values at equal distances, both ends among them. */
function readSweep(texts: readonly string[], constant: Constant): [name: string, values: Float64Array] {
  const refuse = (got: string): never => {
    throw new ArgumentError(
      `--sweep-param must be a name, two finite ends and a number of values from 1 to ${COUNT_MAXIMUM} such as s=0.5:10:1000, got ${JSON.stringify(got)}`,
      "--sweep-param",
      got,
    );
  };
  const [first, second] = readNamed("--sweep-param", "s=0.5:10:1000", texts);
  if (first === undefined || second !== undefined) {
    throw new ArgumentError(`--sweep-param must be given once, got ${texts.join(" and ")}`, "--sweep-param", texts);
  }
  const [name, text] = first;
  const parts = split(text, ":");
  if (parts.length !== 3) refuse(`${name}=${text}`);
  const [from, to, count] = parts.map((part) => constant(part, "--sweep-param")) as [number, number, number];
  const isRange = Number.isFinite(from) && Number.isFinite(to) && Number.isFinite(to - from);
  if (!isRange || !Number.isInteger(count) || count < 1 || count > COUNT_MAXIMUM) refuse(`${name}=${text}`);
  if (count === 1) return [name, Float64Array.of(from)];
  // Two products, so that the ends are hit exactly.
  const at = (i: number): number => from * (1 - i / (count - 1)) + to * (i / (count - 1));
  return [name, Float64Array.from({ length: count }, (_, i) => at(i))];
}

/** What a single integral has, and a sweep has not. */
function refuseOfOne(typed: Typed): void {
  const { variables, segments, poles, time } = typed.tolerance;
  const given: readonly (readonly [isGiven: boolean, name: string, remedy: string])[] = [
    [variables.length > 0, "--var", "a sweep is of integrals in one variable"],
    [segments, "--segments", "it shows one integral"],
    [typed.plot !== undefined, "--plot", "it draws one integral"],
    [poles.length > 0, "--pv", "principal values are computed one at a time"],
    [time !== undefined, "--max-time", "Ctrl-C ends a sweep"],
  ];
  const found = given.find(([isGiven]) => isGiven);
  if (found === undefined) return;
  throw new ArgumentError(`expected no ${found[1]} beside --sweep-param: ${found[2]}`, found[1], undefined);
}

/** A call that is aborted from the start checks its arguments and computes nothing. */
async function rehearse(library: Library, { expression, a, b, options }: ManyRequest): Promise<void> {
  const reason = new Error("nothing was to be computed");
  await library.many(expression, a, b, { ...options, signal: AbortSignal.abort(reason) }).catch((error: unknown) => {
    if (error !== reason) throw error;
  });
}
