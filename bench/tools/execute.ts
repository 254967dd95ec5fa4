/** A program run to its end. */
import { type ExecFileException, execFile } from "node:child_process";

export interface ExecuteOptions {
  /** It is killed when it takes longer. Default: no limit. */
  readonly timeoutMs?: number;
  /** Variables of its environment besides ours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What it printed on standard output. @throws with how it ended and what it complained about, when it cannot be run, fails or is killed */
export function execute(command: string, args: readonly string[], options: ExecuteOptions = {}): Promise<string> {
  const { timeoutMs = 0, env = {} } = options;
  const settings = { timeout: timeoutMs, killSignal: "SIGKILL", env: { ...process.env, ...env } } as const;
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { encoding: "utf8", ...settings }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error([howItEnded(error, timeoutMs), stderr.trim()].filter((part) => part !== "").join(": ")));
    });
  });
}

function howItEnded({ killed, signal, code, message }: ExecFileException, timeoutMs: number): string {
  // A name: it could not be started, or it printed more than we hold.
  if (typeof code === "string") return message;
  if (killed === true) return `it did not end within ${timeoutMs / 1000} s`;
  return `it ended with ${signal ?? `exit code ${code}`}`;
}
