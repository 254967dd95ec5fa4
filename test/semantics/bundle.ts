/** Bundles of the files that run in workers and on pages: each stands alone, the library is found at run time. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

type Entry = "worker.node" | "worker.browser" | "page.browser";

/** The text of one file. */
export async function bundle(entry: Entry): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`test/semantics/${entry}.ts`],
    bundle: true,
    write: false,
    platform: entry === "worker.node" ? "node" : "browser",
    format: "esm",
    target: "es2022",
    charset: "utf8",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

/** The worker's script for Node: its address, and what removes it. */
export async function nodeWorker(): Promise<{ readonly url: URL; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-semantics-"));
  const file = join(folder, "worker.mjs");
  writeFileSync(file, await bundle("worker.node"));
  return { url: pathToFileURL(file), remove: () => rmSync(folder, { recursive: true }) };
}
