/**
 * What names stand for while a function is translated.
 */
import type { AnyNode, Node, Pattern } from "acorn";

/**
 * What the language of expressions has one word for, JavaScript has three: comparisons give true and false, which count as 1 and 0 in arithmetic, but are no
 * numbers when a function returns them; `condition && number` is one or the other.
 */
export type Kind = "number" | "truth" | "either";

export interface Value {
  /** Index of the tree's node. */
  readonly node: number;
  readonly kind: Kind;
}

export type Binding =
  | { readonly is: "variable"; readonly index: number }
  | { readonly is: "parameter"; readonly index: number }
  | { readonly is: "value"; readonly value: Value }
  | { readonly is: "number"; readonly value: number }
  /** The object of all parameters. */
  | { readonly is: "parameters" }
  | { readonly is: "Math" }
  | { readonly is: "Number" }
  | { readonly is: "function"; readonly name: string }
  /** Declared, but not yet: to read it would throw. */
  | { readonly is: "later" };

export class Names {
  private readonly bindings = new Map<string, Binding>();

  constructor(private readonly outer: Names | undefined) {}

  get(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.outer?.get(name);
  }

  set(name: string, binding: Binding): void {
    this.bindings.set(name, binding);
  }

  /** A block begins: what it declares hides what is outside, from its first line on. */
  announce(statements: readonly Node[]): void {
    for (const statement of statements as readonly AnyNode[]) {
      if (statement.type !== "VariableDeclaration") continue;
      for (const { id } of statement.declarations) for (const name of declared(id)) this.set(name, { is: "later" });
    }
  }
}

function declared(pattern: Pattern): readonly string[] {
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type !== "ObjectPattern") return [];
  return pattern.properties.flatMap((each) => (each.type === "RestElement" ? [] : declared(each.value)));
}
