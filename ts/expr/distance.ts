/**
 * An expression in the distance from a point: x = e + s d, with d > 0, s = 1 or -1, and e, s two parameters more; the third, z, says how exact e is.
 *
 * Near e, what f depends on is the distance, and x, rounded, has lost it: at x = 1 the double next to it is 1e-16 away, where (1 - x)^-0.9 still hides a fortieth
 * of its integral. So sums of polynomials are written as polynomials in d. Their coefficients do not depend on d: they are computed once, and
 * 1 - x at e = 1 becomes exactly -s d.
 *
 *   polynomials   to degree 4: coefficients by the arithmetic of + - * and / by a constant, from x = [e, s]; products stay products
 *   a < b         of polynomials: a - b < 0
 *   log p         log1p(p - 1) where p is within 1/2 of 1; p may be a quotient of polynomials
 *   sin, cos, tan p    by the sum formulas, of p at e and the rest
 *   exp(p) - 1    expm1(p); what is subtracted may be a polynomial that is 1 at e: its rest is added
 *
 * All else is as it was, with e + s d for x.
 *
 * A point within the range is a root that was rounded, as sqrt(1/2) is for 1/sqrt(abs(x^2 - 1/2)): x^2 - 1/2 is not 0 there but some 1e-17, which the inverse root would make 1e-8 of. So the constant
 * part of a sum, where it is at most z times the sum of the absolute values of both its parts, is 0: then f is singular at e itself. z is 0 at the ends of a range.
 *
 * Role: any thread.
 */
import { type Canonical, canonical } from "./canonical.js";
import type { Arithmetic, Node } from "./expression.js";
import type { FunctionName } from "./functions.js";

const DEGREE_MAXIMUM = 4;

/** What became of a node: a node of the new tree, and its coefficients if it is a polynomial, of which those that are 0 are undefined. */
interface Form {
  /** Made when it is asked for: most polynomials are only parts of others. */
  readonly value: () => number;
  readonly polynomial?: readonly (number | undefined)[];
  /** Argument of an exponential function, if it is one. */
  readonly exponent?: Form;
  /** Dividend and divisor of a quotient of polynomials. */
  readonly quotient?: readonly [NonNullable<Form["polynomial"]>, NonNullable<Form["polynomial"]>];
}

/**
 * The tree in d.
 *
 * @param parameters how many there are; e, s and z are the next three
 */
export function inDistance(nodes: readonly Node[], parameters: number): InDistance {
  const rewriter = new Rewriter(parameters);
  const forms: Form[] = [];
  for (const node of nodes) forms.push(rewriter.rewrite(node, forms));
  const root = forms[forms.length - 1]!.value();
  return { tree: canonical(rewriter.nodes, root), isBetterAtZero: rewriter.isBetterAtZero };
}

export interface InDistance {
  readonly tree: Canonical;
  /** Whether it is better at e = 0 too, where x is the distance itself: it has log1p or expm1. */
  readonly isBetterAtZero: boolean;
}

class Rewriter {
  readonly nodes: Node[] = [];
  isBetterAtZero = false;
  private readonly variable: Form;
  private readonly exactness: number;

  constructor(private readonly parameters: number) {
    this.exactness = parameters + 2;
    const end = this.push({ kind: "parameter", index: parameters });
    const side = this.push({ kind: "parameter", index: parameters + 1 });
    this.variable = this.polynomial([end, side]);
  }

  rewrite(node: Node, forms: readonly Form[]): Form {
    switch (node.kind) {
      case "number":
        return this.polynomial([node.value === 0 ? undefined : this.push(node)]);
      case "parameter":
        return this.polynomial([this.push(node)]);
      case "variable":
        return this.variable;
      case "negate": {
        const { polynomial, value } = forms[node.operand]!;
        const negated = polynomial?.map((each) => (each === undefined ? undefined : this.negate(each)));
        return negated === undefined ? this.once(() => this.negate(value())) : this.polynomial(negated);
      }
      case "not":
        return this.once(() => this.push({ kind: "not", operand: forms[node.operand]!.value() }));
      case "conditional": {
        const [condition, whenTrue, whenFalse] = [node.condition, node.whenTrue, node.whenFalse].map((i) => forms[i]!);
        return this.once(() =>
          this.push({
            kind: "conditional",
            condition: condition!.value(),
            whenTrue: whenTrue!.value(),
            whenFalse: whenFalse!.value(),
          }),
        );
      }
      case "call":
        return this.call(
          node.name,
          node.operands.map((operand) => forms[operand]!),
        );
      case "binary":
        return this.binary(node, forms[node.left]!, forms[node.right]!);
    }
  }

  private binary(node: Node & { kind: "binary" }, left: Form, right: Form): Form {
    const { operator } = node;
    const plain = (): number => this.push({ kind: "binary", operator, left: left.value(), right: right.value() });
    const [a, b] = [left.polynomial, right.polynomial];
    // What does not depend on x is a coefficient, however it was made.
    if (a?.length === 1 && b?.length === 1) return this.polynomial([plain()]);
    switch (operator) {
      case "+":
      case "-":
        if (a !== undefined && b !== undefined) return this.polynomial(this.sum(a, b, operator));
        return this.expm1(left, right, operator) ?? this.once(plain);
      case "*":
        return this.once(plain, a === undefined || b === undefined ? undefined : this.product(a, b));
      case "/":
        if (a !== undefined && b?.length === 1 && b[0] !== undefined) {
          return this.polynomial(
            a.map((each) => (each === undefined ? undefined : this.operation("/", each, b[0]!))),
            plain,
          );
        }
        return a === undefined || b === undefined ? this.once(plain) : { ...this.once(plain), quotient: [a, b] };
      case "^":
        return this.once(plain, this.power(a, right));
      case "<":
      case "<=":
      case ">":
      case ">=":
      case "==":
      case "!=": {
        if (a === undefined || b === undefined) return this.once(plain);
        const difference = this.polynomial(this.sum(a, b, "-"));
        return this.once(() =>
          this.push({ kind: "binary", operator, left: difference.value(), right: this.number(0) }),
        );
      }
      default:
        return this.once(plain);
    }
  }

  private call(name: FunctionName, operands: readonly Form[]): Form {
    const plain = (): number => this.push({ kind: "call", name, operands: operands.map((operand) => operand.value()) });
    const argument = operands[0]!;
    const { polynomial } = argument;
    if (operands.every((operand) => operand.polynomial?.length === 1)) return this.polynomial([plain()]);
    if (name === "log" && argument.quotient !== undefined) {
      const [above, below] = argument.quotient;
      const excess = this.polynomial(this.sum(above, below, "-"));
      const divisor = this.polynomial(below);
      return this.once(() => this.logarithm(argument, this.operation("/", excess.value(), divisor.value())));
    }
    if (polynomial === undefined) return this.once(plain);
    if (name === "log")
      return this.once(() =>
        this.logarithm(argument, this.polynomial(this.sum(polynomial, [this.number(1)], "-")).value()),
      );
    if (name === "sin" || name === "cos" || name === "tan") return this.once(() => this.circular(name, polynomial));
    if (name === "exp") return { ...this.once(plain), exponent: argument };
    return this.once(plain);
  }

  /** What a node comes to at e = 0 and d = 0: NaN where that depends on parameters. */
  private atZero(index: number): number {
    const node = this.nodes[index]!;
    if (node.kind === "number") return node.value;
    if (node.kind === "variable" || (node.kind === "parameter" && node.index === this.parameters)) return 0;
    if (node.kind === "negate") return -this.atZero(node.operand);
    if (node.kind !== "binary") return Number.NaN;
    const [left, right] = [this.atZero(node.left), this.atZero(node.right)];
    switch (node.operator) {
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left === 0 || right === 0 ? 0 : left * right;
      case "/":
        return left === 0 && right !== 0 ? 0 : left / right;
      default:
        return Number.NaN;
    }
  }

  /** log1p(less) near p = 1, where `less` is p - 1. If p is not near 1 at e = 0, x will do as well there. */
  private logarithm(argument: Form, less: number): number {
    if (!(Math.abs(this.atZero(less)) >= 0.5)) this.isBetterAtZero = true;
    const size = this.push({ kind: "call", name: "abs", operands: [less] });
    return this.push({
      kind: "conditional",
      condition: this.push({ kind: "binary", operator: "<", left: size, right: this.number(0.5) }),
      whenTrue: this.push({ kind: "call", name: "log1p", operands: [less] }),
      whenFalse: this.push({ kind: "call", name: "log", operands: [argument.value()] }),
    });
  }

  /** By the sum formulas, from the functions at e and those of the rest. */
  private circular(name: "sin" | "cos" | "tan", polynomial: NonNullable<Form["polynomial"]>): number {
    const at = polynomial[0] ?? this.number(0);
    const rest = this.polynomial([undefined, ...polynomial.slice(1)]).value();
    const call = (of: "sin" | "cos", operand: number): number =>
      this.push({ kind: "call", name: of, operands: [operand] });
    const multiply = (left: number, right: number): number => this.operation("*", left, right);
    const sine = (): number =>
      this.operation("+", multiply(call("sin", at), call("cos", rest)), multiply(call("cos", at), call("sin", rest)));
    const cosine = (): number =>
      this.operation("-", multiply(call("cos", at), call("cos", rest)), multiply(call("sin", at), call("sin", rest)));
    if (name === "tan") return this.operation("/", sine(), cosine());
    return name === "sin" ? sine() : cosine();
  }

  /** exp(p) - q, or q - exp(p), as expm1(p) - (q - 1): the second of these is 0 where there is something to lose. */
  private expm1(left: Form, right: Form, operator: "+" | "-"): Form | undefined {
    if (operator === "+") return undefined;
    const [power, other] = left.exponent !== undefined ? [left, right] : [right, left];
    if (power.exponent === undefined || other.polynomial === undefined) return undefined;
    const { exponent } = power;
    this.isBetterAtZero = true;
    const less = this.polynomial(this.sum(other.polynomial, [this.number(1)], "-"));
    return this.once(() => {
      const grown = this.push({ kind: "call", name: "expm1", operands: [exponent.value()] });
      return power === left ? this.operation("-", grown, less.value()) : this.operation("-", less.value(), grown);
    });
  }

  /** p^n for a whole number n in the text. */
  private power(base: Form["polynomial"], exponent: Form): Form["polynomial"] | undefined {
    if (base === undefined || exponent.polynomial?.length !== 1) return undefined;
    const [index] = exponent.polynomial;
    if (index === undefined) return [this.number(1)];
    const number = this.nodes[index]!;
    const n = number.kind === "number" ? number.value : Number.NaN;
    if (!Number.isInteger(n) || n < 1 || (base.length - 1) * n > DEGREE_MAXIMUM) return undefined;
    let product = base;
    for (let k = 1; k < n; k++) product = this.product(product, base)!;
    return product;
  }

  private sum(
    a: NonNullable<Form["polynomial"]>,
    b: NonNullable<Form["polynomial"]>,
    operator: "+" | "-",
  ): (number | undefined)[] {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => {
      const [left, right] = [a[k], b[k]];
      if (right === undefined) return left;
      if (left !== undefined) {
        const part = this.operation(operator, left, right);
        return k === 0 && Math.max(a.length, b.length) > 1 ? this.rounded(part, left, right) : part;
      }
      return operator === "+" ? right : this.negate(right);
    });
  }

  /** The constant part of what depends on d: 0 where it is nothing but rounding. */
  private rounded(part: number, left: number, right: number): number {
    const size = (operand: number): number => this.push({ kind: "call", name: "abs", operands: [operand] });
    const exactness = this.push({ kind: "parameter", index: this.exactness });
    const least = this.operation("*", exactness, this.operation("+", size(left), size(right)));
    return this.push({
      kind: "conditional",
      condition: this.push({ kind: "binary", operator: "<=", left: size(part), right: least }),
      whenTrue: this.number(0),
      whenFalse: part,
    });
  }

  private product(
    a: NonNullable<Form["polynomial"]>,
    b: NonNullable<Form["polynomial"]>,
  ): (number | undefined)[] | undefined {
    const degree = a.length + b.length - 2;
    if (degree > DEGREE_MAXIMUM) return undefined;
    const product: (number | undefined)[] = new Array(degree + 1).fill(undefined);
    a.forEach((left, i) => {
      b.forEach((right, k) => {
        if (left === undefined || right === undefined) return;
        const term = this.operation("*", left, right);
        const known = product[i + k];
        product[i + k] = known === undefined ? term : this.operation("+", known, term);
      });
    });
    return product;
  }

  /** By Horner's rule, in d. */
  private polynomial(coefficients: readonly (number | undefined)[], value?: () => number): Form {
    const horner = (): number => {
      let sum: number | undefined;
      for (let k = coefficients.length - 1; k >= 0; k--) {
        if (sum !== undefined) sum = this.operation("*", sum, this.push({ kind: "variable" }));
        const coefficient = coefficients[k];
        if (coefficient === undefined) continue;
        // The coefficient last, as it stands in a text: what is 0 by its value changes no bit of the rest.
        sum = sum === undefined ? coefficient : this.operation("+", sum, coefficient);
      }
      return sum ?? this.number(0);
    };
    return this.once(coefficients.length === 1 && value !== undefined ? value : horner, coefficients);
  }

  private once(make: () => number, polynomial?: Form["polynomial"]): Form {
    let made: number | undefined;
    const value = (): number => {
      made ??= make();
      return made;
    };
    return polynomial === undefined ? { value } : { value, polynomial };
  }

  private operation(operator: Arithmetic, left: number, right: number): number {
    return this.push({ kind: "binary", operator, left, right });
  }

  private negate(operand: number): number {
    return this.push({ kind: "negate", operand });
  }

  private number(value: number): number {
    return this.push({ kind: "number", value });
  }

  private push(node: Node): number {
    return this.nodes.push(node) - 1;
  }
}
