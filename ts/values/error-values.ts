/**
 * Errors: which classes are known on every thread, what an error carries, and how it is made again.
 *
 * What arrives has the prototype, and so the class, of what was sent, and its own fields: `message`, `stack`, `cause`,
 * `errors`, and whatever was assigned to it, such as `code`. An error of a class that the other side does not know
 * arrives as the nearest class above that it does know, under the name of its own.
 */
import * as heddle from "../errors.js";
import { nativeName } from "./native.js";

interface ErrorClass {
  readonly prototype: object;
}

/** One own property of an error. */
export interface ErrorField {
  readonly key: string;
  readonly enumerable: boolean;
  readonly value: unknown;
}

/** Fields that engines and constructors make, all of them not enumerable. */
const BUILT_IN_FIELDS = ["message", "cause", "errors", "error", "suppressed"];

const CLASSES = new Map<string, ErrorClass>();
const NAMES = new Map<object, string>();

// SuppressedError is young, DOMException is not of the language: not everywhere.
for (const name of `Error AggregateError EvalError RangeError ReferenceError SuppressedError SyntaxError TypeError URIError
  DOMException`.split(/\s+/)) {
  const Class = (globalThis as Record<string, unknown>)[name];
  if (typeof Class === "function") know(name, Class);
}
// By the name of the export, a literal: minifiers rename the classes themselves.
for (const [name, Class] of Object.entries(heddle)) know(name, Class);

function know(name: string, Class: ErrorClass): void {
  CLASSES.set(name, Class);
  NAMES.set(Class.prototype, name);
}

/** The nearest known error class in a chain of prototypes that begins with `prototype`; null when it is no error's. */
export function errorClassOf(prototype: object | null): string | null {
  for (let step = prototype; step !== null; step = Object.getPrototypeOf(step)) {
    const name = NAMES.get(step) ?? nativeName(step);
    if (CLASSES.has(name)) return name;
  }
  return null;
}

/** What an error carries besides its class. Reads its properties, so it throws what an accessor throws. */
export function errorFields(error: Error, className: string): ErrorField[] {
  const fields: ErrorField[] = [];
  const own = new Set(Object.keys(error));
  for (const key of own) fields.push({ key, enumerable: true, value: (error as never)[key] });
  for (const key of BUILT_IN_FIELDS) {
    if (own.has(key) || !Object.hasOwn(error, key)) continue;
    fields.push({ key, enumerable: false, value: (error as never)[key] });
  }
  // Everywhere text, but not everywhere an own property.
  if (!own.has("stack") && typeof error.stack === "string") {
    fields.push({ key: "stack", enumerable: false, value: error.stack });
  }
  if (!own.has("name") && className !== "DOMException") {
    const name = nameToKeep(error, className);
    if (name !== null) fields.push({ key: "name", enumerable: false, value: name });
  }
  return fields;
}

/** The name that must travel because the class that arrives does not give it; null when it does. */
function nameToKeep(error: Error, className: string): string | null {
  const given = (CLASSES.get(className)!.prototype as Error).name;
  if (error.name !== given) return error.name;
  // A subclass that never said its name: it would arrive as a plain Error and nobody would know of which class.
  const prototype: object | null = Object.getPrototypeOf(error);
  const ownName: unknown = prototype?.constructor?.name;
  return typeof ownName === "string" && ownName !== "" && ownName !== className && !NAMES.has(prototype!)
    ? ownName
    : null;
}

/**
 * A real error of a known class, without fields.
 *
 * The class's constructor is not run: it may want arguments, and its fields come anyway.
 */
export function makeError(className: string): object {
  const Class = (CLASSES.get(className) ?? Error) as NewableFunction;
  return Reflect.construct(Error, [], Class);
}
