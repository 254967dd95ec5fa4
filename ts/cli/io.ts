/** Width of what is printed where no terminal says how wide it is. */
const COLUMNS_DEFAULT = 80;

/** Width of standard output. */
export function columnsOf(io: InputOutput): number {
  return io.outColumns() ?? COLUMNS_DEFAULT;
}

/**
 * The world as the command sees it. The process is one (main.ts); a test makes its own.
 */
export interface InputOutput {
  /** Standard output: results alone. */
  out(text: string): void;
  /** Standard error: messages and the progress bar. */
  err(text: string): void;
  /** Columns of the terminal behind standard output; undefined when it is no terminal. */
  readonly outColumns: () => number | undefined;
  /** The same of standard error. */
  readonly errColumns: () => number | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Rejects with a system error when the file cannot be written later on. Changes nothing. */
  checkWritable(file: string): Promise<void>;
  writeFile(file: string, text: string): Promise<void>;
}
