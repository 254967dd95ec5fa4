/**
 * Where an expression of several variables may have a corner or a jump along a curve or a surface, as far as its text says it: zeros of what stands in abs and sign,
 * and of differences that are compared or that min and max choose from, where these are polynomials of degree 1 or 2 in their last variable.
 *
 * A zero is an expression of the variables before, so the surface becomes a break point of that axis. Its projections onto the axes before, where it leaves the range
 * or turns around (the polynomial at the bounds, its discriminant), are surfaces of the same kind, in one variable less: the projection of G. Collins' cylindrical
 * algebraic decomposition (1975), but for where two surfaces of degree 2 meet.
 *
 * Role: any thread.
 */
import { type Canonical, canonical } from "./canonical.js";
import { Composer } from "./compose.js";
import { COMPARISONS, type Node } from "./expression.js";

/** Coefficients by power: nodes, undefined where they are 0. */
type Coefficients = readonly (number | undefined)[];

const DEGREE_MAXIMUM = 2;
/** Of min and max. */
const OPERANDS_MAXIMUM = 4;

/** What is 0 along such curves: trees, each once. */
export function curves(nodes: readonly Node[]): readonly Canonical[] {
  const found = new Map<string, Canonical>();
  const add = (tree: Canonical): void => {
    if (variablesIn(tree.nodes).size > 1) found.set(tree.key, tree);
  };
  const difference = (left: number, right: number): void =>
    add(canonical([...nodes, { kind: "binary", operator: "-", left, right }]));
  for (const node of nodes) {
    if (node.kind === "binary" && (COMPARISONS as readonly string[]).includes(node.operator)) {
      difference(node.left, node.right);
    } else if (node.kind === "call" && (node.name === "abs" || node.name === "sign")) {
      add(canonical(nodes, node.operands[0]));
    } else if (node.kind === "call" && (node.name === "min" || node.name === "max")) {
      // Any two of them may be the largest; of many, there would be more such places than it pays to know.
      const { length } = node.operands;
      for (let k = 1; k < length && length <= OPERANDS_MAXIMUM; k++) {
        for (let i = 0; i < k; i++) difference(node.operands[i]!, node.operands[k]!);
      }
    }
  }
  return [...found.values()];
}

/** The variables of a tree. */
export function variablesIn(nodes: readonly Node[]): ReadonlySet<number> {
  return new Set(nodes.flatMap((node) => (node.kind === "variable" ? [node.index ?? 0] : [])));
}

/** @returns undefined where it is no polynomial in the variable, or of another degree than 1 and 2 */
export function curveOf(nodes: readonly Node[], variable: number): Curve | undefined {
  const curve = new Curve(nodes, variable);
  return curve.degree >= 1 && curve.degree <= DEGREE_MAXIMUM ? curve : undefined;
}

/** A tree as a polynomial in one of its variables. */
export class Curve {
  private readonly to = new Composer();
  private readonly coefficients: Coefficients;

  /** Use `curveOf`, which looks at the degree. */
  constructor(nodes: readonly Node[], variable: number) {
    const at: (Coefficients | undefined)[] = [];
    for (const node of nodes) at.push(this.polynomial(node, at, variable));
    const all = [...(at.at(-1) ?? [])];
    while (all.length > 0 && all.at(-1) === undefined) all.pop();
    this.coefficients = all;
  }

  get degree(): number {
    return this.coefficients.length - 1;
  }

  /** Where it is 0, in the variables before. Where there is no such place, some number or NaN. */
  zeros(): readonly Canonical[] {
    const { to } = this;
    const [c, b, a] = this.coefficients;
    if (a === undefined) return [this.tree(to.binary(this.negative(c), "/", b!))];
    const root = to.call("sqrt", to.call("max", this.discriminantOf(), to.number(0)));
    const twice = to.binary(to.number(2), "*", a);
    const middle = this.negative(b);
    return (["-", "+"] as const).map((sign) => this.tree(to.binary(to.binary(middle, sign, root), "/", twice)));
  }

  /** The polynomial at a number. */
  at(value: number): Canonical {
    const { to } = this;
    const size = to.number(Math.abs(value));
    const x = value < 0 ? to.negate(size) : size;
    let sum: number | undefined;
    for (const coefficient of [...this.coefficients].reverse()) {
      if (sum !== undefined) sum = to.binary(sum, "*", x);
      if (coefficient !== undefined) sum = sum === undefined ? coefficient : to.binary(sum, "+", coefficient);
    }
    return this.tree(sum ?? to.number(0));
  }

  /** 0 where two zeros become one; undefined where there is but one. */
  discriminant(): Canonical | undefined {
    return this.coefficients.length === 3 ? this.tree(this.discriminantOf()) : undefined;
  }

  /** 0 where the two are 0 at the same place: their resultant. Undefined where both are of degree 2. */
  crossing(other: Curve): Canonical | undefined {
    const isLinear = this.coefficients.length === 2;
    if (!isLinear) return other.coefficients.length === 2 ? other.crossing(this) : undefined;
    const to = new Composer();
    const read = (curve: Curve, power: number): number => {
      const coefficient = curve.coefficients[power];
      if (coefficient === undefined) return to.number(0);
      const { nodes } = curve.tree(coefficient);
      const last = Math.max(-1, ...variablesIn(nodes));
      return to.insert(
        nodes,
        Array.from({ length: last + 1 }, (_, k) => to.variable(k)),
      );
    };
    const [c, b] = [read(this, 0), read(this, 1)];
    // The other at -c / b, times b as often as it takes.
    const line = to.binary(to.binary(read(other, 0), "*", b), "-", to.binary(read(other, 1), "*", c));
    if (other.coefficients.length === 2) return canonical(to.nodes, line);
    const square = to.binary(read(other, 2), "*", to.binary(c, "*", c));
    return canonical(to.nodes, to.binary(square, "+", to.binary(line, "*", b)));
  }

  private discriminantOf(): number {
    const { to } = this;
    const [c, b, a] = this.coefficients;
    const product = to.binary(to.binary(to.number(4), "*", a!), "*", c ?? to.number(0));
    return to.binary(b === undefined ? to.number(0) : to.binary(b, "*", b), "-", product);
  }

  private negative(coefficient: number | undefined): number {
    return coefficient === undefined ? this.to.number(0) : this.to.negate(coefficient);
  }

  private tree(root: number): Canonical {
    return canonical(this.to.nodes, root);
  }

  private polynomial(
    node: Node,
    at: readonly (Coefficients | undefined)[],
    variable: number,
  ): Coefficients | undefined {
    const { to } = this;
    const constant = (index: number): number | undefined => {
      const form = at[index];
      return form?.length === 1 ? (form[0] ?? to.number(0)) : undefined;
    };
    switch (node.kind) {
      case "number":
        return [node.value === 0 ? undefined : to.number(node.value)];
      case "parameter":
        return [to.parameter(node.index)];
      case "variable":
        return (node.index ?? 0) === variable ? [undefined, to.number(1)] : [to.variable(node.index ?? 0)];
      case "negate":
        return at[node.operand]?.map((each) => (each === undefined ? undefined : to.negate(each)));
      case "not":
        return undefined;
      case "conditional":
        return undefined;
      case "call": {
        const operands = node.operands.map(constant);
        return operands.every((each) => each !== undefined) ? [to.call(node.name, ...operands)] : undefined;
      }
      case "binary": {
        const [left, right] = [at[node.left], at[node.right]];
        if (left === undefined || right === undefined) return undefined;
        const [a, b] = [constant(node.left), constant(node.right)];
        const { operator } = node;
        if (operator === "+" || operator === "-") return this.sum(left, right, operator);
        if (operator === "*") return this.product(left, right);
        if (a !== undefined && b !== undefined) return [to.binary(a, operator, b)];
        if (operator === "/" && b !== undefined) {
          return left.map((each) => (each === undefined ? undefined : to.binary(each, "/", b)));
        }
        const exponent = b === undefined ? undefined : to.nodes[b];
        if (operator !== "^" || exponent?.kind !== "number") return undefined;
        return exponent.value === 1 ? left : exponent.value === 2 ? this.product(left, left) : undefined;
      }
    }
  }

  private sum(a: Coefficients, b: Coefficients, operator: "+" | "-"): Coefficients {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => {
      const [left, right] = [a[k], b[k]];
      if (right === undefined) return left;
      if (left !== undefined) return this.to.binary(left, operator, right);
      return operator === "+" ? right : this.to.negate(right);
    });
  }

  private product(a: Coefficients, b: Coefficients): Coefficients | undefined {
    if (a.length + b.length - 2 > DEGREE_MAXIMUM) return undefined;
    const product: (number | undefined)[] = new Array(a.length + b.length - 1).fill(undefined);
    for (const [i, left] of a.entries()) {
      for (const [k, right] of b.entries()) {
        if (left === undefined || right === undefined) continue;
        const term = this.to.binary(left, "*", right);
        const known = product[i + k];
        product[i + k] = known === undefined ? term : this.to.binary(known, "+", term);
      }
    }
    return product;
  }
}
