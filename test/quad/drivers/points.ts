/** Kernels of several variables in the driver of points: memory, records and modules of the test's own. */
import { readFileSync } from "node:fs";
import { Library } from "../../../ts/expr/library.js";
import { decode } from "../../../ts/wasm/decode.js";
import type { Module } from "../../../ts/wasm/module.js";
import { splice } from "../../../ts/wasm/splice.js";

const providerBytes = readFileSync("build/math.wasm");
const template = decode(readFileSync("build/drivers.wasm"));
export const library = new Library(() => decode(providerBytes));
export const provider = new WebAssembly.Instance(new WebAssembly.Module(providerBytes)).exports;

const TABLES = 65536;
const PARAMETERS = 64;
const RUN = 1024;
const POINTS = 4096;

/** f at points: rows of coordinates -> rows of values. */
export type Points = (parameters: readonly number[], rows: readonly (readonly number[])[]) => number[][];

/**
 * The driver with a kernel in it.
 *
 * @param components values of a point
 */
export function pointsOf(kernel: Module, components: number): Points {
  const bytes = splice(template, kernel, { kind: "point", drivers: ["points"] });
  return pointsOfModule(new WebAssembly.Module(bytes), components);
}

/** The same of a module that has the driver. */
export function pointsOfModule(module: WebAssembly.Module, components: number): Points {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true });
  new Uint8Array(memory.buffer).set(library.image(), TABLES);
  const instance = new WebAssembly.Instance(module, { env: { memory, tables: TABLES }, math: provider });
  const { points } = instance.exports as unknown as { points(list: number, count: number): void };
  return (parameters, rows) => {
    const coordinates = rows[0]!.length;
    const doubles = new Float64Array(memory.buffer);
    const at = (pair: number, width: number, k: number, lane: number): number => 2 * (pair * width + k) + lane;
    const values = POINTS + 8 * coordinates * (rows.length + 1);
    if (values + 8 * components * (rows.length + 1) > TABLES) throw new Error("expected fewer points");
    doubles.set(parameters, PARAMETERS / 8);
    const even = rows.length % 2 === 0 ? rows : [...rows, rows[0]!];
    for (const [i, row] of even.entries()) {
      for (const [k, x] of row.entries()) doubles[POINTS / 8 + at(i >> 1, coordinates, k, i & 1)] = x;
    }
    new Int32Array(memory.buffer, RUN).set([PARAMETERS, POINTS, values, even.length, coordinates, components]);
    points(RUN, 1);
    return rows.map((_, i) =>
      Array.from({ length: components }, (_, c) => doubles[values / 8 + at(i >> 1, components, c, i & 1)]!),
    );
  };
}
