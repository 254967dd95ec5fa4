/**
 * Checks of what callers pass. Each refusal says what was expected and what came.
 */
import { ArgumentError } from "../errors.js";

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

/** @throws {ArgumentError} it is neither absent nor an object that may hold options */
export function checkOptions(options: unknown): void {
  if (options === undefined || (typeof options === "object" && options !== null && !Array.isArray(options))) return;
  refuse("options", "an object, such as { timeout: 100 }", options);
}

/** @throws {ArgumentError} */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") refuse(name, "a function", value);
}

/** @throws {ArgumentError} it is no whole number from `least` to `most` */
export function checkWhole(name: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  refuse(name, `a whole number from ${least} to ${most}`, value);
}
