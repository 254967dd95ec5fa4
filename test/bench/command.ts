/** The command of a bench, run as one runs it; and its own functions, run without their output being seen. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What `npm run bench -- NAME … --json FILE` came to. */
export interface Outcome<Result> {
  readonly status: number | null;
  /** Why it failed, in as few lines as that takes: a report is long, and the end of it is what gets cut off. */
  readonly why: string;
  readonly report: string;
  readonly results: readonly Result[];
}

export function runBench<Result>(name: string, args: readonly string[]): Outcome<Result> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
  const json = join(folder, "out.json");
  try {
    const all = ["scripts/bench.mjs", name, ...args, "--json", json];
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, all, { encoding: "utf8" });
    const written = existsSync(json) ? (JSON.parse(readFileSync(json, "utf8")) as Written<Result>) : null;
    const complaints = written?.complaints ?? [];
    const how = `it ended with ${signal ?? `exit code ${status}`}: ${stderr}`;
    const why = complaints.length === 0 ? how : complaints.join("\n");
    return { status, why, report: stdout, results: written?.results ?? [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Written<Result> {
  readonly complaints: readonly string[];
  readonly results: readonly Result[];
}

/** Calls `act`, and keeps what it prints on both streams meanwhile. */
export async function quietly<T>(act: () => Promise<T>): Promise<{ answer: T; printed: string; progress: string }> {
  const { log } = console;
  const { write } = process.stderr;
  const lines: string[] = [];
  let progress = "";
  console.log = (text: string) => lines.push(text);
  process.stderr.write = (text: string | Uint8Array) => {
    progress += text;
    return true;
  };
  try {
    return { answer: await act(), printed: lines.join("\n"), progress };
  } finally {
    console.log = log;
    process.stderr.write = write;
  }
}
