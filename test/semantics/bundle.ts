/** Bundles of the files that run in workers and on pages: each stands alone, the library is found at run time. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

type Entry = "worker.node" | "worker.browser" | "page.browser" | "targets" | "thread";

/** The text of one file. @param library where it finds the library, if it cannot be told later */
export async function bundle(entry: Entry, library = ""): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`test/semantics/${entry}.ts`],
    bundle: true,
    write: false,
    platform: entry === "worker.node" ? "node" : "browser",
    define: { LIBRARY: JSON.stringify(library) },
    external: library === "" ? [] : [library],
    format: "esm",
    target: "es2022",
    charset: "utf8",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

/** The scripts for Node: their addresses, and what removes them. */
export async function nodeScripts(
  library: string,
): Promise<{ readonly worker: URL; readonly targets: URL; readonly thread: URL; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-semantics-"));
  const write = (name: string, text: string): URL => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return pathToFileURL(file);
  };
  return {
    worker: write("worker.mjs", await bundle("worker.node")),
    targets: write("targets.mjs", await bundle("targets", library)),
    thread: write("thread.mjs", await bundle("thread")),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
