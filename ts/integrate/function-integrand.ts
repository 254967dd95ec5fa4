/**
 * From a function of JavaScript to a driver module: compiled like a text where it is arithmetic, called back elsewhere.
 *
 * Role: any thread that makes contexts.
 */
import { BoundedMap } from "../bounded-map.js";
import { type Read, readFunction } from "../expr/index.js";
import { type AnyFunction, textOf } from "../inline-function.js";
import { withCompanions } from "../runtime/compute/foreign.js";
import { batchDrivers } from "../runtime/core/modules.js";
import { areSame, CACHE_CAPACITY, type Integrand, integrandOfTree } from "./integrand.js";

/** By text and parameters: the same text is the same function, since it may use nothing outside itself. */
const functions = new BoundedMap<string, Integrand>(CACHE_CAPACITY);

/** By itself, for the last names that it was used with: its text alone is long to write. */
const recent = new WeakMap<AnyFunction, Recent>();

interface Recent {
  readonly parameters: readonly string[];
  readonly relaxed: boolean;
  readonly integrand: Integrand;
}

/** Cost of a call back, in the same measure as instructions: a guess, since nobody knows what it does. */
const CALLBACK_COST = 300;

/**
 * @param parameters names it may use
 * @throws {ArgumentError} @throws {FunctionError} as `readFunction`
 */
export function integrandOfFunction(fn: AnyFunction, parameters: readonly string[], relaxed: boolean): Integrand {
  const last = recent.get(fn);
  if (last !== undefined && last.relaxed === relaxed && areSame(last.parameters, parameters)) return last.integrand;
  const integrand = lookUp(fn, parameters, relaxed);
  recent.set(fn, { parameters, relaxed, integrand });
  return integrand;
}

function lookUp(fn: AnyFunction, parameters: readonly string[], relaxed: boolean): Integrand {
  const names = [...parameters].sort();
  return functions.get(JSON.stringify([names, textOf(fn), relaxed]), () => {
    const read = readFunction(fn, names);
    return "tree" in read ? integrandOfTree(read.tree, names, relaxed) : callback(read, read.reason, names);
  });
}

function callback({ source, label }: Read, reason: string, parameters: readonly string[]): Integrand {
  const bytes = withCompanions(batchDrivers(), { foreign: { kind: "callback", source, label, parameters } });
  return {
    bytes,
    module: new WebAssembly.Module(bytes),
    parameters,
    operations: CALLBACK_COST,
    readsTables: false,
    relaxed: false,
    use: { kind: "callback", reason },
  };
}
