/** Random expressions as trees, printed in two ways: with the fewest parentheses, and with all of them. */
import fc from "fast-check";
import {
  ARITHMETIC,
  type BinaryOperator,
  COMPARISONS,
  CONNECTIVES,
  type Expression,
} from "../../ts/expr/expression.js";
import { PROVIDER_UNARY } from "../../ts/expr/functions.js";

export type Tree =
  | { kind: "leaf"; text: string }
  | { kind: "prefix"; sign: "-" | "!"; operand: Tree }
  | { kind: "binary"; operator: BinaryOperator; left: Tree; right: Tree }
  | { kind: "conditional"; condition: Tree; whenTrue: Tree; whenFalse: Tree }
  | { kind: "call"; name: string; operands: Tree[] };

const NUMBERS = [
  "0",
  "1",
  "2",
  "3",
  "0.5",
  "1.5",
  "2.5",
  "7",
  "10",
  "16",
  "17",
  "1e-3",
  "1e300",
  "5e-324",
  "4503599627370497",
  "0.49999999999999994",
];
const UNARY = [...PROVIDER_UNARY, "sqrt", "abs", "sign", "floor", "ceil", "round", "trunc"];

export const SCOPE = { variable: "x", parameters: ["a", "b"] } as const;

/** Random trees over x, a, b. */
export const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; exponent: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf("x", "x", "a", "b", "pi", "e", "tau", "inf", ...NUMBERS),
    fc.record({ kind: fc.constant("prefix" as const), sign: fc.constantFrom("-" as const, "-" as const, "!" as const), operand: tie("tree") }),
    fc.record({ kind: fc.constant("binary" as const), operator: fc.constantFrom(...ARITHMETIC), left: tie("tree"), right: tie("tree") }),
    fc.record({ kind: fc.constant("binary" as const), operator: fc.constant("^" as const), left: tie("tree"), right: tie("exponent") }),
    fc.record({ kind: fc.constant("binary" as const), operator: fc.constantFrom(...COMPARISONS, ...CONNECTIVES), left: tie("tree"), right: tie("tree") }),
    fc.record({ kind: fc.constant("conditional" as const), condition: tie("tree"), whenTrue: tie("tree"), whenFalse: tie("tree") }),
    fc.record({ kind: fc.constant("call" as const), name: fc.constantFrom(...UNARY), operands: fc.tuple(tie("tree")) }),
    fc.record({ kind: fc.constant("call" as const), name: fc.constantFrom("atan2", "hypot"), operands: fc.tuple(tie("tree"), tie("tree")) }),
    fc.record({ kind: fc.constant("call" as const), name: fc.constantFrom("min", "max"), operands: fc.array(tie("tree"), { minLength: 2, maxLength: 4 }) }),
  ),
  // Exponents that are multiplied out, by halves up to 17, also negative and as fractions.
  exponent: fc.oneof(
    fc.integer({ min: 0, max: 34 }).map((halves): Tree => ({ kind: "leaf", text: String(halves / 2) })),
    fc.integer({ min: 0, max: 34 }).map((halves): Tree => ({ kind: "prefix", sign: "-", operand: { kind: "leaf", text: String(halves / 2) } })),
    fc.integer({ min: 0, max: 34 }).map((halves): Tree => ({ kind: "binary", operator: "/", left: { kind: "leaf", text: String(halves) }, right: { kind: "leaf", text: "2" } })),
  ),
})).tree; // biome-ignore format: one shape per line

function leaf(...texts: string[]): fc.Arbitrary<Tree> {
  return fc.constantFrom(...texts).map((text): Tree => ({ kind: "leaf", text }));
}

/** Doubles that tell a wrong rewrite: both zeros, infinities, NaN, halves, whole numbers, and any others. */
export const doubles: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    2,
    0.5,
    -0.5,
    1.5,
    -2.5,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
    -5e-324,
    1e308,
    0.49999999999999994,
    2 ** 52 + 1,
  ),
  fc.double({ min: -10, max: 10 }),
  fc.double(),
);

const LEVELS: Readonly<Record<BinaryOperator, number>> = {
  "||": 2,
  "&&": 3,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "==": 4,
  "!=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "^": 8,
};

/** With parentheses only where the precedence table asks for them. `level` is the loosest operator allowed here. */
export function printFewest(tree: Tree, level = 1): string {
  const wrap = (own: number, text: string): string => (own < level ? `(${text})` : text);
  switch (tree.kind) {
    case "leaf":
      return tree.text;
    case "prefix":
      return wrap(7, `${tree.sign}${printFewest(tree.operand, 7)}`);
    case "binary": {
      const own = LEVELS[tree.operator];
      // To the left: the same level for those that group to the left, one more for ^ and comparisons.
      const left = printFewest(tree.left, own === 8 || own === 4 ? own + 1 : own);
      const right = printFewest(tree.right, own === 8 ? 7 : own + 1);
      return wrap(own, `${left} ${tree.operator} ${right}`);
    }
    case "conditional":
      return wrap(
        1,
        `${printFewest(tree.condition, 2)} ? ${printFewest(tree.whenTrue)} : ${printFewest(tree.whenFalse)}`,
      );
    case "call":
      return `${tree.name}(${tree.operands.map((operand) => printFewest(operand)).join(", ")})`;
  }
}

/** With parentheses around everything that has parts. */
export function printAll(tree: Tree): string {
  switch (tree.kind) {
    case "leaf":
      return tree.text;
    case "prefix":
      return `(${tree.sign}${printAll(tree.operand)})`;
    case "binary":
      return `(${printAll(tree.left)}${tree.operator}${printAll(tree.right)})`;
    case "conditional":
      return `(${printAll(tree.condition)}?${printAll(tree.whenTrue)}:${printAll(tree.whenFalse)})`;
    case "call":
      return `${tree.name}(${tree.operands.map(printAll).join(",")})`;
  }
}

/** A parsed expression, printed like `printAll`; constants by their names. */
export function printExpression(expression: Expression): string {
  const names = new Map([[Math.PI, "pi"], [2 * Math.PI, "tau"], [Math.E, "e"], [Infinity, "inf"]]); // biome-ignore format: a row
  const texts: string[] = [];
  for (const node of expression.nodes) {
    if (node.kind === "number") texts.push(names.get(node.value) ?? String(node.value));
    else if (node.kind === "variable") texts.push(String(expression.variable));
    else if (node.kind === "parameter") texts.push(expression.parameters[node.index]!);
    else if ("operand" in node) texts.push(`(${node.kind === "not" ? "!" : "-"}${texts[node.operand]})`);
    else if (node.kind === "binary") texts.push(`(${texts[node.left]}${node.operator}${texts[node.right]})`);
    else if (node.kind === "conditional")
      texts.push(`(${texts[node.condition]}?${texts[node.whenTrue]}:${texts[node.whenFalse]})`);
    else texts.push(`${node.name}(${node.operands.map((operand) => texts[operand]).join(",")})`);
  }
  return texts[texts.length - 1]!;
}
