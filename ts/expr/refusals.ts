/**
 * What the parser says of a wrong text: the place, what was expected, what came, and, wherever it can be guessed, what to write.
 *
 * Role: the parser notices that something is wrong and calls one of these; none of them returns.
 */
import { ExpressionError } from "../errors.js";
import type { Node, Scope } from "./expression.js";
import { FUNCTIONS, type Signature } from "./functions.js";
import { readToken, shorten, type Token } from "./lexer.js";
import { variablesOf } from "./scope.js";
import { suggest } from "./suggest.js";

/** A part of the text. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** Operators that other languages spell as words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["and", "&&"],
  ["or", "||"],
  ["mod", "a - b*trunc(a/b)"],
  ["div", "trunc(a/b)"],
]);

/** What is meant by two arguments of a function that has one. */
const WITH_TWO: ReadonlyMap<string, string> = new Map([
  ["log", "log(x)/log(b)"],
  ["ln", "ln(x)/ln(b)"],
  ["atan", "atan2(y, x)"],
  ["round", "round(x*100)/100"],
]);

/** A parenthesis of at most so many characters is shown whole in a proposal. */
const SHOWN_PARENTHESIS = 24;

export class Refusals {
  constructor(
    private readonly source: string,
    private readonly scope: Scope,
  ) {}

  fail(reason: string, { start, end }: Place): never {
    throw new ExpressionError(reason, this.source, start, end);
  }

  /** "expected …, got …" at a token. */
  expected(wanted: string, got: Token): never {
    const text = got.kind === "end" ? "the end of the text" : quote(this.source.slice(got.start, got.end));
    this.fail(`expected ${wanted}, got ${text}`, got);
  }

  /** Two operands side by side; `token` begins the second, and `known` says that it is a name of the scope. */
  missingOperator(left: Place, token: Token, known: boolean): never {
    const word = known ? undefined : WORDS.get(token.text.toLowerCase());
    if (word !== undefined) this.fail(`\`${token.text}\` is no operator: write \`${word}\``, token);
    const product = `${shorten(this.source.slice(left.start, left.end))}*${this.operandAt(token)}`;
    this.fail(`expected an operator before ${quote(token.text)}: write ${quote(product)}`, token);
  }

  /** `a < b < c`: a from `start`, b from `middle`, `next` is the second sign. */
  chain(start: number, operator: Token, middle: number, next: Token): never {
    const text = (from: number, to: number): string => shorten(this.source.slice(from, to).trim());
    const between = text(middle, next.start);
    const last = this.operandAt(readToken(this.source, next.end));
    const proposal = `${text(start, operator.start)} ${operator.text} ${between} && ${between} ${next.text} ${last}`;
    this.fail(`comparisons cannot be chained: write \`${proposal}\``, next);
  }

  /** A comma outside the arguments of a function: a decimal comma, perhaps. */
  comma(comma: Token, before: Token): never {
    const after = readToken(this.source, comma.end);
    const touching = before.end === comma.start && after.start === comma.end;
    if (touching && before.kind === "number" && after.kind === "number") {
      const proposal = quote(`${before.text}.${after.text}`);
      this.fail(`a decimal point is a point: write ${proposal}`, { start: before.start, end: after.end });
    }
    this.fail("expected `,` only between the arguments of a function, as in `atan2(y, x)`", comma);
  }

  /** Something stands where only an operator or the end can. */
  atOperator(token: Token, before: Token): never {
    switch (token.text) {
      case ",":
        return this.comma(token, before);
      case ")":
        return this.fail(
          "expected an operator or the end, got `)`: no `(` is open; delete it, or write one `(` more",
          token,
        );
      case ":":
        return this.fail("expected `?` before `:`, as in `x < 0 ? -x : x`", token);
      case "!":
        return this.fail("there is no factorial: expected an operator or the end, got `!`", token);
      default:
        return this.expected("an operator or the end", token);
    }
  }

  /** `x(x+1)`; `open` is the parenthesis. */
  notAFunction(name: Token, value: Node, open: Token): never {
    const what =
      value.kind === "number"
        ? "a constant"
        : value.kind === "variable"
          ? this.scope.variables === undefined
            ? "the variable"
            : "a variable"
          : "a parameter";
    const product = quote(`${shorten(name.text)}*${this.operandAt(open)}`);
    this.fail(`${quote(name.text)} is ${what}, not a function: write ${product}`, name);
  }

  /** `sin x`, `sin^2(x)`, `sin + 1`; `next` is what stands there instead of the parenthesis. */
  notCalled(name: Token, { maximum, example }: Signature, next: Token): never {
    if (maximum === 1 && (next.kind === "number" || next.kind === "name")) {
      // sin 2x: the proposal takes it for sin(2*x).
      const factor = next.kind === "number" ? readToken(this.source, next.end) : undefined;
      const argument = this.operandAt(next) + (factor?.kind === "name" ? `*${shorten(factor.text)}` : "");
      const proposal = quote(`${name.text}(${argument})`);
      this.fail(`arguments stand in parentheses: write ${proposal}`, { start: name.start, end: next.start });
    }
    const exponent = maximum === 1 && next.text === "^" ? readToken(this.source, next.end) : undefined;
    if (exponent?.kind === "number") {
      const proposal = quote(`${name.text}(x)^${exponent.text}`);
      this.fail(`the power stands after the argument: write ${proposal}`, { start: name.start, end: exponent.end });
    }
    this.fail(`${quote(name.text)} is a function: write ${quote(example)}`, name);
  }

  /** A name that nobody gave; `called` when a parenthesis follows. */
  unknown(name: Token, called: boolean): never {
    const proposal = suggest(name.text, called, this.scope);
    const meant = proposal === undefined ? "" : `, did you mean ${proposal.split(" or ").map(quote).join(" or ")}?`;
    if (called) {
      const known = [...FUNCTIONS.keys()].join(" ");
      this.fail(`unknown function ${quote(name.text)}${meant || `, expected one of ${known}`}`, name);
    }
    const onlyConstants = variablesOf(this.scope).length === 0 && this.scope.parameters.length === 0;
    const remedy = onlyConstants
      ? "Expected a constant: numbers, pi, e, tau, inf and functions of them"
      : `A parameter is passed as \`parameters: { ${shorten(name.text)}: … }\``;
    this.fail(`unknown name ${quote(name.text)}${meant || "."} ${remedy}`, name);
  }

  /** `call` reaches from the name to the closing parenthesis; its text is the name. */
  arity(call: Token, { minimum, maximum, example }: Signature, count: number): never {
    const number = minimum === 1 ? "1 argument" : `${minimum} arguments`;
    const wanted = maximum > minimum ? `${number} or more` : number;
    const proposal = (count === 2 ? WITH_TWO.get(call.text) : undefined) ?? example;
    this.fail(`expected ${wanted} for ${quote(call.text)}, got ${count}: write ${quote(proposal)}`, call);
  }

  /** Text of the operand that starts at a token, for a proposal. */
  private operandAt({ start, end, kind, text }: Token): string {
    if (kind === "number") return shorten(text);
    if (kind === "end" || (kind === "symbol" && text !== "(")) return "…";
    let open = kind === "name" ? end : start;
    while (this.source[open] === " ") open++;
    if (this.source[open] !== "(") return shorten(text);
    const name = this.source.slice(start, open).trim();
    const last = Math.min(open + SHOWN_PARENTHESIS, this.source.length);
    for (let depth = 0, at = open; at < last; at++) {
      if (this.source[at] === "(") depth++;
      if (this.source[at] === ")" && --depth === 0) return name + shorten(this.source.slice(open, at + 1));
    }
    return `${name}(…)`;
  }
}

function quote(text: string): string {
  return `\`${shorten(text)}\``;
}
