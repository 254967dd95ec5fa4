/**
 * The library with its core as the compiler writes it down, not optimised: every step of the protocol is a call, and asserts are in.
 *
 * Engines end a thread when it enters a function or goes round a loop. In the shipped core most sections are a single stretch of code without either, so
 * that deaths from outside seldom fall into them; here they do.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Library } from "../runtime/library.js";

/** Builds it in a folder of its own. Only the thread that makes the context needs it: the core travels with its shares. */
export async function loadPlainLibrary(): Promise<Library> {
  const folder = resolve("build/test/plain-library");
  mkdirSync(folder, { recursive: true });
  const wasm = join(folder, `core.${process.pid}.wasm`);
  const args = ["scripts/compile-assembly.mjs", "assembly/core.ts", wasm, "debug"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`expected assembly/core.ts to compile, got:\n${stderr}`);
  const outfile = join(folder, `node.${process.pid}.js`);
  await build({
    entryPoints: ["ts/index.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    packages: "external",
    loader: { ".wasm": "binary" },
    charset: "utf8",
    logLevel: "silent",
    plugins: [
      { name: "core", setup: ({ onResolve }) => onResolve({ filter: /\/core\.wasm$/ }, () => ({ path: wasm })) },
    ],
  });
  for (const name of ["supervisor.node.cjs", "worker.node.cjs"]) copyFileSync(join("build", name), join(folder, name));
  return import(pathToFileURL(outfile).href) as Promise<Library>;
}
