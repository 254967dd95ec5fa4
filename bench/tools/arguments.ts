/** Command lines of the benches: options that several share, and how a wrong one ends. */
import { availableParallelism } from "node:os";

/** The arguments are not understood: the message says which, the help follows, the exit code is 2. */
export class UsageError extends Error {}

/** Options of every bench, as `parseArgs` takes them. */
export const COMMON_OPTIONS = {
  help: { type: "boolean", short: "h" },
  samples: { type: "string", default: "7" },
  threads: { type: "string" },
  json: { type: "string" },
} as const;

/** Their part of the help. */
export const COMMON_HELP = `  --samples 7              samples of each figure
  --threads 1,2            numbers of threads (default: 1 and all cores)
  --json FILE              everything that was measured, as JSON`;

/** An integer from 1 to 255. @throws {UsageError} */
export function readCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 255) {
    throw new UsageError(`--${option}: expected an integer from 1 to 255, got "${text}"`);
  }
  return count;
}

/** Ascending, each once; one thread and all cores when nothing is said. @throws {UsageError} */
export function readThreads(text: string | undefined): number[] {
  const texts = text === undefined ? ["1", String(availableParallelism())] : text.split(",");
  return [...new Set(texts.map((item) => readCount("threads", item)))].sort((a, b) => a - b);
}

/** Those of `all` that a list of names asks for, all when nothing is said. @throws {UsageError} */
export function readNames<T extends { readonly name: string }>(
  option: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (text === undefined) return all;
  return text.split(",").map((name) => {
    const found = all.find((each) => each.name === name);
    if (found !== undefined) return found;
    throw new UsageError(`--${option}: expected some of ${all.map((each) => each.name).join(",")}, got "${name}"`);
  });
}

/** A regular expression, whatever the case of letters. @throws {UsageError} */
export function readPattern(option: string, text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch (error) {
    throw new UsageError(`--${option}: ${(error as Error).message}`);
  }
}

/** Runs a bench's main function, which answers whether all is well, and sets the exit code: 0, 1 failed, 2 usage. */
export async function runMain(help: string, main: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    const { code, message, stack } = error as NodeJS.ErrnoException;
    const isUsage = error instanceof UsageError || code?.startsWith("ERR_PARSE_ARGS") === true;
    const text = isUsage ? `heddle: ${message}\n\n${help}` : message.startsWith("heddle:") ? message : stack;
    process.stderr.write(`${text}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}
