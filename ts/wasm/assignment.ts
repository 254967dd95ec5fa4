/**
 * Definite assignment: what has been assigned on every way to the place where it is read.
 *
 * Source: the definite assignment rules of the Java Language Specification, chapter 16, reduced to structured control without merging.
 * Role:   any thread.
 *
 * One pass: an assignment holds for what follows it in the same construct and within. It is forgotten at the construct's `end`
 * (a branch may have jumped over it) and at `else`. So the answer errs on one side only: what counts as assigned is assigned. The splicer asks three times: for a body's locals, for a kernel's globals, for the calls of the prologue.
 */
import { branchTargets, nesting } from "./instructions.js";
import type { Instruction } from "./module.js";

/** What one instruction does to the things looked at, each known by a number. */
export type Effect = { readonly kind: "assign" | "read"; readonly key: number } | undefined;

export interface Assignment {
  /** Read somewhere before it is certain to have been assigned. */
  readonly unassigned: ReadonlySet<number>;
  /** Assigned on every way out, but those that trap. */
  readonly atExit: ReadonlySet<number>;
}

/** @param body a function's, with its last `end` */
export function assignment(body: readonly Instruction[], effect: (instruction: Instruction) => Effect): Assignment {
  const unassigned = new Set<number>();
  let atExit: Set<number> | undefined;
  const assigned = new Set<number>();
  /** For each open construct, what was assigned in it and not already before. */
  const scopes: number[][] = [[]];
  const forget = (keys: readonly number[] = []) => {
    for (const key of keys) assigned.delete(key);
  };
  const leave = () => {
    if (atExit === undefined) atExit = new Set(assigned);
    else for (const key of atExit) if (!assigned.has(key)) atExit.delete(key);
  };
  for (const instruction of body) {
    const name = instruction[0];
    const happened = effect(instruction);
    if (happened !== undefined && !assigned.has(happened.key)) {
      if (happened.kind === "read") unassigned.add(happened.key);
      else {
        assigned.add(happened.key);
        scopes.at(-1)?.push(happened.key);
      }
    }
    if (exits(instruction, scopes.length - 1)) leave();
    if (nesting(name) === 1) scopes.push([]);
    else if (name === "else") forget(scopes.at(-1)?.splice(0));
    else if (name === "end") {
      if (scopes.length === 1) leave();
      forget(scopes.pop());
    }
  }
  return { unassigned, atExit: atExit ?? new Set() };
}

/** Whether an instruction, `depth` constructs deep, can leave the function: by `return` or by a branch to its label. */
export function exits(instruction: Instruction, depth: number): boolean {
  return instruction[0] === "return" || branchTargets(instruction).some((label) => label >= depth);
}
