/**
 * Integrands of several variables that are somebody else's code: called for each point, with what the driver module has computed of it.
 *
 *   driver   a point u -> where it is, what it weighs, and the components that are compiled     d + 1 + c values
 *   here     for the other components: the function of where it is, times what it weighs
 *
 * Role: any thread that computes. Functions came as their texts: what they refer to outside themselves has stayed behind.
 */
import { show } from "../../checks.js";
import { IntegrandError } from "../../errors.js";
import { type AnyFunction, explain, functionOf } from "../../inline-function.js";
import { POLICY, STAYED, whatCame } from "./callback.js";
import { BATCH } from "./own-memory.js";

/** What stands for a component: a function's text; the name of an export; null where it is compiled. */
export type SeveralValue = { readonly source: string; readonly label: string } | { readonly export: string } | null;

export interface SeveralCalls {
  readonly kind: "several";
  readonly variables: readonly string[];
  /** Names, in the order of the parameter record. */
  readonly parameters: readonly string[];
  readonly values: readonly SeveralValue[];
}

type Values = Readonly<Record<string, number>>;
type Points = (list: number, count: number) => void;

/** Values of one component at `count` points. @returns whether all were numbers; if not, or if it throws, `place` says where it was */
type Loop = (from: number, width: number, to: number, height: number, count: number, parameters: Values) => boolean;

interface Place {
  index: number;
  got: unknown;
}

/** Bytes of a Run record (assembly/quad/range/integral.ts), on a multiple of 16. */
const RUN_BYTES = 32;
const RUN_WORDS = 6;

let loops = 0;

/** As that of one variable (callback.ts), with the numbers of each point in a call. */
function loopText(variables: number): string {
  const numbers = Array.from({ length: variables }, (_, k) => `doubles[at + ${2 * k}]`).join(", ");
  return `(f, doubles, place) => (from, width, to, height, count, parameters) => {
  let i = 0;
  try {
    for (; i < count; i++) {
      const at = from + 2 * width * (i >> 1) + (i & 1);
      const y = f(${numbers}, parameters);
      if (typeof y !== "number") {
        place.got = y;
        return false;
      }
      doubles[to + 2 * height * (i >> 1) + (i & 1)] = y * doubles[at + ${2 * variables}];
    }
    return true;
  } finally {
    place.index = from + 2 * width * (i >> 1) + (i & 1);
  }
} /* ${++loops} */`;
}

/** The same for an export: nothing is compiled from a text, so that a policy may forbid it. */
function exportLoop(f: (...numbers: number[]) => number, variables: number, doubles: Float64Array): Loop {
  const numbers: number[] = new Array(variables).fill(0);
  return (from, width, to, height, count) => {
    for (let i = 0; i < count; i++) {
      const at = from + 2 * width * (i >> 1) + (i & 1);
      for (let k = 0; k < variables; k++) numbers[k] = doubles[at + 2 * k]!;
      doubles[to + 2 * height * (i >> 1) + (i & 1)] = f(...numbers) * doubles[at + 2 * variables]!;
    }
    return true;
  };
}

/**
 * The driver with calls.
 *
 * @param inner the driver of the module, which computes what the calls need
 * @param buffer address of room for 2 BATCH doubles, this thread's own
 * @throws {FunctionError} a policy forbids to compile texts
 */
export function severalCalls(
  inner: Points,
  { variables, parameters, values }: SeveralCalls,
  exports: WebAssembly.Exports,
  memory: WebAssembly.Memory,
  buffer: number,
): Points {
  const doubles = new Float64Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  const d = variables.length;
  const height = values.length;
  const width = d + 1 + values.filter((each) => each === null).length;
  const pairs = Math.floor((2 * BATCH - RUN_BYTES / 8) / (2 * width));
  const scratch = buffer + RUN_BYTES;
  const place: Place = { index: 0, got: undefined };
  let compiled = d;
  const components = values.map((value) => {
    if (value === null) return ++compiled;
    if ("export" in value) return exportLoop(exports[value.export] as AnyFunction as () => number, d, doubles);
    const loop = functionOf(loopText(d), value.label, POLICY) as (...args: unknown[]) => Loop;
    return loop(functionOf(value.source, value.label, POLICY), doubles, place);
  });
  const coordinates = (): string => variables.map((name, k) => `${name} = ${doubles[place.index + 2 * k]}`).join(", ");

  const call = (c: number, to: number, count: number, record: Values): void => {
    const component = components[c]!;
    const from = scratch / 8;
    if (typeof component === "number") {
      for (let i = 0; i < count; i++) {
        doubles[to + 2 * height * (i >> 1) + (i & 1)] = doubles[from + 2 * width * (i >> 1) + (i & 1) + 2 * component]!;
      }
      return;
    }
    const value = values[c] as { readonly source: string; readonly label: string };
    let areNumbers: boolean;
    try {
      areNumbers = component(from, width, to, height, count, record);
    } catch (error) {
      if ("export" in value) throw error;
      const stayed = explain(error, value.source, value.label, STAYED);
      const what = stayed instanceof Error ? `${stayed.name}: ${stayed.message}` : show(stayed);
      throw new IntegrandError(`the integrand threw ${what}, at ${coordinates()}`, null, { cause: stayed });
    }
    if (!areNumbers) {
      const { what, remedy } = whatCame(place.got);
      throw new IntegrandError(
        `expected a number from the integrand (${value.label}), got ${what} at ${coordinates()}${remedy}`,
        null,
      );
    }
  };

  return (list, count) => {
    for (let index = 0; index < count; index++) {
      const at = (list >>> 2) + RUN_WORDS * index;
      const [record, x, y, points] = words.subarray(at, at + 4) as unknown as [number, number, number, number];
      const named = Object.freeze(
        Object.fromEntries(parameters.map((name, k) => [name, doubles[(record >>> 3) + k]!])),
      );
      for (let first = 0; first < points; first += 2 * pairs) {
        const some = Math.min(2 * pairs, points - first);
        words.set([record, x + 8 * d * first, scratch, some, d, width], buffer >>> 2);
        inner(buffer, 1);
        for (let c = 0; c < height; c++) call(c, (y >>> 3) + height * first + 2 * c, some, named);
      }
    }
  };
}
