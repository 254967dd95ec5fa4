/**
 * A text at its separators, but for those within parentheses.
 *
 * @example
 *   split("0.3,atan2(1,2)", ",")   // [ "0.3", "atan2(1,2)" ]
 */
export function split(text: string, separator: "," | ":"): string[] {
  let depth = 0;
  const parts = [""];
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
