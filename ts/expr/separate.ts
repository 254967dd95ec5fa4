/**
 * Whether an expression of several variables is a sum of products of functions of one variable each, as far as its text says it.
 *
 *   exp(-(x^2 + y^2)) (1 + x y)  =  exp(-x^2) exp(-y^2)  +  x exp(-x^2) y exp(-y^2)
 *
 * Taken apart are sums, products, quotients by products, powers of products and small powers of sums, powers with a sum above, exp and exp2 of sums, roots and
 * absolute values of products, sines and cosines of sums (as parts of products of complex numbers: a term has a *phase*), and what conditions of one variable each,
 * and their connectives, choose between. Anything else that has two variables in it cannot be taken apart here.
 *
 * What is taken apart has the same value wherever all of it is finite; a product of logarithms of what is negative, say, may be NaN only one way. So who uses this
 * asks that all factors are finite.
 *
 * Role: any thread. An integral over a box is then a sum of products of integrals in one dimension.
 */
import { type Canonical, canonical } from "./canonical.js";
import { type Node, operandsOf } from "./expression.js";

/** A sum of functions of one variable each, in a sine or a cosine. */
export interface Phase {
  readonly kind: "sin" | "cos";
  /** A constant, and by axis what is added to it. */
  readonly angle: Canonical;
  readonly angles: ReadonlyMap<number, Canonical>;
}

/** A constant times functions of one variable each. Trees of one variable have number 0 for it. */
export interface Term {
  readonly constant: Canonical;
  readonly factors: ReadonlyMap<number, Canonical>;
  /** Times the sine or cosine of this. */
  readonly phase: Phase | undefined;
}

const TERMS_MAXIMUM = 64;
/** Sums to the power of this are multiplied out. */
const POWER_MAXIMUM = 4;

/** @returns the terms; undefined if it cannot be taken apart, or into too many */
export function separate(nodes: readonly Node[]): readonly Term[] | undefined {
  return new Separation(nodes).terms();
}

/** Terms while they are made: indices of nodes. */
interface Draft {
  readonly constant: number | undefined;
  readonly factors: ReadonlyMap<number, number>;
  readonly phase: { readonly kind: "sin" | "cos"; readonly angle: Sum } | undefined;
}

interface Sum {
  readonly constant: number | undefined;
  readonly parts: ReadonlyMap<number, number>;
}

const MANY = -1;
const NONE = -2;

class Separation {
  private readonly nodes: Node[] = [];
  /** Of each node: the variable that is in it, NONE or MANY. */
  private readonly variable: number[] = [];
  /** Of each node of the expression that has several variables in it: its terms, if it can be taken apart. */
  private readonly known = new Map<number, readonly Draft[] | undefined>();
  /** Of those that are conditions, at twice their index where they are false, behind it where they are true. */
  private readonly indicators = new Map<number, readonly Draft[] | undefined>();

  constructor(private readonly given: readonly Node[]) {
    for (const node of given) this.push(node);
  }

  terms(): readonly Term[] | undefined {
    const { given, variable } = this;
    // From the leaves up: a sum of 8000 terms is 8000 deep.
    for (let index = 0; index < given.length; index++) {
      if (variable[index] !== MANY) continue;
      const node = given[index]!;
      this.known.set(index, limited(this.draftsOfMany(node)));
      for (const wanted of [true, false]) {
        this.indicators.set(2 * index + Number(wanted), limited(this.indicatorOfMany(node, wanted)));
      }
    }
    return this.drafts(given.length - 1)?.map(({ constant, factors, phase }) => ({
      constant: this.tree(constant ?? this.number(1)),
      factors: this.trees(factors),
      phase: phase && {
        kind: phase.kind,
        angle: this.tree(phase.angle.constant ?? this.number(0)),
        angles: this.trees(phase.angle.parts),
      },
    }));
  }

  private note(node: Node): void {
    const { variable } = this;
    if (node.kind === "variable") {
      variable.push(node.index ?? 0);
      return;
    }
    const found = operandsOf(node).map((each) => variable[each]!);
    const first = found.find((each) => each !== NONE) ?? NONE;
    variable.push(found.every((each) => each === NONE || each === first) ? first : MANY);
  }

  /** The tree of one variable, whichever it is. */
  private tree(root: number): Canonical {
    const { nodes } = canonical(this.nodes, root);
    return canonical(nodes.map((node): Node => (node.kind === "variable" ? { kind: "variable" } : node)));
  }

  private trees(factors: ReadonlyMap<number, number>): ReadonlyMap<number, Canonical> {
    return new Map([...factors].map(([axis, root]) => [axis, this.tree(root)]));
  }

  private push(node: Node): number {
    this.note(node);
    return this.nodes.push(node) - 1;
  }

  private number(value: number): number {
    return this.push({ kind: "number", value });
  }

  private multiply(left: number | undefined, right: number | undefined): number | undefined {
    if (left === undefined || right === undefined) return left ?? right;
    // Where a condition does not hold, the other factor need not be finite.
    const choice = this.nodes[left]!;
    const other = this.nodes[right]!;
    if (this.isIndicator(choice)) return this.choose(choice, right);
    if (this.isIndicator(other)) return this.choose(other, left);
    return this.push({ kind: "binary", operator: "*", left, right });
  }

  private choose(choice: Node & { kind: "conditional" }, value: number): number {
    const zero = this.number(0);
    const isWhenTrue = this.isNumber(choice.whenTrue, 1);
    return this.push({
      kind: "conditional",
      condition: choice.condition,
      whenTrue: isWhenTrue ? value : zero,
      whenFalse: isWhenTrue ? zero : value,
    });
  }

  private isIndicator(node: Node): node is Node & { kind: "conditional" } {
    if (node.kind !== "conditional") return false;
    const { whenTrue, whenFalse } = node;
    return (
      (this.isNumber(whenTrue, 1) && this.isNumber(whenFalse, 0)) ||
      (this.isNumber(whenTrue, 0) && this.isNumber(whenFalse, 1))
    );
  }

  private isNumber(index: number, value: number): boolean {
    const node = this.nodes[index]!;
    return node.kind === "number" && node.value === value;
  }

  /** The value of a node as terms. */
  private drafts(index: number): readonly Draft[] | undefined {
    const axis = this.variable[index]!;
    if (axis === MANY) return this.known.get(index);
    if (axis !== NONE) return [draft(undefined, [[axis, index]])];
    return this.isNumber(index, 0) ? [] : [draft(index)];
  }

  private draftsOfMany(node: Node): readonly Draft[] | undefined {
    switch (node.kind) {
      case "negate":
        return this.drafts(node.operand)?.map((term) => this.negated(term));
      case "binary":
        return this.draftsOfBinary(node);
      case "conditional":
        return this.draftsOfChoice(node);
      case "call":
        return this.draftsOfCall(node);
      default:
        return undefined;
    }
  }

  private negated(term: Draft): Draft {
    const constant = this.push({ kind: "negate", operand: term.constant ?? this.number(1) });
    return { ...term, constant };
  }

  private draftsOfBinary({ operator, left, right }: Node & { kind: "binary" }): readonly Draft[] | undefined {
    switch (operator) {
      case "+":
      case "-": {
        const [one, other] = [this.drafts(left), this.drafts(right)];
        if (one === undefined || other === undefined) return undefined;
        return [...one, ...(operator === "+" ? other : other.map((term) => this.negated(term)))];
      }
      case "*":
        return this.products(this.drafts(left), this.drafts(right));
      case "/": {
        const below = this.single(right);
        const inverse =
          below &&
          this.mapped(below, (each) => this.push({ kind: "binary", operator: "/", left: this.number(1), right: each }));
        return inverse && this.products(this.drafts(left), [inverse]);
      }
      case "^":
        return this.draftsOfPower(left, right);
      default:
        return undefined;
    }
  }

  private draftsOfPower(base: number, exponent: number): readonly Draft[] | undefined {
    if (this.variable[exponent] === NONE) {
      const product = this.single(base);
      if (product !== undefined) {
        return [
          this.mapped(product, (each) => this.push({ kind: "binary", operator: "^", left: each, right: exponent })),
        ];
      }
      const node = this.nodes[exponent]!;
      const times = node.kind === "number" ? node.value : 0;
      if (!Number.isInteger(times) || times < 2 || times > POWER_MAXIMUM) return undefined;
      let terms = this.drafts(base);
      const once = terms;
      for (let count = 1; count < times; count++) terms = this.products(terms, once);
      return terms;
    }
    if (this.variable[base] !== NONE) return undefined;
    return this.ofSum(exponent, (each) => this.push({ kind: "binary", operator: "^", left: base, right: each }));
  }

  private draftsOfCall({ name, operands }: Node & { kind: "call" }): readonly Draft[] | undefined {
    const operand = operands[0]!;
    switch (name) {
      case "exp":
      case "exp2":
        return this.ofSum(operand, (each) => this.push({ kind: "call", name, operands: [each] }));
      case "sqrt":
      case "cbrt":
      case "abs":
      case "sign": {
        const product = this.single(operand);
        return product && [this.mapped(product, (each) => this.push({ kind: "call", name, operands: [each] }))];
      }
      case "sin":
      case "cos": {
        const angle = this.sum(operand);
        return angle && [{ constant: undefined, factors: new Map(), phase: { kind: name, angle } }];
      }
      default:
        return undefined;
    }
  }

  /** What turns a sum into a product: `map` of its parts. */
  private ofSum(index: number, map: (part: number) => number): readonly Draft[] | undefined {
    const sum = this.sum(index);
    if (sum === undefined) return undefined;
    const constant = sum.constant === undefined ? undefined : map(sum.constant);
    return [
      draft(
        constant,
        [...sum.parts].map(([axis, part]) => [axis, map(part)]),
      ),
    ];
  }

  private draftsOfChoice({
    condition,
    whenTrue,
    whenFalse,
  }: Node & { kind: "conditional" }): readonly Draft[] | undefined {
    const yes = this.products(this.indicator(condition, true), this.drafts(whenTrue));
    const no = this.products(this.indicator(condition, false), this.drafts(whenFalse));
    return yes && no && [...yes, ...no];
  }

  /** 1 where the condition is `wanted`, else 0; its terms do not overlap. */
  private indicator(index: number, wanted: boolean): readonly Draft[] | undefined {
    const axis = this.variable[index]!;
    if (axis === MANY) return this.indicators.get(2 * index + Number(wanted));
    const [one, zero] = [this.number(1), this.number(0)];
    const choice = this.push({
      kind: "conditional",
      condition: index,
      whenTrue: wanted ? one : zero,
      whenFalse: wanted ? zero : one,
    });
    return axis === NONE ? [draft(choice)] : [draft(undefined, [[axis, choice]])];
  }

  private indicatorOfMany(node: Node, wanted: boolean): readonly Draft[] | undefined {
    if (node.kind === "not") return this.indicator(node.operand, !wanted);
    if (node.kind !== "binary" || (node.operator !== "&&" && node.operator !== "||")) return undefined;
    const { left, right } = node;
    // a && b is true where both are; a || b is false where both are.
    const both = node.operator === "&&";
    const together = this.products(this.indicator(left, both), this.indicator(right, both));
    if (wanted === both || together === undefined) return together;
    const first = this.indicator(left, !both);
    const second = this.products(this.indicator(left, both), this.indicator(right, !both));
    return first && second && [...first, ...second];
  }

  /** A node that is a product without a phase. */
  private single(index: number): Draft | undefined {
    const terms = this.drafts(index);
    return terms?.length === 1 && terms[0]!.phase === undefined ? terms[0] : undefined;
  }

  private mapped({ constant, factors }: Draft, map: (factor: number) => number): Draft {
    return draft(
      constant === undefined ? undefined : map(constant),
      [...factors].map(([axis, each]) => [axis, map(each)]),
    );
  }

  /** A node as a sum of functions of one variable each. */
  private sum(index: number): Sum | undefined {
    const terms = this.drafts(index);
    if (terms === undefined) return undefined;
    let constant: number | undefined;
    const parts = new Map<number, number>();
    for (const term of terms) {
      if (term.phase !== undefined || term.factors.size > 1) return undefined;
      const [found] = term.factors;
      if (found === undefined) {
        constant = this.add(constant, term.constant!);
        continue;
      }
      const [axis, factor] = found;
      parts.set(axis, this.add(parts.get(axis), this.multiply(term.constant, factor)!));
    }
    return { constant, parts };
  }

  private add(left: number | undefined, right: number): number {
    return left === undefined ? right : this.push({ kind: "binary", operator: "+", left, right });
  }

  private products(
    one: readonly Draft[] | undefined,
    other: readonly Draft[] | undefined,
  ): readonly Draft[] | undefined {
    if (one === undefined || other === undefined || one.length * other.length > TERMS_MAXIMUM) return undefined;
    const all: Draft[] = [];
    for (const left of one) {
      for (const right of other) {
        if (left.phase !== undefined && right.phase !== undefined) return undefined;
        const factors = new Map(left.factors);
        for (const [axis, factor] of right.factors) factors.set(axis, this.multiply(factors.get(axis), factor)!);
        all.push({ constant: this.multiply(left.constant, right.constant), factors, phase: left.phase ?? right.phase });
      }
    }
    return all;
  }
}

function draft(constant: number | undefined, factors: Iterable<readonly [number, number]> = []): Draft {
  return { constant, factors: new Map(factors), phase: undefined };
}

function limited(drafts: readonly Draft[] | undefined): readonly Draft[] | undefined {
  return drafts !== undefined && drafts.length <= TERMS_MAXIMUM ? drafts : undefined;
}
