/**
 * Renumbering: an instruction of one module as it stands in another.
 *
 * Role: any thread.
 *
 * Which immediates are indices, and of what, is said by the opcode table alone. Those that move stand first in every row:
 * test/wasm/relocate.test.ts holds that.
 */
import type { Immediate, Instruction } from "./module.js";
import { OPCODES } from "./opcodes.js";

/** Where the indices of each space go. Labels are relative and stay. */
export interface Relocation {
  readonly function: (index: number) => number;
  readonly type: (index: number) => number;
  readonly global: (index: number) => number;
  readonly local: (index: number) => number;
}

/** The space of what an instruction names first, where that space is renumbered. */
const SPACES: ReadonlyMap<string, keyof Relocation> = new Map(
  OPCODES.flatMap(({ name, immediates: [first] }) => {
    if (first === "function" || first === "type" || first === "global" || first === "local") return [[name, first]];
    return first === "block type" ? [[name, "type"]] : [];
  }),
);

export function relocate(instruction: Instruction, to: Relocation): Instruction {
  const space = SPACES.get(instruction[0]);
  const index = instruction[1];
  // A block type may be a word.
  if (space === undefined || typeof index !== "number") return instruction;
  const moved = to[space](index);
  if (moved === index) return instruction;
  if (instruction.length === 2) return [instruction[0], moved];
  return [instruction[0], moved, ...(instruction.slice(2) as Immediate[])];
}
