/** Programs of their own: for what happens when one ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { watchdog } from "./watchdog.js";

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface EndingOptions {
  /** After which the process is killed, and the tests end. Default 30. */
  readonly seconds?: number;
  /** Called with all that it has written so far, each time that it writes. */
  readonly onWritten?: (written: string) => void;
}

/** What a process has written, and how it ended, when it has. */
export async function endingOf(child: ChildProcess, options: EndingOptions = {}): Promise<Ending> {
  const { seconds = 30, onWritten } = options;
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    onWritten?.(stdout + stderr);
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    onWritten?.(stdout + stderr);
  });
  const dog = watchdog(seconds, () => {
    child.kill("SIGKILL");
    return `a child did not end: ${child.spawnargs.join(" ")}\nstdout: ${stdout}\nstderr: ${stderr}`;
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...ending) => resolve(ending));
  }).finally(() => dog.clear());
  return { code, signal, stdout, stderr };
}

export interface ProgramOptions extends EndingOptions {
  /** Default this one. */
  readonly node?: string;
  readonly flags?: readonly string[];
}

/** Runs a module of this text, until its process has ended by itself. */
export function runProgram(source: string, options: ProgramOptions = {}): Promise<Ending> {
  const { node = process.execPath, flags = [], ...rest } = options;
  const child = spawn(node, [...flags, "--input-type=module", "-"], { stdio: "pipe" });
  child.stdin.end(source);
  return endingOf(child, rest);
}
