/**
 * A function's body in place of a call of it.
 *
 * Role: any thread.
 *
 * What a call does, and what does it here:
 *
 *   a fresh frame            locals of the host, the same ones at every site; those that might be read before they are set
 *                            are zeroed each time (a loop would find what the last evaluation left)
 *   arguments on the stack   stored to the parameters' locals, the last first
 *   `return`                 a branch out of a block around the body; so is a branch to the function's label, which the block replaces
 *                            at the same distance. Without any of these there is no block
 *   results on the stack     the body leaves them there
 */
import { assignment, exits } from "./assignment.js";
import { nesting } from "./instructions.js";
import type { Func, FunctionType, Instruction, ValueType } from "./module.js";
import { type Relocation, relocate } from "./relocate.js";

/** A function made ready to be written in place of its calls. */
export interface Inlinable {
  readonly type: FunctionType;
  readonly func: Func;
  /** Locals (by their own indices) that every evaluation must find zero. */
  readonly zeroed: readonly number[];
  /** Whether something leaves before the end. */
  readonly leaves: boolean;
}

export function inlinable(func: Func, type: FunctionType): Inlinable {
  const { unassigned } = assignment(func.body, (instruction) => {
    const name = instruction[0];
    if (name === "local.get") return { kind: "read", key: instruction[1] as number };
    if (name === "local.set" || name === "local.tee") return { kind: "assign", key: instruction[1] as number };
    return undefined;
  });
  const own = (index: number) => index >= type.parameters.length;
  return { type, func, zeroed: [...unassigned].filter(own).sort((a, b) => a - b), leaves: leaves(func.body) };
}

/**
 * The instructions that do what the call did: the same at every site of one host.
 *
 * @param first    the host's local that stands for the callee's local 0; its others follow
 * @param to       where types, functions and globals of the callee went
 * @param replace  an instruction to put in place of the callee's own, already in the host's terms; undefined to relocate it
 */
export function place(
  { type, func, zeroed, leaves }: Inlinable,
  first: number,
  to: Omit<Relocation, "local">,
  replace: (instruction: Instruction) => Instruction | undefined,
): Instruction[] {
  const local = (index: number) => first + index;
  const relocation = { ...to, local };
  const placed: Instruction[] = [];
  for (let index = type.parameters.length - 1; index >= 0; index--) placed.push(["local.set", local(index)]);
  for (const index of zeroed) {
    const valueType = func.locals[index - type.parameters.length];
    // An index past the last local cannot be in a valid body, and engines will say so of this one too.
    if (valueType !== undefined) placed.push(zero(valueType), ["local.set", local(index)]);
  }
  if (leaves) placed.push(["block", type.results[0] ?? "empty"]);
  let depth = 0;
  for (const instruction of func.body.slice(0, -1)) {
    const name = instruction[0];
    depth += nesting(name);
    placed.push(name === "return" ? ["br", depth] : (replace(instruction) ?? relocate(instruction, relocation)));
  }
  if (leaves) placed.push(["end"]);
  return placed;
}

function leaves(body: readonly Instruction[]): boolean {
  let depth = 0;
  return body.some((instruction) => {
    if (exits(instruction, depth)) return true;
    depth += nesting(instruction[0]);
    return false;
  });
}

/** The value that a local of this type has when its function is entered. */
function zero(type: ValueType): Instruction {
  switch (type) {
    case "i32":
      return ["i32.const", 0];
    case "i64":
    case "f32":
    case "f64":
      return [`${type}.const`, 0n];
    case "v128":
      return ["v128.const", new Uint8Array(16)];
    case "funcref":
    case "externref":
      return ["ref.null", type];
  }
}
