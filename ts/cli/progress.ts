/**
 * The bar on the terminal: how much is done, how fast, how long it will take.
 *
 *   ██████████████▌               52 %   2.4e9/s   3 s left
 *
 * One line, written over itself by a carriage return and wiped out at the end. The cursor is never hidden, so there is nothing to bring
 * back when the program is stopped.
 */
import type { Progress, ToleranceProgress } from "../types.js";
import { bar, longDuration, rough, sixDecimals } from "./format.js";

/** Columns for the bar at most; more says no more. */
const BAR_COLUMNS = 40;
/** Columns where nobody says how wide the terminal is. */
const COLUMNS_DEFAULT = 80;
/** What Ctrl-C leaves behind the line: the terminal echoes it as ^C. */
const ECHO_COLUMNS = 2;
/** A run that is over by then shows no bar: it would only flicker. Milliseconds. */
const PATIENCE = 200;

/**
 * The line for one moment. In the last column some terminals wrap, and the echo of Ctrl-C must not wrap either: at most `columns` - 3 wide.
 *
 * @param elapsed milliseconds since the work began
 */
export function progressLine({ fraction, evaluationsPerSecond }: Progress, elapsed: number, columns: number): string {
  const left = fraction > 0 ? (elapsed / fraction) * (1 - fraction) : Number.NaN;
  const percent = `${String(Math.floor(100 * fraction)).padStart(3)} %`;
  const parts = [percent, `${rough(evaluationsPerSecond)}/s`, Number.isNaN(left) ? "" : `${longDuration(left)} left`];
  const text = parts.filter((part) => part !== "").join("   ");
  const room = Math.max(0, columns - 1 - ECHO_COLUMNS);
  const barColumns = Math.min(BAR_COLUMNS, room - text.length - 1);
  if (barColumns < 4) return text.slice(0, room);
  return `${bar(fraction, barColumns).padEnd(barColumns)} ${text}`;
}

/**
 * The line for a moment of an integral to a tolerance, which cannot know how much is left:
 *
 *   round 12   1.772453   error 2.3e-8   4.5e5 evaluations
 */
export function toleranceLine({ value, error, evaluations, rounds }: ToleranceProgress, columns: number): string {
  const text = `round ${rounds}   ${sixDecimals(value)}   error ${rough(error)}   ${rough(evaluations, 3)} evaluations`;
  return text.slice(0, Math.max(0, columns - 1 - ECHO_COLUMNS));
}

/** What a bar needs of the world. */
export interface BarOptions {
  /** `--progress`: true, false, or undefined for "on a terminal". */
  readonly wanted: boolean | undefined;
  readonly write: (text: string) => void;
  /** Columns of the terminal, undefined when there is none. Asked for each line: windows change. */
  readonly columns: () => number | undefined;
  readonly now: () => number;
}

export class ProgressBar {
  private readonly begun: number;
  private readonly isShown: boolean;
  private shownColumns = 0;

  constructor(private readonly options: BarOptions) {
    this.begun = options.now();
    this.isShown = options.wanted ?? options.columns() !== undefined;
  }

  /** Shows one moment. */
  show(progress: Progress): void {
    this.showLine((elapsed, columns) => progressLine(progress, elapsed, columns));
  }

  /** Shows a line that `make` makes of the milliseconds since the beginning and of the columns of the terminal. */
  showLine(make: (elapsed: number, columns: number) => string): void {
    if (!this.isShown) return;
    const elapsed = this.options.now() - this.begun;
    if (this.options.wanted === undefined && elapsed < PATIENCE) return;
    const line = make(elapsed, this.options.columns() ?? COLUMNS_DEFAULT);
    this.options.write(`\r${line.padEnd(this.shownColumns)}`);
    this.shownColumns = line.length;
  }

  /** Leaves the line as empty as it was. Calling it again does nothing. */
  erase(): void {
    if (this.shownColumns > 0) this.options.write(`\r${" ".repeat(this.shownColumns + ECHO_COLUMNS)}\r`);
    this.shownColumns = 0;
  }
}
