/**
 * A function of JavaScript as an integrand: called back for each point of a batch.
 *
 * Role: any thread that computes. The function came as its text: what it refers to outside itself has stayed behind.
 */
import { show } from "../../checks.js";
import { IntegrandError } from "../../errors.js";
import { explain, functionOf } from "../../inline-function.js";

export interface Callback {
  readonly source: string;
  readonly label: string;
  /** Names, in the order of the parameter record. */
  readonly parameters: readonly string[];
}

type Parameters = Readonly<Record<string, number>>;

/** y[to + i] = f(y[from + i]) for i < count. @returns count, or where it met what is no number; `place` is where it is */
type Loop = (
  f: (x: number, parameters: Parameters) => unknown,
  doubles: Float64Array,
  place: { index: number; got: unknown },
) => (from: number, to: number, count: number, parameters: Parameters) => boolean;

/**
 * Compiled for each function anew, so that engines see one function called here, and write it into the loop: x² then costs 2 ns instead of 4. What goes wrong
 * leaves the index of its point behind in `place`.
 */
const LOOP = `(f, doubles, place) => (from, to, count, parameters) => {
  let i = 0;
  try {
    for (; i < count; i++) {
      const y = f(doubles[from + i], parameters);
      if (typeof y !== "number") {
        place.got = y;
        return false;
      }
      doubles[to + i] = y;
    }
    return true;
  } finally {
    place.index = from + i;
  }
}`;

/** Loops compiled on this thread. */
let loops = 0;

export const POLICY =
  "integrands that are arithmetic on their arguments are compiled to WebAssembly, which needs no more than 'wasm-unsafe-eval': docs/integrands.md says which these are";
export const STAYED = "pass it as a parameter: (x, { a }) => …, with `parameters: { a }`";

/** What a batch driver imports. @throws {FunctionError} a policy forbids to compile texts */
export function callbackMap({ source, label, parameters }: Callback, memory: WebAssembly.Memory) {
  const doubles = new Float64Array(memory.buffer);
  const place = { index: 0, got: undefined as unknown };
  // V8 gives equal texts one function, with what it has learnt of it; a comment makes them unequal.
  const loop = functionOf(`${LOOP} /* ${++loops} */`, label, POLICY) as Loop;
  const run = loop(functionOf(source, label, POLICY), doubles, place);
  let values: Parameters = {};
  return {
    begin(record: number): void {
      const at = (record >>> 0) / Float64Array.BYTES_PER_ELEMENT;
      // Frozen: points must not depend on each other, nor on who computes them.
      values = Object.freeze(Object.fromEntries(parameters.map((name, index) => [name, doubles[at + index]!])));
    },
    map(from: number, to: number, count: number): void {
      let isNumber: boolean;
      try {
        isNumber = run((from >>> 0) / 8, (to >>> 0) / 8, count, values);
      } catch (error) {
        throw thrown(explain(error, source, label, STAYED), doubles[place.index]!);
      }
      if (!isNumber) throw noNumber(label, place.got, doubles[place.index]!);
    },
  };
}

function thrown(error: unknown, x: number): IntegrandError {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : show(error);
  return new IntegrandError(`the integrand threw ${what}, at x = ${x}`, x, { cause: error });
}

function noNumber(label: string, got: unknown, x: number): IntegrandError {
  const { what, remedy } = whatCame(got);
  return new IntegrandError(`expected a number from the integrand (${label}), got ${what} at x = ${x}${remedy}`, x);
}

/** What is no number, for a message, and what to do about it. */
export function whatCame(got: unknown): { readonly what: string; readonly remedy: string } {
  const remedy =
    typeof got === "boolean"
      ? "; write `condition ? 1 : 0`"
      : got === undefined
        ? "; is a `return` missing?"
        : typeof got === "object" && got !== null && "then" in got
          ? "; nobody waits for an integrand"
          : "";
  const what = got !== null && typeof got === "object" && "then" in got ? "a promise" : show(got);
  return { what, remedy };
}
