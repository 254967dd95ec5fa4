/**
 * Results as JSON: every number reads back to the same bits.
 *
 * JSON has no NaN and no infinities, so they become the strings "NaN", "Infinity" and "-Infinity"; JSON.stringify would write
 * null. It would also write -0 as 0, though JSON has a -0.
 */

/** What a result is made of. */
export type Jsonable = string | number | boolean | null | readonly Jsonable[] | { readonly [name: string]: Jsonable };

/**
 * @param value numbers, texts, and arrays and objects of them; fields that are undefined are left out
 * @returns two spaces an indent, fields in the order of the object, no line break at the end
 * @example
 *   spellJson({ value: -0, error: Infinity })   // {\n  "value": -0,\n  "error": "Infinity"\n}
 */
export function spellJson(value: Jsonable, indent = ""): string {
  if (typeof value === "number") {
    if (Object.is(value, -0)) return "-0";
    return Number.isFinite(value) ? String(value) : `"${value}"`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const isArray = Array.isArray(value);
  const members = isArray
    ? value.map((member) => spellJson(member, deeper))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${JSON.stringify(name)}: ${spellJson(member, deeper)}`);
  const [open, close] = isArray ? "[]" : "{}";
  if (members.length === 0) return `${open}${close}`;
  return `${open}\n${deeper}${members.join(`,\n${deeper}`)}\n${indent}${close}`;
}
