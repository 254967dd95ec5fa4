/** A module with nothing in it: tests add what they are about. */
import type { Module } from "../../ts/wasm/module.js";

export const EMPTY: Module = {
  types: [],
  imports: [],
  functions: [],
  tables: [],
  memories: [],
  globals: [],
  exports: [],
  elements: [],
  data: [],
};
