/**
 * The blocks of an arena as JavaScript sees them: an oracle that shares no code with assembly/memory, only the drawing
 * in arena-records.ts.
 */

export interface BlockView {
  /** Of the payload. */
  readonly address: number;
  /** Bytes, head included. */
  readonly bytes: number;
  readonly isFree: boolean;
  readonly owner: number;
}

export const ARENA_BYTES = 3296;
export const HEAD_BYTES = 16;

/** Byte offsets in the record of the arena, and in the head of a block. */
export const ARENA = {
  magic: 0,
  lock: 4,
  first: 8,
  last: 12,
  used: 16,
  peak: 20,
  usedBlocks: 24,
  freeBlocks: 28,
  rows: 32,
};
export const BLOCK = { size: 0, previous: 4, owner: 8, seal: 12, nextFree: 16, previousFree: 20 };

/** Combined with its address: the seal of a free block. */
export const FREE_SEAL = 0x62c51a8e;

/**
 * Follows the `size` words from the first block to the sentinel.
 *
 * @throws Error when they do not lead there
 */
export function chain(memory: WebAssembly.Memory, base: number): BlockView[] {
  const view = new DataView(memory.buffer);
  const last = view.getUint32(base + ARENA.last, true);
  const blocks: BlockView[] = [];
  let at = view.getUint32(base + ARENA.first, true);
  while (at !== last) {
    const size = view.getUint32(at + BLOCK.size, true);
    const bytes = size & ~1;
    if (bytes < 32 || bytes % 16 !== 0 || at + bytes > last) {
      throw new Error(`expected sizes that lead to the sentinel at ${last}, got ${size} at ${at}`);
    }
    blocks.push({
      address: at + HEAD_BYTES,
      bytes,
      isFree: (size & 1) === 1,
      owner: view.getInt32(at + BLOCK.owner, true),
    });
    at += bytes;
  }
  return blocks;
}
