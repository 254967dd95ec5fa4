#!/usr/bin/env node
/**
 * The `heddle` command: the process around run.ts.
 *
 * Ctrl-C aborts the run, which leaves the terminal as it was, and the process ends with 130; a second one, should the first not have
 * been enough, is not caught and ends it at once. A reader that closes our output early (`| head`) is no error.
 */
import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { evaluate, info, integrate, integrateMany, start } from "../index.js";
import { EXIT_FAILED, Interruption } from "./failures.js";
import type { InputOutput } from "./io.js";
import { run } from "./run.js";

const interruption = new AbortController();
for (const [name, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(name, () => interruption.abort(new Interruption(name, code)));
}

let outputIsLost = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  outputIsLost = true;
  process.stderr.write(`heddle: standard output cannot be written: ${error.message}\n`);
});
// Nobody is left to tell.
process.stderr.on("error", () => {});

const io: InputOutput = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  outColumns: () => columnsOf(process.stdout),
  errColumns: () => columnsOf(process.stderr),
  signal: interruption.signal,
  checkWritable,
  writeFile: (file, text) => writeFile(file, text),
};

const code = await run(process.argv.slice(2), io, {
  evaluate,
  info,
  integrate,
  many: integrateMany,
  several: integrate,
  toTolerance: integrate,
  start,
});
// A pipe may still hold what was written. Then exit, without waiting for workers to notice that nobody needs them.
await Promise.all([flush(process.stdout), flush(process.stderr)]);
process.exit(outputIsLost ? EXIT_FAILED : code);

function columnsOf(stream: NodeJS.WriteStream): number | undefined {
  // A terminal that does not know its width says 0.
  return stream.isTTY ? stream.columns || 80 : undefined;
}

async function checkWritable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  const folder = dirname(file);
  // The trailing dot makes a file in the place of a folder an error.
  await access(found === undefined ? `${folder}/.` : file, constants.W_OK);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}
