/** A small house with our scripts in it, in a temporary folder: for trying the commands on files made for that. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Ending, endingOf } from "../tools/program.js";

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class House {
  readonly root = mkdtempSync(join(tmpdir(), "heddle-house-"));

  constructor() {
    for (const name of ["scripts", "package.json", "package-lock.json", "tsconfig.json", "asconfig.json"]) {
      cpSync(name, join(this.root, name), { recursive: true });
    }
    mkdirSync(join(this.root, "test", "engines"), { recursive: true });
    cpSync("test/engines/package-lock.json", join(this.root, "test/engines/package-lock.json"));
    for (const path of ["node_modules", "test/engines/node_modules"]) {
      symlinkSync(join(process.cwd(), path), join(this.root, path), "junction");
    }
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Runs one of the scripts to its end. */
  run(script: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.mjs`, ...args], {
      cwd: this.root,
      encoding: "utf8",
      env: { ...process.env, CI: "", ...environment },
    });
    return { status, stdout, stderr };
  }

  /** The same without waiting for it, for several at once. */
  start(script: string): Promise<Ending> {
    return endingOf(spawn(process.execPath, [`scripts/${script}.mjs`], { cwd: this.root }), { seconds: 120 });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
