/**
 * Modules that map arrays in a memory of their own: points are copied in, values out, as many at a time as the driver has.
 *
 * Room for them is asked for once, of the module's `malloc`, or, if it has none, of its memory, which grows.
 *
 * Role: any thread that computes.
 */
import { WasmError } from "../../errors.js";

/** Points at a time, at most (assembly/quad/drivers/batch.ts). */
export const BATCH = 1024;

const POINT_BYTES = Float64Array.BYTES_PER_ELEMENT;
const ROOM = 2 * BATCH * POINT_BYTES;
const ALIGNMENT = 16;
const PAGE_BYTES = 65536;

type Map = (source: number, destination: number, count: number) => void;

/** @param name of the memory's export. @throws {WasmError} it has no room for the points */
export function ownMap(exports: WebAssembly.Exports, map: Map, name: string, shared: WebAssembly.Memory): Map {
  const memory = exports[name] as WebAssembly.Memory;
  const ours = new Float64Array(shared.buffer);
  const source = allocate(exports, memory);
  const destination = source + BATCH * POINT_BYTES;
  let theirs = new Float64Array(memory.buffer, source, 2 * BATCH);
  /** A memory that has grown has another buffer, and a view of the old one is empty. */
  const look = (): Float64Array => {
    if (theirs.buffer !== memory.buffer) theirs = new Float64Array(memory.buffer, source, 2 * BATCH);
    return theirs;
  };
  return (from, to, count) => {
    const at = (from >>> 0) / POINT_BYTES;
    look().set(ours.subarray(at, at + count));
    map(source, destination, count);
    ours.set(look().subarray(BATCH, BATCH + count), (to >>> 0) / POINT_BYTES);
  };
}

function allocate({ malloc }: WebAssembly.Exports, memory: WebAssembly.Memory): number {
  if (typeof malloc === "function") {
    const block = Number(malloc(ROOM + ALIGNMENT)) >>> 0;
    if (block !== 0 && block + ROOM + ALIGNMENT <= memory.buffer.byteLength) return align(block);
    throw new WasmError(`expected ${ROOM + ALIGNMENT} bytes from the module's \`malloc\`, got address ${block}`);
  }
  try {
    return memory.grow(1) * PAGE_BYTES;
  } catch (cause) {
    throw new WasmError(
      `expected a memory that can grow by ${ROOM} bytes, for points and values, the module's cannot; give it a larger maximum, or export \`malloc\``,
      { cause },
    );
  }
}

function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
