/**
 * What is typed as NAME=VALUE: `--param a=2`, `--scale 3` or `--scale x=3`.
 */
import { ArgumentError } from "../errors.js";

/** A text and the name that it is for. */
export type Named = readonly [name: string, text: string];

/**
 * @param flag    the option, to begin a message
 * @param example a value as it can be typed
 * @throws {ArgumentError} one has no name, or there are two of a name
 * @example
 *   readNamed("--param", "a=2", ["a=2", "b=1/4"])   // [ [ "a", "2" ], [ "b", "1/4" ] ]
 */
export function readNamed(flag: string, example: string, texts: readonly string[]): Named[] {
  const seen = new Set<string>();
  return texts.map((text) => {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(0, at)).trim();
    if (name === "") {
      throw new ArgumentError(
        `${flag} must be a name and its value such as ${example}, got ${JSON.stringify(text)}`,
        flag,
        text,
      );
    }
    if (seen.has(name)) throw new ArgumentError(`${flag} must give each name once, got ${name} twice`, flag, text);
    seen.add(name);
    return [name, text.slice(at + 1)];
  });
}
