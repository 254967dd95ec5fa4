/**
 * A function of JavaScript -> the tree that a text has, where its body is arithmetic: so that both are compiled alike.
 *
 *   arguments    x, or as many variables as there are; the parameters, as an object or taken apart: (x, { a, b }), (x, { a: slope = 1 }), (x, p) with p.a
 *   statements   const, let, var with a value, and never assigned again; if and else; return; blocks
 *   expressions  numbers, + - * / **, signs, comparisons, && || !, ?:, functions and constants of Math, also by other names: const { sin } = Math
 *
 * All else is left to JavaScript itself, with a reason. The translation is exact but for `**` and Math.pow of exponents that are no numbers in the function:
 * there 1 ** NaN and (-1) ** Infinity are 1, as in texts.
 *
 * Role: the thread that calls `integrate`.
 */
import type { Pattern, Statement } from "acorn";
import { ArgumentError } from "../../errors.js";
import type { Node } from "../expression.js";
import { MAXIMUM_LENGTH } from "../parser.js";
import { Expressions, Untranslatable } from "./expressions.js";
import { Names, type Value } from "./scope.js";
import type { FunctionNode, Subject } from "./syntax.js";

export type Translation =
  | { readonly nodes: readonly Node[]; readonly root: number }
  /** Why JavaScript has to compute it. */
  | { readonly reason: string };

/**
 * Translates a function whose arguments were checked.
 *
 * @param names of the parameters, in the order of their record
 * @param variables how many of its arguments are variables
 * @throws {ArgumentError} what it returns is no number, or a parameter is missing
 */
export function translate(
  fn: FunctionNode,
  subject: Subject,
  names: readonly string[],
  variables: number,
): Translation {
  if (subject.text.length > MAXIMUM_LENGTH) return { reason: `it has more than ${MAXIMUM_LENGTH} characters` };
  const translator = new Translator(subject, names);
  try {
    const root = translator.body(fn, variables);
    return { nodes: translator.expressions.nodes, root };
  } catch (error) {
    if (error instanceof Untranslatable) return { reason: error.reason };
    throw error;
  }
}

/** What comes after a statement that is not the last. */
type After = () => Value;

class Translator {
  readonly expressions: Expressions;

  constructor(
    private readonly subject: Subject,
    parameters: readonly string[],
  ) {
    this.expressions = new Expressions(subject, parameters);
  }

  /** @returns the index of the node that is the value */
  body(fn: FunctionNode, variables: number): number {
    const names = new Names(undefined);
    const parameters = fn.params[variables];
    for (const [index, x] of fn.params.slice(0, variables).entries()) this.bindVariable(x, index, names);
    if (parameters !== undefined) this.bindParameters(parameters, names);
    const value =
      fn.body.type === "BlockStatement"
        ? this.block(fn.body.body, new Names(names), () => this.refuseEnd())
        : this.expressions.value(fn.body, names);
    if (value.kind === "number") return value.node;
    throw new ArgumentError(
      `expected a number from the integrand, ${this.subject.label} returns ${value.kind === "truth" ? "true or false" : "a number or else true or false"}; write \`condition ? 1 : 0\`, or Number(condition)`,
      "f",
      this.subject.fn,
    );
  }

  private bindVariable(pattern: Pattern, index: number, names: Names): void {
    const target = pattern.type === "AssignmentPattern" ? pattern.left : pattern;
    if (target.type !== "Identifier") throw this.expressions.cannot(pattern, "is no plain name for a variable");
    names.set(target.name, { is: "variable", index });
  }

  /** A default of the whole object never counts: there always is one. */
  private bindParameters(pattern: Pattern, names: Names): void {
    const target = pattern.type === "AssignmentPattern" ? pattern.left : pattern;
    if (target.type === "RestElement") throw this.expressions.cannot(pattern, "is a rest parameter");
    this.expressions.bind(target, { is: "parameters" }, names);
  }

  /** Statements of one block; `after` is what follows the block. */
  private block(statements: readonly Statement[], names: Names, after: After): Value {
    names.announce(statements);
    return this.statements(statements, 0, names, after);
  }

  private statements(list: readonly Statement[], from: number, names: Names, after: After): Value {
    for (let index = from; index < list.length; index++) {
      const statement = list[index]!;
      const rest = once(() => this.expressions.nested(() => this.statements(list, index + 1, names, after)));
      switch (statement.type) {
        case "EmptyStatement":
          break;
        case "ExpressionStatement":
          // A directive. Anything else that stands alone does something.
          if (statement.expression.type !== "Literal")
            throw this.expressions.cannot(statement, "does more than to compute a value");
          break;
        case "VariableDeclaration":
          for (const { id, init } of statement.declarations) {
            if (!init || !["const", "let", "var"].includes(statement.kind))
              throw this.expressions.cannot(statement, "is assigned later");
            this.expressions.bind(id, this.expressions.meaning(init, names), names);
          }
          break;
        case "ReturnStatement":
          return statement.argument ? this.expressions.value(statement.argument, names) : this.refuseEnd();
        case "BlockStatement":
          return this.branch(statement, names, rest);
        case "IfStatement": {
          const condition = this.expressions.condition(statement.test, names);
          const whenTrue = this.branch(statement.consequent, names, rest);
          const whenFalse = statement.alternate ? this.branch(statement.alternate, names, rest) : rest();
          return this.expressions.choose(condition, whenTrue, whenFalse);
        }
        default:
          throw this.expressions.cannot(statement, "is no declaration, condition or return");
      }
    }
    return after();
  }

  private branch(statement: Statement, names: Names, after: After): Value {
    const statements = statement.type === "BlockStatement" ? statement.body : [statement];
    // Such a `var` would be seen outside.
    const hoisted = statements.find((each) => each.type === "VariableDeclaration" && each.kind === "var");
    if (hoisted !== undefined) throw this.expressions.cannot(hoisted, "is a `var` within a block");
    return this.block(statements, new Names(names), after);
  }

  private refuseEnd(): never {
    throw new ArgumentError(
      `expected a number from the integrand for every x, ${this.subject.label} comes to its end without one; add a \`return\``,
      "f",
      this.subject.fn,
    );
  }
}

/** Computed when it is first asked for, and then kept: what follows an `if` may be reached by several ways. */
function once(make: After): After {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
