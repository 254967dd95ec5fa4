/**
 * The bench's end of the line protocol: a contender is a child process that answers one line with one line.
 * serve.ts has the protocol.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Answer } from "./serve.js";

/** No sample takes a second; a contender that is silent this long never answers. */
const SILENCE_MS = 60_000;

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

export class ContenderProcess {
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  private waiting: Waiting | null = null;
  private complaint = "";

  private constructor(
    private readonly name: string,
    command: string,
    args: readonly string[],
  ) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.complaint += text;
    });
    // A child that died cannot read any more; its "close" says all that there is to say.
    this.child.stdin?.on("error", () => {});
    if (this.child.stdout !== null) {
      createInterface({ input: this.child.stdout }).on("line", (line) =>
        this.settle((waiting) => waiting.resolve(line)),
      );
    }
    this.child.on("error", (error) => this.fail(error.message));
    this.gone = new Promise((resolve) => {
      this.child.on("close", (code, signal) => {
        this.fail(
          `it ended with ${signal ?? `exit code ${code}`}${this.complaint === "" ? "" : `:\n${this.complaint.trimEnd()}`}`,
        );
        resolve();
      });
    });
  }

  /**
   * Starts a contender.
   *
   * @returns the contender, and the line with which it greets
   * @throws when it cannot be started, or ends before it has greeted; the message holds what it complained about
   */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
  ): Promise<{ contender: ContenderProcess; greeting: string }> {
    const contender = new ContenderProcess(name, command, args);
    return { contender, greeting: await contender.nextLine() };
  }

  /** One sample. @throws when the contender dies, stays silent for a minute, or answers with something else */
  async time(problem: string, points: number, threads: number): Promise<Answer> {
    const answer = this.nextLine();
    this.child.stdin?.write(`${problem} ${points} ${threads}\n`);
    const line = await answer;
    const [seconds, value, evaluations, ...rest] = line.split(" ").map(Number);
    if (seconds === undefined || value === undefined || !(seconds >= 0) || rest.length > 0) {
      throw new Error(`heddle: expected "seconds value" from ${this.name}, got "${line}"`);
    }
    return evaluations === undefined ? { seconds, value } : { seconds, value, evaluations };
  }

  /** Ends its input, and waits until it is gone; it is killed if it stays. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
    await this.gone;
    clearTimeout(timer);
  }

  private nextLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.child.exitCode !== null) {
        reject(new Error(`heddle: ${this.name} is gone`));
        return;
      }
      const timer = setTimeout(() => {
        this.fail(`it did not answer for ${SILENCE_MS / 1000} s`);
        this.child.kill("SIGKILL");
      }, SILENCE_MS);
      this.waiting = {
        resolve: (line) => {
          clearTimeout(timer);
          resolve(line);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
    });
  }

  private fail(why: string): void {
    this.settle((waiting) => waiting.reject(new Error(`heddle: ${this.name}: ${why}`)));
  }

  private settle(act: (waiting: Waiting) => void): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting !== null) act(waiting);
  }
}
