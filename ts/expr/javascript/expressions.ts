/**
 * Expressions of JavaScript -> nodes of the tree that a text has, as far as they are arithmetic.
 *
 * What `translate.ts` says of the language holds here. Anything else throws `Untranslatable`, which says what it is.
 *
 * Role: the thread that calls `integrate`.
 */
import type { Expression as JsExpression, Node as JsNode, Pattern, PrivateIdentifier, Super } from "acorn";
import { ArgumentError } from "../../errors.js";
import { type BinaryOperator, type Node, variableNode } from "../expression.js";
import type { FunctionName } from "../functions.js";
import { MAXIMUM_NESTING, MAXIMUM_NODES } from "../parser.js";
import { MATH_CONSTANTS, MATH_FUNCTIONS, NUMBER_CONSTANTS, VARIADIC } from "./names.js";
import type { Binding, Names, Value } from "./scope.js";
import type { Subject } from "./syntax.js";

/** Thrown where JavaScript itself has to go on. */
export class Untranslatable {
  constructor(readonly reason: string) {}
}

/** Characters of the function that a reason shows. */
const SHOWN = 40;

const ARITHMETIC: ReadonlyMap<string, BinaryOperator> = new Map([
  ["+", "+"],
  ["-", "-"],
  ["*", "*"],
  ["/", "/"],
  ["**", "^"],
]);

const COMPARISONS: ReadonlyMap<string, BinaryOperator> = new Map([
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
  ["==", "=="],
  ["!=", "!="],
  ["===", "=="],
  ["!==", "!="],
]);

/** What may be read without being declared. */
const GLOBALS: ReadonlyMap<string, Binding> = new Map<string, Binding>([
  ["Math", { is: "Math" }],
  ["Number", { is: "Number" }],
  ["Infinity", { is: "number", value: Number.POSITIVE_INFINITY }],
  ["NaN", { is: "number", value: Number.NaN }],
]);

type Binary = Extract<JsExpression, { type: "BinaryExpression" }>;

export class Expressions {
  readonly nodes: Node[] = [];
  private depth = 0;

  /** @param parameters names, in the order of their record */
  constructor(
    private readonly subject: Subject,
    private readonly parameters: readonly string[],
  ) {}

  /** Gives names to what a pattern takes apart. */
  bind(pattern: Pattern, binding: Binding, names: Names): void {
    if (pattern.type === "Identifier") {
      names.set(pattern.name, binding);
      return;
    }
    if (pattern.type !== "ObjectPattern") throw this.cannot(pattern, "is no plain name");
    for (const property of pattern.properties) {
      if (property.type === "RestElement") throw this.cannot(pattern, "takes the rest");
      const key = this.keyOf(property.key, property.computed);
      if (key === undefined) throw this.cannot(pattern, "has a computed name");
      const { value } = property;
      const fallback = value.type === "AssignmentPattern" ? value.right : undefined;
      const target = value.type === "AssignmentPattern" ? value.left : value;
      if (binding.is === "parameters" && fallback !== undefined && !this.parameters.includes(key)) {
        this.bind(target, this.meaning(fallback, names), names);
      } else {
        this.bind(target, this.member(binding, key, pattern), names);
      }
    }
  }

  /** What a name stands for that is declared with this value. */
  meaning(expression: JsExpression, names: Names): Binding {
    return this.reference(expression, names) ?? { is: "value", value: this.value(expression, names) };
  }

  /** What a name, or a part of `Math` or of the parameters, stands for; undefined for all other expressions. */
  private reference(expression: JsExpression | Super | PrivateIdentifier, names: Names): Binding | undefined {
    if (expression.type === "ParenthesizedExpression") return this.reference(expression.expression, names);
    if (expression.type === "Identifier") {
      const binding = names.get(expression.name) ?? GLOBALS.get(expression.name);
      if (binding?.is === "later") throw this.cannot(expression, "is used before it has a value");
      if (binding === undefined) throw this.cannot(expression, "is neither a number nor of Math");
      return binding;
    }
    if (expression.type !== "MemberExpression" || expression.optional) return undefined;
    const object = this.reference(expression.object, names);
    const key = this.keyOf(expression.property, expression.computed);
    if (object === undefined || key === undefined) return undefined;
    return this.member(object, key, expression);
  }

  private keyOf(property: JsExpression | PrivateIdentifier, computed: boolean): string | undefined {
    if (!computed && property.type === "Identifier") return property.name;
    return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
  }

  private member(object: Binding, key: string, place: JsNode): Binding {
    if (object.is === "parameters") {
      const index = this.parameters.indexOf(key);
      if (index >= 0) return { is: "parameter", index };
      throw new ArgumentError(
        `expected a number for the parameter \`${key}\` of ${this.subject.label}, got none: pass \`parameters: { ${key}: … }\``,
        "parameters",
        undefined,
      );
    }
    if (object.is === "Math" && MATH_FUNCTIONS.has(key)) return { is: "function", name: key };
    const constants = object.is === "Math" ? MATH_CONSTANTS : object.is === "Number" ? NUMBER_CONSTANTS : undefined;
    const value = constants?.get(key);
    if (value === undefined) throw this.cannot(place, "is nothing that expressions have");
    return { is: "number", value };
  }

  value(expression: JsExpression | PrivateIdentifier, names: Names): Value {
    return this.nested(() => this.valueOf(expression, names));
  }

  /** Bounds the recursion, as the parser of texts does. */
  nested<T>(make: () => T): T {
    if (this.depth === MAXIMUM_NESTING)
      throw new Untranslatable(`it has more than ${MAXIMUM_NESTING} expressions or conditions within each other`);
    this.depth++;
    const made = make();
    this.depth--;
    return made;
  }

  private valueOf(expression: JsExpression | PrivateIdentifier, names: Names): Value {
    switch (expression.type) {
      case "Literal":
        if (typeof expression.value === "number") return this.number(expression.value);
        if (typeof expression.value === "boolean")
          return this.truth({ kind: "number", value: Number(expression.value) });
        throw this.cannot(expression, "is no number");
      case "ParenthesizedExpression":
        return this.value(expression.expression, names);
      case "Identifier":
      case "MemberExpression": {
        const binding = this.reference(expression, names);
        if (binding === undefined) throw this.cannot(expression, "is nothing that expressions have");
        return this.read(binding, expression);
      }
      case "UnaryExpression": {
        if (expression.operator === "!")
          return this.truth({ kind: "not", operand: this.condition(expression.argument, names) });
        if (expression.operator !== "-" && expression.operator !== "+")
          throw this.cannot(expression, `uses \`${expression.operator}\``);
        const { node } = this.value(expression.argument, names);
        if (expression.operator === "+") return { node, kind: "number" };
        return { node: this.add({ kind: "negate", operand: node }), kind: "number" };
      }
      case "BinaryExpression":
        return this.binaries(expression, names);
      case "LogicalExpression":
        return this.logical(expression, names);
      case "ConditionalExpression": {
        const condition = this.condition(expression.test, names);
        const whenTrue = this.value(expression.consequent, names);
        return this.choose(condition, whenTrue, this.value(expression.alternate, names));
      }
      case "CallExpression":
        return this.call(expression, names);
      default:
        throw this.cannot(expression, "is no arithmetic");
    }
  }

  /** A sum of thousands of terms is as deep to the left, so that way is a loop. */
  private binaries(last: Binary, names: Names): Value {
    const chain = [last];
    for (let left = last.left; left.type === "BinaryExpression"; left = left.left) chain.push(left);
    let value = this.value(chain.at(-1)!.left, names);
    for (const each of chain.reverse()) value = this.binary(each, value, this.value(each.right, names));
    return value;
  }

  private binary(expression: Binary, left: Value, right: Value): Value {
    const { operator } = expression;
    const arithmetic = ARITHMETIC.get(operator);
    if (arithmetic !== undefined) {
      const node = this.add({ kind: "binary", operator: arithmetic, left: left.node, right: right.node });
      return { node, kind: "number" };
    }
    const comparison = COMPARISONS.get(operator);
    if (comparison === undefined) throw this.cannot(expression, `uses \`${operator}\``);
    const isStrict = operator.length === 3;
    if (isStrict && (left.kind !== right.kind || left.kind === "either"))
      throw this.cannot(expression, "compares a number with true or false");
    return this.truth({ kind: "binary", operator: comparison, left: left.node, right: right.node });
  }

  /** Of `a || b` and `a && b`, the operand that JavaScript gives. */
  private logical(expression: Extract<JsExpression, { type: "LogicalExpression" }>, names: Names): Value {
    const { operator } = expression;
    if (operator === "??") throw this.cannot(expression, "uses `??`");
    const left = this.value(expression.left, names);
    const right = this.value(expression.right, names);
    if (left.kind === "truth" && right.kind === "truth") {
      return this.truth({ kind: "binary", operator, left: left.node, right: right.node });
    }
    return operator === "&&" ? this.choose(left.node, right, left) : this.choose(left.node, left, right);
  }

  /** An expression of which only the truth counts. @returns its node */
  condition(expression: JsExpression, names: Names): number {
    if (expression.type === "ParenthesizedExpression") return this.condition(expression.expression, names);
    if (expression.type === "LogicalExpression" && expression.operator !== "??") {
      const left = this.condition(expression.left, names);
      const right = this.condition(expression.right, names);
      return this.add({ kind: "binary", operator: expression.operator, left, right });
    }
    return this.value(expression, names).node;
  }

  private call(expression: Extract<JsExpression, { type: "CallExpression" }>, names: Names): Value {
    const callee =
      expression.callee.type === "Super" || expression.optional ? undefined : this.reference(expression.callee, names);
    const operands: number[] = [];
    if (callee?.is !== "function" && callee?.is !== "Number")
      throw this.cannot(expression, "calls what is not of Math");
    for (const argument of expression.arguments) {
      if (argument.type === "SpreadElement") throw this.cannot(expression, "spreads its arguments");
      operands.push(this.value(argument, names).node);
    }
    if (callee.is === "Number") {
      if (operands.length !== 1) throw this.cannot(expression, "is no number of one value");
      return { node: operands[0]!, kind: "number" };
    }
    return { node: this.apply(callee.name, operands, expression), kind: "number" };
  }

  private apply(name: string, operands: readonly number[], place: JsNode): number {
    const [first, second] = operands;
    const none = VARIADIC.get(name);
    if (none !== undefined) {
      if (first === undefined) return this.number(none).node;
      if (second === undefined) return name === "hypot" ? this.add({ kind: "call", name: "abs", operands }) : first;
      if (name !== "hypot") return this.add({ kind: "call", name: name as "min" | "max", operands });
      return operands.reduce((left, right) => this.add({ kind: "call", name: "hypot", operands: [left, right] }));
    }
    const wanted = name === "pow" || name === "atan2" ? 2 : 1;
    if (operands.length !== wanted) throw this.cannot(place, `has ${operands.length} arguments, and not ${wanted}`);
    if (name === "pow") return this.add({ kind: "binary", operator: "^", left: first!, right: second! });
    return this.add({ kind: "call", name: name as FunctionName, operands });
  }

  private read(binding: Binding, place: JsNode): Value {
    switch (binding.is) {
      case "variable":
        return { node: this.add(variableNode(binding.index)), kind: "number" };
      case "parameter":
        return { node: this.add({ kind: "parameter", index: binding.index }), kind: "number" };
      case "value":
        return binding.value;
      case "number":
        return this.number(binding.value);
      case "parameters": {
        const name = this.text(place);
        throw new ArgumentError(
          `expected the parameters of ${this.subject.label} as an object, \`${name}\` is used as a number; write (x, { ${name} }) => …`,
          "f",
          this.subject.fn,
        );
      }
      default:
        throw this.cannot(place, "is no number");
    }
  }

  /** Numbers of the tree are neither negative nor NaN. */
  private number(value: number): Value {
    if (Number.isNaN(value)) {
      const zero = this.add({ kind: "number", value: 0 });
      return { node: this.add({ kind: "binary", operator: "/", left: zero, right: zero }), kind: "number" };
    }
    const node = this.add({ kind: "number", value: Math.abs(value) });
    return { node: value < 0 ? this.add({ kind: "negate", operand: node }) : node, kind: "number" };
  }

  private truth(node: Node): Value {
    return { node: this.add(node), kind: "truth" };
  }

  choose(condition: number, whenTrue: Value, whenFalse: Value): Value {
    const node = this.add({ kind: "conditional", condition, whenTrue: whenTrue.node, whenFalse: whenFalse.node });
    return { node, kind: whenTrue.kind === whenFalse.kind ? whenTrue.kind : "either" };
  }

  private add(node: Node): number {
    if (this.nodes.length === MAXIMUM_NODES) {
      throw new Untranslatable(`it has more than ${MAXIMUM_NODES} numbers, names and operations`);
    }
    return this.nodes.push(node) - 1;
  }

  cannot(place: JsNode, what: string): Untranslatable {
    const text = this.text(place).replace(/\s+/g, " ");
    return new Untranslatable(`\`${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}\` ${what}`);
  }

  private text({ start, end }: JsNode): string {
    return this.subject.text.slice(start, end);
  }
}
