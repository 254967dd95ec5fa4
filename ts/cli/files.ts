/** Files that are written, and what is said when they cannot be. */
import { dirname } from "node:path";
import { Failure } from "./failures.js";
import type { InputOutput } from "./io.js";

/** Before the work, not after an hour of it. */
export async function assertWritable(io: InputOutput, file: string): Promise<void> {
  await io.checkWritable(file).catch((error: unknown) => refuseFile(file, error));
}

export async function save(io: InputOutput, file: string, text: string): Promise<void> {
  await io.writeFile(file, text).catch((error: unknown) => refuseFile(file, error));
}

function refuseFile(file: string, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `there is no folder ${dirname(file)}`,
    ENOTDIR: `${dirname(file)} is no folder`,
    EISDIR: "it is a folder",
    EACCES: "permission denied",
    EROFS: "the disk cannot be written to",
    ENOSPC: "the disk is full",
  };
  throw new Failure(`expected a file that can be written, but ${file} cannot: ${reasons[code ?? ""] ?? message}`);
}
