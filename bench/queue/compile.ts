/** Compiling the contenders that need it, into build/bench/queue/. */
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../tools/execute.js";
import { BUILD } from "../tools/programs.js";

export const SOURCES = join("bench", "queue");
const OUTPUT = join(BUILD, "queue");

/** Where the compiled form of that name lies. */
export function outputOf(name: string): string {
  return join(OUTPUT, name);
}

/** Under another name until it is whole: a bench that runs beside this one never starts half a file. */
async function make(name: string, compile: (output: string) => Promise<unknown>): Promise<string> {
  const output = outputOf(name);
  const scratch = `${output}.${process.pid}`;
  await mkdir(OUTPUT, { recursive: true });
  await compile(scratch);
  await rename(scratch, output);
  return output;
}

const modules = new Map<string, Promise<string>>();

/** Compiles bench/queue/assembly/MODULE.ts to MODULE.wasm, once for all contenders that ask for it. */
export function compileAssembly(module: string): Promise<string> {
  const source = join(SOURCES, "assembly", `${module}.ts`);
  const compiling =
    modules.get(module) ??
    make(`${module}.wasm`, (output) =>
      execute(process.execPath, ["scripts/compile-assembly.mjs", source, output, "release"]),
    );
  modules.set(module, compiling);
  return compiling;
}

/** @throws with the reason, and how to install what is missing */
export function compileGo(name: string, source: string): Promise<string> {
  return make(name, (output) =>
    execute("go", ["build", "-o", output, join(SOURCES, source)], { env: { GO111MODULE: "off" } }).catch(
      (error: Error) => {
        throw new Error(`go cannot build it: ${firstLine(error.message)} (Debian: apt-get install golang)`);
      },
    ),
  );
}

/**
 * @param flags @param libraries of g++, before and behind the source
 * @param packages Debian's, that have what it needs
 * @throws with the reason, and how to install what is missing
 */
export function compileCpp(
  name: string,
  parts: { source: string; flags?: readonly string[]; libraries?: readonly string[]; packages: string },
): Promise<string> {
  const { source, flags = [], libraries = [], packages } = parts;
  return make(name, (output) => {
    const args = ["-O3", "-std=c++17", "-pthread", ...flags, join(SOURCES, source), "-o", output, ...libraries];
    return execute("g++", args).catch((error: Error) => {
      throw new Error(`g++ cannot compile it: ${firstLine(error.message)} (Debian: apt-get install ${packages})`);
    });
  });
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
