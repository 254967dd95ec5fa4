/**
 * Checks of what callers pass. Each refusal says what was expected, what came and, where it helps, what to do.
 *
 * Role: any thread.
 */
import { ArgumentError } from "./errors.js";

/** A value as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return String(value);
}

/** @throws {ArgumentError} always */
export function refuse(name: string, expected: string, got: unknown, remedy = ""): never {
  throw new ArgumentError(`\`${name}\` must be ${expected}, got ${show(got)}${remedy && `; ${remedy}`}`, name, got);
}

/**
 * Options are an object, and a name that nobody knows is a mistake: a misspelt `maxSize` would bound nothing. Undefined is as absent, whatever its name.
 *
 * @param names of the options that there are
 * @param remedyOf what to do about a name that is none of them
 * @throws {ArgumentError}
 */
export function checkOptions(
  options: unknown,
  names: readonly string[],
  remedyOf: (name: string) => string = () => "",
): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    refuse("options", `an object that may have ${names.join(", ")}`, options);
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const got = (options as Readonly<Record<string, unknown>>)[name];
    if (got === undefined) continue;
    const known = names.length === 1 ? names[0] : `one of ${names.join(", ")}`;
    const remedy = remedyOf(name);
    throw new ArgumentError(`unknown option \`${name}\`; expected ${known}${remedy && `; ${remedy}`}`, name, got);
  }
}

/** @throws {ArgumentError} */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") refuse(name, "a function", value);
}

/** @throws {ArgumentError} it is neither absent nor true or false */
export function checkFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") refuse(name, "true or false", value);
}

/** @throws {ArgumentError} it is no whole number from `least` to `most` */
export function checkWhole(name: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  refuse(name, `a whole number from ${least} to ${most}`, value);
}
