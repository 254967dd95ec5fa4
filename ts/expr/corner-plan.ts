/**
 * The points of corners.ts for many sets of parameters: what does not depend on their values is done once.
 *
 * The text is walked through with coefficients that are places in a list of numbers: constants, parameters, and results of instructions on those. For a set of
 * parameters the instructions are run, and the zeros looked at. They are the points that `corners` finds, to the bit, if the parameters are finite.
 *
 * Role: any thread.
 */
import { STEPS, steps, UNITS, ZEROS, zerosOf } from "./corners.js";
import type { Node } from "./expression.js";

const NONE: readonly number[] = [];

/** Places of coefficients, by power. */
type Places = readonly number[];

type Operation = "+" | "-" | "*" | "/" | "sqrt";

interface Instruction {
  readonly operation: Operation;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

/** Where points come from: zeros of a polynomial, or where it is a whole number plus `shift`. */
interface Origin {
  readonly places: Places;
  readonly shift: number | undefined;
}

/** @returns undefined where what the points are depends on parameters in another way: as exponents */
export function cornerPlanOf(nodes: readonly Node[], parameters: number): CornerPlan | undefined {
  const plan = new CornerPlan(parameters);
  return plan.read(nodes) ? plan : undefined;
}

export class CornerPlan {
  private readonly values: number[];
  private readonly constants = new Map<number, number>();
  private readonly places = new Map<number, number>();
  private readonly instructions: Instruction[] = [];
  private readonly origins: Origin[] = [];

  constructor(private readonly parameters: number) {
    this.values = new Array(parameters).fill(0);
  }

  /** Whether there is anything that such points may come from. */
  get isEmpty(): boolean {
    return this.origins.length === 0;
  }

  /** The points between lo and hi, in no order; some may come twice. */
  points(parameters: readonly number[], lo: number, hi: number): readonly number[] {
    const { values } = this;
    for (let index = 0; index < this.parameters; index++) values[index] = parameters[index]!;
    for (const { operation, to, left, right } of this.instructions) {
      values[to] = compute(operation, values[left]!, values[right]!);
    }
    let found: number[] | undefined;
    for (const { places, shift } of this.origins) {
      const c = values[places[0]!]!;
      const b = places.length > 1 ? values[places[1]!]! : 0;
      const a = places.length > 2 ? values[places[2]!]! : 0;
      // Most have none.
      if (shift === undefined && (a === 0 ? b === 0 : b * b - 4 * a * c < 0)) continue;
      for (const x of shift === undefined ? zerosOf(c, b, a) : steps([c, b, a], shift, lo, hi)) {
        if (!(x > lo && x < hi)) continue;
        found ??= [];
        found.push(x);
      }
    }
    return found ?? NONE;
  }

  /** Called once, by `cornerPlanOf`. @returns whether the points can be found for any parameters */
  read(nodes: readonly Node[]): boolean {
    const at: (Places | undefined)[] = [];
    for (const node of nodes) {
      if (node.kind === "binary" && node.operator === "^" && at[node.right]?.length === 1) {
        if (!this.constants.has(at[node.right]![0]!)) return false;
      }
      at.push(this.placesOf(node, at));
      this.look(node, at);
    }
    return true;
  }

  private look(node: Node, at: readonly (Places | undefined)[]): void {
    const add = (places: Places | undefined, shift?: number): void => {
      if (places !== undefined && places.length > 1) this.origins.push({ places, shift });
    };
    if (node.kind === "binary") {
      const [left, right] = [at[node.left], at[node.right]];
      if (node.operator === "/") add(right);
      else if (node.operator === "^") {
        const exponent = right?.length === 1 ? this.constants.get(right[0]!)! : Number.NaN;
        if (!(Number.isInteger(exponent) && exponent >= 0)) add(left);
      } else if (!"+-*&&||".includes(node.operator)) add(this.sum(left, right, "-"));
    } else if (node.kind === "call") {
      const operands = node.operands.map((operand) => at[operand]);
      if (ZEROS.has(node.name)) add(operands[0]);
      else if (STEPS.has(node.name)) add(operands[0], node.name === "round" ? 0.5 : 0);
      else if (UNITS.has(node.name)) {
        for (const unit of [1, -1]) add(this.sum(operands[0], [this.constant(unit)], "-"));
      } else if (node.name === "min" || node.name === "max") {
        for (let k = 1; k < operands.length; k++) add(this.sum(operands[k - 1], operands[k], "-"));
      }
    }
  }

  private placesOf(node: Node, at: readonly (Places | undefined)[]): Places | undefined {
    switch (node.kind) {
      case "number":
        return [this.constant(node.value)];
      case "parameter":
        return [node.index];
      case "variable":
        return (node.index ?? 0) === 0 ? [this.constant(0), this.constant(1)] : undefined;
      case "negate":
        return at[node.operand]?.map((each) => this.difference(this.constant(0), each));
      case "binary": {
        const [left, right] = [at[node.left], at[node.right]];
        if (left === undefined || right === undefined) return undefined;
        if (node.operator === "+" || node.operator === "-") return this.sum(left, right, node.operator);
        if (node.operator === "*") return this.product(left, right);
        if (right.length !== 1) return undefined;
        if (node.operator === "/") return left.map((each) => this.result("/", each, right[0]!));
        if (node.operator !== "^") return undefined;
        const exponent = this.constants.get(right[0]!);
        return exponent === 1 ? left : exponent === 2 ? this.product(left, left) : undefined;
      }
      case "call": {
        const [operand] = node.operands.map((each) => at[each]);
        return node.name === "sqrt" && operand?.length === 1
          ? [this.result("sqrt", operand[0]!, operand[0]!)]
          : undefined;
      }
      default:
        return undefined;
    }
  }

  private sum(a: Places | undefined, b: Places | undefined, sign: "+" | "-"): Places | undefined {
    if (a === undefined || b === undefined) return undefined;
    const zero = this.constant(0);
    return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => {
      const [left, right] = [a[k] ?? zero, b[k] ?? zero];
      return sign === "+" ? this.total(left, right) : this.difference(left, right);
    });
  }

  private product(a: Places, b: Places): Places | undefined {
    if (a.length + b.length > 4) return undefined;
    const result: number[] = new Array(a.length + b.length - 1).fill(this.constant(0));
    a.forEach((left, i) => {
      b.forEach((right, k) => {
        result[i + k] = this.total(result[i + k]!, this.times(left, right));
      });
    });
    return result;
  }

  private total(left: number, right: number): number {
    if (this.constants.get(left) === 0) return right;
    return this.constants.get(right) === 0 ? left : this.result("+", left, right);
  }

  private difference(left: number, right: number): number {
    return this.constants.get(right) === 0 ? left : this.result("-", left, right);
  }

  private times(left: number, right: number): number {
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const factor = this.constants.get(one);
      if (factor === 0) return one;
      if (factor === 1) return other;
    }
    return this.result("*", left, right);
  }

  private result(operation: Operation, left: number, right: number): number {
    const [one, other] = [this.constants.get(left), this.constants.get(right)];
    if (one !== undefined && other !== undefined) return this.constant(compute(operation, one, other));
    const to = this.values.push(0) - 1;
    this.instructions.push({ operation, to, left, right });
    return to;
  }

  private constant(value: number): number {
    const known = this.places.get(value);
    if (known !== undefined) return known;
    const place = this.values.push(value) - 1;
    this.constants.set(place, value);
    this.places.set(value, place);
    return place;
  }
}

function compute(operation: Operation, left: number, right: number): number {
  switch (operation) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "sqrt":
      return Math.sqrt(left);
  }
}
