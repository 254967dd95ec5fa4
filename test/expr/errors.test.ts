/** Wrong texts: each refused with its place, with what was expected, and with what to write instead. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ExpressionError } from "../../ts/errors.js";
import { parse } from "../../ts/expr/parser.js";
import { printFewest, SCOPE, trees } from "./tree.js";

const RUNS = process.env.STRESS ? 100_000 : 2_000;

/** The place is marked in the text: what stands between « and » is [start, end). */
const WRONG: readonly (readonly [marked: string, reason: string])[] = [
  // nothing, or too little
  ["«»", "expected an expression such as `x^2`, got an empty text"],
  ["  «»", "expected an expression such as `x^2`, got an empty text"],
  ["x +«»", "expected a number, a name or `(` after `+`, got the end of the text"],
  ["x**«»", "expected a number, a name or `(` after `**`, got the end of the text"],
  ["-«»", "expected a number, a name or `(` after `-`, got the end of the text"],
  ["«*»x", "expected a number, a name or `(`, got `*`"],
  ["x * «/» 2", "expected a number, a name or `(` after `*`, got `/`"],
  ["x ? 1«»", "expected `:` and the value for the other case of the `?` at character 3, got the end of the text"],
  ["x ? 1 «)»", "expected `:` and the value for the other case of the `?` at character 3, got `)`"],
  ["x «:» 1", "expected `?` before `:`, as in `x < 0 ? -x : x`"],
  // a sign of multiplication is missing
  ["2«x»", "expected an operator before `x`: write `2*x`"],
  ["1 + 2«x»", "expected an operator before `x`: write `2*x`"],
  ["2«(»x+1)", "expected an operator before `(`: write `2*(x+1)`"],
  ["«x»(x+1)", "`x` is the variable, not a function: write `x*(x+1)`"],
  ["«a»(x+1)", "`a` is a parameter, not a function: write `a*(x+1)`"],
  ["«pi»(x)", "`pi` is a constant, not a function: write `pi*(x)`"],
  ["(x)«(»a)", "expected an operator before `(`: write `(x)*(a)`"],
  ["sin(x)«cos»(x)", "expected an operator before `cos`: write `sin(x)*cos(x)`"],
  ["x «y»", "expected an operator before `y`: write `x*y`"],
  ["x «2»", "expected an operator before `2`: write `x*2`"],
  ["2«e»", "expected an operator before `e`: write `2*e`"],
  ["«ax»", "unknown name `ax`, did you mean `a*x`? A parameter is passed as `parameters: { ax: … }`"],
  ["«x2»", "unknown name `x2`, did you mean `x*2` or `x^2`? A parameter is passed as `parameters: { x2: … }`"],
  // functions
  ["«sin »x", "arguments stand in parentheses: write `sin(x)`"],
  ["«sin »2x", "arguments stand in parentheses: write `sin(2*x)`"],
  ["«sin^2»(x)", "the power stands after the argument: write `sin(x)^2`"],
  ["1 + «sin»", "`sin` is a function: write `sin(x)`"],
  ["«atan2» x", "`atan2` is a function: write `atan2(y, x)`"],
  ["«sin()»", "expected 1 argument for `sin`, got 0: write `sin(x)`"],
  ["«sin(x, a)»", "expected 1 argument for `sin`, got 2: write `sin(x)`"],
  ["«log(x, 10)»", "expected 1 argument for `log`, got 2: write `log(x)/log(b)`"],
  ["«atan(x, a)»", "expected 1 argument for `atan`, got 2: write `atan2(y, x)`"],
  ["«atan2(x)»", "expected 2 arguments for `atan2`, got 1: write `atan2(y, x)`"],
  ["«min(x)»", "expected 2 arguments or more for `min`, got 1: write `min(x, y)`"],
  ["min(x,«)»", "expected an argument after `,`, got `)`"],
  ["min(«,»x)", "expected a number, a name or `(` after `(`, got `,`"],
  ["«Math.sin»(x)", "names have no parts, got `Math.sin`: write `sin`"],
  // names
  ["«foo»", "unknown name `foo`. A parameter is passed as `parameters: { foo: … }`"],
  ["«sinx»", "unknown name `sinx`, did you mean `sin(x)`? A parameter is passed as `parameters: { sinx: … }`"],
  ["«PI»", "unknown name `PI`, did you mean `pi`? A parameter is passed as `parameters: { PI: … }`"],
  ["«Infinity»", "unknown name `Infinity`, did you mean `inf`? A parameter is passed as `parameters: { Infinity: … }`"],
  ["«Sin»(x)", "unknown function `Sin`, did you mean `sin`?"],
  ["«exq»(x)", "unknown function `exq`, did you mean `exp`?"],
  ["«sqtr»(x)", "unknown function `sqtr`, did you mean `sqrt`?"],
  ["«arctan»(x)", "unknown function `arctan`, did you mean `atan`?"],
  ["«cot»(x)", "unknown function `cot`, did you mean `1/tan(x)`?"],
  ["«factorial»(x)", "unknown function `factorial`, did you mean `gamma(x + 1)`?"],
  ["«gammaln»(x)", "unknown function `gammaln`, did you mean `lgamma`?"],
  ["«besselj»(0, x)", "unknown function `besselj`, did you mean `j0(x)` or `j1(x)`?"],
  ["x «and» a", "`and` is no operator: write `&&`"],
  // comparisons and signs of other languages
  ["0 < x «<» 1", "comparisons cannot be chained: write `0 < x && x < 1`"],
  ["a == b «==» x", "comparisons cannot be chained: write `a == b && b == x`"],
  ["0 <= x+1 «<» sin(x)", "comparisons cannot be chained: write `0 <= x+1 && x+1 < sin(x)`"],
  ["x «=» 1", "`=` is not known here: for a comparison write `==`"],
  ["x «===» 1", "`===` is not known here: for a comparison write `==`"],
  ["x «<>» 1", "`<>` is not known here: for `not equal` write `!=`"],
  ["x «&» a", "`&` is not known here: for `and` write `&&`"],
  ["«|»x|", "`|` is not known here: for `or` write `||`, for the absolute value `abs(x)`"],
  ["x «%» 2", "`%` is not known here: there is no remainder; for one with the sign of a write `a - b*trunc(a/b)`"],
  ["x«!»", "there is no factorial: expected an operator or the end, got `!`"],
  ["«[»x]", "`[` is not known here: write `(`"],
  ["«\\»sin(x)", "`\\` is not known here: names stand without a backslash, as in `sin(x)`"],
  // parentheses and commas
  ["(x«»", "expected `)` to close the `(` at character 1, got the end of the text"],
  ["2*sin(x«»", "expected `)` to close the `(` at character 6, got the end of the text"],
  ["x«)»", "expected an operator or the end, got `)`: no `(` is open; delete it, or write one `(` more"],
  ["(«)»", "expected an expression between `(` and `)`, got nothing"],
  ["«1,5»", "a decimal point is a point: write `1.5`"],
  ["2*(«0,25»)", "a decimal point is a point: write `0.25`"],
  ["x«,» a", "expected `,` only between the arguments of a function, as in `atan2(y, x)`"],
  // numbers
  ["«1.2.3»", "`1.2.3` is no number: expected one decimal point"],
  ["«1_000»", "digits stand without `_`: write `1000`"],
  ["«0x1F»", "numbers are decimal, got `0x1F`: write `31`"],
  ["«1e400»", "this number is larger than the largest double, 1.797e308: for infinity write `inf`"],
  ["«.»", "expected digits beside the decimal point, as in `0.5`"],
  // signs that look right and are not
  ["x «−» 1", "`−` (U+2212) is not ASCII: write `-`"],
  ["2«·»x", "`·` (U+00B7) is not ASCII: write `*`"],
  ["2 «×» x", "`×` (U+00D7) is not ASCII: write `*`"],
  ["x«²»", "a raised `²` is not read as a power: write `^2`"],
  ["x«⁻¹»", "a raised `⁻¹` is not read as a power: write `^-1`"],
  ["«π»*x", "`π` (U+03C0) is not ASCII: write `pi`"],
  ["x «≤» 1", "`≤` (U+2264) is not ASCII: write `<=`"],
  ["«√»x", "`√` (U+221A) is not ASCII: write `sqrt(…)`"],
  ["«（»x）", "`（` (U+FF08) is not ASCII: write `(`"],
  ["x«\u00a0»+ 1", "this is not a plain space (U+00A0): write a space, or nothing"],
  ["x«\u200b» + 1", "an invisible character (U+200B) stands here: delete it"],
  ["«é» + 1", "`é` (U+00E9) has no meaning here: names are made of the letters a to z, A to Z, digits and `_`"],
  ["x «@» 1", "`@` (U+0040) has no meaning here: expected a number, a name, an operator or `(`"],
];

for (const [marked, reason] of WRONG) {
  test(`refuses ${JSON.stringify(marked)}`, () => {
    const start = marked.indexOf("«");
    const end = marked.indexOf("»") - 1;
    const error = refusal(marked.replace(/[«»]/g, ""));
    assert.equal([error?.reason, error?.start, error?.end], [reason, start, end]);
  });
}

test("a long name is cut in the message", () => {
  const error = refusal("q".repeat(60_000));
  assert.ok(error !== undefined && error.message.length < 400);
});

test("an unknown function without a likely meaning lists what there is", () => {
  const reason = refusal("wronskian(x)")?.reason ?? "";
  for (const name of ["sin", "sqrt", "atan2", "max", "ln"]) assert.ok(reason.split(/\s/).includes(name), name);
});

test("a caret stands under the place, also within a long text and behind a line break", () => {
  for (const source of [`${"x + ".repeat(60)}2y + ${"x + ".repeat(60)}x`, "x +\n2y"]) {
    const [, text, carets] = refusal(source)!.message.split("\n");
    assert.is(text![carets!.indexOf("^")], "y");
    assert.is(carets!.trim(), "^");
  }
});

test("the examples in docs/expressions.md are what comes", () => {
  const page = readFileSync(join(process.cwd(), "docs/expressions.md"), "utf8");
  const lines = page.split("```text\n")[1]!.split("```")[0]!.trimEnd().split("\n");
  assert.is(lines.length % 3, 0);
  for (let at = 0; at < lines.length; at += 3) {
    assert.is(refusal(lines[at + 1]!.trim())?.message, lines.slice(at, at + 3).join("\n"));
  }
});

const SCRAPS = [
  ..."0123456789.eExab+-*/^()<>=!&|?:, %_²π−\n\u200b",
  "sin",
  "min(",
  "pi",
  "**",
  "==",
  "&&",
  "inf",
  "1e",
  "💥",
  "\ud800",
];

/** A valid text with a few characters dropped, put in or exchanged. */
const mutated = fc
  .tuple(
    trees,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom("drop", "insert", "replace", "cut"), fc.constantFrom(...SCRAPS)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([tree, edits]) =>
    edits.reduce((text, [at, edit, scrap]) => {
      const place = at % (text.length + 1);
      const rest = text.slice(edit === "insert" ? place : place + 1);
      if (edit === "cut") return text.slice(0, place);
      return text.slice(0, place) + (edit === "drop" ? "" : scrap) + rest;
    }, printFewest(tree)),
  );

for (const [name, texts] of [
  ["mutated texts", mutated],
  ["rows of scraps", fc.array(fc.constantFrom(...SCRAPS), { maxLength: 30 }).map((scraps) => scraps.join(""))],
  ["any strings", fc.string({ unit: "binary", maxLength: 20 })],
] as const) {
  test(`${name} are valid or refused with a place within the text and a caret under it`, () => {
    let refused = 0;
    const property = fc.property(texts, (source) => {
      const error = refusal(source);
      if (error === undefined) return;
      refused++;
      assert.ok(
        0 <= error.start && error.start <= error.end && error.end <= source.length,
        `${error.start} ${error.end}`,
      );
      const lines = error.message.split("\n");
      assert.is(lines.length, 3, error.message);
      assert.match(lines[2]!, /^ *\^+$/);
      assert.not.match(error.reason, /undefined|NaN|\[object/);
    });
    fc.assert(property, { numRuns: RUNS });
    assert.ok(refused > RUNS / 10, `only ${refused} were wrong`);
  });
}

/** The ExpressionError of a text, undefined if it is valid; any other error is thrown on. */
function refusal(source: string): ExpressionError | undefined {
  try {
    parse(source, SCOPE);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  return undefined;
}

test.run();
