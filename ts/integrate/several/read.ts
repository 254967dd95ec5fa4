/**
 * Texts and functions of several variables, each read once: to read one takes as long as an easy integral. What else is known of a tree can be kept by its nodes, for
 * who brings the same text, or the same function, gets the same. The cache is bounded; functions are kept as long as they live.
 *
 * Role: the thread that calls `integrate`.
 */
import { BoundedMap } from "../../bounded-map.js";
import { canonical, parse, readFunction } from "../../expr/index.js";
import type { AnyFunction } from "../../inline-function.js";
import { areSame, CACHE_CAPACITY } from "../integrand.js";
import type { Component } from "./integrand.js";

/** For the last names that it was used with. */
interface Known {
  readonly variables: readonly string[];
  readonly names: readonly string[];
  readonly component: Component;
}

const texts = new BoundedMap<string, Known>(CACHE_CAPACITY);
const functions = new WeakMap<AnyFunction, Known>();

/** @param names of the parameters, in the order of their record @throws {ExpressionError} */
export function componentOfText(source: string, variables: readonly string[], names: readonly string[]): Component {
  const known = texts.find(source);
  if (isOf(known, variables, names)) return known.component;
  const component = canonical(parse(source, { variable: undefined, variables, parameters: names }).nodes);
  texts.set(source, { variables, names, component });
  return component;
}

/** @throws {ArgumentError} @throws {FunctionError} as `readFunction` */
export function componentOfFunction(f: AnyFunction, variables: readonly string[], names: readonly string[]): Component {
  const known = functions.get(f);
  if (isOf(known, variables, names)) return known.component;
  const component = read(f, variables, names);
  functions.set(f, { variables, names, component });
  return component;
}

function read(f: AnyFunction, variables: readonly string[], names: readonly string[]): Component {
  const found = readFunction(f, names, variables);
  if ("tree" in found) return found.tree;
  const { source, label, reason } = found;
  return { key: JSON.stringify([source, label]), call: { source, label }, reason };
}

function isOf(known: Known | undefined, variables: readonly string[], names: readonly string[]): known is Known {
  return known !== undefined && areSame(known.variables, variables) && areSame(known.names, names);
}
