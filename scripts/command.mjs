/**
 * What the commands of this folder share: how they speak, end, and run other scripts.
 */
import { spawn } from "node:child_process";
import { ROOT } from "./products.mjs";

/** Prints on standard error: standard output belongs to the command. */
export function note(text) {
  process.stderr.write(`${text}\n`);
}

export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Runs a command's main function: an error that has an explanation prints it, without a stack. */
export async function runCommand(main) {
  try {
    await main();
  } catch (error) {
    note(error.message.startsWith("heddle:") ? error.message : error.stack);
    process.exitCode = 1;
  }
}

/** Runs a script with this Node, from the root. Resolves when it has ended, however it did. */
export function runScript(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
