/**
 * The names that a function uses and does not declare itself.
 *
 * Method: one walk over the syntax tree with a chain of scopes. What a scope declares is known before anything in it is looked at, since `var` and function
 *         declarations hold for all of their function, the others for all of their block (ECMAScript 2025, 8.2 and 14.2).
 * Role:   the thread that calls `integrate`.
 */
import type { AnyNode, Node, Pattern, Statement } from "acorn";
import type { FunctionNode } from "./syntax.js";

/** The names in the order of their first use, each once; `this`, `super` and `arguments` among them where they are somebody else's. */
export function freeNames(fn: FunctionNode): string[] {
  const walk = new Walk();
  walk.function(fn as AnyNode, undefined, false);
  return [...walk.free];
}

/** Names that a function or a block declares. */
class Scope {
  readonly names = new Set<string>();

  constructor(
    readonly outer: Scope | undefined,
    /** Whether `this` is one's own here: in the functions within, but those that are arrows. */
    readonly hasThis: boolean,
  ) {}

  has(name: string): boolean {
    return this.names.has(name) || (this.outer?.has(name) ?? false);
  }
}

class Walk {
  readonly free = new Set<string>();

  /** @param isMethod of an object or a class within, or a function within: its `this` is its own */
  function(node: AnyNode, outer: Scope | undefined, isMethod: boolean): void {
    if (!isFunction(node)) return;
    const isArrow = node.type === "ArrowFunctionExpression";
    const scope = new Scope(outer, isArrow ? (outer?.hasThis ?? false) : isMethod);
    if (node.type === "FunctionExpression" && node.id) scope.names.add(node.id.name);
    if (!isArrow) scope.names.add("arguments");
    for (const parameter of node.params) declarePattern(parameter, scope);
    for (const parameter of node.params) this.pattern(parameter, scope);
    if (node.body.type === "BlockStatement") {
      hoist(node.body.body, scope);
      this.block(node.body.body, scope);
    } else {
      this.visit(node.body, scope);
    }
  }

  /** Statements in a scope of their own, or in the one that is given. */
  private block(statements: readonly (Statement | Node)[], scope: Scope): void {
    declareLexical(statements, scope);
    for (const statement of statements) this.visit(statement as AnyNode, scope);
  }

  private visit(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case "Identifier":
        this.use(node.name, scope);
        return;
      case "ThisExpression":
        if (!scope.hasThis) this.free.add("this");
        return;
      case "Super":
        if (!scope.hasThis) this.free.add("super");
        return;
      case "MemberExpression":
        this.visit(node.object, scope);
        if (node.computed) this.visit(node.property, scope);
        return;
      case "BinaryExpression": {
        // A sum of thousands of terms is as deep to the left.
        const right: AnyNode[] = [];
        let left: AnyNode = node;
        for (; left.type === "BinaryExpression"; left = left.left) right.push(left.right);
        this.visit(left, scope);
        for (const each of right.reverse()) this.visit(each, scope);
        return;
      }
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) this.visit(node.key, scope);
        if (node.value) this.visit(node.value, node.type === "PropertyDefinition" ? new Scope(scope, true) : scope);
        return;
      case "FunctionExpression":
      case "FunctionDeclaration":
      case "ArrowFunctionExpression":
        this.function(node as AnyNode, scope, true);
        return;
      case "ClassExpression":
      case "ClassDeclaration": {
        const inner = new Scope(scope, scope.hasThis);
        if (node.id) inner.names.add(node.id.name);
        if (node.superClass) this.visit(node.superClass, inner);
        for (const member of node.body.body) this.visit(member, inner);
        return;
      }
      case "BlockStatement":
        this.block(node.body, new Scope(scope, scope.hasThis));
        return;
      case "StaticBlock": {
        const inner = new Scope(scope, true);
        hoist(node.body, inner);
        this.block(node.body, inner);
        return;
      }
      case "SwitchStatement": {
        this.visit(node.discriminant, scope);
        const inner = new Scope(scope, scope.hasThis);
        declareLexical(
          node.cases.flatMap(({ consequent }) => consequent),
          inner,
        );
        for (const each of node.cases) this.children(each, inner);
        return;
      }
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement": {
        const inner = new Scope(scope, scope.hasThis);
        const head = node.type === "ForStatement" ? node.init : node.left;
        if (head) declareLexical([head], inner);
        this.children(node, inner);
        return;
      }
      case "CatchClause": {
        const inner = new Scope(scope, scope.hasThis);
        if (node.param) declarePattern(node.param, inner);
        if (node.param) this.pattern(node.param, inner);
        this.visit(node.body, inner);
        return;
      }
      case "VariableDeclaration":
        for (const { id, init } of node.declarations) {
          this.pattern(id, scope);
          if (init) this.visit(init, scope);
        }
        return;
      case "LabeledStatement":
        this.visit(node.body, scope);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return;
      default:
        this.children(node, scope);
    }
  }

  private children(node: AnyNode, scope: Scope): void {
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) this.visit(child, scope);
    }
  }

  /** What a declaration's pattern computes: keys and default values. */
  private pattern(pattern: Pattern, scope: Scope): void {
    switch (pattern.type) {
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") continue;
          if (property.computed) this.visit(property.key, scope);
          this.pattern(property.value, scope);
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element !== null) this.pattern(element, scope);
        return;
      case "AssignmentPattern":
        this.pattern(pattern.left, scope);
        this.visit(pattern.right, scope);
        return;
      case "RestElement":
        this.pattern(pattern.argument, scope);
        return;
      default:
        return;
    }
  }

  private use(name: string, scope: Scope): void {
    if (!scope.has(name)) this.free.add(name);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as Partial<Node>).type === "string";
}

function isFunction(node: AnyNode): node is Extract<AnyNode, { params: unknown }> {
  return "params" in node;
}

/** The names that a pattern declares. */
function declarePattern(pattern: Pattern, scope: Scope): void {
  switch (pattern.type) {
    case "Identifier":
      scope.names.add(pattern.name);
      return;
    case "ObjectPattern":
      for (const each of pattern.properties)
        declarePattern(each.type === "RestElement" ? each.argument : each.value, scope);
      return;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element !== null) declarePattern(element, scope);
      return;
    case "AssignmentPattern":
      declarePattern(pattern.left, scope);
      return;
    case "RestElement":
      declarePattern(pattern.argument, scope);
      return;
    default:
      return;
  }
}

/** What a block's own statements declare for the block. */
function declareLexical(statements: readonly Node[], scope: Scope): void {
  for (const statement of statements as readonly AnyNode[]) {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
      for (const { id } of statement.declarations) declarePattern(id, scope);
    } else if ((statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") && statement.id) {
      scope.names.add(statement.id.name);
    }
  }
}

/** `var`, wherever it stands in a function but not in the functions within. */
function hoist(statements: readonly Node[], scope: Scope): void {
  for (const node of statements as readonly AnyNode[]) {
    if (isFunction(node) || node.type === "ClassDeclaration" || /(Expression|Literal)$/.test(node.type)) continue;
    if (node.type === "VariableDeclaration" && node.kind === "var") {
      for (const { id } of node.declarations) declarePattern(id, scope);
    }
    for (const value of Object.values(node))
      hoist(Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [], scope);
  }
}
