/**
 * Text -> tokens, one at a time, each with its place.
 *
 * What is no token is refused here, with what to write in its stead: signs that look like ASCII but are not, single `=`, `&`, `|`,
 * brackets of the wrong shape.
 *
 * Role: the parser calls it. Reading one token at a time reports the first mistake of a text, not the strangest.
 */
import { ExpressionError } from "../errors.js";
import { ASCII_FORMS, SUPERSCRIPTS } from "./look-alikes.js";

export interface Token {
  readonly kind: "number" | "name" | "symbol" | "end";
  /** A symbol's or a name's text; `**` is given as `^`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Longest first, so that `<=` is not read as `<` and `=`. */
const SYMBOLS = ["**", "<=", ">=", "==", "!=", "&&", "||", ..."+-*/^()<>!?:,"];

/** What is written in other languages, and what it is called here. The longest that fits is reported. */
const REFUSED: readonly (readonly [text: string, advice: string])[] = [
  ["===", "for a comparison write `==`"],
  ["!==", "for a comparison write `!=`"],
  ["=>", "for `greater or equal` write `>=`"],
  ["=<", "for `less or equal` write `<=`"],
  ["<>", "for `not equal` write `!=`"],
  ["<<", "there are no shifts; write `x*2^n`"],
  [">>", "there are no shifts; write `x/2^n`"],
  ["//", "there is no integer division; write `floor(a/b)`"],
  ["^^", "for a power write one `^`"],
  [":=", "nothing can be assigned; give values as `parameters: { a: … }`"],
  ["=", "for a comparison write `==`"],
  ["&", "for `and` write `&&`"],
  ["|", "for `or` write `||`, for the absolute value `abs(x)`"],
  ["~", "for `not` write `!`"],
  ["%", "there is no remainder; for one with the sign of a write `a - b*trunc(a/b)`"],
  ["[", "write `(`"],
  ["]", "write `)`"],
  ["{", "write `(`"],
  ["}", "write `)`"],
  ["\\", "names stand without a backslash, as in `sin(x)`"],
  ["'", "there are no derivatives and no texts; write the function itself"],
  ['"', "there are no texts; write the expression without quotes"],
  ["`", "there are no texts; write the expression without quotes"],
  [";", "arguments are separated by `,`; there is one expression only"],
];

/** What may stand at a place is looked up by its character, because most tokens are of one or two. */
const SYMBOLS_BY_FIRST = byFirst(SYMBOLS, (text) => text);
const REFUSED_BY_FIRST = byFirst(REFUSED, ([text]) => text);

const SPACES = " \t\n\r\v\f";
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OTHER_BASE = /0(?:x[0-9a-f]+|b[01]+|o[0-7]+)(?![0-9a-z_])/iy;

/** The token at or after `position`. At the end of the text it is of kind `end`, as often as one asks. */
export function readToken(source: string, position: number): Token {
  let start = position;
  while (start < source.length && SPACES.includes(source[start]!)) start++;
  if (start === source.length) return { kind: "end", text: "", start, end: start };

  if (SYMBOLS_BY_FIRST.has(source[start]!)) return symbolToken(source, start);
  const number = match(NUMBER, source, start);
  if (number !== "") return numberToken(source, number, start);
  const name = match(NAME, source, start);
  if (name !== "") return nameToken(source, name, start);
  return symbolToken(source, start);
}

function match(pattern: RegExp, source: string, start: number): string {
  pattern.lastIndex = start;
  // Not `exec`, which makes a list of groups each time.
  return pattern.test(source) ? source.slice(start, pattern.lastIndex) : "";
}

function byFirst<T>(items: readonly T[], textOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const first = textOf(item)[0]!;
    groups.set(first, [...(groups.get(first) ?? []), item]);
  }
  return groups;
}

function numberToken(source: string, text: string, start: number): Token {
  const end = start + text.length;
  const next = source[end] ?? "";
  if (next === ".") {
    const whole = match(/[\d.]+/y, source, start);
    throw new ExpressionError(
      `\`${shorten(whole)}\` is no number: expected one decimal point`,
      source,
      start,
      start + whole.length,
    );
  }
  if (next === "_" && /\d/.test(source[end + 1] ?? "")) {
    const whole = match(/[\d_]+/y, source, start);
    const plain = shorten(whole.replaceAll("_", ""));
    throw new ExpressionError(`digits stand without \`_\`: write \`${plain}\``, source, start, start + whole.length);
  }
  const other = text === "0" ? match(OTHER_BASE, source, start) : "";
  if (other !== "") {
    const advice = other.length > 12 ? "write it in decimal" : `write \`${Number(other)}\``;
    throw new ExpressionError(
      `numbers are decimal, got \`${shorten(other)}\`: ${advice}`,
      source,
      start,
      start + other.length,
    );
  }
  if (!Number.isFinite(Number(text))) {
    throw new ExpressionError(
      "this number is larger than the largest double, 1.797e308: for infinity write `inf`",
      source,
      start,
      end,
    );
  }
  return { kind: "number", text, start, end };
}

function nameToken(source: string, text: string, start: number): Token {
  const end = start + text.length;
  if (source[end] !== ".") return { kind: "name", text, start, end };
  const part = match(NAME, source, end + 1);
  const whole = end + 1 + part.length;
  const advice =
    text === "Math" && part !== "" ? `write \`${shorten(part)}\`` : "expected an operator, `(` or the end after a name";
  throw new ExpressionError(
    `names have no parts, got \`${shorten(source.slice(start, whole))}\`: ${advice}`,
    source,
    start,
    whole,
  );
}

function symbolToken(source: string, start: number): Token {
  const first = source[start]!;
  const refused = REFUSED_BY_FIRST.get(first)?.find(([text]) => source.startsWith(text, start));
  const symbol = SYMBOLS_BY_FIRST.get(first)?.find((text) => source.startsWith(text, start));
  if (refused !== undefined && (symbol === undefined || refused[0].length > symbol.length)) {
    const [text, advice] = refused;
    throw new ExpressionError(`\`${text}\` is not known here: ${advice}`, source, start, start + text.length);
  }
  if (symbol !== undefined) {
    return { kind: "symbol", text: symbol === "**" ? "^" : symbol, start, end: start + symbol.length };
  }
  throw strangeCharacter(source, start);
}

/** The error for a character that no token starts with. */
function strangeCharacter(source: string, start: number): ExpressionError {
  const character = String.fromCodePoint(source.codePointAt(start)!);
  const end = start + character.length;
  const raised = match(SUPERSCRIPTS.pattern, source, start);
  if (raised !== "") {
    const digits = [...raised].map((digit) => SUPERSCRIPTS.digits.get(digit)).join("");
    return new ExpressionError(
      `a raised \`${shorten(raised)}\` is not read as a power: write \`^${shorten(digits)}\``,
      source,
      start,
      start + raised.length,
    );
  }
  if (character === ".") {
    return new ExpressionError("expected digits beside the decimal point, as in `0.5`", source, start, end);
  }
  const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
  if (/[\s\p{Zs}]/u.test(character)) {
    return new ExpressionError(`this is not a plain space (${code}): write a space, or nothing`, source, start, end);
  }
  if (/\p{C}/u.test(character)) {
    return new ExpressionError(`an invisible character (${code}) stands here: delete it`, source, start, end);
  }
  const normal = character.normalize("NFKC");
  const plain = ASCII_FORMS.get(character) ?? (/^[\x21-\x7e]+$/.test(normal) ? normal : character);
  if (plain !== character) {
    return new ExpressionError(`\`${character}\` (${code}) is not ASCII: write \`${plain}\``, source, start, end);
  }
  const letter = /\p{L}/u.test(character)
    ? "names are made of the letters a to z, A to Z, digits and `_`"
    : "expected a number, a name, an operator or `(`";
  return new ExpressionError(`\`${character}\` (${code}) has no meaning here: ${letter}`, source, start, end);
}

/** Long words are cut in messages. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 32 ? `${line.slice(0, 31)}…` : line;
}
