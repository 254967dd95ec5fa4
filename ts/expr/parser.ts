/**
 * Text -> syntax tree: operator precedence parsing.
 *
 * Source: V. Pratt, "Top down operator precedence", POPL 1973. The grammar is in docs/expressions.md.
 * Role:   any thread.
 *
 *   binds      operators              groups
 *   loosest    c ? a : b              to the right
 *              ||                     to the left
 *              &&                     to the left
 *              < <= > >= == !=        not at all: 0 < x < 1 is refused
 *              + -                    to the left
 *              * /                    to the left
 *              - + !   (before)       -x^2 is -(x^2)
 *   tightest   ^ **                   to the right; 2^-1 is 2^(-1)
 */
import { ArgumentError, ExpressionError } from "../errors.js";
import {
  type BinaryOperator,
  COMPARISONS,
  type Expression,
  type Node,
  type Scope,
  variableNode,
} from "./expression.js";
import { CONSTANTS, FUNCTIONS, type Signature } from "./functions.js";
import { readToken, type Token } from "./lexer.js";
import { Refusals } from "./refusals.js";
import { checkScope, variablesOf } from "./scope.js";

/** Longest text, in UTF-16 units. */
export const MAXIMUM_LENGTH = 65_536;
/** Parentheses, calls, signs, powers and branches within each other: bounds the parser's recursion. */
export const MAXIMUM_NESTING = 256;
/** Numbers, names and operations of one expression. */
export const MAXIMUM_NODES = 16_384;

const CONDITIONAL = 1;
const COMPARISON = 4;
const SIGN = 7;

/** How tightly an operator binds. */
const BINDING: ReadonlyMap<string, number> = new Map([
  ["?", CONDITIONAL],
  ["||", 2],
  ["&&", 3],
  ...COMPARISONS.map((operator) => [operator, COMPARISON] as const),
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["^", 8],
]);

/**
 * Reads an expression.
 *
 * @param source  the text
 * @param scope   the names that it may use; `variable: undefined` for a constant such as a bound: `pi/2`, `-inf`; `variables` for several
 * @returns the tree; its last node is the value
 * @throws ExpressionError  the text is not an expression in these names, or is longer, deeper or larger than the limits
 * @throws ArgumentError    source is no string, or a name of the scope belongs to the language
 * @example
 *   parse("a*x^2", { variable: "x", parameters: ["a"] }).nodes.length   // 5
 */
export function parse(source: string, scope: Scope): Expression {
  if (typeof source !== "string") {
    throw new ArgumentError(
      `expected an expression as a text such as "x^2", got ${source === null ? "null" : typeof source}`,
      "source",
      source,
    );
  }
  checkScope(scope);
  if (source.length > MAXIMUM_LENGTH) {
    const reason = `expected at most ${MAXIMUM_LENGTH} characters, got ${source.length}: shorten the expression`;
    throw new ExpressionError(reason, source, MAXIMUM_LENGTH, MAXIMUM_LENGTH + 1);
  }
  const nodes = new Parser(source, scope).parseAll();
  const { variable, variables } = scope;
  return { source, variable, ...(variables && { variables }), parameters: [...scope.parameters], nodes };
}

class Parser {
  private readonly nodes: Node[] = [];
  /** Names of the scope, as the nodes that they stand for. */
  private readonly names = new Map<string, Node>();
  private token: Token;
  /** What was read before `token`; for "after `+`". */
  private previous: Token | undefined;
  /** Where the operand that ended last began. */
  private operandStart = 0;
  private nesting = 0;
  private readonly refuse: Refusals;

  constructor(
    private readonly source: string,
    private readonly scope: Scope,
  ) {
    this.refuse = new Refusals(source, scope);
    for (const [name, value] of CONSTANTS) this.names.set(name, { kind: "number", value });
    for (const [index, name] of scope.parameters.entries()) this.names.set(name, { kind: "parameter", index });
    for (const [index, name] of variablesOf(scope).entries()) this.names.set(name, variableNode(index));
    this.token = readToken(source, 0);
  }

  parseAll(): readonly Node[] {
    if (this.atEnd()) {
      this.refuse.fail(
        `expected an expression such as \`${variablesOf(this.scope)[0] ?? "pi"}^2\`, got an empty text`,
        this.token,
      );
    }
    this.parseExpression(CONDITIONAL);
    if (!this.atEnd()) this.refuse.atOperator(this.token, this.previous!);
    return this.nodes;
  }

  /** An expression of operators that bind at least as tightly as `minimum`. Returns its node's index. */
  private parseExpression(minimum: number): number {
    const start = this.token.start;
    let left = this.parsePrefix();
    for (;;) {
      this.refuseMissingOperator(start);
      const operator = this.token;
      const binding = operator.kind === "symbol" ? (BINDING.get(operator.text) ?? 0) : 0;
      if (binding === 0 || binding < minimum) return left;
      this.advance();
      if (binding === CONDITIONAL) {
        left = this.parseBranches(left, operator);
      } else if (operator.text === "^") {
        // To the right of ^ a sign may stand; and ^ groups to the right, which is the recursion.
        const right = this.nested(operator, () => this.parseExpression(SIGN));
        left = this.add({ kind: "binary", operator: "^", left, right }, operator);
      } else {
        const middle = this.token.start;
        const right = this.parseExpression(binding + 1);
        left = this.add({ kind: "binary", operator: operator.text as BinaryOperator, left, right }, operator);
        if (binding === COMPARISON) this.refuseChain(start, operator, middle);
      }
    }
  }

  /** What stands after `condition ?`. */
  private parseBranches(condition: number, question: Token): number {
    const whenTrue = this.nested(question, () => this.parseExpression(CONDITIONAL));
    if (!this.at(":")) {
      this.refuse.expected(
        `\`:\` and the value for the other case of the \`?\` at character ${question.start + 1}`,
        this.token,
      );
    }
    this.advance();
    const whenFalse = this.nested(question, () => this.parseExpression(CONDITIONAL));
    return this.add({ kind: "conditional", condition, whenTrue, whenFalse }, question);
  }

  /** A number, a name, a call or a parenthesis, with the signs before it. */
  private parsePrefix(): number {
    const token = this.token;
    const isSign = this.at("-") || this.at("+") || this.at("!");
    if (!isSign) return this.parseOperand();
    this.advance();
    const operand = this.nested(token, () => this.parseExpression(SIGN));
    if (token.text === "+") return operand;
    return this.add({ kind: token.text === "-" ? "negate" : "not", operand }, token);
  }

  private parseOperand(): number {
    const token = this.token;
    let node: number;
    if (token.kind === "number") {
      this.advance();
      node = this.add({ kind: "number", value: Number(token.text) }, token);
    } else if (token.kind === "name") {
      this.advance();
      node = this.parseName(token);
    } else if (this.at("(")) {
      this.advance();
      if (this.at(")")) this.refuse.fail("expected an expression between `(` and `)`, got nothing", this.token);
      node = this.nested(token, () => this.parseExpression(CONDITIONAL));
      this.close(token);
    } else {
      const before = this.previous;
      const after = before === undefined ? "" : ` after \`${this.source.slice(before.start, before.end)}\``;
      this.refuse.expected(`a number, a name or \`(\`${after}`, this.token);
    }
    this.operandStart = token.start;
    return node;
  }

  private parseName(name: Token): number {
    const called = this.at("(");
    const value = this.names.get(name.text);
    const signature = FUNCTIONS.get(name.text);
    if (value !== undefined) {
      if (called) this.refuse.notAFunction(name, value, this.token);
      return this.add(value, name);
    }
    if (signature === undefined) this.refuse.unknown(name, called);
    if (!called) this.refuse.notCalled(name, signature, this.token);
    return this.parseCall(name, signature);
  }

  private parseCall(name: Token, signature: Signature): number {
    const open = this.token;
    this.advance();
    const operands: number[] = [];
    while (!this.at(")")) {
      operands.push(this.nested(open, () => this.parseExpression(CONDITIONAL)));
      if (!this.at(",")) break;
      this.advance();
      if (this.at(")")) this.refuse.fail("expected an argument after `,`, got `)`", this.token);
    }
    this.close(open);
    if (operands.length < signature.minimum || operands.length > signature.maximum) {
      this.refuse.arity({ ...name, end: this.previous!.end }, signature, operands.length);
    }
    if (signature.name === "^") {
      return this.add({ kind: "binary", operator: "^", left: operands[0]!, right: operands[1]! }, name);
    }
    return this.add({ kind: "call", name: signature.name, operands }, name);
  }

  /** The `)` of an `open`. */
  private close(open: Token): void {
    if (!this.at(")")) {
      if (this.at(",")) this.refuse.comma(this.token, this.previous!);
      this.refuse.expected(`\`)\` to close the \`(\` at character ${open.start + 1}`, this.token);
    }
    this.advance();
  }

  private at(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  private atEnd(): boolean {
    return this.token.kind === "end";
  }

  private advance(): void {
    this.previous = this.token;
    this.token = readToken(this.source, this.token.end);
  }

  private add(node: Node, at: Token): number {
    if (this.nodes.length === MAXIMUM_NODES) {
      this.refuse.fail(
        `expected at most ${MAXIMUM_NODES} numbers, names and operations, got more: shorten the expression`,
        at,
      );
    }
    return this.nodes.push(node) - 1;
  }

  private nested<T>(at: Token, parse: () => T): T {
    if (++this.nesting > MAXIMUM_NESTING) {
      this.refuse.fail(
        `expected at most ${MAXIMUM_NESTING} expressions within each other, got more: split the expression`,
        at,
      );
    }
    const result = parse();
    this.nesting--;
    return result;
  }

  /** `2x`, `(x)(y)`, `x y`: two operands side by side. `start` is where the expression around them began. */
  private refuseMissingOperator(start: number): void {
    const token = this.token;
    if (token.kind !== "number" && token.kind !== "name" && !this.at("(")) return;
    // The operand that just ended; after -2 it is 2, after (x) all of it.
    const left = { start: Math.max(start, this.operandStart), end: this.previous!.end };
    this.refuse.missingOperator(left, token, this.names.has(token.text));
  }

  /** `0 < x < 1`, where the second sign is the token. */
  private refuseChain(start: number, operator: Token, middle: number): void {
    if (this.token.kind === "symbol" && BINDING.get(this.token.text) === COMPARISON) {
      this.refuse.chain(start, operator, middle, this.token);
    }
  }
}
