/**
 * Objects in a line: what they are, for consoles, which would print all of the memory and the core behind them.
 */
import { show } from "./checks.js";

/** By what Node (Deno and Bun, too) asks objects for their texts. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** `Queue { size: 3, maxsize: 100 }`, or `Queue { closed }`. */
export function describe(name: string, state: "closed" | Readonly<Record<string, unknown>>): string {
  if (state === "closed") return `${name} { closed }`;
  const facts = Object.entries(state).map(([key, value]) => `${key}: ${show(value)}`);
  return `${name} { ${facts.join(", ")} }`;
}

/** From now on consoles print what `toString` of its objects returns. */
export function inspectAsText(prototype: object): void {
  Object.defineProperty(prototype, INSPECT, {
    value(this: object): string {
      return String(this);
    },
  });
}
