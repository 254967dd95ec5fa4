/**
 * Signs that look like those of the language but are not: what word processors, web pages and books put in their place.
 *
 * Source: Unicode 15, blocks "Mathematical Operators", "General Punctuation", "Superscripts and Subscripts".
 * Role:   the lexer's errors name the ASCII form. What Unicode itself decomposes to ASCII (full-width forms, …) is not listed.
 */

export const ASCII_FORMS: ReadonlyMap<string, string> = new Map([
  ["−", "-"], ["–", "-"], ["—", "-"], ["‐", "-"], ["‑", "-"], ["‒", "-"], ["﹣", "-"], ["➖", "-"],
  ["×", "*"], ["·", "*"], ["∙", "*"], ["⋅", "*"], ["∗", "*"], ["•", "*"], ["✕", "*"],
  ["÷", "/"], ["∕", "/"], ["⁄", "/"],
  ["≤", "<="], ["⩽", "<="], ["≥", ">="], ["⩾", ">="], ["≠", "!="], ["＝", "=="],
  ["∧", "&&"], ["∨", "||"], ["¬", "!"],
  ["π", "pi"], ["𝜋", "pi"], ["τ", "tau"], ["∞", "inf"], ["ℯ", "e"], ["𝑒", "e"],
  ["√", "sqrt(…)"], ["∛", "cbrt(…)"],
  ["½", "(1/2)"], ["⅓", "(1/3)"], ["¼", "(1/4)"], ["¾", "(3/4)"],
  ["，", ","], ["⌊", "floor(…)"], ["⌈", "ceil(…)"],
]); // biome-ignore format: one family per line

const DIGITS = new Map([..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"].map((raised, index) => [raised, "0123456789+-"[index]!]));

/** Raised digits and signs, and a pattern for a row of them. */
export const SUPERSCRIPTS = { digits: DIGITS as ReadonlyMap<string, string>, pattern: /[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/y };
