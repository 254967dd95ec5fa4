/**
 * Renumbering: an instruction of one module as it stands in another.
 *
 * Role: any thread.
 *
 * Which immediates are indices, and of what, is said by the opcode table alone.
 */
import type { Immediate, Instruction } from "./module.js";
import { opcodeByName } from "./opcodes.js";

/** Where the indices of each space go. Labels are relative and stay. */
export interface Relocation {
  readonly function: (index: number) => number;
  readonly type: (index: number) => number;
  readonly global: (index: number) => number;
  readonly local: (index: number) => number;
}

export function relocate(instruction: Instruction, to: Relocation): Instruction {
  const [name, ...immediates] = instruction;
  const kinds = opcodeByName(name)?.immediates;
  if (kinds === undefined || immediates.length === 0) return instruction;
  const moved = kinds.map((kind, index): Immediate => {
    const value = immediates[index] as Immediate;
    if (typeof value !== "number") return value;
    if (kind === "function" || kind === "type" || kind === "global" || kind === "local") return to[kind](value);
    return kind === "block type" ? to.type(value) : value;
  });
  // `zero` stands for no immediate; it comes after all others in every row.
  return [name, ...moved.slice(0, immediates.length)];
}
