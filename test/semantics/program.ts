/** Programs of their own, in Node: for what happens when one ends. */
import { spawn } from "node:child_process";
import { LIBRARY_URL } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a module of this text, which finds the library as `heddle`, until its process has ended. */
export async function run(text: string): Promise<Ending> {
  const source = `
    import * as heddle from ${JSON.stringify(LIBRARY_URL)};
    const LIBRARY = ${JSON.stringify(LIBRARY_URL)};
    const print = (text) => console.log(String(text));
    ${text}`;
  const child = spawn(process.execPath, ["--input-type=module", "-"], { stdio: "pipe" });
  child.stdin.end(source);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    stderr += chunk;
  });
  const dog = watchdog(30, () => {
    child.kill("SIGKILL");
    return `a child did not end: ${text}\nstdout: ${stdout}\nstderr: ${stderr}`;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  dog.clear();
  return { code, stdout, stderr };
}
