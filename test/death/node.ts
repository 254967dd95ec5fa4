/** Threads of Node for these tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type TransferListItem, Worker } from "node:worker_threads";
import { build } from "esbuild";
import { LIBRARY_URL } from "../runtime/library.js";
import type { Body, Engine } from "./crew.js";

/** The text of a file that stands alone. */
export async function bundle(entry: string, platform: "node" | "browser"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

export async function nodeEngine(): Promise<{ readonly engine: Engine; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-death-"));
  const file = join(folder, "worker.mjs");
  writeFileSync(file, await bundle("test/death/worker.node.ts", "node"));
  const url = pathToFileURL(file);
  return {
    engine: { library: LIBRARY_URL, endings: ["exit", "throw", "inside"], spawn: () => bodyOf(new Worker(url)) },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function bodyOf(worker: Worker): Body {
  return {
    post: (order, transfer) => worker.postMessage(order, transfer as readonly unknown[] as TransferListItem[]),
    listen(onMessage, onError, onExit) {
      worker.on("message", onMessage);
      worker.on("error", (error) => onError(error instanceof Error ? error : new Error(String(error))));
      worker.on("exit", onExit);
    },
    terminate: () => void worker.terminate(),
  };
}
