/** A program run to its end. */
import { execFile } from "node:child_process";

/** What it printed on standard output. @throws with what it complained about, when it cannot be run or fails */
export function execute(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr.trim() === "" ? error.message : stderr.trim()));
    });
  });
}
