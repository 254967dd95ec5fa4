/**
 * Exit codes, and errors as the terminal shows them.
 *
 *   0    the integral was computed
 *   1    it could not be: no worker, no memory, a file that cannot be written, a bug
 *   2    what was typed is wrong: an option, an expression, a bound
 *   3    the integral has no finite value, or is not as good as the tolerance; the result is printed all the same
 *   130  stopped by Ctrl-C, 143 by a request to terminate: 128 + the signal's number, as shells count
 */
import { CommanderError } from "commander";
import { ArgumentError, ExpressionError, HeddleError } from "../errors.js";
import { unshield } from "./shield.js";

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_NO_SUCCESS = 3;

/** Why a run was aborted: a signal by its name. `signal.reason` of the run. */
export class Interruption extends Error {
  constructor(
    readonly signalName: "SIGINT" | "SIGTERM",
    readonly exitCode: number,
  ) {
    super(`stopped by ${signalName}`);
  }
}

/** A failure that is nobody's bug and no wrong argument, such as a full disk. */
export class Failure extends Error {}

/**
 * @returns the exit code that belongs to an error, and what to print on standard error; an empty text prints nothing
 */
export function explain(error: unknown): { code: number; text: string } {
  if (error instanceof Interruption) return { code: error.exitCode, text: "" };
  if (error instanceof CommanderError) return explainCommander(error);
  if (error instanceof HeddleError || error instanceof Failure) {
    const isUsage = error instanceof ArgumentError || error instanceof ExpressionError;
    return { code: isUsage ? EXIT_USAGE : EXIT_FAILED, text: `heddle: ${inTerminalWords(error.message)}\n` };
  }
  // Not foreseen: the stack is what a report of the bug needs.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT_FAILED, text: `heddle: expected no such error; please report it: ${text}\n` };
}

function explainCommander({ code, exitCode, message }: CommanderError): { code: number; text: string } {
  // Help and version are "errors" of commander's with exit code 0; they are printed already.
  if (exitCode === 0) return { code: EXIT_DONE, text: "" };
  const [reason = "", ...rest] = unshield(message)
    .replace(/^error: /, "")
    .split("\n");
  const proposal = /Did you mean (.+)\?/.exec(rest.join(" "))?.[1];
  const isOption = code === "commander.unknownOption";
  const name = /'(.*)'/.exec(reason)?.[1] ?? "";
  let remedy = `see heddle ${code === "commander.unknownCommand" ? "" : "integrate "}--help`;
  if (proposal !== undefined) remedy = `did you mean ${proposal}?`;
  else if (isOption && /[()^*/]|^--[\dx.]/.test(name))
    remedy = "an expression that begins with two dashes stands after a -- of its own";
  else if (code === "commander.excessArguments") remedy = "an expression with spaces, * or parentheses needs quotes";
  return { code: EXIT_USAGE, text: `heddle: ${reason.replace(/\.$/, "")}; ${remedy}\n` };
}

/** Options of the library, and what one types for them. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ["relativeTolerance", "--tolerance"],
  ["absoluteTolerance", "--absolute-tolerance"],
  ["maximumEvaluations", "--max-evaluations"],
  ["maximumTime", "--max-time"],
  ["breakPoints", "--break"],
  ["principalValue", "--pv"],
  ...["effort", "rule", "scale", "center", "seed", "points", "threads"].map((name): [string, string] => [
    name,
    `--${name}`,
  ]),
]);

/** The library proposes what to write in a program; here one types. */
function inTerminalWords(message: string): string {
  const end = message.indexOf("\n");
  const reason = end < 0 ? message : message.slice(0, end);
  const spoken = reason
    .replace(/`parameters: \{ ([^`]*?): … \}`/, "`--param $1=…`")
    .replace(/make a context .*$/, "--max-evaluations is what takes room: fewer of them need less")
    .replace(/`(\w+)(\[\d+\])?`/, (all, name: string) => FLAGS.get(name) ?? all);
  return spoken + (end < 0 ? "" : message.slice(end));
}
